"""The temperature stays between what it was where the flow carries a sharp front, at the default step."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Fluid, Scheme, Setup, Solver
from thermo.mesh.builder import box_mesh

COLD, HOT = 290.0, 310.0
ROUNDING = 4.0 * np.finfo(np.float32).eps * (HOT - COLD)


def _extremes(velocity: tuple[float, float, float], courant: float) -> list[tuple[float, float]]:
    """Lowest and highest temperature after every step of one turn of a hot block through a periodic box, K."""
    n = 48
    line, across = np.linspace(0.0, 1.0, n + 1), [0.0, 1.0]
    y = line if velocity[1] else across
    sides = dict.fromkeys(("west", "east", "south", "north"), "periodic")
    mesh = box_mesh(line, y, across, floor="free_slip", ceiling="free_slip", **sides)
    fluid = Fluid("boussinesq", viscosity=0.0, conductivity=0.0, density=1.0)
    step = courant / (n * (velocity[0] + velocity[1]))
    solver = Solver(mesh, Setup(fluid, Scheme(time_step=step), 0.0), open_backend("native"))

    def block(x, y, z):
        inside = (np.abs(x - 0.4) < 0.2) & ((np.abs(y - 0.5) < 0.2) | (velocity[1] == 0.0))
        return np.where(inside, HOT, COLD) + 0.0 * z

    solver.initialise(block, velocity=velocity)
    found = []
    while solver.time < 1.0 - 1e-9:
        solver.advance(1.0)
        theta = solver.field("temperature").astype(float)
        found.append((theta.min() + 273.15, theta.max() + 273.15))
    return found


@pytest.mark.parametrize("velocity", [(1.0, 0.0, 0.0), (1.0, 1.0, 0.0)], ids=["along an axis", "diagonal"])
def test_a_block_that_is_carried_keeps_its_extremes(velocity):
    lowest, highest = np.transpose(_extremes(velocity, Scheme().courant))
    assert lowest.min() > COLD - ROUNDING and highest.max() < HOT + ROUNDING, (lowest.min(), highest.max())
    assert highest[-1] > HOT - 0.1 * (HOT - COLD), "it has not been smeared out"
