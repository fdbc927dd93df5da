"""The surfaces of a room as faces of the mesh, and as rectangular patches of many faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.flow.lists import face_areas
from thermo.mesh.mesh import Mesh

NO_OPENING = -1


class RadiationError(ValueError):
    """Surfaces between which radiation cannot be computed."""


@dataclass(frozen=True, eq=False)
class Faces:
    """Every closed face with air before it, once for each side that has air; liquids are opaque.

    cell: int64[n, 3] (k, j, i), the air before it. axis: of the normal. side: -1 or +1, where the face lies as seen
    from it. area: m2. opening: number of the pressure opening, else NO_OPENING. emissivity: 1 of openings.
    """

    cell: np.ndarray
    axis: np.ndarray
    side: np.ndarray
    area: np.ndarray
    opening: np.ndarray
    emissivity: np.ndarray


@dataclass(frozen=True, eq=False)
class Patches:
    """Rectangles of faces. of_face: int64[faces]. axis, facing (into the air): int64[m]; box: float[m, 3, 2], m.

    area m2, emissivity: float[m].
    """

    of_face: np.ndarray
    axis: np.ndarray
    facing: np.ndarray
    box: np.ndarray
    area: np.ndarray
    emissivity: np.ndarray


SIDES = ("walls.west", "walls.east", "walls.south", "walls.north", "walls.floor", "walls.ceiling")


def faces_of(mesh: Mesh, emissivity: float, of_side: dict[str, float]) -> Faces:
    """All radiating faces. emissivity: of every surface but those of the sides of the domain named in `of_side`.

    Raises RadiationError for a mesh with periodic sides.
    """
    if any(axis.periodic for axis in mesh.axes):
        raise RadiationError("radiation between surfaces and periodic sides do not go together")
    openings = [np.full(closed.shape, NO_OPENING) for closed in mesh.closed]
    for number, opening in enumerate(mesh.openings):
        openings[opening.patch.axis][tuple(opening.patch.index.T)] = number
    columns = []
    for axis in range(3):
        for side in (-1, 1):
            cell = np.argwhere(mesh.in_room)
            index = cell.copy()
            index[:, 2 - axis] += side > 0
            shut = mesh.closed[axis][tuple(index.T)]
            cell, index = cell[shut], index[shut]
            opening = openings[axis][tuple(index.T)]
            at_end = index[:, 2 - axis] == (mesh.axes[axis].n if side > 0 else 0)
            of_wall = of_side.get(SIDES[2 * axis + (side > 0)], emissivity)
            value = np.where(opening >= 0, 1.0, np.where(at_end, of_wall, emissivity))
            n = len(cell)
            columns.append((cell, np.full(n, axis), np.full(n, side), face_areas(mesh, axis, cell), opening, value))
    return Faces(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def patches_of(mesh: Mesh, faces: Faces, kind: np.ndarray, most: int) -> Patches:
    """Faces in one plane, of one kind and emissivity, joined to rectangles of a size that makes about `most` of them.

    kind: a number per face that a patch may not mix. Raises RadiationError where no size makes as few as `most`.
    """
    planes = _rectangles(faces, kind)
    size = np.sqrt(faces.area.sum() / most)
    largest = 4.0 * max(axis.length for axis in mesh.axes)
    while sum(len(_cuts(mesh, plane, size)) for plane in planes) > most:
        if size > largest:
            raise RadiationError(f"the surfaces are {len(planes)} separate rectangles, more than {most} patches")
        size *= 1.1
    of_face = np.empty(len(faces.cell), np.int64)
    axes, facings, boxes, areas, emissivities = [], [], [], [], []
    for plane in planes:
        members, axis, side, line, rows, columns = plane
        for row, column in _cuts(mesh, plane, size):
            mine = (rows >= row[0]) & (rows < row[1]) & (columns >= column[0]) & (columns < column[1])
            chosen = members[mine]
            of_face[chosen] = len(axes)
            a, b = (d for d in range(3) if d != axis)
            box = np.empty((3, 2))
            box[axis] = mesh.axes[axis].faces[line]
            box[a] = mesh.axes[a].faces[list(column)]
            box[b] = mesh.axes[b].faces[list(row)]
            axes.append(axis)
            facings.append(-side)
            boxes.append(box)
            areas.append(faces.area[chosen].sum())
            emissivities.append(faces.emissivity[chosen[0]])
    return Patches(of_face, np.array(axes), np.array(facings), np.array(boxes), np.array(areas), np.array(emissivities))


def _rectangles(faces: Faces, kind: np.ndarray) -> list[tuple]:
    """(faces, axis, side, line of the plane, row and column of each face) of rectangles without holes."""
    planes = []
    for axis in range(3):
        a, b = (d for d in range(3) if d != axis)
        for side in (-1, 1):
            chosen = np.flatnonzero((faces.axis == axis) & (faces.side == side))
            cells = faces.cell[chosen]
            line = cells[:, 2 - axis] + (side > 0)
            keys = np.stack([line, kind[chosen], faces.opening[chosen]], axis=1).astype(float)
            keys = np.column_stack([keys, faces.emissivity[chosen]])
            _, group = np.unique(keys, axis=0, return_inverse=True)
            for number in range(group.max(initial=-1) + 1):
                mine = group.ravel() == number
                rows, columns = cells[mine][:, 2 - b], cells[mine][:, 2 - a]
                for members in _parts(rows, columns):
                    planes.append((chosen[mine][members], axis, side, int(line[mine][0]), rows[members],
                                   columns[members]))  # fmt: skip
    return planes


def _parts(rows: np.ndarray, columns: np.ndarray) -> list[np.ndarray]:
    """Places of the entries of a set of grid squares, one array per rectangle, as long and then as high as can be."""
    top, left = rows.min(), columns.min()
    place = np.full((rows.max() - top + 1, columns.max() - left + 1), -1, np.int64)
    place[rows - top, columns - left] = np.arange(len(rows))
    free = place >= 0
    parts = []
    while free.any():
        row, column = np.unravel_index(int(free.argmax()), free.shape)
        taken = free[row, column:]
        width = len(taken) if taken.all() else int(taken.argmin())
        whole = free[row:, column : column + width].all(axis=1)
        height = len(whole) if whole.all() else int(whole.argmin())
        square = (slice(row, row + height), slice(column, column + width))
        parts.append(place[square].ravel())
        free[square] = False
    return parts


def _cuts(mesh: Mesh, plane: tuple, size: float) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Rows and columns (first, last + 1) of the pieces of a rectangle, none much longer than `size` (m)."""
    _, axis, _, _, rows, columns = plane
    a, b = (d for d in range(3) if d != axis)
    pieces = []
    for along, numbers in ((b, rows), (a, columns)):
        faces, low, high = mesh.axes[along].faces, int(numbers.min()), int(numbers.max()) + 1
        length = faces[high] - faces[low]
        number = max(1, round(length / size))
        wanted = faces[low] + length * np.arange(number + 1) / number
        lines = np.unique(low + np.abs(faces[low : high + 1, None] - wanted).argmin(axis=0))
        pieces.append(list(zip(lines[:-1].tolist(), lines[1:].tolist(), strict=True)))
    return [(row, column) for row in pieces[0] for column in pieces[1]]
