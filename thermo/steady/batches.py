"""Means with confidence intervals from one correlated series, by batch means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

BATCHES = 20  # enough for the t distribution; more would only make them shorter (Schmeiser 1982, Oper. Res. 30, 556)
SHORTEST = 2.0  # integral times in a batch
CONFIDENCE = 0.95
DRIFT_RISK = 0.01  # chance of calling a stationary series drifting


@dataclass(frozen=True)
class BatchMeans:
    """Of every column: `mean`, half width of its 95 % confidence interval, and `drift`: its trend times the span, where
    that is significant, else 0; float64[m]."""

    mean: np.ndarray
    half_width: np.ndarray
    drift: np.ndarray


def least_span(integral_time: np.ndarray) -> np.ndarray:
    """How long a series has to be for batches that are long enough, s."""
    return BATCHES * SHORTEST * integral_time


def batch_means(batches: np.ndarray, length: float, integral_time: np.ndarray) -> BatchMeans:
    """Confidence interval of the mean of a series from the means of its batches.

    batches: float64[n, m], means over successive spans of `length` (s). integral_time: s, float64[m].
    Half width = t(0.975, n - 1) s / sqrt(n) (Law & Kelton 2000, section 9.5.3), widened because batches of L integral
    times are correlated: for an exponential autocorrelation the variance of their means is
    sigma^2 2 (L - 1 + exp(-L)) / L^2 (Taylor 1921), of which the batches see (L - 1 + exp(-L)) / L of what the mean of
    all has. The trend is a straight line through the batch means, tested with the same correction.
    """
    n = len(batches)
    mean = batches.mean(axis=0)
    correction = _shortfall(length, integral_time)
    error = batches.std(axis=0, ddof=1) / np.sqrt(n * correction)
    half_width = student.ppf(0.5 + 0.5 * CONFIDENCE, n - 1) * error
    return BatchMeans(mean, half_width, _drift(batches, correction))


def _shortfall(length: float, integral_time: np.ndarray) -> np.ndarray:
    """Share of the variance that batches of `length` show, 0 to 1."""
    with np.errstate(divide="ignore"):
        times = np.maximum(length / integral_time, 1e-3)  # infinite where nothing fluctuates
    return np.where(np.isfinite(times), 1.0 + np.expm1(-times) / times, 1.0)


def _drift(batches: np.ndarray, correction: np.ndarray) -> np.ndarray:
    n = len(batches)
    place = (np.arange(n) - 0.5 * (n - 1)) / n  # of the batches in the span, from -1/2 to 1/2
    squares = float(place @ place)
    slope = place @ batches / squares
    rest = batches - batches.mean(axis=0) - np.outer(place, slope)
    error = np.sqrt((rest**2).sum(axis=0) / (n - 2) / squares / correction)
    significant = np.abs(slope) > student.ppf(1.0 - 0.5 * DRIFT_RISK, n - 2) * error
    return np.where(significant, slope, 0.0)
