"""The small coarse levels, which one kernel runs through.

Eleven kernels for each of eight levels, launched one by one, would cost a GPU as much as all the rest of a cycle on
some 10^6 cells; on the host they cost as much as a sweep of the finest level at 10^5.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import GHOST, Backend, Extent, Node
from thermo.flow.exchange import extent_of
from thermo.flow.pressure.hierarchy import CoarseLevel
from thermo.mesh.subdomain import Decomposition

FIELDS = 8  # of a level, in the order of coarse_tail.cuh: cx, cy, cz, decay, inverse diagonal, b, x, work
_ALIGNMENT = 16  # elements between the beginnings of fields: whole vectors


def most_cells(backend: Backend) -> int:
    """Cells of the largest level that belongs to the tail.

    On the host the tail runs over the spans of planes, which on short rows is twice as fast as over rows, though on one
    thread. On a GPU one block reads some 80 GB/s: beyond 4096 cells a loop would take longer than a launch of its own.
    """
    return 4096 if backend.asynchronous else 16384


class Tail:
    """Memory and kernel of the levels; ``pairs`` are the pairs of sweeps on each side of a level."""

    def __init__(self, backend: Backend, levels: Sequence[CoarseLevel], pairs: Sequence[int]) -> None:
        self._backend = backend
        self._extents = [extent_of(Decomposition.split(level.axes).parts[0]) for level in levels]
        self._sizes = [-(-int(np.prod(extent.shape)) // _ALIGNMENT) * _ALIGNMENT for extent in self._extents]
        self._begins = np.concatenate([[0], np.cumsum([FIELDS * size for size in self._sizes])]).astype(int)
        self._store = backend.zeros(int(self._begins[-1]))
        maps, numbers = [np.zeros(0, np.int64)], []
        for n, (level, extent) in enumerate(zip(levels, self._extents, strict=True)):
            periodic = sum(1 << axis for axis, line in enumerate(level.axes) if line.periodic)
            first_map = sum(map(len, maps))
            numbers.append(
                (extent.nx, extent.ny, extent.nz, self._begins[n], self._sizes[n], pairs[n], periodic, first_map)
            )
            if n + 1 < len(levels):
                maps += [first + GHOST for first in levels[n + 1].merge]
                maps += [np.pad(held + GHOST, GHOST, mode="edge") for held in holders(levels[n + 1])]
        self._levels = backend.array(numbers, np.int32)
        self._maps = backend.array(np.concatenate([*maps, [0]]), np.int32)  # one level alone has no map

    def fields(self, number: int) -> list[Any]:
        """The eight fields of a level, views of the store."""
        shape, size = self._extents[number].shape, int(np.prod(self._extents[number].shape))
        begins = [self._begins[number] + field * self._sizes[number] for field in range(FIELDS)]
        return [self._store[begin : begin + size].reshape(shape) for begin in begins]

    def node(self, weights: Any) -> Node:
        """x of the first level from its b. ``weights`` are those of one pair of sweeps, then those of two."""
        return self._backend.bind(
            "coarse_tail",
            Extent(1, 1, 1),
            levels=self._levels,
            maps=self._maps,
            weights=weights,
            store=self._store,
            level_count=len(self._extents),
        )


def holders(level: CoarseLevel) -> list[np.ndarray]:
    """Per axis, the cell of a coarse level that holds each cell of the next finer one."""
    return [np.repeat(np.arange(len(first) - 1), np.diff(first)) for first in level.merge]
