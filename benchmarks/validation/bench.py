"""Where studies are run: cases of cases/validation assembled, marched, and continued after an interruption."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

import numpy as np

from benchmarks.validation.row import Row
from thermo.case import CaseError
from thermo.flow import Solver
from thermo.flow.setup import Scheme
from thermo.loading import load_case
from thermo.simulation.assembly import assemble
from thermo.simulation.functions import Functions

CASES = Path(__file__).parents[2] / "cases" / "validation"
SAVE_EVERY = 60.0  # s of wall time
SAMPLED = "sampled."  # heads the names of sums in a file


class StudySkipped(Exception):
    """A study that cannot be run here; the message says what it needs."""


@dataclass
class Bench:
    """Backend, folder of unfinished solutions (None: nothing is kept), and what progress is told to.

    finest: series of grids leave out those with more cells along a side.
    """

    backend: str = "auto"
    states: Path | None = None
    finest: int | None = None
    say: Callable[[str], None] = print
    saved: list[Path] = field(default_factory=list)

    def state_file(self, title: str) -> Path | None:
        """Where the solution of that title is kept until its study is finished."""
        if self.states is None:
            return None
        file = self.states / f"{title.replace('/', '_').replace(' ', '_')}.npz"
        if file not in self.saved:
            self.saved.append(file)
        return file

    def forget(self) -> None:
        """Remove the solutions kept: the study is finished."""
        for file in self.saved:
            file.unlink(missing_ok=True)
        self.saved.clear()


class CaseRun:
    """A validation case being marched, with what its rows have in common.

    study: name in the rows. case: file of cases/validation. precision: single unless the band needs double. Raises
    StudySkipped for a case that asks for what is not built yet.
    """

    def __init__(
        self, bench: Bench, study: str, case: str, scenario: str | None = None, overrides: Sequence[str] = (),
        precision: str = "single", functions: Functions | None = None,
    ) -> None:  # fmt: skip
        self.bench, self.study, self.precision = bench, study, precision
        try:
            self.case = load_case(CASES / f"{case}.toml", overrides=overrides, scenario=scenario)
        except CaseError as error:
            if "not yet supported" in str(error):
                raise StudySkipped(str(error)) from error
            raise
        self.solver: Solver = assemble(self.case, bench.backend, precision, functions).solver
        self._sums: dict[str, np.ndarray] = {}  # what was sampled, and under SAMPLED how many moments were passed
        self._wall_before, self._began = 0.0, time.perf_counter()
        self._ended = self._began

    @property
    def wall(self) -> float:
        """Wall time spent until the last step, s, in earlier sessions too."""
        return self._wall_before + self._ended - self._began

    @property
    def grid(self) -> str:
        """Cells along each axis; an axis of one cell is left out."""
        cells = " x ".join(str(n) for n in reversed(self.solver.mesh.shape) if n > 1)
        stretching = self.case.mesh.stretching
        factors = sorted({f for f in stretching.factor if f}) if stretching else []
        return ", tanh ".join([cells, *(f"{f:g}" for f in factors)])

    @property
    def settings(self) -> str:
        """In what the run differs from single precision and the default scheme."""
        scheme, usual = self.solver.setup.scheme, Scheme()
        others = {
            name: value for name, value in vars(scheme).items()
            if value != getattr(usual, name) and not (name == "courant" and scheme.time_step is not None)
        }  # fmt: skip
        words = [f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name} {value}"
                 for name, value in others.items()]  # fmt: skip
        return ", ".join([*(["double"] if self.precision == "double" else []), *words])

    def to(self, end: float) -> None:
        while self.solver.time < end * (1.0 - 1e-12):
            self.solver.advance(end)
        self._ended = time.perf_counter()

    def settle(
        self, watch: Callable[[Solver], Sequence[float]], interval: float, until: float, tolerance: float = 1e-5,
        floor: float = 0.0, title: str | None = None,
    ) -> None:  # fmt: skip
        """Advance until no number watched changes by more than tolerance x (its size + floor) in an interval, twice
        running.

        interval: s of simulated time. until: when to give up, s. title: of the solution on disk, which an interrupted
        march goes on from; None keeps none. Raises RuntimeError where the flow is not steady by then.
        """
        before, change, calm, saved_at = np.asarray(watch(self.solver), float), inf, 0, time.perf_counter()
        while calm < 2:
            if self.solver.time >= until * (1.0 - 1e-12):
                self._save(title, False)
                raise RuntimeError(f"{self.study} on {self.grid} still changes by {change:.2g} per {interval:g} s")
            self.to(min(self.solver.time + interval, until))
            now = np.asarray(watch(self.solver), float)
            change = float(np.max(np.abs(now - before) / (np.abs(now) + floor)))
            before, calm = now, calm + 1 if change < tolerance else 0
            if time.perf_counter() - saved_at > SAVE_EVERY:
                saved_at = time.perf_counter()
                self._save(title, False)
                numbers = ", ".join(f"{value:.6g}" for value in now)
                self.bench.say(f"  {self.study} {self.grid}: t = {self.solver.time:.4g} s, step {self.solver.step}, "
                               f"{self.wall:.0f} s, change {change:.2g}: {numbers}")  # fmt: skip
        self._save(title, True)

    def resume(self, title: str) -> bool:
        """Go back to the solution kept under that title, if there is one; whether it had settled."""
        file = self.bench.state_file(title)
        if file is None or not file.exists():
            return False
        with np.load(file) as saved:
            state = {key: saved[key] if saved[key].ndim else saved[key].item() for key in saved.files}
        self._wall_before, self._began = state.pop("wall"), time.perf_counter()
        self._ended = self._began
        settled = state.pop("settled")
        self._sums = {key: np.asarray(state.pop(key)) for key in list(state) if key.startswith(SAMPLED)}
        self.solver.restore(state)
        return settled

    def _save(self, title: str | None, settled: bool) -> None:
        file = None if title is None else self.bench.state_file(title)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".part.npz")
            np.savez(partial, wall=self.wall, settled=settled, **self._sums, **self.solver.state())
            partial.replace(file)

    def sampled(
        self, start: float, end: float, samples: int, take: Callable[[Solver], Mapping[str, np.ndarray | float]],
        title: str,
    ) -> dict[str, np.ndarray]:  # fmt: skip
        """Means of what `take` reads at so many moments after `start` (s), the last at `end`.

        The averages of the solver begin at `start`.

        title: of the solution on disk, with all sums, which an interrupted march goes on from to the same end.
        """
        before = max(1, round(samples * start / (end - start)))  # moments on the way to the start, to be saved at
        moments = [*np.linspace(0.0, start, before + 1)[1:], *np.linspace(start, end, samples + 1)[1:]]
        self.resume(title)
        passed, saved_at = int(self._sums.get(SAMPLED, 0)), time.perf_counter()
        for number, moment in enumerate(moments[passed:], passed + 1):
            self.to(moment)
            if number == before:
                self.solver.start_average()
            elif number > before:
                for name, value in take(self.solver).items():
                    self._sums[SAMPLED + name] = self._sums.get(SAMPLED + name, 0.0) + np.asarray(value, float)
            self._sums[SAMPLED] = np.asarray(number)
            if time.perf_counter() - saved_at > SAVE_EVERY:
                saved_at = time.perf_counter()
                self._save(title, False)
                self.bench.say(f"  {self.study} {self.grid}: t = {self.solver.time:.4g} s of {end:.4g} s, step "
                               f"{self.solver.step}, {self.wall:.0f} s")  # fmt: skip
        return {key.removeprefix(SAMPLED): value / samples for key, value in self._sums.items() if key != SAMPLED}

    def averaged(self, start: float, end: float) -> dict:
        """The report of the means between two times, s."""
        self.to(start)
        self.solver.start_average()
        self.to(end)
        return self.solver.report()

    def row(
        self, quantity: str, value: float, reference: float, source: str, evidence: str, band: float | None, why: str,
        kind: str = "relative",
    ) -> Row:  # fmt: skip
        """A row of this run as it stands."""
        return Row(
            self.study, quantity, self.grid, float(value), float(reference), source, evidence, band, why, kind,
            settings=self.settings, steps=self.solver.step, wall_s=round(self.wall, 1),
        )  # fmt: skip
