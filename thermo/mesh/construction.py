"""Walls and panels made of layers, and what they see outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thermo.case.schedule import Schedule


@dataclass(frozen=True)
class Layer:
    """A layer of a wall: of a material, or (conductivity None) a thermal resistance without heat capacity.

    thickness m, conductivity W/(m K), density kg/m3, heat_capacity J/(kg K); resistance m2 K/W.
    """

    thickness: float = 0.0
    conductivity: float | None = None
    density: float = 0.0
    heat_capacity: float = 0.0
    resistance: float = 0.0

    @property
    def total_resistance(self) -> float:
        """From face to face, m2 K/W."""
        return self.resistance if self.conductivity is None else self.thickness / self.conductivity

    @property
    def capacity(self) -> float:
        """Heat capacity per area, J/(m2 K)."""
        return 0.0 if self.conductivity is None else self.thickness * self.density * self.heat_capacity


@dataclass(frozen=True)
class Construction:
    """Layers of a wall from outside to inside; of a panel from the low to the high side of its axis."""

    name: str
    layers: tuple[Layer, ...]

    @property
    def resistance(self) -> float:
        """From surface to surface, m2 K/W."""
        return sum(layer.total_resistance for layer in self.layers)

    @property
    def capacity(self) -> float:
        """Heat capacity per area, J/(m2 K)."""
        return sum(layer.capacity for layer in self.layers)


@dataclass(frozen=True)
class Outside:
    """What the outer surface of a wall exchanges heat with.

    temperature: K, of the air, or of the ground where film is None (contact without a surface resistance).
    film: convective coefficient, W/(m2 K).
    sky_temperature: K; None: no long-wave exchange with the sky. sky_factor: view factor of the sky, 1 for a flat roof,
        1/2 for a vertical wall; the rest sees the ground at the temperature of the air. emissivity: of the surface.
    absorbed: solar heat that the surface absorbs, W/m2.
    """

    temperature: float | Schedule
    film: float | None = None
    sky_temperature: float | Schedule | None = None
    sky_factor: float = 0.0
    emissivity: float = 0.0
    absorbed: float | Schedule = 0.0
