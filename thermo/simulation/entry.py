"""``thermo.run``: a case from start, or from its last checkpoint, to its end."""

from __future__ import annotations

import contextlib
import errno
import math
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from thermo.flow import FlowError
from thermo.flow.pressure import PressureError
from thermo.report.document import write_report
from thermo.results.atomic import write_text
from thermo.results.checkpoint import Checkpoint, CheckpointError, CheckpointSlots
from thermo.results.directory import RunDirectory
from thermo.results.fields import Grid
from thermo.results.reading import Run
from thermo.results.recorder import Recorder
from thermo.simulation.assembly import Assembly, assemble
from thermo.simulation.identity import case_identity
from thermo.simulation.interrupt import Interrupt
from thermo.simulation.march import Saver, march
from thermo.simulation.outcome import RunFailed, RunInterrupted, RunRefused
from thermo.simulation.progress import ProgressReport
from thermo.simulation.summary import draw_planes, representative_fields, summarise

WALL_BETWEEN_CHECKPOINTS = 600.0  # s, where the case does not say
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def run(
    case,
    backend: str = "auto",
    directory: str | Path | None = None,
    controllers: Sequence | None = None,
    *,
    precision: str = "single",
    resume: bool = False,
    console: Console | None = None,
) -> Run:
    """Carry out a case and return the run, open for reading.

    ``directory`` defaults to ``runs/<case id>``. ``resume`` continues from the newest intact checkpoint there. Progress
    and notes go to ``console``, if there is one.

    Raises CaseError or RunRefused before anything is written, RunFailed if the run breaks off, RunInterrupted after
    SIGINT or SIGTERM (a checkpoint has been written).
    """
    if controllers:
        raise RunRefused("controllers are not yet supported")
    place = RunDirectory(Path(directory) if directory is not None else Path("runs") / case.id)
    slots = CheckpointSlots(place.checkpoints)
    header = {"identity": case_identity(case.resolved_toml()), "precision": precision}
    checkpoint, notes = _find_checkpoint(place, slots, header) if resume else (None, [])
    if not resume and place.holds_a_run():
        raise RunRefused(
            f"{place.path} already holds a run: continue it with --resume, or choose another directory with -o"
        )
    assembly = assemble(case, backend, precision)
    if checkpoint is not None:
        _restore(assembly, checkpoint, place)

    place.create()
    write_text(place.case, case.resolved_toml())
    recorder = Recorder(
        place, Grid.of(assembly.mesh), case.resolved_toml(), None if checkpoint is None else checkpoint.header
    )

    def say(line: str) -> None:
        recorder.log(line)
        if console is not None:
            console.print(escape(line), highlight=False, soft_wrap=True)

    try:
        for line in (*notes, *assembly.description):
            say(line)
        if checkpoint is not None:
            say(f"continued from {checkpoint.header['time']:.6g} s, step {checkpoint.header['step']}")
            if checkpoint.header["backend"] != assembly.backend.name:
                say(f"the first part ran on {checkpoint.header['backend']}: the continuation is not bit-exact")
        wall_before = 0.0 if checkpoint is None else checkpoint.header["wall_s"]
        header = {**header, "backend": assembly.backend.name}
        # a case that says how often in simulated time wants no other checkpoints
        every = WALL_BETWEEN_CHECKPOINTS if assembly.timetable.checkpoint_every is None else math.inf
        saver = Saver(recorder, slots, header, every, wall_before)
        _march_and_report(case, assembly, place, recorder, saver, precision, console, say)
    finally:
        recorder.close()
    return Run(place.path)


def _find_checkpoint(place: RunDirectory, slots: CheckpointSlots, header: dict) -> tuple[Checkpoint, list[str]]:
    """The checkpoint to continue from. Raises RunRefused if there is none for this case and precision."""
    try:
        checkpoint, notes = slots.read_latest()
    except CheckpointError as error:
        raise RunRefused(f"cannot resume: {error}") from error
    if checkpoint.header["identity"] != header["identity"]:
        raise RunRefused(
            f"cannot resume: the checkpoint in {place.path} belongs to another case "
            f"(compare {place.case} with the case given; only [limits] and the control of the march may differ)"
        )
    if checkpoint.header["precision"] != header["precision"]:
        raise RunRefused(
            f"cannot resume: {place.path} was run in {checkpoint.header['precision']} precision, "
            f"not {header['precision']}; add --precision {checkpoint.header['precision']}"
        )
    return checkpoint, notes


def _restore(assembly: Assembly, checkpoint: Checkpoint, place: RunDirectory) -> None:
    try:
        assembly.solver.restore(checkpoint.state)
    except (KeyError, ValueError, TypeError) as error:
        raise RunRefused(
            f"cannot resume: the checkpoint in {place.path} does not fit this version of the program ({error})"
        ) from error


def _march_and_report(case, assembly, place, recorder, saver, precision, console, say) -> None:
    """March, write the report also when interrupted, and turn failures into RunFailed with a way forward."""
    solver, cells = assembly.solver, assembly.mesh.cells
    first_step, first_wall = solver.step, saver.wall_seconds

    def report(complete: bool) -> None:
        wall = saver.wall_seconds - first_wall
        updates = cells * (solver.step - first_step)
        speed = updates / wall if updates else None
        fields = representative_fields(assembly)
        content = summarise(case, fields, assembly, precision, saver.wall_seconds, speed, complete)
        write_report(place.report, content)
        draw_planes(case, assembly, fields, place.pictures)

    try:
        with (
            Interrupt() as interrupt,
            ProgressReport(console, cells, solver.time, assembly.timetable.until) as progress,
        ):
            march(solver, assembly.timetable, recorder, saver, progress, interrupt)
        report(complete=True)
        say(f"finished at {solver.time:.6g} s after {solver.step} steps, {saver.wall_seconds:.1f} s of wall time")
    except RunInterrupted as interruption:
        report(complete=False)
        say(f"{interruption}; continue with --resume")
        raise
    except (ArithmeticError, FlowError, PressureError) as error:
        reason = f"the solution diverged at {solver.time:.6g} s, step {solver.step}: {error}"
        raise _failure(place, say, reason, "lower [run] courant", "--resume --set run.courant=0.3") from error
    except MemoryError as error:
        reason = f"out of memory at {solver.time:.6g} s: {error}"
        raise _failure(place, say, reason, "free memory or use a coarser mesh", "--resume") from error
    except OSError as error:
        if error.errno not in FULL_DISK:
            raise
        reason = f"the disk is full ({error.filename or place.path})"
        raise _failure(place, say, reason, "free space", "--resume") from error


def _failure(place: RunDirectory, say, reason: str, remedy: str, options: str) -> RunFailed:
    """Log the reason, where the disk allows it, and say how to go on."""
    with contextlib.suppress(OSError):
        say(reason)
    saved = any(place.checkpoints.glob("*.h5"))
    way = f"then continue from the last checkpoint with {options}" if saved else "then run again (no checkpoint yet)"
    return RunFailed(f"{reason}. To go on: {remedy}, {way}. What was written before is kept in {place.path}")
