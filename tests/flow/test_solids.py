"""Solids in their own implicit steps, against exact solutions of the heat equation; their heat against the air's."""

import numpy as np
import pytest
from scipy.special import erf, erfc

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import TEMPERATURE_ZERO, Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, Side
from thermo.mesh.mesh import Material

CONCRETE = Material("concrete", conductivity=1.6, density=2300.0, heat_capacity=1000.0)
FOAM = Material("foam", conductivity=0.03, density=30.0, heat_capacity=1400.0)
STEEL = Material("steel", conductivity=50.0, density=7850.0, heat_capacity=480.0)
COPPER = Material("copper", conductivity=390.0, density=8900.0, heat_capacity=385.0)
AIR = Fluid(model="boussinesq", density=1.2)
ACROSS = np.array([0.0, 0.1])


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def diffusivity(material: Material) -> float:
    return material.conductivity / (material.density * material.heat_capacity)


def still_solver(room: MeshBuilder, backend, step: float, solid_step: float, parts=(1, 1, 1)) -> Solver:
    """Air at rest in constant steps of `step`, solids in steps of up to `solid_step` (s)."""
    scheme = Scheme(time_step=step, solid_step_max=solid_step)
    return Solver(room.build(), Setup(AIR, scheme, gravity=0.0), backend, parts)


def run(solver: Solver, until: float) -> None:
    while solver.time < until:
        solver.advance(until)


def column(length: float, cells: int, growth: float, sides) -> MeshBuilder:
    """Cells along x that grow from x = 0, one across; the last cell is air."""
    widths = growth ** np.arange(cells)
    faces = np.concatenate([[0.0], np.cumsum(widths)]) * length / widths.sum()
    return MeshBuilder(np.append(faces, length + 0.2), ACROSS, ACROSS, sides)


def test_slow_warming_in_single_precision():
    """A concrete wall that takes up 0.05 K/h: in a step of the air less than half of the last place of theta = 15 K."""
    room = MeshBuilder(np.linspace(0.0, 0.6, 7), ACROSS, ACROSS)
    room.solid("wall", ((0.0, 0.0, 0.0), (0.2, 0.1, 0.1)), CONCRETE)
    power = 0.05 / 3600.0 * (2.3e6 * 0.2 + 1206.0 * 0.4) * 0.01  # W, of wall and air
    room.heat_source("sun", ((0.0, 0.0, 0.0), (0.1, 0.1, 0.1)), power)
    solver = still_solver(room, open_backend("native", "single"), 1.0, 10.0)
    solver.initialise(TEMPERATURE_ZERO + 15.0)
    theta = solver.backend.to_host(solver.solids.theta)
    before, begin = theta.copy(), solver.solids.heat()
    run(solver, 3600.0)
    warmed = solver.backend.to_host(solver.solids.theta) - before
    assert warmed.mean() == pytest.approx(0.05, rel=0.01)
    assert solver.solids.heat() - begin == pytest.approx(3600.0 * power, rel=0.01)


@pytest.mark.parametrize("material", [CONCRETE, STEEL])
def test_half_space_under_a_step_of_its_surface(backend, material):
    """T = T_s erfc(x / 2 sqrt(alpha t)); the error falls as the step of the solid, which is of first order."""
    time, depth = 3600.0, 8.0 * np.sqrt(diffusivity(material) * 3600.0)
    errors = []
    for step in (40.0, 20.0):
        room = column(depth, 60, 1.05, {"west": Side(thermal=("temperature", 310.0))})
        room.solid("ground", ((0.0, 0.0, 0.0), (depth, 0.1, 0.1)), material)
        solver = still_solver(room, backend, 20.0, step)
        assert solver.solids.interval == step
        solver.initialise(300.0)
        run(solver, time)
        x = solver.mesh.x.centres[:-1]
        exact = 300.0 + 10.0 * erfc(x / np.sqrt(4.0 * diffusivity(material) * time))
        found = solver.backend.to_host(solver.solids.theta) + TEMPERATURE_ZERO
        errors.append(np.abs(found - exact).max())
    assert errors[1] < 0.03, errors
    assert errors[0] / errors[1] == pytest.approx(2.0, abs=0.4), errors


