"""What became of the transported scalars: contents, and rates that test the transport against independent sums."""

from __future__ import annotations

import numpy as np

from thermo.flow.march import March
from thermo.flow.output import field
from thermo.flow.setup import HUMIDITY

VAPOUR_HEAT = 2.501e6  # J/kg, of evaporation at 0 degC: the enthalpy of vapour over that of dry air


def contents(solver: March) -> dict[str, float]:
    """Sum of rho V s over the air of every scalar, and of rho V itself under the name "" (kg)."""
    if not solver.transported.scalars:
        return {}
    air = solver.mesh.in_room
    mass = solver.mesh.volumes()[air] * field(solver, "density")[air].astype(np.float64)
    found = {name: float(mass @ field(solver, name)[air].astype(np.float64)) for name in solver.transported.scalars}
    return found | {"": float(mass.sum())}


def balances(solver: March) -> list[dict]:
    """One entry per scalar that is written: mean rates since the ledger began, s times kg/s.

    in, out: through supplies, extracts and openings. devices: added by devices that pass air on. sources: in cells, at
    walls, and the uniform one. reaction: production less loss. imbalance: what these leave of the change of contents.
    latent: the same of water vapour as heat, W, to be added to the (sensible) heat balance.
    mean: of the air now; exhaust_mean: of the air that left. settled: of scalars put in their steady state on the mean
    flow (`mean_flow.settle`), to which mean and exhaust_mean then belong; the rates are those of the march before.
    """
    duration = solver.ledger.duration
    if duration <= 0.0:
        return []
    before, now = solver.scalars_at_begin, contents(solver)
    return [_balance(solver, name, before, now, duration) for name in solver.transported.written]


def _balance(solver: March, name: str, before: dict[str, float], now: dict[str, float], duration: float) -> dict:
    ledger = solver.transported.ledger
    entered = left = added = gone = 0.0
    for exchange, (air, drawn, discharged) in zip(solver.mesh.exchanges, ledger.instances(name), strict=False):
        if exchange.intake is None:
            entered += discharged
        elif exchange.discharge is None:
            left, gone = left + drawn, gone + air
        else:
            added += discharged - drawn
    _, air_out, through_in, through_out = ledger.openings(name).sum(axis=0)
    entered, left, gone = entered + through_in, left + through_out, gone + air_out
    uniform = solver.transported.scalars[name].source * 0.5 * (before[""] + now[""]) * duration
    sources, reaction = ledger.rows(name) + uniform, ledger.reactions(name)
    stored = now[name] - before[name]
    rates = {
        "in": entered, "out": left, "devices": added, "sources": sources, "reaction": reaction, "storage": stored,
        "imbalance": entered - left + added + sources + reaction - stored,
    }  # fmt: skip
    mean = {f"{key}_kg_s": float(value / duration) for key, value in rates.items()}
    if name == HUMIDITY:
        mean |= {f"latent_{key}_w": float(VAPOUR_HEAT * value / duration) for key, value in rates.items()}
    found = {"name": name, **mean, "mean": now[name] / now[""], "exhaust_mean": left / gone if gone > 0.0 else None}
    return found if name not in solver.settled else found | _settled(solver, name)


def _settled(solver: March, name: str) -> dict:
    """What is known of a scalar on the mean flow; `settled` is whether its iteration converged."""
    scalar, exchanges = solver.settled[name], solver.mesh.exchanges
    extracts = [number for number, exchange in enumerate(exchanges) if exchange.discharge is None]
    flows = solver.ledger.instances()[extracts, 0]
    known = not solver.mesh.openings and flows.sum() > 0.0
    exhaust = float(flows @ scalar.drawn[extracts] / flows.sum()) if known else None
    return {"exhaust_mean": exhaust, "settled": scalar.converged}
