"""Forces on the air of a box: all of the force reaches the air, and a fan holds F/A against a resistance."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, MeshError

SHEAR_FREE = dict.fromkeys(("south", "north", "floor", "ceiling"), "free_slip")
DUCT = SHEAR_FREE | {"west": "periodic", "east": "periodic"}


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def momentum(solver: Solver) -> np.ndarray:
    """Momentum of the air along x, y, z by faces, kg m/s, for a mesh with all axes periodic."""
    found = []
    for axis, name in enumerate(("mx", "my", "mz")):
        parts = [solver.backend.to_host(part.flux[solver.level][name]) for part in solver.parts]
        flux = solver.decomposition.gather(parts)
        widths = [line.widths for line in solver.mesh.axes]
        widths[axis] = solver.mesh.axes[axis].centre_distances[:-1]
        x, y, z = widths
        found.append((flux * z[:, None, None] * y[None, :, None] * x[None, None, :]).sum())
    return np.array(found)


@pytest.mark.parametrize("model", ["boussinesq", "low_mach"])
@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 2)])
def test_a_periodic_box_gains_force_times_time(backend, model, parts):
    lines = (np.array([0, 1, 2.2, 3, 3.9, 5]), np.array([0, 0.9, 2, 2.8]), np.array([0, 1.1, 2, 3, 4.2]))
    sides = dict.fromkeys(("west", "east", "south", "north", "floor", "ceiling"), "periodic")
    builder = MeshBuilder(*lines, sides)
    # two that overlap, one of them across the seam of x, off the grid
    builder.air_force("sources.one", ((3.5, 0.3, 0.0), (5.0, 2.1, 2.5)), (0.7, -0.2, 0.0))
    builder.air_force("sources.two", ((3.0, 0.0, 1.7), (4.4, 1.0, 4.0)), (0.0, 0.5, 0.3))
    scheme = Scheme(time_step=0.05, tolerance=1e-12, relative_tolerance=1e-10)
    solver = Solver(builder.build(), Setup(Fluid(model), scheme, gravity=0.0), backend, parts)
    solver.initialise(velocity=(0.4, 0.0, -0.1))
    before = momentum(solver)
    for _ in range(20):
        solver.advance()
    np.testing.assert_allclose(momentum(solver) - before, np.array([0.7, 0.3, 0.3]) * solver.time, rtol=1e-10)


def test_force_of_closed_faces_goes_to_open_ones(backend):
    """A source that reaches to both walls of a sealed duct and over a panel raises the pressure by F/A across it."""
    builder = MeshBuilder(np.linspace(0, 2, 11), np.linspace(0, 0.5, 3), np.linspace(0, 0.5, 3), SHEAR_FREE)
    builder.air_force("sources.fan", ((0.0, 0.0, 0.0), (2.0, 0.5, 0.5)), (0.3, 0.0, 0.0))
    solver = Solver(builder.build(), Setup(Fluid("boussinesq"), Scheme(time_step=0.1), gravity=0.0), backend)
    solver.initialise()
    for _ in range(10):
        solver.advance()
    pressure = solver.field("pressure")
    assert pressure[..., -1] - pressure[..., 0] == pytest.approx(0.3 / 0.25, rel=1e-9)
    assert np.abs(solver.field("velocity")).max() < 1e-12


def test_a_fan_holds_its_pressure_against_a_resistance(backend):
    loss, force, area = 8.0, 1.2, 0.5
    builder = MeshBuilder(np.linspace(0, 2, 21), np.linspace(0, 1, 3), np.linspace(0, 0.5, 3), DUCT)
    builder.air_force("sources.fan", ((0.5, 0.0, 0.0), (0.7, 1.0, 0.5)), (force, 0.0, 0.0))
    builder.resistance("panels.screen", 0, 1.5, loss_forward=loss)
    fluid = Fluid("boussinesq", density=1.2, viscosity=0.0)
    solver = Solver(builder.build(), Setup(fluid, gravity=0.0), backend)
    solver.initialise()
    while solver.time < 10.0:
        solver.advance(10.0)
    pressure, velocity = solver.field("pressure"), solver.field("velocity")[..., 0]
    assert pressure[..., 9] - pressure[..., 3] == pytest.approx(force / area, rel=1e-6)
    assert velocity == pytest.approx(np.sqrt(2.0 * force / (area * loss * 1.2)), rel=1e-6)


def test_enclosed_air_cannot_be_driven():
    builder = MeshBuilder(np.linspace(0, 1, 5), np.array([0.0, 1.0]), np.linspace(0, 1, 3))
    builder.air_force("sources.fan", ((0.0, 0.0, 0.0), (0.5, 1.0, 1.0)), (0.0, 0.5, 0.0))
    with pytest.raises(MeshError, match="sources.fan: closed faces keep .* along y"):
        builder.build()
