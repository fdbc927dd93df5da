"""Connected fluid regions."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from thermo.mesh.axis import Axis


def label_regions(
    fluid: np.ndarray, closed: tuple[np.ndarray, np.ndarray, np.ndarray], axes: tuple[Axis, Axis, Axis]
) -> np.ndarray:
    """Labels of the fluid cells that are connected through open faces.

    fluid: bool[nz, ny, nx]; closed: the faces per axis as in ``Mesh``. Returns int16[nz, ny, nx], -1 in solids, else
    0, 1, ... in the order of each region's first cell.
    """
    number = np.arange(fluid.size, dtype=np.int32).reshape(fluid.shape)
    low_cells, high_cells = [], []
    for axis in range(3):
        dimension = 2 - axis
        faces = np.moveaxis(~closed[axis], dimension, 0)
        cells = np.moveaxis(number, dimension, 0)
        inner = faces[1:-1]
        low_cells.append(cells[:-1][inner])
        high_cells.append(cells[1:][inner])
        if axes[axis].periodic:
            low_cells.append(cells[-1][faces[0]])
            high_cells.append(cells[0][faces[0]])
    low, high = np.concatenate(low_cells), np.concatenate(high_cells)
    graph = coo_matrix((np.ones(low.size, np.int8), (low, high)), shape=(fluid.size, fluid.size)).tocsr()
    _, component = connected_components(graph, directed=False)
    region = np.full(fluid.shape, -1, np.int16)
    _, first, label = np.unique(component[fluid.ravel()], return_index=True, return_inverse=True)
    rank = np.empty(first.size, np.int16)
    rank[np.argsort(first)] = np.arange(first.size)
    region[fluid] = rank[label]
    return region
