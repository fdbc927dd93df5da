"""Flat cavities: lid-driven, differentially heated, with a large temperature difference, with a hot moving lid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.validation.bench import CaseRun
from benchmarks.validation.measures import at_points, centre_lines, maximum, nusselt, reference
from benchmarks.validation.refinement import Grid, Series
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture

if TYPE_CHECKING:
    from thermo.flow import Solver


def square(cells: int, stretching: float = 0.0) -> Grid:
    """cells x 1 x cells."""
    size = f"mesh.cells = [{cells}, 1, {cells}]"
    return Grid(cells, (size, f"mesh.stretching = {{ factor = [{stretching}, 0, {stretching}] }}"))


CLOSURE = "heat closes within 0.05 % in single precision at the default tolerance of the pressure"


# --- lid-driven -----------------------------------------------------------------------------------------------------

GHIA = "Ghia, Ghia and Shin 1982, tables I and II"
# O. Botella, R. Peyret, Comput. Fluids 27 (1998) 421-433, Re 1000; from memory
BOTELLA_PEYRET = {"u_min": -0.3885698, "v_max": 0.3769447, "v_min": -0.5270771}


def lid_extrema(solver: Solver) -> dict[str, float]:
    """Extrema of both velocities on the centre lines, over that of the lid."""
    (z, u), (x, w) = centre_lines(solver)
    return {"u_min": -maximum(z, -u)[1], "v_max": maximum(x, w)[1], "v_min": -maximum(x, -w)[1]}


def lid_watch(solver: Solver) -> list[float]:
    """Numbers that show whether the flow is steady."""
    return list(lid_extrema(solver).values())


def ghia_profiles(solver: Solver, reynolds: int) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """By component: points of the table of Ghia et al., its values, and ours there, over the velocity of the lid."""
    (z, u), (x, w) = centre_lines(solver)
    tables = {"u": ("ghia_1982_u", "y", z, u, (0.0, 1.0)), "v": ("ghia_1982_v", "x", x, w, (0.0, 0.0))}
    found = {}
    for name, (file, key, points, values, ends) in tables.items():
        rows = [row for row in reference(file) if row[f"{name}_Re{reynolds}"]]
        at = np.array([float(row[key]) for row in rows])
        table = np.array([float(row[f"{name}_Re{reynolds}"]) for row in rows])
        found[name] = at, table, at_points(points, values, ends, at)
    return found


def lid_driven(reynolds: int) -> Series:
    def measure(run: CaseRun) -> Iterator[Row | Picture]:
        why = "Ghia's own 129 x 129 grid is off by 0.5 to 1 % of u_lid at the extrema of Re 1000"
        curves = []
        for name, (at, table, ours) in ghia_profiles(run.solver, reynolds).items():
            off = ours - table
            yield run.row(f"rms of {name} over the table / u_lid", np.sqrt(np.mean(off**2)), 0.0, GHIA, "M+F", 0.005,
                          why, "absolute")  # fmt: skip
            yield run.row(f"largest difference of {name} / u_lid", np.abs(off).max(), 0.0, GHIA, "M+F", 0.01, why,
                          "absolute")  # fmt: skip
            curves.append(Curve(f"{name}, Ghia et al. 1982", at, table, marks=True))
        if reynolds == 1000:
            for name, value in lid_extrema(run.solver).items():
                yield run.row(name, value, BOTELLA_PEYRET[name], "Botella and Peyret 1998", "M", 0.01,
                              "second order on 128 x 128")  # fmt: skip
        (z, u), (x, w) = centre_lines(run.solver)
        curves += [Curve("u on x = 1/2", z, u), Curve("v on y = 1/2", x, w)]
        yield Picture(f"lid_driven_cavity_2d_re{reynolds}", f"Lid-driven cavity, Re {reynolds}, {run.grid}",
                      "y (of u), x (of v)", "velocity / u_lid", curves)  # fmt: skip

    stretching = 1.2 if reynolds == 1000 else 0.0
    return Series(
        f"lid_driven_cavity_2d/re{reynolds}", "lid_driven_cavity", "re1000" if reynolds == 1000 else None,
        [square(cells, stretching) for cells in (32, 64, 128)], lid_watch, 2.0, 800.0, measure,
    )  # fmt: skip


# --- differentially heated -------------------------------------------------------------------------------------------

SPECTRAL = "Hortmann, Peric and Scheuerer 1990; Le Quere 1991"


def heated_velocities(solver: Solver) -> tuple[float, float]:
    """u_max on x = 1/2 and w_max on z = 1/2, in alpha/L."""
    fluid = solver.setup.fluid
    scale = fluid.conductivity / (fluid.still_density * fluid.heat_capacity) / solver.mesh.x.length
    (z, u), (x, w) = centre_lines(solver)
    return maximum(z, u)[1] / scale, maximum(x, w)[1] / scale


def heated_watch(solver: Solver) -> list[float]:
    """Nusselt numbers of both sides and the largest velocities."""
    return [*nusselt(solver, "west", "east"), *heated_velocities(solver)]


def heated(exponent: int, cells: Sequence[int], stretching: float) -> Series:
    def measure(run: CaseRun) -> Iterator[Row]:
        values = next(row for row in reference("heated_cavity") if row["Ra"] == f"1e{exponent}")
        why = "spectral reference; second order leaves 0.2 to 0.4 % on this grid"
        hot, cold = nusselt(run.solver, "west", "east")
        u_max, w_max = heated_velocities(run.solver)
        yield run.row("Nu", hot, float(values["Nu"]), SPECTRAL, values["nusselt_evidence"], 0.005, why)
        yield run.row("Nu cold / hot", cold / hot, 1.0, "conservation", "X", 5e-4, CLOSURE)
        velocity = values["velocity_source"], values["velocity_evidence"], 0.01, why
        yield run.row("u_max, alpha/L", u_max, float(values["u_max"]), *velocity)
        yield run.row("w_max, alpha/L", w_max, float(values["w_max"]), *velocity)

    return Series(
        f"diff_heated_square_cavity/ra1e{exponent}", "heated_cavity", None if exponent == 3 else f"ra1e{exponent}",
        [square(n, stretching) for n in cells], heated_watch, 2.0, 1000.0, measure,
    )  # fmt: skip


# --- large temperature difference ------------------------------------------------------------------------------------

MEAN_TEMPERATURE = 600.0  # K


def low_mach_nusselt(solver: Solver) -> tuple[float, float]:
    """Mean Nusselt number of the hot and the cold side, on the conductivity at the mean temperature."""
    fluid = solver.setup.fluid
    relative = float(fluid.relative_conductivity(np.array(MEAN_TEMPERATURE)))
    return nusselt(solver, "west", "east", fluid.wall_conductivity * relative)


def low_mach_pressure(solver: Solver) -> float:
    """Thermodynamic pressure over its value at the beginning, when all air had the mean temperature."""
    return float(solver.backend.to_host(solver.sealed.pressure)[0]) / solver.setup.fluid.pressure


def low_mach_mass(solver: Solver) -> float:
    """Mass of the air over that at the beginning."""
    fluid, volumes = solver.setup.fluid, solver.mesh.volumes()
    density = solver.field("density").astype(np.float64)
    return float((volumes * density).sum() / (fluid.density_at(MEAN_TEMPERATURE) * volumes.sum()))


def low_mach_watch(solver: Solver) -> list[float]:
    """Nusselt numbers of both sides and p0 over its first value."""
    return [*low_mach_nusselt(solver), low_mach_pressure(solver)]


def low_mach(variant: str) -> Series:
    def measure(run: CaseRun) -> Iterator[Row]:
        values = next(row for row in reference("low_mach_cavity") if row["case"] == variant)
        hot, cold = low_mach_nusselt(run.solver)
        why = "reference to four digits; second order on 128 x 128"
        given = values["source"], values["evidence"]
        yield run.row("Nu hot", hot, float(values["Nu"]), *given, 0.005, why)
        yield run.row("Nu cold / hot", cold / hot, 1.0, "conservation", "X", 1e-4, "to the steadiness reached")
        yield run.row("p0 / p00", low_mach_pressure(run.solver), float(values["p0_over_p00"]), *given, 0.001, why)
        yield run.row("mass / first mass", low_mach_mass(run.solver), 1.0, "conservation", "X", 1e-10,
                      "p0 is found from the mass")  # fmt: skip

    return Series(
        f"low_mach_cavity_eps0.6/{variant.lower()}", "low_mach_cavity", None if variant == "T1" else variant,
        [square(cells, 1.2) for cells in (32, 64, 128)], low_mach_watch, 0.2, 40.0, measure, precision="double",
    )  # fmt: skip


# --- hot moving lid --------------------------------------------------------------------------------------------------


def mixed_watch(solver: Solver) -> list[float]:
    """Nusselt numbers of lid and floor and the largest velocities."""
    return [*nusselt(solver, "ceiling", "floor"), *lid_watch(solver)]


def mixed(reynolds: str, grashof: str) -> Series:
    def measure(run: CaseRun) -> Iterator[Row]:
        values = next(row for row in reference("mixed_convection") if (row["Re"], row["Gr"]) == (reynolds, grashof))
        lid, floor = nusselt(run.solver, "ceiling", "floor")
        yield run.row("Nu of the lid", lid, float(values["Nu_mean_top_wall"]), "Iwatsu, Hyun and Kuwahara 1993", "M",
                      0.04, "recomputations differ by up to 4 %")  # fmt: skip
        yield run.row("Nu floor / lid", floor / lid, 1.0, "conservation", "X", 5e-4, CLOSURE)

    scenario = f"re{reynolds}_gr{grashof}"
    return Series(
        f"mixed_convection_lid_cavity/{scenario}", "mixed_convection", scenario,
        [square(cells) for cells in (32, 64, 128)], mixed_watch, 5.0, 2000.0, measure,
    )  # fmt: skip


MIXED = tuple((reynolds, grashof) for reynolds in ("100", "400") for grashof in ("1e2", "1e4", "1e6"))
STUDIES = (
    *(lid_driven(reynolds).study("A", f"lid-driven cavity, Re {reynolds}") for reynolds in (100, 1000)),
    *(heated(*arguments).study("A", f"differentially heated cavity, Ra 1e{arguments[0]}")
      for arguments in ((3, (16, 32, 64), 0.0), (4, (16, 32, 64), 0.0), (5, (16, 32, 64), 1.2),
                        (6, (32, 64, 128), 1.2))),
    *(low_mach(variant).study("B", f"cavity with a temperature ratio of 4, {variant}") for variant in ("T1", "T2")),
    *(mixed(reynolds, grashof).study("A", f"hot moving lid, Re {reynolds}, Gr {grashof}")
      for reynolds, grashof in MIXED),
)  # fmt: skip
