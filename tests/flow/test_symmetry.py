"""A hall that is its own mirror image in x and in y keeps fields that are."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import add_rack, solver_of
from thermo.mesh.builder import MeshBuilder

STEPS = 20


def symmetric_hall():
    """Two racks that face each other, each as deep as wide from both walls; supply, extract and openings in pairs."""
    x, y, z = np.linspace(0.0, 4.0, 13), np.linspace(0.0, 2.4, 9), np.linspace(0.0, 2.4, 9)
    room = MeshBuilder(x, y, z)
    add_rack(room, "A", 2, 4, (2, 6), 1, 1000.0)
    add_rack(room, "B", 8, 10, (2, 6), -1, 1000.0)
    room.panel("west roof", 2, z[5], ((x[4], y[1]), (x[5], y[7])))
    room.panel("east roof", 2, z[5], ((x[7], y[1]), (x[8], y[7])))
    room.resistance("tile", 2, z[5], ((x[5], y[3]), (x[7], y[5])), loss_forward=4.0, loss_backward=9.0)
    for name, low, high in (("west", 0, 1), ("east", 11, 12)):
        floor = room.side_port(f"{name} grille", "floor", ((x[low], y[3]), (x[high], y[5])))
        room.supply(f"{name} supply", floor, 0.1, 289.0)
    room.extract("extract", room.side_port("return", "ceiling", ((x[5], y[3]), (x[7], y[5]))), 0.1)
    for side in ("west", "east"):
        room.opening(f"{side} door", side, ((y[3], z[2]), (y[5], z[6])), loss_in=0.7, loss_out=1.1, temperature=295.0)
    return room.build()


@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_fields_mirror_in_both_directions(model):
    solver = solver_of(symmetric_hall(), open_backend("native", "double"), model=model, time_step=0.04)
    solver.initialise(lambda x, y, z: 293.15 + 2.0 * z + 0.3 * np.cos(np.pi * (x - 2.0)) * np.cos(np.pi * (y - 1.2)))
    for _ in range(STEPS):
        solver.advance()
    velocity = solver.field("velocity")
    assert np.abs(velocity).max() > 0.1
    for axis in (0, 1):
        def mirrored(field, axis=axis):
            return np.flip(field, 2 - axis)

        for name in ("temperature", "pressure"):
            field = solver.field(name)
            assert field == pytest.approx(mirrored(field), rel=1e-10, abs=1e-10), name
        for component in range(3):
            sign = -1.0 if component == axis else 1.0
            expected = sign * mirrored(velocity[..., component])
            assert velocity[..., component] == pytest.approx(expected, abs=1e-10), "xyz"[component]
