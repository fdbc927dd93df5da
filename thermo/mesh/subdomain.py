"""The grid cut into boxes: what each part holds and who lies next to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from thermo.mesh.axis import Axis

GHOST = 2  # ghost layers on each side of a padded array


@dataclass(frozen=True)
class Subdomain:
    """A box of cells of the global grid. Triples of sizes are in array order, (z, y, x).

    ``neighbours[axis] = (low, high)`` with axis 0, 1, 2 for x, y, z: the number of the part on that side, across a
    periodic boundary too (then it may be the part itself), or None where the domain ends.
    """

    global_shape: tuple[int, int, int]
    offset: tuple[int, int, int]
    shape: tuple[int, int, int]
    neighbours: tuple[tuple[int | None, int | None], ...]

    @property
    def box(self) -> tuple[slice, slice, slice]:
        """Where the cells of the part lie in a global array of cells."""
        return tuple(slice(o, o + n) for o, n in zip(self.offset, self.shape, strict=True))

    @property
    def padded_shape(self) -> tuple[int, int, int]:
        """Shape of the part's fields with their ghost layers."""
        return tuple(n + 2 * GHOST for n in self.shape)

    def pad(self, cells: np.ndarray) -> np.ndarray:
        """The part's share of a global array of cells (nz, ny, nx) as a padded field; the ghost layers are 0."""
        padded = np.zeros(self.padded_shape, cells.dtype)
        padded[GHOST:-GHOST, GHOST:-GHOST, GHOST:-GHOST] = cells[self.box]
        return padded


@dataclass(frozen=True)
class Decomposition:
    """A grid of `counts` = (px, py, pz) parts. Part numbers run with x fastest, which fixes the order of every sum."""

    axes: tuple[Axis, Axis, Axis]
    counts: tuple[int, int, int]
    cuts: tuple[tuple[int, ...], ...]  # per axis, the index of the first cell of every part, and the number of cells
    parts: tuple[Subdomain, ...]

    @classmethod
    def split(cls, axes: Sequence[Axis], counts: tuple[int, int, int] = (1, 1, 1)) -> Decomposition:
        """Cut the grid into boxes of nearly equal numbers of cells.

        Raises ValueError when a part that has neighbours would be thinner than the ghost layers.
        """
        x, y, z = axes
        cuts = tuple(
            tuple(round(axis.n * part / count) for part in range(count + 1))
            for axis, count in zip(axes, counts, strict=True)
        )
        for name, cut, count in zip("xyz", cuts, counts, strict=True):
            if count > 1 and min(np.diff(cut)) < GHOST:
                raise ValueError(f"{count} parts along {name} of {cut[-1]} cells are thinner than {GHOST} cells")
        shape = (z.n, y.n, x.n)
        parts = []
        for position in product(*(range(count) for count in reversed(counts))):
            position = position[::-1]  # x fastest
            offset = tuple(cuts[axis][position[axis]] for axis in (2, 1, 0))
            size = tuple(cuts[axis][position[axis] + 1] - cuts[axis][position[axis]] for axis in (2, 1, 0))
            parts.append(Subdomain(shape, offset, size, _neighbours(axes, counts, position)))
        return cls((x, y, z), tuple(counts), cuts, tuple(parts))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells of the whole grid, (nz, ny, nx)."""
        x, y, z = self.axes
        return (z.n, y.n, x.n)

    def gather(self, padded_parts: Sequence[np.ndarray]) -> np.ndarray:
        """The global array of cells put together from the padded host fields of all parts."""
        whole = np.empty(self.shape, padded_parts[0].dtype)
        for part, padded in zip(self.parts, padded_parts, strict=True):
            whole[part.box] = padded[GHOST:-GHOST, GHOST:-GHOST, GHOST:-GHOST]
        return whole


def _neighbours(
    axes: Sequence[Axis], counts: Sequence[int], position: Sequence[int]
) -> tuple[tuple[int | None, int | None], ...]:
    found = []
    for axis, count in enumerate(counts):
        pair = []
        for side in (-1, 1):
            beside = list(position)
            beside[axis] += side
            if axes[axis].periodic:
                beside[axis] %= count
            inside = 0 <= beside[axis] < count
            pair.append(beside[0] + counts[0] * (beside[1] + counts[1] * beside[2]) if inside else None)
        found.append(tuple(pair))
    return tuple(found)
