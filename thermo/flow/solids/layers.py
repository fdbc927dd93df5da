"""Nodes of layered walls: one-dimensional conduction normal to the wall."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, sqrt

import numpy as np

from thermo.mesh.construction import Construction, Layer

FINEST_TIME = 60.0  # s: the first cell of a layer has a Fourier number alpha FINEST_TIME / dx^2 of 1
GROWTH = 1.5  # largest ratio of the widths of neighbouring cells


@dataclass(frozen=True)
class Line:
    """The nodes of a construction from its first to its last layer.

    capacity: J/(m2 K) of every node. resistance: m2 K/W, from the first surface to the first node, between the nodes,
    and from the last node to the last surface: one more than there are nodes.
    """

    capacity: np.ndarray
    resistance: np.ndarray


def widths(layer: Layer) -> np.ndarray:
    """Widths of the cells of a layer, m: they grow from both faces, where temperature changes first, to the middle.

    A face feels a change of duration t to the depth sqrt(alpha t), so the first cell is sqrt(alpha FINEST_TIME) wide.
    """
    first = sqrt(layer.conductivity / (layer.density * layer.heat_capacity) * FINEST_TIME)
    half = 0.5 * layer.thickness
    if half <= 0.5 * first:
        return np.array([layer.thickness])
    number = max(1, ceil(log(1.0 + half * (GROWTH - 1.0) / first) / log(GROWTH)))
    growing = GROWTH ** np.arange(number)
    growing *= half / growing.sum()
    return np.concatenate([growing, growing[::-1]])


def line(construction: Construction) -> Line:
    """The nodes of a construction. Raises ValueError where no layer has a heat capacity."""
    capacity: list[float] = []
    resistance = [0.0]
    for layer in construction.layers:
        if layer.capacity == 0.0:
            resistance[-1] += layer.total_resistance
            continue
        for width in widths(layer):
            half = 0.5 * width / layer.conductivity
            resistance[-1] += half
            resistance.append(half)
            capacity.append(width * layer.density * layer.heat_capacity)
    if not capacity:
        raise ValueError(f"construction {construction.name!r} has no heat capacity: give its U-value instead")
    return Line(np.array(capacity), np.array(resistance))
