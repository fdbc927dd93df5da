"""Inputs of properties, sources and the sums of the ledger."""

import numpy as np

from kernels.scalars import Scalar
from tests.kernels.inputs import inputs
from tests.kernels.room import random_field


def constants(rng: np.random.Generator) -> np.ndarray:
    """Scalars of a step in air."""
    scalars = rng.normal(size=len(Scalar))
    scalars[Scalar.DT] = 0.02
    scalars[Scalar.DENSITY], scalars[Scalar.HEAT_CAPACITY] = 1.2, 1006.0
    scalars[Scalar.TEMPERATURE_ZERO] = 293.15
    scalars[Scalar.SUTHERLAND], scalars[Scalar.SUTHERLAND_TEMPERATURE] = 1.46e-6, 110.4
    scalars[Scalar.RECIPROCAL_PRANDTL] = 1.4
    return scalars


def positive(rng, extent, real):
    """A field of positive numbers, such as a density."""
    return rng.uniform(0.9, 1.3, extent.shape).astype(real)


def some_cells(rng, extent, count: int) -> np.ndarray:
    """Different interior cells as element numbers, ascending."""
    chosen = np.sort(rng.choice(extent.cells, count, replace=False))
    k, j, i = np.unravel_index(chosen, (extent.nz, extent.ny, extent.nx))
    return (i + 2) + extent.sy * (j + 2) + extent.sz * (k + 2)


@inputs("sutherland")
def warm_air(rng, extent, real):
    theta = (20.0 * random_field(rng, extent, real)).astype(real)
    return {"theta": theta, "scalars": constants(rng)}


@inputs("liquid_viscosity")
def warm_oil(rng, extent, real):
    """Some of it beyond both ends of the range."""
    law = np.array([2.7, 2.4, 0.3, -0.2, -20.0, 45.0])
    return warm_air(rng, extent, real) | {"law": law}


def _force(rng, extent, real, stride):
    force, stage = (random_field(rng, extent, real) for _ in range(2))
    return {"force": force, "rho": positive(rng, extent, real), "scalars": constants(rng), "divisor": 2,
            "stride": stride, "stage": stage}  # fmt: skip


@inputs("volume_force")
def force_along_x(rng, extent, real):
    return _force(rng, extent, real, 1)


@inputs("volume_force")
def force_along_z(rng, extent, real):
    return _force(rng, extent, real, extent.sz)


@inputs("volume_heat")
def heat(rng, extent, real):
    q, theta_new = (random_field(rng, extent, real) for _ in range(2))
    return {"q": q, "rho": positive(rng, extent, real), "theta_new": theta_new, "scalars": constants(rng),
            "divisor": 3}  # fmt: skip


@inputs("add_heat")
def rows(rng, extent, real):
    count = 57
    return {
        "count": count, "cell": some_cells(rng, extent, count), "row_heat": 100.0 * rng.normal(size=count),
        "reciprocal_volume": rng.uniform(1e2, 1e3, count).astype(real), "rho": positive(rng, extent, real),
        "heat_capacity": rng.uniform(900.0, 4200.0, count).astype(real),
        "divisor": 2, "theta_new": random_field(rng, extent, real),
        "scalars": constants(rng),
    }  # fmt: skip


@inputs("accumulate_instances")
def devices(rng, extent, real):
    count = 9
    return {"count": count, "mass_flow": rng.uniform(size=count), "theta_in": rng.normal(size=count),
            "theta_out": rng.normal(size=count), "sums": rng.normal(size=(count, 3)),
            "scalars": constants(rng)}  # fmt: skip


@inputs("accumulate_rows")
def heats(rng, extent, real):
    return {"count": 40, "value": rng.normal(size=40), "sum": rng.normal(size=40), "scalars": constants(rng)}


@inputs("opening_flows")
def openings(rng, extent, real):
    start = np.array([0, 7, 7, 20], np.int32)  # the second opening has no face in this part
    n = int(start[-1])
    return {
        "count": 3, "start": start, "axis": rng.integers(0, 3, n).astype(np.int32),
        "face": some_cells(rng, extent, n), "cell": some_cells(rng, extent, n),
        "outward": rng.choice([-1.0, 1.0], n).astype(real), "area": rng.uniform(0.01, 0.1, n).astype(real),
        "outside": rng.normal(size=n).astype(real), "theta": random_field(rng, extent, real),
        **{name: random_field(rng, extent, real) for name in ("mx", "my", "mz")}, "flows": np.empty((3, 4)),
        "sums": rng.normal(size=(3, 4)), "scalars": constants(rng),
    }  # fmt: skip
