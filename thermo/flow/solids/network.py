"""Everything that conducts beyond the air, as one network of nodes with heat capacity.

Nodes are the cells of conducting solids, with the conductances of both halves in series between neighbours (exact for
a piecewise linear temperature), and the cells of layered walls. The network holds the whole grid; what the nodes
exchange with the air are the links of `thermo.flow.heat`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.case.schedule import value_at
from thermo.flow.lists import face_areas
from thermo.flow.solids.layers import line
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import WallPatch


@dataclass(frozen=True, eq=False)
class Surface:
    """One side of a layered wall towards the grid: the cells before it, the node of each and the resistance to it.

    cell: int64[n, 3] (k, j, i). node: int64[n]. resistance: m2 K/W from surface to node. area: m2. axis: of the normal.
    """

    cell: np.ndarray
    node: np.ndarray
    resistance: float
    area: np.ndarray
    axis: int


@dataclass(frozen=True, eq=False)
class Network:
    """capacity: J/K of every node. low, high, conductance: pairs of nodes, W/K.

    fixed_node, fixed_conductance, fixed_temperature: nodes that conduct to a given temperature, W/K and K.
    outer_node, outer_resistance (K/W), outer_area (m2), outer_wall: the outer surfaces of layered walls, and the number
        of their wall in the mesh.
    source_node, source (W), source_of, source_share: as in `HeatLinks`.
    node_of_cell: int64[nz, ny, nx], -1 where a cell is no node. surfaces: of the layered walls, by number in the mesh.
    layered: int64, the node before which those of layered walls begin (all others are cells).
    """

    capacity: np.ndarray
    low: np.ndarray
    high: np.ndarray
    conductance: np.ndarray
    fixed_node: np.ndarray
    fixed_conductance: np.ndarray
    fixed_temperature: np.ndarray
    outer_node: np.ndarray
    outer_resistance: np.ndarray
    outer_area: np.ndarray
    outer_wall: np.ndarray
    source_node: np.ndarray
    source: np.ndarray
    source_of: np.ndarray
    source_share: np.ndarray
    node_of_cell: np.ndarray
    surfaces: dict[int, list[Surface]]
    layered: int

    @property
    def nodes(self) -> int:
        return len(self.capacity)


def neighbours(mesh: Mesh, axis: int, low_of: np.ndarray, high_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of neighbouring cells along an axis, across a periodic end too: low and high, int64[n, 3] (k, j, i).

    low_of, high_of: bool[nz, ny, nx], which cells the low and the high one of a pair may be.
    """
    line = mesh.axes[axis]
    low, high = (np.moveaxis(cells, 2 - axis, 0) for cells in (low_of, high_of))
    high = np.concatenate([high[1:], high[:1]]) if line.periodic else high[1:]
    places = np.argwhere(low[: len(high)] & high)
    order = {0: [1, 2, 0], 1: [1, 0, 2], 2: [0, 1, 2]}[axis]  # from (along, rest...) back to (k, j, i)
    lows = places[:, order]
    highs = lows.copy()
    highs[:, 2 - axis] = (highs[:, 2 - axis] + 1) % line.n
    return lows, highs


def low_faces(mesh: Mesh, axis: int, faces: np.ndarray) -> np.ndarray:
    """What is so of the low face of every cell along an axis, bool[nz, ny, nx], of a bool array of all faces."""
    return np.moveaxis(np.moveaxis(faces, 2 - axis, 0)[: mesh.axes[axis].n], 0, 2 - axis)


def half_resistance(mesh: Mesh, conductivity: np.ndarray, axis: int, cells: np.ndarray) -> np.ndarray:
    """Thermal resistance of half a cell per unit area, m2 K/W; infinite where the conductivity is 0."""
    with np.errstate(divide="ignore"):
        return 0.5 * mesh.axes[axis].widths[cells[:, 2 - axis]] / conductivity[tuple(cells.T)]


def solid_conductivities(mesh: Mesh) -> np.ndarray:
    """Conductivity of every solid cell, W/(m K); 0 in adiabatic solids and in fluid."""
    of_material = np.array([material.conductivity or 0.0 for material in mesh.materials])
    return np.where(mesh.material < 0, 0.0, of_material[np.maximum(mesh.material, 0)])


class _Columns:
    """Columns of a list that grows by blocks."""

    def __init__(self, *kinds: type) -> None:
        self.kinds = kinds
        self.blocks: list[tuple[np.ndarray, ...]] = []

    def add(self, first: np.ndarray, *others) -> None:
        columns, n = (first, *others), len(first)
        self.blocks.append(tuple(np.broadcast_to(column, n) for column in columns))

    def joined(self) -> list[np.ndarray]:
        if not self.blocks:
            return [np.empty(0, kind) for kind in self.kinds]
        return [np.concatenate(c).astype(k) for c, k in zip(zip(*self.blocks, strict=True), self.kinds, strict=True)]


