"""Exchange areas of rectangles against the reference table and against numerical integration."""


import numpy as np
import pytest

from thermo.flow.radiation.factors import exchange_areas, solid_angles


def areas(*rectangles) -> np.ndarray:
    """A_1 F_12 of every pair of (axis, facing, box) rectangles."""
    axis, facing = (np.array([r[n] for r in rectangles]) for n in (0, 1))
    box = np.array([r[2] for r in rectangles], float)
    one, two = np.divmod(np.arange(len(rectangles) ** 2), len(rectangles))
    return exchange_areas(axis, facing, box, one, two).reshape(len(rectangles), -1)


def box_sides(x: float, y: float, z: float):
    """The six inner sides of a box: west, east, south, north, floor, ceiling."""
    whole = [[0.0, x], [0.0, y], [0.0, z]]
    sides = []
    for axis, length in enumerate((x, y, z)):
        for position, facing in ((0.0, 1), (length, -1)):
            box = [list(ends) for ends in whole]
            box[axis] = [position, position]
            sides.append((axis, facing, box))
    return sides


def test_cube():
    factors = areas(*box_sides(1.0, 1.0, 1.0))
    assert factors[0, 1] == pytest.approx(0.199825, abs=1e-6)
    assert factors[0, 2] == pytest.approx(0.200044, abs=1e-6)
    assert factors.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert np.array_equal(factors.diagonal(), np.zeros(6))


def test_parallel_squares():
    square = [[0.0, 2.0], [0.0, 2.0]]
    factors = areas((2, 1, [*square, [0.0, 0.0]]), (2, -1, [*square, [1.0, 1.0]]))
    assert factors[0, 1] / 4.0 == pytest.approx(0.415253, abs=1e-6)


def test_square_enclosure():
    """Two dimensions: the middle of a box of 4000 m; the ends see nothing of it."""
    factors = areas(*box_sides(1.0, 1.0, 4000.0)) / 4000.0
    assert factors[0, 1] == pytest.approx(np.sqrt(2.0) - 1.0, abs=2e-4)
    assert factors[0, 2] == pytest.approx(1.0 - 1.0 / np.sqrt(2.0), abs=2e-4)


def test_every_room_is_closed_and_reciprocal():
    rng = np.random.default_rng(5)
    for _ in range(5):
        x, y, z = rng.uniform(0.2, 9.0, 3)
        found = areas(*box_sides(x, y, z))
        sides = np.repeat([y * z, x * z, x * y], 2)
        assert found.sum(axis=1) == pytest.approx(sides, rel=1e-11)
        assert found == pytest.approx(found.T, abs=1e-12)


def integrated(one, two, points: int = 40) -> float:
    """The double integral of cos cos / (pi r^2) by the midpoint rule."""
    def grid(axis, facing, box):
        ends = np.array(box, float)
        lines = [
            ends[d, :1] if d == axis else ends[d, 0] + (np.arange(points) + 0.5) * (ends[d, 1] - ends[d, 0]) / points
            for d in range(3)
        ]
        normal = np.eye(3)[axis] * facing
        area = np.prod([ends[d, 1] - ends[d, 0] for d in range(3) if d != axis]) / points**2
        return np.stack(np.meshgrid(*lines, indexing="ij"), -1).reshape(-1, 3), normal, area

    (p, n, da), (q, m, db) = grid(*one), grid(*two)
    ray = q[None] - p[:, None]
    square = (ray**2).sum(-1)
    cosines = np.maximum(ray @ n, 0.0) * np.maximum(-(ray @ m), 0.0)
    return float((cosines / (np.pi * square**2)).sum() * da * db)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((2, 1, [[0, 1.0], [0.2, 1.5], [0, 0]]), (2, -1, [[0.7, 2.0], [-0.4, 0.3], [0.9, 0.9]])),
        ((0, -1, [[3.0, 3.0], [0, 1.0], [0.5, 2.0]]), (0, 1, [[1.5, 1.5], [2.0, 3.0], [-1.0, 0.7]])),
        ((2, 1, [[0.5, 1.0], [0, 2.0], [0, 0]]), (0, 1, [[0.2, 0.2], [1.0, 4.0], [0.4, 1.3]])),
        ((1, -1, [[0.0, 1.0], [2.0, 2.0], [0.5, 1.0]]), (2, 1, [[0.4, 3.0], [0.5, 1.5], [0.1, 0.1]])),
        # part of the second lies behind the first, and cannot be seen
        ((2, 1, [[0.5, 1.0], [0, 2.0], [0, 0]]), (0, 1, [[0.2, 0.2], [1.0, 4.0], [-0.8, 1.3]])),
    ],
)  # fmt: skip
def test_against_integration(one, two):
    found = areas(one, two)
    assert found[0, 1] == pytest.approx(integrated(one, two), rel=3e-3)
    assert found[0, 1] == pytest.approx(found[1, 0], rel=1e-12)


def test_what_looks_away_sees_nothing():
    square = [[0.0, 2.0], [0.0, 2.0]]
    assert not areas((2, -1, [*square, [0.0, 0.0]]), (2, -1, [*square, [1.0, 1.0]])).any()
    assert not areas((2, 1, [*square, [0.0, 0.0]]), (0, -1, [[3.0, 3.0], [0.0, 1.0], [-1.0, -0.2]])).any()


def test_solid_angles():
    """At the centre of a cube every side takes a sixth; at any place the sides of a box are the whole sphere."""
    rng = np.random.default_rng(7)
    axis, facing, box = (np.array(column) for column in zip(*box_sides(2.0, 2.0, 2.0), strict=True))
    assert solid_angles(np.array([[1.0, 1.0, 1.0]]), axis, facing, box) == pytest.approx(4.0 * np.pi / 6.0, rel=1e-12)
    points = rng.uniform(0.01, 1.99, (20, 3))
    assert solid_angles(points, axis, facing, box).sum(axis=1) == pytest.approx(4.0 * np.pi, rel=1e-12)
    # from behind nothing is seen
    assert np.array_equal(solid_angles(np.array([[1.0, 1.0, -0.5]]), axis[4:5], facing[4:5], box[4:5]), [[0.0]])
