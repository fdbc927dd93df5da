"""Grid lines: edges of objects, nearer ones merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from thermo.mesh.builder import MeshError

# Positions that differ by less than this are the same position, m.
COINCIDENT = 1e-6

# An edge of an opening may not move further than this, m, nor by more than this share of its width; two edges then
# keep the area within 5 % (design: a larger shift is an error, not a note).
OPENING_SHIFT = 0.010
OPENING_SHARE = 0.025


@dataclass(frozen=True)
class Edge:
    """One end of an object along an axis.

    owner: its address. weight: of two edges that merge the larger weight stays where it is. opening_width: set for
    edges of openings, m, which may hardly move.
    """

    position: float
    owner: str
    weight: float
    opening_width: float | None = None

    @property
    def reach(self) -> float:
        """How far the edge may move, m."""
        if self.opening_width is None:
            return np.inf
        return min(OPENING_SHIFT, OPENING_SHARE * self.opening_width)


class Lines:
    """The grid lines along one axis and where each edge went.

    positions: float64, increasing. moves: (owner, from, to), m, of every edge that moved.
    """

    def __init__(
        self, positions: np.ndarray, target: dict[float, float], moves: list[tuple[str, float, float]]
    ) -> None:
        self.positions = positions
        self.moves = moves
        self._known = np.array(sorted(target))
        self._target = np.array([target[position] for position in self._known])

    def __call__(self, position: float) -> float:
        """The line that an edge at ``position`` became."""
        index = int(np.abs(self._known - position).argmin())
        if abs(self._known[index] - position) > COINCIDENT:
            raise KeyError(position)
        return float(self._target[index])


def _unique(edges: list[Edge]) -> list[list[Edge]]:
    """Edges grouped by position."""
    groups: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda e: e.position):
        if groups and edge.position - groups[-1][0].position <= COINCIDENT:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return groups


def merge_edges(axis: str, edges: list[Edge], low: float, high: float, tolerance, minimum) -> Lines:
    """Lines of one axis from ``low`` to ``high``: the heaviest edges first, each later one moves to a line near it.

    tolerance, minimum: functions of the position: edges nearer than ``tolerance`` merge, no cell may become thinner
    than ``minimum`` (m). Raises MeshError where an opening would have to move too far.
    """
    groups = _unique(edges)
    middle = 0.5 * (low + high)
    groups.sort(key=lambda g: (-max(e.weight for e in g), -abs(g[0].position - middle), g[0].position))
    lines = [low, high]
    target = {low: low, high: high}
    moves: list[tuple[str, float, float]] = []
    for group in groups:
        position = group[0].position
        near = min(lines, key=lambda line: abs(line - position))
        distance = abs(near - position)
        least = minimum(position)
        reach = min(edge.reach for edge in group)
        merge_within = max(tolerance(position), least)
        if distance <= COINCIDENT or distance < min(merge_within, reach):
            target[position] = near
        elif distance >= least:
            # an opening stays where it is even within the tolerance, as long as the cell beside it is thick enough
            target[position] = position
            lines.append(position)
        else:
            edge = min(group, key=lambda e: e.reach)
            raise MeshError(
                edge.owner,
                f"its edge at {axis} = {position:g} m would move {1e3 * distance:.0f} mm to {near:g} m, but an opening "
                f"may move by {1e3 * reach:.1f} mm at most: move it, or allow thinner cells (mesh.size, mesh.min_cell)",
            )
        if distance > COINCIDENT and target[position] != position:
            moves += [(edge.owner, edge.position, near) for edge in group]
    return Lines(np.array(sorted(lines)), target, moves)


def given_lines(axis: str, edges: list[Edge], faces: np.ndarray, tolerance: float) -> Lines:
    """The lines of given cells: every edge moves to the nearest face.

    Raises MeshError for a move beyond ``tolerance`` (m) or a third of the thinnest cell.
    """
    tolerance = min(tolerance, float(np.diff(faces).min()) / 3.0)
    target: dict[float, float] = {}
    moves: list[tuple[str, float, float]] = []
    for edge in edges:
        near = float(faces[np.abs(faces - edge.position).argmin()])
        distance = abs(near - edge.position)
        if distance > max(min(tolerance, edge.reach), COINCIDENT):
            raise MeshError(
                edge.owner,
                f"its edge at {axis} = {edge.position:g} m is {1e3 * distance:.1f} mm from the nearest face of the "
                f"given cells ({near:g} m): change mesh.cells or the object",
            )
        target[edge.position] = near
        if distance > COINCIDENT:
            moves.append((edge.owner, edge.position, near))
    return Lines(np.asarray(faces, float), target or {float(faces[0]): float(faces[0])}, moves)
