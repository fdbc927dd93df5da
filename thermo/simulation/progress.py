"""How far a running simulation is: one live line on a terminal, plain lines every few seconds elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from thermo.report.duration import clock_text

PLAIN_INTERVAL = 5.0
LIVE_INTERVAL = 0.2
# Speed is averaged over this many seconds, so that the time remaining neither jumps nor remembers the start-up.
SPEED_WINDOW = 20.0


class Speed:
    """Steps and simulated time per second of wall time over the recent past."""

    def __init__(self, cells: int, clock: Callable[[], float]):
        self._cells = cells
        self._clock = clock
        self._marks: list[tuple[float, float, int]] = []

    def mark(self, simulated: float, step: int) -> None:
        now = self._clock()
        self._marks.append((now, simulated, step))
        while len(self._marks) > 2 and now - self._marks[1][0] > SPEED_WINDOW:
            self._marks.pop(0)

    @property
    def started(self) -> bool:
        return bool(self._marks)

    def describe(self, until: float) -> str:
        """``1.8 x real time, 12.3 Mcell-steps/s, 4:10 left``, or nothing before the second mark."""
        (wall_0, simulated_0, step_0), (wall_1, simulated_1, step_1) = self._marks[0], self._marks[-1]
        wall, simulated = wall_1 - wall_0, simulated_1 - simulated_0
        if wall <= 0 or simulated <= 0:
            return ""
        ratio = simulated / wall
        rate = self._cells * (step_1 - step_0) / wall / 1e6
        return f"{ratio:.3g} x real time, {rate:.3g} Mcell-steps/s, {clock_text((until - simulated_1) / ratio)} left"


class ProgressReport:
    """Shows time, speed and time remaining on a console; says nothing without one."""

    def __init__(
        self,
        console: Console | None,
        cells: int,
        start: float,
        until: float,
        clock: Callable[[], float] = time.monotonic,
    ):
        self._console = console
        self._until = until
        self._clock = clock
        self._speed = Speed(cells, clock)
        self._live: Progress | None = None
        self._interval = PLAIN_INTERVAL
        self._shown = clock()
        self._start = start
        self._note = ""

    def __enter__(self) -> ProgressReport:
        if self._console is not None and self._console.is_terminal:
            columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
            self._live = Progress(*columns, console=self._console, auto_refresh=False)
            self._task = self._live.add_task("", total=self._until, completed=self._start)
            self._live.start()
            self._interval = LIVE_INTERVAL
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def expect(self, until: float, note: str) -> None:
        """The end as it is seen now, s, and what to say beside it: of runs whose end follows from what they find."""
        self._until, self._note = until, note
        if self._live is not None:
            self._live.update(self._task, total=until)

    def update(self, simulated: float, step: int, dt: float) -> None:
        """Called after every step; shows something only every few seconds."""
        now = self._clock()
        if not self._speed.started:
            self._speed.mark(simulated, step)
        if self._console is None or (now - self._shown < self._interval and simulated < self._until):
            return
        self._shown = now
        self._speed.mark(simulated, step)
        parts = [
            f"{simulated:.5g} / {self._until:.5g} s",
            f"step {step}",
            f"dt {dt:.3g} s",
            self._speed.describe(self._until),
            self._note,
        ]
        text = ", ".join(part for part in parts if part)
        if self._live is None:
            self._console.print(text, highlight=False, soft_wrap=True)
        else:
            self._live.update(self._task, completed=simulated, description=text, refresh=True)