def test_two_half_spaces_in_contact(backend):
    """Steel at 320 K against concrete at 300 K: between them T = (e_1 T_1 + e_2 T_2)/(e_1 + e_2), e = sqrt(k rho c)."""
    time = 400.0
    lines = [8.0 * np.sqrt(diffusivity(m) * time) for m in (STEEL, CONCRETE)]
    grow = np.cumsum(1.06 ** np.arange(50))
    faces = np.concatenate([-(lines[0] * grow / grow[-1])[::-1], [0.0], lines[1] * grow / grow[-1]])
    room = MeshBuilder(np.append(faces, faces[-1] + 0.2), ACROSS, ACROSS)
    room.solid("steel", ((faces[0], 0.0, 0.0), (0.0, 0.1, 0.1)), STEEL)
    room.solid("concrete", ((0.0, 0.0, 0.0), (faces[-1], 0.1, 0.1)), CONCRETE)
    solver = still_solver(room, backend, 2.0, 2.0)
    solver.initialise(lambda x, y, z: np.where(x < 0.0, 320.0, 300.0) + 0.0 * (y + z))
    run(solver, time)
    effusivity = [np.sqrt(m.conductivity * m.density * m.heat_capacity) for m in (STEEL, CONCRETE)]
    interface = (effusivity[0] * 320.0 + effusivity[1] * 300.0) / sum(effusivity)
    x = solver.mesh.x.centres[:-1]
    profile = erf(np.abs(x) / np.sqrt(4.0 * np.where(x < 0, *map(diffusivity, (STEEL, CONCRETE))) * time))
    exact = interface + np.where(x < 0, 320.0 - interface, 300.0 - interface) * profile
    found = solver.backend.to_host(solver.solids.theta) + TEMPERATURE_ZERO
    assert found == pytest.approx(exact, abs=0.02)
    half = solver.mesh.x.widths[49:51] / 2.0
    weights = np.array([STEEL.conductivity, CONCRETE.conductivity]) / half
    assert (weights @ found[49:51]) / weights.sum() == pytest.approx(interface, abs=0.01)


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 2, 1)])
def test_what_solids_lose_the_air_gains(backend, parts):
    """A closed box at rest with a block and a foam, unevenly warm: its heat stays, whatever the intervals."""
    lines = [np.linspace(0.0, 1.0, 9)] * 3
    room = MeshBuilder(*lines)
    room.solid("steel", ((0.25, 0.25, 0.0), (0.5, 0.75, 0.5)), STEEL)
    room.solid("foam", ((0.5, 0.25, 0.0), (0.75, 0.5, 0.25)), FOAM)
    solver = still_solver(room, backend, 1.0, 7.0, parts)
    solver.initialise(lambda x, y, z: 300.0 + np.where(x + y + z < 1.0, 30.0, 0.0))

    def heats() -> tuple[float, float]:
        air = solver.mesh.solid == 0
        theta = (solver.field("temperature") - 20.0)[air]
        return float(1.2 * AIR.heat_capacity * (solver.mesh.volumes()[air] * theta).sum()), solver.solids.heat()

    before = heats()
    steps = 0
    while solver.time < 60.0:
        solver.advance()
        steps += solver.solids.elapsed == 0.0
        now = heats()
        assert sum(now) == pytest.approx(sum(before), rel=1e-13), solver.time
    assert steps == 8, "the solids do not make their own steps"
    assert abs(now[0] - before[0]) > 1e-3 * before[0], "no heat was exchanged"


def test_conduction_in_metal_does_not_limit_the_step(backend):
    """A copper block in 5 mm cells beside air: explicit conduction in it would need 0.04 s; and it stays stable."""
    steps = []
    for material in (None, COPPER):
        room = MeshBuilder(np.linspace(0.0, 0.1, 21), np.linspace(0.0, 0.05, 11), np.array([0.0, 0.05]))
        block = ((0.0, 0.0, 0.0), (0.05, 0.05, 0.05))
        room.solid("block", block) if material is None else room.solid("block", block, material)
        solver = Solver(room.build(), Setup(AIR, Scheme(time_step_max=10.0, growth=10.0), gravity=0.0), backend)
        solver.initialise(lambda x, y, z: 300.0 + 5.0 * np.sin(900.0 * x + 400.0 * y) + 0.0 * z)
        for _ in range(100):
            solver.advance()
        steps.append(solver.dt)
    assert steps[1] > 0.9 * steps[0]
    assert steps[1] > 0.1
    copper = solver.backend.to_host(solver.solids.theta)
    assert np.ptp(copper) < 0.02, "the block does not even out"


def test_sweeps_solve_the_step(backend):
    """After a long step of a metal the temperatures are those of the implicit equations, solved directly."""
    rng = np.random.default_rng(3)
    room = MeshBuilder(*(np.linspace(0.0, 0.06, 7),) * 3)
    room.solid("block", ((0.0, 0.0, 0.0), (0.06, 0.06, 0.05)), COPPER)
    solver = still_solver(room, backend, 2.0, 2.0)
    solver.initialise(300.0)
    solids, network = solver.solids, solver.boundaries.network
    theta = rng.normal(size=network.nodes)
    backend.upload(solids.theta, theta)
    solids.elapsed = 2.0
    matrix = np.diag(network.capacity / 2.0)
    for low, high, conductance in zip(network.low, network.high, network.conductance, strict=True):
        for own, other in ((low, high), (high, low)):
            matrix[own, own] += conductance
            matrix[own, other] -= conductance
    exact = np.linalg.solve(matrix, network.capacity / 2.0 * theta)
    solids.make_step(2.0, solver.level)
    assert backend.to_host(solids.theta) == pytest.approx(exact, abs=1e-12)
