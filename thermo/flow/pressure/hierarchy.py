"""Coarse levels of the multigrid: geometry and coefficients, computed once on the host in float64.

Coefficient of a coarse face = sum of the fine ones x (fine centre distance / coarse centre distance): with
piecewise-constant transfer the plain Galerkin sum would be too stiff by the factor that the distance grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels import GHOST
from kernels.flags import Flag
from thermo.flow.pressure.merge import merge_lists
from thermo.flow.pressure.rows import Entries
from thermo.mesh.axis import Axis
from thermo.mesh.subdomain import Subdomain

OPEN = (Flag.OPEN_X, Flag.OPEN_Y, Flag.OPEN_Z)
_ARRAY_AXIS = (2, 1, 0)  # array dimension of x, y, z

# The air path from a coarse cell to an opening grows with this power of the cell. With 1, right where the whole side is
# open, the coarse levels moved the air of the rack room 2.4 times too far through its two openings, and a solve took
# four iterations instead of three; with 0.5 a side that is open all over takes one more.
OPENING_PATH = 0.6


def _along(axis: int, line: np.ndarray) -> np.ndarray:
    """A line of values in the shape that multiplies a field (z, y, x) along its axis."""
    shape = [1, 1, 1]
    shape[_ARRAY_AXIS[axis]] = -1
    return line.reshape(shape)


def _loops_on_itself(axis: Axis) -> bool:
    """Whether the only cell of a periodic axis is its own neighbour: its faces connect nothing."""
    return axis.periodic and axis.n == 1


@dataclass(frozen=True)
class CoarseRows:
    """What the sparse rows contribute to one coarse level: lists for the coarse_*_rows kernels.

    Target n is `place[n]` (flat index in the padded field) and takes the entries first[n] ... first[n+1]-1.
    """

    place: np.ndarray  # int32[targets]
    first: np.ndarray  # int32[targets + 1]
    entry: np.ndarray  # int32, index among the entries of all parts
    conductance: np.ndarray  # A / d of the finest face without resistance, m
    held: np.ndarray  # what of it the stencil's coefficients already hold, m
    ratio: np.ndarray  # length of the air path through it / that on the finest level


@dataclass(frozen=True)
class CoarseLevel:
    """One coarse level on the host."""

    axes: tuple[Axis, Axis, Axis]
    merge: tuple[np.ndarray, np.ndarray, np.ndarray]  # merge lists against the next finer level
    holder: tuple[np.ndarray, np.ndarray, np.ndarray]  # per axis, the coarse cell that holds each cell of the finest
    coefficients: tuple[np.ndarray, np.ndarray, np.ndarray]  # per axis, [nz, ny, nx] with n + 1 faces along the axis
    face_rows: tuple[CoarseRows, CoarseRows, CoarseRows]  # onto the coefficients of x, y, z
    cell_rows: CoarseRows  # onto the decay: faces to the outside

    def share(self, part: Subdomain) -> list[tuple[int, np.ndarray]]:
        """Per axis (x, y, z), of the cells that hold those of a part of the finest level, on the first coarse one:

        the number of the first, and where each begins in the padded part, with the end of the last; int[cells + 1].
        """
        shares = []
        for axis, (begin, cells) in enumerate(zip(part.offset[::-1], part.shape[::-1], strict=True)):
            low, high = (int(self.holder[axis][cell]) for cell in (begin, begin + cells - 1))
            shares.append((low, self.merge[axis][low : high + 2] - begin + GHOST))
        return shares


def build_levels(
    axes: Sequence[Axis], flags: np.ndarray, cuts: Sequence[Sequence[int]], entries: Entries | None
) -> list[CoarseLevel]:
    """Coarse levels for the whole grid.

    ``flags``: uint8[nz, ny, nx], bits of the low faces. ``cuts[axis]``: planes between parts. ``entries``: sparse rows.
    """
    open_faces = [_open_faces(axis, axes[axis], flags) for axis in range(3)]
    walls = [_wall_planes(axis, axes[axis], flags, open_faces[axis], entries) for axis in range(3)]
    fine_axes = tuple(axes)
    coefficients = None
    holder = tuple(np.arange(axis.n) for axis in axes)
    levels = []
    for merge in merge_lists([axis.widths for axis in axes], walls, cuts):
        coarse_axes = tuple(
            Axis(axis.faces[first], axis.periodic) for axis, first in zip(fine_axes, merge, strict=True)
        )
        if coefficients is None:
            coefficients = tuple(
                _coarsen(a, _finest_coefficients(a, fine_axes, open_faces[a]), fine_axes, coarse_axes, merge)
                for a in range(3)
            )
        else:
            coefficients = tuple(_coarsen(a, coefficients[a], fine_axes, coarse_axes, merge) for a in range(3))
        holder = tuple(
            np.searchsorted(first, held, side="right") - 1 for first, held in zip(merge, holder, strict=True)
        )
        face_rows = tuple(_face_rows(a, axes, coarse_axes, holder, open_faces[a], entries) for a in range(3))
        levels.append(
            CoarseLevel(
                coarse_axes, merge, holder, coefficients, face_rows, _cell_rows(axes, coarse_axes, holder, entries)
            )
        )
        fine_axes = coarse_axes
    return levels


def _open_faces(axis: int, line: Axis, flags: np.ndarray) -> np.ndarray:
    """bool, n + 1 faces along the axis: face 0 of a periodic axis again at its end, closed at the end of the domain."""
    is_open = (flags & OPEN[axis]) != 0
    end = is_open.take([0], _ARRAY_AXIS[axis])
    return np.concatenate([is_open, end if line.periodic else np.zeros_like(end)], axis=_ARRAY_AXIS[axis])


def _wall_planes(
    axis: int, line: Axis, flags: np.ndarray, open_faces: np.ndarray, entries: Entries | None
) -> np.ndarray:
    """bool[n + 1]: inner planes with a closed face that touches fluid, or with a face that may resist."""
    dimension = _ARRAY_AXIS[axis]
    fluid = np.moveaxis((flags & Flag.FLUID) != 0, dimension, 0)
    closed = ~np.moveaxis(open_faces, dimension, 0)[1:-1]
    walls = np.zeros(line.n + 1, dtype=bool)
    walls[1:-1] = np.any(closed & (fluid[:-1] | fluid[1:]), axis=(1, 2))
    if entries is not None:
        resisting = (entries.axis == axis) & (entries.side == -1)
        walls[entries.cell[resisting, _ARRAY_AXIS[axis]]] = True
    return walls


def _areas(axis: int, axes: Sequence[Axis]) -> np.ndarray:
    """Areas of the faces normal to the axis, to be broadcast over a field, m2."""
    first, second = (a for a in range(3) if a != axis)
    return _along(first, axes[first].widths) * _along(second, axes[second].widths)


def _finest_coefficients(axis: int, axes: Sequence[Axis], open_faces: np.ndarray) -> np.ndarray:
    """A / d of the open faces normal to the axis, m."""
    reciprocal = np.zeros(axes[axis].n + 1) if _loops_on_itself(axes[axis]) else 1.0 / axes[axis].centre_distances
    return open_faces * _areas(axis, axes) * _along(axis, reciprocal)


def _coarsen(
    axis: int, fine: np.ndarray, fine_axes: Sequence[Axis], coarse_axes: Sequence[Axis], merge: Sequence[np.ndarray]
) -> np.ndarray:
    coarse = fine.take(merge[axis], _ARRAY_AXIS[axis])  # planes inside merged cells vanish
    for other in range(3):
        if other != axis:
            coarse = np.add.reduceat(coarse, merge[other][:-1], axis=_ARRAY_AXIS[other])
    if _loops_on_itself(coarse_axes[axis]):
        return np.zeros_like(coarse)
    shortening = fine_axes[axis].centre_distances[merge[axis]] / coarse_axes[axis].centre_distances
    return coarse * _along(axis, shortening)


def _gather(place: np.ndarray, entry: np.ndarray, *values: np.ndarray) -> CoarseRows:
    order = np.argsort(place, kind="stable")
    targets, counts = np.unique(place, return_counts=True)
    first = np.concatenate([[0], np.cumsum(counts)])
    return CoarseRows(
        targets.astype(np.int32), first.astype(np.int32), entry[order].astype(np.int32), *(v[order] for v in values)
    )


def _flat_padded(axes: Sequence[Axis], cells: np.ndarray) -> np.ndarray:
    """Flat padded index of cells (k, j, i)."""
    x, y, _ = axes
    return cells[:, 2] + 2 + (x.n + 4) * (cells[:, 1] + 2 + (y.n + 4) * (cells[:, 0] + 2))


def _held_by(holder: Sequence[np.ndarray], cells: np.ndarray) -> np.ndarray:
    """Coarse cells (k, j, i) that hold cells (k, j, i) of the finest level."""
    return np.stack([holder[2 - dimension][cells[:, dimension]] for dimension in range(3)], axis=1)


def _face_area(axis: int, axes: Sequence[Axis], cells: np.ndarray) -> np.ndarray:
    first, second = (a for a in range(3) if a != axis)
    return axes[first].widths[cells[:, 2 - first]] * axes[second].widths[cells[:, 2 - second]]


def _face_rows(
    axis: int,
    axes: Sequence[Axis],
    coarse_axes: Sequence[Axis],
    holder: Sequence[np.ndarray],
    open_faces: np.ndarray,
    entries: Entries | None,
) -> CoarseRows:
    """Entries between neighbours along one axis. Each face counts once, by the entry of the cell above it."""
    if entries is None or _loops_on_itself(coarse_axes[axis]):
        return _gather(np.zeros(0, np.int64), np.zeros(0, np.int64), *np.zeros((3, 0)))
    dimension = 2 - axis
    chosen = np.flatnonzero((entries.axis == axis) & (entries.side == -1))
    plane = entries.cell[chosen, dimension]
    below = holder[axis][plane - 1]  # plane 0 of a periodic axis: the last cell
    apart = (holder[axis][plane] != below) | (plane == 0)
    chosen, plane = chosen[apart], plane[apart]
    fine = entries.cell[chosen]
    coarse = _held_by(holder, fine)
    distance = axes[axis].centre_distances[plane]
    conductance = _face_area(axis, axes, fine) / distance
    held = conductance * open_faces[tuple(fine.T)]
    ratio = coarse_axes[axis].centre_distances[coarse[:, dimension]] / distance
    # The first face of a periodic axis is also stored behind its last cell.
    image = np.flatnonzero(plane == 0)
    mirrored = coarse[image].copy()
    mirrored[:, dimension] = coarse_axes[axis].n
    every = np.concatenate([np.arange(len(chosen)), image])
    place = _flat_padded(coarse_axes, np.concatenate([coarse, mirrored]))
    return _gather(place, chosen[every], conductance[every], held[every], ratio[every])


def _cell_rows(
    axes: Sequence[Axis], coarse_axes: Sequence[Axis], holder: Sequence[np.ndarray], entries: Entries | None
) -> CoarseRows:
    """Entries to the outside: a cell reaches it over half its width, less where the opening is small, OPENING_PATH."""
    if entries is None:
        return _gather(np.zeros(0, np.int64), np.zeros(0, np.int64), *np.zeros((3, 0)))
    chosen = np.flatnonzero(entries.outside)
    fine = entries.cell[chosen]
    coarse = _held_by(holder, fine)
    conductance, ratio = np.zeros(len(chosen)), np.zeros(len(chosen))
    for axis in range(3):
        here = entries.axis[chosen] == axis
        width = axes[axis].widths[fine[here, 2 - axis]]
        conductance[here] = _face_area(axis, axes, fine[here]) / (0.5 * width)
        ratio[here] = (coarse_axes[axis].widths[coarse[here, 2 - axis]] / width) ** OPENING_PATH
    return _gather(_flat_padded(coarse_axes, coarse), chosen, conductance, np.zeros(len(chosen)), ratio)
