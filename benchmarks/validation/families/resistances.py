"""Resistances: a screen in a duct, perforated plates, a porous slab, fans in a closed loop, rooms in series."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.validation import exact
from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import openings, reference
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study
from thermo.case.loss import loss_from_open_fraction
from thermo.flow.through import volume_flow

KARKI = "Fried and Idelchik 1989; K(0.25) = 42.8 in Karki, Radmehr and Patankar 2003"


def screen(name: str, bench: Bench, scenario: str | None, loss: float, source: str, evidence: str) -> Iterator[Row]:
    """Pressure drop of a resisting plane at 1 m/s."""
    run = CaseRun(bench, name, "resistance_duct", scenario)
    run.to(10.0)
    pressure = run.solver.field("pressure").mean(axis=(0, 1))
    x = run.solver.mesh.x.centres
    drop = pressure[x < 1.0].mean() - pressure[x > 1.0].mean()
    yield run.row("pressure drop, Pa", drop, 0.5 * loss * 1.2, source, evidence, 0.005,
                  "one-dimensional: the tolerance of the solver")  # fmt: skip


def plate_table(name: str, _bench: Bench) -> Iterator[Row]:
    """Loss coefficient that an open fraction stands for."""
    for entry in reference("perforated_plate"):
        fraction = float(entry["open_area_fraction"])
        yield Row(name, f"K at open fraction {fraction:g}", "formula", loss_from_open_fraction(fraction),
                  float(entry["K_on_approach_velocity"]), KARKI, "M+F", 1e-5, "digits of the reference")  # fmt: skip


def porous_slab(name: str, bench: Bench) -> Iterator[Row]:
    """Pressure drop of a slab at three velocities: viscous and inertial part."""
    for velocity in (0.25, 1.0, 4.0):
        run = CaseRun(bench, name, "porous_slab", overrides=[f"supplies.inlet.velocity = {velocity}"])
        run.to(10.0)
        pressure, x = run.solver.field("pressure").mean(axis=(0, 1)), run.solver.mesh.x.centres
        drop = pressure[x < 0.9].mean() - pressure[x > 1.2].mean()
        expected = 0.2 * (1.8e-5 * velocity / 1e-6 + 0.5 * 20.0 * 1.2 * velocity**2)
        yield run.row(f"pressure drop at {velocity:g} m/s, Pa", drop, expected, "L (mu u / K + C2 rho u^2 / 2)", "X",
                      0.005, "one-dimensional: the tolerance of the solver")  # fmt: skip


def fan_loop(
    name: str, bench: Bench, scenario: str | None, head: float, linear: float, square: float, loss: float
) -> Iterator[Row]:
    """Operating point of a fan head - linear Q - square Q^2 (Pa, m3/s) on a resistance of 0.01 m2."""
    run = CaseRun(bench, name, "fan_loop", scenario)
    run.settle(lambda s: [s.field("velocity")[..., 0].mean()], 1.0, 100.0, 1e-7)
    solver = run.solver
    flow = next(volume_flow(solver, r.patch) for r in solver.mesh.resistances if r.name == "panels.screen")
    pressure, x = solver.field("pressure").mean(axis=(0, 1)), solver.mesh.x.centres
    before, after = (pressure[(x > low) & (x < low + 0.2)].mean() for low in (1.2, 1.6))
    resisting = 0.5 * loss * 1.2 / 0.01**2  # Pa s2/m6
    expected = 2.0 * head / (linear + (linear**2 + 4.0 * (square + resisting) * head) ** 0.5)
    source = f"{head:g} - {linear:g} Q - {square:g} Q^2 = {loss:g} rho (Q/A)^2 / 2"
    why = "one-dimensional: the tolerance of the solver"
    yield run.row("flow, m3/s", flow, expected, source, "X", 0.005, why)
    yield run.row("pressure drop of the resistance, Pa", before - after, resisting * expected**2, source, "X", 0.005,
                  why)  # fmt: skip


def two_rooms(name: str, bench: Bench) -> Iterator[Row]:
    """Flow through two rooms: two openings in series with two holes side by side."""
    run = CaseRun(bench, name, "two_rooms", precision="double")
    report = run.averaged(40.0, 45.0)
    solver, area, hole = run.solver, 0.5, 0.25
    # the head of the inflow counts at the west opening
    flow = exact.flow_through_rooms(10.0, 1.2, (400 + 1) / area**2, 900 / area**2, [300 / hole**2, 1200 / hole**2])
    pressure = solver.field("pressure")[:, 0, :]
    x = solver.mesh.x.centres
    between = pressure[:, x < 2.0].mean() - pressure[:, x > 2.0].mean()
    expected = (300**-0.5 + 1200**-0.5) ** -2 / hole**2 * flow**2 / 2.4
    source, why = "dp = K rho v^2 / 2 in series and in parallel", "heads of jets and rooms left out: 1/K"
    lower, upper = (volume_flow(solver, resistance.patch) for resistance in solver.mesh.resistances)
    yield run.row("mass flow, kg/s", openings(report)["east"]["flow_out_kg_s"], flow, source, "X", 0.005, why)
    yield run.row("pressure between the rooms, Pa", between, expected, source, "X", 0.01, why)
    yield run.row("flow of the lower hole / upper hole", lower / upper, 2.0, source, "X", 0.005, why)


_FOLDER = "resistance_and_fan"
_BY_NAME = {
    "screen": ("resisting plane of 4.8 Pa", partial(screen, scenario=None, loss=8.0, source="K rho U^2 / 2",
                                                    evidence="X")),
    "plate": ("perforated plate, a quarter open", partial(screen, scenario="plate", loss=42.7578, source=KARKI,
                                                          evidence="M+F")),
    "plate_table": ("loss coefficient of perforated plates", plate_table),
    "porous_slab": ("Darcy-Forchheimer slab", porous_slab),
    "fan_loop": ("fan and screen in a closed loop", partial(fan_loop, scenario=None, head=50.0, linear=0.0,
                                                            square=1e5, loss=10.0)),
    "server": ("fan of a server on its resistance", partial(fan_loop, scenario="server", head=60.0, linear=400.0,
                                                            square=4e4, loss=18.0)),
    "two_rooms": ("resistances in series and in parallel", two_rooms),
}  # fmt: skip
STUDIES = tuple(
    Study(f"{_FOLDER}/{name}", "A", what, partial(measure, f"{_FOLDER}/{name}"))
    for name, (what, measure) in _BY_NAME.items()
)
