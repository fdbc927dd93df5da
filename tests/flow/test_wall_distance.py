"""Distance to walls: exact against the least distance to all rectangles of the walls."""

import numpy as np
import pytest

from thermo.flow.turbulence.distance import FAR, wall_distance
from thermo.mesh.builder import MeshBuilder, Side, box_mesh

RNG = np.random.default_rng(5)


def stretched(n: int, length: float) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(RNG.uniform(0.5, 2.0, n))]) * (length / n)


def to_rectangles(mesh, images=((0.0, 0.0, 0.0),)) -> np.ndarray:
    """Least distance of every cell's centre to any wall face with friction, face by face."""
    centres = np.stack(np.meshgrid(*(axis.centres for axis in reversed(mesh.axes)), indexing="ij"), axis=-1)[..., ::-1]
    least = np.full(mesh.shape, np.inf)
    for axis in range(3):
        for k, j, i in np.argwhere(mesh.closed[axis] & ~mesh.slip[axis]):
            place = (i, j, k)
            low = np.array([line.faces[n] for line, n in zip(mesh.axes, place, strict=True)])
            high = np.array([line.faces[min(n + (d != axis), line.n)] for d, (line, n) in
                             enumerate(zip(mesh.axes, place, strict=True))])  # fmt: skip
            for image in images:
                gap = np.maximum(0.0, np.maximum(low + image - centres, centres - high - image))
                least = np.minimum(least, np.sqrt((gap**2).sum(axis=-1)))
    return np.where(mesh.solid == 0, least, 0.0)


def test_exact_in_a_room_with_an_obstacle_and_a_panel():
    x, y, z = stretched(13, 3.0), stretched(9, 2.0), stretched(11, 2.5)
    builder = MeshBuilder(x, y, z, {"west": "free_slip", "ceiling": "free_slip"})
    builder.solid("block", [[x[4], y[2], z[0]], [x[8], y[5], z[6]]])
    builder.panel("screen", 0, x[10], [[y[0], z[3]], [y[6], z[11]]])
    mesh = builder.build()
    assert wall_distance(mesh) == pytest.approx(to_rectangles(mesh), rel=1e-12)


def test_exact_across_periodic_sides():
    x, y, z = stretched(8, 1.0), stretched(6, 1.0), stretched(7, 1.0)
    builder = MeshBuilder(x, y, z, {"west": "periodic", "east": "periodic", "floor": "free_slip",
                                    "ceiling": "free_slip", "south": "periodic", "north": "periodic"})  # fmt: skip
    builder.solid("post", [[x[0], y[1], z[1]], [x[2], y[3], z[5]]])
    mesh = builder.build()
    images = [np.array([a * x[-1], b * y[-1], 0.0]) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    assert wall_distance(mesh) == pytest.approx(to_rectangles(mesh, images), rel=1e-12)


def test_far_without_walls():
    edge = np.linspace(0.0, 1.0, 4)
    mesh = box_mesh(edge, edge, edge, **dict.fromkeys(("west", "east", "south", "north"), "periodic"),
                    floor="free_slip", ceiling=Side("free_slip"))  # fmt: skip
    assert np.all(wall_distance(mesh) == FAR)
