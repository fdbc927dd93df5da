"""Time series of several monitors, kept as means over successive intervals."""

from __future__ import annotations

import numpy as np


class Series:
    """Row n holds the means of all monitors from times[n-1] (the first: from `start`) to times[n], s.

    Interval means add up to the mean over any longer span exactly, however unequal the steps were.
    """

    def __init__(self, monitors: int, start: float = 0.0) -> None:
        self.monitors = monitors
        self.start = start
        self._times: list[float] = []
        self._rows: list[np.ndarray] = []

    def __len__(self) -> int:
        return len(self._times)

    @property
    def end(self) -> float:
        """Time up to which the series reaches, s."""
        return self._times[-1] if self._times else self.start

    def append(self, time: float, values: np.ndarray) -> None:
        """Add the means of all monitors, float64[monitors], since the last time. Raises ValueError for no interval."""
        if not time > self.end:
            raise ValueError(f"the series already reaches {self.end} s: nothing lies between that and {time} s")
        self._times.append(time)
        self._rows.append(np.asarray(values, np.float64))

    def mean(self, begin: float, end: float) -> np.ndarray:
        """Means from `begin` to `end` (s), float64[monitors]."""
        return self.bins(begin, end, 1)[0]

    def bins(self, begin: float, end: float, count: int) -> np.ndarray:
        """Means over `count` equal intervals between `begin` and `end` (s), float64[count, monitors].

        Raises ValueError where the series does not reach from `begin` to `end`.
        """
        slack = 1e-9 * max(abs(self.end), abs(end))
        if not (self.start - slack <= begin < end <= self.end + slack):
            raise ValueError(f"the series reaches from {self.start} to {self.end} s, not from {begin} to {end} s")
        times = np.concatenate([[self.start], self._times])
        sums = np.vstack([np.zeros(self.monitors), np.cumsum(np.diff(times)[:, None] * np.array(self._rows), axis=0)])
        edges = np.linspace(begin, end, count + 1)
        at_edges = np.stack([np.interp(edges, times, column) for column in sums.T], axis=1)
        return np.diff(at_edges, axis=0) / ((end - begin) / count)

    def samples(self, begin: float, end: float) -> int:
        """Number of rows between two times, s."""
        return int(np.count_nonzero((np.array(self._times) > begin) & (np.array(self._times) <= end)))

    def state(self) -> dict[str, np.ndarray | float]:
        """For a checkpoint."""
        rows = np.array(self._rows).reshape(-1, self.monitors)
        return {"series.start": self.start, "series.times": np.array(self._times, np.float64), "series.rows": rows}

    def restore(self, found: dict) -> None:
        """Back to what `state` returned. Raises ValueError for another number of monitors."""
        rows = np.asarray(found["series.rows"])
        if rows.shape[1:] != (self.monitors,):
            raise ValueError(f"the series holds {rows.shape[1:]} monitors, not {self.monitors}")
        self.start = float(found["series.start"])
        self._times = [float(time) for time in found["series.times"]]
        self._rows = list(rows)
