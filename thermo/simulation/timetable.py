"""When a run writes what. Every answer follows from the simulated time alone, so a resumed run keeps the same times."""

from __future__ import annotations

from dataclasses import dataclass

# Part of an interval by which a step may miss an output time through round-off and still count as having reached it.
ROUND_OFF = 1e-9


@dataclass(frozen=True)
class Timetable:
    """Simulated times in s.

    Field outputs (None: only at the end) and the beginning of averaging (None: never) shorten steps so that they are
    met exactly. History lines (None: after every step) and checkpoints (None: none by simulated time) do not: they are
    written after the first step that reaches or passes their time.
    """

    until: float
    fields_every: float | None = None
    history_every: float | None = None
    checkpoint_every: float | None = None
    average_from: float | None = None

    def finished(self, time: float) -> bool:
        return time >= self.until * (1.0 - ROUND_OFF)

    def next_stop(self, time: float) -> float:
        """The time that the next step must not pass."""
        stops = [self.until]
        if self.fields_every is not None:
            stops.append((_intervals(self.fields_every, time) + 1) * self.fields_every)
        if self.average_from is not None and time < self.average_from:
            stops.append(self.average_from)
        return min(stops)

    def fields_due(self, before: float, after: float) -> bool:
        return self.finished(after) or _passed(self.fields_every, before, after)

    def history_due(self, before: float, after: float) -> bool:
        return self.finished(after) or self.history_every is None or _passed(self.history_every, before, after)

    def checkpoint_due(self, before: float, after: float) -> bool:
        return _passed(self.checkpoint_every, before, after)

    def averaging_begins(self, before: float, after: float) -> bool:
        return self.average_from is not None and before < self.average_from <= after

    def averages_exist(self, time: float) -> bool:
        return self.average_from is not None and self.average_from < time


def _intervals(every: float, time: float) -> int:
    return int(time / every + ROUND_OFF)


def _passed(every: float | None, before: float, after: float) -> bool:
    return every is not None and _intervals(every, after) > _intervals(every, before)
