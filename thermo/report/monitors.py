"""The values of the monitors of a case at the end of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from thermo.case.measure import Monitor
from thermo.case.selectors import matching
from thermo.mesh.mesh import Mesh


def measure(
    monitors: Mapping[str, Monitor], mesh: Mesh, fields: Mapping[str, np.ndarray], flows: Mapping[str, float | None]
) -> dict[str, float | None]:
    """Monitor -> value: degC, m/s (the speed), Pa, or m3/s.

    ``fields``: temperature, pressure and velocity in the cells; points are read from the cell that holds them.
    ``flows``: m3/s by address of port or opening, positive into the room or along the axis.
    """
    values: dict[str, float | None] = {}
    for name, monitor in monitors.items():
        if monitor.kind == "temperature":
            values[name] = _at(mesh, fields["temperature"], monitor.at)
        elif monitor.kind == "velocity":
            velocity = np.stack([_at(mesh, fields["velocity"][..., axis], monitor.at) for axis in range(3)])
            values[name] = float(np.linalg.norm(velocity))
        elif monitor.kind == "pressure_difference":
            pressure = fields["pressure"]
            values[name] = _at(mesh, pressure, monitor.from_) - _at(mesh, pressure, monitor.to)
        else:
            values[name] = _sum([flows[address] for address in through(monitor, flows)])
    return values


def through(monitor: Monitor, addresses: Iterable[str]) -> list[str]:
    """The addresses (``openings.door``) that a flow monitor names: by address or by bare name, with * and ?."""
    by_name = {address: address if "." in monitor.through else address.split(".", 1)[1] for address in addresses}
    found = set(matching(monitor.through, by_name.values()))
    return [address for address, name in by_name.items() if name in found]


def cell_at(mesh: Mesh, point: tuple[float, float, float]) -> tuple[int, int, int]:
    """(k, j, i) of the cell that holds a point, m, or is nearest to it."""
    cell = [
        int(np.clip(np.searchsorted(axis.faces, x) - 1, 0, axis.n - 1))
        for axis, x in zip(mesh.axes, point, strict=True)
    ]
    return tuple(reversed(cell))


def _at(mesh: Mesh, field: np.ndarray, point: tuple[float, float, float]) -> float:
    return float(field[cell_at(mesh, point)])


def _sum(flows: list[float | None]) -> float | None:
    return None if not flows or None in flows else sum(flows)
