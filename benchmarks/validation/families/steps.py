"""Laminar backward-facing step: places of separation and reattachment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.validation.bench import CaseRun
from benchmarks.validation.measures import reference
from benchmarks.validation.refinement import Grid, Series, low_face_velocity
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture


def crossings(x: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Where a velocity changes its sign, by straight lines."""
    at = np.flatnonzero(u[:-1] * u[1:] < 0.0)
    return x[at] - u[at] * (x[at + 1] - x[at]) / (u[at + 1] - u[at])


def places(solver) -> dict[str, float]:
    """Reattachment at the lower wall, separation and reattachment at the upper, in channel heights; nan where none is.

    From the sign of the velocity in the cells at the walls.
    """
    u = low_face_velocity(solver, 0)[:, 0, :].astype(np.float64)
    x = solver.mesh.x.faces[:-1]
    lower, upper = (crossings(x[1:], u[k, 1:]) for k in (0, -1))
    lower = lower[lower > 1.0]  # not the corner eddy at the foot of the step
    named = {"lower-wall reattachment": lower[:1], "upper-wall separation": upper[:1],
             "upper-wall reattachment": upper[1:2]}  # fmt: skip
    return {name: float(found[0]) if len(found) else float("nan") for name, found in named.items()}


def watch(solver) -> list[float]:
    """Places as numbers that never are nan, and the velocity near the end."""
    return [*(value if value == value else 30.0 for value in places(solver).values()),
            float(low_face_velocity(solver, 0)[:, 0, -2].max())]  # fmt: skip


def _rows(run: CaseRun) -> Iterator[Row | Picture]:
    found = places(run.solver)
    for entry in reference("gartling_1990"):
        yield run.row(f"{entry['place']}, x / H", found[entry["place"]], float(entry["x"]), "Gartling 1990", "M", 0.01,
                      "his own 0.5 %, second order on 32 cells per step")  # fmt: skip
    u = low_face_velocity(run.solver, 0)[:, 0, :].astype(np.float64)
    mesh = run.solver.mesh
    shear = [2.0 * u[k] / mesh.z.widths[k] for k in (0, -1)]
    x = mesh.x.faces[:-1]
    marks = [float(entry["x"]) for entry in reference("gartling_1990")]
    yield Picture("backward_step_laminar", f"Backward-facing step, Re 800, {run.grid}", "x / H", "du/dn at the walls", [
        Curve("lower wall", x, shear[0]), Curve("upper wall", x, shear[1]),
        Curve("Gartling 1990: zeros", marks, [0.0] * 3, True)])  # fmt: skip


STEP = Series(
    "backward_step_laminar/gartling", "backward_step", None,
    [Grid(n, (f"mesh.cells = [{25 * n}, 1, {n}]",)) for n in (16, 32, 64)], watch, 10.0, 1500.0, _rows, 2e-4,
)  # fmt: skip
STEP_HEIGHT, TWICE_INLET = 16.0 / 33.0, 34.0 / 33.0  # of Armaly's channel, in heights behind the step


def _armaly_rows(run: CaseRun) -> Iterator[Row | Picture]:
    reynolds = TWICE_INLET / run.solver.setup.fluid.viscosity
    entry = min(reference("armaly_1983"), key=lambda row: abs(float(row["Re_D"]) - reynolds))
    found = places(run.solver)["lower-wall reattachment"] / STEP_HEIGHT
    flat = reynolds < 400.0
    why = "read from a figure, 5 %" if flat else "three-dimensional in the experiment: flat ones find 12"
    yield run.row("reattachment, x / S", found, float(entry["x_over_S"]), "Armaly et al. 1983", "M",
                  0.08 if flat else None, why)  # fmt: skip


def armaly(reynolds: int) -> Series:
    """The step of Armaly et al. at a Reynolds number on twice the height of the inlet."""
    viscosity = f"fluid.viscosity = {TWICE_INLET / reynolds:.8g}"
    grids = [Grid(n, (f"mesh.cells = [{256 * n // 33}, 1, {n}]", viscosity)) for n in (33, 66)]
    return Series(f"backward_step_laminar/armaly_{reynolds}", "armaly_step", None, grids, watch, 5.0, 600.0,
                  _armaly_rows, 2e-4)  # fmt: skip


STUDIES = (STEP.study("B", "laminar backward-facing step, Re 800"),
           *(armaly(n).study("A", f"laminar backward-facing step, expansion 1.94, Re_D {n}") for n in (100, 389, 800)))
