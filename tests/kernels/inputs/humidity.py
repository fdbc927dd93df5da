"""Inputs of moist air."""

import numpy as np

from tests.kernels.air import positive, region_labels, scalars, some_cells, warmth
from tests.kernels.inputs import inputs
from tests.kernels.room import metrics, random_field, room_flags

COUNT = 37


@inputs("virtual_theta")
def moist_air(rng, extent, real):
    return {"theta": warmth(rng, extent, real), "q": (0.02 * positive(rng, extent, real)).astype(real),
            "scalars": scalars()}  # fmt: skip


@inputs("to_virtual_theta")
def moist_air_in_place(rng, extent, real):
    return moist_air(rng, extent, real)


@inputs("vapour_stage")
def gains(rng, extent, real):
    return {"count": COUNT, "gain": rng.normal(size=COUNT), "given": rng.normal(size=COUNT)}


@inputs("vapour_defect")
def vapour_of_a_step(rng, extent, real):
    return {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT), "scalars": scalars(), "given": rng.normal(size=COUNT),
        "last": rng.normal(size=COUNT), "defect": random_field(rng, extent, real),
    }  # fmt: skip


@inputs("vapour_of_zones")
def sources_in_zones(rng, extent, real):
    return {
        "cell": some_cells(rng, extent, COUNT), "region": rng.integers(0, 6, COUNT).astype(np.int32), "rows": COUNT,
        "given": rng.normal(size=COUNT), "theta": warmth(rng, extent, real), "zones": 6,
        "closed": np.array([1, 1, 1, 0, 1, 1], np.int32), "group": np.array([0, 1, 0, 3, 1, 5], np.int32),
        "vented": np.array([0, 0, 0, 0, 0, 1], np.int32), "volume": rng.uniform(20.0, 90.0, 6), "scalars": scalars(),
        "mass": rng.uniform(90.0, 110.0, 6), "energy_pressure": 101325.0 + rng.normal(size=6),
        "vapour_pressure": rng.normal(size=6), "heat": rng.normal(size=1),
    }  # fmt: skip


@inputs("vapour_volume")
def vapour_in_a_room(rng, extent, real):
    grid = metrics(rng, extent, real)
    return {
        "q": positive(rng, extent, real), "flags": room_flags(extent), "region": region_labels(rng, extent),
        **{name: grid[name] for name in ("dx", "dy", "dz")}, "label": 1, "result": np.zeros(1),
    }  # fmt: skip


@inputs("moist_gas")
def two_parts(rng, extent, real):
    return {
        "sums": rng.uniform(0.1, 0.3, 2), "parts": 2, "label": 1, "volume": np.array([90.0, 70.0]),
        "scalars": scalars(), "gas": np.array([287.0, 288.0]),
    }  # fmt: skip
