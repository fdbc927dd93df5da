"""Sets of mesh faces and what happens on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.case.schedule import Schedule


@dataclass(frozen=True, eq=False)
class FacePatch:
    """A set of mesh faces with the area of each that belongs to an object.

    name: address of the object, "racks.A03.U3-U12.intake".
    axis: direction of the normal, 0, 1 or 2 for x, y, z.
    index: int32[nf, 3], rows (k, j, i): the low face of cell (k, j, i) along ``axis``; the index along the axis may be
        n, the high end of the domain.
    area: float64[nf], m2, the part of each face that the object covers.
    inward: +1 where the fluid cell served lies on the high side of the faces (cell (k, j, i)), -1 on the low side,
        0 for faces with fluid on both sides.
    true_area: the engineer's area, m2; differs from ``area.sum()`` by snapping only.
    """

    name: str
    axis: int
    index: np.ndarray
    area: np.ndarray
    inward: int
    true_area: float

    @property
    def cells(self) -> np.ndarray:
        """The fluid cells served, int32[nf, 3]; on the high side for ``inward`` 0."""
        cells = self.index.copy()
        if self.inward < 0:
            cells[:, 2 - self.axis] -= 1
        return cells

    @property
    def mesh_area(self) -> float:
        """Sum of ``area``, m2."""
        return float(self.area.sum())


@dataclass(frozen=True, eq=False)
class WallPatch:
    """Closed faces that move or that exchange heat.

    velocity: (3,) m/s of the wall, zero for a wall at rest.
    thermal: None (adiabatic) | ("temperature", K) | ("flux", W/m2 into the fluid) | ("u_value", W/m2K, K outside)
        | ("panel", m2K/W): the conductive resistance of a closed panel between the air on both sides
        (``patch.inward`` is 0; surface films are the solver's)
        | ("construction", Construction, Outside or None): layers with heat capacity, of a panel (``inward`` 0) or of a
        wall; None: adiabatic at the outer surface.
    """

    patch: FacePatch
    velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)
    thermal: tuple | None = None


@dataclass(frozen=True, eq=False)
class Exchange:
    """One instance of a device: air leaves the room through the intake and re-enters through the discharge.

    intake: None where the air comes from outside the domain (supply).
    discharge: None where it leaves the domain (extract).
    flow: by ``flow_kind`` "volume" m3/s at the intake's density (a supply: at the discharge temperature) | "mass" kg/s.
    heat: W added to the air between intake and discharge; negative cools.
    temperature: K, a given discharge temperature (``heat`` is then a result); None: intake + heat / (m cp).
    weights: float64[nf], the profile of the discharge (sums to 1); None distributes by area.
    """

    name: str
    kind: str
    intake: FacePatch | None
    discharge: FacePatch | None
    flow: float | Schedule
    flow_kind: str
    heat: float | Schedule = 0.0
    temperature: float | Schedule | None = None
    weights: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Opening:
    """A pressure opening on the boundary of the domain.

    loss_in, loss_out: loss coefficients of the element alone for the velocity on the patch's mesh area (scaled from
        the engineer's area, so that the flow at a given pressure is that of the true opening).
    pressure: Pa against still outside air at the same height. temperature: K of the outside air.
    state: open share of the area, 0 (shut) ... 1.
    """

    name: str
    patch: FacePatch
    loss_in: float
    loss_out: float
    pressure: float
    temperature: float
    state: float | Schedule = 1.0


@dataclass(frozen=True, eq=False)
class Resistance:
    """Faces that the air crosses against dp = K rho V^2 / 2 + linear V, V on the patch's mesh area.

    forward is along the positive axis. ``linear`` is in Pa s/m. state: open share of the area, 0 (shut) ... 1.
    """

    name: str
    patch: FacePatch
    loss_forward: float
    loss_backward: float
    linear: float = 0.0
    state: float | Schedule = 1.0


def moves(thing: Opening | Resistance) -> bool:
    """Whether an opening or a resisting patch may ever be other than open."""
    return isinstance(thing.state, Schedule) or thing.state != 1.0


@dataclass(frozen=True, eq=False)
class HeatSource:
    """Volumetric heat, W, in ``cells`` int32[nc, 3] (k, j, i); ``share`` float64[nc] sums to 1.

    radiant_fraction: of it does not warm the cells but radiates from them.
    """

    name: str
    power: float | Schedule
    cells: np.ndarray
    share: np.ndarray
    radiant_fraction: float = 0.0


@dataclass(frozen=True, eq=False)
class MomentumSource:
    """A force (Fx, Fy, Fz), N, on the air of ``cells`` int32[nc, 3] (k, j, i); ``share`` float64[nc] sums to 1."""

    name: str
    force: tuple[float, float, float]
    cells: np.ndarray
    share: np.ndarray
