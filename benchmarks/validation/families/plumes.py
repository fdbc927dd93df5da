"""Turbulent plumes: the room that a plume fills and its openings empty."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.exact import GRAVITY, emptying_box
from benchmarks.validation.measures import openings
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study
from thermo.simulation.functions import Functions

LINDEN = "Linden, Lane-Serff and Smeed 1990"
ENTRAINMENT = 0.117  # top-hat; measured values lie at 0.10 to 0.13
AMBIENT = 293.15  # K
HEIGHT, TOP, SLOTS = 3.0, 0.36**2, 2 * 3.6 * 0.24  # m, m2
POWERS = (1000.0, 4000.0)  # W
APART = 1.2  # m from the axis: beyond the plume
DENSITY, HEAT_CAPACITY = 1.2, 1006.0


def effective_opening(top: float, slots: float) -> float:
    """A* of two openings in a row with these discharge coefficients, m2: flow A* (g' (H - h))^(1/2)."""
    return 2.0**0.5 / (1.0 / (top * TOP) ** 2 + 1.0 / (slots * SLOTS) ** 2) ** 0.5


def two_layers(interface: float, lift: float) -> Functions:
    """Air that begins with a warm layer of this reduced gravity (m/s2) above a height (m)."""
    return Functions(initial={
        "temperature": lambda x, y, z: AMBIENT * (1.0 + lift / GRAVITY * (z > interface)) + 0.0 * (x + y)
    })  # fmt: skip


def filled_box(bench: Bench, name: str, scenario: str | None, power: float) -> tuple[CaseRun, dict[str, float]]:
    """The run with means since `average_from`, and what theory says of it.

    The air begins in the two layers of the theory; times follow the flow, thus the cube root of the power.
    """
    buoyancy = GRAVITY * power / (DENSITY * HEAT_CAPACITY * AMBIENT)
    interface, _, lift = emptying_box(effective_opening(0.6, 0.6), HEIGHT, buoyancy, ENTRAINMENT)
    run = CaseRun(bench, name, "emptying_box", scenario, [f"sources.fire.heat = {power}"],
                  functions=two_layers(interface, lift))  # fmt: skip
    pace = (POWERS[0] / power) ** (1.0 / 3.0)
    report = run.averaged(pace * run.case.run.average_from, pace * run.case.run.until)
    return run, measured(run, openings(report), buoyancy)


def measured(run: CaseRun, ports: dict[str, dict], buoyancy: float) -> dict[str, float]:
    """Interface, flow and discharge coefficients of the means, and what theory gives with these openings."""
    mesh = run.solver.mesh
    warmth, pressure = (_around(run, field) for field in ("temperature", "pressure"))
    z, widths = mesh.z.centres, mesh.z.widths
    middle = 0.5 * (warmth[0] + warmth[-1])
    k = int(np.flatnonzero(warmth > middle)[0])
    interface = float(np.interp(middle, warmth[k - 1 : k + 1], z[k - 1 : k + 1]))
    flow = ports["top"]["flow_out_kg_s"] / DENSITY
    # pressure at the ceiling, half a cell above the last layer, and across the slots at their middle
    lift = GRAVITY * DENSITY * (warmth[-1] + 273.15 - AMBIENT) / AMBIENT
    above = pressure[-1] + 0.5 * lift * widths[-1]
    below = float(np.interp(0.12, z, pressure))
    coefficient = lambda area, head: flow / (area * (2.0 * head / DENSITY) ** 0.5)  # noqa: E731
    found = {"interface": interface, "flow": flow, "top": coefficient(TOP, above), "slots": coefficient(SLOTS, -below)}
    opening = effective_opening(found["top"], found["slots"])
    found["opening"] = opening / HEIGHT**2
    found["theory"], found["theory flow"], _ = emptying_box(opening, HEIGHT, buoyancy, ENTRAINMENT)
    return found


def _around(run: CaseRun, field: str) -> np.ndarray:
    """Mean field of every layer of cells away from the plume."""
    mesh = run.solver.mesh
    away = np.hypot(mesh.x.centres[None, :] - 1.8, mesh.y.centres[:, None] - 1.8) > APART
    return run.solver.average(field).astype(np.float64)[:, away].mean(axis=1)


def box(name: str, scenario: str | None, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Interface and flow of two powers, a factor 4 apart."""
    band = lambda value: value if gated else None  # noqa: E731
    why = f"top-hat entrainment {ENTRAINMENT:g}; 0.10 to 0.13 moves the interface by 0.05 H"
    shares, curves = [], []
    for power in POWERS:
        run, found = filled_box(bench, name, scenario, power)
        what = f"{power:g} W"
        shares.append(found["interface"] / HEIGHT)
        yield run.row(f"interface / H, {what}", shares[-1], found["theory"] / HEIGHT, LINDEN, "X", band(0.05), why,
                      "absolute")  # fmt: skip
        yield run.row(f"flow, {what}, m3/s", found["flow"], found["theory flow"], LINDEN, "X", band(0.10), why)
        for port in ("top", "slots"):
            yield run.row(f"discharge coefficient measured, {port}, {what}", found[port], 0.6, "of the openings", "X",
                          None, "pressure of the air apart from the plume against outside")  # fmt: skip
        warmth = _around(run, "temperature") - 20.0
        curves.append(Curve(what, warmth / warmth[-1], run.solver.mesh.z.centres / HEIGHT))
        curves.append(Curve(f"{what}, theory", [0.0, 0.0, 1.0, 1.0],
                            np.array([0.0, found["theory"], found["theory"], HEIGHT]) / HEIGHT, True))  # fmt: skip
    yield run.row("change of the interface with the power / H", abs(shares[1] - shares[0]), 0.0, LINDEN, "X",
                  band(0.03), "the theory knows no power", "absolute")  # fmt: skip
    yield Picture(name.replace("/", "_"), f"Emptying-filling box, {run.grid}", "T / T of the top", "z / H", curves)


STUDIES = (
    Study("emptying_filling_box/les_coarse", "B", "room emptied and filled by a plume, cells of H/25: coarse",
          partial(box, "emptying_filling_box/les_coarse", "coarse", False)),
    Study("emptying_filling_box/les", "C", "room emptied and filled by a plume, cells of H/50",
          partial(box, "emptying_filling_box/les", None, True)),
)  # fmt: skip
