"""Inputs of the sparse lists: rows with no, one and several entries, faces of all directions, flow both ways."""

import numpy as np

from kernels.table._groups import FLUX, FLUX_NEW, VELOCITY
from tests.kernels.air import PRESSURES, positive, row_starts, scalars, some_cells, some_faces, warmth
from tests.kernels.inputs import inputs
from tests.kernels.room import random_field

COUNT = 41
INSTANCES = 11


def _fields(rng, extent, real, *names):
    return {name: random_field(rng, extent, real) for name in names}


def _uniform(rng, real, low, high, *names, count=COUNT):
    return {name: rng.uniform(low, high, count).astype(real) for name in names}


def _signs(rng, real, count=COUNT):
    return rng.choice([-1.0, 1.0], count).astype(real)


def _strides(extent, axis):
    return np.choose(axis, (1, extent.sy, extent.sz)).astype(np.int64)


@inputs("port_velocity")
def ports_shared_by_instances(rng, extent, real):
    start = row_starts(rng, COUNT)
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "cell": some_cells(rng, extent, COUNT), "start": start,
        **_instances(rng, start[-1]), "weight": rng.normal(size=start[-1]).astype(real),
        "discharging": rng.integers(0, 2, start[-1]).astype(np.int32), "theta_out": 9 * rng.normal(size=INSTANCES),
        "discharge_region": rng.integers(-1, 3, INSTANCES).astype(np.int32), "pressure": PRESSURES,
        "settings": np.column_stack([rng.normal(size=(INSTANCES, 6)), rng.choice([0.0, 867.0], INSTANCES)]),
        **_fields(rng, extent, real, *VELOCITY), "rho": positive(rng, extent, real), "scalars": scalars(),
    }  # fmt: skip


@inputs("opening_velocity")
def openings_with_flow_both_ways(rng, extent, real):
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "cell": some_cells(rng, extent, COUNT),
        "outward": _signs(rng, real), **_uniform(rng, real, 1, 1.4, "outside_density"),
        **_fields(rng, extent, real, *FLUX, *VELOCITY), "rho": positive(rng, extent, real), "scalars": scalars(),
    }  # fmt: skip


def _heat(rng, extent, real):
    start = row_starts(rng, COUNT)
    entries = start[-1]
    other = some_cells(rng, extent, entries)
    other[rng.random(entries) < 0.4] = -1
    return {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT), "start": start, "source": 200 * rng.normal(size=COUNT),
        "other": other, **_uniform(rng, real, 0.2, 3, "conductance", count=entries),
        "fixed": (9 * rng.normal(size=entries)).astype(real), "theta": warmth(rng, extent, real), "scalars": scalars(),
    }  # fmt: skip


@inputs("heat_rows")
def warm_walls(rng, extent, real):
    made = _heat(rng, extent, real)
    return made | {
        "beyond": (rng.uniform(0.7, 1.6, len(made["other"])) * rng.integers(0, 2, len(made["other"]))).astype(real),
        "diffusivity": positive(rng, extent, real), "row_heat": np.zeros(COUNT),
    }  # fmt: skip


@inputs("keep_faces")
def faces_of_ports(rng, extent, real):
    names = [f"{name}{when}" for when in ("", "_new") for name in VELOCITY]
    return {"count": COUNT, **some_faces(rng, extent, COUNT), **_fields(rng, extent, real, *names)}


@inputs("instances_ahead")
def devices_of_two_steps(rng, extent, real):
    names = [f"{name}{when}" for when in ("", "_last", "_ahead") for name in ("mass_flow", "theta_in", "theta_out")]
    return {"count": INSTANCES, **{name: 9 * rng.normal(size=INSTANCES) for name in names}, "scalars": scalars()}


@inputs("face_force")
def fan(rng, extent, real):
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "force": rng.normal(size=COUNT).astype(real),
        "rho": positive(rng, extent, real), "scalars": scalars(), "divisor": 2,
        **_fields(rng, extent, real, *FLUX_NEW),
    }  # fmt: skip


