"""Turbulent flow that separates: behind a step, around a cube."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.eddies import Eddies, Stirring, isotropic_waves, periodic_waves
from benchmarks.validation.families.steps import crossings
from benchmarks.validation.friction import floor_stress
from benchmarks.validation.means import along
from benchmarks.validation.measures import columns
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.simulation.functions import Functions

JOVIC = "Jovic and Driver 1994"
STEP, SPEED = 0.0098, 7.72  # m, m/s: h and U0
DENSITY = 1.2
STATIONS = (4.0, 6.0, 10.0, 15.0, 19.0)  # x/h
SAMPLES = 400  # of the friction over the time of the means
PERIOD = 4.0 * STEP  # across the flow, in the LES
CUBE, BULK, MIDDLE = 0.025, 19.3, 0.0875  # m, m/s, m: H, the mean of the inflow, and y of the plane of symmetry
MARTINUZZI = "Martinuzzi and Tropea 1993"
WAVES, MOST = 60, (8, 8, 8)


def inflow_eddies() -> Functions:
    """Eddies in the boundary layer before the step, as strong as measured at x = -3.12 h, between -9.5 and -8 h."""
    table = columns("jovic_profiles")
    here = table["x_over_h"] == -3.12
    strength = table["uu_m2_s2"][here] ** 0.5  # in all directions; the wall and the shear make of it what they bear
    heights = STEP + 1e-3 * table["y_mm"][here]
    eddies = Eddies.of_waves(periodic_waves((PERIOD,) * 3, MOST, WAVES), (0.8 * SPEED, 0.0, 0.0))
    over_wall = lambda _y, z: np.interp(z, heights, strength, left=0.0)  # noqa: E731
    return Functions(sources=Stirring(eddies, -9.5 * STEP, -8.0 * STEP, over_wall, DENSITY).sources())


def jovic_step(
    name: str, scenarios: Sequence[str | None], model: str, expected: tuple[float, float | None, str], bench: Bench
) -> Iterator[Row | Picture]:
    """Reattachment, friction on the floor, and profiles of velocity behind a step; on the last grid of `scenarios` with
    bands and pictures.

    expected: X_r/h, its band, h, and why.
    """
    for scenario in scenarios:
        run, stress = averaged_with_friction(bench, name, "jovic_step", scenario, model, inflow_eddies)
        for found in (*_friction_rows(run, stress.mean(axis=0), expected), *_profile_rows(run)):
            if scenario == scenarios[-1]:
                yield found
            elif isinstance(found, Row):
                yield replace(found, band=None)


def averaged_with_friction(
    bench: Bench, name: str, case: str, scenario: str | None, model: str, eddies: Callable[[], Functions]
) -> tuple[CaseRun, np.ndarray]:
    """A case run to its end, with means of the fields and of the stress on the floor, Pa (ny, nx).

    eddies: what stirs the flow where large eddies are resolved.
    """
    functions, samples = (eddies(), SAMPLES) if model == "les" else (None, 1)
    run = CaseRun(bench, name, case, scenario, [f"run.turbulence = {model!r}"], functions=functions)
    read = lambda solver: {"stress": floor_stress(solver)}  # noqa: E731
    means = run.sampled(run.case.run.average_from, run.case.run.until, samples, read, f"{name} {run.grid}")
    return run, means["stress"]


def _friction_rows(
    run: CaseRun, stress: np.ndarray, expected: tuple[float, float | None, str]
) -> Iterator[Row | Picture]:
    value, band, why = expected
    x = run.solver.mesh.x.centres / STEP
    friction = stress / (0.5 * DENSITY * SPEED**2)
    behind = x > 2.0  # not the corner eddy
    found = crossings(x[behind], friction[behind])
    reattachment = float(found[-1]) if len(found) else float("nan")
    yield run.row("reattachment, x / h", reattachment, value, JOVIC, "F", band, why, "absolute")
    yield run.row("lowest friction", friction[behind].min(), -0.0033, JOVIC, "F",
                  0.15 if _gated(run) else None, "the measured friction is uncertain by 10 to 15 %")  # fmt: skip
    table = columns("jovic_friction")
    yield Picture(f"{run.study.replace('/', '_')}_friction", f"Step, {run.study.split('/')[1]}, {run.grid}", "x / h",
                  "C_f", [Curve("thermo", x[x > 0.0], friction[x > 0.0]),
                          Curve(JOVIC, table["x_over_h"], table["Cf"], True)])  # fmt: skip


def _gated(run: CaseRun) -> bool:
    return run.study.endswith("/les")


def _profile_rows(run: CaseRun) -> Iterator[Row | Picture]:
    mesh, table = run.solver.mesh, columns("jovic_profiles")
    u = run.solver.average("velocity")[..., 0].astype(np.float64).mean(axis=1)
    z = mesh.z.centres
    profile = lambda station: np.array([np.interp(station * STEP, mesh.x.centres, line) for line in u])  # noqa: E731
    differences, curves = [], []
    for station in (-3.12, *STATIONS):
        here = table["x_over_h"] == station
        floor = STEP if station < 0.0 else 0.0
        heights = floor + 1e-3 * table["y_mm"][here]
        ours = profile(station)
        off = (np.interp(heights, z, ours) - table["U_m_s"][here]) / SPEED
        if station < 0.0:
            yield run.row("U at x = -3.12 h, rms of the difference / U0", np.sqrt(np.mean(off**2)), 0.0, JOVIC, "F",
                          None, "what reaches the step", "absolute")  # fmt: skip
        else:
            differences.append(off)
        shown = z > floor
        shift = 0.25 * len(curves)
        curves += [Curve(f"x/h {station:g}", ours[shown] / SPEED + shift, z[shown] / STEP),
                   Curve("_measured", table["U_m_s"][here] / SPEED + shift, heights / STEP, True)]  # fmt: skip
    rms = float(np.sqrt(np.mean(np.concatenate(differences) ** 2)))
    yield run.row("U behind the step, rms of the difference / U0", rms, 0.0, JOVIC, "F",
                  0.03 if _gated(run) else None, "measured to 2 %", "absolute")  # fmt: skip
    yield Picture(f"{run.study.replace('/', '_')}_profiles", f"Step, {run.study.split('/')[1]}, {run.grid}",
                  "U / U0, stations shifted by 0.5", "z / h", curves)  # fmt: skip


def channel_eddies() -> Functions:
    """Eddies of about the channel's height and a twentieth of its velocity, between -4.8 and -3.8 H."""
    eddies = Eddies.of_waves(isotropic_waves(0.8 * CUBE, WAVES), (0.9 * BULK, 0.0, 0.0))
    strength = lambda _y, z: 0.05 * BULK * np.ones_like(z)  # noqa: E731
    return Functions(sources=Stirring(eddies, -4.8 * CUBE, -3.8 * CUBE, strength, DENSITY).sources())


