"""Temperature of the surfaces beside the air: of walls, panels and solids that exchange heat with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernels import GHOST
from thermo.flow.march import March
from thermo.flow.setup import TEMPERATURE_ZERO


@dataclass(frozen=True)
class Surfaces:
    """Pieces of surface, one per cell and side: names of the objects, cells int64[n, 3] (k, j, i), K, m2."""

    names: np.ndarray
    cells: np.ndarray
    temperature: np.ndarray
    area: np.ndarray


def surfaces(solver: March) -> Surfaces:
    """All surfaces at this moment: T_s = T + (G / G_film) (T_beyond - T), with G_film the share of the air in G.

    A laminar film of half a cell where no wall model has renewed it: colder than the true surface of a cold wall.
    """
    found = []
    for part, lists, theta in zip(solver.parts, solver.boundaries.lists, _theta(solver), strict=True):
        device, host = lists.device["fluid_heat"], lists.host["fluid_heat"]
        if not len(host["other"]):
            continue
        conductance, film, fixed = (
            solver.backend.to_host(device[name]).astype(np.float64) for name in ("conductance", "film", "fixed")
        )
        own = theta[host["entry_cell"]]
        there = np.where(host["other"] < 0, fixed, theta[np.maximum(host["other"], 0)])
        kelvin = own + conductance / film * (there - own) + TEMPERATURE_ZERO
        k, rest = np.divmod(host["entry_cell"], part.extent.sz)
        j, i = np.divmod(rest, part.extent.sy)
        cells = np.stack([k, j, i], axis=1) - GHOST + np.asarray(part.subdomain.offset)
        found.append((_names(solver, host), cells, kelvin, host["area"]))
    if not found:
        return Surfaces(np.empty(0, object), np.empty((0, 3), np.int64), np.empty(0), np.empty(0))
    return Surfaces(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _theta(solver: March) -> Sequence[np.ndarray]:
    return [solver.backend.to_host(part.theta[solver.level]).ravel().astype(np.float64) for part in solver.parts]


def _names(solver: March, host: dict[str, np.ndarray]) -> np.ndarray:
    """Of the wall or panel of every piece, else "solids"."""
    walls = np.array([wall.patch.name for wall in solver.mesh.walls] + ["solids"], object)
    return walls[host["link_wall"]]
