"""References of the elementary operations on fields."""

import numpy as np

from kernels.reference import at, record
from kernels.signature import Extent


def _box(extent: Extent, i: int, j: int, k: int) -> tuple[slice, slice, slice]:
    return (slice(k, k + extent.nz), slice(j, j + extent.ny), slice(i, i + extent.nx))


def copy_box(
    extent, switches, magnitude=None, *, source, destination, source_extent, destination_extent,
    source_i, source_j, source_k, destination_i, destination_j, destination_k,
):  # fmt: skip
    """Copy the box of size `extent` at padded index (i, j, k) of the source to that of the destination."""
    taken = _box(extent, source_i, source_j, source_k)
    written = _box(extent, destination_i, destination_j, destination_k)
    destination[written] = source[taken]
    if magnitude is not None:
        magnitude["destination"] = np.zeros(destination.shape)


copy_box_marks = copy_box


def fill(extent, switches, magnitude=None, *, count, y, scalars, value):
    """y = scalars[value] in every element, ghost layers included."""
    y[...] = scalars[value]
    if magnitude is not None:
        magnitude["y"] = np.full(y.shape, abs(scalars[value]))


def gather(extent, switches, magnitude=None, *, count, x, cell, value):
    """The values of x at the elements `cell`, in float64."""
    value[...] = x.ravel()[cell]
    if magnitude is not None:
        magnitude["value"] = np.abs(value)


def axpby(extent, switches, magnitude=None, *, x, y, scalars, a, b):
    """y = scalars[a] x + scalars[b] y."""
    first = y.dtype.type(scalars[a]) * at(x)
    second = y.dtype.type(scalars[b]) * at(y)
    at(y)[...] = first + second
    record(magnitude, "y", y, first, second)


def dot(extent, switches, magnitude=None, *, x, y, result):
    """Sum of x y over the cells, accumulated in float64."""
    products = at(x).astype(np.float64) * at(y)
    result[0] = products.sum()
    if magnitude is not None:
        magnitude["result"] = np.zeros(result.shape)
        magnitude["result"][0] = np.abs(products).sum()


def max_abs(extent, switches, magnitude=None, *, x, result):
    """Largest |x| over the cells."""
    result[0] = np.abs(at(x)).max()
    if magnitude is not None:
        magnitude["result"] = np.zeros(result.shape)
