"""Inputs of moist air."""

import numpy as np

from tests.kernels.air import PRESSURES, positive, scalars, warmth
from tests.kernels.inputs import inputs


@inputs("virtual_theta")
def moist_air(rng, extent, real):
    return {"theta": warmth(rng, extent, real), "q": (0.02 * positive(rng, extent, real)).astype(real),
            "scalars": scalars()}  # fmt: skip


@inputs("to_virtual_theta")
def moist_air_in_place(rng, extent, real):
    return moist_air(rng, extent, real)


@inputs("follow_pressure")
def regions(rng, extent, real):
    return {"count": len(PRESSURES), "pressure": PRESSURES, "energy_pressure": np.zeros(len(PRESSURES))}
