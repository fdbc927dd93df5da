"""Heat and forces given by Python functions: what the air, a sealed region's pressure and the balance receive."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, box_mesh

GAMMA, GAS = 1.4, 287.05
FLUID = Fluid(gas_constant=GAS, heat_capacity=GAMMA / (GAMMA - 1.0) * GAS)
LINES = (np.linspace(0, 2, 7), np.linspace(0, 1, 4), np.linspace(0, 1, 5))


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
def test_heat_of_a_function_raises_the_pressure_of_a_sealed_room_and_closes_the_balance(backend, parts):
    """dp0 = (gamma - 1) Q / V with Q(t) = 300 W/m3 (1 + t/10 s) over the half x < 1 m outside the block."""
    builder = MeshBuilder(*LINES)
    builder.solid("block", ((0.0, 0.0, 0.0), (1.0, 1.0, 0.5)))
    solver = Solver(builder.build(), Setup(FLUID, Scheme(time_step=0.1)), backend, parts)
    solver.initialise()
    solver.source("temperature", lambda x, y, z, t: np.where(x < 1.0, 300.0 * (1.0 + 0.1 * t), 0.0))
    while solver.time < 5.0:
        solver.advance(5.0)
    energy = 150.0 * (5.0 + 0.05 * 5.0**2)
    (pressure,) = solver.readings()["p0_pa"].values()
    assert pressure - 101325.0 == pytest.approx((GAMMA - 1.0) * energy / 1.5, rel=5e-6)
    balance = solver.report()["balance"]
    # the heat of a step is that of its middle: exact for a power that rises evenly
    assert balance["heat_in_w"] == pytest.approx(energy / 5.0, rel=1e-9)
    assert balance["heat_imbalance_w"] == pytest.approx(0.0, abs=1e-3)


def test_a_force_of_a_function_moves_the_air(backend):
    sides = dict.fromkeys(("west", "east"), "periodic") | dict.fromkeys(
        ("south", "north", "floor", "ceiling"), "free_slip"
    )
    fluid = Fluid("boussinesq", density=1.25)
    solver = Solver(box_mesh(*LINES, **sides), Setup(fluid, Scheme(time_step=0.05), gravity=0.0), backend)
    solver.initialise()
    solver.source("ux", lambda x, y, z, t: 0.5)
    for _ in range(10):
        solver.advance()
    np.testing.assert_allclose(solver.field("velocity")[..., 0], 0.5 * solver.time / 1.25, rtol=1e-9)


def test_a_function_is_continued_by_whoever_gives_it_again(backend):
    def start() -> Solver:
        solver = Solver(box_mesh(*LINES), Setup(FLUID), backend)
        solver.initialise()
        solver.source("temperature", lambda x, y, z, t: 1e3 * np.exp(-((x - 0.5 * t) ** 2 + z**2)))
        return solver

    whole = start()
    for _ in range(6):
        whole.advance()
    continued = start()
    continued.restore(whole.state())
    for solver in (whole, continued):
        for _ in range(3):
            solver.advance()
    for name, value in whole.state().items():
        np.testing.assert_array_equal(continued.state()[name], value, err_msg=name)


def test_a_periodic_side_continues_the_values_inside(backend):
    """A temperature that jumps at a periodic seam is carried round: the heat stays what it was."""
    sides = dict.fromkeys(("west", "east"), "periodic")
    solver = Solver(box_mesh(*LINES, **sides), Setup(Fluid("boussinesq"), gravity=0.0), backend)
    solver.initialise(temperature=lambda x, y, z: 300.0 + 5.0 * x, velocity=(0.3, 0.0, 0.0))
    before = solver.field("temperature").mean()
    solver.advance()
    assert solver.field("temperature").mean() == pytest.approx(before, abs=1e-10)


def test_only_known_fields_have_sources(backend):
    with pytest.raises(ValueError, match="pressure"):
        Solver(box_mesh(*LINES), Setup(), backend).source("pressure", lambda x, y, z, t: 0.0)
