"""Inputs of what drives the air."""

import numpy as np

from kernels.table._groups import VELOCITY
from tests.kernels.air import positive, scalars
from tests.kernels.inputs import inputs
from tests.kernels.room import metrics, random_field, room_flags


@inputs("fluid_velocity")
def flow(rng, extent, real):
    widths = metrics(rng, extent, real)
    return {
        **{name: random_field(rng, extent, real) for name in VELOCITY}, "rho": positive(rng, extent, real),
        "flags": room_flags(extent), **{name: widths[name] for name in ("dx", "dy", "dz")}, "scalars": scalars(),
        "result": np.zeros(4),
    }  # fmt: skip


def _mean_flow(rng, last_step):
    sums = rng.normal(size=(3, 4))
    sums[:, 3] = rng.uniform(20.0, 30.0, 3)
    return {
        "sums": sums, "parts": 3, "volume": np.array([87.0]), "target": rng.normal(size=3),
        "held": np.array([1, 0, 1], np.int32), "scalars": scalars(), "memory": np.append(rng.normal(size=6), last_step),
    }  # fmt: skip


@inputs("hold_velocity")
def later_step(rng, extent, real):
    return _mean_flow(rng, 0.027)


@inputs("hold_velocity")
def first_step(rng, extent, real):
    return _mean_flow(rng, 0.0)
