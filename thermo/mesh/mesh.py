"""The mesh that the flow solver receives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from thermo.mesh.axis import Axis
from thermo.mesh.patch import Exchange, HeatSource, MomentumSource, Opening, Resistance, WallPatch


@dataclass(frozen=True)
class Material:
    """A solid. conductivity W/(m K) or None (adiabatic), density kg/m3, heat_capacity J/(kg K)."""

    name: str
    conductivity: float | None = None
    density: float = 0.0
    heat_capacity: float = 0.0


ADIABATIC = Material("adiabatic")


@dataclass(frozen=True)
class Region:
    """Fluid cells that are connected through open faces, with every door and damper that moves shut.

    volume in m3; sealed: it has no pressure opening, and nothing that moves ever opens it. liquid: name of the liquid
    that fills it, empty where it holds the fluid of the room.
    """

    label: int
    spaces: tuple[str, ...]
    volume: float
    sealed: bool
    liquid: str = ""


@dataclass(frozen=True, eq=False)
class Mesh:
    """Cells, faces and patches; cell arrays are [k, j, i].

    solid: uint8[nz, ny, nx]. material: int16, -1 in fluid, else an index into ``materials`` (0 is adiabatic).
    region: int16, the label of the connected fluid region, -1 in solids.
    closed, slip: per axis (x, y, z) bool arrays of the faces, [nz, ny, nx+1], [nz, ny+1, nx], [nz+1, ny, nx].
        closed: no mass crosses by the projection (walls, solids, closed panels, ports, pressure openings).
        slip: closed and without shear (free-slip walls, symmetry planes, ports, pressure openings).
    walls: the closed faces that move or exchange heat; all other closed faces are at rest and adiabatic, except
        those between fluid and a conducting solid.
    """

    x: Axis
    y: Axis
    z: Axis
    solid: np.ndarray
    material: np.ndarray
    materials: tuple[Material, ...]
    region: np.ndarray
    regions: tuple[Region, ...]
    closed: tuple[np.ndarray, np.ndarray, np.ndarray]
    slip: tuple[np.ndarray, np.ndarray, np.ndarray]
    walls: tuple[WallPatch, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    openings: tuple[Opening, ...] = ()
    resistances: tuple[Resistance, ...] = ()
    heat_sources: tuple[HeatSource, ...] = ()
    momentum_sources: tuple[MomentumSource, ...] = ()
    probes: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    planes: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def axes(self) -> tuple[Axis, Axis, Axis]:
        return self.x, self.y, self.z

    @property
    def shape(self) -> tuple[int, int, int]:
        """(nz, ny, nx)."""
        return self.z.n, self.y.n, self.x.n

    @property
    def cells(self) -> int:
        """Number of cells, solids included."""
        return self.x.n * self.y.n * self.z.n

    @property
    def in_liquid(self) -> np.ndarray:
        """Which cells hold a liquid instead of the fluid of the room, bool[nz, ny, nx]."""
        return self.by_region([bool(region.liquid) for region in self.regions], False)

    @property
    def in_room(self) -> np.ndarray:
        """Which cells hold the fluid of the room, bool[nz, ny, nx]."""
        return self.by_region([not region.liquid for region in self.regions], False)

    def by_region(self, values: Sequence[Any], elsewhere: Any) -> np.ndarray:
        """What `values` has for the region of each cell, and `elsewhere` in solids; [nz, ny, nx]."""
        return np.array([*values, elsewhere])[self.region]

    def volumes(self) -> np.ndarray:
        """Cell volumes, float64[nz, ny, nx], m3."""
        return self.z.widths[:, None, None] * self.y.widths[None, :, None] * self.x.widths[None, None, :]
