"""The studies, one module per family of cases; each has STUDIES. They stand in the order of the scorecard."""

from benchmarks.validation.families import (
    balances,
    cavities,
    channels,
    convection,
    cubes,
    decay,
    doorways,
    fires,
    halls,
    jets,
    layers,
    mockup,
    orders,
    plumes,
    radiation,
    resistances,
    rooms,
    separation,
    stacks,
    steps,
    turbulent_channel,
    walls,
)

FAMILIES = (
    orders, decay, balances, walls, radiation, resistances, stacks, cavities, convection, channels, layers, steps,
    cubes, turbulent_channel, separation, jets, plumes, doorways, fires, rooms,
    mockup, halls,
)  # fmt: skip
