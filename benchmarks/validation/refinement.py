"""Steady cases on successively finer grids, each started from the solutions on the grids before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.row import Row
from benchmarks.validation.study import Picture, Study
from thermo.flow import Solver
from thermo.flow.part import VELOCITIES

CELSIUS_ZERO = 273.15  # K


@dataclass(frozen=True)
class Grid:
    """cells: along the side that is refined; overrides: of the case, that make this grid."""

    cells: int
    overrides: tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """A steady case on successively finer grids; only the rows of the finest are held against their bands.

    interval, s: over which every number watched must change by less than `tolerance`; until: s of simulated time on one
    grid. measure: rows and pictures of a settled run.
    """

    name: str
    case: str
    scenario: str | None
    grids: Sequence[Grid]
    watch: Callable[[Solver], Sequence[float]]
    interval: float
    until: float
    measure: Callable[[CaseRun], Iterator[Row | Picture]]
    tolerance: float = 1e-5
    precision: str = "single"

    def runs(self, bench: Bench) -> Iterator[CaseRun]:
        """Settled runs on every grid in turn, up to the finest that the bench allows."""
        done: list[Solver] = []
        for grid in self.grids:
            if bench.finest is not None and grid.cells > bench.finest:
                return
            run = CaseRun(bench, self.name, self.case, self.scenario, grid.overrides, self.precision)
            title = f"{self.name}_{grid.cells}"
            if not run.resume(title):
                if done and run.solver.step == 0:
                    start_from(run.solver, *done[:2])
                run.settle(self.watch, self.interval, self.until, self.tolerance, title=title)
            done.insert(0, run.solver)
            yield run

    def study(self, tier: str, what: str) -> Study:
        """The study that keeps the rows of all grids, and the pictures of the finest."""

        def measure(bench: Bench) -> Iterator[Row | Picture]:
            for run, grid in zip(self.runs(bench), self.grids, strict=False):
                for found in self.measure(run):
                    if grid is self.grids[-1]:
                        yield found
                    elif isinstance(found, Row):
                        yield replace(found, band=None)

        return Study(self.name, tier, what, measure)


def start_from(solver: Solver, coarse: Solver, coarser: Solver | None = None) -> None:
    """Initialise a case from its solutions on other grids.

    With two of them, fields are extrapolated at second order, which leaves less to settle.
    """
    fields = _interpolated(coarse)
    if coarser is not None:
        ratio = max(a.n / b.n for a, b in zip(coarse.mesh.axes, coarser.mesh.axes, strict=True))
        weight = 1.0 / (ratio**2 - 1.0)
        pairs = zip(fields, _interpolated(coarser), strict=True)
        fields = [_combined(1.0 + weight, one, -weight, other) for one, other in pairs]
    temperature, *velocity = fields
    pressure = None
    if coarse.setup.fluid.low_mach and any(region.sealed for region in coarse.mesh.regions):
        fine = solver.mesh
        over_temperature = fine.volumes() / temperature(
            fine.x.centres[None, None, :], fine.y.centres[None, :, None], fine.z.centres[:, None, None]
        )
        # the mass of the air stays what it was: p0 sum(V/T) = M R
        sums = (coarse.mesh.volumes() / _kelvin(coarse)).sum(), over_temperature.sum()
        pressure = float(coarse.backend.to_host(coarse.sealed.pressure)[0]) * sums[0] / sums[1]
    solver.initialise(temperature=temperature, velocity=tuple(velocity), sealed_pressure=pressure)


def low_face_velocity(solver: Solver, axis: int) -> np.ndarray:
    """Velocity component on the low faces of the cells along its axis, m/s, (nz, ny, nx)."""
    host = solver.backend.to_host
    return solver.decomposition.gather([host(part.velocity[VELOCITIES[axis]]) for part in solver.parts])


def extrapolated(coarse: float, fine: float, ratio: float = 2.0, order: float = 2.0) -> float:
    """The value at zero cell size of two values whose error falls with this order (Richardson 1911)."""
    return fine + (fine - coarse) / (ratio**order - 1.0)


def _kelvin(solver: Solver) -> np.ndarray:
    return solver.field("temperature").astype(np.float64) + CELSIUS_ZERO


def _interpolated(solver: Solver) -> list[Callable[..., np.ndarray]]:
    """Temperature (K) and the velocities of a solution as functions of (x, y, z)."""
    mesh = solver.mesh
    centres = [axis.centres for axis in mesh.axes]
    functions = [_splines(centres, _kelvin(solver))]
    patches = [opening.patch for opening in mesh.openings]
    for axis in range(3):
        low = low_face_velocity(solver, axis).astype(np.float64)
        through = any(patch.axis == axis and patch.inward < 0 for patch in patches)
        width = [(0, 1) if 2 - axis == direction else (0, 0) for direction in range(3)]
        # the high side is at rest, or what leaves there has come through the face before it
        values = np.pad(low, width, mode="edge" if through else "constant")
        places = [mesh.axes[axis].faces if other == axis else centres[other] for other in range(3)]
        functions.append(_splines(places, values))
    return functions


def _combined(a: float, one: Callable, b: float, other: Callable) -> Callable[..., np.ndarray]:
    return lambda x, y, z: a * one(x, y, z) + b * other(x, y, z)


def _splines(places: Sequence[np.ndarray], values: np.ndarray) -> Callable[..., np.ndarray]:
    """f(x, y, z) from values[k, j, i] at the points places[0..2]; constant along an axis with fewer than four."""

    def at(*point: np.ndarray) -> np.ndarray:
        found = values
        for axis, (line, wanted) in enumerate(zip(places, point, strict=True)):
            wanted = np.asarray(wanted, float).ravel()
            if len(line) < 4:
                found = np.repeat(found.take([0], axis=2 - axis), len(wanted), axis=2 - axis)
            else:
                found = CubicSpline(line, found, axis=2 - axis)(wanted)
        return found

    return at
