"""The march in time: the one loop that carries a run from its start, or its checkpoint, to its end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from thermo.flow.setup import HUMIDITY, Setup
from thermo.psychrometrics import CELSIUS_ZERO, relative_humidity
from thermo.results.checkpoint import CheckpointSlots
from thermo.results.history import flatten
from thermo.results.quantities import MEAN_PREFIX, RELATIVE_HUMIDITY
from thermo.results.recorder import Recorder
from thermo.simulation.interrupt import Interrupt
from thermo.simulation.outcome import RunInterrupted
from thermo.simulation.progress import ProgressReport
from thermo.simulation.timetable import Timetable


class Solver(Protocol):
    """What the march needs of ``thermo.flow.Solver``."""

    time: float
    step: int
    dt: float
    written_fields: tuple[str, ...]
    written_averages: tuple[str, ...]
    setup: Setup  # of moist air

    def advance(self, limit_time: float) -> None: ...
    def field(self, name: str) -> np.ndarray: ...
    def average(self, name: str) -> np.ndarray: ...
    def start_average(self) -> None: ...
    def state(self) -> dict[str, np.ndarray | int | float]: ...
    def restore(self, state: dict) -> None: ...
    def report(self) -> dict: ...
    def readings(self) -> dict: ...


class Saver:
    """Writes checkpoints on request, and knows when the last one lies too far back on the wall clock."""

    def __init__(
        self,
        recorder: Recorder,
        slots: CheckpointSlots,
        header: Mapping,
        every: float = math.inf,
        wall_before: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ):
        """``header``: identity of the run; ``every``: s of wall time between checkpoints; ``wall_before``: s of wall
        time spent before this resume."""
        self._recorder = recorder
        self._slots = slots
        self._header = dict(header)
        self._every = every
        self._clock = clock
        self._began = clock() - wall_before
        self._saved = clock()

    @property
    def wall_seconds(self) -> float:
        """Wall time of the run so far, resumed parts included."""
        return self._clock() - self._began

    def due(self) -> bool:
        return self._clock() - self._saved >= self._every

    def save(self, solver: Solver) -> None:
        """Write a checkpoint. Raises FloatingPointError instead of saving a diverged state."""
        require_finite(solver.readings())
        progress = {"time": solver.time, "step": solver.step, "wall_s": self.wall_seconds}
        self._recorder.checkpoint(self._slots, {**self._header, **progress}, solver.state())
        self._saved = self._clock()


def march(
    solver: Solver,
    timetable: Timetable,
    recorder: Recorder,
    saver: Saver,
    progress: ProgressReport,
    interrupt: Interrupt,
) -> None:
    """Advance to the end of the timetable, recording on the way; a checkpoint closes the run.

    A solver at step 0 has its initial state recorded first; a restored one has done that already.
    Raises RunInterrupted after a signal, FloatingPointError if the solution is no longer finite.
    """
    if solver.step == 0:
        if timetable.average_from == solver.time:
            solver.start_average()
        recorder.history(require_finite(solver.readings()))
        recorder.fields(solver.time, instantaneous_fields(solver))
    while not timetable.finished(solver.time):
        before = solver.time
        solver.advance(timetable.next_stop(before))
        if not solver.time > before:
            raise FloatingPointError(f"the time step became {solver.dt}")
        if timetable.averaging_begins(before, solver.time):
            solver.start_average()
        if timetable.history_due(before, solver.time):
            recorder.history(require_finite(solver.readings()))
        if timetable.fields_due(before, solver.time):
            averages = average_fields(solver) if timetable.averages_exist(solver.time) else {}
            recorder.fields(solver.time, {**instantaneous_fields(solver), **averages})
        progress.update(solver.time, solver.step, solver.dt)
        if interrupt.requested is not None:
            saver.save(solver)
            raise RunInterrupted(f"stopped by {interrupt.requested.name} at {solver.time:.6g} s, step {solver.step}")
        if saver.due() or timetable.checkpoint_due(before, solver.time):
            saver.save(solver)
    saver.save(solver)


def instantaneous_fields(solver: Solver) -> dict[str, np.ndarray]:
    return _with_relative_humidity(solver, {name: solver.field(name) for name in solver.written_fields})


def average_fields(solver: Solver) -> dict[str, np.ndarray]:
    fields = _with_relative_humidity(solver, {name: solver.average(name) for name in solver.written_averages})
    return {MEAN_PREFIX + name: values for name, values in fields.items()}


def _with_relative_humidity(solver: Solver, fields: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The fields, of moist air with that of the relative humidity, 0 in solids."""
    if HUMIDITY not in fields:
        return fields
    humidity = fields[HUMIDITY]
    found = relative_humidity(fields["temperature"] + CELSIUS_ZERO, humidity, solver.setup.fluid.pressure)
    return fields | {RELATIVE_HUMIDITY: found.astype(humidity.dtype)}


def require_finite(readings: dict) -> dict:
    """Return the readings. Raises FloatingPointError naming those that are NaN or infinite."""
    lost = [name for name, value in flatten(readings) if isinstance(value, float) and not math.isfinite(value)]
    if lost:
        raise FloatingPointError(f"no longer finite: {', '.join(lost)}")
    return readings
