"""From a case to a solver that is ready to march."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

import kernels
from thermo.case.model import Case
from thermo.flow import Solver
from thermo.flow.part import VELOCITIES
from thermo.flow.radiation.surfaces import RadiationError
from thermo.flow.setup import Fluid, Setup
from thermo.mesh.build import build_mesh, grid_axes
from thermo.mesh.mesh import Mesh
from thermo.report.monitors import through
from thermo.simulation import march
from thermo.simulation.carried import carried_scalars
from thermo.simulation.functions import Functions
from thermo.simulation.memory import require_memory
from thermo.simulation.physics import flow_setup
from thermo.simulation.timetable import Timetable
from thermo.simulation.watch import WINDOWS_OF_SOLIDS, Terms, terms_of

MOST_WINDOWS = 100  # of a steady run that does not say when to give up


@dataclass(frozen=True)
class Assembly:
    """Mesh, backend and initialised solver of a case, and when its march writes what.

    ``description``: lines for the log that say what was built and why. ``terms``: what a steady run follows, else None.
    """

    mesh: Mesh
    fluid: Fluid
    backend: kernels.Backend
    solver: march.Solver
    timetable: Timetable
    description: tuple[str, ...]
    terms: Terms | None = None

    def averages_exist(self) -> bool:
        """Whether the solver has averages at this moment."""
        time = self.solver.time
        return self.timetable.averages_exist(time) if self.terms is None else time > 0.0


def assemble(case: Case, backend: str, precision: str, functions: Functions | None = None) -> Assembly:
    """Open the backend, build the mesh, and initialise the solver, with ``functions`` over what the case says.

    Raises CaseError for a case that cannot be built, RunRefused where it does not fit in memory, FlowError where a
    function does not give the values of a field, kernels.BackendUnavailable.
    """
    functions = functions or Functions()
    device = kernels.open_backend(backend, precision=precision)
    setup = flow_setup(case)
    steady = case.run.mode == "steady"
    averages = steady or case.run.average_from is not None
    shape = tuple(axis.n for axis in reversed(grid_axes(case)))
    device_bytes = device.details()["memory_bytes"] if device.name == "cuda" else None
    require_memory(math.prod(shape), setup.bytes_per_cell(shape, precision, averages), device_bytes)
    mesh = build_mesh(case)
    _require_measurable(case, mesh)
    _require_passage(case, mesh, setup)
    setup = replace(setup, scalars=carried_scalars(case, mesh))
    try:
        solver = Solver(mesh, setup, device)
    except RadiationError as error:
        raise case.error("radiation", str(error), "patches up to 2000") from None
    start = {"temperature": initial_temperature(case)} | dict(zip(VELOCITIES, case.initial.velocity, strict=True))
    start |= functions.checked_initial(mesh)
    solver.initialise(start["temperature"], tuple(start[name] for name in VELOCITIES))
    for name, function in functions.checked_sources(mesh).items():
        solver.source(name, function)
    solver.functions.evaluate(0.0)  # an unfit function is refused before anything is written
    terms = terms_of(case, mesh, solver) if steady else None
    description = (*_describe(mesh, device, precision), *functions.notes())
    if terms is not None and (factor := solver.hasten_solids(WINDOWS_OF_SOLIDS * terms.window)) > 1.0:
        description += (
            f"heat capacities of walls and solids up to {factor:g} times smaller on the way to the steady state",
        )
    return Assembly(mesh, setup.fluid, device, solver, _timetable(case, terms), description, terms)


def _timetable(case: Case, terms: Terms | None) -> Timetable:
    run = case.run
    times = (run.outputs.fields_every, run.outputs.history_every, run.checkpoint_every)
    if terms is None:
        return Timetable(run.until, *times, run.average_from)
    return Timetable(MOST_WINDOWS * terms.window if run.until is None else run.until, *times)


def _require_measurable(case: Case, mesh: Mesh) -> None:
    """Raise CaseError for a flow monitor through something whose flow is not known."""
    known = [exchange.name for exchange in mesh.exchanges if exchange.kind in ("supply", "extract")]
    known += [opening.name for opening in mesh.openings] + [resistance.name for resistance in mesh.resistances]
    for name, monitor in case.monitors.items():
        if monitor.kind == "flow" and not through(monitor, known):
            raise case.error(
                f"monitors.{name}.through",
                "the flow through this object is not yet supported",
                "supplies, extracts, openings to outside, and openings or panels that resist the flow",
            )


def _require_passage(case: Case, mesh: Mesh, setup: Setup) -> None:
    """Raise CaseError for a mean velocity to be held across a wall: its force would grow without end."""
    for axis, component in enumerate(setup.bulk_velocity or ()):
        if component != 0.0 and np.moveaxis(mesh.closed[axis], 2 - axis, 0).all(axis=(1, 2)).any():
            raise case.error(
                "body_force.bulk_velocity", f"no air can flow along {'xyz'[axis]}: something closes the whole section"
            )


def _describe(mesh: Mesh, device: kernels.Backend, precision: str) -> tuple[str, ...]:
    nz, ny, nx = mesh.shape
    return (
        f"backend {device.name} ({precision} precision): {device.reason}",
        f"mesh {nx} x {ny} x {nz} = {mesh.cells:,} cells, {int(mesh.solid.sum()):,} of them solid",
        *mesh.notes,
    )


def initial_temperature(case: Case) -> float | Callable:
    """K, uniform, or a function of x, y, z: with a gradient (from z = 0 upwards), or liquids of their own."""
    initial = case.initial
    boxes = [(liquid.box, liquid.temperature) for liquid in case.liquids.values() if liquid.temperature is not None]
    if initial.temperature_gradient == 0.0 and not boxes:
        return initial.temperature

    def at(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        found = initial.temperature + initial.temperature_gradient * np.asarray(z)
        for (low, high), temperature in boxes:
            inside = True
            for line, start, end in zip((x, y, z), low, high, strict=True):
                inside = inside & (line >= start) & (line <= end)
            found = np.where(inside, temperature, found)
        return found

    return at
