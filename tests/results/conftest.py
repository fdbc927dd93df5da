"""A small stretched grid with a solid block."""

from __future__ import annotations

import numpy as np
import pytest

from tests.results.known_fields import SHAPE
from thermo.results.fields import Grid


def stretched(n: int, length: float) -> np.ndarray:
    return length * np.linspace(0.0, 1.0, n + 1) ** 1.5


@pytest.fixture
def grid() -> Grid:
    nz, ny, nx = SHAPE
    solid = np.zeros(SHAPE, dtype=np.uint8)
    solid[0:2, 1:3, 2:4] = 1
    return Grid(stretched(nx, 3.0), stretched(ny, 2.0), stretched(nz, 1.0), solid)
