"""Inputs of the eddy viscosity and of the friction at walls: random flow in a room, in air of any viscosity."""

import numpy as np

from kernels.scalars import Scalar
from kernels.table._groups import FLUX_NEW, VELOCITY
from tests.kernels import air
from tests.kernels.air import positive, row_starts, some_cells, some_faces, warmth
from tests.kernels.inputs import inputs
from tests.kernels.room import metrics, periodic_metrics, periodic_room_flags, random_field, room_flags

WALLS = 53


def turbulent_scalars() -> np.ndarray:
    found = air.scalars()
    found[Scalar.SUTHERLAND], found[Scalar.SUTHERLAND_TEMPERATURE] = 0.021, 110.4
    found[Scalar.RECIPROCAL_PRANDTL], found[Scalar.RECIPROCAL_PRANDTL_TURBULENT] = 1.4, 1.17
    found[Scalar.VREMAN], found[Scalar.KAPPA], found[Scalar.SPALDING] = 0.07, 0.41, 0.12
    return found


def _chosen(grid, *prefixes):
    names = {"d": "d{}", "rd": "rd{}", "rdf": "rd{}f"}
    return {names[p].format(axis): grid[names[p].format(axis)] for p in prefixes for axis in "xyz"}


def flow_fields(rng, extent, real, names=VELOCITY):
    return {name: random_field(rng, extent, real) for name in names}


def moving_room(rng, extent, real, flags, grid):
    return {
        **flow_fields(rng, extent, real), "theta": warmth(rng, extent, real), "rho": positive(rng, extent, real),
        "flags": flags, **_chosen(grid, "d", "rd", "rdf"), "scalars": turbulent_scalars(),
    }  # fmt: skip


@inputs("vreman")
def turbulent_room(rng, extent, real):
    return moving_room(rng, extent, real, room_flags(extent), metrics(rng, extent, real))


@inputs("vreman")
def turbulent_periodic_room(rng, extent, real):
    return moving_room(rng, extent, real, periodic_room_flags(rng, extent), periodic_metrics(rng, extent, real))


@inputs("diffusion_rate")
def viscous_room(rng, extent, real):
    return {
        "mu": positive(rng, extent, real), "diffusivity": positive(rng, extent, real),
        "rho": positive(rng, extent, real), "flags": room_flags(extent),
        **_chosen(metrics(rng, extent, real), "rd"), "scalars": turbulent_scalars(), "result": np.zeros(1),
    }  # fmt: skip


@inputs("accumulate_moments")
def fluctuating_flow(rng, extent, real):
    sums = ("sum_xx", "sum_yy", "sum_zz", "sum_tt", "sum_eddy")
    return {
        **flow_fields(rng, extent, real), "theta": warmth(rng, extent, real), "mu": positive(rng, extent, real),
        "rho": positive(rng, extent, real), "scalars": turbulent_scalars(), **flow_fields(rng, extent, real, sums),
    }  # fmt: skip


@inputs("wall_friction")
def walls_from_the_sublayer_to_the_logarithmic_layer(rng, extent, real):
    made = turbulent_scalars()
    made[Scalar.VISCOSITY], made[Scalar.SUTHERLAND] = 1e-3, 1e-5
    return {
        "count": WALLS, "cell": some_cells(rng, extent, WALLS), "axis": rng.integers(0, 3, WALLS).astype(np.int32),
        "distance": (10.0 ** rng.uniform(-5, 1, WALLS)).astype(real),
        **{name: rng.normal(size=WALLS).astype(real) for name in ("wall_x", "wall_y", "wall_z")},
        **flow_fields(rng, extent, real), "theta": warmth(rng, extent, real), "rho": positive(rng, extent, real),
        "scalars": made, "friction": np.zeros(WALLS, real),
        "y_plus": np.zeros(WALLS, real), "u_plus": np.zeros(WALLS, real),
    }  # fmt: skip


@inputs("wall_shear")
def velocities_beside_walls(rng, extent, real):
    count = 41
    start = row_starts(rng, count)
    entries = start[-1]
    return {
        "count": count, **some_faces(rng, extent, count), "start": start,
        "wall": rng.integers(0, WALLS, entries).astype(np.int32),
        **{name: rng.normal(size=entries).astype(real) for name in ("share", "wall_velocity")},
        "cell": some_cells(rng, extent, WALLS), "distance": rng.uniform(0.1, 1, WALLS).astype(real),
        "friction": rng.uniform(0.1, 9, WALLS).astype(real), "mu": positive(rng, extent, real),
        **flow_fields(rng, extent, real),
        **flow_fields(rng, extent, real, FLUX_NEW), "rho": positive(rng, extent, real), "scalars": turbulent_scalars(),
        "divisor": 3,
    }  # fmt: skip


@inputs("wall_film")
def warm_walls_of_every_direction(rng, extent, real):
    made = turbulent_scalars()
    made[Scalar.VISCOSITY], made[Scalar.SUTHERLAND], made[Scalar.CONDUCTIVITY] = 1.1e-3, 1e-4, 1.6e-3
    made[Scalar.KADER], made[Scalar.NATURAL] = 3.7, 0.1
    count, links = 67, 90
    entry = rng.permutation(links)[:count].astype(np.int32)
    other = some_cells(rng, extent, links)
    other[rng.random(links) < 0.7] = -1
    return {
        "count": count, "entry": entry, "wall": rng.integers(0, WALLS, count).astype(np.int32),
        "cell": some_cells(rng, extent, count),
        "up": rng.integers(-1, 2, count).astype(np.int32), "panel": (other[entry] >= 0).astype(np.int32),
        "area": rng.uniform(0.01, 0.1, count).astype(real),
        "back": (rng.uniform(0.1, 9, links) * rng.integers(0, 2, links)).astype(real), "other": other,
        "fixed": (9 * rng.normal(size=links)).astype(real),
        "distance": (10.0 ** rng.uniform(-3, 0, WALLS)).astype(real),
        "y_plus": (10.0 ** rng.uniform(-2, 4, WALLS)).astype(real), "theta": warmth(rng, extent, real),
        "rho": positive(rng, extent, real), "scalars": made, "film": np.ones(links, real),
    }  # fmt: skip


@inputs("film_conductance")
def films_in_series(rng, extent, real):
    count = 31
    return {
        "count": count, "film": rng.uniform(0.01, 3, count).astype(real),
        "back": (rng.uniform(0, 9, count) * rng.integers(0, 2, count)).astype(real),
        "far": rng.integers(-1, count, count).astype(np.int32), "conductance": np.zeros(count, real),
    }  # fmt: skip
