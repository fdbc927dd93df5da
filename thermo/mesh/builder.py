"""Marks objects on a given tensor-product grid.

The builder knows nothing of case files: ``build_mesh`` drives it for a case, tests drive it directly. Objects must lie
on grid faces (``build_mesh`` snaps them first); only ports may lie anywhere, their area is shared out by overlap.
Objects are marked in the order of the calls: solids and panels first, then holes, ports and openings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from thermo.case.schedule import Schedule
from thermo.mesh.axis import Axis
from thermo.mesh.construction import Construction
from thermo.mesh.mesh import ADIABATIC, Material, Mesh, Region
from thermo.mesh.patch import Exchange, FacePatch, HeatSource, MomentumSource, Opening, Resistance, WallPatch, moves
from thermo.mesh.regions import label_regions
from thermo.scene.errors import PlacementError
from thermo.scene.scene import Box, Rect, plane_axes

# side of the domain -> (axis, end): end 0 is the low end
SIDES = {"west": (0, 0), "east": (0, 1), "south": (1, 0), "north": (1, 1), "floor": (2, 0), "ceiling": (2, 1)}
SHEAR_FREE = ("free_slip", "symmetry")
WALL_KINDS = ("no_slip", *SHEAR_FREE, "moving", "periodic")

# A port takes the air of the cell in front of it, so slivers of overlap from rounding must not become faces.
SLIVER = 1e-9


class MeshError(PlacementError):
    """An object that cannot be placed on the grid."""


@dataclass(frozen=True)
class Side:
    """What one side of the domain is: ``kind`` of WALL_KINDS, velocity m/s, thermal as in WallPatch."""

    kind: str = "no_slip"
    velocity: tuple[float, float, float] = (0.0, 0.0, 0.0)
    thermal: tuple | None = None

    def __post_init__(self) -> None:
        if self.kind not in WALL_KINDS:
            raise ValueError(f"wall kind {self.kind!r} is not one of {', '.join(WALL_KINDS)}")


def overlap(axis: Axis, low: float, high: float) -> np.ndarray:
    """Length of each cell that lies in [low, high], float64[n], m."""
    lengths = np.minimum(axis.faces[1:], high) - np.maximum(axis.faces[:-1], low)
    return np.where(lengths > SLIVER * axis.widths, lengths, 0.0)


def box_share(axes: Sequence[Axis], name: str, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """The cells of a box, int32[n, 3] (k, j, i), and the share of each in its volume. Raises MeshError without any."""
    shares = [overlap(axes[d], box[0][d], box[1][d]) for d in (2, 1, 0)]
    cells = np.stack(np.meshgrid(*(np.flatnonzero(s) for s in shares), indexing="ij"), axis=-1).reshape(-1, 3)
    if cells.size == 0:
        raise MeshError(name, "it lies outside the domain")
    share = shares[0][cells[:, 0]] * shares[1][cells[:, 1]] * shares[2][cells[:, 2]]
    return cells.astype(np.int32), share / share.sum()


def air_share(axes: Sequence[Axis], air: np.ndarray, name: str, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """As `box_share`, of the cells of the box that are air (bool[nz, ny, nx])."""
    cells, share = box_share(axes, name, box)
    within = air[tuple(cells.T)]
    if not within.any():
        raise MeshError(name, "there is no air in it on this grid")
    return cells[within], share[within] / share[within].sum()


class MeshBuilder:
    """Collects marks and patches; ``build`` returns the Mesh.

    x, y, z: faces (array) or Axis. sides: side name -> Side or wall kind; a side of kind "periodic" makes its axis
    periodic. Sides not named are adiabatic no-slip walls. Raises MeshError when an object is off the grid or a port
    touches no fluid.
    """

    def __init__(self, x, y, z, sides: Mapping[str, Side | str] | None = None) -> None:
        self.sides = {name: Side() for name in SIDES}
        for name, side in (sides or {}).items():
            if name not in SIDES:
                raise ValueError(f"side {name!r} is not one of {', '.join(SIDES)}")
            self.sides[name] = Side(side) if isinstance(side, str) else side
        periodic = {SIDES[name][0] for name, side in self.sides.items() if side.kind == "periodic"}
        self.axes: tuple[Axis, Axis, Axis] = tuple(
            a if isinstance(a, Axis) and a.periodic == (d in periodic) else Axis(getattr(a, "faces", a), d in periodic)
            for d, a in enumerate((x, y, z))
        )
        self.shape = tuple(axis.n for axis in reversed(self.axes))
        self.materials: list[Material] = [ADIABATIC]
        self.notes: list[str] = []
        self._material = np.full(self.shape, -1, np.int16)
        self._panel = tuple(np.zeros(self._face_shape(d), bool) for d in range(3))
        self._slip = tuple(np.zeros(self._face_shape(d), bool) for d in range(3))
        self._port_area = tuple(np.zeros(self._face_shape(d)) for d in range(3))
        self._surfaces: list[tuple[str, Box, tuple | None, float | None]] = []
        self._panels: list[tuple[str, int, tuple, tuple]] = []
        self._exchanges: list[Exchange] = []
        self._openings: list[Opening] = []
        self._resistances: list[Resistance] = []
        self._heat: list[HeatSource] = []
        self._forces: list[MomentumSource] = []
        self._liquids: list[tuple[str, tuple[slice, slice, slice]]] = []
        self._spaces: dict[str, tuple[int, int, int]] = {}
        self._probes: dict[str, tuple[int, int, int]] = {}
        self._planes: dict[str, tuple[int, int]] = {}

    # ------------------------------------------------------------------ places on the grid

    def _face_shape(self, axis: int) -> tuple[int, ...]:
        return tuple(n + (dimension == 2 - axis) for dimension, n in enumerate(self.shape))

    def _line(self, axis: int, position: float, name: str) -> int:
        """Index of the face at ``position``."""
        faces = self.axes[axis].faces
        index = int(np.abs(faces - position).argmin())
        if abs(faces[index] - position) > 1e-6 * self.axes[axis].widths.min():
            raise MeshError(name, f"{'xyz'[axis]} = {position:g} m is not on a grid face (nearest {faces[index]:g} m)")
        return index

    def _lines(self, axis: int, low: float, high: float, name: str) -> slice:
        start, stop = self._line(axis, low, name), self._line(axis, high, name)
        if start >= stop:
            raise MeshError(name, f"{'xyz'[axis]} from {low:g} to {high:g} m contains no cell")
        return slice(start, stop)

    def _box(self, box: Box, name: str) -> tuple[slice, slice, slice]:
        return tuple(self._lines(d, box[0][d], box[1][d], name) for d in (2, 1, 0))

    def _plane(self, axis: int, position: float, rect: Rect | None, name: str) -> tuple:
        """Index of the faces of a rectangle in a face array of ``axis``; the whole plane for None."""
        place: list = [slice(None)] * 3
        place[2 - axis] = self._line(axis, position, name)
        if rect is not None:
            for n, d in enumerate(plane_axes(axis)):
                place[2 - d] = self._lines(d, rect[0][n], rect[1][n], name)
        return tuple(place)

    def cell_at(self, point: tuple[float, float, float], name: str) -> tuple[int, int, int]:
        """(k, j, i) of the cell that contains a point."""
        index = []
        for d in (2, 1, 0):
            faces = self.axes[d].faces
            if not faces[0] <= point[d] <= faces[-1]:
                raise MeshError(name, f"{'xyz'[d]} = {point[d]:g} m lies outside {faces[0]:g} ... {faces[-1]:g} m")
            index.append(min(int(np.searchsorted(faces, point[d], side="right")) - 1, self.axes[d].n - 1))
        return tuple(index)

    def face_area(self, axis: int) -> np.ndarray:
        """Areas of the faces of normal ``axis``, broadcast to its face array, m2."""
        lengths = [self.axes[d].widths for d in (2, 1, 0)]
        lengths[2 - axis] = np.ones(self.axes[axis].n + 1)
        return lengths[0][:, None, None] * lengths[1][None, :, None] * lengths[2][None, None, :]

    def _cells_beside(self, axis: int, place: tuple, inward: int) -> np.ndarray:
        """``material`` of the cells on one side of a plane of faces; outside the domain counts as adiabatic solid."""
        beside = list(place)
        beside[2 - axis] = place[2 - axis] - (1 if inward < 0 else 0)
        n = self.axes[axis].n
        if not 0 <= beside[2 - axis] < n:
            if not self.axes[axis].periodic:
                inside = list(place)
                inside[2 - axis] = 0
                return np.zeros_like(self._material[tuple(inside)])
            beside[2 - axis] %= n
        return self._material[tuple(beside)]

    # ------------------------------------------------------------------ solids and panels

    def solid(
        self,
        name: str,
        box: Box,
        material: Material = ADIABATIC,
        *,
        temperature: float | None = None,
        heat: float | Schedule | None = None,
    ) -> None:
        """A solid box.

        temperature: K, of its surface. heat: W, in its volume if it conducts (then it may be a table in time), else
        over its surface.
        """
        place = self._box(box, name)
        if material not in self.materials:
            self.materials.append(material)
        self._material[place] = self.materials.index(material)
        if temperature is not None:
            self._surfaces.append((name, box, ("temperature", temperature), None))
        if heat is not None:
            if material.conductivity is None:
                self._surfaces.append((name, box, None, heat))
            else:
                self.heat_source(name, box, heat)

    def carve(self, name: str, box: Box) -> None:
        """Makes the cells of a box fluid again (a tunnel through a solid)."""
        self._material[self._box(box, name)] = -1

    def panel(
        self,
        name: str,
        axis: int,
        position: float,
        rect: Rect | None = None,
        *,
        slip: bool = False,
        resistance: float | None = None,
        construction: Construction | None = None,
    ) -> None:
        """A closed panel without thickness. resistance: m2K/W between its sides; None is adiabatic.

        construction: layers from its low to its high side, in place of a resistance.
        """
        place = self._plane(axis, position, rect, name)
        self._panel[axis][place] = True
        self._slip[axis][place] = slip
        if construction is not None:
            self._panels.append((name, axis, place, ("construction", construction, None)))
        elif resistance is not None:
            self._panels.append((name, axis, place, ("panel", resistance)))

    def hole(self, name: str, axis: int, position: float, rect: Rect) -> None:
        """Opens part of a panel."""
        place = self._plane(axis, position, rect, name)
        if not self._panel[axis][place].all():
            raise MeshError(name, "the hole is not inside a closed panel")
        self._panel[axis][place] = False
        self._slip[axis][place] = False

    def liquid(self, name: str, box: Box) -> None:
        """A liquid in the fluid cells of a box; where its top is not covered it ends in a closed surface."""
        self._liquids.append((name, self._box(box, name)))

    # ------------------------------------------------------------------ patches

    def patch(
        self, name: str, axis: int, position: float, rect: Rect | None, inward: int, true_area: float | None = None
    ) -> FacePatch:
        """The part of a rectangle that fluid touches on the side given by ``inward``, by overlap.

        inward 0 asks for fluid on both sides. Raises MeshError when there is none.
        """
        place = self._plane(axis, position, None, name)
        a, b = plane_axes(axis)
        if rect is None:
            rect = tuple((self.axes[a].faces[e], self.axes[b].faces[e]) for e in (0, -1))
        covered = (
            overlap(self.axes[b], rect[0][1], rect[1][1])[:, None]
            * overlap(self.axes[a], rect[0][0], rect[1][0])[None, :]
        )
        served = covered > 0.0
        for side in ((-1, 1) if inward == 0 else (inward,)):
            served &= self._cells_beside(axis, place, side) < 0
        return self._collect(name, axis, place[2 - axis], served, covered, inward, true_area, rect)

    def _collect(self, name, axis, line, served, area, inward, true_area=None, rect=None) -> FacePatch:
        rows, columns = np.nonzero(served)
        if rows.size == 0:
            raise MeshError(name, "no fluid touches it")
        a, b = plane_axes(axis)
        index = np.empty((rows.size, 3), np.int32)
        index[:, 2 - axis], index[:, 2 - a], index[:, 2 - b] = line, columns, rows
        area = np.ascontiguousarray(area[rows, columns])
        if true_area is None:
            true_area = float(area.sum()) if rect is None else (rect[1][0] - rect[0][0]) * (rect[1][1] - rect[0][1])
        return FacePatch(name, axis, index, area, inward, true_area)

    def port(
        self, name: str, axis: int, position: float, rect: Rect | None, inward: int, true_area: float | None = None
    ) -> FacePatch:
        """A patch of given flow on a closed surface: a solid, a panel or the end of the domain.

        Its faces become free of shear. Raises MeshError when it does not lie on a surface.
        """
        patch = self.patch(name, axis, position, rect, inward, true_area)
        at = tuple(patch.index.T)
        line = self._line(axis, position, name)
        behind = self._cells_beside(axis, self._plane(axis, position, None, name), -inward)
        others = tuple(np.delete(patch.index, 2 - axis, axis=1).T)
        backed = (behind[others] >= 0) | self._panel[axis][at]
        if not backed.all():
            raise MeshError(name, "a port needs a closed surface behind it, but part of it lies on nothing")
        if self.axes[axis].periodic and line in (0, self.axes[axis].n):
            raise MeshError(name, "a periodic side cannot carry a port")
        a, b = plane_axes(axis)
        whole = self.axes[a].widths[patch.index[:, 2 - a]] * self.axes[b].widths[patch.index[:, 2 - b]]
        if np.any(self._port_area[axis][at] + patch.area > whole * (1.0 + 1e-9)):
            raise MeshError(name, "it overlaps another port or opening")
        self._slip[axis][at] = True
        self._port_area[axis][at] += patch.area
        return patch

    def side_port(self, name: str, side: str, rect: Rect | None = None, true_area: float | None = None) -> FacePatch:
        """A port on a side of the domain."""
        axis, end = SIDES[side]
        return self.port(name, axis, self.axes[axis].faces[-end], rect, -1 if end else 1, true_area)

    # ------------------------------------------------------------------ devices, openings, sources

    def exchange(self, exchange: Exchange) -> None:
        """A device whose patches were made by ``port``."""
        self._exchanges.append(exchange)

    def supply(self, name: str, patch: FacePatch, flow, temperature, flow_kind: str = "volume", weights=None) -> None:
        """Air from outside the domain at a given flow (m3/s or kg/s) and temperature (K)."""
        self.exchange(Exchange(name, "supply", None, patch, flow, flow_kind, 0.0, temperature, weights))

    def extract(self, name: str, patch: FacePatch, flow, flow_kind: str = "volume") -> None:
        """Air taken out of the domain."""
        self.exchange(Exchange(name, "extract", patch, None, flow, flow_kind))

    def opening(
        self,
        name: str,
        side: str,
        rect: Rect | None = None,
        *,
        loss_in: float = 0.0,
        loss_out: float = 0.0,
        pressure: float = 0.0,
        temperature: float = 293.15,
        true_area: float | None = None,
        state: float | Schedule = 1.0,
    ) -> FacePatch:
        """A pressure opening on a side of the domain; its rectangle lies on grid faces. Returns its faces.

        Losses are the engineer's, for the velocity on ``true_area``. With r = mesh area / true area the velocity on
        the true area is r times the mesh's, and at outflow the dynamic head is lost too (for inflow it is gained from
        rest), so the total K + 1 scales by r^2; what remains for the element may not be negative.
        """
        axis, end = SIDES[side]
        if rect is not None:
            self._plane(axis, self.axes[axis].faces[-end], rect, name)
        patch = self.side_port(name, side, rect, true_area)
        ratio = (patch.mesh_area / patch.true_area) ** 2
        loss_in, loss_out = (max((loss + 1.0) * ratio - 1.0, 0.0) for loss in (loss_in, loss_out))
        self._openings.append(Opening(name, patch, loss_in, loss_out, pressure, temperature, state))
        return patch

    def resistance(
        self,
        name: str,
        axis: int,
        position: float,
        rect: Rect | None = None,
        *,
        loss_forward: float,
        loss_backward: float | None = None,
        linear: float = 0.0,
        true_area: float | None = None,
        state: float | Schedule = 1.0,
    ) -> None:
        """Open faces with a pressure loss, dp = K rho V^2/2 + linear V with V on ``true_area``; on grid faces.

        The coefficients are scaled to the mesh area, so that the flow at a given pressure stays that of the object.
        Without ``true_area`` they hold for the velocity on the faces as they are.
        """
        place = self._plane(axis, position, rect, name)
        patch = self.patch(name, axis, position, rect, 0, true_area)
        if true_area is None:
            patch = replace(patch, true_area=patch.mesh_area)
        if self._panel[axis][place].any():
            raise MeshError(name, "it lies on a closed panel")
        ratio = patch.mesh_area / patch.true_area
        loss_backward = loss_forward if loss_backward is None else loss_backward
        self._resistances.append(
            Resistance(name, patch, loss_forward * ratio**2, loss_backward * ratio**2, linear * ratio, state)
        )

    def heat_source(self, name: str, box: Box, power: float | Schedule) -> None:
        """Heat, W, in the volume of a box, fluid or solid, shared out by overlap."""
        self._heat.append(HeatSource(name, power, *box_share(self.axes, name, box)))

    def air_heat(self, name: str, box: Box, power: float | Schedule, radiant_fraction: float = 0.0) -> None:
        """Heat, W, in the air of a box, shared out by overlap; cells that a snapped solid took over have no share.

        radiant_fraction: of it radiates from there to the surfaces around.
        """
        self._heat.append(HeatSource(name, power, *self._spread_in_air(name, box), radiant_fraction))

    def air_force(self, name: str, box: Box, force: tuple[float, float, float]) -> None:
        """A force, N, on the air of a box, shared out as `air_heat` is."""
        self._forces.append(MomentumSource(name, tuple(force), *self._spread_in_air(name, box)))

    def _spread_in_air(self, name: str, box: Box) -> tuple[np.ndarray, np.ndarray]:
        return air_share(self.axes, self._material < 0, name, box)

    def space(self, name: str, point: tuple[float, float, float]) -> None:
        """Names the region that holds a point."""
        self._spaces[name] = self.cell_at(point, f"spaces.{name}")

    def probe(self, name: str, point: tuple[float, float, float]) -> None:
        self._probes[name] = self.cell_at(point, f"probes.{name}")

    def plane(self, name: str, axis: int, position: float) -> None:
        """A plane of output: the layer of cells that contains a position."""
        point = [float(a.centres[0]) for a in self.axes]
        point[axis] = position
        self._planes[name] = (axis, self.cell_at(tuple(point), f"planes.{name}")[2 - axis])

    # ------------------------------------------------------------------ the mesh

    def _closed(self, fluid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        closed = []
        for axis in range(3):
            faces = self._panel[axis].copy()
            layers = np.moveaxis(faces, 2 - axis, 0)
            cells = np.moveaxis(fluid, 2 - axis, 0)
            layers[1:-1] |= ~(cells[:-1] & cells[1:])
            if self.axes[axis].periodic:
                seam = ~(cells[-1] & cells[0]) | layers[0] | layers[-1]
                layers[0], layers[-1] = seam, seam
            else:
                layers[0], layers[-1] = True, True
            closed.append(faces)
        return tuple(closed)

    def _side_walls(self) -> list[WallPatch]:
        walls = []
        for name, (axis, end) in SIDES.items():
            side = self.sides[name]
            line = end * self.axes[axis].n
            place = self._plane(axis, self.axes[axis].faces[line], None, name)
            if side.kind in SHEAR_FREE:
                self._slip[axis][place] = True
            if side.thermal is None and side.kind != "moving":
                continue
            inward = -1 if end else 1
            material = self._cells_beside(axis, place, inward)
            conducts = np.array([m.conductivity is not None for m in self.materials])
            exposed = (material < 0) | conducts[np.maximum(material, 0)]
            free = self.face_area(axis)[place] - self._port_area[axis][place]
            exposed &= free > SLIVER * self.face_area(axis)[place]
            if exposed.any():
                patch = self._collect(f"walls.{name}", axis, line, exposed, free, inward)
                walls.append(WallPatch(patch, side.velocity, side.thermal))
        return walls

    def _surface_walls(self) -> list[WallPatch]:
        """Surfaces of solids with a given temperature or heat, where fluid touches them."""
        walls = []
        for name, box, thermal, heat in self._surfaces:
            patches = []
            for axis in range(3):
                a, b = plane_axes(axis)
                rect = tuple((corner[a], corner[b]) for corner in box)
                for end, inward in ((0, -1), (1, 1)):
                    line = self._line(axis, box[end][axis], name)
                    if line == end * self.axes[axis].n:
                        if not self.axes[axis].periodic:
                            continue
                        line = (1 - end) * self.axes[axis].n  # the same face, seen from the fluid's end of the axis
                    side = tuple(SIDES)[2 * axis + end]
                    place = self._plane(axis, self.axes[axis].faces[line], None, name)
                    covered = overlap(self.axes[b], rect[0][1], rect[1][1])[:, None] * overlap(
                        self.axes[a], rect[0][0], rect[1][0]
                    )
                    free = covered - self._port_area[axis][place]
                    exposed = (covered > 0) & (free > SLIVER * covered)
                    exposed &= self._cells_beside(axis, place, inward) < 0
                    if exposed.any():
                        patches.append(self._collect(f"{name}.{side}", axis, line, exposed, free, inward))
            if not patches:
                raise MeshError(name, "no fluid touches its surface")
            if heat is not None:
                thermal = ("flux", heat / sum(patch.mesh_area for patch in patches))
            walls += [WallPatch(patch, thermal=thermal) for patch in patches]
        return walls

    def _panel_walls(self) -> list[WallPatch]:
        walls = []
        for name, axis, place, thermal in self._panels:
            line = place[2 - axis]
            still = np.zeros(self._face_shape(axis), bool)
            still[place] = self._panel[axis][place]
            layer = self._plane(axis, self.axes[axis].faces[line], None, name)
            area = self.face_area(axis)[layer]
            exposed = still[layer] & (self._port_area[axis][layer] == 0.0)
            for inward in (-1, 1):
                exposed &= self._cells_beside(axis, layer, inward) < 0
            if exposed.any():
                patch = self._collect(name, axis, line, exposed, area, 0)
                walls.append(WallPatch(patch, thermal=thermal))
        return walls

    def _liquid_cells(self, fluid: np.ndarray) -> np.ndarray:
        """Number of the liquid that holds each cell, -1 for none. Raises MeshError where two claim one."""
        number = np.full(self.shape, -1, np.int16)
        for n, (name, place) in enumerate(self._liquids):
            if not fluid[place].any():
                raise MeshError(name, "solids fill its box")
            if (taken := number[place][number[place] >= 0]).size:
                raise MeshError(name, f"its box overlaps that of {self._liquids[taken[0]][0]}")
            number[place] = n
        return np.where(fluid, number, -1)

    def _liquid_surfaces(self, liquid: np.ndarray) -> list[WallPatch]:
        """Close the uncovered tops of liquids: free of shear, without thermal resistance."""
        walls = []
        fluid = self._material < 0
        for number, (name, place) in enumerate(self._liquids):
            line = place[0].stop
            if line == self.shape[0]:
                continue
            faces = (line, *place[1:])
            below, above = liquid[line - 1, place[1], place[2]] == number, fluid[line, place[1], place[2]]
            bare = below & above & ~self._panel[2][faces]
            if bare.any():
                served = np.zeros(self.shape[1:], bool)
                served[place[1:]] = bare
                self._panel[2][line] |= served
                self._slip[2][line] |= served
                patch = self._collect(f"{name}.surface", 2, line, served, self.face_area(2)[line], 0)
                walls.append(WallPatch(patch, thermal=("panel", 0.0)))
        return walls

    def _liquid_of_regions(self, liquid: np.ndarray, region: np.ndarray, closed: tuple[np.ndarray, ...]) -> list[str]:
        """Name of the liquid in every region. Raises MeshError where a liquid and another fluid have an open path."""
        for axis in range(3):
            low, high = liquid, np.roll(liquid, -1, axis=2 - axis)
            faces = np.roll(closed[axis].take(range(self.shape[2 - axis]), axis=2 - axis), -1, axis=2 - axis)
            leaks = np.argwhere((low != high) & ~faces)
            if not len(leaks):
                continue
            cell = leaks[0]
            beyond = cell.copy()
            beyond[2 - axis] = (beyond[2 - axis] + 1) % self.shape[2 - axis]
            one, other = sorted((int(low[tuple(cell)]), int(low[tuple(beyond)])))
            point = [self.axes[d].centres[cell[2 - d]] for d in range(3)]
            point[axis] = self.axes[axis].faces[cell[2 - axis] + 1]
            where = ", ".join(f"{value:.4g}" for value in point)
            beside = "the air beside it" if one < 0 else self._liquids[one][0]
            raise MeshError(
                self._liquids[other][0],
                f"an open path leads from it to {beside} at x, y, z = {where} m ({len(leaks)} faces along "
                f"{'xyz'[axis]}): close it with a block or a panel; only its top ends by itself",
            )
        labels = np.unique(region[region >= 0])
        number = {int(label): int(liquid[region == label][0]) for label in labels} if self._liquids else {}
        return [self._liquids[number[n]][0] if number.get(n, -1) >= 0 else "" for n in range(len(labels))]

    def _require_apart(self, region: np.ndarray, liquids: list[str]) -> None:
        """Raise MeshError for an object that would join a liquid to what is beside it."""
        for opening in self._openings:
            if any(liquids[label] for label in np.unique(region[tuple(opening.patch.cells.T)])):
                raise MeshError(opening.name, "an opening to outside cannot lie in a liquid")
        for resistance in self._resistances:
            high = resistance.patch.cells
            if moves(resistance) and any(liquids[label] for label in np.unique(region[tuple(high.T)])):
                raise MeshError(resistance.name, "what moves cannot lie in a liquid")
        for exchange in self._exchanges:
            ports = [port for port in (exchange.intake, exchange.discharge) if port is not None]
            held = {liquids[label] for port in ports for label in np.unique(region[tuple(port.cells.T)])}
            if len(held) > 1:
                raise MeshError(exchange.name, "it takes one fluid and gives another: both ends must lie in one")
            if exchange.kind == "rack" and held != {""}:
                raise MeshError(exchange.name, "a rack stands in air: servers in a liquid are blocks or sources")

    def _require_movable(self, closed: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
        """Raise MeshError for a force on air that cannot move along it."""
        for source in self._forces:
            for axis in (d for d in range(3) if source.force[d] != 0.0):
                low, high = source.cells, source.cells + np.eye(3, dtype=np.int32)[2 - axis]
                if closed[axis][tuple(low.T)].all() and closed[axis][tuple(high.T)].all():
                    raise MeshError(source.name, f"closed faces keep all its air from moving along {'xyz'[axis]}")

    def _with_doors_shut(self, closed: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        """Closed faces, and those of resisting patches that move: regions are zones that nothing that moves parts."""
        shut = tuple(faces.copy() for faces in closed)
        for resistance in self._resistances:
            if moves(resistance):
                shut[resistance.patch.axis][tuple(resistance.patch.index.T)] = True
        return shut

    def build(self) -> Mesh:
        """The mesh.

        Raises MeshError for a space or a probe inside a solid that holds no temperature, for a force on air that
        cannot move, and for a liquid that is not closed off from other fluids.
        """
        fluid = self._material < 0
        liquid = self._liquid_cells(fluid)
        walls = self._side_walls() + self._surface_walls() + self._panel_walls() + self._liquid_surfaces(liquid)
        closed = self._closed(fluid)
        self._require_movable(closed)
        slip = tuple(c & s for c, s in zip(closed, self._slip, strict=True))
        region = label_regions(fluid, self._with_doors_shut(closed), self.axes)
        liquids = self._liquid_of_regions(liquid, region, closed) if self._liquids else []
        if liquids:
            self._require_apart(region, liquids)
        spaces: dict[int, list[str]] = {}
        for name, cell in self._spaces.items():
            if not fluid[cell]:
                raise MeshError(f"spaces.{name}", "the point of this space lies inside a solid")
            spaces.setdefault(int(region[cell]), []).append(name)
        for name, cell in self._probes.items():
            if not fluid[cell] and self.materials[self._material[cell]].conductivity is None:
                raise MeshError(f"probes.{name}", "this probe lies inside an adiabatic solid")
        unsealed = {int(r) for o in self._openings for r in np.unique(region[tuple(o.patch.cells.T)])}
        for resistance in self._resistances:
            if moves(resistance):
                high = resistance.patch.cells
                for cells in (high, high - np.eye(3, dtype=np.int32)[2 - resistance.patch.axis]):
                    unsealed |= set(np.unique(region[tuple(cells.T)]).tolist())
        volume = self.axes[2].widths[:, None, None] * self.axes[1].widths[:, None] * self.axes[0].widths
        volumes = np.bincount(region[fluid], weights=volume[fluid])
        regions = tuple(
            Region(label, tuple(spaces.get(label, ())), float(v), label not in unsealed, *liquids[label : label + 1])
            for label, v in enumerate(volumes)
        )
        return Mesh(
            *self.axes,
            solid=(~fluid).astype(np.uint8),
            material=self._material.copy(),
            materials=tuple(self.materials),
            region=region,
            regions=regions,
            closed=closed,
            slip=slip,
            walls=tuple(walls),
            exchanges=tuple(self._exchanges),
            openings=tuple(self._openings),
            resistances=tuple(self._resistances),
            heat_sources=tuple(self._heat),
            momentum_sources=tuple(self._forces),
            probes=dict(self._probes),
            planes=dict(self._planes),
            notes=tuple(self.notes),
        )


def box_mesh(x, y, z, **sides: Side | str) -> Mesh:
    """An empty box: ``box_mesh(x, y, z, west="periodic", ceiling=Side("moving", (1.0, 0.0, 0.0)))``."""
    return MeshBuilder(x, y, z, sides).build()
