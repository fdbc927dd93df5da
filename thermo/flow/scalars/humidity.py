"""Water vapour as a transported scalar that makes air lighter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.part import Part
from thermo.flow.regions import SealedRegions
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.setup import HUMIDITY, virtual_temperature


class Humidity:
    """The virtual temperature of all parts, and vapour as mass; dry air has neither and costs nothing.

    Vapour is carried as specific humidity, kg per kg of moist air: with the mass flux of moist air, that is what is
    conserved. The mixing ratio of the engineer is w = q / (1 - q). In the low-Mach form the mass of the air gains what
    sources and walls give of it. heat: sum of c_p m theta of the vapour given, J.
    """

    def __init__(
        self, backend: Backend, parts: Sequence[Part], transported: ScalarBlock, sealed: SealedRegions, bind: Binder,
        density_varies: bool,
    ) -> None:  # fmt: skip
        self.backend, self.parts, self.bind, self.sealed = backend, parts, bind, sealed
        self.fields = transported.fields
        self.moist = HUMIDITY in transported.scalars
        self.has_mass = self.moist and density_varies
        self.heat = backend.zeros(1, np.float64)
        if not self.has_mass:
            return
        self._sums = backend.zeros((sealed.count, len(parts)), np.float64)
        self._closed = backend.array(np.isin(np.arange(sealed.count), sealed.labels).astype(np.int32))
        self._cells = [transported.cells_of_rows(HUMIDITY, number) for number in range(len(parts))]
        self._regions = [
            backend.array(part.labels.ravel()[backend.to_host(cells)].astype(np.int32))
            for part, cells in zip(parts, self._cells, strict=True)
        ]
        given = [[backend.zeros(len(cells), np.float64) for cells in self._cells] for _ in range(2)]
        self._given, self._last = given  # kg/s in the stages of a step so far; kg in the last step
        transported.mass_given[HUMIDITY] = self._given

    def begin(self) -> None:
        """Nothing given yet."""
        for array in (self.heat, *((*self._given, *self._last) if self.has_mass else ())):
            self.backend.upload(array, np.zeros(array.shape))

    def arrays(self) -> dict[str, Any]:
        """Device arrays of a state, by name."""
        if not self.has_mass:
            return {}
        return {"vapour_heat": self.heat, **{f"vapour_last.{n}": array for n, array in enumerate(self._last)}}

    def gas_constants(self, now: int) -> list[Node]:
        """The gas constant of the air of every sealed region at its mean humidity."""
        if not self.has_mass:
            return []
        nodes = []
        for label in self.sealed.labels:
            for number, (part, q) in enumerate(zip(self.parts, self.fields[now][HUMIDITY], strict=True)):
                nodes.append(
                    self.bind("vapour_volume", part, q=q, flags=part.flags, region=part.region, label=label,
                              result=self._sums[label, number : number + 1])
                )  # fmt: skip
            nodes.append(
                self.bind("moist_gas", self.parts[0], sums=self._sums[label], parts=len(self.parts), label=label,
                          volume=self.sealed.volume, gas=self.sealed.gas)
            )  # fmt: skip
        return nodes

    def nodes(self, now: int, new: int) -> tuple[list[Node], list[Any]]:
        """Nodes that turn theta[now] into the virtual one, and the arrays that then hold the virtual one of `new`.

        The latter lie where the next mass flux will be. The masses of sealed regions gain the vapour of the step.
        """
        if not self.moist:
            return [], [part.theta[new] for part in self.parts]
        nodes, found = [], []
        for number, part in enumerate(self.parts):
            warm = part.flux[new]["mx"]
            before, after = (self.fields[level][HUMIDITY][number] for level in (now, new))
            nodes.append(self.bind("to_virtual_theta", part, q=before, theta=part.theta[now]))
            nodes.append(self.bind("virtual_theta", part, theta=part.theta[new], q=after, warm=warm))
            found.append(warm)
        return nodes + self._masses(new), found

    def _masses(self, new: int) -> list[Node]:
        if not self.has_mass:
            return []
        sealed, nodes = self.sealed, []
        for part, cells, regions, given in zip(self.parts, self._cells, self._regions, self._given, strict=True):
            if rows := len(cells):
                nodes.append(
                    self.bind("vapour_of_zones", part, cell=cells, region=regions, rows=rows, given=given,
                              theta=part.theta[new], zones=sealed.count, closed=self._closed, group=sealed.group,
                              vented=sealed.vented, volume=sealed.volume, mass=sealed.mass,
                              energy_pressure=sealed.energy_pressure, vapour_pressure=sealed.vapour_pressure,
                              heat=self.heat)
                )  # fmt: skip
        return nodes

    def mass_source(self) -> list[Node]:
        """Take the vapour of the step off the mass defect."""
        if not self.has_mass:
            return []
        return [
            self.bind("vapour_defect", part, count=len(cells), cell=cells, given=given, last=last, defect=part.defect)
            for part, cells, given, last in zip(self.parts, self._cells, self._given, self._last, strict=True)
            if len(cells)
        ]


def virtual_theta(theta: np.ndarray, humidity: np.ndarray | float, zero: float) -> np.ndarray:
    """Virtual temperature over `zero` (K) of air at theta over it, with a specific humidity."""
    return virtual_temperature(zero + theta, humidity) - zero
