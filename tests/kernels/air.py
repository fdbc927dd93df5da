"""Air for the tests of the flow kernels: scalars and fields of the size they have in a room, faces, sparse rows."""

import numpy as np

from kernels import GHOST, Extent
from kernels.scalars import Scalar
from tests.kernels.room import fluid_cells

REGIONS = 3
PRESSURES = np.array([101325.0, 101911.0, 99873.0])


def scalars() -> np.ndarray:
    """A step of unequal length in air; every slot differs from 0 and from the others."""
    found = np.full(len(Scalar), np.nan)
    values = {
        Scalar.DT: 0.031, Scalar.RECIPROCAL_DT: 1 / 0.031, Scalar.AHEAD: 0.58,
        Scalar.RATE_NEW: 51.0, Scalar.RATE_OLD: 18.7, Scalar.VISCOSITY: 0.37, Scalar.CONDUCTIVITY: 0.53,
        Scalar.DENSITY: 1.19, Scalar.HEAT_CAPACITY: 1006.0, Scalar.GAS_CONSTANT: 287.05,
        Scalar.TEMPERATURE_ZERO: 293.15, Scalar.BUOYANCY: 0.0336, Scalar.THETA_STILL: -4.7, Scalar.FORCE_X: 0.21,
        Scalar.FORCE_Y: -0.34, Scalar.FORCE_Z: 0.55,
    }  # fmt: skip
    for slot, value in values.items():
        found[slot] = value
    return found


def positive(rng, extent: Extent, real) -> np.ndarray:
    """A density, a viscosity or a diffusivity."""
    return rng.uniform(0.7, 1.6, extent.shape).astype(real)


def warmth(rng, extent: Extent, real) -> np.ndarray:
    """Temperatures above 293.15 K."""
    return (8 * rng.normal(size=extent.shape)).astype(real)


def region_labels(rng, extent: Extent) -> np.ndarray:
    """Labels as a mesh gives them would be boxes; any will do for kernels that look at one cell at a time."""
    return rng.integers(0, REGIONS, extent.shape, np.uint8)


def some_cells(rng, extent: Extent, count: int) -> np.ndarray:
    """Flat padded indices of different fluid cells."""
    k, j, i = (index[:] + GHOST for index in np.nonzero(fluid_cells(extent)))
    return rng.permutation((k * extent.sz + j * extent.sy + i).astype(np.int64))[:count]


def some_faces(rng, extent: Extent, count: int) -> dict[str, np.ndarray]:
    """`axis` and flat padded index `face` of different faces, of all three directions."""
    cells = some_cells(rng, extent, count)
    return {"axis": rng.integers(0, 3, count).astype(np.int32), "face": cells}


def row_starts(rng, count: int) -> np.ndarray:
    """Starts of sparse rows of zero to four entries, the first one empty."""
    lengths = rng.integers(0, 5, count)
    lengths[0] = 0
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
