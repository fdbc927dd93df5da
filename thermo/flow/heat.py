"""Conduction and sources beyond the fluid stencil: walls, panels, conducting solids, volumetric heat.

Every pair of neighbours exchanges G (T_other - T_own) with the conductances of both halves in series (harmonic mean),
which is exact for a piecewise linear temperature: the same number enters both rows, so heat is conserved to round-off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.case.schedule import value_at
from thermo.flow.lists import face_areas, group
from thermo.flow.part import Part
from thermo.mesh.mesh import Mesh

OUTSIDE = np.array([-1, -1, -1])


@dataclass(frozen=True)
class HeatLinks:
    """Directed heat links of the whole grid and the sources in cells.

    receiver, other: int64[n, 3] (k, j, i); other is (-1, -1, -1) where `fixed` (K) is the temperature beyond.
    conductance: W/K. wall: index of the mesh's wall patch that a link belongs to, -1 for other links.
    source_cell int64[m, 3], source W[m], source_of: -1 - index of the heat source for volumetric heat, else the wall's.
    source_share: the cell's share of its heat source.
    """

    receiver: np.ndarray
    other: np.ndarray
    conductance: np.ndarray
    fixed: np.ndarray
    wall: np.ndarray
    source_cell: np.ndarray
    source: np.ndarray
    source_of: np.ndarray
    source_share: np.ndarray


def conductivities(mesh: Mesh, fluid_conductivity: float) -> np.ndarray:
    """Conductivity of every cell, W/(m K); 0 in adiabatic solids."""
    of_material = np.array([material.conductivity or 0.0 for material in mesh.materials])
    return np.where(mesh.material < 0, fluid_conductivity, of_material[np.maximum(mesh.material, 0)])


def _half(mesh: Mesh, k: np.ndarray, axis: int, cells: np.ndarray) -> np.ndarray:
    """Thermal resistance of half a cell per unit area, m2 K/W; infinite in adiabatic solids."""
    with np.errstate(divide="ignore"):
        return 0.5 * mesh.axes[axis].widths[cells[:, 2 - axis]] / k[tuple(cells.T)]


def heat_links(mesh: Mesh, fluid_conductivity: float) -> HeatLinks:
    """Every heat link and source of the mesh. `fluid_conductivity` in W/(m K)."""
    k = conductivities(mesh, fluid_conductivity)
    links, sources = [], []

    def link(receiver, other, conductance, fixed, wall) -> None:
        kept = conductance > 0.0
        n = int(kept.sum())
        links.append((receiver[kept], np.broadcast_to(other, receiver.shape)[kept], conductance[kept],
                      np.full(n, fixed), np.full(n, wall)))  # fmt: skip

    covered = [np.zeros(closed.shape, bool) for closed in mesh.closed]
    for number, wall in enumerate(mesh.walls):
        if wall.thermal is None:
            continue
        patch, (kind, *values) = wall.patch, wall.thermal
        covered[patch.axis][tuple(patch.index.T)] = True
        cells = patch.cells.astype(np.int64)
        half = _half(mesh, k, patch.axis, cells)
        if kind == "temperature":
            link(cells, OUTSIDE, patch.area / half, values[0], number)
        elif kind == "u_value":
            link(cells, OUTSIDE, patch.area / (half + 1.0 / values[0]), values[1], number)
        elif kind == "flux":
            sources.append((cells, values[0] * patch.area, np.full(len(cells), number), patch.area))
        elif kind == "panel":
            low = cells.copy()
            low[:, 2 - patch.axis] -= 1
            conductance = patch.area / (half + values[0] + _half(mesh, k, patch.axis, low))
            link(cells, low, conductance, 0.0, number)
            link(low, cells, conductance, 0.0, number)
        else:
            raise ValueError(f"thermal wall kind {kind!r} of {patch.name} is not known")

    for axis, line in enumerate(mesh.axes):
        solid = np.moveaxis(mesh.solid, 2 - axis, 0) != 0
        conducting = np.moveaxis(k, 2 - axis, 0) > 0.0
        count = line.n if line.periodic else line.n - 1
        low_of = np.arange(count)
        high_of = (low_of + 1) % line.n
        # fluid-fluid conduction is the stencil's; a wall patch on the face replaces what stands here
        pairs = (solid[low_of] | solid[high_of]) & conducting[low_of] & conducting[high_of]
        pairs &= ~np.moveaxis(covered[axis], 2 - axis, 0)[high_of]
        places = np.argwhere(pairs)
        low, high = places.copy(), places.copy()
        high[:, 0] = high_of[places[:, 0]]
        order = {0: [1, 2, 0], 1: [1, 0, 2], 2: [0, 1, 2]}[axis]  # from (along, rest...) back to (k, j, i)
        low, high = low[:, order], high[:, order]
        resistance = _half(mesh, k, axis, low) + _half(mesh, k, axis, high)
        conductance = face_areas(mesh, axis, low) / resistance
        link(low, high, conductance, 0.0, -1)
        link(high, low, conductance, 0.0, -1)

    for number, heat in enumerate(mesh.heat_sources):
        power = value_at(heat.power, 0.0)
        cells = np.asarray(heat.cells, np.int64)
        share = np.asarray(heat.share, float)
        sources.append((cells, power * share, np.full(len(cells), -1 - number), share))

    empty = np.empty((0, 3), np.int64)
    columns = [np.concatenate(c) for c in zip(*links, strict=True)] if links else [empty, empty] + [np.empty(0)] * 3
    given = [np.concatenate(c) for c in zip(*sources, strict=True)] if sources else [empty] + [np.empty(0)] * 3
    return HeatLinks(*columns, *given)


def heat_rows(mesh: Mesh, part: Part, links: HeatLinks, zero: float, solids: bool) -> dict[str, np.ndarray]:
    """The links and sources of the part's fluid cells (or of its conducting solids), as rows by receiving cell.

    zero: temperature at theta = 0, K. `source_order` gives for each source its row, to renew it when it changes.
    """
    wanted = (mesh.solid != 0) == solids
    local = part.local(links.receiver)
    kept = part.holds(local) & wanted[tuple(links.receiver.T)]
    receiver = part.flat(local)[kept]
    neighbour = part.flat(_nearest_image(mesh, part, links.other[kept], local[kept]))
    beyond = np.where(links.other[kept, 0] < 0, -1, neighbour)
    source_local = part.local(links.source_cell)
    source_kept = part.holds(source_local) & wanted[tuple(links.source_cell.T)]
    source_cell = part.flat(source_local)[source_kept]
    cells = np.unique(np.concatenate([receiver, source_cell]))
    rows = group(receiver)
    counts = np.zeros(len(cells), np.int64)
    counts[np.searchsorted(cells, rows.receiver)] = np.diff(rows.start)
    source_row = np.searchsorted(cells, source_cell)
    return {
        "cell": cells, "start": np.append(0, np.cumsum(counts)).astype(np.int32),
        "source": np.bincount(source_row, links.source[source_kept], len(cells)).astype(np.float64),
        "other": beyond[rows.order].astype(np.int64), "conductance": links.conductance[kept][rows.order],
        "fixed": (links.fixed[kept] - zero)[rows.order], "volume": part.volumes(cells),
        "region": part.labels.ravel()[cells].astype(np.int32), "source_row": source_row,
        "source_of": links.source_of[source_kept], "source_value": links.source[source_kept],
        "source_share": links.source_share[source_kept], "link_wall": links.wall[kept][rows.order].astype(np.int64),
    }  # fmt: skip


def _nearest_image(mesh: Mesh, part: Part, cells: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Padded index of the neighbours `cells` as seen from `near`: across a periodic boundary it is the ghost image."""
    local = part.local(cells)
    for axis, line in enumerate(mesh.axes):
        if line.periodic:
            step = local[:, 2 - axis] - near[:, 2 - axis]
            local[:, 2 - axis] -= np.where(step > 1, line.n, 0) - np.where(step < -1, line.n, 0)
    return local
