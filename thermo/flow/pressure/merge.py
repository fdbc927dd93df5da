"""Which cells merge from one multigrid level to the next: one list per axis.

A level merges only where merging helps: neighbours whose joint width stays below a limit that doubles from level to
level, starting from the smallest cell width of the grid over all axes. Thin cells merge first, until all are about
cubic, and point smoothing stays good on stretched grids and at large aspect ratios. No plane that carries panels or
walls is straddled as long as anything else is left to merge: a coarse cell on both sides of a wall couples what the
wall separates.
"""

from collections.abc import Sequence

import numpy as np

# A level that would keep more than this share of the cells is left out, and the limit doubled instead. Growth 1.3 at
# 1e6 cells takes 7 iterations with 0.97, 10 with 0.9, 16 with 0.85: strongly stretched grids need their many levels.
LEAST_REDUCTION = 0.97
# Widths up to this factor apart merge together: an axis whose cells are 1 % wider than the others' must not lag a level
# behind (rack room with cells of 0.115 x 0.117 x 0.116 m: 8 iterations instead of 12).
SLACK = 1.3


def _pairs(widths: np.ndarray, kept: np.ndarray, limit: float) -> np.ndarray:
    """First cell of every merged cell, and the number of cells; `kept[i]` protects the plane below cell i."""
    first = []
    cell = 0
    while cell < len(widths):
        first.append(cell)
        last = cell + 1 == len(widths)
        join = not last and not kept[cell + 1] and widths[cell] + widths[cell + 1] <= limit * SLACK
        cell += 2 if join else 1
    return np.array([*first, len(widths)])


def merge_lists(
    widths: Sequence[np.ndarray], walls: Sequence[np.ndarray], cuts: Sequence[Sequence[int]]
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Merge lists of every coarse level, for the axes x, y, z, until one cell is left.

    ``widths``: cell widths of the finest level (m). ``walls[axis]``: bool[n+1], planes that carry closed faces next to
    fluid. ``cuts[axis]``: planes between parts, which the first coarse level never straddles, because the parts
    restrict on their own. A merge list holds, in cells of the next finer level, the first cell of every coarse cell and
    the number of cells at its end.
    """
    widths = [np.asarray(width, dtype=np.float64) for width in widths]
    walls = [np.array(wall, dtype=bool) for wall in walls]
    fixed = []
    for width, cut in zip(widths, cuts, strict=True):
        fixed.append(np.zeros(len(width) + 1, dtype=bool))
        fixed[-1][list(cut)] = True
    limit = min(width.min() for width in widths)
    everything = max(width.sum() for width in widths)
    keep_walls = True
    levels = []
    while (cells := np.prod([len(width) for width in widths])) > 1:
        if limit > 2.0 * everything:  # nothing between the walls is left to merge
            if not keep_walls:
                break
            keep_walls = False
            limit = min(width.min() for width in widths)
        limit *= 2.0
        kept = [wall | plane if keep_walls else plane for wall, plane in zip(walls, fixed, strict=True)]
        lists = [_pairs(width, planes, limit) for width, planes in zip(widths, kept, strict=True)]
        if np.prod([len(first) - 1 for first in lists]) > LEAST_REDUCTION * cells:
            continue
        levels.append(tuple(lists))
        widths = [np.add.reduceat(width, first[:-1]) for width, first in zip(widths, lists, strict=True)]
        walls = [wall[first] for wall, first in zip(walls, lists, strict=True)]
        fixed = [np.zeros(len(first), dtype=bool) for first in lists]
    return levels
