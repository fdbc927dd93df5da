"""What validation cases are measured by: heat through walls, velocities along centre lines, extrema."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.validation.bench import CASES
from benchmarks.validation.refinement import CELSIUS_ZERO, low_face_velocity
from thermo.flow.heat import conductivities

if TYPE_CHECKING:
    from thermo.flow import Solver
    from thermo.mesh.patch import FacePatch


def reference(name: str) -> list[dict[str, str]]:
    """Rows of cases/validation/data/NAME.csv; lines with # say where the numbers are from."""
    lines = (CASES / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def columns(name: str, text: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Columns of cases/validation/data/NAME.csv by their heads: numbers, but for those of `text`."""
    rows = reference(name)
    return {key: np.array([row[key] if key in text else float(row[key]) for row in rows]) for key in rows[0]}


def openings(report: dict) -> dict[str, dict]:
    """The pressure openings of a report by name."""
    return {opening["name"].removeprefix("openings."): opening for opening in report["openings"]}


def wall_heat(solver: Solver, side: str) -> float:
    """Heat that a side of given temperature gives to what lies on it, W.

    From Fourier's law over half a cell; a conductivity that depends on temperature is the mean of both ends.
    """
    patch, heat = wall_heats(solver, side)
    return float(heat.sum())


def wall_heats(solver: Solver, side: str) -> tuple[FacePatch, np.ndarray]:
    """The faces of a side of given temperature, and the heat of each, W."""
    mesh, fluid = solver.mesh, solver.setup.fluid
    patch, kelvin = _held(solver, side)
    cells = tuple(patch.cells.T)
    temperature = solver.field("temperature").astype(np.float64)[cells] + CELSIUS_ZERO
    conductivity = conductivities(mesh, fluid.wall_conductivity)[cells]
    if fluid.sutherland is not None:
        relative = fluid.relative_conductivity
        conductivity = conductivity * 0.5 * (relative(temperature) + relative(np.array(kelvin)))
    half = 0.5 * mesh.axes[patch.axis].widths[patch.cells[:, 2 - patch.axis]]
    return patch, patch.area * conductivity * (kelvin - temperature) / half


def _held(solver: Solver, side: str) -> tuple[FacePatch, float]:
    """Faces and temperature (K) of a side."""
    wall = next(wall for wall in solver.mesh.walls if wall.patch.name == f"walls.{side}")
    kind, kelvin = wall.thermal
    if kind != "temperature":
        raise ValueError(f"walls.{side} has no given temperature")
    return wall.patch, kelvin


def nusselt(solver: Solver, hot: str, cold: str, conductivity: float | None = None) -> tuple[float, float]:
    """Mean Nusselt numbers of two opposite sides: heat over that of conduction alone through all that lies between.

    conductivity: W/(m K), that of the fluid where it is constant.
    """
    conductivity = solver.setup.fluid.conductivity if conductivity is None else conductivity
    patch, high = _held(solver, hot)
    _, low = _held(solver, cold)
    alone = conductivity * (high - low) * patch.area.sum() / solver.mesh.axes[patch.axis].length
    return wall_heat(solver, hot) / alone, -wall_heat(solver, cold) / alone


def heat_across_x(solver: Solver, position: float) -> float:
    """Heat conducted in +x through the mesh plane at x = position, both halves of the cells in series, W."""
    mesh = solver.mesh
    face = int(np.abs(mesh.x.faces - position).argmin())
    k = conductivities(mesh, solver.setup.fluid.wall_conductivity)
    temperature = solver.field("temperature").astype(np.float64)
    resistance = sum(0.5 * mesh.x.widths[i] / k[:, :, i] for i in (face - 1, face))
    area = mesh.z.widths[:, None] * mesh.y.widths[None, :]
    return float((area * (temperature[:, :, face - 1] - temperature[:, :, face]) / resistance).sum())


def centre_lines(solver: Solver) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """(z, u on the vertical centre line) and (x, w on the horizontal one) of a box with even numbers of cells.

    The lines run along faces of the staggered grid, so nothing is interpolated. They lie in the row of cells of highest
    y: the only one of a flat case, and that beside the symmetry plane of one half of a cube.
    """
    mesh = solver.mesh
    u = low_face_velocity(solver, 0)[:, -1, mesh.x.n // 2].astype(np.float64)
    w = low_face_velocity(solver, 2)[mesh.z.n // 2, -1, :].astype(np.float64)
    return (mesh.z.centres, u), (mesh.x.centres, w)


def interpolate(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Cubic interpolation (Lagrange, four nearest points) of y(x) at `at`."""
    values = []
    for position in np.atleast_1d(at):
        start = int(np.clip(np.searchsorted(x, position) - 2, 0, len(x) - 4))
        near = slice(start, start + 4)
        others = [np.delete(x[near], n) for n in range(4)]
        weights = [np.prod((position - o) / (p - o)) for p, o in zip(x[near], others, strict=True)]
        values.append(float(np.dot(weights, y[near])))
    return np.array(values)


def at_points(x: np.ndarray, y: np.ndarray, ends: tuple[float, float], at: np.ndarray) -> np.ndarray:
    """Profile y(x) between walls at x = 0 and 1, where it has the values `ends`, at the points `at`."""
    whole = np.concatenate([[0.0], x, [1.0]]), np.concatenate([[ends[0]], y, [ends[1]]])
    return interpolate(*whole, at)


def maximum(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Position and value of the largest y, from the parabola through it and its neighbours."""
    n = int(np.clip(np.argmax(y), 1, len(y) - 2))
    a, b, c = np.polyfit(x[n - 1 : n + 2] - x[n], y[n - 1 : n + 2], 2)
    ahead = -0.5 * b / a if a else 0.0  # flat at rest
    return float(x[n] + ahead), float(c + 0.5 * b * ahead)
