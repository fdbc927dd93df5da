"""Fields that are known functions of position and time."""

from __future__ import annotations

import numpy as np

from thermo.results.fields import Grid

SHAPE = (4, 5, 6)


def centres(grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y, z of the cell centres, each broadcast to (nz, ny, nx)."""
    z, y, x = np.meshgrid(*(0.5 * (f[1:] + f[:-1]) for f in (grid.z, grid.y, grid.x)), indexing="ij")
    return x, y, z


def known_fields(grid: Grid, time: float) -> dict[str, np.ndarray]:
    x, y, z = centres(grid)
    temperature = (20.0 + x + 10.0 * y + 100.0 * z + time).astype(np.float32)
    velocity = np.stack([x, 2.0 * y, 3.0 * z + time], axis=-1).astype(np.float32)
    return {"temperature": temperature, "pressure": -temperature, "velocity": velocity}
