"""``thermo check``: what a case will cost, and what can be said about it by hand, before it is run."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import psutil
from rich.console import Console
from rich.markup import escape

from thermo.case.model import Case
from thermo.mesh.hand_calculation import hand_calculation
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import FacePatch
from thermo.report.duration import clock_text
from thermo.simulation.assembly import Assembly, assemble
from thermo.simulation.memory import estimate
from thermo.simulation.physics import flow_setup

# The steps that are timed: enough for a mean, and never more than a few seconds.
TIMED_STEPS = 20
TIMED_SECONDS = 5.0


def print_check(console: Console, case: Case, backend: str, precision: str) -> None:
    """Validate and print mesh, memory, hand calculation, expected time, and the notes of the mesh.

    The expected time is measured: the solver makes its first steps. Raises CaseError, RunRefused or
    kernels.BackendUnavailable as a run would.
    """

    def say(line: str) -> None:
        console.print(escape(line), highlight=False, soft_wrap=True)

    for line in hand_calculation(case).lines():
        say(f"by hand: {line}")
    assembly = assemble(case, backend, precision)
    for line in (*_mesh_lines(assembly.mesh), _memory_line(case, assembly, precision), *_time_lines(assembly)):
        say(line)
    for note in assembly.mesh.notes:
        say(f"note: {note}")
    say(f"{case.title or case.id}: the case is valid")


def _mesh_lines(mesh: Mesh) -> Iterator[str]:
    nz, ny, nx = mesh.shape
    widths = np.concatenate([axis.widths for axis in mesh.axes])
    yield (
        f"mesh: {nx} x {ny} x {nz} = {mesh.cells:,} cells, {int(mesh.solid.sum()):,} solid; "
        f"widths {1e3 * widths.min():.0f} to {1e3 * widths.max():.0f} mm"
    )
    for region in mesh.regions:
        spaces = ", ".join(region.spaces) or "no named space"
        state = f"filled by {region.liquid}" if region.liquid else "sealed" if region.sealed else "open to outside"
        yield f"region of {spaces}: {region.volume:.4g} m3, {state}"


def _memory_line(case: Case, assembly: Assembly, precision: str) -> str:
    per_cell = flow_setup(case).bytes_per_cell(assembly.mesh.shape, precision, case.run.average_from is not None)
    host, device = estimate(assembly.mesh.cells, per_cell, assembly.backend.name == "cuda")
    free = psutil.virtual_memory().available
    line = f"memory: about {host / 1e9:.2g} GB, the solver {per_cell:.0f} bytes per cell; "
    line += f"{free / 1e9:.3g} GB are available"
    return line + (f", and {device / 1e9:.2g} GB on the device" if device else "")


def _time_lines(assembly: Assembly) -> Iterator[str]:
    """Time step and what limits it, and the wall time of the whole run, from the first steps."""
    solver, until = assembly.solver, assembly.timetable.until
    solver.advance(until)  # the first step also compiles
    first, began = solver.step, time.perf_counter()
    while solver.step - first < TIMED_STEPS and time.perf_counter() - began < TIMED_SECONDS and solver.time < until:
        solver.advance(until)
    seconds_per_step = (time.perf_counter() - began) / max(1, solver.step - first)
    steps = until / solver.dt
    speed = assembly.mesh.cells / max(seconds_per_step, 1e-9) / 1e6
    yield f"time step: {solver.dt:.3g} s at first; the air is fastest for its cells at {fastest_place(assembly)}"
    most = "" if assembly.terms is None else "at most "
    yield (
        f"expected time: {most}{clock_text(steps * seconds_per_step)} for about {steps:,.0f} steps on "
        f"{assembly.backend.name}, {speed:.3g} Mcell-steps/s"
    )


def fastest_place(assembly: Assembly) -> str:
    """The place with the largest Courant number, and the port, opening or resisting panel nearest to it."""
    mesh = assembly.mesh
    velocity = np.abs(assembly.solver.field("velocity"))
    rate = sum(
        velocity[..., axis] / np.expand_dims(line.widths, tuple(d for d in range(3) if d != 2 - axis))
        for axis, line in enumerate(mesh.axes)
    )
    cell = np.unravel_index(np.argmax(rate), mesh.shape)
    point = np.array([line.centres[i] for line, i in zip(mesh.axes, reversed(cell), strict=True)])
    place = f"[{', '.join(f'{x:.2f}' for x in point)}]"
    patches = list(_patches(mesh))
    if not patches:
        return place
    return f"{place}, by {min(patches, key=lambda patch: _distance(mesh, patch, point)).name}"


def _patches(mesh: Mesh) -> Iterator[FacePatch]:
    for exchange in mesh.exchanges:
        yield from (patch for patch in (exchange.intake, exchange.discharge) if patch is not None)
    for element in (*mesh.openings, *mesh.resistances):
        yield element.patch


def _distance(mesh: Mesh, patch: FacePatch, point: np.ndarray) -> float:
    """Distance from a point to the nearest face of a patch, m."""
    centres = [
        (line.faces if axis == patch.axis else line.centres)[patch.index[:, 2 - axis]]
        for axis, line in enumerate(mesh.axes)
    ]
    return float(np.sqrt(sum((c - x) ** 2 for c, x in zip(centres, point, strict=True))).min())
