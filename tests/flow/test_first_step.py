"""The first step begins with the pressure that its flow has, found by making it once before."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import hall, warm_layers
from thermo.flow import Fluid, Scheme, Setup, Solver
from thermo.mesh.builder import box_mesh

VISCOSITY = 6.25e-4


def _vortex() -> Solver:
    """The Taylor-Green vortex in three dimensions at Reynolds number 1600, which begins to decay at 3 nu / 4."""
    line = np.linspace(0.0, 2.0 * np.pi, 25)
    sides = dict.fromkeys(("west", "east", "south", "north", "floor", "ceiling"), "periodic")
    fluid = Fluid("boussinesq", viscosity=VISCOSITY, conductivity=0.0, density=1.0)
    scheme = Scheme(time_step=0.05, tolerance=1e-9, relative_tolerance=1e-9)
    solver = Solver(box_mesh(line, line, line, **sides), Setup(fluid, scheme, 0.0), open_backend("native", "double"))
    solver.initialise(velocity=(
        lambda x, y, z: np.sin(x) * np.cos(y) * np.cos(z), lambda x, y, z: -np.cos(x) * np.sin(y) * np.cos(z), 0.0,
    ))  # fmt: skip
    return solver


def _energy(solver: Solver) -> float:
    """Of the mass fluxes on the faces, mean, m2/s2."""
    flux = solver.parts[0].flux[solver.level].values()
    return 0.5 * sum(float((m[2:-2, 2:-2, 2:-2] ** 2).mean()) for m in flux)


def test_the_first_step_dissipates_no_more_than_the_next():
    solver = _vortex()
    energies = [_energy(solver)]
    for _ in range(3):
        solver.advance()
        energies.append(_energy(solver))
    rates = -np.diff(energies) / solver.dt
    assert rates == pytest.approx(np.full(3, 0.75 * VISCOSITY), rel=0.03)


def test_what_is_counted_of_the_first_step_is_counted_once_and_it_can_be_resumed():
    def at_rest() -> Solver:
        solver = Solver(hall(), Setup(Fluid(), Scheme()), open_backend("native"))
        solver.initialise(warm_layers)
        return solver

    solver, resumed = at_rest(), at_rest()
    resumed.restore(solver.state())
    for one in (solver, resumed):
        one.advance()
        assert one.step == 1 and one.ledger.duration == one.time == one.dt
        one.advance()
    left, right = solver.state(), resumed.state()
    assert left.keys() == right.keys()
    assert all(np.array_equal(left[key], right[key]) for key in left)
