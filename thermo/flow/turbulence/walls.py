"""Closed faces without slip, as the wall layer needs them: one entry per cell and side at which it has a wall."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from kernels import GHOST
from thermo.flow.lists import group
from thermo.flow.part import FREE, OPEN, Part, of_walls, padded_widths, window_of, wrap_ghosts
from thermo.mesh.mesh import Mesh

SIDES = (0, 1)  # low, high
SIDE_NAMES = ("west", "east", "south", "north", "floor", "ceiling")  # of the domain: low and high along x, y, z


@dataclass(frozen=True)
class WallSides:
    """Walls beside the fluid cells of a part and of the layer of ghost cells around it.

    cell: int64[n], element number. axis: int32[n], of the normal. side: int32[n], 0 where the wall is the cell's low
    face, 1 its high face. distance: float64[n] from the cell's centre, m. area: float64[n] of the face, m2. velocity:
    float64[n, 3] of the wall, m/s. own: bool[n], whether the cell is one of the part's. wall: int32[n], which of
    `wall_names` it belongs to. number: for each (axis, side) the entry of every padded cell,
    flat int64, -1 where there is none.
    """

    cell: np.ndarray
    axis: np.ndarray
    side: np.ndarray
    distance: np.ndarray
    area: np.ndarray
    velocity: np.ndarray
    own: np.ndarray
    wall: np.ndarray
    number: dict[tuple[int, int], np.ndarray]


def wall_sides(mesh: Mesh, part: Part) -> WallSides:
    """Every pair of fluid cell and closed face that is not free of shear."""
    marks = part.marks.astype(np.int32)
    inner = np.zeros(marks.shape, bool)
    inner[(slice(GHOST - 1, 1 - GHOST),) * 3] = True
    # a liquid is laminar: its walls are those of the stencil
    liquid = np.array([bool(region.liquid) for region in mesh.regions] or [False])[part.labels]
    near = ((marks & 8) != 0) & inner & ~liquid
    columns: dict[str, list] = {
        name: [] for name in ("cell", "axis", "side", "distance", "area", "velocity", "own", "wall")
    }
    number, counted = {}, 0
    own = np.zeros(marks.shape, bool)
    own[(slice(GHOST, -GHOST),) * 3] = True
    for axis, side in product(range(3), SIDES):
        bits = np.roll(marks, -side, axis=2 - axis) & (OPEN[axis] | FREE[axis])
        cell = np.flatnonzero(near & (bits == 0))
        entry = np.full(marks.size, -1, np.int64)
        entry[cell] = counted + np.arange(len(cell))
        number[axis, side] = entry
        counted += len(cell)
        place = np.unravel_index(cell, marks.shape)
        columns["cell"].append(cell)
        columns["axis"].append(np.full(len(cell), axis, np.int32))
        columns["side"].append(np.full(len(cell), side, np.int32))
        widths = [padded_widths(mesh, part, d)[place[2 - d]] for d in range(3)]
        columns["distance"].append(0.5 * widths[axis])
        columns["area"].append(np.prod([widths[d] for d in range(3) if d != axis], axis=0))
        columns["velocity"].append(of_walls(mesh, part, axis, side, [wall.velocity for wall in mesh.walls])[cell])
        columns["wall"].append(_named_walls(mesh, part, axis, side)[cell])
        columns["own"].append(own.ravel()[cell])
    return WallSides(**{name: np.concatenate(values) for name, values in columns.items()}, number=number)


def wall_names(mesh: Mesh) -> tuple[str, ...]:
    """Names of the walls: those of the mesh's patches, the sides of the domain, and what stands in the room."""
    return (*(wall.patch.name for wall in mesh.walls), *(f"walls.{side}" for side in SIDE_NAMES), "solids", "panels")


def _named_walls(mesh: Mesh, part: Part, axis: int, side: int) -> np.ndarray:
    """Which of `wall_names` lies at one side of every padded cell of the part, int32, flat."""
    patches = len(mesh.walls)
    solids, panels = patches + len(SIDE_NAMES), patches + len(SIDE_NAMES) + 1
    solid = np.zeros(tuple(n + 2 * GHOST for n in mesh.shape))
    solid[(slice(GHOST, -GHOST),) * 3] = mesh.solid
    wrap_ghosts(solid, mesh)
    beyond = np.roll(solid, 1 - 2 * side, axis=2 - axis)
    found = np.where(beyond != 0, solids, panels)
    if not mesh.axes[axis].periodic:
        last = -1 - GHOST if side else GHOST
        np.moveaxis(found, 2 - axis, 0)[last] = patches + 2 * axis + side
    covered = of_walls(mesh, part, axis, side, np.arange(1, patches + 1)).ravel() if patches else 0
    return np.where(covered, covered - 1, window_of(mesh, part, found).ravel()).astype(np.int32)


