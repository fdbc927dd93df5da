"""Cavities with benchmark solutions: lid-driven, differentially heated, and with a large temperature difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measures import centre_lines, interpolate, maximum, reference, wall_heat

if TYPE_CHECKING:
    from thermo.flow import Solver

# --- lid-driven -----------------------------------------------------------------------------------------------------

# O. Botella, R. Peyret, Comput. Fluids 27 (1998) 421-433, Re 1000; from memory
BOTELLA_PEYRET = {"u_min": -0.3885698, "v_max": 0.3769447, "v_min": -0.5270771}


def lid_watch(solver: Solver) -> list[float]:
    """Numbers that show whether the flow is steady."""
    return list(lid_extrema(solver).values())


def lid_extrema(solver: Solver) -> dict[str, float]:
    """Extrema of both velocities on the centre lines, over that of the lid."""
    (z, u), (x, w) = centre_lines(solver)
    return {"u_min": -maximum(z, -u)[1], "v_max": maximum(x, w)[1], "v_min": -maximum(x, -w)[1]}


def ghia_differences(solver: Solver, reynolds: int) -> dict[str, np.ndarray]:
    """Differences to the tables of Ghia et al. at their points, over the velocity of the lid."""
    (z, u), (x, w) = centre_lines(solver)
    tables = {"u": ("ghia_1982_u", "y", z, u, (0.0, 1.0)), "v": ("ghia_1982_v", "x", x, w, (0.0, 0.0))}
    found = {}
    for name, (file, key, points, values, ends) in tables.items():
        rows = [row for row in reference(file) if row[f"{name}_Re{reynolds}"]]
        at = np.array([float(row[key]) for row in rows])
        table = np.array([float(row[f"{name}_Re{reynolds}"]) for row in rows])
        whole = np.concatenate([[0.0], points, [1.0]]), np.concatenate([[ends[0]], values, [ends[1]]])
        found[name] = interpolate(*whole, at) - table
    return found


# --- differentially heated -------------------------------------------------------------------------------------------


def heated_watch(solver: Solver) -> list[float]:
    """Nusselt numbers of both sides and the largest velocities."""
    return [*heated_nusselt(solver), *heated_velocities(solver)]


def heated_nusselt(solver: Solver) -> tuple[float, float]:
    """Mean Nusselt number of the hot and the cold side."""
    return _nusselt(solver, solver.setup.fluid.conductivity)


def _nusselt(solver: Solver, conductivity: float) -> tuple[float, float]:
    mesh = solver.mesh
    hot, cold = (next(w.thermal[1] for w in mesh.walls if w.patch.name == f"walls.{side}") for side in ("west", "east"))
    # the heat that conduction alone carries through the width of the square
    alone = conductivity * (hot - cold) / mesh.x.length * mesh.y.length * mesh.z.length
    return wall_heat(solver, "west") / alone, -wall_heat(solver, "east") / alone


def heated_velocities(solver: Solver) -> tuple[float, float]:
    """u_max on x = 1/2 and w_max on z = 1/2, in alpha/L."""
    fluid = solver.setup.fluid
    scale = fluid.conductivity / (fluid.still_density * fluid.heat_capacity) / solver.mesh.x.length
    (z, u), (x, w) = centre_lines(solver)
    return maximum(z, u)[1] / scale, maximum(x, w)[1] / scale


# --- large temperature difference ------------------------------------------------------------------------------------

MEAN_TEMPERATURE = 600.0  # K


def low_mach_watch(solver: Solver) -> list[float]:
    """Nusselt numbers of both sides and p0 over its first value."""
    return [*low_mach_nusselt(solver), low_mach_pressure(solver)]


def low_mach_nusselt(solver: Solver) -> tuple[float, float]:
    """Mean Nusselt number of the hot and the cold side, on the conductivity at the mean temperature."""
    fluid = solver.setup.fluid
    relative = float(fluid.relative_conductivity(np.array(MEAN_TEMPERATURE)))
    return _nusselt(solver, fluid.wall_conductivity * relative)


def low_mach_pressure(solver: Solver) -> float:
    """Thermodynamic pressure over its value at the beginning, when all air had the mean temperature."""
    return float(solver.backend.to_host(solver.sealed.pressure)[0]) / solver.setup.fluid.pressure


def low_mach_mass(solver: Solver) -> float:
    """Mass of the air over that at the beginning."""
    fluid, volumes = solver.setup.fluid, solver.mesh.volumes()
    density = solver.field("density").astype(np.float64)
    return float((volumes * density).sum() / (fluid.density_at(MEAN_TEMPERATURE) * volumes.sum()))


def square(cells: int, stretching: float | None = None) -> Sequence[str]:
    """Overrides of a case for a grid of cells x 1 x cells."""
    grid = [f"mesh.cells = [{cells}, 1, {cells}]"]
    return grid if stretching is None else [*grid, f"mesh.stretching = {{ factor = [{stretching}, 0, {stretching}] }}"]
