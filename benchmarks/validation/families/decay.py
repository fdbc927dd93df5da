"""The Taylor-Green vortex in three dimensions: dissipation through transition, against a spectral solution."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import reference
from benchmarks.validation.refinement import low_face_velocity
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study

SOURCE = "pseudo-spectral 512^3, High-Order CFD Workshop case C3.5 (DLR)"
EVERY = 0.1  # time between two values of the energy


def kinetic_energy(solver) -> float:
    """Mean of u.u/2 over the staggered faces, m2/s2."""
    return 0.5 * sum(float((low_face_velocity(solver, axis).astype(np.float64) ** 2).mean()) for axis in range(3))


def decay(name: str, cells: int, bands: tuple[float | None, float | None], bench: Bench) -> Iterator[Row | Picture]:
    """Peak of -dE/dt and its time. bands: of the peak, relative, and of the time."""
    run = CaseRun(bench, name, "taylor_green_3d", overrides=[f"mesh.cells = [{cells}, {cells}, {cells}]"])
    u = lambda x, y, z: np.sin(x) * np.cos(y) * np.cos(z)  # noqa: E731
    v = lambda x, y, z: -np.cos(x) * np.sin(y) * np.cos(z)  # noqa: E731
    run.solver.initialise(velocity=(u, v, 0.0))
    times, energies = np.arange(0.0, 12.0 + 0.5 * EVERY, EVERY), []
    for moment in times:
        run.to(moment)
        energies.append(kinetic_energy(run.solver))
    rate, middle = -np.diff(energies) / EVERY, 0.5 * (times[1:] + times[:-1])
    peak = int(np.argmax(rate))
    rows = reference("taylor_green_3d")
    at, table = (np.array([float(row[key]) for row in rows]) for key in ("t", "dissipation"))
    why = "what good second-order schemes show on 128 cells"
    yield run.row("peak of -dE/dt", rate[peak], 0.012858, SOURCE, "F", bands[0], why)
    yield run.row("time of the peak", middle[peak], 8.97, SOURCE, "F", bands[1], why, "absolute")
    yield run.row("E at t = 10", float(np.interp(10.0, times, energies)), _energy(rows, 10.0), SOURCE, "F", None,
                  "1 % is asked on 256 cells")  # fmt: skip
    yield Picture(f"taylor_green_3d_{cells}", f"Taylor-Green vortex, Re 1600, {run.grid}", "t", "-dE/dt",
                  [Curve("thermo", middle, rate), Curve("spectral", at, table, True)])  # fmt: skip


def _energy(rows: list[dict[str, str]], time: float) -> float:
    return next(float(row["energy"]) for row in rows if abs(float(row["t"]) - time) < 1e-6)


STUDIES = (
    Study("taylor_green/re1600_coarse", "A", "vortex in three dimensions, 64 cells: coarse",
          partial(decay, "taylor_green/re1600_coarse", 64, (None, None))),
    Study("taylor_green/re1600", "B", "vortex in three dimensions, 128 cells",
          partial(decay, "taylor_green/re1600", 128, (0.10, 0.3))),
)  # fmt: skip
