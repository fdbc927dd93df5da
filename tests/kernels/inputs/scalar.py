"""Inputs of the transport of scalars: the flow and the rooms of the temperature."""

import numpy as np

from tests.kernels.air import positive, row_starts, scalars, some_cells
from tests.kernels.inputs import inputs
from tests.kernels.inputs.transport import heat_in_a_periodic_room, smooth_heat
from tests.kernels.room import metrics, random_field, room_flags

COUNT = 41


def _as_scalar(made):
    for name in ("region", "pressure_rate"):
        made.pop(name)
    made["s"], made["eddy"] = made.pop("theta"), made.pop("diffusivity")
    return made | {"properties": np.array([0.41, 1.4, 0.7]), "divisor": 2}


@inputs("scalar")
def last_stage_in_a_periodic_room(rng, extent, real):
    return _as_scalar(heat_in_a_periodic_room(rng, extent, real)) | {"divisor": 3}


@inputs("scalar")
def smooth_scalar(rng, extent, real):
    return _as_scalar(smooth_heat(rng, extent, real))


@inputs("scalars_of_four")
def four_in_a_periodic_room(rng, extent, real):
    made = last_stage_in_a_periodic_room(rng, extent, real)
    for name in ("s", "begin"):
        made.pop(name)
        made |= {f"{name}{n}": random_field(rng, extent, real) for n in range(4)}
    return made | {"properties": rng.uniform(0.2, 1.5, 12)}


@inputs("scalar_intakes")
def intakes(rng, extent, real):
    start = row_starts(rng, COUNT)
    return {
        "count": COUNT, "start": start, "cell": some_cells(rng, extent, start[-1]),
        "share": rng.uniform(0.01, 0.4, start[-1]).astype(real), "s": random_field(rng, extent, real),
        "sums": np.zeros(COUNT),
    }  # fmt: skip


@inputs("scalar_discharges")
def every_kind_of_discharge(rng, extent, real):
    parts, count = 3, 12
    mass_flow = rng.uniform(0.1, 2, count)
    mass_flow[5] = 0
    return {
        "count": count, "sums": rng.normal(size=parts * count), "parts": parts, "instances": count,
        "is_given": (np.arange(count) % 3 == 0).astype(np.int32), "given": rng.normal(size=count),
        "gain": rng.normal(size=count), "mass_flow": mass_flow, "drawn": np.zeros(count),
        "discharged": np.zeros(count),
    }  # fmt: skip


@inputs("scalar_rows")
def sources_and_walls(rng, extent, real):
    start = row_starts(rng, COUNT)
    entries = start[-1]
    return {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT), "start": start, "source": rng.normal(size=COUNT),
        "conductance": rng.uniform(0.1, 2, entries).astype(real), "value": rng.normal(size=entries).astype(real),
        "reciprocal_volume": rng.uniform(20, 900, COUNT).astype(real), "s": random_field(rng, extent, real),
        "rho": positive(rng, extent, real), "scalars": scalars(), "divisor": 3, "row_gain": np.zeros(COUNT),
        "s_new": random_field(rng, extent, real),
    }  # fmt: skip


@inputs("scalar_sink")
def decaying(rng, extent, real):
    return {
        "production": positive(rng, extent, real), "loss": 30 * positive(rng, extent, real), "decay": np.array([2.3]),
        "scalars": scalars(), "divisor": 2, "s_new": random_field(rng, extent, real),
    }  # fmt: skip


@inputs("scalar_reacted")
def reacting_air(rng, extent, real):
    made = decaying(rng, extent, real)
    made["value"] = made.pop("s_new")
    made.pop("divisor")
    grid = metrics(rng, extent, real)
    return made | {
        "rho": positive(rng, extent, real), "flags": room_flags(extent), "result": np.zeros(1),
        **{name: grid[name] for name in ("dx", "dy", "dz")},
    }  # fmt: skip
