"""Sources given by Python functions of place and time, evaluated at every step on the host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kernels import GHOST, Backend, Node
from kernels.flags import Flag
from thermo.flow.binding import Binder
from thermo.flow.fluids import RegionFluids
from thermo.flow.part import FLUXES, OPEN, VELOCITIES, Part
from thermo.flow.points import evaluate
from thermo.flow.regions import SealedRegions
from thermo.mesh.mesh import Mesh

FIELDS = ("temperature", *VELOCITIES)  # W/m3 on cell centres; N/m3 on the faces of each component
INTERIOR = (slice(GHOST, -GHOST),) * 3


class FunctionSources:
    """Heat on the air and force on the open faces.

    heat: W, all that was given to the air at the last evaluation. expansion_rate:
    largest at which that expands air at rest, 1/s.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, fluids: RegionFluids, parts: Sequence[Part], sealed: SealedRegions,
        bind: Binder,
    ) -> None:  # fmt: skip
        self.backend, self.parts, self.sealed, self.bind = backend, parts, sealed, bind
        self.low_mach = {"LOW_MACH": int(fluids.setup.density_varies)}
        # the kernel divides by the heat capacity of the room's fluid
        self._capacity_ratio = fluids.main.heat_capacity / fluids.values("heat_capacity")
        self.mesh = mesh
        self._expansion = fluids.expansion_per_heat()
        self.heat = self.expansion_rate = 0.0
        self._given: dict[str, tuple[Callable, list]] = {}

    def add(self, field: str, function: Callable) -> None:
        """Add, or replace, the source of one of FIELDS: f(x, y, z, t) in W/m3 or N/m3. Raises ValueError for others."""
        if field not in FIELDS:
            raise ValueError(f"a source acts on {', '.join(FIELDS)}, not {field!r}")
        arrays = [self.backend.zeros(part.extent.shape) for part in self.parts]
        self._given[field] = (function, arrays)

    def evaluate(self, time: float) -> None:
        """Evaluate all functions at `time` (s), and tell the sealed regions what heat they receive."""
        volumes = self.mesh.volumes() if "temperature" in self._given else None
        for field, (function, arrays) in self._given.items():
            axis = None if field == "temperature" else VELOCITIES.index(field)
            received, largest = np.zeros(self.sealed.given_heat.shape), 0.0
            for part, array in zip(self.parts, arrays, strict=True):
                acted_on = part.marks & (Flag.FLUID if axis is None else OPEN[axis]) != 0
                values = np.where(acted_on, evaluate(part, function, axis, time), 0.0)
                self.backend.upload(array, values if axis is not None else values * self._capacity_ratio[part.labels])
                if axis is None:
                    heat = values[INTERIOR] * volumes[part.subdomain.box]
                    largest = max(largest, float(np.abs(values * self._expansion[part.labels]).max()))
                    received += np.bincount(part.labels[INTERIOR].ravel(), heat.ravel(), len(received))
            if axis is None:
                self.heat, self.expansion_rate = float(received.sum()), largest
                self.backend.upload(self.sealed.given_heat, received)

    def heat_air(self, stage: Sequence[Any], divisor: int) -> list[Node]:
        """Add the heat to a stage of the temperature, given as the array of every part."""
        _, arrays = self._given.get("temperature", (None, ()))
        return [
            self.bind("volume_heat", part, self.low_mach, q=array, rho=part.rho, divisor=divisor, theta_new=of_part)
            for part, array, of_part in zip(self.parts, arrays, stage, strict=False)
        ]

    def push_air(self, stages: Sequence[dict[str, Any]], switches: dict[str, int], divisor: int) -> list[Node]:
        """Add the forces to a stage, per part by the names m*_new."""
        return [
            self.bind("volume_force", part, switches, force=array, rho=part.rho, divisor=divisor,
                      stride=part.stride(axis), stage=stage[f"{FLUXES[axis]}_new"])
            for axis, field in enumerate(VELOCITIES) if field in self._given
            for part, array, stage in zip(self.parts, self._given[field][1], stages, strict=True)
        ]  # fmt: skip
