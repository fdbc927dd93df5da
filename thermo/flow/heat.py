"""What the air exchanges with walls, panels and solids, and the heat that is given to it.

A fluid cell gets G (T_beyond - T_own) through every surface beside it, with all that lies between in series (harmonic
mean), which is exact for a piecewise linear temperature. Beyond is a given temperature, the fluid cell on the other
side of a panel, or a node of the network of solids. The same number enters both ends, so heat is conserved to
round-off.

The film, the share of the fluid cell in a link, stands apart: 1/G = 1/film + back + 1/film beyond a panel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.case.schedule import value_at
from thermo.flow.lists import face_areas, group
from thermo.flow.part import Part
from thermo.flow.solids.network import Network, half_resistance, low_faces, neighbours, solid_conductivities
from thermo.mesh.mesh import Mesh

OUTSIDE = np.array([-1, -1, -1])


@dataclass(frozen=True)
class HeatLinks:
    """Heat links of the fluid cells of the whole grid, and the sources in them.

    receiver, other: int64[n, 3] (k, j, i); other is the fluid cell beyond a panel, else (-1, -1, -1): then `node` is
        that of the network beyond, or -1 where `fixed` (K) is the temperature there.
    film: conductance from the centre of the receiving cell to its surface, W/K. back: resistance from that surface to
        what lies beyond, K/W, without the film there. twin: the same link seen from the fluid cell at the other side of
        a panel, which has a film too; -1 where there is none. axis: of the normal. side: of the receiving cell on which
        the surface lies, 0 low, 1 high. area: m2.
    conductance: of all in series, W/K. wall: index of the mesh's wall patch that a link belongs to, -1 for others.
    source_cell int64[m, 3], source W[m], source_of: -1 - index of the heat source for volumetric heat, else the wall's.
    source_share: the cell's share of its heat source.
    """

    receiver: np.ndarray
    other: np.ndarray
    node: np.ndarray
    film: np.ndarray
    back: np.ndarray
    twin: np.ndarray
    axis: np.ndarray
    side: np.ndarray
    area: np.ndarray
    conductance: np.ndarray
    fixed: np.ndarray
    wall: np.ndarray
    source_cell: np.ndarray
    source: np.ndarray
    source_of: np.ndarray
    source_share: np.ndarray


def conductivities(mesh: Mesh, fluid_conductivity: float | np.ndarray) -> np.ndarray:
    """Conductivity of every cell, W/(m K), that of the fluid as one number or by cell; 0 in adiabatic solids."""
    return np.where(mesh.material < 0, fluid_conductivity, solid_conductivities(mesh))


def heat_links(mesh: Mesh, fluid_conductivity: float | np.ndarray, network: Network) -> HeatLinks:
    """Every heat link and source of the fluid. `fluid_conductivity` in W/(m K), one number or by cell.

    Raises ValueError for heat in a solid that does not conduct.
    """
    fluid = mesh.solid == 0
    in_fluid = np.where(fluid, fluid_conductivity, 0.0)
    k = solid_conductivities(mesh)
    links, sources = [], []
    made = 0

    def link(
        receiver, axis, side, area, back, wall=-1, *, fixed=0.0, node=-1, other=None, other_half=0.0, twin=0
    ) -> None:  # fmt: skip
        """Links of one direction. back, other_half: resistances per area, of the fluid beyond a panel the latter.

        twin: where the links of the other direction stand, relative to these.
        """
        nonlocal made
        half = half_resistance(mesh, in_fluid, axis, receiver)
        n = len(receiver)
        twins = np.full(n, -1) if other is None else made + n * twin + np.arange(n)
        made += n
        other = np.broadcast_to(OUTSIDE, receiver.shape) if other is None else other
        links.append((receiver, other, np.broadcast_to(node, n), area / half, np.broadcast_to(back / area, n), twins,
                      np.full(n, axis), np.full(n, side), area, area / (half + other_half + back), np.full(n, fixed),
                      np.full(n, wall)))  # fmt: skip

    covered = [np.zeros(closed.shape, bool) for closed in mesh.closed]
    for number, wall in enumerate(mesh.walls):
        if wall.thermal is None:
            continue
        patch, (kind, *values) = wall.patch, wall.thermal
        covered[patch.axis][tuple(patch.index.T)] = True
        cells = patch.cells.astype(np.int64)
        air = fluid[tuple(cells.T)]
        cells, area, axis, side = cells[air], patch.area[air], patch.axis, int(patch.inward < 0)
        if kind == "temperature":
            link(cells, axis, side, area, 0.0, number, fixed=values[0])
        elif kind == "u_value":
            link(cells, axis, side, area, 1.0 / values[0], number, fixed=values[1])
        elif kind == "flux":
            sources.append((cells, values[0] * area, np.full(len(cells), number), area))
        elif kind == "panel":
            low = cells.copy()
            low[:, 2 - axis] = (low[:, 2 - axis] - 1) % mesh.axes[axis].n
            halves = (half_resistance(mesh, in_fluid, axis, of) for of in (low, cells))
            ends = zip((cells, low), (low, cells), halves, (0, 1), (1, -1), strict=True)
            for receiver, other, half, of_receiver, twin in ends:
                link(receiver, axis, of_receiver, area, values[0], number, other=other, other_half=half, twin=twin)
        elif kind == "construction":
            # the first is the fluid's side of a wall, or the high side of a panel, whose other one is the second
            for surface, of_receiver in zip(network.surfaces[number], (side, 1), strict=False):
                air = fluid[tuple(surface.cell.T)]
                cells, area, node = surface.cell[air], surface.area[air], surface.node[air]
                link(cells, axis, of_receiver, area, surface.resistance, number, node=node)
        else:
            raise ValueError(f"thermal wall kind {kind!r} of {patch.name} is not known")

    for axis in range(3):
        free = ~low_faces(mesh, axis, covered[axis])  # a wall patch on the face replaces what stands here
        nodes = network.node_of_cell >= 0
        ahead = neighbours(mesh, axis, fluid, nodes & free)
        behind = neighbours(mesh, axis, nodes, fluid & free)[::-1]
        for (cells, solids), side in ((ahead, 1), (behind, 0)):
            back = half_resistance(mesh, k, axis, solids)
            node = network.node_of_cell[tuple(solids.T)]
            link(cells, axis, side, face_areas(mesh, axis, cells), back, node=node)

    for number, heat in enumerate(mesh.heat_sources):
        cells = np.asarray(heat.cells, np.int64)
        air = fluid[tuple(cells.T)]
        if np.any(~air & (network.node_of_cell[tuple(cells.T)] < 0)):
            raise ValueError(f"{heat.name}: part of its heat lies in a solid that does not conduct")
        share = (1.0 - heat.radiant_fraction) * np.asarray(heat.share, float)[air]
        sources.append((cells[air], value_at(heat.power, 0.0) * share, np.full(len(share), -1 - number), share))

    empty = np.empty((0, 3), np.int64)
    columns = [np.concatenate(c) for c in zip(*links, strict=True)] if links else [empty, empty] + [np.empty(0)] * 10
    given = [np.concatenate(c) for c in zip(*sources, strict=True)] if sources else [empty] + [np.empty(0)] * 3
    return HeatLinks(*columns, *given)


def heat_rows(
    mesh: Mesh, part: Part, links: HeatLinks, zero: float, others: np.ndarray
) -> dict[str, np.ndarray]:
    """The links and sources of the part's fluid cells, as rows by receiving cell.

    zero: temperature at theta = 0, K. others: int64[n, 3], cells that need a row besides. `source_row` gives for each
    source its row, to renew it when it changes; `link` for each entry its place in `links`.
    """
    local = part.local(links.receiver)
    kept = part.holds(local)
    receiver = part.flat(local)[kept]
    neighbour = part.flat(_nearest_image(mesh, part, links.other[kept], local[kept]))
    beyond = np.where(links.other[kept, 0] < 0, -1, neighbour)
    source_local = part.local(links.source_cell)
    source_kept = part.holds(source_local)
    source_cell = part.flat(source_local)[source_kept]
    other = part.local(others)
    cells = np.unique(np.concatenate([receiver, source_cell, part.flat(other[part.holds(other)])]))
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
        "normal": links.axis[kept][rows.order].astype(np.int32), "side": links.side[kept][rows.order].astype(np.int32),
        "link": np.flatnonzero(kept)[rows.order],
        "node": links.node[kept][rows.order].astype(np.int64), "entry_cell": receiver[rows.order],
        "fixed": (links.fixed[kept] - zero)[rows.order], "reciprocal_volume": 1.0 / part.volumes(cells),
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
