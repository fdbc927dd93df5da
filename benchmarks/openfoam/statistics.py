"""Means of an unsteady flow and how sure they are, from series of samples in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

BATCHES = 10
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mean:
    """A mean, and the half width of its 95 % confidence interval."""

    value: float
    half_width: float

    def agrees_with(self, other: Mean) -> bool:
        """Whether the difference lies within the interval of a difference of two independent means."""
        return abs(self.value - other.value) <= float(np.hypot(self.half_width, other.half_width))


def batch_mean(samples: Sequence[float]) -> Mean:
    """Mean of evenly spaced samples by non-overlapping batch means (Law 2014, section 9.5.3).

    A batch should last two integral times or longer. Raises ValueError for fewer than two samples per batch.
    """
    length = len(samples) // BATCHES
    if length < 2:
        raise ValueError(f"{len(samples)} samples are too few for {BATCHES} batches")
    used = np.asarray(samples[-length * BATCHES :], float)
    means = used.reshape(BATCHES, length).mean(axis=1)
    factor = student.ppf(0.5 + 0.5 * CONFIDENCE, BATCHES - 1)
    return Mean(float(used.mean()), float(factor * means.std(ddof=1) / np.sqrt(BATCHES)))
