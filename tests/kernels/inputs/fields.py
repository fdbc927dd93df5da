"""Inputs of the elementary operations on fields."""

import numpy as np

from kernels import Extent
from tests.kernels.inputs import inputs
from tests.kernels.room import random_field

BOX = Extent(5, 3, 4)
OFFSETS = {
    "source_i": 2, "source_j": 0, "source_k": 7, "destination_i": 6, "destination_j": 9, "destination_k": 1,
}  # fmt: skip


@inputs("copy_box")
def between_two_grids(rng, extent, real):
    other = Extent(11, 12, 8)
    return OFFSETS | {
        "launch_extent": BOX,
        "source_extent": extent,
        "destination_extent": other,
        "source": random_field(rng, extent, real),
        "destination": random_field(rng, other, real),
    }


@inputs("copy_box")
def within_one_array(rng, extent, real):
    ring = random_field(rng, extent, real)
    return OFFSETS | {
        "launch_extent": BOX,
        "source_extent": extent,
        "destination_extent": extent,
        "source": ring,
        "destination": ring,
    }


@inputs("copy_box_marks")
def marks(rng, extent, real):
    return OFFSETS | {
        "launch_extent": BOX,
        "source_extent": extent,
        "destination_extent": extent,
        "source": rng.integers(0, 256, extent.shape, np.uint8),
        "destination": rng.integers(0, 256, extent.shape, np.uint8),
    }


@inputs("fill")
def any_shape(rng, extent, real):
    y = np.empty(extent.shape, real)
    return {"count": y.size, "y": y, "scalars": rng.normal(size=3), "value": 2}


@inputs("gather")
def places(rng, extent, real):
    x = random_field(rng, extent, real)
    return {"count": 30, "x": x, "cell": rng.integers(0, x.size, 30), "value": np.empty(30)}


@inputs("axpby")
def combination(rng, extent, real):
    x, y = (random_field(rng, extent, real) for _ in range(2))
    return {"x": x, "y": y, "scalars": rng.normal(size=3), "a": 2, "b": 0}


@inputs("dot")
def product(rng, extent, real):
    return {"x": random_field(rng, extent, real), "y": random_field(rng, extent, real), "result": np.zeros(2)}


@inputs("dot")
def square(rng, extent, real):
    x = random_field(rng, extent, real)
    return {"x": x, "y": x, "result": np.zeros(1)}


@inputs("max_abs")
def maximum(rng, extent, real):
    return {"x": random_field(rng, extent, real), "result": np.zeros(1)}
