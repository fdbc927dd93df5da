"""Refuses regions whose given flows cannot balance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from thermo.case.schedule import Schedule, value_at
from thermo.mesh.builder import MeshError
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import Exchange, FacePatch

# Largest share of the flow by which a sealed region may be out of balance: rounding of typed numbers.
IMBALANCE = 1e-3

# Two sums of shares that are both 1 differ by this at most.
ROUNDING = 1e-9


def check_balance(
    mesh: Mesh, temperature: float, density: Callable[[float], float], liquids: Mapping[str, float] | None = None
) -> None:
    """Raises MeshError for a region without pressure opening whose supply and extract differ.

    Volume flows count at the density (kg/m3, a function of K) of the discharge temperature for a supply, else at
    ``temperature``, the initial one, and at the density that `liquids` gives by name for a region that one fills;
    tables in time are examined at each of their times.
    """
    sealed = [region for region in mesh.regions if region.sealed]
    if not sealed or not mesh.exchanges:
        return
    quantities = [quantity for e in mesh.exchanges for quantity in (e.flow, e.temperature)]
    times = sorted({0.0, *(t for q in quantities if isinstance(q, Schedule) for t in q.times)})
    for time in times:
        supplied, taken = np.zeros(len(mesh.regions)), np.zeros(len(mesh.regions))
        for exchange in mesh.exchanges:
            # what a device takes from a region and gives back there is neither supply nor extract
            net = np.zeros(len(mesh.regions))
            if exchange.discharge is not None:
                net += _region_shares(mesh, exchange.discharge)
            if exchange.intake is not None:
                net -= _region_shares(mesh, exchange.intake)
            net[np.abs(net) < ROUNDING] = 0.0
            supply_temperature = value_at(exchange.temperature, time)
            flow = value_at(exchange.flow, time)
            held = _liquid_beside(mesh, exchange)
            of_fluid = (lambda _, held=held: liquids[held]) if held else density
            net *= mass_flow(exchange.kind, flow, exchange.flow_kind, supply_temperature, temperature, of_fluid)
            supplied += np.maximum(net, 0.0)
            taken += np.maximum(-net, 0.0)
        for region in sealed:
            given, gone = supplied[region.label], taken[region.label]
            if abs(given - gone) > IMBALANCE * max(given, gone):
                raise MeshError(_first_exchange(mesh, region.label), _message(region.spaces, given, gone, time))


def mass_flow(
    kind: str,
    flow: float,
    flow_kind: str,
    supply_temperature: float | None,
    room_temperature: float,
    density: Callable[[float], float],
) -> float:
    """Flow of a device in kg/s. A volume flow (m3/s) counts where it enters the device: a supply's at its own
    temperature, any other at the room's (K)."""
    if flow_kind == "mass":
        return flow
    return flow * density(supply_temperature if kind == "supply" else room_temperature)


def _liquid_beside(mesh: Mesh, exchange: Exchange) -> str:
    """Name of the liquid that a device moves, empty for the fluid of the room."""
    port = exchange.intake if exchange.intake is not None else exchange.discharge
    return mesh.regions[int(mesh.region[tuple(port.cells[0])])].liquid


def _region_shares(mesh: Mesh, patch: FacePatch) -> np.ndarray:
    labels = mesh.region[tuple(patch.cells.T)]
    return np.bincount(labels, weights=patch.area, minlength=len(mesh.regions)) / patch.mesh_area


def _first_exchange(mesh: Mesh, label: int) -> str:
    """Name of a device of the region; those that are not balanced in themselves first."""
    candidates = sorted(mesh.exchanges, key=lambda e: e.intake is not None and e.discharge is not None)
    for exchange in candidates:
        for patch in (exchange.discharge, exchange.intake):
            if patch is not None and (mesh.region[tuple(patch.cells.T)] == label).any():
                return exchange.name
    raise ValueError(f"region {label} has no device")


def _message(spaces: tuple[str, ...], supplied: float, taken: float, time: float) -> str:
    where = f"the sealed region of {', '.join(spaces)}" if spaces else "a sealed region without a named space"
    numbers = f"supply {supplied:.4g} kg/s, extract {taken:.4g} kg/s" + (f" at {time:g} s" if time > 0.0 else "")
    if taken == 0.0:
        return f"no outlet: {where} has {numbers}; add an opening to outside or an extract"
    if supplied == 0.0:
        return f"no inlet: {where} has {numbers}; add an opening to outside or a supply"
    return f"unbalanced: {where} has {numbers}; make them equal in kg/s or add an opening to outside"
