"""Inputs of density, thermodynamic pressure, continuity and correction."""

import numpy as np

from kernels.table._groups import FLUX
from tests.kernels.air import PRESSURES, positive, region_labels, scalars, warmth
from tests.kernels.inputs import inputs
from tests.kernels.room import metrics, periodic_metrics, periodic_room_flags, random_field, room_flags


@inputs("buoyancy")
def warmed(rng, extent, real):
    return {"lift": warmth(rng, extent, real), "theta_new": warmth(rng, extent, real), "scalars": scalars()}


@inputs("density_ahead")
def growing(rng, extent, real):
    increment = (0.01 * rng.normal(size=extent.shape)).astype(real)
    return {"increment": increment, "scalars": scalars(), "rho": positive(rng, extent, real)}


@inputs("density")
def warming(rng, extent, real):
    theta = warmth(rng, extent, real)
    return {
        "lift": theta, "theta_new": (theta + 0.1 * rng.normal(size=extent.shape)).astype(real),
        "flags": room_flags(extent), "region": region_labels(rng, extent), "pressure": PRESSURES,
        "pressure_old": PRESSURES + np.array([3.1, -0.02, 40.0]), "scalars": scalars(),
        "rho": positive(rng, extent, real), "increment": (0.01 * rng.normal(size=extent.shape)).astype(real),
        **_widths(metrics(rng, extent, real)),
    }  # fmt: skip


def _widths(found):
    return {name: found[name] for name in ("dx", "dy", "dz")}


@inputs("volume_over_temperature")
def one_region_warmth(rng, extent, real):
    return {
        "theta": warmth(rng, extent, real), "flags": room_flags(extent), "region": region_labels(rng, extent),
        **_widths(metrics(rng, extent, real)), "scalars": scalars(), "label": 1, "result": np.zeros(1),
    }  # fmt: skip


@inputs("region_pressure")
def three_parts(rng, extent, real):
    return {
        "sums": rng.uniform(0.4, 0.6, 3), "parts": 3, "label": 1, "mass": np.array([410.0, 520.0, 630.0]),
        "scalars": scalars(), "pressure": PRESSURES.copy(), "pressure_old": PRESSURES + 7.0,
    }  # fmt: skip


@inputs("region_pressure_rate")
def walls_and_devices(rng, extent, real):
    rows, instances = 23, 9
    return {
        "row_heat": 300 * rng.normal(size=rows), "row_region": rng.integers(-1, 3, rows).astype(np.int32), "rows": rows,
        "mass_flow": rng.uniform(0.1, 2, instances), "theta_in": rng.normal(size=instances) * 9,
        "theta_out": rng.normal(size=instances) * 9,
        "intake_region": rng.integers(-1, 3, instances).astype(np.int32),
        "discharge_region": rng.integers(-1, 3, instances).astype(np.int32), "instances": instances,
        "given_heat": 500 * rng.normal(size=3), "label": 1,
        "volume": np.array([90.0, 130.0, 70.0]), "scalars": scalars(), "pressure_rate": rng.normal(size=3),
        "pressure": PRESSURES, "energy_pressure": PRESSURES + np.array([0.3, -0.2, 0.1]), "stage": 2,
        "gained": np.array([0.4, 0.7, -0.2]), "gas_of": np.array([287.0, 289.0, 288.0]),
    }  # fmt: skip


@inputs("region_pressure_rate")
def first_stage(rng, extent, real):
    return walls_and_devices(rng, extent, real) | {"stage": 0}


@inputs("mass_defect")
def provisional_flow(rng, extent, real):
    fields = {name: random_field(rng, extent, real) for name in (*FLUX, "defect")}
    return {**fields, "flags": room_flags(extent), **_widths(metrics(rng, extent, real))}


@inputs("correct")
def potential(rng, extent, real):
    found = periodic_metrics(rng, extent, real)
    return {
        **{name: random_field(rng, extent, real) for name in ("phi", *FLUX, "p")},
        "flags": periodic_room_flags(rng, extent), "scalars": scalars(),
        **{name: found[name] for name in ("rdxf", "rdyf", "rdzf")},
    }  # fmt: skip
