"""Inputs of the pressure of zones: shut and vented groups of one and several zones, heat in all of them."""

import numpy as np

from kernels.table._groups import FLUX
from tests.kernels.air import scalars, some_faces
from tests.kernels.inputs import inputs
from tests.kernels.room import random_field

ZONES, ROWS, INSTANCES, PARTS = 6, 29, 5, 2


def _zones(rng):
    return {
        "zones": ZONES, "group": np.array([0, 1, 0, 3, 1, 0], np.int32),
        "vented": np.array([0, 1, 0, 0, 0, 0], np.int32), "outside": np.array([101200.0]),
        "pressure": 101325.0 + 200.0 * rng.normal(size=ZONES), "scalars": scalars(),
    }  # fmt: skip


@inputs("zone_pressure_rates")
def heated_zones(rng, extent, real):
    return _zones(rng) | {
        "row_heat": 300.0 * rng.normal(size=ROWS), "row_region": rng.integers(0, ZONES, ROWS).astype(np.int32),
        "rows": ROWS, "mass_flow": rng.uniform(0.1, 0.4, INSTANCES), "theta_in": 9.0 * rng.normal(size=INSTANCES),
        "theta_out": 9.0 * rng.normal(size=INSTANCES),
        "intake_region": rng.integers(-1, ZONES, INSTANCES).astype(np.int32),
        "discharge_region": rng.integers(-1, ZONES, INSTANCES).astype(np.int32), "instances": INSTANCES,
        "given_heat": 40.0 * rng.normal(size=ZONES), "volume": rng.uniform(20.0, 90.0, ZONES), "stage": 2,
        "heat": np.zeros(ZONES), "energy_pressure": 101325.0 + 200.0 * rng.normal(size=ZONES),
        "pressure_rate": np.zeros(ZONES), "gained": 30.0 * rng.normal(size=ZONES),
        "gas_of": rng.uniform(286.0, 291.0, ZONES),
    }  # fmt: skip


@inputs("zone_pressure_rates")
def first_stage(rng, extent, real):
    return heated_zones(rng, extent, real) | {"stage": 0}


@inputs("zone_pressures")
def groups_of_zones(rng, extent, real):
    sums = rng.uniform(0.05, 0.2, ZONES * PARTS)
    return _zones(rng) | {
        "sums": sums, "parts": PARTS, "mass": rng.uniform(90.0, 110.0, ZONES), "pressure_old": np.zeros(ZONES),
    }  # fmt: skip


@inputs("shut_faces")
def doors(rng, extent, real):
    return {"count": 21, **some_faces(rng, extent, 21), **{name: random_field(rng, extent, real) for name in FLUX}}
