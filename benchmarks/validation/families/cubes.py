"""Cubes, computed as the half up to their symmetry plane: lid-driven and differentially heated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.validation.bench import CaseRun
from benchmarks.validation.families.cavities import CLOSURE, lid_watch
from benchmarks.validation.measures import at_points, centre_lines, nusselt, reference, wall_heats
from benchmarks.validation.refinement import Grid, Series
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture


def half_cube(cells: int) -> Grid:
    """cells x cells / 2 x cells, y up to the symmetry plane."""
    return Grid(cells, (f"mesh.cells = [{cells}, {cells // 2}, {cells}]",))


# --- lid-driven -----------------------------------------------------------------------------------------------------

ALBENSOEDER = "Albensoeder and Kuhlmann 2005, tables 5 and 6"


def cube_profiles(solver) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """By component: the points of the tables, their values, and ours there, over the velocity of the lid."""
    (z, u), (x, w) = centre_lines(solver)
    found = {}
    for name, key, points, values, ends in (("u", "z", z, u, (0.0, 1.0)), ("w", "x", x, w, (0.0, 0.0))):
        rows = reference(f"albensoeder_2005_{name}")
        at, table = (np.array([float(row[column]) for row in rows]) for column in (key, name))
        found[name] = at, table, at_points(points, values, ends, at)
    return found


def _lid_rows(run: CaseRun) -> Iterator[Row | Picture]:
    why = "second order on 64 cells shows 2 to 4 % of u_lid"
    curves = []
    for name, (at, table, ours) in cube_profiles(run.solver).items():
        for extremum in sorted({int(np.argmin(table)), int(np.argmax(table[:-1] * (at[:-1] < 0.9)))}):
            if abs(table[extremum]) in (0.0, 1.0) or (name == "u" and table[extremum] > 0.0):
                continue  # a wall, or the layer below the lid
            yield run.row(f"{name} at its extremum, {'z' if name == 'u' else 'x'} = {at[extremum]:g}", ours[extremum],
                          table[extremum], ALBENSOEDER, "F", 0.03, why)  # fmt: skip
        yield run.row(f"largest difference of {name} / u_lid", np.abs(ours - table).max(), 0.0, ALBENSOEDER, "F", 0.03,
                      why, "absolute")  # fmt: skip
        curves.append(Curve(f"{name}, Albensoeder and Kuhlmann 2005", at, table, marks=True))
    (z, u), (x, w) = centre_lines(run.solver)
    curves += [Curve("u on the line to the lid", z, u), Curve("w on the line along x", x, w)]
    yield Picture("lid_driven_cavity_3d", f"Lid-driven cube, Re 1000, {run.grid}", "z (of u), x (of w)",
                  "velocity / u_lid", curves)  # fmt: skip


LID = Series("lid_driven_cavity_3d/re1000", "lid_driven_cube", None, [half_cube(n) for n in (16, 32, 64)], lid_watch,
             2.0, 400.0, _lid_rows, 1e-4)  # fmt: skip

# --- differentially heated -------------------------------------------------------------------------------------------


def midplane_nusselt(solver) -> float:
    """Mean along the hot wall in the row of cells beside the symmetry plane."""
    patch, heat = wall_heats(solver, "west")
    beside = patch.cells[:, 1] == solver.mesh.y.n - 1
    return float(heat[beside].sum() / patch.area[beside].sum() / solver.setup.fluid.conductivity)


def heated_cube(exponent: int) -> Series:
    def measure(run: CaseRun) -> Iterator[Row]:
        values = next(row for row in reference("heated_cube") if row["Ra"] == f"1e{exponent}")
        why = "pseudo-spectral reference; second order leaves 0.3 to 0.8 % on 64 cells"
        hot, cold = nusselt(run.solver, "west", "east")
        yield run.row("Nu of the hot wall", hot, float(values["Nu_wall"]), "Tric, Labrosse and Betrouni 2000", "M",
                      0.01, why)  # fmt: skip
        yield run.row("Nu beside the symmetry plane", midplane_nusselt(run.solver), float(values["Nu_midplane"]),
                      "Tric, Labrosse and Betrouni 2000", "M", 0.01, why)  # fmt: skip
        yield run.row("Nu cold / hot", cold / hot, 1.0, "conservation", "X", 5e-4, CLOSURE)

    return Series(
        f"diff_heated_cubic_cavity/ra1e{exponent}", "heated_cube", None if exponent == 3 else f"ra1e{exponent}",
        [half_cube(n) for n in (16, 32, 64)], lambda s: list(nusselt(s, "west", "east")), 2.0, 600.0, measure, 1e-4,
    )  # fmt: skip


STUDIES = (
    LID.study("B", "lid-driven cube, Re 1000"),
    *(heated_cube(exponent).study("B", f"differentially heated cube, Ra 1e{exponent}") for exponent in (3, 4, 5)),
)
