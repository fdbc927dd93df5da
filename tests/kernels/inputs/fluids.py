"""Inputs of the kernels of several fluids: a gas, a gas by Sutherland's law and a liquid with a fitted viscosity."""

import numpy as np

from kernels.fluids import FluidColumn, ViscosityLaw
from kernels.scalars import Scalar
from tests.kernels.air import PRESSURES, positive, region_labels, scalars, some_cells, warmth
from tests.kernels.inputs import inputs
from tests.kernels.room import metrics, random_field, room_flags

COUNT = 61


def _fluids() -> np.ndarray:
    """Every column differs from row to row."""
    columns = {
        FluidColumn.GAS: (1, 1, 0), FluidColumn.LIFT: (0.0336, 0.0341, 0.0074), FluidColumn.STILL: (-4.7, 1.2, 25.0),
        FluidColumn.LAW: (ViscosityLaw.CONSTANT, ViscosityLaw.SUTHERLAND, ViscosityLaw.FITTED),
        FluidColumn.VISCOSITY: (1.8e-5, 1.7e-5, 8e-3), FluidColumn.CONDUCTION: (2.6e-5, 2.4e-5, 6.7e-5),
        FluidColumn.SUTHERLAND: (1.2e-6, 1.46e-6, 1.1e-6), FluidColumn.SUTHERLAND_KELVIN: (100.0, 110.4, 120.0),
        FluidColumn.DIFFUSIVITY_RATIO: (1.3, 1.4, 1.5), FluidColumn.FIT_0: (2.5, 2.6, 2.7),
        FluidColumn.FIT_1: (2.2, 2.3, 2.4), FluidColumn.FIT_2: (0.1, 0.2, 0.3), FluidColumn.FIT_3: (-0.1, -0.3, -0.2),
        FluidColumn.LOWEST_THETA: (-15.0, -25.0, -10.0), FluidColumn.HIGHEST_THETA: (30.0, 35.0, 12.0),
        FluidColumn.HEAT_CAPACITY: (1006.0, 1007.0, 1900.0), FluidColumn.NATURAL: (0.105, 0.11, 0.146),
    }  # fmt: skip
    return np.array([columns[column] for column in FluidColumn], float).T.copy()


def _step() -> np.ndarray:
    found = scalars()
    found[Scalar.TEMPERATURE_ZERO] = 293.15
    return found


@inputs("fluid_properties")
def three_fluids(rng, extent, real):
    return {
        "theta": (2 * warmth(rng, extent, real)).astype(real), "region": region_labels(rng, extent),
        "fluids": _fluids(), "scalars": _step(),
    }  # fmt: skip


@inputs("liquid_properties")
def some_cells_of_three_fluids(rng, extent, real):
    return three_fluids(rng, extent, real) | {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT),
        **{name: random_field(rng, extent, real) for name in ("mu", "diffusivity")},
    }  # fmt: skip


@inputs("density_by_region")
def warming(rng, extent, real):
    theta, found = warmth(rng, extent, real), metrics(rng, extent, real)
    return {
        "lift": theta, "theta_new": (theta + 0.1 * rng.normal(size=extent.shape)).astype(real),
        "flags": room_flags(extent), "region": region_labels(rng, extent), "fluids": _fluids(),
        "pressure": PRESSURES, "pressure_old": PRESSURES + np.array([3.1, -0.02, 40.0]), "scalars": _step(),
        "rho": positive(rng, extent, real), "increment": (0.01 * rng.normal(size=extent.shape)).astype(real),
        **{name: found[name] for name in ("dx", "dy", "dz")},
    }  # fmt: skip


@inputs("natural_film")
def films_of_every_direction(rng, extent, real):
    """Films on the other side are those of links that are not formed here."""
    links = 90
    entry = rng.permutation(links)[:COUNT].astype(np.int32)
    other = some_cells(rng, extent, links)
    other[rng.random(links) < 0.7] = -1
    alike = rng.integers(0, 2, COUNT).astype(np.int32)
    far = np.where((alike == 0) & (rng.random(COUNT) < 0.5), rng.integers(links, 2 * links, COUNT), -1)
    return three_fluids(rng, extent, real) | {
        "count": COUNT, "entry": entry, "place": entry, "far": far.astype(np.int32), "alike": alike,
        "cell": some_cells(rng, extent, COUNT), "up": rng.integers(-1, 2, COUNT).astype(np.int32),
        "area": rng.uniform(0.01, 0.1, COUNT).astype(real), "rho": positive(rng, extent, real),
        "distance": rng.uniform(0.005, 0.2, COUNT).astype(real), "other": other,
        "back": (rng.uniform(0.1, 9, 2 * links) * rng.integers(0, 2, 2 * links)).astype(real),
        "fixed": (9 * rng.normal(size=links)).astype(real), "film": rng.uniform(0.1, 5, 2 * links).astype(real),
    }  # fmt: skip


@inputs("scale_cells")
def some_factors(rng, extent, real):
    return {
        "count": COUNT, "cell": some_cells(rng, extent, COUNT),
        "factor": rng.uniform(0.001, 2.0, COUNT).astype(real), "values": random_field(rng, extent, real),
    }  # fmt: skip
