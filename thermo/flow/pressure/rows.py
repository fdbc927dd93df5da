"""Sparse rows of the pressure operator: what its stencil of open faces cannot know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels import GHOST, Backend
from thermo.mesh.subdomain import Decomposition, Subdomain

OUTSIDE = -1  # `other` of an entry that leads out of the domain, where the unknown is 0


@dataclass(frozen=True)
class SparseRows:
    """Row n adds sum over its entries of coefficient (phi_other - phi_cell) to the balance of ``cell[n]``.

    The rows of all parts together have to be symmetric: an entry from a to b needs one from b to a with the same
    coefficient. `coefficient` (m) may be changed on the device at any time; the solver's `update_coefficients` then
    brings the preconditioner up to date. An open face that resists is corrected by (beta - 1) A / d, with its beta in
    0...1; a face of a pressure opening, closed in the flags, conducts its full coefficient.
    """

    cell: np.ndarray  # int32[rows], flat padded index in the part, ascending
    first: np.ndarray  # int32[rows + 1], first entry of every row, and the number of entries
    other: np.ndarray  # int32[entries], flat padded index, ghost cells allowed, or OUTSIDE
    axis: np.ndarray  # int8[entries], direction of the face the entry crosses: 0, 1, 2 for x, y, z
    coefficient: Any  # real[entries] on the device
    face: np.ndarray  # int32[entries], number of the face in the lists given to `rows_of_faces`


def rows_of_faces(
    backend: Backend,
    decomposition: Decomposition,
    inner_faces: np.ndarray,
    inner_axis: np.ndarray,
    outer_cells: np.ndarray,
    outer_axis: np.ndarray,
) -> list[SparseRows]:
    """Rows of every part for faces between two cells and faces to the outside; the coefficients start at 0.

    ``inner_faces``: int[n, 3], global (k, j, i) of the cell whose low face along ``inner_axis`` it is (0 on a periodic
    axis is the face to the last cell). ``outer_cells``: int[m, 3], global cell that touches the opening,
    ``outer_axis`` its normal. The number of a face is its place in the first list or n + its place in the second.
    """
    inner_faces, outer_cells = (np.asarray(cells, np.int64).reshape(-1, 3) for cells in (inner_faces, outer_cells))
    inner_axis, outer_axis = (np.asarray(axis, np.int64).reshape(-1) for axis in (inner_axis, outer_axis))
    shape = np.array(decomposition.shape)
    step = np.eye(3, dtype=np.int64)[2 - inner_axis]  # one cell along the axis, in (k, j, i)
    number = np.arange(len(inner_faces))
    cells = np.concatenate([inner_faces, (inner_faces - step) % shape, outer_cells])
    beyond = np.concatenate([-step, step, np.zeros_like(outer_cells)])
    axis = np.concatenate([inner_axis, inner_axis, outer_axis])
    outside = np.repeat([False, True], [2 * len(inner_faces), len(outer_cells)])
    face = np.concatenate([number, number, len(number) + np.arange(len(outer_cells))])
    return [_cut(backend, part, cells, beyond, axis, outside, face) for part in decomposition.parts]


def _cut(
    backend: Backend,
    part: Subdomain,
    cells: np.ndarray,
    beyond: np.ndarray,
    axis: np.ndarray,
    outside: np.ndarray,
    face: np.ndarray,
) -> SparseRows:
    local = cells - part.offset
    mine = np.all((local >= 0) & (local < part.shape), axis=1)
    strides = np.array([part.padded_shape[1] * part.padded_shape[2], part.padded_shape[2], 1])
    flat = (local[mine] + GHOST) @ strides
    other = np.where(outside[mine], OUTSIDE, flat + beyond[mine] @ strides)
    order = np.argsort(flat, kind="stable")
    cell, counts = np.unique(flat, return_counts=True)
    return SparseRows(
        cell=cell.astype(np.int32),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        other=other[order].astype(np.int32),
        axis=axis[mine][order].astype(np.int8),
        coefficient=backend.zeros(len(order)),
        face=face[mine][order].astype(np.int32),
    )


@dataclass(frozen=True)
class Entries:
    """The entries of the rows of all parts behind one another, in global terms."""

    cell: np.ndarray  # int64[entries, 3], global (k, j, i) of the receiving cell
    axis: np.ndarray  # int64[entries]
    side: np.ndarray  # int64[entries]: -1 other is the low neighbour, 1 the high one, 0 neither
    outside: np.ndarray  # bool[entries]

    @classmethod
    def collect(cls, decomposition: Decomposition, rows: Sequence[SparseRows]) -> "Entries":
        """Entries of all parts, in the order of the parts. Raises ValueError for rows that are not in order."""
        cells, axes, sides, outsides = [], [], [], []
        for part, own in zip(decomposition.parts, rows, strict=True):
            if np.any(np.diff(own.cell) <= 0):
                raise ValueError("the cells of sparse rows have to ascend")
            cell = np.repeat(own.cell.astype(np.int64), np.diff(own.first))
            strides = np.array([part.padded_shape[1] * part.padded_shape[2], part.padded_shape[2], 1])
            axis = own.axis.astype(np.int64)
            offset = own.other - cell
            along = strides[2 - axis]
            side = np.where(offset == along, 1, np.where(offset == -along, -1, 0))
            outsides.append(own.other == OUTSIDE)
            sides.append(np.where(outsides[-1], 0, side))
            axes.append(axis)
            cells.append(np.stack(np.unravel_index(cell, part.padded_shape), axis=1) - GHOST + part.offset)
        return cls(np.concatenate(cells), np.concatenate(axes), np.concatenate(sides), np.concatenate(outsides))
