"""The studies, one module per family of cases; each has STUDIES. Their order is that of the scorecard."""

from benchmarks.validation.families import balances, cavities, resistances, stacks, walls

FAMILIES = (balances, walls, resistances, stacks, cavities)
