"""What a run found, as the content of ``report.json``."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from thermo.case.model import Case
from thermo.case.units import CELSIUS_ZERO
from thermo.flow.setup import Fluid
from thermo.report.devices import by_device
from thermo.report.limits import judge
from thermo.report.monitors import measure
from thermo.simulation.assembly import Assembly
from thermo.simulation.march import average_fields, instantaneous_fields
from thermo.version import program_version


def summarise(
    case: Case, assembly: Assembly, precision: str, wall: float, cells_per_second: float | None, complete: bool
) -> dict:
    """``wall``: s over all parts of the run; ``cells_per_second``: cell updates of this part, None if it made no step."""
    solver, mesh = assembly.solver, assembly.mesh
    found = solver.report()
    devices = by_device(found["devices"])
    flows = flows_into_room(devices, found["openings"], assembly.fluid)
    monitors = measure(case.monitors, mesh, _fields(assembly), flows)
    return {
        **found,
        "case": case.id,
        "scenario": case.scenario,
        "title": case.title,
        "version": program_version(),
        "backend": assembly.backend.name,
        "precision": precision,
        "cells": mesh.cells,
        "steps": solver.step,
        "simulated_s": solver.time,
        "wall_s": wall,
        "mcell_steps_per_s": None if cells_per_second is None else cells_per_second / 1e6,
        "converged": complete,
        "devices": devices,
        "metrics": {},
        "limits": judge(case.limits, monitors, devices),
        "monitors": monitors,
        "warnings": list(mesh.notes),
    }


def flows_into_room(devices: list[Mapping], openings: list[Mapping], fluid: Fluid) -> dict[str, float | None]:
    """Volume flow by address, m3/s, positive into the room, of supplies, extracts and pressure openings."""
    flows: dict[str, float | None] = {}
    for device in devices:
        sign = {"supply": 1.0, "extract": -1.0}.get(device["kind"])
        if sign is not None:
            flow = device["flow_m3_s"]
            flows[device["name"]] = None if flow is None else sign * flow
    for opening in openings:
        net, temperature = opening["flow_in_kg_s"] - opening["flow_out_kg_s"], opening["temperature_c"]
        flows[opening["name"]] = None if temperature is None else net / _density(fluid, temperature + CELSIUS_ZERO)
    return flows


def _density(fluid: Fluid, temperature: float) -> float:
    return fluid.pressure / (fluid.gas_constant * temperature) if fluid.low_mach else fluid.still_density


def _fields(assembly: Assembly) -> dict[str, np.ndarray]:
    """Averages where there are any, else the fields at the end."""
    if not assembly.timetable.averages_exist(assembly.solver.time):
        return instantaneous_fields(assembly.solver)
    return {name.removeprefix("mean_"): values for name, values in average_fields(assembly.solver).items()}