def sheared_faces(mesh: Mesh, part: Part, walls: WallSides) -> dict[str, np.ndarray]:
    """Open faces of the part beside walls, as rows of `wall_shear`: one entry per half of a volume and wall."""
    marks = part.marks.astype(np.int32)
    own = np.zeros(marks.shape, bool)
    own[(slice(GHOST, -GHOST),) * 3] = True
    places = [np.arange(n) for n in marks.shape]
    faces, axes, wall, share = [], [], [], []
    for along in range(3):
        face = np.flatnonzero(own & ((marks & OPEN[along]) != 0))
        here = np.unravel_index(face, marks.shape)
        widths = padded_widths(mesh, part, along)
        place = places[2 - along][here[2 - along]]
        distance = 0.5 * (widths[place] + widths[place - 1])
        for normal, half, side in product((d for d in range(3) if d != along), (-1, 0), SIDES):
            entry = walls.number[normal, side][face + half * part.stride(along)]
            kept = entry >= 0
            across = padded_widths(mesh, part, normal)[here[2 - normal]]
            faces.append(face[kept])
            axes.append(np.full(int(kept.sum()), along))
            wall.append(entry[kept])
            share.append((0.5 * widths[place + half] / distance / across)[kept])
    face, axis, entry, part_of_volume = (np.concatenate(column) for column in (faces, axes, wall, share))
    rows = group(face * 3 + axis)
    first = rows.order[rows.start[:-1]]
    velocity = walls.velocity[entry, axis]
    return {
        "axis": axis[first].astype(np.int32), "face": face[first].astype(np.int64), "start": rows.start,
        "wall": entry[rows.order].astype(np.int32), "share": part_of_volume[rows.order],
        "wall_velocity": velocity[rows.order],
    }  # fmt: skip


@dataclass(frozen=True)
class CellsBehind:
    """What lies behind the first cells at walls, along the normal and through open faces.

    second, third: float64[n] by entry of `WallSides`, distance from the wall of the centre of that cell, m; 0 where
    there is none, or where the part does not hold it. cell, start, wall: rows of the part's second cells which have a
    third behind them, int64[rows], int32[rows+1], and their walls, int32[entries].
    """

    second: np.ndarray
    third: np.ndarray
    cell: np.ndarray
    start: np.ndarray
    wall: np.ndarray


def cells_behind(mesh: Mesh, part: Part, walls: WallSides) -> CellsBehind:
    """Second and third cells at all walls of the part and of the layer of ghost cells around it."""
    own = np.zeros(part.marks.shape, bool)
    own[(slice(GHOST, -GHOST),) * 3] = True
    own = own.ravel()
    second, third = np.zeros(len(walls.cell)), np.zeros(len(walls.cell))
    cells, entries = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for axis, side in product(range(3), SIDES):
        entry = np.flatnonzero((walls.axis == axis) & (walls.side == side))
        cell, away, entry = _next_cells(mesh, part, axis, side, walls.cell[entry], walls.distance[entry], entry)
        second[entry] = away
        held = own[cell]
        cell, away, entry = cell[held], away[held], entry[held]
        _, beyond, kept = _next_cells(mesh, part, axis, side, cell, away, np.arange(len(entry)))
        third[entry[kept]] = beyond
        cells.append(cell[kept])
        entries.append(entry[kept])
    rows = group(np.concatenate(cells))
    wall = np.concatenate(entries)[rows.order].astype(np.int32)
    return CellsBehind(second, third, rows.receiver, rows.start, wall)


def _next_cells(
    mesh: Mesh, part: Part, axis: int, side: int, cell: np.ndarray, away: np.ndarray, entry: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The next cells away from walls on a side of cells at distances `away`, their distances, m, and their entries.

    Only those that lie in the padded part, behind an open face.
    """
    marks, widths = part.marks.astype(np.int32).ravel(), padded_widths(mesh, part, axis)
    place = np.unravel_index(cell, part.marks.shape)[2 - axis]
    beyond = place + 1 - 2 * side
    inside = (beyond >= 0) & (beyond < len(widths))
    cell, away, entry, place, beyond = (values[inside] for values in (cell, away, entry, place, beyond))
    following = cell + part.stride(axis) * (1 - 2 * side)
    is_open = (marks[np.maximum(cell, following)] & OPEN[axis]) != 0  # the low face of the higher cell
    away = away + 0.5 * (widths[place] + widths[beyond])
    return following[is_open], away[is_open], entry[is_open]
