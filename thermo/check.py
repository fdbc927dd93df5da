"""``thermo check``: what a case will cost, and what can be said about it by hand, before it is run."""

from __future__ import annotations

import math
from collections.abc import Iterator

import psutil
from rich.console import Console
from rich.markup import escape

import kernels
from thermo.case import Schedule
from thermo.case.model import Case
from thermo.mesh.build import build_mesh, grid_axes
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import Exchange, FacePatch
from thermo.report.duration import clock_text
from thermo.simulation.memory import estimate, require_memory
from thermo.simulation.physics import flow_setup

# Memory traffic of one cell in one step, in bytes, all passes of the stencils and about two pressure iterations:
# the copy rate of a machine divided by the speed of the hot-aisle tutorial on it (docs/results_files.md).
BYTES_PER_CELL_STEP = {"single": 1500, "double": 3000}


def print_check(console: Console, case: Case, backend: str, precision: str) -> None:
    """Validate and print mesh, memory, expected time and the notes of the mesh.

    Raises CaseError, RunRefused or kernels.BackendUnavailable as a run would.
    """
    device = kernels.open_backend(backend, precision=precision)
    setup = flow_setup(case)
    axes = grid_axes(case)
    cells = math.prod(axis.n for axis in axes)
    per_cell = setup.bytes_per_cell(precision, case.run.average_from is not None)
    on_device = device.name == "cuda"
    require_memory(cells, per_cell, device.details()["memory_bytes"] if on_device else None)
    mesh = build_mesh(case)

    def say(line: str) -> None:
        console.print(escape(line), highlight=False, soft_wrap=True)

    say(f"{case.title or case.id}: the case is valid")
    nx, ny, nz = (axis.n for axis in axes)
    smallest = min(axis.widths.min() for axis in axes)
    largest = max(axis.widths.max() for axis in axes)
    say(
        f"mesh: {nx} x {ny} x {nz} = {cells:,} cells, {int(mesh.solid.sum()):,} solid; "
        f"widths {1e3 * smallest:.0f} to {1e3 * largest:.0f} mm"
    )
    for region in mesh.regions:
        spaces = ", ".join(region.spaces) or "no named space"
        say(f"region of {spaces}: {region.volume:.4g} m3, {'sealed' if region.sealed else 'open to outside'}")
    host, device_bytes = estimate(cells, per_cell, on_device)
    available = psutil.virtual_memory().available
    say(f"memory: about {host / 1e9:.2g} GB of {available / 1e9:.2g} GB" + _on_device(device_bytes))
    for line in _expected_time(case, mesh, device, precision, setup.scheme.courant):
        say(line)
    for note in mesh.notes:
        say(f"note: {note}")


def _on_device(size: int) -> str:
    return f", {size / 1e9:.2g} GB on the device" if size else ""


def _expected_time(case: Case, mesh: Mesh, device: kernels.Backend, precision: str, courant: float) -> Iterator[str]:
    """Time step, and wall time at the measured copy rate of the backend."""
    fastest = min(_port_times(mesh), default=None)
    if case.run.dt is not None:
        step = case.run.dt
        yield f"time step: {step:.3g} s, as given"
    elif fastest is None:
        yield "expected time: unknown, since no device sets the speed of the air"
        return
    else:
        step = min(courant * fastest[0], case.run.dt_max or math.inf)
        yield f"time step: about {step:.3g} s, limited by {fastest[1]}"
    speed = device.copy_bandwidth() / BYTES_PER_CELL_STEP[precision]
    steps = case.run.until / step
    yield (
        f"expected time: {clock_text(steps * mesh.cells / speed)} on {device.name}, {steps:,.0f} steps at about "
        f"{speed / 1e6:.2g} Mcell-steps/s"
    )


def _port_times(mesh: Mesh) -> Iterator[tuple[float, str]]:
    """Time that the air takes through a cell at each port, s, and what port it is."""
    for exchange in mesh.exchanges:
        for patch in (exchange.intake, exchange.discharge):
            if patch is not None:
                yield _crossing_time(mesh, exchange, patch), patch.name


def _crossing_time(mesh: Mesh, exchange: Exchange, patch: FacePatch) -> float:
    flow = max(exchange.flow.values) if isinstance(exchange.flow, Schedule) else exchange.flow
    if exchange.flow_kind == "mass":
        flow /= 1.2  # kg/m3: near enough for an expectation
    speed = flow / patch.mesh_area
    width = mesh.axes[patch.axis].widths[patch.cells[:, 2 - patch.axis]].min()
    return width / speed if speed > 0.0 else math.inf
