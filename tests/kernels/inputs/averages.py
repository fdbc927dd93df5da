"""Inputs of the time sums."""

import numpy as np

from kernels.table._groups import VELOCITY
from tests.kernels.air import scalars
from tests.kernels.inputs import inputs
from tests.kernels.room import random_field


@inputs("accumulate")
def one_field(rng, extent, real):
    return {"scalars": scalars()} | {name: random_field(rng, extent, real) for name in ("x", "sum")}


@inputs("accumulate_faces")
def all_faces(rng, extent, real):
    return one_field(rng, extent, real) | {"count": int(np.prod(extent.shape))}


@inputs("accumulate_velocity")
def one_velocity(rng, extent, real):
    names = (*VELOCITY, "sum_x", "sum_y", "sum_z")
    return {"scalars": scalars()} | {name: random_field(rng, extent, real) for name in names}
