"""One session of a run: the march from its start, or a checkpoint, until it ends, fails or is interrupted."""

from __future__ import annotations

import contextlib
import errno
import math

from rich.console import Console
from rich.markup import escape

from thermo.case.model import Case
from thermo.flow import FlowError
from thermo.flow.pressure import PressureError
from thermo.report.document import write_report
from thermo.results.atomic import write_text
from thermo.results.checkpoint import Checkpoint, CheckpointSlots
from thermo.results.directory import RunDirectory
from thermo.results.fields import Grid
from thermo.results.recorder import Recorder
from thermo.simulation.assembly import Assembly
from thermo.simulation.interrupt import Interrupt
from thermo.simulation.ladder import Ladder
from thermo.simulation.march import Saver, march
from thermo.simulation.outcome import RunFailed, RunInterrupted
from thermo.simulation.progress import ProgressReport
from thermo.simulation.settle import conclusion, settle
from thermo.simulation.summary import draw_planes, representative_fields, summarise
from thermo.steady.verdict import NOT_ENOUGH

WALL_BETWEEN_CHECKPOINTS = 600.0  # s, where the case does not say
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


class Session:
    """Owns the recorder and the log. The solver has been restored already where there is a checkpoint."""

    def __init__(
        self,
        case: Case,
        precision: str,
        assembly: Assembly,
        place: RunDirectory,
        console: Console | None,
        checkpoint: Checkpoint | None,
        ladder: Ladder | None = None,
    ):
        """ladder: the grids of a run to its steady state; None for a march in time on the grid of `assembly`."""
        self._case = case
        self._precision = precision
        self._own = assembly
        self._ladder = ladder
        self._place = place
        self._console = console
        self._before = None if checkpoint is None else checkpoint.header
        text = case.resolved_toml()
        write_text(place.case, text)
        self._recorder = Recorder(place, Grid.of(assembly.mesh), text, self._before)

    @property
    def _assembly(self) -> Assembly:
        """That of the moment: on its way to the steady state a run comes from coarser grids."""
        return self._own if self._ladder is None else self._ladder.assembly

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._recorder.close()

    def log(self, *lines: str) -> None:
        """Write lines to the log and the console."""
        for line in lines:
            self._recorder.log(line)
            if self._console is not None:
                self._console.print(escape(line), highlight=False, soft_wrap=True)

    def carry_out(self, slots: CheckpointSlots, identity: dict) -> None:
        """March to the end, and write the report.

        Raises RunInterrupted after a signal, when checkpoint and report are written, and RunFailed, with a way forward,
        if the solution diverges or memory or disk run out.
        """
        saver = self._saver(slots, identity)
        start = self._assembly.solver.step, saver.wall_seconds
        try:
            with Interrupt() as interrupt:
                complete = self._march(saver, interrupt)
            self._report(saver, start, complete)
            solver = self._assembly.solver
            self.log(
                f"finished at {solver.time:.6g} s after {solver.step} steps, {saver.wall_seconds:.1f} s of wall time"
            )
        except RunInterrupted as interruption:
            self._report(saver, start, complete=False)
            self.log(f"{interruption}; continue with --resume")
            raise
        except (ArithmeticError, FlowError, PressureError) as error:
            solver = self._assembly.solver
            what = f"the solution diverged at {solver.time:.6g} s, step {solver.step}: {error}"
            raise self._failure(what, "lower [run] courant", "--resume --set run.courant=0.3") from error
        except MemoryError as error:
            what = f"out of memory at {self._assembly.solver.time:.6g} s: {error}"
            raise self._failure(what, "free memory or use a coarser mesh", "--resume") from error
        except OSError as error:
            if error.errno not in FULL_DISK:
                raise
            what = f"the disk is full ({error.filename or self._place.path})"
            raise self._failure(what, "free space", "--resume") from error

    def _march(self, saver: Saver, interrupt: Interrupt) -> bool:
        """March to the end; whether the run found what it was to find. Raises what breaks the march off."""
        assembly = self._assembly
        if self._ladder is None:
            with self._progress(assembly) as progress:
                march(assembly.solver, assembly.timetable, self._recorder, saver, progress, interrupt)
            return True
        verdict = settle(self._ladder, self._recorder, saver, self._progress, interrupt, self.log)
        self.log(*conclusion(verdict))
        return verdict.state != NOT_ENOUGH

    def _progress(self, assembly: Assembly) -> ProgressReport:
        return ProgressReport(self._console, assembly.mesh.cells, assembly.solver.time, assembly.timetable.until)

    def _saver(self, slots: CheckpointSlots, identity: dict) -> Saver:
        backend, wall_before = self._assembly.backend.name, 0.0
        if self._before is not None:
            wall_before = self._before["wall_s"]
            self.log(f"continued from {self._before['time']:.6g} s, step {self._before['step']}")
            if self._before["backend"] != backend:
                self.log(f"the first part ran on {self._before['backend']}: the continuation is not bit-exact")
        # a case that says how often in simulated time wants no other checkpoints
        every = WALL_BETWEEN_CHECKPOINTS if self._assembly.timetable.checkpoint_every is None else math.inf
        return Saver(self._recorder, slots, {**identity, "backend": backend}, every, wall_before)

    def _report(self, saver: Saver, start: tuple[int, float], complete: bool) -> None:
        """Write report and pictures; ``start``: step and wall time at which this session began."""
        assembly, wall = self._assembly, saver.wall_seconds
        updates = assembly.mesh.cells * (assembly.solver.step - start[0])
        steady = None
        if self._ladder is not None:
            updates, steady = self._ladder.updates, self._ladder.report()
        speed = updates / (wall - start[1]) if updates else None
        fields = representative_fields(assembly)
        write_report(
            self._place.report, summarise(self._case, fields, assembly, self._precision, wall, speed, complete, steady)
        )
        draw_planes(self._case, assembly, fields, self._place.pictures)

    def _failure(self, what: str, remedy: str, options: str) -> RunFailed:
        """Log what happened, where the disk allows it, and say how to go on."""
        with contextlib.suppress(OSError):
            self.log(what)
        saved = any(self._place.checkpoints.glob("*.h5"))
        way = (
            f"then continue from the last checkpoint with {options}" if saved else "then run again (no checkpoint yet)"
        )
        return RunFailed(f"{what}. To go on: {remedy}, {way}. What was written before is kept in {self._place.path}")
