"""How long the bodies of a network take to follow what is around them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from thermo.flow.solids.network import Network

OUTER_FILM = 10.0  # W/(m2 K), of outer surfaces: convection and radiation of a calm day
ACCURACY = 1e-3  # of the times


def bodies(network: Network) -> np.ndarray:
    """Number of the connected body that each node belongs to, int[nodes]."""
    edges = coo_matrix((np.ones(len(network.low)), (network.low, network.high)), (network.nodes, network.nodes))
    return connected_components(edges, directed=False)[1]


def settling_times(network: Network, contact_node: np.ndarray, contact_conductance: np.ndarray) -> np.ndarray:
    """A time of every node, s, after a change around its body: the mean exit time t of the heat, K t = C.

    K holds the conductances (W/K) between nodes, and those of contacts, given temperatures and outer surfaces on its
    diagonal. By the maximum principle the largest t of a body is no less than the time constant of its slowest mode:
    with C dT/dt = -K T and |T| <= t at the beginning, |T| never leaves t. 0 in bodies without any exit, which nothing
    outside ever heats or cools.
    """
    n = network.nodes
    outer = 1.0 / (network.outer_resistance + 1.0 / (OUTER_FILM * network.outer_area))
    exits = np.bincount(contact_node, contact_conductance, n)
    exits += np.bincount(network.fixed_node, network.fixed_conductance, n)
    exits += np.bincount(network.outer_node, outer, n)
    body = bodies(network)
    kept = np.flatnonzero(np.bincount(body, exits)[body] > 0.0)
    times = np.zeros(n)
    if not len(kept):
        return times
    low, high = (np.concatenate(ends) for ends in ((network.low, network.high), (network.high, network.low)))
    between = coo_matrix((np.tile(network.conductance, 2), (low, high)), (n, n)).tocsr()[kept][:, kept]
    diagonal = np.asarray(between.sum(axis=1)).ravel() + exits[kept]
    jacobi = LinearOperator(between.shape, lambda x: x.ravel() / diagonal)
    times[kept], _ = cg(diags_array(diagonal) - between, network.capacity[kept], rtol=ACCURACY, M=jacobi)
    return times
