"""Inputs of the two-equation models: random flow in a room, cells at walls from the sublayer on."""

import numpy as np

from kernels.scalars import Scalar
from kernels.table._groups import FLUX
from tests.kernels.air import positive, row_starts, some_cells, some_faces, warmth
from tests.kernels.inputs import inputs
from tests.kernels.inputs.turbulence import WALLS, flow_fields, moving_room, turbulent_scalars
from tests.kernels.room import metrics, periodic_metrics, periodic_room_flags, room_flags

K_EPSILON = np.array([0.09, 1.44, 1.92, 4.38, 0.012, 1e5, 200.0, 8.7])
K_OMEGA = np.array([0.09, 0.31, 5 / 9, 0.44, 0.075, 0.0828, 0.85, 1.0, 0.5, 0.856, 10.0, 1e5])


def _mean_flow(rng, extent, real, flags, grid):
    """k, epsilon or omega of all cells; wall distances in which R_y lies on both sides of the end of the wall layer."""
    made = turbulent_scalars()
    made[Scalar.VISCOSITY], made[Scalar.SUTHERLAND] = 1e-3, 1e-4
    return moving_room(rng, extent, real, flags, grid) | {
        **{name: rng.uniform(0.1, 2, extent.shape).astype(real) for name in ("energy", "dissipation", "frequency")},
        "wall_distance": (10.0 ** rng.uniform(-2, 0, extent.shape)).astype(real),
        "shape": rng.uniform(0.4, 1, extent.shape).astype(real), "scalars": made,
    }  # fmt: skip


def _without(made, *names):
    return {name: value for name, value in made.items() if name not in names}


@inputs("k_epsilon")
def room_of_the_mean_flow(rng, extent, real):
    made = _mean_flow(rng, extent, real, room_flags(extent), metrics(rng, extent, real))
    return _without(made, "frequency") | {"model": K_EPSILON}


@inputs("k_epsilon")
def periodic_room_of_the_mean_flow(rng, extent, real):
    made = _mean_flow(rng, extent, real, periodic_room_flags(rng, extent), periodic_metrics(rng, extent, real))
    return _without(made, "frequency") | {"model": K_EPSILON}


@inputs("k_omega")
def room_of_slow_eddies(rng, extent, real):
    made = _mean_flow(rng, extent, real, room_flags(extent), metrics(rng, extent, real))
    return _without(made, "dissipation") | {"model": K_OMEGA}


@inputs("k_omega")
def periodic_room_of_slow_eddies(rng, extent, real):
    made = _mean_flow(rng, extent, real, periodic_room_flags(rng, extent), periodic_metrics(rng, extent, real))
    made["frequency"] = (10.0 ** rng.uniform(0, 3, extent.shape)).astype(real)
    return _without(made, "dissipation") | {"model": K_OMEGA}


def _u_plus(y_plus: np.ndarray) -> np.ndarray:
    """Of a layer of the sublayer and the logarithm: near enough to Spalding's for every difference to be positive."""
    return np.minimum(0.95 * y_plus, np.log(1.0 + 0.41 * y_plus) / 0.41 + 4.0)


def _first_cells(rng, extent, real, count=41):
    start = row_starts(rng, count)
    made = turbulent_scalars()
    made[Scalar.VISCOSITY], made[Scalar.SUTHERLAND] = 1.1e-3, 1e-4
    return {
        "count": count, "cell": some_cells(rng, extent, count), "start": start,
        "wall": rng.integers(0, WALLS, start[-1]).astype(np.int32),
        "distance": rng.uniform(0.01, 0.1, WALLS).astype(real),
        "y_plus": (10.0 ** rng.uniform(0, 2.5, WALLS)).astype(real),
        **{name: (10.0 ** rng.uniform(-3, 2, WALLS)).astype(real) for name in ("steep", "added")},
        "energy": positive(rng, extent, real),
        "theta": warmth(rng, extent, real), "rho": positive(rng, extent, real), "scalars": made,
        **flow_fields(rng, extent, real, ("mu", "diffusivity", "production_k", "loss_k")),
    }  # fmt: skip


@inputs("k_epsilon_walls")
def cells_with_walls(rng, extent, real):
    distance = (10.0 ** rng.uniform(-2, 0, extent.shape)).astype(real)
    return _first_cells(rng, extent, real) | {
        "wall_distance": distance, "model": K_EPSILON,
        **flow_fields(rng, extent, real, ("production_e", "loss_e")),
    }  # fmt: skip


@inputs("k_omega_walls")
def cells_of_fast_eddies(rng, extent, real):
    return _first_cells(rng, extent, real) | {
        "model": K_OMEGA, **flow_fields(rng, extent, real, ("production_w", "loss_w"))
    }  # fmt: skip


@inputs("wall_profile")
def walls_and_the_cells_before_them(rng, extent, real):
    distance, y_plus = rng.uniform(0.01, 0.1, WALLS), 10.0 ** rng.uniform(-1, 3, WALLS)
    second = distance * rng.uniform(2.5, 4.0, WALLS)
    third = second * rng.uniform(1.5, 2.0, WALLS) * rng.integers(0, 2, WALLS)
    return {
        "count": WALLS, "distance": distance.astype(real),
        "second": (second * rng.integers(0, 2, WALLS)).astype(real), "third": third.astype(real),
        "y_plus": y_plus.astype(real), "u_plus": _u_plus(y_plus).astype(real), "scalars": turbulent_scalars(),
        **{name: np.zeros(WALLS, real) for name in ("steep", "added", "shape")},
    }  # fmt: skip


@inputs("wall_shape")
def second_cells_at_walls(rng, extent, real):
    made = _first_cells(rng, extent, real)
    return {name: made[name] for name in ("count", "cell", "start", "wall")} | {
        "shape_of_wall": rng.uniform(0.4, 1.2, WALLS).astype(real), "shape": np.ones(extent.shape, real)
    }  # fmt: skip


def _openings(rng, extent, real, law):
    count, faces = 31, 50
    return {
        "count": count, **some_faces(rng, extent, count), "entry": rng.permutation(faces)[:count].astype(np.int32),
        **{name: rng.uniform(0.05, 0.5, count).astype(real) for name in ("intensity", "length")},
        **flow_fields(rng, extent, real, FLUX), "law": np.array(law), "scalars": turbulent_scalars(),
        **{name: rng.uniform(1, 2, faces).astype(real) for name in ("outside_k", "outside_other")},
    }  # fmt: skip


@inputs("inflow_turbulence")
def openings_with_dissipation(rng, extent, real):
    return _openings(rng, extent, real, (0.16, 1e-3, 1.0))


@inputs("inflow_turbulence")
def openings_with_frequency(rng, extent, real):
    return _openings(rng, extent, real, (1.8, 1e-3, 0.0))
