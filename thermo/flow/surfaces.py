"""Temperature of the surfaces beside the air: of walls, panels and solids that exchange heat with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from thermo.flow.march import March
from thermo.flow.output import CELSIUS_ZERO
from thermo.flow.setup import TEMPERATURE_ZERO

ADIABATIC = "adiabatic surfaces"


@dataclass(frozen=True)
class Surfaces:
    """Pieces of surface, one per cell and side: names of the objects, cells int64[n, 3] (k, j, i), K, m2.

    heat: that the air, or the liquid, before each receives from it through its film, W.
    """

    names: np.ndarray
    cells: np.ndarray
    temperature: np.ndarray
    area: np.ndarray
    heat: np.ndarray

    def within(self, cells: np.ndarray) -> Surfaces:
        """Those before the cells of a mask, bool[nz, ny, nx]."""
        kept = cells[tuple(self.cells.T)]
        columns = (self.names, self.cells, self.temperature, self.area, self.heat)
        return Surfaces(*(column[kept] for column in columns))


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
        heat = conductance * (there - own)
        kelvin = own + heat / film + TEMPERATURE_ZERO
        cells = part.places(host["entry_cell"])
        labels = part.labels.ravel()[host["entry_cell"]]
        found.append((_names(solver, host, labels), cells, kelvin, host["area"], heat))
    if not found:
        return Surfaces(np.empty(0, object), np.empty((0, 3), np.int64), *(np.empty(0) for _ in range(3)))
    return Surfaces(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def by_object(solver: March) -> list[dict]:
    """One line per wall, panel and "solids" at this moment, and one of what does not conduct where surfaces radiate.

    Mean temperature over the area, heat that the air receives through the film, radiation that the surface absorbs.
    """
    pieces = surfaces(solver)
    lines = {}
    for name in dict.fromkeys(pieces.names):
        mine = pieces.names == name
        lines[name] = _line(name, pieces.area[mine], pieces.temperature[mine], pieces.heat[mine].sum(), None)
    radiation = solver.solids.radiation
    if radiation is not None:
        faces, absorbed, kelvin = radiation.surfaces.faces, radiation.heat_of_faces(), radiation.temperatures()
        wall = np.where(radiation.surfaces.link < 0, len(solver.mesh.walls) + 1,
                        solver.boundaries.links.wall[radiation.surfaces.link]).astype(int)  # fmt: skip
        names = np.array([of.patch.name for of in solver.mesh.walls] + ["solids", ADIABATIC], object)
        found = np.where(faces.opening >= 0, "", names[np.where(wall < 0, len(solver.mesh.walls), wall)])
        for name in dict.fromkeys(found[faces.opening < 0]):
            mine = found == name
            heat = float(absorbed[mine].sum())
            if name == ADIABATIC:
                lines[name] = _line(name, faces.area[mine], kelvin[mine], heat, heat)
            else:
                lines[name]["radiation_absorbed_w"] = heat
    return list(lines.values())


def _line(name: str, area: np.ndarray, kelvin: np.ndarray, heat: float, radiation: float | None) -> dict:
    celsius = kelvin - CELSIUS_ZERO
    return {
        "name": name, "area_m2": float(area.sum()), "temperature_mean_c": float(area @ celsius / area.sum()),
        "temperature_min_c": float(celsius.min()), "temperature_max_c": float(celsius.max()),
        "heat_to_air_w": float(heat), "radiation_absorbed_w": radiation,
    }  # fmt: skip


def _theta(solver: March) -> Sequence[np.ndarray]:
    return [solver.backend.to_host(part.theta[solver.level]).ravel().astype(np.float64) for part in solver.parts]


def _names(solver: March, host: dict[str, np.ndarray], labels: np.ndarray) -> np.ndarray:
    """Of the wall or panel of every piece, else "solids"; with the name of the liquid before it. labels: of regions."""
    walls = np.array([wall.patch.name for wall in solver.mesh.walls] + ["solids"], object)
    before = np.array([f" in {region.liquid}" if region.liquid else "" for region in solver.mesh.regions], object)
    return walls[host["link_wall"]] + before[labels]
