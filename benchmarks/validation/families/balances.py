"""Global balances: the pressure of a sealed heated room, the heat that racks and their duct carry, indices of rooms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.validation import exact
from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import openings
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study
from thermo.report.air_management import air_management

ROUND_OFF = "double precision: round-off and time integration"


def sealed_room(
    name: str, scenario: str | None, heat: float, volume: float, duration: float, bench: Bench
) -> Iterator[Row]:
    """Pressure rise and mass of a sealed room heated from its floor. W, m3, s."""
    run = CaseRun(bench, name, "sealed_room", scenario, precision="double")
    solver, fluid = run.solver, run.solver.setup.fluid
    before = _air_mass(solver)
    run.to(duration)
    rise = float(solver.backend.to_host(solver.sealed.pressure)[0]) - fluid.pressure
    expected = exact.pressure_rise(heat, volume, duration, fluid.gas_constant, fluid.heat_capacity)
    yield run.row("pressure rise, Pa", rise, expected, "(gamma - 1) Q t / V", "X", 1e-6, ROUND_OFF)
    yield run.row("mass, kg", _air_mass(solver), before, "mass at the beginning", "X", 1e-12, ROUND_OFF)


def _air_mass(solver) -> float:
    return float((solver.mesh.volumes() * solver.field("density"))[solver.mesh.solid == 0].sum())


def rack_duct(
    name: str, scenario: str | None, power: float, duct_flow: float, rack_flow: float, bench: Bench
) -> Iterator[Row]:
    """Temperature rise of a rack and of the duct it stands in. W, kg/s."""
    run = CaseRun(bench, name, "rack_duct", scenario, precision="double")
    solver = run.solver
    interval = 0.1 * solver.mesh.x.length * 1.2 * solver.mesh.y.length * solver.mesh.z.length / duct_flow
    outlet = lambda s: [s.field("temperature")[:, :, -1].mean(), s.field("temperature")[:, :, -1].max()]  # noqa: E731
    run.settle(outlet, interval, 1000 * interval, 1e-10)
    report = run.averaged(solver.time, solver.time + interval)
    (rack,) = (device for device in report["devices"] if device["kind"] == "rack")
    source, why = "P / (m c_p), c_p = 1006 J/(kg K)", "double precision, steady: round-off"
    outlet = openings(report)["outlet"]
    yield run.row("bulk rise of the duct, K", outlet["temperature_c"] - 20.0,
                  power / (duct_flow * exact.HEAT_CAPACITY), source, "X", 1e-6, why)  # fmt: skip
    yield run.row("rise through the rack, K", rack["outlet_mean_c"] - rack["inlet_mean_c"],
                  power / (rack_flow * exact.HEAT_CAPACITY), source, "X", 1e-6, why)  # fmt: skip
    yield run.row("RTI, %", air_management(report["devices"], report["openings"])["rti"],
                  100.0 * rack_flow / duct_flow, "equipment flow / cooling flow", "X", 1e-6, why)  # fmt: skip
    yield run.row("mass out, kg/s", outlet["flow_out_kg_s"], duct_flow, "mass in", "X", 1e-6, why)
    yield run.row("heat imbalance / power", report["balance"]["heat_imbalance_w"] / power, 0.0, "conservation", "X",
                  1e-6, why, kind="absolute")  # fmt: skip


def racks_in_series(name: str, bench: Bench) -> Iterator[Row]:
    """Indices of a duct whose first rack feeds its second: exact, as all air passes both."""
    run = CaseRun(bench, name, "racks_in_series", precision="double")
    run.settle(lambda s: [s.field("temperature")[:, :, -1].mean()], 1.0, 1000.0, 1e-10)
    report = run.averaged(run.solver.time, run.solver.time + 1.0)
    found = air_management(report["devices"], report["openings"])
    first, second = (run.case.racks[rack].power for rack in ("first", "second"))
    exhausted = 2.0 * first + second  # heat over that of the supply of what both blow out, W
    source, why = "Sharma, Bash and Patel 2002", "double precision, steady: round-off"
    yield run.row("SHI", found["shi"], first / exhausted, source, "X", 1e-6, why)
    yield run.row("RHI", found["rhi"], (first + second) / exhausted, source, "X", 1e-6, why)
    yield run.row("RTI, %", found["rti"], 200.0, "Herrlin 2007", "X", 1e-6, why)


_FOLDER = "global_balance_exact"
STUDIES = (
    *(Study(f"{_FOLDER}/{name}", "A", f"pressure of a sealed room, {heat:g} W in {volume:g} m3",
            partial(sealed_room, f"{_FOLDER}/{name}", scenario, heat, volume, duration))
      for name, scenario, heat, volume, duration in (
          ("room_10m3", None, 100.0, 10.0, 60.0), ("room_30m3", "room_30m3", 1000.0, 30.0, 120.0),
          ("room_100m3", "room_100m3", 5000.0, 100.0, 60.0))),
    *(Study(f"{_FOLDER}/{name}", "A", f"rack of {power:g} W in a duct of {duct:g} kg/s",
            partial(rack_duct, f"{_FOLDER}/{name}", scenario, power, duct, rack))
      for name, scenario, power, duct, rack in (
          ("rack_5kw", None, 5e3, 0.5, 0.4), ("rack_10kw", "kw10", 10e3, 0.6, 0.5),
          ("rack_20kw", "kw20", 20e3, 1.2, 0.9), ("rack_400w", "w400", 400.0, 0.012, 0.010))),
    Study(f"{_FOLDER}/racks_in_series", "A", "indices of two racks in series",
          partial(racks_in_series, f"{_FOLDER}/racks_in_series")),
)  # fmt: skip
