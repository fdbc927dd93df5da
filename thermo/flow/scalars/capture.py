"""Capture indices of racks: where the air that they draw in comes from, and where the air that they blow out goes.

    cold: of the air that rack i draws in, the share that cooling equipment supplied: tracers of 1 at one supply or
          cooler and 0 in all other air that enters the room, what racks blow out included
    hot:  of the air that rack i blows out, the share that extracts and coolers draw in before it has passed through a
          rack again: a tracer of 1 at its exhaust and 0 in all other air that enters, C_j where extract j draws it,
          CI = sum_j m_j C_j / m_i

VanGilder & Shrivastava (2007), ASHRAE Trans. 113 (1), 126. The cold tracers add up to the index, and tell which supply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from thermo.flow.scalars.definition import TransportedScalar
from thermo.mesh.mesh import Mesh

COOLING = ("supply", "cooler")
EXTRACTING = ("extract", "cooler")
COLD, HOT, OUTSIDE = "capture_cold_", "capture_hot_", "capture_outside"


def device_of(instance: str) -> str:
    """The device of an instance: "racks.A03" of "racks.A03.U1-U10"."""
    return ".".join(instance.split(".")[:2])


def devices(mesh: Mesh, *kinds: str) -> list[str]:
    """Devices of some kinds, in their order."""
    return list(dict.fromkeys(device_of(exchange.name) for exchange in mesh.exchanges if exchange.kind in kinds))


def tracers(mesh: Mesh, diffusivity: float, turbulent_schmidt: float) -> tuple[TransportedScalar, ...]:
    """All tracers of a mesh: one per supply and cooler, one for openings, one per rack. They are not written."""
    common = {"diffusivity": diffusivity, "turbulent_schmidt": turbulent_schmidt, "written": False}
    discharging = [exchange.name for exchange in mesh.exchanges if exchange.discharge is not None]

    def tracer(name: str, device: str | None) -> TransportedScalar:
        values = {instance: float(device_of(instance) == device) for instance in discharging}
        return TransportedScalar(name, **common, discharged=values)

    found = [tracer(f"{COLD}{device}", device) for device in devices(mesh, *COOLING)]
    if mesh.openings:
        outside = tracer(OUTSIDE, None)
        found.append(
            TransportedScalar(OUTSIDE, **common, discharged=outside.discharged,
                              outside={opening.name: 1.0 for opening in mesh.openings})
        )  # fmt: skip
    found += [tracer(f"{HOT}{device}", device) for device in devices(mesh, "rack")]
    return tuple(found)


def indices(mesh: Mesh, mass_flow: np.ndarray, drawn: Callable[[str], np.ndarray]) -> list[dict]:
    """One line per rack: cold, hot, sources (share of the air drawn in by supply or cooler), outside, recirculated.

    mass_flow: kg/s per exchange; drawn(name): what every exchange draws in of a tracer.
    recirculated: the share of the air drawn in that racks blew out.
    """
    racks = devices(mesh, "rack")
    members = {device: [] for device in dict.fromkeys(device_of(exchange.name) for exchange in mesh.exchanges)}
    for number, exchange in enumerate(mesh.exchanges):
        members[device_of(exchange.name)].append(number)
    extracting = [n for n, exchange in enumerate(mesh.exchanges) if exchange.kind in EXTRACTING]

    def mean(of: np.ndarray, rack: str) -> float:
        flows = mass_flow[members[rack]]
        return float(flows @ of[members[rack]] / flows.sum()) if flows.sum() > 0.0 else 0.0

    cold = {device: drawn(f"{COLD}{device}") for device in devices(mesh, *COOLING)}
    outside = drawn(OUTSIDE) if mesh.openings else None
    lines = []
    for rack in racks:
        sources: Mapping[str, float] = {device: mean(of, rack) for device, of in cold.items()}
        captured = mass_flow[extracting] @ drawn(f"{HOT}{rack}")[extracting]
        blown = mass_flow[members[rack]].sum()
        line = {
            "name": rack, "cold": sum(sources.values()), "hot": float(captured / blown) if blown > 0.0 else 0.0,
            "sources": dict(sources), "outside": 0.0 if outside is None else mean(outside, rack),
        }  # fmt: skip
        lines.append(line | {"recirculated": 1.0 - line["cold"] - line["outside"]})
    return lines
