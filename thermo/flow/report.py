"""What a run found, from the ledger's time sums: balances, devices, openings; and the readings of one moment.

Means are over the time since the ledger began (the start of averaging, else of the run). Mass and heat of the air are
summed independently of what the steps moved, so that the balances test the solver.
"""

from __future__ import annotations

import numpy as np

from thermo.flow.march import March
from thermo.flow.output import CELSIUS_ZERO, average, celsius, field
from thermo.flow.setup import HUMIDITY, TEMPERATURE_ZERO

TO_CELSIUS = TEMPERATURE_ZERO - CELSIUS_ZERO


def contents(solver: March) -> tuple[float, float]:
    """Mass of the air, kg, and its heat over theta = 0, J.

    The heat is c_p sum(rho V theta), less V (p0 - p_outside) of sealed regions: what heat at changing pressure stores.
    """
    mesh, fluid = solver.mesh, solver.setup.fluid
    air = mesh.solid == 0
    capacity = solver.fluids.by_cell("heat_capacity")[air]
    volumes = mesh.volumes()[air]
    mass = volumes * field(solver, "density")[air].astype(np.float64)
    theta = field(solver, "temperature")[air].astype(np.float64) - TO_CELSIUS
    heat = float((capacity * mass * theta).sum())
    # what vapour given to the air brought of pressure and heat is no part of the balance of the heat
    vapour = solver.backend.to_host(solver.sealed.vapour_pressure)
    excess = solver.backend.to_host(solver.sealed.pressure) - fluid.pressure - vapour
    heat -= float((excess * solver.backend.to_host(solver.sealed.volume)).sum())
    heat -= float(solver.backend.to_host(solver.humidity.heat)[0])
    return float(mass.sum()), heat


def balance(solver: March) -> dict[str, float]:
    """Mean rates since the ledger began: mass kg/s, heat W."""
    mass_flow, drawn, given = solver.ledger.instances().T
    mass_in = mass_out = carried_in = carried_out = 0.0
    gains: list[float] = [float(solver.ledger.row_heat().sum()), solver.ledger.given_heat()]
    for exchange, m, intake, discharge in zip(solver.mesh.exchanges, mass_flow, drawn, given, strict=False):
        capacity = solver.fluids.of_exchange(exchange).heat_capacity
        if exchange.intake is None:
            mass_in, carried_in = mass_in + m, carried_in + capacity * discharge
        elif exchange.discharge is None:
            mass_out, carried_out = mass_out + m, carried_out + capacity * intake
        else:
            gains.append(capacity * (discharge - intake))
    into, out, heat_in, heat_out = solver.ledger.openings().sum(axis=0)
    mass_in, mass_out = mass_in + into, mass_out + out
    carried = carried_out - carried_in + solver.setup.fluid.heat_capacity * (heat_out - heat_in)
    mass_before, heat_before = solver.contents_at_begin
    mass_now, heat_now = contents(solver)
    duration = solver.ledger.duration
    stored_mass, storage = (mass_now - mass_before) / duration, (heat_now - heat_before) / duration
    heat_in_w = sum(gain for gain in gains if gain > 0.0)
    heat_out_w = carried - sum(gain for gain in gains if gain < 0.0)
    if solver.humidity.has_mass:
        vapour = solver.transported.ledger.rows(HUMIDITY) / duration
        mass_in, mass_out = mass_in + max(vapour, 0.0), mass_out + max(-vapour, 0.0)
    imbalance = mass_in - mass_out - stored_mass
    warmth = heat_now / mass_now  # what a lost kilogram would carry
    return {
        "mass_in_kg_s": float(mass_in),
        "mass_out_kg_s": float(mass_out),
        "mass_storage_kg_s": stored_mass,
        "mass_imbalance_kg_s": float(imbalance),
        "heat_in_w": heat_in_w,
        "heat_out_w": float(heat_out_w),
        "heat_storage_w": storage,
        "heat_imbalance_w": float(heat_in_w - heat_out_w - storage),
        "projection_defect_w": float(imbalance * warmth),
        "averaged_s": duration,
    }


def devices(solver: March) -> list[dict]:
    """One entry per device instance: mean flow m3/s at the intake (supplies: at the discharge), temperatures, heat."""
    found = []
    temperature = average(solver, "temperature") if solver.averages.duration > 0.0 else field(solver, "temperature")
    for exchange, (m, drawn, given) in zip(solver.mesh.exchanges, solver.ledger.instances(), strict=False):
        fluid = solver.fluids.of_exchange(exchange)
        theta_in = drawn / m if m > 0.0 and exchange.intake is not None else None
        theta_out = given / m if m > 0.0 and exchange.discharge is not None else None
        at_port = theta_out if exchange.intake is None else theta_in
        density = None if at_port is None else fluid.density_at(TEMPERATURE_ZERO + at_port)
        coupled = theta_in is not None and theta_out is not None
        heat = fluid.heat_capacity * (given - drawn) if coupled else None
        hottest = None
        if exchange.intake is not None:
            hottest = float(temperature[tuple(exchange.intake.cells.T)].max())
        found.append({
            "name": exchange.name, "kind": exchange.kind, "flow_m3_s": None if density is None else float(m / density),
            "flow_kg_s": float(m), "inlet_mean_c": None if theta_in is None else float(theta_in + TO_CELSIUS),
            "inlet_max_c": hottest, "outlet_mean_c": None if theta_out is None else float(theta_out + TO_CELSIUS),
            "heat_w": None if heat is None else float(heat),
            "power_w": float(heat) if exchange.kind == "rack" and heat is not None else None,
        })  # fmt: skip
    return found


