"""Fields of the whole grid on the host, put together from the parts."""

from __future__ import annotations

import numpy as np

from thermo.flow.march import March
from thermo.flow.part import VELOCITIES
from thermo.flow.setup import TEMPERATURE_ZERO

RMS_FIELDS = ("temperature_rms", "velocity_rms")
CELSIUS_ZERO = 273.15  # K


def field(solver: March, name: str) -> np.ndarray:
    """"temperature" (degC), "pressure" (Pa), "density" (kg/m3): (nz, ny, nx); "velocity" (m/s): (nz, ny, nx, 3).

    A scalar of the setup by its name: (nz, ny, nx), per kg of air.
    In the precision of the run. Solids hold the temperature of the solid, and 0 of the rest.
    """
    host, parts = solver.backend.to_host, solver.parts
    if name == "temperature":
        return celsius(solver, [host(part.theta[solver.level]) for part in parts])
    if name == "pressure":
        return solver.decomposition.gather([host(part.p) for part in parts])
    if name == "density":
        if not solver.setup.density_varies:
            return np.full(solver.mesh.shape, solver.setup.fluid.still_density, solver.backend.real)
        return solver.decomposition.gather([host(part.rho) for part in parts])
    if name == "velocity":
        return np.stack([_centred(solver, axis) for axis in range(3)], axis=-1)
    if name in solver.transported.scalars:
        return solver.decomposition.gather([host(array) for array in solver.transported.fields[solver.level][name]])
    raise KeyError(f"there is no field {name!r}")


def average(solver: March, name: str) -> np.ndarray:
    """The time average of "temperature", "pressure", "velocity" or a scalar, in the shape and precision of `field`.

    In LES also "temperature_rms" (K) and "velocity_rms" (m/s) about their averages.
    """
    mean, gather, real = solver.averages.mean, solver.decomposition.gather, solver.backend.real
    if name == "temperature":
        return celsius(solver, mean("theta")).astype(real)
    if name == "pressure":
        return gather(mean("p")).astype(real)
    if name == "velocity":
        return np.stack([gather(mean(component)) for component in VELOCITIES], axis=-1).astype(real)
    if name in solver.transported.scalars:
        return gather(mean(name)).astype(real)
    if name in RMS_FIELDS and solver.averages.moments is not None:
        return root_mean_square(solver, name).astype(real)
    raise KeyError(f"there is no average of {name!r}")


def root_mean_square(solver: March, name: str) -> np.ndarray:
    """Of the fluctuations that the cells resolve: "temperature_rms" K, "velocity_rms" m/s (..., 3), float64."""
    mean, gather = solver.averages.mean, solver.decomposition.gather
    pairs = [("theta", "sum_tt")]
    if name == "velocity_rms":
        pairs = [("ux", "sum_xx"), ("uy", "sum_yy"), ("uz", "sum_zz")]
    found = [np.sqrt(np.maximum(gather(mean(square)) - gather(mean(value)) ** 2, 0.0)) for value, square in pairs]
    return np.stack(found, axis=-1) if len(found) > 1 else found[0]


def celsius(solver: March, theta: list[np.ndarray]) -> np.ndarray:
    """Padded theta of the parts as one field in degC."""
    return solver.decomposition.gather(theta) + theta[0].dtype.type(TEMPERATURE_ZERO - CELSIUS_ZERO)


def _centred(solver: March, axis: int) -> np.ndarray:
    """One velocity component at cell centres: the mean of both faces."""
    padded = []
    for part in solver.parts:
        u = solver.backend.to_host(part.velocity[VELOCITIES[axis]])
        ahead = np.roll(u, -1, axis=2 - axis)
        padded.append(u.dtype.type(0.5) * (u + ahead))
    return solver.decomposition.gather(padded)
