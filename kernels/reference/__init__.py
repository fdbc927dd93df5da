"""NumPy references of the kernels, written to be read: one module per topic of the table.

A reference is called `name(extent, switches, magnitude=None, **arguments)` with the arguments of the table. It works in
the dtype of its arrays and writes its outputs in place. When `magnitude` (a dict) is given it also stores, for each
output, the sum of the absolute values of the terms of every entry in float64: the scale of its rounding error.
"""

import numpy as np

from kernels.signature import GHOST


def at(field: np.ndarray, i: int = 0, j: int = 0, k: int = 0) -> np.ndarray:
    """The interior of a padded field, shifted: `at(p, i=-1)` is the neighbour on the low x side of every cell."""

    def window(shift: int, size: int) -> slice:
        return slice(GHOST + shift, size - GHOST + shift)

    nz, ny, nx = field.shape
    return field[window(k, nz), window(j, ny), window(i, nx)]


def along(axis: str, metric: np.ndarray, shift: int = 0) -> np.ndarray:
    """The interior of a padded metric, shifted, in the shape that multiplies a field along its axis."""
    line = metric[GHOST + shift : len(metric) - GHOST + shift]
    return line.reshape({"x": (1, 1, -1), "y": (1, -1, 1), "z": (-1, 1, 1)}[axis])


def record(magnitude: dict[str, np.ndarray] | None, name: str, output: np.ndarray, *terms: np.ndarray | float) -> None:
    """Store the sum of |terms| for the interior of the padded output `name`, zero outside; nothing without a dict."""
    if magnitude is not None:
        magnitude[name] = np.zeros(output.shape)
        at(magnitude[name])[...] = sum(np.abs(term) for term in terms)