def build_network(mesh: Mesh) -> Network:
    """The network of a mesh. Raises ValueError for a construction without heat capacity."""
    k = solid_conductivities(mesh)
    inside = k > 0.0
    node_of_cell = np.full(mesh.shape, -1, np.int64)
    node_of_cell[inside] = np.arange(inside.sum())
    of_material = np.array([material.density * material.heat_capacity for material in mesh.materials])
    capacity = [(of_material[np.maximum(mesh.material, 0)] * mesh.volumes())[inside]]
    count = layered = int(inside.sum())
    edges = _Columns(np.int64, np.int64, np.float64)
    fixed = _Columns(np.int64, np.float64, np.float64)
    outer = _Columns(np.int64, np.float64, np.float64, np.int64)
    sources = _Columns(np.int64, np.float64, np.int64, np.float64)
    surfaces: dict[int, list[Surface]] = {}
    covered = [np.zeros(closed.shape, bool) for closed in mesh.closed]

    for number, wall in enumerate(mesh.walls):
        if wall.thermal is None:
            continue
        patch, (kind, *values) = wall.patch, wall.thermal
        covered[patch.axis][tuple(patch.index.T)] = True
        cells = patch.cells.astype(np.int64)
        node = node_of_cell[tuple(cells.T)]
        half = half_resistance(mesh, k, patch.axis, cells)
        of_node = node >= 0
        if kind == "temperature":
            fixed.add(node[of_node], (patch.area / half)[of_node], values[0])
        elif kind == "u_value":
            fixed.add(node[of_node], (patch.area / (half + 1.0 / values[0]))[of_node], values[1])
        elif kind == "flux":
            sources.add(node[of_node], (values[0] * patch.area)[of_node], number, patch.area[of_node])
        elif kind == "construction":
            capacities, surfaces[number] = _layers(mesh, wall, count, edges, outer, number)
            capacity.append(capacities)
            count += len(capacities)
            for surface in surfaces[number]:
                behind = node_of_cell[tuple(surface.cell.T)]
                of_node = behind >= 0
                total = half_resistance(mesh, k, surface.axis, surface.cell)[of_node] + surface.resistance
                edges.add(behind[of_node], surface.node[of_node], surface.area[of_node] / total)

    for axis in range(3):
        low, high = neighbours(mesh, axis, inside, inside & ~low_faces(mesh, axis, covered[axis]))
        resistance = half_resistance(mesh, k, axis, low) + half_resistance(mesh, k, axis, high)
        ends = (node_of_cell[tuple(cells.T)] for cells in (low, high))
        edges.add(*ends, face_areas(mesh, axis, low) / resistance)

    for number, heat in enumerate(mesh.heat_sources):
        node = node_of_cell[tuple(np.asarray(heat.cells, np.int64).T)]
        of_node = node >= 0
        share = np.asarray(heat.share, float)[of_node]
        sources.add(node[of_node], value_at(heat.power, 0.0) * share, -1 - number, share)

    return Network(
        np.concatenate(capacity), *edges.joined(), *fixed.joined(), *outer.joined(), *sources.joined(), node_of_cell,
        surfaces, layered,
    )  # fmt: skip


def _layers(
    mesh: Mesh, wall: WallPatch, first: int, edges: _Columns, outer: _Columns, number: int
) -> tuple[np.ndarray, list[Surface]]:
    """Nodes of a layered wall or panel, numbered from `first`: capacities (J/K) and surfaces towards the grid."""
    patch = wall.patch
    _, construction, outside = wall.thermal
    nodes = line(construction)
    faces, depth = len(patch.index), len(nodes.capacity)
    number_of = first + np.arange(faces * depth).reshape(faces, depth)
    for at in range(depth - 1):
        edges.add(number_of[:, at], number_of[:, at + 1], patch.area / nodes.resistance[at + 1])
    cells = patch.cells.astype(np.int64)
    surfaces = [Surface(cells, number_of[:, -1], float(nodes.resistance[-1]), patch.area, patch.axis)]
    if patch.inward == 0:
        low = cells.copy()
        low[:, 2 - patch.axis] = (low[:, 2 - patch.axis] - 1) % mesh.axes[patch.axis].n
        surfaces.append(Surface(low, number_of[:, 0], float(nodes.resistance[0]), patch.area, patch.axis))
    elif outside is not None:
        outer.add(number_of[:, 0], nodes.resistance[0] / patch.area, patch.area, number)
    return (patch.area[:, None] * nodes.capacity).ravel(), surfaces