def surface_cube(
    name: str, scenario: str | None, model: str, expected: tuple[float, float | None, str], bench: Bench
) -> Iterator[Row | Picture]:
    """Reattachment behind a cube, and profiles of velocity on the plane of symmetry.

    expected: X_R/H from the rear face, its band, H, and why.
    """
    run, stress = averaged_with_friction(bench, name, "surface_cube", scenario, model, channel_eddies)
    value, band, why = expected
    mesh = run.solver.mesh
    middle = np.abs(mesh.y.centres - MIDDLE)
    line = stress[middle < middle.min() * 1.001].mean(axis=0)
    behind = mesh.x.centres > 1.3 * CUBE  # not the corner eddy
    found = crossings(mesh.x.centres[behind], line[behind])
    reattachment = found[0] / CUBE - 1.0 if len(found) else float("nan")
    yield run.row("reattachment behind the rear face, X_R / H", reattachment, value, MARTINUZZI, "M", band, why,
                  "absolute")  # fmt: skip
    table = columns("cube_profiles")
    points = np.stack([table["x_over_H"] * CUBE, np.full(len(table["y_mm"]), MIDDLE), 1e-3 * table["y_mm"]], axis=1)
    velocity = along(run, "velocity", points)
    before = table["x_over_H"] == -3.0
    for component, column, axis, limit in (("U", "U_m_s", 0, 0.06), ("V", "V_m_s", 2, None)):
        off = (velocity[:, axis] - table[column]) / BULK
        for where, chosen in (("x = -3 H", before), ("x = -1 H to 8 H", ~before)):
            gated = limit if name.endswith("/les") and where != "x = -3 H" else None
            yield run.row(f"{component} at {where}, rms of the difference / U_b", np.sqrt(np.mean(off[chosen] ** 2)),
                          0.0, MARTINUZZI, "F", gated, "measured to 1 to 2 %", "absolute")  # fmt: skip
    curves = []
    for station in (-1.0, 0.5, 1.5, 2.5, 4.0):
        here = table["x_over_H"] == station
        shift = 0.5 * len(curves)
        heights = np.linspace(0.0, 2.0, 81)
        shown = heights[heights > (1.0 if 0.0 < station < 1.0 else 0.0)]
        places = np.stack([np.full(len(shown), station), np.full(len(shown), MIDDLE / CUBE), shown], axis=1) * CUBE
        curves += [
            Curve(f"x/H {station:g}", along(run, "velocity", places)[:, 0] / BULK + shift, shown),
            Curve("_measured", table["U_m_s"][here] / BULK + shift, 1e-3 * table["y_mm"][here] / CUBE, True),
        ]
    yield Picture(name.replace("/", "_"), f"Cube, {name.split('/')[1]}, {run.grid}",
                  "U / U_b on the plane of symmetry, stations shifted by 1", "z / H", curves)  # fmt: skip


