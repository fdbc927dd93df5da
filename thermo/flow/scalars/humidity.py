"""Water vapour as a transported scalar that makes air lighter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Node
from thermo.flow.binding import Binder
from thermo.flow.part import Part
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.setup import HUMIDITY, virtual_temperature


class Humidity:
    """The virtual temperature of all parts; that of dry air is the temperature itself and costs nothing.

    Vapour is carried as specific humidity, kg per kg of moist air: with the mass flux of moist air, that is what is
    conserved. The mixing ratio of the engineer is w = q / (1 - q).
    """

    def __init__(self, parts: Sequence[Part], transported: ScalarBlock, bind: Binder) -> None:
        self.parts, self.bind, self.fields = parts, bind, transported.fields
        self.moist = HUMIDITY in transported.scalars

    def nodes(self, now: int, new: int) -> tuple[list[Node], list[Any]]:
        """Nodes that turn theta[now] into the virtual one, and the arrays that then hold the virtual one of `new`.

        The latter lie where the next mass flux will be.
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
        return nodes, found

    def follow_pressure(self, pressure: Any, energy_pressure: Any) -> list[Node]:
        """Keep the pressure that is known from the heat at the one that is known from the mass."""
        if not self.moist:
            return []
        arrays = {"pressure": pressure, "energy_pressure": energy_pressure}
        return [self.bind("follow_pressure", self.parts[0], count=len(pressure), **arrays)]


def virtual_theta(theta: np.ndarray, humidity: np.ndarray | float, zero: float) -> np.ndarray:
    """Virtual temperature over `zero` (K) of air at theta over it, with a specific humidity."""
    return virtual_temperature(zero + theta, humidity) - zero
