"""Pictures show the plane they are asked for."""

from __future__ import annotations

import numpy as np
from matplotlib.image import imread

from thermo.mesh.builder import MeshBuilder
from thermo.mesh.mesh import Material
from thermo.report.pictures import draw_plane


def test_the_hot_corner_and_the_solid_are_where_they_belong(tmp_path):
    builder = MeshBuilder(np.linspace(0.0, 4.0, 9), np.linspace(0.0, 2.0, 5), np.linspace(0.0, 4.0, 9))
    builder.solid("block", ((0.0, 0.0, 0.0), (2.0, 2.0, 2.0)), Material("adiabatic"))
    builder.panel("panel", 0, 3.0, ((0.0, 2.0), (2.0, 4.0)))
    mesh = builder.build()
    temperature = np.full(mesh.shape, 20.0)
    temperature[4:, :, 4:] = 40.0  # upper right of a plane of constant y
    draw_plane(tmp_path / "p.png", mesh, 1, 2, temperature, np.zeros((*mesh.shape, 3)), "title")
    pixels = imread(tmp_path / "p.png")[..., :3]
    height, width = pixels.shape[:2]

    def share(part, condition):
        return condition(part).mean()

    def yellow(p):
        return (p[..., 0] > 0.9) & (p[..., 1] > 0.9) & (p[..., 2] < 0.3)  # the hot end of the colour map

    def grey(p):
        return np.abs(p - 0.55).max(axis=-1) < 0.02

    def black(p):
        return p.max(axis=-1) < 0.05

    # the panel is the one dark line between the two hot quarters
    column = pixels[height // 4, width // 2 : width * 3 // 4]
    assert 1 <= share(column, black) * len(column) <= 4
    upper, lower = pixels[: height // 2], pixels[height // 2 :]
    assert share(upper[:, : width * 4 // 10], yellow) < 0.01
    assert share(upper[:, width // 2 : width * 3 // 4], yellow) > 0.3
    assert share(lower[:, : width // 2], grey) > 0.3
    assert share(lower[:, width // 2 :], grey) < 0.2
    assert [path.name for path in tmp_path.iterdir()] == ["p.png"]
