"""Rayleigh-Benard convection: onset, growth rate and heat of rolls of finite size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import pi, sqrt

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import nusselt, reference
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.simulation.functions import Functions

PRANDTL = 0.71
CHANDRASEKHAR = "Chandrasekhar 1961"


def layer(
    bench: Bench, name: str, scenario: str | None, rayleigh: float, cells: tuple[int, int], disturbance: float,
    precision: str,
) -> CaseRun:  # fmt: skip
    """The layer at rest but for a roll of this vertical velocity, in (g beta dT H)^1/2."""
    viscosity = sqrt(PRANDTL / rayleigh)
    overrides = [f"fluid.viscosity = {viscosity!r}", f"mesh.cells = [{cells[0]}, 1, {cells[1]}]"]
    wave = lambda x: np.cos(2.0 * pi * x / run.solver.mesh.x.length)  # noqa: E731
    run = CaseRun(bench, name, "rayleigh_benard", scenario, overrides, precision)
    rolls = Functions.of({"uz": lambda x, _y, z: disturbance * np.sin(pi * z) ** 2 * wave(x)}, None)
    start = rolls.checked_initial(run.solver.mesh)["uz"]
    gradient = run.case.initial.temperature_gradient
    conduction = lambda _x, _y, z: run.case.initial.temperature + gradient * z  # noqa: E731
    run.solver.initialise(conduction, (0.0, 0.0, start))
    return run


def growth_rate(run: CaseRun, begin: float, end: float) -> tuple[float, np.ndarray, np.ndarray]:
    """sigma in kappa/H^2 from the energy between two times (H/(g beta dT)^1/2), with the times and the energies.

    The next modes fall by exp(-12 kappa t / H^2), kappa being 0.03: after 8 units of time the line is straight.
    """
    fluid = run.solver.setup.fluid
    diffusivity = fluid.conductivity / (fluid.still_density * fluid.heat_capacity)
    times, energies = np.linspace(begin, end, 13), []
    for moment in times:
        run.to(moment)
        energies.append(float((run.solver.field("velocity").astype(np.float64) ** 2).sum()))
    slope, _ = np.polyfit(times, np.log(energies), 1)
    return 0.5 * slope / diffusivity, times, np.array(energies)


def growth(name: str, cells: Sequence[tuple[int, int]], bench: Bench) -> Iterator[Row | Picture]:
    """Growth rates of a single roll between rigid plates below and above onset, and the Rayleigh number between."""
    why = "a small difference of large terms: second-order error of 0.2 to 0.4 % in Ra_c is 0.02"
    curves = []
    for grid in cells:
        band = grid == cells[-1]
        rates = []
        for entry in reference("rayleigh_benard_growth"):
            rayleigh, expected = float(entry["Ra"]), float(entry["sigma"])
            run = layer(bench, name, None, rayleigh, grid, 1e-4, "double")
            rate, times, energies = growth_rate(run, 8.0, 14.0)
            rates.append((rayleigh, rate))
            yield run.row(f"sigma at Ra {rayleigh:g}, kappa/H^2", rate, expected, "linear eigenvalue problem", "X",
                          max(0.02, 0.01 * abs(expected)) if band else None, why, "absolute")  # fmt: skip
            if band:
                diffusivity = run.solver.setup.fluid.conductivity  # density and heat capacity are 1
                exact = energies[0] * np.exp(2.0 * expected * diffusivity * (times - times[0]))
                theory = Curve(f"Ra {rayleigh:g}, linear theory", times[::4], np.log(exact)[::4], True)
                curves += [Curve(f"Ra {rayleigh:g}", times, np.log(energies)), theory]
        yield run.row("Ra_c, rigid plates", onset_between(*rates), 1707.762, CHANDRASEKHAR, "X",
                      0.005 if band else None, "second order on this grid")  # fmt: skip
    yield Picture("rayleigh_benard_growth", "Growth of a roll between rigid plates", "time", "log energy", curves)


def onset(
    name: str, scenario: str, rayleighs: tuple[float, float], expected: float, cells: tuple[int, int], bench: Bench
) -> Iterator[Row]:
    """The critical Rayleigh number from the growth rates below and above it."""
    rates = []
    for rayleigh in rayleighs:
        run = layer(bench, name, scenario, rayleigh, cells, 1e-4, "double")
        rates.append((rayleigh, growth_rate(run, 8.0, 14.0)[0]))
    plates = scenario.replace("_", "-")
    yield run.row(f"Ra_c, {plates} plates", onset_between(*rates), expected, CHANDRASEKHAR, "X", 0.005,
                  "second order on this grid")  # fmt: skip


def onset_between(below: tuple[float, float], above: tuple[float, float]) -> float:
    """Where the straight line through two (Ra, sigma) crosses zero; its curvature is worth 0.02 % here."""
    return below[0] - below[1] * (above[0] - below[0]) / (above[1] - below[1])


def rolls(name: str, rayleigh: float, expected: float, cells: Sequence[tuple[int, int]], bench: Bench) -> Iterator[Row]:
    """Heat that steady rolls carry."""
    for grid in cells:
        run = layer(bench, name, "rolls", rayleigh, grid, 0.05, "single")
        run.settle(lambda s: [*nusselt(s, "floor", "ceiling"), s.field("velocity").max()], 5.0, 2000.0)
        found = sum(nusselt(run.solver, "floor", "ceiling")) / 2.0
        yield run.row("Nu", found, expected, "Clever and Busse 1974", "M+F", 0.01 if grid == cells[-1] else None,
                      "truncation of the reference 0.3 %, second order on this grid")  # fmt: skip


_FOLDER = "rayleigh_benard"
STUDIES = (
    Study(f"{_FOLDER}/growth", "A", "growth rate and onset between rigid plates",
          partial(growth, f"{_FOLDER}/growth", ((48, 24), (96, 48)))),
    *(Study(f"{_FOLDER}/onset_{scenario}", "A", f"onset between {scenario.replace('_', '-')} plates",
            partial(onset, f"{_FOLDER}/onset_{scenario}", scenario, rayleighs, expected, (64, 32)))
      for scenario, rayleighs, expected in (("free_free", (640.0, 680.0), 657.511),
                                            ("rigid_free", (1080.0, 1120.0), 1100.65))),
    *(Study(f"{_FOLDER}/rolls_ra{entry['Ra']}", "A", f"heat of steady rolls, Ra {entry['Ra']}",
            partial(rolls, f"{_FOLDER}/rolls_ra{entry['Ra']}", float(entry["Ra"]), float(entry["Nu"]),
                    ((32, 16), (64, 32))))
      for entry in reference("rayleigh_benard")),
)  # fmt: skip