def openings(solver: March) -> list[dict]:
    """One entry per pressure opening: mean flows kg/s, temperature of the larger of them, mean pressure inside, Pa."""
    found = []
    pressure = average(solver, "pressure") if solver.averages.duration > 0.0 else field(solver, "pressure")
    for opening, (into, out, heat_in, heat_out) in zip(solver.mesh.openings, solver.ledger.openings(), strict=False):
        theta = heat_out / out if out >= into and out > 0.0 else heat_in / into if into > 0.0 else None
        inside = pressure[tuple(opening.patch.cells.T)]
        found.append({
            "name": opening.name, "flow_in_kg_s": float(into), "flow_out_kg_s": float(out),
            "temperature_c": None if theta is None else float(theta + TO_CELSIUS), "pressure_pa": float(inside.mean()),
        })  # fmt: skip
    return found


def regions(solver: March) -> list[dict]:
    """One entry per region: what fills it, volume, mass now, temperatures, and p0 where it is sealed.

    Temperatures are those of the averages where there are any.
    """
    mesh, found = solver.mesh, []
    averaged = solver.averages.duration > 0.0
    temperature = (average if averaged else field)(solver, "temperature").astype(np.float64)
    mass = mesh.volumes() * field(solver, "density").astype(np.float64)
    pressure = solver.backend.to_host(solver.sealed.pressure)
    for region in mesh.regions:
        inside = mesh.region == region.label
        found.append({
            "name": ", ".join(region.spaces), "liquid": region.liquid or None, "volume_m3": region.volume,
            "mass_kg": float(mass[inside].sum()),
            "temperature_mean_c": float(mass[inside] @ temperature[inside] / mass[inside].sum()),
            "temperature_min_c": float(temperature[inside].min()),
            "temperature_max_c": float(temperature[inside].max()),
            "pressure_pa": float(pressure[region.label]) if region.label in solver.sealed.labels else None,
        })  # fmt: skip
    return found


def walls(solver: March) -> list[dict]:
    """One entry per wall: y+ of the first cells at this moment, least, quartiles by area, largest; none if laminar."""
    if solver.setup.turbulence is None:
        return []
    solver.renew_wall_layer()
    names = ("y_plus_min", "y_plus_q1", "y_plus_median", "y_plus_q3", "y_plus_max")
    return [
        {"name": name, **dict(zip(names, values, strict=True))} for name, values in solver.eddy.y_plus().items()
    ]


def readings(solver: March) -> dict:
    """The state of this moment, for one line of the history."""
    last = solver.pace.result
    found: dict = {
        "time_s": solver.time,
        "step": solver.step,
        "dt_s": solver.dt,
        "courant": solver.courant,
        "iterations": last.iterations if last else 0,
        "residual": last.residual_max * solver.dt / solver.setup.fluid.still_density if last else 0.0,
        "residual_l2": last.residual_l2 if last else 0.0,
    }
    pressure = solver.backend.to_host(solver.sealed.pressure)
    if solver.sealed.labels:
        found["p0_pa"] = {str(label): float(pressure[label]) for label in solver.sealed.labels}
    if solver.bulk_velocity.axes:
        found |= solver.bulk_velocity.readings()
    if solver.boundaries.instances:
        found["inlet_c"] = _inlets(solver)
    if solver.mesh.probes:
        temperature = celsius(solver, [solver.backend.to_host(part.theta[solver.level]) for part in solver.parts])
        found["probe_c"] = {name: float(temperature[cell]) for name, cell in solver.mesh.probes.items()}
    return found


def _inlets(solver: March) -> dict[str, float]:
    """Flow-weighted mean intake temperature of every device, degC."""
    host = solver.backend.to_host
    flow, theta = host(solver.boundaries.state["mass_flow"]), host(solver.boundaries.state["theta_in"])
    sums: dict[str, list[float]] = {}
    for exchange, m, value in zip(solver.mesh.exchanges, flow, theta, strict=False):
        if exchange.intake is not None and m > 0.0:
            pair = sums.setdefault(".".join(exchange.name.split(".")[:2]), [0.0, 0.0])
            pair[0] += m * value
            pair[1] += m
    return {name: total / m + TO_CELSIUS for name, (total, m) in sums.items()}
