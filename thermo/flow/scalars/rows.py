"""Sparse lists of one scalar: sources in cells, walls of given value, and what is outside of openings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from thermo.flow.lists import face_areas, group
from thermo.flow.part import Part
from thermo.flow.scalars.definition import CellSource, TransportedScalar
from thermo.mesh.mesh import Mesh


def wall_conductances(mesh: Mesh, scalar: TransportedScalar) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells (k, j, i) at walls of given value, the conductance Gamma A / (half a cell), kg/s, and the value."""
    cells, conductances, values = [np.empty((0, 3), np.int64)], [np.empty(0)], [np.empty(0)]
    for wall in scalar.walls:
        patch = wall.patch
        inside = patch.cells.astype(np.int64)
        half = 0.5 * mesh.axes[patch.axis].widths[inside[:, 2 - patch.axis]]
        cells.append(inside)
        conductances.append(scalar.diffusivity * face_areas(mesh, patch.axis, patch.index) / half)
        values.append(np.full(len(inside), wall.value))
    return np.concatenate(cells), np.concatenate(conductances), np.concatenate(values)


def scalar_rows(mesh: Mesh, part: Part, scalar: TransportedScalar) -> dict[str, np.ndarray]:
    """Rows by receiving cell of the part, for the kernel `scalar_rows`."""
    wall_cells, conductance, value = wall_conductances(mesh, scalar)
    source_cells, rate = _sources(scalar.sources)
    local, source_local = part.local(wall_cells), part.local(source_cells)
    kept, source_kept = part.holds(local), part.holds(source_local)
    receiver, source_cell = part.flat(local)[kept], part.flat(source_local)[source_kept]
    cells = np.unique(np.concatenate([receiver, source_cell]))
    rows = group(receiver)
    counts = np.zeros(len(cells), np.int64)
    counts[np.searchsorted(cells, rows.receiver)] = np.diff(rows.start)
    return {
        "cell": cells, "start": np.append(0, np.cumsum(counts)).astype(np.int32),
        "source": np.bincount(np.searchsorted(cells, source_cell), rate[source_kept], len(cells)).astype(np.float64),
        "conductance": conductance[kept][rows.order], "value": value[kept][rows.order],
        "reciprocal_volume": 1.0 / part.volumes(cells),
    }  # fmt: skip


def _sources(sources: Sequence[CellSource]) -> tuple[np.ndarray, np.ndarray]:
    if not sources:
        return np.empty((0, 3), np.int64), np.empty(0)
    cells = np.concatenate([np.asarray(source.cells, np.int64) for source in sources])
    return cells, np.concatenate([source.rate * np.asarray(source.share, float) for source in sources])


def largest_wall_rate(mesh: Mesh, scalar: TransportedScalar, density: float) -> float:
    """Largest rate at which walls of given value draw a cell to theirs, 1/s."""
    cells, conductance, _ = wall_conductances(mesh, scalar)
    if not len(cells):
        return 0.0
    number = np.ravel_multi_index(tuple(cells.T), mesh.shape)
    sums = np.bincount(number, conductance)
    filled = np.flatnonzero(sums)
    return float((sums[filled] / mesh.volumes().ravel()[filled]).max() / density)
