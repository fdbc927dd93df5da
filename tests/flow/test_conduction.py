"""Steady conduction through air, walls, panels and solids in series: exact for a piecewise linear temperature."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, Side
from thermo.mesh.mesh import Material

FLUID = Fluid(model="boussinesq", density=1.0, heat_capacity=100.0, conductivity=10.0, viscosity=0.1)
K = FLUID.conductivity
BRICK = Material("brick", conductivity=2.5, density=1.0, heat_capacity=50.0)
KELVIN = 273.15
FACES = 0.1 * np.concatenate([[0.0], np.cumsum([1.0, 1.2, 1.0, 0.8, 1.0, 0.9])])
LENGTH = FACES[-1]


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def steady(backend, room: MeshBuilder, axis: int, time: float = 10.0, parts=(1, 1, 1)) -> np.ndarray:
    """Temperature (K) along `axis` when it has settled."""
    solver = Solver(room.build(), Setup(FLUID, Scheme(time_step_max=1.0), gravity=0.0), backend, parts)
    solver.initialise(300.0)
    while solver.time < time:
        solver.advance(time)
    temperature = np.moveaxis(solver.field("temperature"), 2 - axis, 0) + KELVIN
    assert np.ptp(temperature, axis=(1, 2)).max() < 1e-10
    return temperature[:, 0, 0]


def slab(axis: int, low, high) -> MeshBuilder:
    """Cells of FACES along `axis`, two across, with two thermal sides."""
    lines = [np.linspace(0.0, 0.8, 3)] * 3
    lines[axis] = FACES
    names = (("west", "east"), ("south", "north"), ("floor", "ceiling"))[axis]
    return MeshBuilder(*lines, dict(zip(names, (Side(thermal=low), Side(thermal=high)), strict=True)))


def box_along(axis: int, low: float, high: float):
    """A box through the whole cross-section from `low` to `high` along `axis`."""
    corners = [[0.0] * 3, [0.8] * 3]
    corners[0][axis], corners[1][axis] = low, high
    return tuple(map(tuple, corners))


CENTRES = 0.5 * (FACES[1:] + FACES[:-1])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_two_wall_temperatures(backend, axis):
    found = steady(backend, slab(axis, ("temperature", 310.0), ("temperature", 290.0)), axis)
    assert found == pytest.approx(310.0 - 20.0 * CENTRES / LENGTH, abs=1e-6)


def test_flux_against_a_temperature(backend):
    found = steady(backend, slab(0, ("flux", 200.0), ("temperature", 290.0)), 0, time=25.0)
    assert found == pytest.approx(290.0 + 200.0 / K * (LENGTH - CENTRES), abs=1e-6)


def test_u_value_against_a_temperature(backend):
    """Outside 260 K behind 5 W/m2K, inside the air's own resistance up to the wall at 300 K."""
    found = steady(backend, slab(2, ("u_value", 5.0, 260.0), ("temperature", 300.0)), 2, time=25.0)
    flux = 40.0 / (1.0 / 5.0 + LENGTH / K)  # W/m2 towards the outside
    assert found == pytest.approx(300.0 - flux / K * (LENGTH - CENTRES), abs=1e-6)


@pytest.mark.parametrize("axis", [0, 2])
def test_panel_with_a_resistance(backend, axis):
    room = slab(axis, ("temperature", 310.0), ("temperature", 290.0))
    room.panel("panel", axis, FACES[3], resistance=0.1)
    flux = 20.0 / (LENGTH / K + 0.1)
    jump = np.where(FACES[3] < CENTRES, 0.1 * flux, 0.0)
    assert steady(backend, room, axis, time=25.0) == pytest.approx(310.0 - flux / K * CENTRES - jump, abs=1e-6)


def test_adiabatic_panel_stops_the_heat(backend):
    room = slab(0, ("temperature", 310.0), ("temperature", 290.0))
    room.panel("panel", 0, FACES[3])
    assert steady(backend, room, 0) == pytest.approx(np.where(FACES[3] > CENTRES, 310.0, 290.0), abs=1e-6)


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
def test_conducting_block_between_air(backend, parts):
    room = slab(0, ("temperature", 310.0), ("temperature", 290.0))
    room.solid("block", box_along(0, FACES[2], FACES[4]), BRICK)
    thickness = FACES[4] - FACES[2]
    flux = 20.0 / ((LENGTH - thickness) / K + thickness / BRICK.conductivity)
    inside = np.clip(CENTRES - FACES[2], 0.0, thickness)
    exact = 310.0 - flux * ((CENTRES - inside) / K + inside / BRICK.conductivity)
    assert steady(backend, room, 0, time=25.0, parts=parts) == pytest.approx(exact, abs=1e-6)


