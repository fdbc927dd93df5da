"""Natural convection between vertical plates: the open channel, element of every chimney, and the closed slot."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import maximum, openings, reference, wall_heat
from benchmarks.validation.refinement import low_face_velocity
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study

PRANDTL = 0.71


def channel_nusselt(solver) -> float:
    """Mean over both plates: q S / (k (Tw - T0)) with S = 1 and Tw - T0 = 1."""
    mesh = solver.mesh
    area = 2.0 * mesh.y.length * mesh.z.length
    return (wall_heat(solver, "west") + wall_heat(solver, "east")) / (area * solver.setup.fluid.conductivity)


def channel(bench: Bench, name: str, scenario: str | None, rayleigh: float) -> CaseRun:
    """The settled channel at a Ra'."""
    length = 20.0 if scenario is None else 10.0
    viscosity = sqrt(PRANDTL / (rayleigh * length))
    run = CaseRun(bench, name, "heated_channel", scenario, [f"fluid.viscosity = {viscosity!r}"])
    height = run.solver.mesh.z.n // 2
    flow = lambda s: [low_face_velocity(s, 2)[height].mean()]  # noqa: E731
    # diffusion across, or the air passing through; the heat follows the flow, but in single precision only to 1e-4
    run.settle(flow, 0.2 / viscosity if scenario is None else 2.0, 400.0, 2e-5)
    return run


def developed(name: str, rayleigh: float, bench: Bench) -> Iterator[Row]:
    """Ra' -> 0: the air has the temperature of the plates almost everywhere."""
    run = channel(bench, name, None, rayleigh)
    solver, viscosity = run.solver, run.solver.setup.fluid.viscosity
    report = run.averaged(solver.time, solver.time + 1.0)
    flow = openings(report)["top"]["flow_out_kg_s"] / 0.1  # density 1, depth 0.1
    why = "exact as Ra' -> 0; heads, warming length and the half cells at the openings are worth 0.3 % here"
    yield run.row("flow, g beta dT S^3 / nu", flow * viscosity, 1.0 / 12.0, "fully developed flow", "X", 0.005, why)
    yield run.row("Nu / Ra'", channel_nusselt(solver) / rayleigh, 1.0 / 24.0, "fully developed flow", "X", 0.005, why)
    w = low_face_velocity(solver, 2)[solver.mesh.z.n // 2, 0].astype(np.float64)
    x = solver.mesh.x.centres
    exact = x * (1.0 - x) / (2.0 * viscosity)
    yield run.row("profile of w at half height, largest difference / w_max", np.abs(w - exact).max() / exact.max(), 0.0,
                  "fully developed flow", "X", 0.005, why, "absolute")  # fmt: skip


def developing(name: str, rayleighs: tuple[float, ...], bench: Bench) -> Iterator[Row | Picture]:
    """From the developed to the boundary-layer limit."""
    table = {float(row["Ra_prime"]): row for row in reference("heated_channel")}
    found = []
    for rayleigh in rayleighs:
        run = channel(bench, name, "developing", rayleigh)
        found.append(channel_nusselt(run.solver))
        for author, column in (("Elenbaas 1942", "Nu_Elenbaas1942"),
                               ("Bar-Cohen and Rohsenow 1984", "Nu_BarCohen_Rohsenow1984")):  # fmt: skip
            yield run.row(f"Nu at Ra' {rayleigh:g}, {author}", found[-1], float(table[rayleigh][column]), author, "M",
                          0.08, "scatter of Elenbaas' data; the correlations differ by up to 5 %")  # fmt: skip
    every = sorted(table)
    yield Picture("heated_vertical_channel", "Heated vertical channel, 40 x 200", "Ra'", "Nu", [
        Curve("thermo", rayleighs, found),
        *(Curve(column.removeprefix("Nu_"), every, [float(table[r][column]) for r in every], True)
          for column in ("Nu_Elenbaas1942", "Nu_BarCohen_Rohsenow1984"))], logarithmic=True)  # fmt: skip


def slot(name: str, bench: Bench) -> Iterator[Row]:
    """Velocity at half height of the closed slot."""
    run = CaseRun(bench, name, "tall_slot")
    profile = lambda s: low_face_velocity(s, 2)[s.mesh.z.n // 2, 0].astype(np.float64)  # noqa: E731
    run.settle(lambda s: [profile(s).max(), -profile(s).min()], 2.0, 400.0)
    w, viscosity, x = profile(run.solver), run.solver.setup.fluid.viscosity, run.solver.mesh.x.centres
    xi = x - 0.5
    exact = (xi / 24.0 - xi**3 / 6.0) / viscosity
    place, top = maximum(x, w)
    source, why = "conduction regime, fully developed", "exact far from the ends; second order on 48 cells"
    yield run.row("w_max, g beta dT S^2 / nu", top * viscosity, 0.00801875, source, "X", 0.005, why)
    yield run.row("its place, xi / S", place - 0.5, 0.288675, source, "X", 0.005, why, "absolute")
    yield run.row("profile, largest difference / w_max", np.abs(w - exact).max() / exact.max(), 0.0, source, "X", 0.005,
                  why, "absolute")  # fmt: skip


_FOLDER = "heated_vertical_channel"
STUDIES = (
    Study(f"{_FOLDER}/developed", "A", "open channel, fully developed limit",
          partial(developed, f"{_FOLDER}/developed", 0.1)),
    Study(f"{_FOLDER}/developing", "A", "open channel, Ra' 10 to 1e4",
          partial(developing, f"{_FOLDER}/developing", (10.0, 100.0, 1000.0, 10000.0))),
    Study(f"{_FOLDER}/closed_slot", "A", "closed tall slot, conduction regime",
          partial(slot, f"{_FOLDER}/closed_slot")),
)  # fmt: skip
