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


def periodic_room_flags(rng: np.random.Generator, extent: Extent) -> np.ndarray:
    """`room_flags` joined to a periodic room along x, whose closed faces are free of shear here and there."""
    flags = room_flags(extent)
    fluid = (flags & Flag.FLUID) != 0
    first, last = np.s_[..., GHOST], np.s_[..., GHOST + extent.nx - 1]
    flags[first] |= np.where(fluid[first] & fluid[last], Flag.OPEN_X, 0).astype(np.uint8)
    for open_bit, free_bit in ((Flag.OPEN_X, Flag.FREE_X), (Flag.OPEN_Y, Flag.FREE_Y), (Flag.OPEN_Z, Flag.FREE_Z)):
        free = ((flags & open_bit) == 0) & (rng.random(extent.shape) < 0.3)
        flags[free] |= np.uint8(free_bit)
    return wrap_x(flags)


def wrap_x(field: np.ndarray) -> np.ndarray:
    """Fill the ghost layers along x of a field, or of a padded metric of x, with copies across a periodic boundary."""
    field[..., :GHOST] = field[..., -2 * GHOST : -GHOST]
    field[..., -GHOST:] = field[..., GHOST : 2 * GHOST]
    return field


def periodic_metrics(rng: np.random.Generator, extent: Extent, real: np.dtype) -> dict[str, np.ndarray]:
    """`metrics` with x periodic."""
    found = {name: values.astype(np.float64) for name, values in metrics(rng, extent, real).items()}
    widths = wrap_x(found["dx"])
    between = found["dxf"]
    between[1:] = 0.5 * (widths[1:] + widths[:-1])
    wrap_x(between)
    found["rdx"], found["rdxf"] = 1 / widths, 1 / between
    return {name: values.astype(real) for name, values in found.items()}