@inputs("intake_sums")
def intakes(rng, extent, real):
    start = row_starts(rng, COUNT)
    return {
        "count": COUNT, "start": start, "cell": some_cells(rng, extent, start[-1]),
        **_uniform(rng, real, 0.01, 0.4, "share", count=start[-1]), "theta": warmth(rng, extent, real),
        "rho": positive(rng, extent, real), "scalars": scalars(), "sums": np.zeros(2 * COUNT),
    }  # fmt: skip


@inputs("instance_law")
def every_kind_of_instance(rng, extent, real):
    # every kind of flow with every kind of discharge; one that stands still, one without an intake
    parts, kinds = 3, [(flow, discharge) for flow in (0, 1, 2) for discharge in (0, 1)] * 2
    count = len(kinds)
    settings = np.empty((count, 7))
    settings[:, 0] = rng.uniform(0.2, 2, count)
    settings[:, [1, 3]] = kinds
    settings[:, 2] = 4000 * rng.normal(size=count)
    settings[:, 4] = 9 * rng.normal(size=count)
    settings[4, 0] = 0
    settings[:, 5] = rng.uniform(900, 2300, count)
    settings[:, 6] = rng.choice([0.0, 867.0], count)
    sums = rng.uniform(0.1, 0.5, (parts, count, 2))
    sums[:, 3] = 0
    return {
        "count": count, "sums": sums, "parts": parts, "instances": count, "settings": settings,
        "discharge_region": rng.integers(-1, 3, count).astype(np.int32), "pressure": PRESSURES, "scalars": scalars(),
        **{name: np.zeros(count) for name in ("mass_flow", "theta_in", "theta_out")},
    }  # fmt: skip


def _instances(rng, entries):
    return {
        "instance": rng.integers(0, INSTANCES, entries).astype(np.int32),
        "mass_flow": rng.uniform(0.1, 2, INSTANCES),
    }


@inputs("port_faces")
def shared_faces(rng, extent, real):
    start = row_starts(rng, COUNT)
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "start": start, **_instances(rng, start[-1]),
        "weight": rng.normal(size=start[-1]).astype(real), **_fields(rng, extent, real, *FLUX),
    }  # fmt: skip


@inputs("port_heat")
def discharges(rng, extent, real):
    start = row_starts(rng, COUNT)
    return {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT), "start": start, **_instances(rng, start[-1]),
        **_uniform(rng, real, 0.01, 0.4, "share", count=start[-1]), **_uniform(rng, real, 20, 900, "reciprocal_volume"),
        "theta_out": 9 * rng.normal(size=INSTANCES), "theta": warmth(rng, extent, real),
        "rho": positive(rng, extent, real), "scalars": scalars(), "divisor": 3,
        **_fields(rng, extent, real, "theta_new"),
    }  # fmt: skip


@inputs("opening_heat")
def flow_both_ways(rng, extent, real):
    start = row_starts(rng, COUNT)
    entries = start[-1]
    return {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT), "start": start, **some_faces(rng, extent, entries),
        "inward_area": rng.normal(size=entries).astype(real), "outside": (9 * rng.normal(size=entries)).astype(real),
        **_uniform(rng, real, 20, 900, "reciprocal_volume"), **_fields(rng, extent, real, *FLUX),
        "theta": warmth(rng, extent, real), "rho": positive(rng, extent, real), "scalars": scalars(),
        **_fields(rng, extent, real, "theta_new"), "divisor": 2,
    }  # fmt: skip


@inputs("wall_drag")
def moving_walls(rng, extent, real):
    start = row_starts(rng, COUNT)
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "start": start, "cell": some_cells(rng, extent, start[-1]),
        "drag": (5 * rng.normal(size=start[-1])).astype(real), "mu": positive(rng, extent, real), "scalars": scalars(),
        "rho": positive(rng, extent, real), "divisor": 3, **_fields(rng, extent, real, *FLUX_NEW),
    }  # fmt: skip


