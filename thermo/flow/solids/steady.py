"""The steady temperature of layered walls between the air inside and what is outside: how they begin."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solveh_banded

from thermo.flow.heat import HeatLinks
from thermo.flow.setup import STEFAN_BOLTZMANN, TEMPERATURE_ZERO
from thermo.flow.solids.network import Network

ROUNDS = 60  # of the surface temperature outside, whose long-wave exchange is not linear
SETTLED = 1e-11  # K


def steady_layers(
    network: Network, links: HeatLinks, theta: np.ndarray, air: np.ndarray, weather: np.ndarray, walls: np.ndarray
) -> np.ndarray:
    """Fill in theta of the nodes of layered walls; theta of cells stays. Returns theta of the outer surfaces.

    The nodes of a wall follow one another in its lines, and no line touches another: the matrix has three diagonals.

    air: theta of the cell of every link. weather: rows as in the kernel `outer_surfaces`, one per entry of `walls`.
    """
    first, n = network.layered, network.nodes - network.layered
    outer = np.zeros(len(network.outer_node))
    if n == 0:
        return outer
    node = network.outer_node - first
    met, film, sky, of_sky, of_ground, absorbed = weather[np.searchsorted(walls, network.outer_wall)].T
    diagonal, given = np.zeros(n), np.zeros(n)

    def to_known(nodes, conductance, value) -> None:
        np.add.at(diagonal, nodes - first, conductance)
        np.add.at(given, nodes - first, conductance * value)

    contact = links.node >= first
    to_known(links.node[contact].astype(int), links.conductance[contact], air[contact])
    inside = (network.low >= first) & (network.high >= first)
    for own, other in ((network.low, network.high), (network.high, network.low)):
        edge = (own >= first) & (other < first)
        to_known(own[edge], network.conductance[edge], theta[other[edge]])
        np.add.at(diagonal, own[inside] - first, network.conductance[inside])
    if np.any(network.high[inside] - network.low[inside] != 1):
        raise AssertionError("nodes of a line do not follow one another")
    beside = np.zeros(n)
    beside[network.high[inside] - first] = -network.conductance[inside]
    surface = met.copy()
    for _ in range(ROUNDS):
        own, above, around = (value + TEMPERATURE_ZERO for value in (surface, sky, met))
        to_sky = of_sky * STEFAN_BOLTZMANN * (own**2 + above**2) * (own + above)
        to_air = film + of_ground * STEFAN_BOLTZMANN * (own**2 + around**2) * (own + around)
        beyond = (to_air * met + to_sky * sky + absorbed) / (to_air + to_sky)
        outward = (to_air + to_sky) * network.outer_area
        through = 1.0 / (1.0 / outward + network.outer_resistance)
        total, known = diagonal.copy(), given.copy()
        np.add.at(total, node, through)
        np.add.at(known, node, through * beyond)
        theta[first:] = solveh_banded(np.stack([beside, total])[-n:], known)  # one node: one band
        before, surface = surface, beyond + (theta[network.outer_node] - beyond) * through / outward
        if np.abs(surface - before).max(initial=0.0) < SETTLED:
            break
    return surface
