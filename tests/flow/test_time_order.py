"""Order in time of a whole hall: racks, ports, pressure openings, resisting faces, walls.

The first step of the low-Mach form does not know yet how fast the air expands. What it leaves is of first order, some
microkelvin here: it shows on time steps so short that the rest is smaller still.
"""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import TIGHT, hall, warm_layers
from thermo.flow import Fluid, Scheme, Setup, Solver

STEPS = (20, 40, 80)  # within the same time
END = 1.6  # s


def _fields(model: str, steps: int) -> dict[str, np.ndarray]:
    mesh = hall()
    fluid = Fluid(model, viscosity=0.02, conductivity=20.0)
    scheme = Scheme(limiter="off", time_step=END / steps, **TIGHT)
    solver = Solver(mesh, Setup(fluid, scheme), open_backend("native", "double"))
    solver.initialise(warm_layers)
    for _ in range(steps):
        solver.advance(END)
    air = mesh.solid == 0
    return {name: solver.field(name)[air] for name in ("temperature", "velocity")}


@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_a_furnished_hall_is_of_second_order_in_time(model):
    coarse, middle, fine = (_fields(model, steps) for steps in STEPS)
    for name in coarse:
        apart = [np.sqrt(((a[name] - b[name]) ** 2).mean()) for a, b in ((coarse, middle), (middle, fine))]
        order = np.log2(apart[0] / apart[1])
        assert order > 1.7, (name, apart)
