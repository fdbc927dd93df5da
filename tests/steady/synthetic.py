"""Series whose mean and integral time are known."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from thermo.steady.series import Series


def autoregressive(seed: int, count: int, columns: int, integral_time: float) -> np.ndarray:
    """Stationary AR(1) of mean 0 and variance 1 at unit intervals, float64[count, columns].

    x_n = phi x_(n-1) + e has the integral time 1/2 + sum phi^k = (1 + phi) / (1 - phi) / 2 by the trapezoidal rule.
    """
    phi = (2.0 * integral_time - 1.0) / (2.0 * integral_time + 1.0)
    generator = np.random.default_rng(seed)
    noise = generator.standard_normal((count, columns)) * np.sqrt(1.0 - phi**2)
    noise[0] = generator.standard_normal(columns)
    return lfilter([1.0], [1.0, -phi], noise, axis=0)


def series_of(values: np.ndarray, interval: float = 1.0) -> Series:
    """A series that holds the values, float64[count, monitors], as means over equal intervals (s)."""
    series = Series(values.shape[1])
    for n, row in enumerate(values):
        series.append((n + 1) * interval, row)
    return series
