"""Marching a validation case to its steady state, from the state on a coarser grid where there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

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
    steps: int


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
    return March(calm == 2, change, solver.step)


def low_face_velocity(solver: Solver, axis: int) -> np.ndarray:
    """Velocity component on the low faces of the cells along its axis, m/s, (nz, ny, nx)."""
    host = solver.backend.to_host
    return solver.decomposition.gather([host(part.velocity[VELOCITIES[axis]]) for part in solver.parts])


def start_from(solver: Solver, coarse: Solver) -> None:
    """Initialise a closed two-dimensional case (one cell across y) from its solution on another grid."""
    mesh = coarse.mesh
    x, z = mesh.x.centres, mesh.z.centres
    temperature = coarse.field("temperature")[:, 0, :] + CELSIUS_ZERO
    velocity = []
    for axis, (lines_x, lines_z) in ((0, (mesh.x.faces, z)), (2, (x, mesh.z.faces))):
        low = low_face_velocity(coarse, axis)[:, 0, :]
        # the high side of a closed domain is at rest
        velocity.append(_bilinear(lines_x, lines_z, np.pad(low, [(0, axis == 2), (0, axis == 0)])))
    interpolated = _bilinear(x, z, temperature)
    fine = solver.mesh
    volume_over_temperature = fine.volumes() / interpolated(fine.x.centres, fine.y.centres, fine.z.centres)
    # the mass of the air stays what it was: p0 sum(V/T) = M R
    pressure = float(coarse.backend.to_host(coarse.sealed.pressure)[0])
    pressure *= (mesh.volumes()[:, 0, :] / temperature).sum() / volume_over_temperature.sum()
    solver.initialise(
        temperature=interpolated, velocity=(velocity[0], 0.0, velocity[1]), sealed_pressure=pressure
    )  # fmt: skip


def _bilinear(x: np.ndarray, z: np.ndarray, values: np.ndarray) -> Callable[..., np.ndarray]:
    """f(x, y, z) from values[k, i] at points (x, z); constant beyond the points."""

    def at(px: np.ndarray, _y: np.ndarray, pz: np.ndarray) -> np.ndarray:
        along = np.stack([np.interp(px.ravel(), x, row) for row in values])
        both = np.stack([np.interp(pz.ravel(), z, column) for column in along.T], axis=-1)
        return both[:, None, :]

    return at


def extrapolated(coarse: float, fine: float, ratio: float = 2.0, order: float = 2.0) -> float:
    """The value at zero cell size of two values whose error falls with this order (Richardson 1911)."""
    return fine + (fine - coarse) / (ratio**order - 1.0)
