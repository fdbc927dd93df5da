"""The exchange of heat between grey patches: from exchange areas to one symmetric matrix."""

from __future__ import annotations

import numpy as np

from thermo.flow.radiation.factors import exchange_areas
from thermo.flow.radiation.surfaces import Patches
from thermo.flow.radiation.visibility import visible_shares
from thermo.mesh.mesh import Mesh

SCALINGS = 10_000
CLOSED = 1e-13


def seen_areas(mesh: Mesh, patches: Patches) -> np.ndarray:
    """A_i F_ij, m2, symmetric, every row with the sum A_i.

    In closed form times the visible share, then closed by a factor per patch, d_i A_i F_ij d_j, which keeps reciprocity
    exact. A patch that sees nothing sees itself.
    """
    m = len(patches.area)
    one, two = np.triu_indices(m, 1)
    area = exchange_areas(patches.axis, patches.facing, patches.box, one, two)
    facing = np.flatnonzero(area > 1e-12 * np.minimum(patches.area[one], patches.area[two]))
    one, two, area = one[facing], two[facing], area[facing]
    if has_obstacles(mesh):
        area = area * visible_shares(mesh, patches, one, two)
    found = np.zeros((m, m))
    found[one, two] = area
    found[two, one] = area
    return closed(found, patches.area)


def has_obstacles(mesh: Mesh) -> bool:
    inner = (np.moveaxis(shut, 2 - axis, 0)[1:-1].any() for axis, shut in enumerate(mesh.closed))
    return any(inner)


def closed(areas: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """A symmetric matrix scaled on both sides by one factor per row, so that its rows have the sums `wanted`."""
    blind = areas.sum(axis=1) <= 1e-9 * wanted
    areas = np.where(blind[:, None] | blind[None, :], 0.0, areas)
    areas[blind, blind] = wanted[blind]
    factor = np.ones(len(wanted))
    for _ in range(SCALINGS):
        ratio = wanted / (factor * (areas @ factor))
        factor *= np.sqrt(ratio)
        if np.abs(ratio - 1.0).max() < CLOSED:
            break
    scaled = factor[:, None] * areas * factor
    # what the scaling left, and rows that it cannot close (a patch that only sees a smaller one), is seen in itself
    np.fill_diagonal(scaled, 0.0)
    excess = scaled.sum(axis=1) / wanted
    scaled /= np.sqrt(np.maximum(excess, 1.0)[:, None] * np.maximum(excess, 1.0))
    np.fill_diagonal(scaled, np.maximum(wanted - scaled.sum(axis=1), 0.0))
    return scaled


def exchange_matrix(seen: np.ndarray, area: np.ndarray, emissivity: np.ndarray) -> np.ndarray:
    """K, m2, symmetric: patch i receives sum_j K_ij s (T_j^4 - T_i^4), W, directly and by all reflections.

    Net-radiation method (R. Siegel & J. R. Howell, Thermal Radiation Heat Transfer): radiosity J = e E + (1 - e) H and
    irradiation A H = S J with S = A F, so (A - S (1 - e)) H = S e E, and what is absorbed is A e H = K E. K is
    symmetric but for rounding; the mean of both triangles makes the exchange of every pair exact.
    """
    absorbed = absorbed_of(seen, area, emissivity, seen * emissivity)
    return 0.5 * (absorbed + absorbed.T)


def absorbed_of(seen: np.ndarray, area: np.ndarray, emissivity: np.ndarray, arriving: np.ndarray) -> np.ndarray:
    """What patches absorb, directly and by all reflections, of what arrives at them first: A e (A - S (1 - e))^-1.

    arriving: float[m] or [m, n], W. The sums over the patches are those of `arriving`: the rows of S have the sums A.
    """
    reflected = np.diag(area) - seen * (1.0 - emissivity)
    absorbing = area * emissivity
    return (absorbing * np.linalg.solve(reflected, arriving).T).T
