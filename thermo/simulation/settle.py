"""The march to a steady state: from coarse grids to the case's own, until every monitor has settled or is averaged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from thermo.flow.scalars import mean_flow
from thermo.results.recorder import Recorder
from thermo.simulation.assembly import Assembly
from thermo.simulation.interrupt import Interrupt
from thermo.simulation.ladder import Ladder
from thermo.simulation.march import Saver, average_fields, instantaneous_fields, require_finite
from thermo.simulation.outcome import RunInterrupted
from thermo.simulation.progress import ProgressReport
from thermo.steady.verdict import NOT_ENOUGH, Verdict

MOST_COARSE_WINDOWS = 30  # what has not calmed down by then will do so no sooner on coarse cells
LEAST_WINDOWS = 2  # after the first: the end that is shown before anything is known

ProgressOf = Callable[[Assembly], AbstractContextManager[ProgressReport]]
Log = Callable[[str], None]


def settle(
    ladder: Ladder, recorder: Recorder, saver: Saver, progress_of: ProgressOf, interrupt: Interrupt, log: Log
) -> Verdict:
    """Carry a run to its steady state, or to its latest time; returns the verdict, when a checkpoint is written.

    A coarse grid is left when its monitors have settled, or its start-up and all trends are over: its answer is only a
    start. History and fields are those of the case's own grid; the last fields hold the averages.
    Raises RunInterrupted after a signal, FloatingPointError if the solution is no longer finite.
    """
    while True:
        with progress_of(ladder.assembly) as progress:
            verdict = _settle_on_grid(ladder, recorder, saver, progress, interrupt, log)
        if ladder.on_own_grid:
            saver.save(ladder)
            return verdict
        ladder.climb(verdict, verdict.state != NOT_ENOUGH)
        log(f"on to {_grid(ladder)}")


def _settle_on_grid(
    ladder: Ladder, recorder: Recorder, saver: Saver, progress: ProgressReport, interrupt: Interrupt, log: Log
) -> Verdict:
    solver, watch, timetable = ladder.assembly.solver, ladder.watch, ladder.assembly.timetable
    own = ladder.on_own_grid
    if own and solver.step == 0:
        recorder.history(require_finite(solver.readings()))
        recorder.fields(solver.time, instantaneous_fields(solver))
    verdict = watch.review() if watch.at_window_end else None
    progress.expect(watch.next_stop + LEAST_WINDOWS * ladder.assembly.terms.window, _grid(ladder))
    while not _finished(ladder, verdict):
        before = solver.time
        watch.before_step()
        solver.advance(min(timetable.next_stop(before), watch.next_stop))
        if not solver.time > before:
            raise FloatingPointError(f"the time step became {solver.dt}")
        ladder.updates += ladder.assembly.mesh.cells
        verdict = watch.after_step()
        if verdict is not None:
            log(describe(ladder, verdict))
            progress.expect(solver.time + max(verdict.needed, verdict.window), _short(ladder, verdict))
        finished = _finished(ladder, verdict)
        if own and (finished or timetable.history_due(before, solver.time)):
            recorder.history(require_finite(solver.readings()))
        if own and finished and mean_flow.passive(solver):
            mean_flow.settle(solver)
        if own and (finished or timetable.fields_due(before, solver.time)):
            recorder.fields(solver.time, {**instantaneous_fields(solver), **average_fields(solver)})
        progress.update(solver.time, solver.step, solver.dt)
        if interrupt.requested is not None and not finished:
            saver.save(ladder)
            raise RunInterrupted(
                f"stopped by {interrupt.requested.name} at {solver.time:.6g} s, step {solver.step}, {_grid(ladder)}"
            )
        if saver.due() or timetable.checkpoint_due(before, solver.time):
            saver.save(ladder)
    return watch.review()


def _finished(ladder: Ladder, verdict: Verdict | None) -> bool:
    """Whether the march on this grid is at its end; verdict: None but at the end of a window."""
    if ladder.assembly.timetable.finished(ladder.time):
        return True
    if verdict is None:
        return False
    if ladder.on_own_grid or verdict.state != NOT_ENOUGH:
        return verdict.state != NOT_ENOUGH
    return verdict.windows >= MOST_COARSE_WINDOWS or verdict.start_up_over


def _grid(ladder: Ladder) -> str:
    cells = f"{ladder.assembly.mesh.cells:,} cells"
    return cells if ladder.on_own_grid else f"{cells}, {ladder.ratio:g} times larger"


def _short(ladder: Ladder, verdict: Verdict) -> str:
    text = "" if ladder.on_own_grid else f"cells {ladder.ratio:g} times larger, "
    text += f"window {verdict.windows}"
    worst = verdict.worst
    if worst is None or worst.needed == 0.0:
        return text
    if worst.change is None:
        return text
    return f"{text}, {worst.monitor.name} may change by {worst.change:.2g} {_unit(worst.monitor.unit)}"


def _unit(unit: str) -> str:
    return "K" if unit == "degC" else unit


def conclusion(verdict: Verdict) -> list[str]:
    """Lines for the log about how a run to the steady state ended."""
    if verdict.state != NOT_ENOUGH:
        return [f"{verdict.state}: means over {verdict.time - verdict.samples_from:.5g} s"]
    open_ones = [finding.monitor.name for finding in verdict.findings if finding.state == NOT_ENOUGH]
    named = ", ".join(open_ones[:5]) + (", ..." if len(open_ones) > 5 else "")
    lines = [f"not enough samples at the end of {verdict.time:.5g} s" + (f": {named}" if named else "")]
    lines += list(verdict.unsettled)
    return [*lines, f"about {verdict.needed:.3g} s more are needed: continue with --resume --set run.until=..."]


def describe(ladder: Ladder, verdict: Verdict) -> str:
    """A line for the log about a window."""
    open_ones = [finding for finding in verdict.findings if finding.state == NOT_ENOUGH]
    text = f"{_grid(ladder)}, {ladder.time:.5g} s, {_short(ladder, verdict)}: "
    if verdict.state != NOT_ENOUGH:
        return text + verdict.state
    if verdict.in_start_up:
        text += "still in the start-up, "
    text += f"{len(open_ones)} of {len(verdict.findings)} monitors open"
    return "; ".join([text, *verdict.unsettled])
