"""Radiation between grey surfaces: view factors and fluxes of enclosures with closed forms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study
from thermo.flow.radiation.enclosure import seen_areas
from thermo.flow.setup import STEFAN_BOLTZMANN

HOWELL = "Howell, catalogue of configuration factors"
SIEGEL = "Siegel and Howell, Thermal Radiation Heat Transfer"
AXES = {"west": (0, 1), "east": (0, -1), "south": (1, 1), "north": (1, -1), "floor": (2, 1), "ceiling": (2, -1)}


def _side(patches, name: str) -> np.ndarray:
    axis, facing = AXES[name]
    return np.flatnonzero((patches.axis == axis) & (patches.facing == facing))


def view_factor(run: CaseRun, one: str, other: str) -> float:
    """From one side of the box to another, all their patches together."""
    patches = run.solver.solids.radiation.surfaces.patches
    seen = seen_areas(run.solver.mesh, patches)
    mine = _side(patches, one)
    return float(seen[np.ix_(mine, _side(patches, other))].sum() / patches.area[mine].sum())


def relative_flux(run: CaseRun) -> float:
    """Heat that leaves the west side by radiation over A s (Th^4 - Tc^4)."""
    radiation = run.solver.solids.radiation
    faces = radiation.surfaces.faces
    west = np.isin(radiation.surfaces.patches.of_face, _side(radiation.surfaces.patches, "west"))
    black = STEFAN_BOLTZMANN * (350.0**4 - 290.0**4) * faces.area[west].sum()
    return float(-radiation.heat_of_faces()[west].sum() / black)


def factors(name: str, scenario: str | None, expected: dict[str, float], bench: Bench) -> Iterator[Row]:
    """View factors from the west side; rows and reciprocity."""
    run = CaseRun(bench, name, "radiation_enclosure", scenario, precision="double")
    for other, value in expected.items():
        yield run.row(f"view factor west to {other}", view_factor(run, "west", other), value, HOWELL, "X", 1e-4,
                      "closed form", "absolute")  # fmt: skip
    surfaces = run.solver.solids.radiation.surfaces
    seen = seen_areas(run.solver.mesh, surfaces.patches)
    closure = np.abs(seen.sum(axis=1) / surfaces.patches.area - 1.0).max()
    yield run.row("rows of the view factors, largest distance from 1", closure, 0.0, "definition", "X", 1e-10,
                  "round-off", "absolute")  # fmt: skip
    yield run.row("A_i F_ij - A_j F_ji, largest / A", np.abs(seen - seen.T).max() / surfaces.patches.area.max(), 0.0,
                  "reciprocity", "X", 1e-14, "round-off", "absolute")  # fmt: skip


def flux(name: str, scenario: str | None, expected: float, bench: Bench) -> Iterator[Row]:
    """Heat between the hot and the cold side, and that all heat is accounted for."""
    run = CaseRun(bench, name, "radiation_enclosure", scenario, precision="double")
    run.to(10.0)
    yield run.row("q / (s (Th^4 - Tc^4))", relative_flux(run), expected, SIEGEL, "X", 0.003, "closed form")
    heat = run.solver.solids.radiation.heat_of_faces()
    yield run.row("sum of the heat of all surfaces / heat exchanged", heat.sum() / np.abs(heat).sum(), 0.0,
                  "conservation", "X", 1e-12, "round-off", "absolute")  # fmt: skip


_FOLDER = "surface_radiation"
STUDIES = (
    *(Study(f"{_FOLDER}/{name}", "A", what, partial(factors, f"{_FOLDER}/{name}", scenario, expected))
      for name, what, scenario, expected in (
          ("square_factors", "view factors of a square channel", None, {"east": 0.41421356, "floor": 0.29289322}),
          ("cube_factors", "view factors of a cube", "cube", {"east": 0.199825, "north": 0.200044}),
          ("cube_factors_patches", "the same of sixteen patches a side", "cube_patches",
           {"east": 0.199825, "north": 0.200044}),
          ("squares_factors", "view factors of parallel squares", "squares", {"east": 0.415253}))),
    *(Study(f"{_FOLDER}/{name}", "A", what, partial(flux, f"{_FOLDER}/{name}", scenario, expected))
      for name, what, scenario, expected in (
          ("square", "black hot and cold sides, adiabatic floor and ceiling", None, 0.70710678),
          ("plates_09_09", "parallel plates, emissivities 0.9 and 0.9", "plates_09_09", 0.81818182),
          ("plates_05_09", "parallel plates, emissivities 0.5 and 0.9", "plates_05_09", 0.47368421))),
)  # fmt: skip
