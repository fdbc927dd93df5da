"""A number that changes in time, given as a table."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Schedule:
    """Piecewise linear in time, constant before the first and after the last point.

    `times` in s, strictly increasing; `values` in the SI unit of the quantity (temperatures in K).
    Raises ValueError for an empty table, unequal lengths or times that do not increase.
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", tuple(float(t) for t in self.times))
        object.__setattr__(self, "values", tuple(float(v) for v in self.values))
        if not self.times or len(self.times) != len(self.values):
            raise ValueError("a table in time needs one value for every time, and at least one")
        if any(late <= early for early, late in pairwise(self.times)):
            raise ValueError("the times of a table in time must increase")

    def at(self, time: float) -> float:
        """Value at `time` (s)."""
        after = bisect_right(self.times, time)
        if after == 0:
            return self.values[0]
        if after == len(self.times):
            return self.values[-1]
        start, end = self.times[after - 1], self.times[after]
        share = (time - start) / (end - start)
        return (1.0 - share) * self.values[after - 1] + share * self.values[after]

    def scaled(self, factor: float) -> Schedule:
        """The same table with every value multiplied by `factor`."""
        return Schedule(self.times, tuple(factor * value for value in self.values))


def value_at(value: float | Schedule, time: float) -> float:
    """A constant or a table in time, at `time` (s)."""
    return value.at(time) if isinstance(value, Schedule) else value


def scaled(value: float | Schedule, factor: float) -> float | Schedule:
    """A constant or a table in time, multiplied by `factor`."""
    return value.scaled(factor) if isinstance(value, Schedule) else factor * value
