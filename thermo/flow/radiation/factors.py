"""Exchange areas A_1 F_12 of axis-parallel rectangles in closed form.

J. R. Howell, A Catalog of Radiation Heat Transfer Configuration Factors, C-13 (parallel planes) and C-16 (perpendicular
planes), after J. R. Ehlert & T. F. Smith (1993), J. Thermophys. Heat Transf. 7, 587. Both are sums over the corners of
the two rectangles, (-1)^(i+j+k+l) G, so many pairs are summed at once.
"""

from __future__ import annotations

from itertools import product

import numpy as np

CORNERS = [(*ends, (-1.0) ** sum(ends)) for ends in product((0, 1), repeat=4)]


def _arc(length: np.ndarray, other: np.ndarray) -> np.ndarray:
    """length sqrt(other) atan(length / sqrt(other)), 0 where other is 0 with it."""
    root = np.sqrt(other)
    return length * root * np.arctan2(length, root)


def _times_log(factor: np.ndarray, square: np.ndarray) -> np.ndarray:
    """factor ln(square), 0 where both vanish."""
    return factor * np.log(np.where(square > 0.0, square, 1.0))


def parallel(first: np.ndarray, second: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """A_1 F_12, m2, of rectangles in parallel planes `distance` (m, > 0) apart.

    first, second: [n, 2, 2], the ends (low, high) along both axes of the planes, m.
    """
    total = np.zeros(len(first))
    square = distance**2
    for i, j, k, m, sign in CORNERS:
        u, v = first[:, 0, i] - second[:, 0, k], first[:, 1, j] - second[:, 1, m]
        arcs = _arc(np.abs(v), u**2 + square) + _arc(np.abs(u), v**2 + square)
        total += sign * (arcs - 0.5 * square * np.log(u**2 + v**2 + square))
    return total / (2.0 * np.pi)


def perpendicular(
    first: np.ndarray, second: np.ndarray, first_common: np.ndarray, second_common: np.ndarray
) -> np.ndarray:
    """A_1 F_12, m2, of rectangles in perpendicular planes.

    first, second: [n, 2], the ends of each rectangle in distances from the line in which the planes meet, m, >= 0.
    first_common, second_common: [n, 2], the ends of each along that line.
    """
    total = np.zeros(len(first))
    for i, j, k, m, sign in CORNERS:
        along = (first_common[:, j] - second_common[:, k]) ** 2
        across = first[:, i] ** 2 + second[:, m] ** 2
        total += sign * (_arc(np.sqrt(along), across) - 0.25 * _times_log(across - along, across + along))
    return np.abs(total) / (2.0 * np.pi)


def exchange_areas(
    axis: np.ndarray, facing: np.ndarray, box: np.ndarray, one: np.ndarray, two: np.ndarray
) -> np.ndarray:
    """A_1 F_12, m2, of pairs of rectangles that nothing stands between; what lies behind the other is cut off.

    axis: int[m], of the normals. facing: +1 or -1, int[m]. box: float[m, 3, 2], the ends along x, y and z, equal along
    the normal. one, two: int[n], the pairs.
    """
    found = np.zeros(len(one))
    for a in range(3):
        for b in range(3):
            pairs = np.flatnonzero((axis[one] == a) & (axis[two] == b))
            if pairs.size:
                found[pairs] = (_of_parallel if a == b else _of_perpendicular)(
                    a, b, facing[one[pairs]], facing[two[pairs]], box[one[pairs]], box[two[pairs]]
                )
    return found


def _of_parallel(a, _, up, down, first, second) -> np.ndarray:
    found = np.zeros(len(first))
    distance = (second[:, a, 0] - first[:, a, 0]) * up
    face = (distance > 0.0) & (up == -down)
    across = [d for d in range(3) if d != a]
    found[face] = parallel(first[face][:, across], second[face][:, across], distance[face])
    return found


def _of_perpendicular(a, b, to_second, to_first, first, second) -> np.ndarray:
    common = 3 - a - b
    # distances of the first (along b) from the plane of the second, and of the second (along a) from that of the first
    low = np.sort((first[:, b] - second[:, b, :1]) * to_first[:, None], axis=1)
    high = np.sort((second[:, a] - first[:, a, :1]) * to_second[:, None], axis=1)
    low, high = np.maximum(low, 0.0), np.maximum(high, 0.0)
    found = np.zeros(len(first))
    face = (low[:, 1] > low[:, 0]) & (high[:, 1] > high[:, 0])
    found[face] = perpendicular(low[face], high[face], first[face][:, common], second[face][:, common])
    return found


def solid_angles(points: np.ndarray, axis: np.ndarray, facing: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Solid angle of every rectangle at every point, sr, float[p, m]; 0 behind it, where nothing stands between.

    points: float[p, 3]; the rectangles as in `exchange_areas`. The integral of cos / r^2 over a rectangle in the plane
    at distance d is the sum over its corners of (-1)^(i+j) atan(u v / (d sqrt(u^2 + v^2 + d^2))).
    """
    found = np.zeros((len(points), len(axis)))
    for a in range(3):
        mine = np.flatnonzero(axis == a)
        b, c = (d for d in range(3) if d != a)
        distance = (points[:, None, a] - box[mine, a, 0]) * facing[mine]
        before = distance > 0.0
        distance = np.where(before, distance, 1.0)
        total = np.zeros_like(distance)
        for i, j in product((0, 1), repeat=2):
            u, v = box[mine, b, i] - points[:, None, b], box[mine, c, j] - points[:, None, c]
            total += (-1.0) ** (i + j) * np.arctan2(u * v, distance * np.sqrt(u**2 + v**2 + distance**2))
        found[:, mine] = np.where(before, total, 0.0)
    return found
