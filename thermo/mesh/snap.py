"""From the exact scene to a grid: which edges become lines, and where every object lies on them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from thermo.mesh.axis import Axis
from thermo.mesh.builder import MeshError, Side
from thermo.mesh.construction import Construction
from thermo.mesh.lines import OPENING_SHIFT, Edge, Lines, given_lines, merge_edges
from thermo.mesh.spacing import Refinement, fill_axis, tanh_faces, wanted_size
from thermo.scene import Panel, Scene, Solid
from thermo.scene.scene import BOX_SIDES, TOUCHING, Box, Liquid, Rect, area, flat_box, plane_axes


@dataclass(frozen=True)
class GridSettings:
    """How to divide space.

    size: cell size, m. snap_tolerance, m: edges nearer than this merge, never more than a third of a cell.
    min_cell, m: thinnest cell, None an eighth of the size. growth: largest ratio of neighbouring cells (1 ... 1.3).
    refinements: boxes with their cell size along each axis, m, inf where they ask for none. cells: exact numbers along
    x, y, z in place of all this, with ``stretching`` the tanh factor per axis (0 uniform). sides: name -> Side.
    constructions: of panels, by name.
    """

    size: float
    snap_tolerance: float = 0.025
    min_cell: float | None = None
    growth: float = 1.3
    refinements: tuple[tuple[Box, tuple[float, float, float]], ...] = ()
    cells: tuple[int, int, int] | None = None
    stretching: tuple[float, float, float] = (0.0, 0.0, 0.0)
    sides: dict[str, Side] = field(default_factory=dict)
    constructions: dict[str, Construction] = field(default_factory=dict)

    def refinements_along(self, axis: int) -> list[Refinement]:
        return [
            Refinement(box[0][axis], box[1][axis], sizes[axis])
            for box, sizes in self.refinements
            if np.isfinite(sizes[axis])
        ]

    def cell_at(self, axis: int, position: float) -> float:
        """Wanted cell size, m."""
        return float(wanted_size(np.array(position), self.size, self.refinements_along(axis), np.inf))

    def tolerance(self, axis: int, position: float) -> float:
        """Edges nearer than this merge, m."""
        return min(self.snap_tolerance, self.cell_at(axis, position) / 3.0)

    def minimum(self, axis: int, position: float) -> float:
        """Thinnest cell between two lines, m."""
        return self.cell_at(axis, position) / 8.0 if self.min_cell is None else self.min_cell

    def merges_within(self, axis: int, position: float) -> float:
        return max(self.tolerance(axis, position), self.minimum(axis, position))


@dataclass(frozen=True)
class SnappedScene:
    """The scene on the grid: the solids, panels and liquids that are left, in snapped coordinates, and what was moved.

    ``original`` holds the exact box of every solid.
    """

    axes: tuple[Axis, Axis, Axis]
    lines: tuple[Lines, Lines, Lines]
    solids: dict[str, Solid]
    panels: dict[str, Panel]
    original: dict[str, Box]
    liquids: dict[str, Box]
    notes: tuple[str, ...]

    def rect(self, axis: int, rect: Rect) -> Rect:
        """A rectangle of an opening or a panel on its lines."""
        a, b = plane_axes(axis)
        return tuple((self.lines[a](corner[0]), self.lines[b](corner[1])) for corner in rect)

    def on_solid(self, name: str, axis: int, rect: Rect) -> Rect:
        """A rectangle on a side of a solid that was moved and stretched by snapping, moved and stretched with it."""
        exact, snapped = self.original[name], self.solids[name].box
        pair = plane_axes(axis)
        return tuple(
            tuple(
                float(np.interp(corner[n], (exact[0][d], exact[1][d]), (snapped[0][d], snapped[1][d])))
                for n, d in enumerate(pair)
            )
            for corner in rect
        )


def snap_scene(scene: Scene, settings: GridSettings) -> SnappedScene:
    """Makes the axes and puts every solid and panel on their lines.

    Raises MeshError when an opening would move too far, an object disappears, or a gap that air flows through closes.
    """
    solids, thin_panels, notes = _thin_solids(scene, settings)
    panels = {**scene.panels, **thin_panels}
    lines = []
    axes = []
    for d in range(3):
        edges = _edges(scene, solids, panels, d)
        low, high = scene.building[0][d], scene.building[1][d]
        if settings.cells is not None:
            faces = tanh_faces(low, high, settings.cells[d], settings.stretching[d])
            lines.append(given_lines("xyz"[d], edges, faces, settings.snap_tolerance))
        else:
            tolerance, minimum = partial(settings.tolerance, d), partial(settings.minimum, d)
            lines.append(merge_edges("xyz"[d], edges, low, high, tolerance, minimum))
            faces = fill_axis(lines[d].positions, settings.size, settings.refinements_along(d), settings.growth)
        axes.append(Axis(faces))
        for owner, start, end in sorted(set(lines[d].moves)):
            notes.append(f"{owner}: edge at {'xyz'[d]} = {start:.4g} m moved by {1e3 * (end - start):+.1f} mm")
    on_lines = {name: replace(solid, box=_snapped_box(solid, lines)) for name, solid in solids.items()}
    flat = {name: _snapped_panel(panel, lines) for name, panel in panels.items()}
    _refuse_closed_gaps(scene, solids, panels, on_lines, flat)
    return SnappedScene(
        tuple(axes), tuple(lines), on_lines, flat, {name: solid.box for name, solid in solids.items()},
        {liquid.name: _snapped_box(liquid, lines) for liquid in scene.liquids}, tuple(notes),
    )  # fmt: skip


def _thin_solids(scene: Scene, settings: GridSettings) -> tuple[dict[str, Solid], dict[str, Panel], list[str]]:
    """Blocks too thin for a cell become closed panels in their middle, with the resistance of their thickness."""
    solids: dict[str, Solid] = {}
    panels: dict[str, Panel] = {}
    notes: list[str] = []
    with_ports = {port.solid for device in scene.devices for port in (device.intake, device.discharge) if port}
    for name, solid in scene.solids.items():
        middle = [0.5 * (solid.box[0][d] + solid.box[1][d]) for d in range(3)]
        thickness = [solid.box[1][d] - solid.box[0][d] for d in range(3)]
        thin = [d for d in range(3) if thickness[d] < settings.merges_within(d, middle[d])]
        if not thin or settings.cells is not None:
            solids[name] = solid
            continue
        axis = thin[0]
        active = solid.exclusive or solid.heat is not None or solid.temperature is not None or name in with_ports
        if len(thin) > 1 or active:
            what = "in two directions" if len(thin) > 1 else "to carry ports, heat or a temperature"
            raise MeshError(
                name, f"with {1e3 * thickness[axis]:.0f} mm it is too thin {what}: use smaller cells, a smaller "
                "mesh.snap_tolerance and mesh.min_cell, or a thicker block"
            )
        pair = plane_axes(axis)
        rect = tuple(tuple(corner[d] for d in pair) for corner in solid.box)
        resistance = None if solid.conductivity is None else thickness[axis] / solid.conductivity
        panels[name] = Panel(name, axis, middle[axis], rect, thermal_resistance=resistance)
        capacity = thickness[axis] * solid.density * solid.heat_capacity
        note = f"{name}: {1e3 * thickness[axis]:.0f} mm thick, became a panel"
        if resistance is not None:
            note += f" of {resistance:.3g} m2K/W; its heat capacity of {capacity:.3g} J/(m2K) is left out"
        notes.append(note)
    return solids, panels, notes


def _edges(scene: Scene, solids: dict[str, Solid], panels: dict[str, Panel], axis: int) -> list[Edge]:
    """Edges along one axis. The larger object stays: an object's weight is the area of its largest side, m2.

    The slots of racks give none: their ports share out their flow by overlap.
    """
    edges = []

    def from_rect(name: str, normal: int, rect: Rect, opening: bool) -> None:
        pair = plane_axes(normal)
        if axis in pair:
            n = pair.index(axis)
            width = rect[1][n] - rect[0][n] if opening else None
            edges.extend(Edge(corner[n], name, area(rect), width) for corner in rect)

    for solid in (*solids.values(), *scene.liquids):
        sides = sorted(solid.box[1][d] - solid.box[0][d] for d in range(3))
        edges += [Edge(corner[axis], solid.name, sides[1] * sides[2]) for corner in solid.box]
    for panel in panels.values():
        from_rect(panel.name, panel.axis, panel.rect, False)
        if panel.axis == axis:
            edges.append(Edge(panel.position, panel.name, area(panel.rect)))
    for hole in scene.holes:
        from_rect(hole.name, panels[f"panels.{hole.panel}"].axis, hole.rect, True)
    for opening in scene.openings:
        from_rect(opening.name, BOX_SIDES[opening.side][0], opening.rect, True)
    for device in scene.devices:
        for port in (device.intake, device.discharge):
            if port is not None and device.kind in ("supply", "extract"):
                from_rect(port.name, BOX_SIDES[port.side][0], port.rect, False)
    return edges


def _snapped_box(solid: Solid | Liquid, lines: list[Lines]) -> Box:
    box = tuple(tuple(lines[d](corner[d]) for d in range(3)) for corner in solid.box)
    for d in range(3):
        if box[0][d] >= box[1][d]:
            reason = f"its edges along {'xyz'[d]} merge into one: use smaller cells or a smaller mesh.snap_tolerance"
            raise MeshError(solid.name, reason)
    return box


def _snapped_panel(panel: Panel, lines: list[Lines]) -> Panel:
    a, b = plane_axes(panel.axis)
    rect = tuple((lines[a](corner[0]), lines[b](corner[1])) for corner in panel.rect)
    if rect[0][0] >= rect[1][0] or rect[0][1] >= rect[1][1]:
        raise MeshError(panel.name, "its edges merge into one: use smaller cells or a smaller mesh.snap_tolerance")
    return replace(panel, position=lines[panel.axis](panel.position), rect=rect)


def _refuse_closed_gaps(scene, solids, panels, snapped_solids, snapped_panels) -> None:
    """Two objects with a gap between them, more than an opening may shift, must not touch after snapping."""
    names = [*solids, *panels]
    plates = [flat_box(p.axis, p.position, p.rect) for p in panels.values()]
    exact = np.array([*(solid.box for solid in solids.values()), *plates]).reshape(-1, 2, 3)
    moved = np.array(
        [
            *(snapped_solids[n].box for n in solids),
            *(flat_box(p.axis, p.position, p.rect) for p in (snapped_panels[n] for n in panels)),
        ]
    ).reshape(-1, 2, 3)
    building = np.array(scene.building)
    message = (
        "{gap:.0f} mm between it and {other} along {axis} would close (a lost flow path): move them together, or use "
        "smaller cells or a mesh.snap_tolerance below the gap"
    )
    for d in range(3):
        for end, sign in ((0, 1.0), (1, -1.0)):
            gap = sign * (exact[:, end, d] - building[end, d])
            for n in np.flatnonzero((gap > OPENING_SHIFT) & (moved[:, end, d] == building[end, d])):
                raise MeshError(names[n], message.format(gap=1e3 * gap[n], other="the building", axis="xyz"[d]))
        gap = exact[None, :, 0, d] - exact[:, None, 1, d]
        closing = (gap > OPENING_SHIFT) & (moved[None, :, 0, d] <= moved[:, None, 1, d])
        for other in {0, 1, 2} - {d}:
            shared = np.minimum(exact[None, :, 1, other], exact[:, None, 1, other]) - np.maximum(
                exact[None, :, 0, other], exact[:, None, 0, other]
            )
            flat = np.ptp(exact[:, :, other], axis=1) == 0.0
            closing &= (shared > TOUCHING) | ((flat[:, None] | flat[None, :]) & (shared >= 0.0))
        for low, high in np.argwhere(closing):
            if _filled(scene, exact[low], exact[high]):
                continue
            raise MeshError(names[high], message.format(gap=1e3 * gap[low, high], other=names[low], axis="xyz"[d]))


def _filled(scene: Scene, low: np.ndarray, high: np.ndarray) -> bool:
    """Whether the middle of the space between two boxes lies in a solid (one that is now a panel, for instance)."""
    start, end = np.maximum(low[0], high[0]), np.minimum(low[1], high[1])
    middle = 0.5 * (start + end)
    return any(
        all(solid.box[0][d] - TOUCHING <= middle[d] <= solid.box[1][d] + TOUCHING for d in range(3))
        for solid in scene.solids.values()
    )
