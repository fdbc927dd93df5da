"""Binding kernels to a part: what every kernel takes from the part and the solver is filled in by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernels import Backend, Node
from kernels.table import TABLE
from thermo.flow.part import Part


class Binder:
    """Binds kernels for one solver."""

    def __init__(self, backend: Backend, scalars: Any) -> None:
        self.backend = backend
        self.scalars = scalars

    def __call__(self, name: str, part: Part, switches: Mapping[str, int] | None = None, **arguments: Any) -> Node:
        """A node of kernel `name` on a part; metrics, scalars and any switch left out (0) are filled in.

        A switch that the kernel has with one value only does not concern it: what is given for it is ignored.
        """
        kernel = TABLE[name]
        known = part.metrics | {"scalars": self.scalars}
        wanted = {argument.name for argument in kernel.arguments}
        filled = {key: value for key, value in known.items() if key in wanted}
        given = switches or {}
        chosen = {
            switch: given.get(switch, values[0]) if len(values) > 1 else values[0]
            for switch, values in kernel.switches.items()
        }
        return self.backend.bind(name, part.extent, chosen, **(filled | arguments))
