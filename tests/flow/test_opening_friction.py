"""Friction in the half cell at a pressure opening: a duct open at both ends is as long as it is."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Fluid, Scheme, Setup, Solver
from thermo.flow.turbulence.model import LargeEddies
from thermo.mesh.builder import MeshBuilder, Side

WIDTH, ACROSS, ALONG = 0.1, 8, 4
WARM, COLD = 294.15, 293.15
PULL = 9.81 * 1.2 / COLD  # N/m3, of air that is 1 K warmer than still air


def _duct(axis: int, viscosity: float, turbulence=None, parts=(1, 1, 1), speed: float = 0.0) -> Solver:
    """A flat shaft of warm air with walls at both sides of `axis`, of which the low one moves, open below and above."""
    lines = [[0.0, 0.02], [0.0, 0.02], np.linspace(0.0, 0.2, ALONG + 1)]
    lines[axis] = np.linspace(0.0, WIDTH, ACROSS + 1)
    low, high = (("west", "east"), ("south", "north"))[axis]
    free = ("south", "north") if axis == 0 else ("west", "east")
    sides = dict.fromkeys(free, "free_slip") | {low: Side("moving", (0.0, 0.0, speed)), high: "no_slip"}
    builder = MeshBuilder(*lines, sides)
    for name, side in (("foot", "floor"), ("top", "ceiling")):
        builder.opening(name, side, temperature=WARM)
    fluid = Fluid("boussinesq", viscosity=viscosity, conductivity=1e-6, density=1.2, expansion=1.0 / COLD)
    scheme = Scheme(tolerance=1e-9, relative_tolerance=1e-9)
    solver = Solver(builder.build(), Setup(fluid, scheme, turbulence=turbulence), open_backend("native", "double"),
                    parts)  # fmt: skip
    solver.initialise(WARM)
    return solver


def _parallel(viscosity: float, speed: float) -> np.ndarray:
    """Velocity of the same flow in an endless duct, on the same cells."""
    h = WIDTH / ACROSS
    matrix = np.diag(np.full(ACROSS, -2.0)) + np.diag(np.ones(ACROSS - 1), 1) + np.diag(np.ones(ACROSS - 1), -1)
    matrix[0, 0] = matrix[-1, -1] = -3.0
    right = np.full(ACROSS, -PULL * h**2 / viscosity)
    right[0] -= 2.0 * speed
    return np.linalg.solve(matrix, right)


@pytest.mark.parametrize("axis, speed, parts", [(0, 0.0, (1, 1, 1)), (1, 2e-5, (1, 1, 1)), (0, 0.0, (2, 1, 2))])
def test_a_creeping_flow_is_that_of_an_endless_duct(axis, speed, parts):
    """Parallel from one opening to the other, however few cells the duct has along; exact on the cells across it."""
    solver = _duct(axis, 1.0, parts=parts, speed=speed)
    while solver.time < 0.015:
        solver.advance(0.015)
    velocity = np.moveaxis(solver.field("velocity")[..., 2], 2 - axis, 0).reshape(ACROSS, ALONG, -1)[..., 0]
    exact = _parallel(1.0, speed)
    assert np.abs(velocity - exact[:, None]).max() < 1e-4 * exact.max()


def test_walls_of_the_wall_layer_rub_with_its_friction():
    """With large eddies at high Reynolds number the flow of the first second stays parallel up to both openings."""
    solver = _duct(0, 1e-6, LargeEddies("vreman"))
    solver.initialise(WARM, velocity=(0.0, 0.0, 1.0))
    for _ in range(20):
        solver.advance()
    friction = solver.backend.to_host(solver.eddy.walls[0].friction)
    side = solver.boundaries.lists[0]
    walls = side.host["opening_side"]["beside"] < 0
    numbers = solver.backend.to_host(side.device["opening_side"]["wall"])[walls]
    assert np.all(numbers >= 0)
    drag = solver.backend.to_host(side.device["opening"]["drag"])
    start = side.host["opening_side"]["start"]
    at_wall = [n for n in range(len(drag)) if walls[start[n] : start[n + 1]].any()]
    mu = solver.backend.to_host(solver.parts[0].mu).ravel()[side.host["opening"]["cell"][at_wall]]
    h = WIDTH / ACROSS
    assert friction.min() > 5.0 * 2e-6 / h, "turbulent"
    assert drag[at_wall] == pytest.approx((friction[numbers] / h + mu / h**2) / 1.2, rel=1e-9)
