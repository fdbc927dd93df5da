"""Refuses a mesh that does not fit before anything large is allocated."""

from __future__ import annotations

import psutil

from thermo.simulation.outcome import RunRefused

# Host memory per cell beside the solver's, in bytes: marks and port areas of the mesh while it is built (50), and one
# output of temperature, pressure and velocity on its way to the disk (20).
HOST_BYTES_PER_CELL = 70


def estimate(cells: int, solver_bytes_per_cell: float, on_device: bool) -> tuple[int, int]:
    """Bytes needed on the host and on the device; ``on_device``: the solver's arrays live on a device of its own."""
    solver = round(cells * solver_bytes_per_cell)
    host = cells * HOST_BYTES_PER_CELL
    return (host, solver) if on_device else (host + solver, 0)


def require_memory(cells: int, solver_bytes_per_cell: float, device_bytes: int | None) -> None:
    """Raise RunRefused if the cells do not fit; ``device_bytes``: memory of the device, None where there is none."""
    host, device = estimate(cells, solver_bytes_per_cell, on_device=device_bytes is not None)
    _require(cells, "memory", host, psutil.virtual_memory().available)
    if device_bytes is not None:
        _require(cells, "memory of the device", device, device_bytes)


def _require(cells: int, what: str, needed: int, available: int) -> None:
    if needed > available:
        raise RunRefused(
            f"{cells:,} cells need about {needed / 1e9:.3g} GB of {what}, {available / 1e9:.3g} GB are available: "
            "use larger cells ([mesh] size or quality) or fewer refinements"
        )
