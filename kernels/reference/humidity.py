"""References of moist air."""

import numpy as np

from kernels.reference import at
from kernels.reference.terms import store_cells, store_rows, terms
from kernels.scalars import Scalar

MOLAR_MASSES = 0.621945  # of water over dry air


def _virtual(theta, q, scalars):
    """(T0 + theta) (1 + (1/epsilon - 1) q) - T0."""
    vapour = np.float64(1 / MOLAR_MASSES - 1).astype(scalars.dtype)
    return theta + q * vapour * scalars[Scalar.TEMPERATURE_ZERO] + theta * (q * vapour)


def virtual_theta(extent, switches, magnitude=None, *, theta, q, scalars, warm):
    """Virtual temperature over 293.15 K."""
    own, vapour = terms(magnitude, at(theta), at(q))
    store_cells(magnitude, "warm", warm, _virtual(own, vapour, scalars.astype(theta.dtype)))


def to_virtual_theta(extent, switches, magnitude=None, *, q, scalars, theta):
    """Virtual temperature over 293.15 K in place of the temperature."""
    own, vapour = terms(magnitude, at(theta).copy(), at(q))
    store_cells(magnitude, "theta", theta, _virtual(own, vapour, scalars.astype(theta.dtype)))


def follow_pressure(extent, switches, magnitude=None, *, count, pressure, energy_pressure):
    """A copy."""
    (values,) = terms(magnitude, pressure)
    store_rows(magnitude, "energy_pressure", energy_pressure, np.arange(count), values)
