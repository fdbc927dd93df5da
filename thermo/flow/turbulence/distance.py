"""Distance of every cell's centre to the nearest wall with friction, as models of the mean flow need it.

Exact on the tensor grid. With a wall face as the rectangle it is, the square of the distance is a sum of one term per
axis: the gap along the face's normal between its plane and the centre, and along the two others between its edges and
the centre. So the least of them over all faces of one normal is found axis by axis (Felzenszwalb & Huttenlocher 2012,
Theory of Computing 8, 415, section 2: distance transforms separate), first along the normal by two sweeps, then across
by comparing each line with those around it, nearest first, until none beyond can be nearer.
"""

from __future__ import annotations

from itertools import count

import numpy as np

from thermo.mesh.axis import Axis
from thermo.mesh.mesh import Mesh

FAR = 1e6  # m: where there is no wall at all


def wall_distance(mesh: Mesh) -> np.ndarray:
    """Distance to the nearest closed face that is not free of shear, m, float64 (nz, ny, nx); 0 in solids.

    The straight line to the nearest point of all walls crosses none, so no line of sight is asked for: only what is
    hidden behind a surface free of shear could be taken for nearer than it acts.
    """
    fluid = mesh.solid == 0
    along_normals = [_along_normal(mesh, axis, fluid) for axis in range(3)]
    bound = np.minimum.reduce(along_normals)
    for normal, squared in enumerate(along_normals):
        for across in range(3):
            if across != normal:
                squared = _across(squared, mesh.axes[across], 2 - across, bound, fluid)
        bound = np.minimum(bound, squared)
    return np.where(fluid, np.minimum(np.sqrt(bound), FAR), 0.0)


def _along_normal(mesh: Mesh, axis: int, fluid: np.ndarray) -> np.ndarray:
    """Square of the distance to the nearest wall face across `axis` in the same line of cells, inf where none is."""
    line = mesh.axes[axis]
    walls = np.moveaxis(_walls(mesh, axis, fluid), 2 - axis, 0)
    turns = (-1, 0, 1) if line.periodic else (0,)
    last = line.faces[-1:] + turns[-1] * line.length
    coordinates = np.concatenate([*(line.faces[:-1] + turn * line.length for turn in turns), last])
    repeated = np.concatenate([walls[:-1]] * len(turns) + [walls[-1:]])
    places = coordinates.reshape(-1, 1, 1)
    before = np.maximum.accumulate(np.where(repeated, places, -np.inf), axis=0)
    after = np.minimum.accumulate(np.where(repeated, places, np.inf)[::-1], axis=0)[::-1]
    first = line.n * turns.index(0)
    cells = slice(first, first + line.n)
    centres = line.centres.reshape(-1, 1, 1)
    nearest = np.minimum(centres - before[cells], after[first + 1 : first + line.n + 1] - centres)
    return np.moveaxis(nearest**2, 0, 2 - axis)


def _walls(mesh: Mesh, axis: int, fluid: np.ndarray) -> np.ndarray:
    """Which faces across `axis` are walls with friction that air touches; shape of `mesh.closed[axis]`."""
    ends = [(0, 0)] * 3
    ends[2 - axis] = (1, 1)
    padded = np.pad(fluid, ends, mode="wrap" if mesh.axes[axis].periodic else "constant")
    cells = np.moveaxis(padded, 2 - axis, 0)
    return mesh.closed[axis] & ~mesh.slip[axis] & np.moveaxis(cells[:-1] | cells[1:], 0, 2 - axis)


def _across(squared: np.ndarray, line: Axis, array_axis: int, bound: np.ndarray, fluid: np.ndarray) -> np.ndarray:
    """The least over all lines of cells along an axis of `squared` there plus the square of the gap to that line.

    A gap is that between a centre and the nearer face of the other cell, so 0 for its own line. bound: squares beyond
    which nothing is of interest.
    """
    from_lines = np.moveaxis(squared, array_axis, 0)
    found = from_lines.copy()
    limit = np.max(bound, where=fluid, initial=0.0)
    places, n = np.arange(line.n), line.n
    for offset in count(1):
        least = np.inf
        for other in (places + offset, places - offset):
            turns = other // n if line.periodic else np.zeros(n, int)
            kept = np.ones(n, bool) if line.periodic else (other >= 0) & (other < n)
            source = (other % n)[kept]
            shift = turns[kept] * line.length
            low, high = line.faces[source] + shift, line.faces[source + 1] + shift
            gap = np.maximum(low - line.centres[kept], line.centres[kept] - high)
            if gap.size:
                least = min(least, gap.min())
                found[kept] = np.minimum(found[kept], from_lines[source] + (gap**2).reshape(-1, 1, 1))
        if least**2 >= limit or offset >= n:
            return np.moveaxis(found, 0, array_axis)
