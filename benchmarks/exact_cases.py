"""Validation cases with exact answers: each function runs one and returns its rows.

All are small: the tests run them as they are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks import exact
from benchmarks.measures import heat_across_x, wall_heat
from benchmarks.scorecard import Row
from benchmarks.steady import assembled, march_to_steady
from thermo.case.loss import loss_from_open_fraction
from thermo.flow.through import volume_flow

STEADY = 1e-10  # relative change per interval

ORIFICE = 1.0 / 0.61**2
# arguments of `stack_hall`; the last four of each: losses and areas of the low and the high opening
HALLS = (
    (None, 4.0, 6.0, 293.15, 308.15, 10.0, ORIFICE, ORIFICE, 0.5, 0.5),
    ("boussinesq", 4.0, 6.0, 293.15, 308.15, 10.0, ORIFICE, ORIFICE, 0.5, 0.5),
    ("chimney", 4.0, 6.0, 297.15, 317.15, 3.0, ORIFICE, 1.0, 0.25, 0.15),
    ("shaft", 6.0, 9.0, 283.15, 293.15, 95.0, 2.0, 2.0, 1.0, 1.0),
)


def _grid(solver) -> str:
    nz, ny, nx = solver.mesh.shape
    return f"{nx} x {ny} x {nz}"


class _Run:
    """A case run to its end, with what its rows have in common."""

    def __init__(self, name: str, scenario: str | None = None, overrides: Sequence[str] = ()) -> None:
        self.began = time.perf_counter()
        self.title = f"{name} {scenario}" if scenario else name
        self.solver = assembled(name, scenario, overrides).solver

    def to(self, end: float) -> None:
        while self.solver.time < end:
            self.solver.advance(end)

    def settle(self, watch: Callable, interval: float, until: float, tolerance: float = STEADY) -> None:
        march = march_to_steady(self.solver, watch, interval, tolerance, until)
        if not march.settled:
            raise RuntimeError(f"{self.title} is not steady at {until:g} s: it still changes by {march.change:.2g}")

    def averaged(self, start: float, end: float) -> dict:
        """The report of the means between two times."""
        self.to(start)
        self.solver.start_average()
        self.to(end)
        return self.solver.report()

    def row(self, quantity: str, value: float, reference: float, source: str, band: float, why: str, **more) -> Row:
        return Row(
            self.title, quantity, _grid(self.solver), float(value), float(reference), source, band, why,
            steps=self.solver.step, wall_s=round(time.perf_counter() - self.began, 1), **more,
        )  # fmt: skip


def _openings(report: dict) -> dict[str, dict]:
    return {opening["name"].removeprefix("openings."): opening for opening in report["openings"]}


def sealed_room(scenario: str | None, heat: float, volume: float, duration: float) -> list[Row]:
    """Pressure rise and mass of a sealed room heated from its floor."""
    run = _Run("sealed_room", scenario)
    solver, fluid = run.solver, run.solver.setup.fluid
    before = _air_mass(solver)
    run.to(duration)
    rise = float(solver.backend.to_host(solver.sealed.pressure)[0]) - fluid.pressure
    expected = exact.pressure_rise(heat, volume, duration, fluid.gas_constant, fluid.heat_capacity)
    return [
        run.row("pressure rise, Pa", rise, expected, "exact: (gamma - 1) Q t / V", 1e-6,
                "double precision: round-off and time integration"),
        run.row("mass, kg", _air_mass(solver), before, "exact", 1e-12, "double precision: round-off"),
    ]  # fmt: skip


def _air_mass(solver) -> float:
    return float((solver.mesh.volumes() * solver.field("density"))[solver.mesh.solid == 0].sum())


def rack_duct(scenario: str | None, power: float, duct_flow: float, rack_flow: float) -> list[Row]:
    """Temperature rise of a rack and of the duct it stands in."""
    run = _Run("rack_duct", scenario)
    solver = run.solver
    interval = 0.1 * solver.mesh.x.length * 1.2 * solver.mesh.y.length * solver.mesh.z.length / duct_flow
    outlet = lambda s: [s.field("temperature")[:, :, -1].mean(), s.field("temperature")[:, :, -1].max()]  # noqa: E731
    run.settle(outlet, interval, 1000 * interval)
    report = run.averaged(solver.time, solver.time + interval)
    (rack,) = (device for device in report["devices"] if device["kind"] == "rack")
    source, why = "exact: P / (m c_p), c_p = 1006 J/(kg K)", "double precision, steady: round-off"
    outlet = _openings(report)["outlet"]
    return [
        run.row("bulk rise of the duct, K", outlet["temperature_c"] - 20.0, power / (duct_flow * exact.HEAT_CAPACITY),
                source, 1e-6, why),
        run.row("rise through the rack, K", rack["outlet_mean_c"] - rack["inlet_mean_c"],
                power / (rack_flow * exact.HEAT_CAPACITY), source, 1e-6, why),
        run.row("mass out, kg/s", outlet["flow_out_kg_s"], duct_flow, "exact", 1e-6, why),
        run.row("heat imbalance over power", report["balance"]["heat_imbalance_w"] / power, 0.0, "exact", 1e-6, why,
                kind="absolute"),
    ]  # fmt: skip


def stack_duct(scenario: str | None, heat: float, area: float, height: float, loss_out: float,
               overrides: Sequence[str] = (), band: float = 0.005) -> list[Row]:  # fmt: skip
    """Draught of a heated vertical duct. height: from the middle of the heated layer to the top, m."""
    run = _Run("stack_duct", scenario, overrides)
    boussinesq = not run.solver.setup.fluid.low_mach
    heated = height / 20.0
    flow = exact.heated_duct_flow(heat, height + 0.5 * heated, heated, area, 0.0, loss_out, 298.15, boussinesq)
    run.settle(lambda s: [s.field("velocity")[:, 0, 0, 2].mean()], 2.0, 100.0)
    report = run.averaged(run.solver.time, run.solver.time + 1.0)
    top = _openings(report)["top"]
    rise = heat / (top["flow_out_kg_s"] * exact.HEAT_CAPACITY)
    return [
        run.row("mass flow, kg/s", top["flow_out_kg_s"], flow, "exact, with the losses of this opening model", band,
                "second order in the cell size"),
        run.row("temperature rise, K", top["temperature_c"] - 25.0, rise, "exact: Q / (m c_p) of the flow found", 1e-5,
                "double precision, steady; conduction out of the heated layer"),
    ]  # fmt: skip


def stack_hall(scenario: str | None, start: float, end: float, outside: float, inside: float, height: float,
               loss_low: float, loss_high: float, area_low: float, area_high: float,
               overrides: Sequence[str] = ()) -> list[Row]:  # fmt: skip
    """Flow through a low and a high opening of a warm room, before what flows in has cooled it."""
    run = _Run("stack_hall", scenario, overrides)
    solver = run.solver
    low, high, neutral = exact.stack_velocities(
        outside, inside, height, loss_low, loss_high, area_low, area_high, boussinesq=not solver.setup.fluid.low_mach,
        unheated=True,
    )  # fmt: skip
    report = run.averaged(start, end)
    openings = _openings(report)
    light = exact.density(outside) if not solver.setup.fluid.low_mach else exact.density(inside)
    found = {
        "low": openings["low"]["flow_in_kg_s"] / exact.density(outside) / area_low,
        "high": openings["high"]["flow_out_kg_s"] / light / area_high,
    }
    source = "exact: hydrostatics and orifice law (ASHRAE Fundamentals), losses of this opening model"
    why = "edges of the openings on their cells, and mixing"
    return [
        run.row("velocity in the low opening, m/s", found["low"], low, source, 0.02, why),
        run.row("velocity in the high opening, m/s", found["high"], high, source, 0.02, why),
        run.row("neutral height over the low opening / H", _neutral_height(solver) / height, neutral / height,
                source, 0.02, why, kind="absolute"),
    ]  # fmt: skip


def _neutral_height(solver) -> float:
    """Height over the middle of the low opening at which the mean pressure of the far half of the room is 0, m.

    From the straight line through the middle half of the height between the openings.
    """
    mesh = solver.mesh
    z = mesh.z.centres
    low, high = (float(np.mean(z[opening.patch.cells[:, 0]])) for opening in mesh.openings)
    profile = solver.average("pressure")[:, 0, mesh.x.n // 2 :].mean(axis=1)
    middle = np.abs(z - 0.5 * (low + high)) < 0.25 * (high - low)
    slope, at_floor = np.polyfit(z[middle], profile[middle], 1)
    return -at_floor / slope - low


def conjugate_wall(scenario: str | None, conductivity: float, convection: bool) -> list[Row]:
    """Heat through a conducting wall and the fluid behind it."""
    run = _Run("conjugate_wall", scenario)
    solver = run.solver
    heats = lambda s: [wall_heat(s, "west"), heat_across_x(s, 0.2), -wall_heat(s, "east")]  # noqa: E731
    run.settle(heats, 0.05, 20.0, tolerance=1e-9)
    hot, interface, cold = heats(solver)
    why = "double precision, steady"
    rows = [
        run.row("heat through the interface / outer face", interface / hot, 1.0, "exact", 1e-6, why),
        run.row("heat into the cold side / outer face", cold / hot, 1.0, "exact", 1e-6, why),
    ]
    if not convection:
        # 1 K across the fluid alone would drive conductivity 1 x height 1 x depth 0.1
        rows.append(run.row("Nu", hot / 0.1, exact.conduction_nusselt(0.2, conductivity),
                            "exact: 1 / (1 + (t/L) (k_f/k_w))", 1e-6, why))  # fmt: skip
    return rows


def resistance_duct() -> list[Row]:
    """Pressure drop of a resisting plane and of a perforated plate at 1 m/s."""
    rows = []
    karki = "Fried and Idelchik 1989; K(0.25) = 42.8 in Karki, Radmehr and Patankar 2003"
    for scenario, loss, source in ((None, 8.0, "exact: K rho U^2 / 2"), ("plate", 42.7578, karki)):
        run = _Run("resistance_duct", scenario)
        run.to(10.0)
        pressure = run.solver.field("pressure").mean(axis=(0, 1))
        x = run.solver.mesh.x.centres
        drop = pressure[x < 1.0].mean() - pressure[x > 1.0].mean()
        rows.append(run.row("pressure drop, Pa", drop, 0.5 * loss * 1.2, source, 0.005, "one-dimensional"))
    for open_fraction, loss in ((0.1, 282.1232), (0.25, 42.7578), (0.56, 7.3643), (0.9, 2.0805)):
        found = loss_from_open_fraction(open_fraction)
        quantity = f"K at open fraction {open_fraction}"
        rows.append(Row("perforated plate", quantity, "-", found, loss, karki, 1e-5, "digits of the reference"))
    return rows


def two_rooms() -> list[Row]:
    """Flow through two rooms: two openings in series with two holes side by side."""
    run = _Run("two_rooms")
    solver = run.solver
    report = run.averaged(40.0, 45.0)
    openings = _openings(report)
    area, hole = 0.5, 0.25
    # the head of the inflow counts at the west opening
    flow = exact.flow_through_rooms(
        10.0, 1.2, (400 + 1) / area**2, 900 / area**2, [300 / hole**2, 1200 / hole**2]
    )
    pressure = solver.field("pressure")[:, 0, :]
    x = solver.mesh.x.centres
    between = pressure[:, x < 2.0].mean() - pressure[:, x > 2.0].mean()
    expected = (300**-0.5 + 1200**-0.5) ** -2 / hole**2 * flow**2 / 2.4
    source, why = "exact: dp = K rho v^2 / 2 in series and in parallel", "heads of jets and rooms left out: 1/K"
    split = _hole_flows(solver)
    return [
        run.row("mass flow, kg/s", openings["east"]["flow_out_kg_s"], flow, source, 0.005, why),
        run.row("pressure between the rooms, Pa", between, expected, source, 0.01, why),
        run.row("flow of the lower hole / upper hole", split[0] / split[1], 2.0, source, 0.005, why),
    ]


def _hole_flows(solver) -> list[float]:
    return [volume_flow(solver, resistance.patch) for resistance in solver.mesh.resistances]
