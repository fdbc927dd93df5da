"""Values that carry the sum of the absolute values of their terms, so that a reference states its formula once.

A reference wraps its inputs by `terms(magnitude, ...)`. Where no magnitude is wanted they stay plain arrays and the
formula is plain NumPy. Else each becomes a `Terms`, whose arithmetic also evaluates the formula with every term made
positive: what multiplies the machine epsilon in the bound of the rounding error (running error analysis: N. J. Higham,
Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, section 3.3).
"""

from typing import Any

import numpy as np

from kernels.reference import at


class Terms:
    """An array `value` and the sum of the absolute values of its terms, `size` >= |value|."""

    __array_ufunc__ = None  # array + Terms comes here, not to NumPy

    def __init__(self, value: Any, size: Any = None) -> None:
        self.value = value
        self.size = np.abs(value) if size is None else size

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __getitem__(self, key: Any) -> "Terms":
        return Terms(self.value[key], self.size[key])

    def reshape(self, *shape: int) -> "Terms":
        return Terms(self.value.reshape(*shape), self.size.reshape(*shape))

    def sum(self) -> "Terms":
        return Terms(self.value.sum(), self.size.sum())

    def __neg__(self) -> "Terms":
        return Terms(-self.value, self.size)

    def __abs__(self) -> "Terms":
        return Terms(np.abs(self.value), self.size)

    def __add__(self, other: Any) -> "Terms":
        return Terms(self.value + value_of(other), self.size + size_of(other))

    def __sub__(self, other: Any) -> "Terms":
        return Terms(self.value - value_of(other), self.size + size_of(other))

    def __rsub__(self, other: Any) -> "Terms":
        return Terms(value_of(other) - self.value, self.size + size_of(other))

    def __mul__(self, other: Any) -> "Terms":
        return Terms(self.value * value_of(other), self.size * size_of(other))

    def __truediv__(self, other: Any) -> "Terms":
        # A relative error of the divisor, epsilon size / |value|, is one of the quotient.
        divisor = value_of(other)
        return Terms(self.value / divisor, self.size * size_of(other) / divisor**2)

    def __rtruediv__(self, other: Any) -> "Terms":
        return Terms(other) / self

    __radd__, __rmul__ = __add__, __mul__


def terms(magnitude: dict | None, *inputs: Any) -> tuple:
    """The inputs, each as `Terms` where a magnitude is wanted."""
    return tuple(inputs) if magnitude is None else tuple(Terms(np.asarray(array)) for array in inputs)


def value_of(x: Any) -> Any:
    """The value without its size."""
    return x.value if isinstance(x, Terms) else x


def size_of(x: Any) -> Any:
    """The sum of the absolute values of the terms."""
    return x.size if isinstance(x, Terms) else np.abs(x)


def choose(condition: np.ndarray, this: Any, other: Any) -> Any:
    """`this` where the condition holds, else `other`. The condition must come from exact values."""
    if not isinstance(this, Terms) and not isinstance(other, Terms):
        return np.where(condition, this, other)
    value = np.where(condition, value_of(this), value_of(other))
    return Terms(value, np.where(condition, size_of(this), size_of(other)))


def smallest(first: Any, *others: Any) -> Any:
    """The least of the values; its error is at most the largest of theirs."""
    return _extreme(np.minimum, first, *others)


def largest(first: Any, *others: Any) -> Any:
    """The greatest of the values; its error is at most the largest of theirs."""
    return _extreme(np.maximum, first, *others)


def _extreme(pick: np.ufunc, first: Any, *others: Any) -> Any:
    found = first
    for other in others:
        if isinstance(found, Terms) or isinstance(other, Terms):
            size = np.maximum(size_of(found), size_of(other))
            found = Terms(pick(value_of(found), value_of(other)), size)
        else:
            found = pick(found, other)
    return found


def square_root(x: Any) -> Any:
    """The root; half a relative error of its argument is one of the root."""
    if not isinstance(x, Terms):
        return np.sqrt(x)
    value = np.sqrt(x.value)
    return Terms(value, value + 0.5 * np.divide(x.size, value, out=np.zeros_like(value), where=value > 0))


def falling_exponential(x: Any) -> Any:
    """exp(-x); an absolute error of the argument is a relative one of the result."""
    value = np.exp(-value_of(x))
    return Terms(value, value * (1.0 + x.size)) if isinstance(x, Terms) else value


def hyperbolic_tangent(x: Any) -> Any:
    """tanh, whose slope is 1 - tanh^2."""
    value = np.tanh(value_of(x))
    return Terms(value, np.abs(value) + (1.0 - value**2) * x.size) if isinstance(x, Terms) else value


def row_sums(start: np.ndarray, entries: Any) -> Any:
    """Sum of the entries of each row of a sparse list, row n being entries[start[n] : start[n + 1]]."""
    if isinstance(entries, Terms):
        return Terms(row_sums(start, entries.value), row_sums(start, entries.size))
    total = np.zeros(len(start) - 1, entries.dtype)
    np.add.at(total, rows_of_entries(start), entries)
    return total


def rows_of_entries(start: np.ndarray) -> np.ndarray:
    """The row of each entry of a sparse list."""
    return np.repeat(np.arange(len(start) - 1), np.diff(start))


def store_cells(magnitude: dict | None, name: str, output: np.ndarray, result: Any) -> None:
    """Write the interior of a padded output, and its magnitude: zero outside."""
    at(output)[...] = value_of(result)
    if magnitude is not None:
        magnitude[name] = np.zeros(output.shape)
        at(magnitude[name])[...] = size_of(result)


def store_rows(magnitude: dict | None, name: str, output: np.ndarray, places: Any, result: Any) -> None:
    """Write single places (flat indices) of an output, and their magnitudes: zero elsewhere."""
    output.reshape(-1)[places] = value_of(result)
    if magnitude is not None:
        size = magnitude.setdefault(name, np.zeros(output.shape))
        size.reshape(-1)[places] = size_of(result)
