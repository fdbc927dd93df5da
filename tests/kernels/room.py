"""A small room for the kernel tests: stretched axes, solids, panels, a free-slip ceiling."""

import numpy as np

from kernels import GHOST, Extent
from kernels.flags import Flag

INTERIOR = np.s_[GHOST:-GHOST, GHOST:-GHOST, GHOST:-GHOST]


def random_field(rng: np.random.Generator, extent: Extent, real: np.dtype) -> np.ndarray:
    """Normal values everywhere, ghost layers included."""
    return rng.normal(size=extent.shape).astype(real)


def fluid_cells(extent: Extent) -> np.ndarray:
    """Interior cells (nz, ny, nx) that are fluid: all but a block on the floor and a single raised cell."""
    fluid = np.ones((extent.nz, extent.ny, extent.nx), bool)
    fluid[: extent.nz // 3, extent.ny // 3 : extent.ny // 2, extent.nx // 4 : extent.nx // 2] = False
    fluid[-3, 2, -4] = False
    return fluid


def room_flags(extent: Extent) -> np.ndarray:
    """The padded uint8 flags: closed walls, the solids of `fluid_cells`, one panel across each axis."""
    fluid = np.zeros(extent.shape, bool)
    fluid[INTERIOR] = fluid_cells(extent)
    flags = np.where(fluid, Flag.FLUID, 0).astype(np.uint8)
    for axis, open_bit in ((2, Flag.OPEN_X), (1, Flag.OPEN_Y), (0, Flag.OPEN_Z)):
        is_open = fluid & np.roll(fluid, 1, axis)
        size = is_open.shape[axis]
        panel = [slice(GHOST + 1, -GHOST - 3)] * 3
        panel[axis] = size // 2
        is_open[tuple(panel)] = False
        flags[is_open] |= np.uint8(open_bit)
    ceiling = flags[GHOST + extent.nz, GHOST:-GHOST, GHOST:-GHOST]
    ceiling |= np.uint8(Flag.FREE_Z)
    return flags


def metrics(rng: np.random.Generator, extent: Extent, real: np.dtype) -> dict[str, np.ndarray]:
    """Padded metrics of a stretched grid: dx, dxf, rdx, rdxf and the same for y and z."""
    found = {}
    for axis, n in zip("xyz", (extent.nx, extent.ny, extent.nz), strict=True):
        widths = np.pad(rng.uniform(0.5, 1.5, n), GHOST, mode="edge")
        between = np.empty(n + 2 * GHOST)
        between[1:] = 0.5 * (widths[1:] + widths[:-1])
        between[0] = widths[0]
        between[GHOST] = 0.5 * widths[GHOST]
        between[GHOST + n] = 0.5 * widths[GHOST + n - 1]
        found |= {f"d{axis}": widths, f"d{axis}f": between, f"rd{axis}": 1 / widths, f"rd{axis}f": 1 / between}
    return {name: values.astype(real) for name, values in found.items()}
