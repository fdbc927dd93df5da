"""A held mean velocity: the force it needs between plates, past obstacles and in hot air; in parts, and continued."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, box_mesh

HEIGHT, SPEED, VISCOSITY = 0.5, 2.0, 0.4
FLUID = Fluid(model="boussinesq", density=1.3, expansion=1.0, heat_capacity=1.0, viscosity=VISCOSITY, conductivity=0.4)
SIDES = {"west": "periodic", "east": "periodic", "south": "free_slip", "north": "free_slip"}


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def channel(backend, cells: int, parts=(1, 1, 1)) -> Solver:
    """Plates at z = 0 and HEIGHT, air at rest."""
    mesh = box_mesh(np.linspace(0, 1, 5), np.array([0.0, 1.0]), np.linspace(0, HEIGHT, cells + 1), **SIDES)
    scheme = Scheme(tolerance=1e-12, relative_tolerance=1e-10)
    solver = Solver(mesh, Setup(FLUID, scheme, gravity=0.0, bulk_velocity=(SPEED, 0.0, 0.0)), backend, parts)
    solver.initialise()
    return solver


def settled(solver: Solver, time: float) -> tuple[float, float]:
    """Mean velocity and force along x at a time."""
    while solver.time < time:
        solver.advance(time)
    found = solver.readings()
    return found["bulk_velocity_m_s"]["x"], found["body_force_n_m3"]["x"]


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1), (1, 1, 2)])
def test_the_force_is_the_pressure_gradient_of_poiseuille_flow(backend, parts):
    """12 mu U / h^2; n cells with walls at half a cell need 12 mu U / (h^2 + 2 dz^2), second order."""
    exact = 12.0 * VISCOSITY * SPEED / HEIGHT**2
    for cells in (8, 16):
        mean, force = settled(channel(backend, cells, parts), 2.5)
        assert mean == pytest.approx(SPEED, rel=1e-6)
        assert force == pytest.approx(exact / (1.0 + 2.0 / cells**2), rel=1e-6)


@pytest.mark.parametrize("kelvin", [293.15, 600.0])
def test_low_mach_air_reaches_the_velocity_in_one_step(backend, kelvin):
    """The gain of the force is that of the air as it is, not of still air."""
    sides = SIDES | {"floor": "free_slip", "ceiling": "free_slip"}
    mesh = box_mesh(*(np.linspace(0, 1, 4) for _ in "xyz"), **sides)
    solver = Solver(mesh, Setup(bulk_velocity=(0.7, 0.0, 0.0)), backend)
    solver.initialise(temperature=kelvin)
    solver.advance()
    velocity = solver.field("velocity")
    np.testing.assert_allclose(velocity[..., 0], 0.7, rtol=1e-12)
    solver.advance()
    assert solver.readings()["body_force_n_m3"]["x"] == pytest.approx(0.0, abs=1e-9)


def test_past_an_obstacle_the_mean_over_the_air_is_held(backend):
    builder = MeshBuilder(np.linspace(0, 1, 9), np.array([0.0, 1.0]), np.linspace(0, HEIGHT, 9), SIDES)
    builder.solid("block", ((0.25, 0.0, 0.0), (0.5, 1.0, 0.25)))
    scheme = Scheme(tolerance=1e-12, relative_tolerance=1e-10)
    setup = Setup(FLUID, scheme, gravity=0.0, bulk_velocity=(SPEED, 0.0, 0.0))
    solver = Solver(builder.build(), setup, backend)
    solver.initialise()
    mean, force = settled(solver, 2.5)
    air = solver.mesh.solid == 0
    assert mean == pytest.approx(SPEED, rel=1e-6)
    assert solver.field("velocity")[..., 0][air].mean() == pytest.approx(SPEED, rel=1e-6)
    assert force > 12.0 * VISCOSITY * SPEED / HEIGHT**2


def test_a_continued_run_is_the_same(backend):
    whole = channel(backend, 8)
    for _ in range(5):
        whole.advance()
    saved = whole.state()
    continued = channel(backend, 8)
    continued.restore(saved)
    for solver in (whole, continued):
        for _ in range(4):
            solver.advance()
    assert continued.time == whole.time
    for name, value in whole.state().items():
        np.testing.assert_array_equal(continued.state()[name], value, err_msg=name)


def test_without_a_periodic_axis_there_is_nothing_to_hold(backend):
    mesh = box_mesh(*(np.linspace(0, 1, 3) for _ in "xyz"), **SIDES)
    with pytest.raises(ValueError, match="not periodic"):
        Solver(mesh, Setup(bulk_velocity=(0.0, 0.0, 1.0)), backend)
