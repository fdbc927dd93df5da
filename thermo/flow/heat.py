"""Conduction and sources beyond the fluid stencil: walls, panels, conducting solids, volumetric heat.

Every pair of neighbours exchanges G (T_other - T_own) with the conductances of both halves in series (harmonic mean),
which is exact for a piecewise linear temperature: the same number enters both rows, so heat is conserved to round-off.

The film, the share of the fluid cell in a link, stands apart: 1/G = 1/film + back + 1/film beyond a panel.
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
    film: conductance from the centre of the receiving cell to its surface, W/K. back: resistance from that surface to
        what lies beyond, K/W, without the film there. twin: the same link seen from a fluid cell at the other side of a
        panel, which has a film too; -1 where there is none. axis: of the normal. area: m2.
    conductance: of all in series, W/K. wall: index of the mesh's wall patch that a link belongs to, -1 for others.
    source_cell int64[m, 3], source W[m], source_of: -1 - index of the heat source for volumetric heat, else the wall's.
    source_share: the cell's share of its heat source.
    """

    receiver: np.ndarray
    other: np.ndarray
    film: np.ndarray
    back: np.ndarray
    twin: np.ndarray
    axis: np.ndarray
    area: np.ndarray
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
    made = 0

    def link(receiver, other, axis, area, half, beyond, other_half, fixed, wall, twin=0) -> None:
        """One direction of links: resistances per area of the receiver's half, of what is beyond, of the other half.

        twin: where the links of the other direction stand, relative to these; 0 for links in one direction.
        """
        nonlocal made
        kept = np.isfinite(half + beyond + other_half)
        n = int(kept.sum())
        twins = made + n * twin + np.arange(n)
        made += n
        films = twin != 0 and not mesh.solid[tuple(np.concatenate([receiver, other]).T)].any()
        resistance = beyond[kept] + (0.0 if films else other_half[kept])
        links.append((receiver[kept], np.broadcast_to(other, receiver.shape)[kept], (area / half)[kept],
                      resistance / area[kept], twins if films else np.full(n, -1), np.full(n, axis), area[kept],
                      (area / (half + other_half + beyond))[kept], np.full(n, fixed), np.full(n, wall)))  # fmt: skip

    def pair(low, high, axis, area, between, wall) -> None:
        """Links in both directions; between: resistance per area beyond both halves."""
        low_half, high_half = _half(mesh, k, axis, low), _half(mesh, k, axis, high)
        link(low, high, axis, area, low_half, between, high_half, 0.0, wall, twin=1)
        link(high, low, axis, area, high_half, between, low_half, 0.0, wall, twin=-1)

    covered = [np.zeros(closed.shape, bool) for closed in mesh.closed]
    for number, wall in enumerate(mesh.walls):
        if wall.thermal is None:
            continue
        patch, (kind, *values) = wall.patch, wall.thermal
        covered[patch.axis][tuple(patch.index.T)] = True
        cells = patch.cells.astype(np.int64)
        half, none = _half(mesh, k, patch.axis, cells), np.zeros(len(cells))
        if kind == "temperature":
            link(cells, OUTSIDE, patch.axis, patch.area, half, none, none, values[0], number)
        elif kind == "u_value":
            link(cells, OUTSIDE, patch.axis, patch.area, half, none + 1.0 / values[0], none, values[1], number)
        elif kind == "flux":
            sources.append((cells, values[0] * patch.area, np.full(len(cells), number), patch.area))
        elif kind == "panel":
            low = cells.copy()
            low[:, 2 - patch.axis] -= 1
            pair(low, cells, patch.axis, patch.area, none + values[0], number)
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
        pair(low, high, axis, face_areas(mesh, axis, low), np.zeros(len(low)), -1)

    for number, heat in enumerate(mesh.heat_sources):
        power = value_at(heat.power, 0.0)
        cells = np.asarray(heat.cells, np.int64)
        share = np.asarray(heat.share, float)
        sources.append((cells, power * share, np.full(len(cells), -1 - number), share))

    empty = np.empty((0, 3), np.int64)
    columns = [np.concatenate(c) for c in zip(*links, strict=True)] if links else [empty, empty] + [np.empty(0)] * 8
    given = [np.concatenate(c) for c in zip(*sources, strict=True)] if sources else [empty] + [np.empty(0)] * 3
    return HeatLinks(*columns, *given)


def heat_rows(mesh: Mesh, part: Part, links: HeatLinks, zero: float, solids: bool) -> dict[str, np.ndarray]:
    """The links and sources of the part's fluid cells (or of its conducting solids), as rows by receiving cell.

    zero: temperature at theta = 0, K. `source_row` gives for each source its row, to renew it when it changes; `link`
    for each entry its place in `links`.
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
        "film": links.film[kept][rows.order], "back": links.back[kept][rows.order],
        "area": links.area[kept][rows.order],
        "normal": links.axis[kept][rows.order].astype(np.int32), "link": np.flatnonzero(kept)[rows.order],
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
