"""Where the start-up of a run ends."""

from __future__ import annotations

import numpy as np

BATCH = 5  # values that are averaged first: MSER-5


def start_up(values: np.ndarray, scale: np.ndarray) -> float:
    """Share of the series, 0 to 1/2, that belongs to the start-up, by the marginal standard error rule.

    values: float64[n, m], equally spaced; scale: float64[m], by which each column is divided. MSER-5 (White 1997,
    Simulation 69, 323; White, Cobb & Spratt 2000): of means over five values, the first d are dropped for which
    sum (x_i - mean_d)^2 / (n - d)^2 is least; that is the squared standard error of what remains. Here the sum also
    runs over all monitors, so that one moment ends the start-up of all. A minimum in the second half says no more than
    that the series is too short: the search ends in the middle.
    """
    count = len(values) // BATCH
    if count < 4:
        return 0.5
    kept = values[len(values) - count * BATCH :] / scale
    means = kept.reshape(count, BATCH, -1).mean(axis=1)
    means = means - means.mean(axis=0)  # sums of squares lose no digits
    remaining = np.arange(count, 0, -1)
    sums = np.cumsum(means[::-1], axis=0)[::-1]
    squares = np.cumsum((means**2)[::-1], axis=0)[::-1].sum(axis=1)
    error = (squares - (sums**2).sum(axis=1) / remaining) / remaining**2
    dropped = int(np.argmin(error[: count // 2 + 1]))
    return 0.0 if dropped == 0 else min(0.5, 1.0 - (count - dropped) * BATCH / len(values))
