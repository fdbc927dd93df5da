"""Inputs of the transport of heat and momentum: random flow, through the closed faces (ports) too."""

import numpy as np

from kernels import GHOST
from kernels.table._groups import FLUX, VELOCITY
from tests.kernels.air import PRESSURES, positive, region_labels, scalars, warmth
from tests.kernels.inputs import inputs
from tests.kernels.room import fluid_cells, metrics, periodic_metrics, periodic_room_flags, random_field, room_flags


def _fields(rng, extent, real, *names):
    return {name: random_field(rng, extent, real) for name in names}


def _choose(found, *names):
    return {name: found[name] for name in names}


def _per_axis(*patterns):
    return [pattern.format(axis) for pattern in patterns for axis in "xyz"]


@inputs("flux_ahead")
def two_flows(rng, extent, real):
    names = [f"{name}{when}" for when in ("", "_last") for name in FLUX]
    return {"count": int(np.prod(extent.shape)), **_fields(rng, extent, real, *names), "scalars": scalars()}


@inputs("velocity")
def any_flow(rng, extent, real):
    return {
        **_fields(rng, extent, real, *FLUX), "rho": positive(rng, extent, real), "scalars": scalars(),
        **_choose(periodic_metrics(rng, extent, real), *_per_axis("d{}", "rd{}f")),
    }  # fmt: skip


@inputs("courant_rate")
def any_velocity(rng, extent, real):
    return {
        **_fields(rng, extent, real, *VELOCITY), "flags": room_flags(extent),
        **_choose(metrics(rng, extent, real), *_per_axis("rd{}")), "result": np.zeros(1),
    }  # fmt: skip


@inputs("courant_rate")
def fastest_in_the_last_cell(rng, extent, real):
    """The last cell wins by its three high faces, which no other cell has; inside a solid it is faster still."""
    made = any_velocity(rng, extent, real)
    for axis, name in enumerate(VELOCITY):
        high_faces = [slice(None)] * 3
        high_faces[2 - axis] = -GHOST
        made[name][tuple(high_faces)] = 10 + axis
        k, j, i = extent.nz // 6, extent.ny // 3 + 1, extent.nx // 4 + 1
        made[name][GHOST + k, GHOST + j, GHOST + i] = 1000
    assert not fluid_cells(extent)[k - 1 : k + 1, j - 1 : j + 1, i - 1 : i + 1].any()
    return made


def _heat(rng, extent, real, flags, grid):
    return {
        **_fields(rng, extent, real, *FLUX), "theta": warmth(rng, extent, real), "begin": warmth(rng, extent, real),
        "rho": positive(rng, extent, real), "diffusivity": positive(rng, extent, real), "flags": flags,
        "region": region_labels(rng, extent), "pressure_rate": rng.normal(size=len(PRESSURES)) * 40,
        **_choose(grid, *_per_axis("d{}", "d{}f", "rd{}", "rd{}f")), "scalars": scalars(), "divisor": 3,
    }  # fmt: skip


@inputs("temperature")
def heat_in_a_room(rng, extent, real):
    return _heat(rng, extent, real, room_flags(extent), metrics(rng, extent, real))


@inputs("temperature")
def heat_in_a_periodic_room(rng, extent, real):
    return _heat(rng, extent, real, periodic_room_flags(rng, extent), periodic_metrics(rng, extent, real))


@inputs("temperature")
def heat_of_an_earlier_stage(rng, extent, real):
    return heat_in_a_room(rng, extent, real) | {"divisor": 2}


@inputs("temperature")
def smooth_heat(rng, extent, real):
    """A field on which the limiter mostly takes its third-order branch."""
    made = _heat(rng, extent, real, room_flags(extent), metrics(rng, extent, real))
    k, j, i = np.indices(extent.shape)
    made["theta"] = (3 * np.sin(0.4 * i + 0.3) + 2 * np.cos(0.5 * j) + 0.2 * k + 0.01 * made["theta"]).astype(real)
    return made


def _momentum(rng, extent, real, flags, grid):
    return {
        **_fields(rng, extent, real, *FLUX, *(f"{name}_begin" for name in FLUX), *VELOCITY, "p", "lift", "increment"),
        "rho": positive(rng, extent, real),
        "mu": positive(rng, extent, real), "flags": flags,
        **_choose(grid, *_per_axis("d{}", "rd{}", "rd{}f")), "scalars": scalars(), "divisor": 2,
    }  # fmt: skip


@inputs("momentum")
def momentum_in_a_room(rng, extent, real):
    return _momentum(rng, extent, real, room_flags(extent), metrics(rng, extent, real))


@inputs("momentum")
def momentum_in_a_periodic_room(rng, extent, real):
    return _momentum(rng, extent, real, periodic_room_flags(rng, extent), periodic_metrics(rng, extent, real))