@inputs("resistance_predict")
def resisting_faces(rng, extent, real):
    faces = some_faces(rng, extent, COUNT)
    low, high = np.split(rng.permutation(3 * COUNT)[: 2 * COUNT].astype(np.int32), 2)
    return {
        "count": COUNT, **faces, "stride": _strides(extent, faces["axis"]),
        **_uniform(rng, real, 0.5, 60, "forward", "backward"), **_uniform(rng, real, 0, 5, "linear"),
        **_uniform(rng, real, 0.02, 0.3, "distance", "area"), "low": low, "high": high,
        **_fields(rng, extent, real, *FLUX, *FLUX_NEW), "rho": positive(rng, extent, real), "scalars": scalars(),
        "divisor": 2,
        "beta": np.zeros(COUNT, real), "coefficients": rng.normal(size=3 * COUNT).astype(real),
    }  # fmt: skip


@inputs("resistance_correct")
def corrected_resisting_faces(rng, extent, real):
    faces = some_faces(rng, extent, COUNT)
    return {
        "count": COUNT, **faces, "stride": _strides(extent, faces["axis"]),
        **_uniform(rng, real, 0.02, 0.3, "distance"), **_uniform(rng, real, 0.1, 1, "beta"),
        **_fields(rng, extent, real, "phi", *FLUX),
    }  # fmt: skip


@inputs("opening_friction")
def sides_of_openings(rng, extent, real):
    start = row_starts(rng, COUNT)
    entries, walls = start[-1], 31
    beside = some_faces(rng, extent, entries)["face"]
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "cell": some_cells(rng, extent, COUNT),
        "outward": _signs(rng, real), **_uniform(rng, real, 1, 1.4, "outside_density"), "start": start,
        "beside": np.where(rng.uniform(size=entries) < 0.6, beside, -1),
        "wall": rng.integers(-1, walls, entries).astype(np.int32),
        "share": rng.uniform(5, 50, entries).astype(real),
        "reciprocal_distance": rng.uniform(5, 50, entries).astype(real), "given": rng.normal(size=entries).astype(real),
        **_fields(rng, extent, real, *(f"{name}_ahead" for name in FLUX)), "mu": positive(rng, extent, real),
        "friction": rng.uniform(0.001, 0.1, walls).astype(real), "rho": positive(rng, extent, real),
        "scalars": scalars(), "drag": np.zeros(COUNT, real), "pull": np.zeros(COUNT, real),
    }  # fmt: skip


@inputs("opening_predict")
def pressure_openings(rng, extent, real):
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "cell": some_cells(rng, extent, COUNT),
        "outward": _signs(rng, real), **_uniform(rng, real, 0, 4, "loss_out", "loss_in"),
        **_uniform(rng, real, 1, 1.4, "outside_density"), "outside_pressure": rng.normal(size=COUNT).astype(real),
        **_uniform(rng, real, 0.02, 0.3, "distance", "area"),
        "position": rng.permutation(2 * COUNT)[:COUNT].astype(np.int32),
        **_fields(rng, extent, real, *FLUX, *(f"{name}_ahead" for name in FLUX), *FLUX_NEW, "p", "lift"),
        "rho": positive(rng, extent, real), "scalars": scalars(), **_uniform(rng, real, 0, 9, "drag"),
        "pull": rng.normal(size=COUNT).astype(real),
        "beta": np.zeros(COUNT, real), "coefficients": rng.normal(size=2 * COUNT).astype(real),
    }  # fmt: skip


@inputs("opening_correct")
def corrected_openings(rng, extent, real):
    return {
        "count": COUNT, **some_faces(rng, extent, COUNT), "cell": some_cells(rng, extent, COUNT),
        "outward": _signs(rng, real), **_uniform(rng, real, 0.02, 0.3, "distance"),
        **_uniform(rng, real, 0.1, 1, "beta"), **_fields(rng, extent, real, "phi", *FLUX),
    }  # fmt: skip


@inputs("add_to_rows")
def radiated_heat(rng, extent, real):
    return {"count": COUNT, "given": 90 * rng.normal(size=COUNT), "row_heat": 200 * rng.normal(size=COUNT)}
