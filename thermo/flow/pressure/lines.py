"""Transfer between a part of the finest level and the first coarse level, over lines along x.

A line holds one value per cell along x for the one or two by one or two rows of cells that a coarse cell holds in y and
z. Residuals are summed onto lines as they are computed, and corrections are read from lines as they are needed: neither
is stored on the finest level, and every loop along x runs over neighbours in memory.
"""

from typing import Any

import numpy as np

from kernels import GHOST, Backend, Extent, Node
from thermo.flow.pressure.hierarchy import CoarseLevel
from thermo.mesh.axis import Axis
from thermo.mesh.subdomain import Decomposition, Subdomain


class Lines:
    """Lines of one part, those that hold its first ghost cells included.

    ``correction`` are the arguments of the kernels that read a correction from the lines.
    """

    def __init__(
        self, backend: Backend, decomposition: Decomposition, part: Subdomain, fine: Extent, level: CoarseLevel
    ) -> None:
        self._backend = backend
        self._fine = fine
        begin, shape = part.offset[::-1], part.shape[::-1]  # x, y, z
        self._firsts, self._begins, shares, lines = [], [], [], []
        for axis, (low, first) in enumerate(level.share(part)):
            cells = len(first) - 1
            self._firsts.append(backend.array(first, np.int32))
            self._begins.append(low + GHOST)
            shares.append(cells)
            held = level.holder[axis][_padded_cells(decomposition.axes[axis], begin[axis], shape[axis])]
            lines.append(_numbered(np.arange(low, low + cells), held))
        self._share = Extent(*shares)
        self._to_x = backend.array(lines[0][0][lines[0][1]] + GHOST, np.int32)
        (coarse_y, line_y), (coarse_z, line_z) = lines[1:]
        self._coarse_y, self._coarse_z = (backend.array(held + GHOST, np.int32) for held in (coarse_y, coarse_z))
        # Residuals on the part's own lines, and then corrections on all of them, in the same memory.
        self._residual_extent = Extent(fine.nx, self._share.ny, self._share.nz)
        self._correction_extent = Extent(fine.nx + 2, len(coarse_y), len(coarse_z))
        memory = backend.zeros(int(np.prod(self._correction_extent.shape)))
        self._residual, self._correction = (
            memory[: int(np.prod(extent.shape))].reshape(extent.shape)
            for extent in (self._residual_extent, self._correction_extent)
        )
        self.correction = {
            "lines": self._correction,
            "line_y": backend.array(line_y + GHOST, np.int32),
            "line_z": backend.array(line_z + GHOST, np.int32),
            "lines_y": self._correction_extent.ny + 2 * GHOST,
        }

    def residual(self, stencil: dict[str, Any], switches: dict[str, int], b: Any, x: Any) -> Node:
        """The residual of x, summed onto the lines."""
        return self._backend.bind(
            "pressure_residual_lines",
            self._residual_extent,
            switches,
            **stencil,
            b=b,
            x=x,
            lines=self._residual,
            fine_extent=self._fine,
            first_y=self._firsts[1],
            first_z=self._firsts[2],
        )

    def restrict(self, coarse: Any, coarse_extent: Extent) -> Node:
        """Sums of the lines in the part's share of the coarse level."""
        begins = {f"coarse_{index}": begin for index, begin in zip("ijk", self._begins, strict=True)}
        return self._backend.bind(
            "restrict_lines",
            self._share,
            lines=self._residual,
            coarse=coarse,
            lines_extent=self._residual_extent,
            coarse_extent=coarse_extent,
            first_x=self._firsts[0],
            **begins,
        )

    def prolong(self, coarse: Any, coarse_extent: Extent) -> Node:
        """The values of the coarse level on all lines."""
        return self._backend.bind(
            "prolong_lines",
            self._correction_extent,
            coarse=coarse,
            lines=self._correction,
            coarse_extent=coarse_extent,
            to_x=self._to_x,
            coarse_y=self._coarse_y,
            coarse_z=self._coarse_z,
        )


def _padded_cells(axis: Axis, begin: int, cells: int) -> np.ndarray:
    """Cell of the whole axis for every padded index of a part; beyond one ghost layer and the domain, the next one."""
    found = np.clip(np.arange(begin - GHOST, begin + cells + GHOST), begin - 1, begin + cells)
    return found % axis.n if axis.periodic else np.clip(found, 0, axis.n - 1)


def _numbered(own: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coarse cell of every line, the part's own first, and the line of every entry of `held`."""
    coarse = np.concatenate([own, np.setdiff1d(held, own)])
    order = np.argsort(coarse)
    return coarse, order[np.searchsorted(coarse, held, sorter=order)]
