"""What a run found: the content of ``report.json``, and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from thermo.case.model import Case
from thermo.case.units import CELSIUS_ZERO
from thermo.flow.scalars import capture, mean_flow
from thermo.flow.setup import HUMIDITY, Fluid
from thermo.flow.surfaces import surfaces
from thermo.flow.through import volume_flow
from thermo.flow.turbulence import LES
from thermo.flow.turbulence.resolved import WANTED
from thermo.report.air_management import air_management
from thermo.report.devices import by_device
from thermo.report.limits import judge
from thermo.report.moisture import moisture
from thermo.report.monitors import measure
from thermo.report.pictures import draw_plane
from thermo.report.ventilation import ventilation
from thermo.results.quantities import MEAN_PREFIX
from thermo.simulation.assembly import Assembly
from thermo.simulation.carried import capture_tracers
from thermo.simulation.march import average_fields, instantaneous_fields
from thermo.version import program_version


def summarise(
    case: Case,
    fields: Mapping[str, np.ndarray],
    assembly: Assembly,
    precision: str,
    wall: float,
    cells_per_second: float | None,
    complete: bool,
    steady: dict | None = None,
) -> dict:
    """``fields``: those of ``representative_fields``; ``wall``: s over all parts of the run; ``cells_per_second``: cell
    updates of this part, None if it made no step; ``steady``: what is known of the steady state, in runs to it."""
    solver, mesh = assembly.solver, assembly.mesh
    found = solver.report()
    devices = by_device(found["devices"])
    flows = flows_into_room(devices, found["openings"], assembly.fluid)
    flows |= {resistance.name: volume_flow(solver, resistance.patch) for resistance in mesh.resistances}
    metrics, warnings = ventilation(found["scalars"], found["balance"])
    shares = found.pop("resolved_share", {})
    metrics |= air_management(found["devices"], found["openings"])
    metrics |= {f"resolved_share_{place}": share for place, share in shares.items()}
    warnings += _unresolved(shares)
    humidity, damp = _moisture(assembly, fields, found["devices"])
    captured, doubts = _capture(case, assembly)
    for device in devices:
        for line in captured:
            if line["name"] == device["name"]:
                device |= {"capture_cold": line["cold"], "capture_hot": line["hot"]}
    monitors = measure(case.monitors, mesh, fields, flows)
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
        "steady": steady,
        "devices": devices,
        "metrics": metrics,
        "limits": judge(case.limits, monitors, devices),
        "monitors": monitors,
        "humidity": humidity,
        "capture": captured,
        "warnings": [*mesh.notes, *warnings, *damp, *doubts],
    }


def _unresolved(shares: Mapping[str, float]) -> list[str]:
    """A warning where the cells resolve too little of the turbulence: around the racks, else in the room."""
    place = "around_racks" if "around_racks" in shares else "room"
    if shares.get(place, 1.0) >= WANTED:
        return []
    where = place.replace("_", " ").replace("room", "in the room")
    return [
        f"only {100.0 * shares[place]:.0f} % of the turbulence {where} is resolved by the cells; below "
        f"{100.0 * WANTED:.0f} % a large-eddy simulation is not to be trusted there: refine the mesh"
    ]


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


def _capture(case: Case, assembly: Assembly) -> tuple[list[dict], list[str]]:
    """Capture indices of every rack, in the way that the case asks for, and warnings; empty where it does not."""
    if case.run.capture_index is None:
        return [], []
    solver, mesh = assembly.solver, assembly.mesh
    if case.run.capture_index == "transient":
        sums = solver.transported.ledger.instances
        mass_flow = solver.ledger.instances()[:, 0]
        drawn = lambda name: sums(name)[:, 1] / np.maximum(sums(name)[:, 0], 1e-30)  # noqa: E731
        return capture.indices(mesh, mass_flow, drawn), []
    flow = mean_flow.mean_flow(solver) if assembly.averages_exist() else mean_flow.present_flow(solver)
    found = mean_flow.solve(solver, flow, capture_tracers(case, mesh))
    doubts = []
    if solver.setup.turbulence is LES:
        doubts.append('the capture indices leave out what resolved eddies carry: capture_index = "transient" has it')
    if lagging := [name for name, scalar in found.items() if not scalar.converged]:
        doubts.append(f"capture indices: {len(lagging)} of {len(found)} tracers did not converge on the mean flow")
    return capture.indices(mesh, flow.mass_flow, lambda name: found[name].drawn), doubts


def _moisture(assembly: Assembly, fields: Mapping[str, np.ndarray], devices: list[dict]) -> tuple[dict, list[str]]:
    """Humidity of the report and its warnings; both empty for dry air. devices: one line per instance."""
    solver = assembly.solver
    if HUMIDITY not in solver.written_fields:
        return {}, []
    found = []
    for device, (air, drawn, discharged) in zip(devices, solver.transported.ledger.instances(HUMIDITY), strict=False):
        inlet = drawn / air if air > 0.0 and device["inlet_mean_c"] is not None else None
        outlet = discharged / air if air > 0.0 and device["outlet_mean_c"] is not None else None
        found.append(device | {"drawn": inlet, "discharged": outlet})
    return moisture(fields, assembly.mesh.in_room, assembly.fluid.pressure,
                    surfaces(solver).within(assembly.mesh.in_room), found)


def _density(fluid: Fluid, temperature: float) -> float:
    return fluid.pressure / (fluid.gas_constant * temperature) if fluid.low_mach else fluid.still_density


def representative_fields(assembly: Assembly) -> dict[str, np.ndarray]:
    """Averages where there are any, else the fields at the end."""
    if not assembly.averages_exist():
        return instantaneous_fields(assembly.solver)
    return {name.removeprefix(MEAN_PREFIX): values for name, values in average_fields(assembly.solver).items()}


def draw_planes(case: Case, assembly: Assembly, fields: Mapping[str, np.ndarray], folder: Path) -> None:
    """A picture of every plane that the case asks for: ``folder/<plane>.png``."""
    for name in case.run.outputs.planes:
        axis, index = assembly.mesh.planes[name]
        position = assembly.mesh.axes[axis].centres[index]
        title = f"{case.title or case.id}: {name}, {'xyz'[axis]} = {position:.3g} m"
        draw_plane(folder / f"{name}.png", assembly.mesh, axis, index, fields["temperature"], fields["velocity"], title)
