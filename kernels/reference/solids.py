"""References of the network of solids: contacts with the air, outer surfaces, and the implicit step of its nodes."""

import numpy as np

from kernels.reference.terms import row_sums, rows_of_entries, store_rows, terms
from kernels.scalars import Scalar

STEFAN_BOLTZMANN = 5.670374419e-8  # W/(m2 K4), CODATA 2018


def contact_heat(
    extent, switches, magnitude=None, *, count, cell, entry, conductance, fixed, theta, scalars, exchanged
):
    """exchanged + dt/3 G (T_beyond - T_air), the product in the precision of the air."""
    air, beyond, before = terms(magnitude, theta, fixed, exchanged)
    flow = conductance[entry] * (beyond[entry] - air.reshape(-1)[cell])
    store_rows(magnitude, "exchanged", exchanged, np.arange(count), before + flow * scalars[Scalar.DT] / 3)


def outer_surfaces(
    extent, switches, magnitude=None, *, count, node, wall, area, resistance, weather, solid_theta, scalars, surface,
    conductance, fixed,
):  # fmt: skip
    """Heat balance of a surface without capacity: air, sky, ground, sun, and the node within."""
    air, film, sky, of_sky, of_ground, absorbed = weather.reshape(-1, 6)[wall].T
    kelvin = scalars[Scalar.TEMPERATURE_ZERO]
    own, inner = terms(magnitude, surface, solid_theta)
    own = own + kelvin

    def radiative(factor, theta):
        other = theta + kelvin
        return (own * own + other * other) * (own + other) * factor * STEFAN_BOLTZMANN

    to_sky, to_air = radiative(of_sky, sky), radiative(of_ground, air) + film
    total = to_sky + to_air
    beyond = (to_air * air + to_sky * sky + absorbed) / total
    through = 1.0 / (1.0 / (total * area) + resistance)
    rows = np.arange(count)
    store_rows(magnitude, "conductance", conductance, rows, through)
    store_rows(magnitude, "fixed", fixed, rows, beyond)
    store_rows(magnitude, "surface", surface, rows, beyond + (inner[node] - beyond) * through / (total * area))


def solid_rates(
    extent, switches, magnitude=None, *, count, capacity, source, edge_start, edge_node, edge_conductance, fixed_start,
    conductance, fixed, contact_start, contact, exchanged, absorbed, solid_theta, step, rate, diagonal, first, second,
):  # fmt: skip
    """Heat of every node at the old temperatures, C/dt + sum G, and the first two iterates of the increment."""
    theta, beyond, power, given, radiated = terms(magnitude, solid_theta, fixed, source, exchanged, absorbed)
    edges, links = (theta[rows_of_entries(start)] for start in (edge_start, fixed_start))
    heat = power + row_sums(edge_start, (theta[edge_node] - edges) * edge_conductance)
    heat = heat + row_sums(fixed_start, (beyond - links) * conductance)
    heat = heat + row_sums(contact_start, radiated[contact] - given[contact] / step[0])
    total = capacity / step[0] + row_sums(edge_start, edge_conductance) + row_sums(fixed_start, conductance)
    rows = np.arange(count)
    store_rows(magnitude, "rate", rate, rows, heat)
    store_rows(magnitude, "diagonal", diagonal, rows, total)
    store_rows(magnitude, "first", first, rows, heat / total)
    store_rows(magnitude, "second", second, rows, np.zeros(count))


def solid_sweep(
    extent, switches, magnitude=None, *, count, rate, diagonal, edge_start, edge_node, edge_conductance, current, step,
    sweep, next,
):  # fmt: skip
    """x + weight (Jacobi's next x - x)."""
    now, last, heat = terms(magnitude, current, next, rate)
    jacobi = (heat + row_sums(edge_start, now[edge_node] * edge_conductance)) / diagonal
    store_rows(magnitude, "next", next, np.arange(count), last + (jacobi - last) * step[1 + sweep])


def solid_step(
    extent, switches, magnitude=None, *, count, capacity, rate, edge_start, edge_node, edge_conductance, fixed_start,
    conductance, fixed, increment, step, solid_theta, given,
):  # fmt: skip
    """The new temperature of every node from the fluxes at the new temperatures, and the heat of the fixed links."""
    gain, before, heat, beyond, sums = terms(magnitude, increment, solid_theta, rate, fixed, given)
    heat = heat + row_sums(edge_start, (gain[edge_node] - gain[rows_of_entries(edge_start)]) * edge_conductance)
    heat = heat - row_sums(fixed_start, gain[rows_of_entries(fixed_start)] * conductance)
    new = (before + gain)[rows_of_entries(fixed_start)]
    store_rows(magnitude, "given", given, np.arange(len(given)), sums + (beyond - new) * conductance * step[0])
    store_rows(magnitude, "solid_theta", solid_theta, np.arange(count), before + heat * step[0] / capacity)


def solid_surfaces(
    extent, switches, magnitude=None, *, count, node, entry, absorbed, back, solid_theta, fixed, exchanged
):
    """Temperature of the node behind each contact and what radiation adds; the sums of its heat begin anew."""
    theta, radiated = terms(magnitude, solid_theta, absorbed)
    store_rows(magnitude, "fixed", fixed, entry, theta[node] + radiated * back[entry])
    store_rows(magnitude, "exchanged", exchanged, np.arange(count), np.zeros(count))


def solid_cells(extent, switches, magnitude=None, *, count, cell, node, solid_theta, theta):
    """Temperature of the node of each cell."""
    (value,) = terms(magnitude, solid_theta)
    store_rows(magnitude, "theta", theta, cell, value[node])
