"""Marching a validation case to its steady state, from the state on a coarser grid where there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline

from thermo.flow.part import VELOCITIES
from thermo.loading import load_case
from thermo.simulation.assembly import Assembly, assemble

if TYPE_CHECKING:
    from thermo.flow import Solver

CASES = Path(__file__).parents[1] / "cases" / "validation"
CELSIUS_ZERO = 273.15  # K


def assembled(
    name: str, scenario: str | None = None, overrides: Sequence[str] = (), precision: str = "double",
    backend: str = "auto",
) -> Assembly:  # fmt: skip
    """A case of cases/validation, ready to march."""
    return assemble(load_case(CASES / f"{name}.toml", overrides=overrides, scenario=scenario), backend, precision)


@dataclass(frozen=True)
class March:
    """How a march ended. change: the largest relative change of what was watched over the last interval."""

    settled: bool
    change: float


def march_to_steady(
    solver: Solver, watch: Callable[[Solver], Sequence[float]], interval: float, tolerance: float, until: float,
    pause: Callable[[], bool] = lambda: False,
) -> March:  # fmt: skip
    """Advance until each number watched changes by less than tolerance x its size over an interval (s), twice running.

    until: simulated time at which to give up, s. pause: asked after every interval whether to stop early.
    """
    before, change, calm = np.asarray(watch(solver), float), inf, 0
    while solver.time < until * (1.0 - 1e-12):
        stop = min(solver.time + interval, until)
        while solver.time < stop:
            solver.advance(stop)
        now = np.asarray(watch(solver), float)
        change = float(np.max(np.abs(now - before) / np.abs(now)))
        before, calm = now, calm + 1 if change < tolerance else 0
        if calm == 2 or pause():
            break
    return March(calm == 2, change)


def low_face_velocity(solver: Solver, axis: int) -> np.ndarray:
    """Velocity component on the low faces of the cells along its axis, m/s, (nz, ny, nx)."""
    host = solver.backend.to_host
    return solver.decomposition.gather([host(part.velocity[VELOCITIES[axis]]) for part in solver.parts])


def start_from(solver: Solver, coarse: Solver, coarser: Solver | None = None) -> None:
    """Initialise a closed two-dimensional case (one cell across y) from its solutions on other grids.

    With two of them, fields are extrapolated at second order, which leaves less to settle.
    """
    fields = _interpolated(coarse)
    if coarser is not None:
        weight = 1.0 / ((coarse.mesh.x.n / coarser.mesh.x.n) ** 2 - 1.0)
        pairs = zip(fields, _interpolated(coarser), strict=True)
        fields = [_combined(1.0 + weight, one, -weight, other) for one, other in pairs]
    temperature, u, w = fields
    fine = solver.mesh
    volume_over_temperature = fine.volumes() / temperature(fine.x.centres, fine.y.centres, fine.z.centres)
    # the mass of the air stays what it was: p0 sum(V/T) = M R
    sums = (coarse.mesh.volumes() / _kelvin(coarse)).sum(), volume_over_temperature.sum()
    pressure = float(coarse.backend.to_host(coarse.sealed.pressure)[0]) * sums[0] / sums[1]
    solver.initialise(temperature=temperature, velocity=(u, 0.0, w), sealed_pressure=pressure)


def _kelvin(solver: Solver) -> np.ndarray:
    return solver.field("temperature").astype(np.float64) + CELSIUS_ZERO


def _interpolated(solver: Solver) -> list[Callable[..., np.ndarray]]:
    """Temperature (K), u and w of a solution as functions of (x, y, z)."""
    mesh = solver.mesh
    x, z = mesh.x.centres, mesh.z.centres
    functions = [_bicubic(x, z, _kelvin(solver)[:, 0, :])]
    for axis, (lines_x, lines_z) in ((0, (mesh.x.faces, z)), (2, (x, mesh.z.faces))):
        low = low_face_velocity(solver, axis)[:, 0, :]
        # the high side of a closed domain is at rest
        functions.append(_bicubic(lines_x, lines_z, np.pad(low, [(0, axis == 2), (0, axis == 0)])))
    return functions


def _combined(a: float, one: Callable, b: float, other: Callable) -> Callable[..., np.ndarray]:
    return lambda x, y, z: a * one(x, y, z) + b * other(x, y, z)


def _bicubic(x: np.ndarray, z: np.ndarray, values: np.ndarray) -> Callable[..., np.ndarray]:
    """f(x, y, z) from values[k, i] at points (x, z)."""

    def at(px: np.ndarray, _y: np.ndarray, pz: np.ndarray) -> np.ndarray:
        along_x = CubicSpline(x, values, axis=1)(px.ravel())
        return CubicSpline(z, along_x, axis=0)(pz.ravel())[:, None, :]

    return at


def extrapolated(coarse: float, fine: float, ratio: float = 2.0, order: float = 2.0) -> float:
    """The value at zero cell size of two values whose error falls with this order (Richardson 1911)."""
    return fine + (fine - coarse) / (ratio**order - 1.0)
