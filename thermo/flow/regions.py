"""Sealed regions: the thermodynamic pressure of air that cannot leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.part import Part
from thermo.flow.setup import Setup
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import moves

MOST_REGIONS = 256  # labels are uint8


class SealedRegions:
    """p0, mass and dp0/dt of every region by label, float64; in open regions p0 is that of the outside air."""

    def __init__(self, backend: Backend, mesh: Mesh, setup: Setup, parts: Sequence[Part], bind: Binder) -> None:
        if len(mesh.regions) > MOST_REGIONS:
            raise ValueError(f"{len(mesh.regions)} separate regions of air; at most {MOST_REGIONS} are supported")
        self.backend, self.parts, self.bind, self.fluid = backend, parts, bind, setup.fluid
        count = self.count = max(1, len(mesh.regions))
        self.moving = setup.fluid.low_mach and any(moves(thing) for thing in (*mesh.openings, *mesh.resistances))
        gas = [region for region in mesh.regions if setup.fluid.low_mach and not region.liquid]
        self.labels = [region.label for region in gas if region.sealed or self.moving]
        self.liquid = np.array([bool(region.liquid) for region in mesh.regions] or [False])
        self.pressure = backend.array(np.full(count, setup.fluid.pressure))
        self.pressure_old = backend.array(np.full(count, setup.fluid.pressure))
        self.energy_pressure = backend.array(np.full(count, setup.fluid.pressure))  # from the heat received
        self.gained = backend.zeros(count, np.float64)  # Pa, by the stages of a step so far
        self.rate = backend.zeros(count, np.float64)
        self.gas = backend.array(np.full(count, setup.fluid.gas_constant))  # J/(kg K), of moist air by `Humidity`
        self.vapour_pressure = backend.zeros(count, np.float64)  # Pa, of the vapour given to each since the beginning
        self.mass = backend.zeros(count, np.float64)
        self.given_heat = backend.zeros(count, np.float64)  # W, what functions give to each region
        volume = np.zeros(count)
        for region in mesh.regions:
            volume[region.label] = region.volume
        self.volume = backend.array(volume)
        self.sums = backend.zeros((count, len(parts)), np.float64)
        # where objects move: what zones are joined to, which groups are vented, and the heat of each, W
        self.group = backend.array(np.arange(count, dtype=np.int32))
        self.vented = backend.array(np.zeros(count, np.int32))
        self.outside = backend.array(np.array([setup.fluid.pressure]))
        self.heat = backend.zeros(count, np.float64)

    def set_mass(self, pressure: np.ndarray, theta: Sequence[Any]) -> None:
        """Take the mass of every sealed region from its pressure (Pa, per region) and virtual temperature (per part).

        The same sum gives p0 afterwards, so that a field at rest keeps p0 to round-off.
        """
        nodes = [node for label in self.labels for node in self._sum_nodes(label, theta)]
        if not nodes:
            return
        self.backend.program(nodes).run()
        sums = self.backend.to_host(self.sums)
        mass = np.zeros(len(sums))
        for label in self.labels:
            total = 0.0
            for value in sums[label]:
                total += value
            mass[label] = pressure[label] * total / self.fluid.gas_constant
        self.backend.upload(self.mass, mass)
        for array in (self.pressure, self.pressure_old, self.energy_pressure):
            self.backend.upload(array, pressure)
        for array in (self.rate, self.vapour_pressure):
            self.backend.upload(array, np.zeros(array.shape))

    def set_groups(self, group: np.ndarray, vented: np.ndarray) -> None:
        """Take zones as joined in this way (see `Passages`): a group that shuts keeps the air that it holds now."""
        if not self.moving:
            return
        pressure, sums = self.backend.to_host(self.pressure), self.backend.to_host(self.sums).sum(axis=1)
        held = np.bincount(group, pressure * sums / self.fluid.gas_constant, self.count)
        self.backend.upload(self.mass, held[group])
        self.backend.upload(self.group, group.astype(np.int32))
        # a liquid has no thermodynamic pressure that its heat would raise: as if it were open to the outside
        self.backend.upload(self.vented, (vented | self.liquid).astype(np.int32))

    def _sum_nodes(self, label: int, theta: Sequence[Any]) -> list[Node]:
        return [
            self.bind("volume_over_temperature", part, theta=of_part, flags=part.flags, region=part.region,
                      label=label, result=self.sums[label, number : number + 1])
            for number, (part, of_part) in enumerate(zip(self.parts, theta, strict=True))
        ]  # fmt: skip

    def pressure_nodes(self, theta: Sequence[Any]) -> list[Node]:
        """p0 of every sealed region at the (virtual) temperature of every part."""
        nodes = []
        if self.moving:
            for label in self.labels:
                nodes += self._sum_nodes(label, theta)
            zones = {"zones": self.count, "group": self.group, "vented": self.vented, "outside": self.outside}
            nodes.append(
                self.bind("zone_pressures", self.parts[0], sums=self.sums, parts=len(self.parts), **zones,
                          mass=self.mass, pressure=self.pressure, pressure_old=self.pressure_old)
            )  # fmt: skip
            return nodes
        for label in self.labels:
            nodes += self._sum_nodes(label, theta)
            nodes.append(
                self.bind("region_pressure", self.parts[0], sums=self.sums[label], parts=len(self.parts), label=label,
                          mass=self.mass, pressure=self.pressure, pressure_old=self.pressure_old)
            )  # fmt: skip
        return nodes
