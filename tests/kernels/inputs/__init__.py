"""Inputs for the agreement test: `INPUTS[name]` lists the functions that make arguments of a kernel.

A function decorated with `@inputs("name", ...)` takes `(rng, extent, real)` and returns the arguments of the kernel by
name. Outputs whose shape the table knows may be left out; the test makes them and poisons every pure output. The key
`launch_extent` replaces the extent of the launch, for kernels that do not run on the whole grid. A function serves all
switches of its kernels.
"""

from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np

from kernels import Extent

MakeInputs = Callable[[np.random.Generator, Extent, np.dtype], dict[str, Any]]
INPUTS: dict[str, list[MakeInputs]] = defaultdict(list)


def inputs(*names: str) -> Callable[[MakeInputs], MakeInputs]:
    """Register a function that makes inputs for the kernels `names`."""

    def register(function: MakeInputs) -> MakeInputs:
        for name in names:
            INPUTS[name].append(function)
        return function

    return register


for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
