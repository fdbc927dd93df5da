"""Whether the means over successive windows of time still change, and by how much more they will."""

from __future__ import annotations

import numpy as np

SLOWEST = 0.9  # ratio of two successive changes: what dies away more slowly is not told from what stays


def remaining_change(means: np.ndarray, slowest: float = SLOWEST) -> np.ndarray:
    """How far the means of every column may still move, from their last windows; float64[m].

    means: float64[n, m] of successive windows of one length, n >= 2. A disturbance that dies away exponentially changes
    them by d, d r, d r^2 ...: after a change of d2 that followed d1, with r = d2 / d1, what is left is d2 r / (1 - r)
    (Aitken 1926). Changes that alternate or die away within a window leave their own size. Of two windows r is not
    known: the `slowest` is assumed.
    """
    last = means[-1] - means[-2]
    if len(means) == 2:
        ratio = np.full(last.shape, slowest)
    else:
        before = means[-2] - means[-3]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(before == 0.0, slowest, last / before)
        ratio = np.clip(ratio, 0.0, slowest)
    return np.abs(last) * np.maximum(1.0, ratio / (1.0 - ratio))


def change_after_two(halves: np.ndarray) -> np.ndarray:
    """`remaining_change` of two windows from the means over their four halves, float64[4, m].

    What is left is extrapolated from the last three, as the march began in the first; but the windows have to agree.
    """
    between = np.abs(halves[2:].mean(axis=0) - halves[:2].mean(axis=0))
    return np.maximum(between, remaining_change(halves[1:], SLOWEST**0.5))


def windows_left(means: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """About how many more windows pass until each column has no more than its tolerance left to change; float64[m]."""
    left = remaining_change(means)
    if len(means) == 2:
        return np.where(left > tolerance, 1.0, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs((means[-1] - means[-2]) / (means[-2] - means[-3]))
        ratio = np.clip(np.where(np.isfinite(ratio), ratio, SLOWEST), 0.1, SLOWEST)
        wanted = np.log(left / tolerance) / -np.log(ratio)
    return np.where(left > tolerance, np.maximum(1.0, wanted), 0.0)
