"""The verdict on every monitor of a run: settled, averaged well enough, or not enough samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

from thermo.steady.batches import BATCHES, SHORTEST, batch_means, least_span
from thermo.steady.correlation import integral_times
from thermo.steady.series import Series
from thermo.steady.startup import start_up
from thermo.steady.windows import change_after_two, remaining_change, windows_left

STEADY, STATISTICALLY_STEADY, NOT_ENOUGH = "steady", "statistically steady", "not enough samples"
LARGEST_BIAS = 0.25  # of the tolerance: what the start-up may shift a mean by
LONGEST = 4096  # values of a series that is analysed: a longer one is averaged over longer intervals


@dataclass(frozen=True)
class Monitor:
    """What is followed. tolerance: of its mean, spread: of its deviations from it, both in its `unit`."""

    name: str
    unit: str
    tolerance: float
    spread: float


@dataclass(frozen=True)
class Finding:
    """What is known of one monitor.

    mean: over the samples, in the monitor's unit. half_width: of its 95 % confidence interval, None where the samples
    are too few for one. change: what its mean over a window may still change (None before the second window).
    fluctuation: standard deviation. integral_time: s, of what fluctuates. drifts: there is a trend in the samples,
    beyond the tolerance. needed: s of simulated time that are still missing, about; 0 for what is settled or averaged.
    """

    monitor: Monitor
    state: str
    mean: float
    half_width: float | None
    change: float | None
    fluctuation: float
    integral_time: float
    drifts: bool
    needed: float


@dataclass(frozen=True)
class Verdict:
    """`findings` on all monitors from `samples_from` to `time` (s), at the end of so many `windows` of `window` s.

    in_start_up: the samples begin in the start-up, and have to begin anew. unsettled: what else changes, in words.
    """

    time: float
    samples_from: float
    window: float
    windows: int
    in_start_up: bool
    findings: tuple[Finding, ...] = ()
    unsettled: tuple[str, ...] = field(default=())

    @property
    def state(self) -> str:
        """The worst of all states."""
        states = {finding.state for finding in self.findings}
        if self.unsettled or NOT_ENOUGH in states:
            return NOT_ENOUGH
        return STATISTICALLY_STEADY if STATISTICALLY_STEADY in states else STEADY

    @property
    def start_up_over(self) -> bool:
        """Whether samples of at least two windows hold no start-up and no trend: enough of a coarse grid."""
        settled = not self.in_start_up and self.time - self.samples_from >= 1.999 * self.window
        return settled and not any(f.drifts and f.state == NOT_ENOUGH for f in self.findings)

    @property
    def all_steady(self) -> bool:
        """Whether every monitor has settled, whatever else still changes."""
        return all(finding.state == STEADY for finding in self.findings)

    @property
    def needed(self) -> float:
        """Simulated time that is still missing, about, s."""
        needed = max((finding.needed for finding in self.findings), default=0.0)
        return max(needed, self.window) if self.state == NOT_ENOUGH else 0.0

    @property
    def worst(self) -> Finding | None:
        """The monitor that is farthest from its tolerance; None where nothing is followed."""
        return max(self.findings, key=lambda finding: finding.needed, default=None)


def judge(series: Series, monitors: Sequence[Monitor], window: float, samples_from: float) -> Verdict:
    """The verdict at this moment.

    window: s; the series is cut into windows that end now. samples_from: s, where averages began; they last till now.

    A monitor is steady when the last windows agree: what its mean may still change, and every deviation from it within
    the last window, lie within the tolerances, and so does the last window from the mean of all samples. It is
    statistically steady when the samples lie behind the start-up and show no trend, suffice for 20 batches of two
    integral times, and give a confidence interval within the tolerance.
    """
    time = series.end
    windows = int((time - series.start) / window + 1e-9)
    tolerance = np.array([monitor.tolerance for monitor in monitors])
    if not monitors or windows < 1:
        return Verdict(time, samples_from, window, windows, bool(monitors))
    in_start_up = _in_start_up(series, tolerance, samples_from)
    values = _values(series, samples_from, time)
    interval = (time - samples_from) / len(values)
    last = _values(series, time - window, time)
    means = series.bins(time - min(windows, 3) * window, time, min(windows, 3))
    sampled = values.mean(axis=0)
    change = np.full(len(monitors), np.nan)
    if windows == 2:
        change = change_after_two(series.bins(time - 2 * window, time, 4))
    elif windows > 2:
        change = remaining_change(means)
    steady = _steady(monitors, tolerance, change, last, sampled)

    remembered = integral_times(values, interval) if len(values) >= 4 else np.full(len(monitors), time - samples_from)
    remembered = np.maximum(remembered, 0.5 * interval)  # a series cannot resolve less than its own interval
    span = time - samples_from
    batches = batch_means(series.bins(samples_from, time, BATCHES), span / BATCHES, remembered)
    enough = least_span(remembered) <= span
    drifting = np.abs(batches.drift) > tolerance
    averaged = enough & ~drifting & (batches.half_width <= tolerance) & (windows >= 2 and not in_start_up)

    needed = np.where(steady | averaged, 0.0, _needed(span, remembered, batches.half_width, tolerance, drifting))
    needed = np.where(needed > 0.0, np.maximum(needed, span) if in_start_up else needed, 0.0)
    needed = np.minimum(needed, _until_settled(monitors, means, last, tolerance, window))
    findings = tuple(
        Finding(
            monitor, STEADY if steady[n] else STATISTICALLY_STEADY if averaged[n] else NOT_ENOUGH, float(sampled[n]),
            float(batches.half_width[n]) if enough[n] and not in_start_up else None,
            None if np.isnan(change[n]) else float(change[n]), float(values[:, n].std()), float(remembered[n]),
            bool(drifting[n]), float(needed[n]),
        )
        for n, monitor in enumerate(monitors)
    )  # fmt: skip
    return Verdict(time, samples_from, window, windows, in_start_up, findings)


def _values(series: Series, begin: float, end: float) -> np.ndarray:
    """The series at equal intervals of about those at which it was taken."""
    return series.bins(begin, end, int(np.clip(series.samples(begin, end), 1, LONGEST)))


def _in_start_up(series: Series, tolerance: np.ndarray, samples_from: float) -> bool:
    """Whether the samples begin before the start-up is over, and would have other means without it."""
    values = _values(series, series.start, series.end)
    over = series.start + start_up(values, tolerance) * (series.end - series.start)
    if samples_from >= over:
        return False
    bias = series.mean(samples_from, series.end) - series.mean(over, series.end)
    return bool(np.any(np.abs(bias) > LARGEST_BIAS * tolerance))


def _steady(
    monitors: Sequence[Monitor], tolerance: np.ndarray, change: np.ndarray, last: np.ndarray, sampled: np.ndarray
) -> np.ndarray:
    spread = np.array([monitor.spread for monitor in monitors])
    mean = last.mean(axis=0)
    quiet = np.abs(last - mean).max(axis=0) <= spread
    return quiet & (change <= tolerance) & (np.abs(mean - sampled) <= tolerance)


def _needed(
    span: float, remembered: np.ndarray, half_width: np.ndarray, tolerance: np.ndarray, drifting: np.ndarray
) -> np.ndarray:
    """Samples still missing, s: for long enough batches, and for the interval, which falls as 1 / sqrt(span)."""
    for_interval = span * (half_width / tolerance) ** 2
    wanted = np.maximum(BATCHES * SHORTEST * remembered, for_interval)
    return np.where(drifting, span, np.maximum(wanted - span, 0.0))


def _until_settled(
    monitors: Sequence[Monitor], means: np.ndarray, last: np.ndarray, tolerance: np.ndarray, window: float
) -> np.ndarray:
    """Time until the windows of every monitor agree, s; infinite for one that fluctuates by more than its spread.

    One that moves in one direction does not fluctuate: a straight line through the window is taken off.
    """
    if len(means) < 2:
        return np.full(len(monitors), window)
    place = np.linspace(-0.5, 0.5, len(last))
    line = np.outer(place, place @ last / (place @ place)) if len(last) > 2 else 0.0
    spread = np.array([monitor.spread for monitor in monitors])
    fluctuates = np.abs(last - last.mean(axis=0) - line).max(axis=0) > spread
    return np.where(fluctuates, inf, window * np.maximum(1.0, windows_left(means, tolerance)))
