"""References of the radiation between the surfaces of a room."""

import numpy as np

from kernels.reference.solids import STEFAN_BOLTZMANN
from kernels.reference.terms import Terms, row_sums, store_rows, terms
from kernels.scalars import Scalar


def _emitted(surface, scalars):
    """s T^4, W/m2."""
    square = (surface + scalars[Scalar.TEMPERATURE_ZERO]) * (surface + scalars[Scalar.TEMPERATURE_ZERO])
    return square * square * STEFAN_BOLTZMANN


def radiative_emission(
    extent, switches, magnitude=None, *, count, start, face, face_area, surface, scalars, emission
):
    """Mean over the faces of a patch of s T^4."""
    (theta,) = terms(magnitude, surface)
    total = row_sums(start, _emitted(theta, scalars)[face] * face_area[face])
    store_rows(magnitude, "emission", emission, np.arange(count), total / row_sums(start, face_area[face]))


def radiative_irradiation(
    extent, switches, magnitude=None, *, count, exchange, emission, absorbing, direct, patches, irradiation
):
    """H = E + (direct + K (E_j - E_i)) / (A e)."""
    matrix = exchange.reshape(count, patches)
    net = direct + (matrix * (emission[None, :] - emission[:count, None])).sum(axis=1)
    size = (np.abs(matrix) * (np.abs(emission)[None, :] + np.abs(emission)[:count, None])).sum(axis=1) + np.abs(direct)
    (own,) = terms(magnitude, emission[:count])
    found = own + (net if magnitude is None else Terms(net, size)) / absorbing
    store_rows(magnitude, "irradiation", irradiation, np.arange(count), found)


def radiative_surfaces(
    extent, switches, magnitude=None, *, count, cell, patch, absorbing, film, back, node, beyond, entry,
    link_film, solid_theta, theta, irradiation, scalars, move, surface, heat,
):  # fmt: skip
    """One Newton step of the balance of film, conduction and radiation, or the heat of radiation alone."""
    film = np.where(entry < 0, film, link_film.astype(np.float64)[np.maximum(entry, 0)])
    own, air, arriving = terms(magnitude, surface, theta.astype(np.float64), irradiation)
    (behind,) = terms(magnitude, np.where(node < 0, beyond, solid_theta[np.maximum(node, 0)]))
    received = (arriving[patch] - _emitted(own, scalars)) * absorbing
    balance = (air.reshape(-1)[cell] - own) * film + (behind - own) * back + received
    slope = film + back + 4.0 * STEFAN_BOLTZMANN * absorbing * (surface + scalars[Scalar.TEMPERATURE_ZERO]) ** 3
    rows = np.arange(count)
    store_rows(magnitude, "heat", heat, rows, received)
    store_rows(magnitude, "surface", surface, rows, own + balance / slope if move else own)


def radiative_contacts(extent, switches, magnitude=None, *, count, face, heat, absorbed):
    """The heat of the face of each contact."""
    (value,) = terms(magnitude, heat)
    store_rows(magnitude, "absorbed", absorbed, np.arange(count), value[face])


def radiative_links(extent, switches, magnitude=None, *, count, entry, face, beyond, heat, back, fixed):
    """T_beyond + q back."""
    value, given = terms(magnitude, heat, beyond)
    store_rows(magnitude, "fixed", fixed, entry, given + value[face] * back[entry])


def radiative_rows(extent, switches, magnitude=None, *, count, start, face, heat, given):
    """Sum of the heat of the faces of a row."""
    (value,) = terms(magnitude, heat)
    store_rows(magnitude, "given", given, np.arange(count), row_sums(start, value[face]))
