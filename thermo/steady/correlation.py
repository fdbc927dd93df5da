"""How long a fluctuation remembers itself."""

from __future__ import annotations

import numpy as np


def integral_times(values: np.ndarray, interval: float) -> np.ndarray:
    """Integral time T = integral of the autocorrelation over all lags >= 0 of every column, s, float64[m].

    values: float64[n, m], equally spaced by `interval` (s), n >= 4. The sum of the autocorrelation is cut by the
    initial positive sequence: pairs of neighbouring lags are added as long as their sum is positive (Geyer 1992,
    Statistical Science 7, section 3.3). The mean of n values then has the variance sigma^2 2 T / (n interval) (Taylor
    1921, Proc. London Math. Soc. 20, 196). Values that do not fluctuate have T = 0. Raises ValueError for fewer values.
    """
    n = len(values)
    if n < 4:
        raise ValueError(f"{n} values are too few for an autocorrelation")
    deviation = values - values.mean(axis=0)
    spectrum = np.fft.rfft(deviation, 2 * n, axis=0)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, axis=0)[:n]
    fluctuates = covariance[0] > n * (1e-12 * np.abs(values).max(axis=0)) ** 2
    correlation = covariance / np.where(fluctuates, covariance[0], 1.0)
    pairs = n // 2
    sums = correlation[0 : 2 * pairs : 2] + correlation[1 : 2 * pairs : 2]
    ended = np.cumsum(sums <= 0.0, axis=0) > 0
    times = interval * (np.where(ended, 0.0, sums).sum(axis=0) - 0.5)
    # a white series has T = interval / 2: no pair of lags can tell a smaller one
    return np.where(fluctuates, np.maximum(times, 0.5 * interval), 0.0)
