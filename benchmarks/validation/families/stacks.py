"""Stack effect: the draught of a heated duct, and the flow through two openings of a warm hall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from benchmarks.validation import exact
from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.measures import openings
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study

ORIFICE = 1.0 / 0.61**2
ASHRAE = "hydrostatics and orifice law (ASHRAE Fundamentals), losses of this opening model"


def heated_duct(
    name: str, scenario: str | None, heat: float, area: float, height: float, loss_out: float, table: float,
    bench: Bench, overrides: Sequence[str] = (),
) -> Iterator[Row]:  # fmt: skip
    """Draught of a heated vertical duct. W, m2; height: from the middle of the heated layer to the top, m.

    table: mass flow with every loss at the exit, kg/s, in closed form.
    """
    run = CaseRun(bench, name, "stack_duct", scenario, overrides, "double")
    boussinesq = not run.solver.setup.fluid.low_mach
    heated = height / 20.0
    flow = exact.heated_duct_flow(heat, height + 0.5 * heated, heated, area, 0.0, loss_out, 298.15, boussinesq)
    run.settle(lambda s: [s.field("velocity")[:, 0, 0, 2].mean()], 2.0, 100.0, 1e-10)
    report = run.averaged(run.solver.time, run.solver.time + 1.0)
    top = openings(report)["top"]
    yield run.row("mass flow against all losses at the exit, kg/s", top["flow_out_kg_s"], table,
                  "hydrostatics, all losses on the exit head", "X", 0.01,
                  "this model has its inlet head at the outside density: 0.75 % of the low-Mach flow")  # fmt: skip
    rise = heat / (top["flow_out_kg_s"] * exact.HEAT_CAPACITY)
    yield run.row("mass flow, kg/s", top["flow_out_kg_s"], flow, "hydrostatics, losses of this opening model", "X",
                  0.005, "uniform section, free slip: second order in the cell size")  # fmt: skip
    yield run.row("temperature rise, K", top["temperature_c"] - 25.0, rise, "Q / (m c_p) of the flow found", "X", 1e-5,
                  "double precision, steady; conduction out of the heated layer")  # fmt: skip


def warm_hall(
    name: str, scenario: str | None, start: float, end: float, outside: float, inside: float, height: float,
    loss_low: float, loss_high: float, area_low: float, area_high: float, bench: Bench, overrides: Sequence[str] = (),
) -> Iterator[Row]:  # fmt: skip
    """Flow through a low and a high opening of a warm room, before what flows in has cooled it. s, K, m, m2."""
    run = CaseRun(bench, name, "stack_hall", scenario, overrides, "double")
    solver = run.solver
    boussinesq = not solver.setup.fluid.low_mach
    low, high, neutral = exact.stack_velocities(
        outside, inside, height, loss_low, loss_high, area_low, area_high, boussinesq=boussinesq, unheated=True
    )
    found = openings(run.averaged(start, end))
    light = exact.density(outside if boussinesq else inside)
    why = "edges of the openings on their cells, and mixing"
    low_found = found["low"]["flow_in_kg_s"] / exact.density(outside) / area_low
    high_found = found["high"]["flow_out_kg_s"] / light / area_high
    yield run.row("velocity in the low opening, m/s", low_found, low, ASHRAE, "X", 0.02, why)
    yield run.row("velocity in the high opening, m/s", high_found, high, ASHRAE, "X", 0.02, why)
    yield run.row("neutral height over the low opening / H", neutral_height(solver) / height, neutral / height, ASHRAE,
                  "X", 0.02, why, kind="absolute")  # fmt: skip


def neutral_height(solver) -> float:
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


_FOLDER = "stack_effect_two_openings"
# scenario, means from and to (s), outside and inside (K), H (m), losses and areas (m2) of the low and high opening
HALLS = {
    "hall": (None, 4.0, 6.0, 293.15, 308.15, 10.0, ORIFICE, ORIFICE, 0.5, 0.5),
    "hall_boussinesq": ("boussinesq", 4.0, 6.0, 293.15, 308.15, 10.0, ORIFICE, ORIFICE, 0.5, 0.5),
    "rack_chimney": ("chimney", 4.0, 6.0, 297.15, 317.15, 3.0, ORIFICE, 1.0, 0.25, 0.15),
    "tall_shaft": ("shaft", 6.0, 9.0, 283.15, 293.15, 95.0, 2.0, 2.0, 1.0, 1.0),
}
STUDIES = (
    *(Study(f"{_FOLDER}/{name}", "A", f"draught of a heated duct, {heat:g} W, {height:g} m",
            partial(heated_duct, f"{_FOLDER}/{name}", scenario, heat, area, height, loss, table))
      for name, scenario, heat, area, height, loss, table in (
          ("duct_1kw", None, 1e3, 0.1, 2.0, 0.5, 0.103268),
          ("duct_1kw_boussinesq", "boussinesq", 1e3, 0.1, 2.0, 0.5, 0.106925),
          ("duct_20kw", "kw20", 20e3, 1.0, 4.0, 1.0, 1.476403),
          ("duct_20kw_boussinesq", "kw20_boussinesq", 20e3, 1.0, 4.0, 1.0, 1.542122))),
    *(Study(f"{_FOLDER}/{name}", "A", f"flow through two openings {arguments[5]:g} m apart",
            partial(warm_hall, f"{_FOLDER}/{name}", *arguments))
      for name, arguments in HALLS.items()),
)  # fmt: skip