def test_heat_in_a_conducting_block(backend):
    """300 W/m2 from a block against a wall reach the other wall through block and air."""
    room = slab(0, None, ("temperature", 290.0))
    room.solid("block", box_along(0, FACES[0], FACES[2]), BRICK, heat=300.0 * 0.8 * 0.8)
    thickness = FACES[2]
    surface = 290.0 + 300.0 * (LENGTH - thickness) / K
    found = steady(backend, room, 0, time=40.0)
    assert found[2:] == pytest.approx(290.0 + 300.0 / K * (LENGTH - CENTRES[2:]), abs=1e-6)
    # the heat is spread evenly over the block: in its cell next to the air the flux falls linearly to the wall
    assert found[1] == pytest.approx(surface + 300.0 * (FACES[2] - CENTRES[1]) / BRICK.conductivity, abs=1e-6)


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
def test_round_a_periodic_axis(backend, parts):
    """A heated and a cooled block; the air conducts from one to the other across the periodic ends, too."""
    lines = (np.linspace(0.0, 0.8, 9), np.linspace(0.0, 0.8, 3), np.linspace(0.0, 0.8, 3))
    room = MeshBuilder(*lines, {"west": "periodic", "east": "periodic"})
    room.solid("warm", box_along(0, 0.0, 0.1), temperature=310.0)
    room.solid("cold", box_along(0, 0.3, 0.4), temperature=290.0)
    x = (np.arange(8) + 0.5) * 0.1
    exact = np.where(x < 0.3, 310.0 - 20.0 * (x - 0.1) / 0.2, 290.0 + 20.0 * (x - 0.4) / 0.4)
    air = (x > 0.4) | ((x > 0.1) & (x < 0.3))
    assert steady(backend, room, 0, parts=parts)[air] == pytest.approx(exact[air], abs=1e-6)


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
def test_conducting_blocks_that_meet_across_a_periodic_end(backend, parts):
    """Heat enters a brick at one end of the domain and leaves it, through the ends, at the other."""
    lines = (np.linspace(0.0, 0.8, 9), np.linspace(0.0, 0.8, 3), np.linspace(0.0, 0.8, 3))
    room = MeshBuilder(*lines, {"west": "periodic", "east": "periodic"})
    room.solid("low", box_along(0, 0.0, 0.2), BRICK)
    room.solid("high", box_along(0, 0.6, 0.8), BRICK)
    room.solid("warm", box_along(0, 0.3, 0.4), temperature=310.0)
    room.solid("cold", box_along(0, 0.4, 0.5), temperature=290.0)
    found = steady(backend, room, 0, time=40.0, parts=parts)
    flux = 20.0 / (0.1 / K + 0.4 / BRICK.conductivity + 0.1 / K)
    warm_surface = 310.0 - flux * 0.1 / K  # of the low brick, at x = 0.2
    exact = warm_surface - flux / BRICK.conductivity * np.array([0.15, 0.05])[::-1]
    assert found[[1, 0]] == pytest.approx(exact, abs=1e-6)
    beyond = warm_surface - flux / BRICK.conductivity * np.array([0.25, 0.35])
    assert found[[7, 6]] == pytest.approx(beyond, abs=1e-6)


def test_conductivity_by_sutherlands_law_at_second_order(backend):
    """A gas at rest between 450 K and 250 K: the integral of k over T is linear in x, up to the walls."""
    fluid = Fluid(sutherland=(0.05, 293.15, 110.4))
    temperatures = np.linspace(250.0, 450.0, 4001)
    conductivity = fluid.relative_conductivity(temperatures)
    integral = np.concatenate([[0.0], np.cumsum(0.5 * (conductivity[1:] + conductivity[:-1]))])
    errors = []
    for cells in (12, 24):
        x = np.linspace(0.0, 1.0, cells + 1)
        sides = {
            "west": Side("free_slip", thermal=("temperature", 450.0)),
            "east": Side("free_slip", thermal=("temperature", 250.0)),
            **dict.fromkeys(("south", "north", "floor", "ceiling"), "free_slip"),
        }
        mesh = MeshBuilder(x, np.array([0.0, 1.0]), np.array([0.0, 1.0]), sides).build()
        solver = Solver(mesh, Setup(fluid, Scheme(limiter="off"), gravity=0.0), backend)
        solver.initialise(lambda x, y, z: 450.0 - 200.0 * x + 0.0 * (y + z))
        while solver.time < 20.0:
            solver.advance(20.0)
        exact = np.interp(integral[-1] * (1.0 - mesh.x.centres), integral, temperatures)
        errors.append(np.sqrt(np.mean((solver.field("temperature")[0, 0] + KELVIN - exact) ** 2)))
    assert errors[0] > 3.5 * errors[1], errors
    assert errors[1] < 1e-3