_MEASURED = "measured 6.0 +- 0.15 h; 5 %"
_STANDARD = "(!) the standard model is expected at 4.9 to 5.5 h; measured 6.0"
_SHEAR_STRESS = "SST is expected at about 6.2 to 6.4 h; measured 6.0; 5 % as asked of LES"
_REAR = "1.45 to 1.75 H is asked of LES"
_REAR_STANDARD = "(!) 2.0 to 2.2 H is the known result of the standard model; measured 1.61"


def _study(folder: str, variant: str, tier: str, what: str, measure: Callable, *arguments: object) -> Study:
    name = f"{folder}/{variant}"
    return Study(name, tier, what, partial(measure, name, *arguments))


_STEP = partial(_study, "backward_step_jovic_driver")
_CUBE = partial(_study, "surface_mounted_cube")
STUDIES = (
    _STEP("k-epsilon", "B", "turbulent step, flat", jovic_step, ("flat_coarse", "flat"), "k-epsilon",
          (5.2, 0.3, _STANDARD)),
    _STEP("sst", "B", "turbulent step, flat", jovic_step, ("flat_coarse", "flat"), "sst", (6.3, 0.3, _SHEAR_STRESS)),
    _STEP("les_coarse", "B", "turbulent step, LES, cells of h/8 to h/14: coarse", jovic_step, ("coarse",), "les",
          (6.0, None, _MEASURED)),
    _STEP("les", "C", "turbulent step, LES, cells of h/16 to h/28", jovic_step, (None,), "les", (6.0, 0.3, _MEASURED)),
    _CUBE("k-epsilon", "B", "cube in a channel, cells of H/12, half of it", surface_cube, "half", "k-epsilon",
          (2.1, 0.1, _REAR_STANDARD)),
    _CUBE("les_coarse", "B", "cube in a channel, LES, cells of H/12: coarse", surface_cube, "coarse", "les",
          (1.61, None, _REAR)),
    _CUBE("les", "C", "cube in a channel, LES, cells of H/28", surface_cube, None, "les", (1.61, 0.15, _REAR)),
)  # fmt: skip
