"""Flow between two walls: Poiseuille by a body force, Couette by a moving wall."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import Side, box_mesh

HEIGHT, CELLS = 1.0, 10
FLUID = Fluid(model="boussinesq", density=1.2, viscosity=0.12)
FORCE = 0.96  # N/m3
STEADY = 25.0  # s, 25 times the slowest decay


def channel(axis: int, ceiling: str | Side = "no_slip", force: float = 0.0, parts=(1, 1, 1)) -> np.ndarray:
    """Profile along z of the velocity along `axis` (0 or 1), with both horizontal axes periodic."""
    wide, z = np.linspace(0.0, 1.0, 5), np.linspace(0.0, HEIGHT, CELLS + 1)
    sides = dict.fromkeys(("west", "east", "south", "north"), "periodic")
    forces = tuple(force if d == axis else 0.0 for d in range(3))
    setup = Setup(FLUID, Scheme(time_step=0.018), gravity=0.0, force=forces)
    solver = Solver(box_mesh(wide, wide, z, ceiling=ceiling, **sides), setup, open_backend("native", "double"), parts)
    solver.initialise()
    while solver.time < STEADY:
        solver.advance(STEADY)
    velocity = solver.field("velocity")
    assert np.ptp(velocity[..., axis], axis=(1, 2)).max() < 1e-12, "the profile varies along the walls"
    assert np.abs(velocity[..., 2]).max() < 1e-12
    return velocity[:, 0, 0, axis]


@pytest.mark.parametrize("axis", [0, 1])
def test_body_force_drives_poiseuille_flow(axis):
    z = (np.arange(CELLS) + 0.5) * HEIGHT / CELLS
    exact = FORCE / (2.0 * FLUID.viscosity) * z * (HEIGHT - z)
    # the wall shear over half a cell of a parabola leaves a uniform surplus of F h^2 / (8 mu)
    surplus = FORCE / (8.0 * FLUID.viscosity) * (HEIGHT / CELLS) ** 2
    assert channel(axis, force=FORCE) == pytest.approx(exact + surplus, rel=1e-8)


@pytest.mark.parametrize(("axis", "parts"), [(0, (1, 1, 1)), (1, (1, 1, 1)), (0, (2, 1, 2))])
def test_moving_wall_drives_couette_flow(axis, parts):
    z = (np.arange(CELLS) + 0.5) * HEIGHT / CELLS
    velocity = tuple(0.3 if d == axis else 0.0 for d in range(3))
    assert channel(axis, Side("moving", velocity), parts=parts) == pytest.approx(0.3 * z / HEIGHT, rel=1e-8)
