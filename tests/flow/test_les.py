"""Large-eddy simulation: laminar where the flow is laminar, friction by the law of the wall, order in time, state."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels import open_backend
from tests.flow.hall import TIGHT, hall, solver_of
from thermo.flow import Setup, Solver
from thermo.flow.scalars.definition import TransportedScalar
from thermo.flow.setup import Fluid, Scheme
from thermo.flow.turbulence import LES
from thermo.mesh.builder import Side, box_mesh

HEIGHT = 1.0
PERIODIC = dict.fromkeys(("west", "east", "south", "north"), "periodic")


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def column(cells: int, **sides):
    """One cell wide and deep, between floor and ceiling: what varies along z only."""
    edge = np.array([0.0, 0.5])
    return box_mesh(edge, edge, np.linspace(0.0, HEIGHT, cells + 1), **(PERIODIC | sides))


def viscosity(solver, name: str = "mu") -> np.ndarray:
    """Molecular and eddy viscosity of the last step, or the diffusivity."""
    return solver.decomposition.gather([solver.backend.to_host(getattr(part, name)) for part in solver.parts])


def profile(backend, turbulence, velocity=(0.0, 0.0, 0.0), force=(0.96, 0.48, 0.0)) -> np.ndarray:
    """Velocities (n, 3) of a viscous flow driven between two walls that move at `velocity`, and the air with them."""
    fluid = Fluid("boussinesq", density=1.2, viscosity=0.12)
    wall = Side("moving", velocity)
    setup = Setup(fluid, Scheme(time_step=0.018), gravity=0.0, force=force, turbulence=turbulence)
    solver = Solver(column(10, floor=wall, ceiling=wall), setup, backend)
    solver.initialise(velocity=velocity)
    while solver.time < 2.0:
        solver.advance(2.0)
    return solver.field("velocity")[:, 0, 0]


def test_laminar_flow_between_plates_is_the_laminar_flow(backend):
    """Vreman's viscosity is zero there, and at y+ < 1 the law of the wall is the sublayer to 1e-4."""
    laminar = profile(backend, None)
    assert laminar.max() > 0.1
    assert profile(backend, LES) == pytest.approx(laminar, rel=1e-4, abs=1e-12)


def test_a_moving_frame_changes_nothing(backend):
    at_rest = profile(backend, LES)
    drift = (0.7, -0.4, 0.0)
    assert profile(backend, LES, drift) - drift == pytest.approx(at_rest, abs=1e-10)


def spalding_friction(speed: float, distance: float, nu: float) -> float:
    """u_tau by Spalding's law with kappa 0.41 and B 5.2."""
    kappa, b = LES.kappa, LES.log_constant

    def missing(u_tau: float) -> float:
        u_plus = speed / u_tau
        x = kappa * u_plus
        y_plus = u_plus + np.exp(-kappa * b) * (np.exp(x) - 1 - x - x**2 / 2 - x**3 / 6)
        return y_plus - distance * u_tau / nu

    return brentq(missing, 1e-3 * speed, 10 * (speed * nu / distance) ** 0.5 + speed)


@pytest.mark.parametrize("y_plus", [0.1, 1.0, 5.0, 11.0, 30.0, 100.0, 1000.0])
def test_friction_follows_the_law_of_the_wall_at_any_distance(backend, y_plus):
    """What a uniform stream loses in one short step is the stress of both walls; the first cell lies at y+."""
    cells, density, drift = 8, 1.2, np.array([1.6, 1.2, 0.0])
    distance, speed = 0.5 * HEIGHT / cells, 2.0
    u_plus = brentq(lambda u: u + np.exp(-0.41 * 5.2) * (
        np.exp(0.41 * u) - 1 - 0.41 * u - (0.41 * u) ** 2 / 2 - (0.41 * u) ** 3 / 6) - y_plus, 1e-3, 40.0)  # fmt: skip
    nu = speed / u_plus * distance / y_plus
    fluid = Fluid("boussinesq", density=density, viscosity=density * nu)
    dt = 1e-6 / (nu / distance**2 + 1.0)
    setup = Setup(fluid, Scheme(time_step=dt, **TIGHT), gravity=0.0, turbulence=LES)
    solver = Solver(column(cells), setup, backend)
    solver.initialise(velocity=tuple(drift))
    solver.advance()
    lost = density * (drift - solver.field("velocity")[:, 0, 0]).sum(axis=0) * HEIGHT / cells / dt
    stress = density * spalding_friction(speed, distance, nu) ** 2
    assert lost == pytest.approx(2.0 * stress * drift / speed, rel=1e-4, abs=1e-9)
    assert [wall["name"] for wall in solver.report()["walls"]] == ["walls.floor", "walls.ceiling"]
    for wall in solver.report()["walls"]:
        assert [wall[key] for key in wall if key != "name"] == pytest.approx([y_plus] * 5, rel=1e-4)


def _vortices(backend, steps: int) -> dict[str, np.ndarray]:
    """Vortices in a periodic cube; their eddy viscosity, ten times the usual, is a hundred times the molecular one."""
    line, end = np.linspace(0.0, 2.0 * np.pi, 13), 1.6
    mesh = box_mesh(line, line, line, **PERIODIC, floor="periodic", ceiling="periodic")
    setup = Setup(
        Fluid("boussinesq", viscosity=1e-3, conductivity=1.0), Scheme(limiter="off", time_step=end / steps, **TIGHT),
        gravity=0.0, turbulence=replace(LES, coefficient=0.7),
    )  # fmt: skip
    solver = Solver(mesh, setup, backend)
    solver.initialise(
        lambda x, y, z: 293.15 + np.sin(x + 0.2) * np.cos(y) * np.sin(z),
        (lambda x, y, z: np.sin(x) * np.cos(y) * np.cos(z) + 0.3 * np.sin(2.0 * z + y),
         lambda x, y, z: -np.cos(x) * np.sin(y) * np.cos(z), lambda x, y, z: 0.5 * np.sin(x - y)),
    )  # fmt: skip
    for _ in range(steps):
        solver.advance(end)
    assert viscosity(solver).max() > 0.1
    return {name: solver.field(name) for name in ("temperature", "velocity")}


def test_eddy_viscosity_is_of_second_order_in_time(backend):
    coarse, middle, fine = (_vortices(backend, steps) for steps in (20, 40, 80))
    for name in coarse:
        apart = [np.sqrt(((a[name] - b[name]) ** 2).mean()) for a, b in ((coarse, middle), (middle, fine))]
        assert np.log2(apart[0] / apart[1]) == pytest.approx(2.0, abs=0.1), (name, apart)


@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_parts_and_references_find_what_the_whole_finds(model, backend):
    mesh = hall(periodic=True)
    whole = solver_of(mesh, backend, model=model, turbulence=LES)
    others = [solver_of(mesh, backend, (2, 1, 2), model, LES),
              solver_of(mesh, open_backend("numpy", "double"), (1, 1, 1), model, LES)]  # fmt: skip
    for solver in (whole, *others):
        for _ in range(6):
            solver.advance()
    assert viscosity(whole).max() > 10.0 * whole.setup.fluid.viscosity, "no turbulence"
    for other in others:
        for name in ("velocity", "temperature", "pressure"):
            expected = whole.field(name)
            assert other.field(name) == pytest.approx(expected, rel=1e-9, abs=1e-9 * np.abs(expected).max()), name
        for wall, expected in zip(other.report()["walls"], whole.report()["walls"], strict=True):
            assert wall["name"] == expected["name"]
            assert [*wall.values()][1:] == pytest.approx([*expected.values()][1:], rel=1e-6), wall["name"]


def test_resumed_run_equals_the_uninterrupted():
    def fresh():
        backend = open_backend("native", "single")
        return solver_of(hall(), backend, turbulence=LES, time_step=None, tolerance=1e-4, relative_tolerance=1e-3)

    def march(solver, until):
        while solver.step < until:
            solver.advance()
        return solver

    whole, resumed = march(fresh(), 60), march(fresh(), 2)
    resumed.restore(march(fresh(), 25).state())
    assert resumed.report()["walls"] == march(fresh(), 25).report()["walls"]
    march(resumed, 60)
    found, expected = resumed.state(), whole.state()
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name
    assert resumed.report() == whole.report()


def test_the_step_follows_the_eddy_viscosity(backend):
    """In a coarse, fast room the largest (mu + mu_t) / rho exceeds the molecular one a hundredfold."""
    solver = solver_of(hall(), backend, turbulence=LES, time_step=None)
    for _ in range(30):
        solver.advance()
    mu, density = viscosity(solver), solver.field("density")
    air = solver.mesh.solid == 0
    stiffness = sum(
        1.0 / axis.widths.reshape([-1 if d == n else 1 for d in (2, 1, 0)]) ** 2
        for n, axis in enumerate(solver.mesh.axes)
    )
    rate = (mu / density * stiffness)[air].max()
    diffusivity = (viscosity(solver, "diffusivity") / density * stiffness)[air].max()
    assert solver.pace.diffusion == pytest.approx(max(rate, diffusivity), rel=0.05)
    assert solver.pace.diffusion > 10.0 * solver.setup.fluid.viscosity / 1.2 * np.asarray(stiffness).max()
    by_flow, by_diffusion = solver.pace.rate / 1.2, 2.5 * solver.pace.diffusion
    assert solver._choose_step(np.inf) <= 1.0 / (by_flow + by_diffusion) * (1.0 + 1e-12)


def test_a_scalar_spreads_by_the_eddies_like_heat(backend):
    """With the diffusion of the temperature and its turbulent Prandtl number a scalar is the temperature."""
    fluid = Fluid("boussinesq", heat_capacity=1000.0, conductivity=0.02)
    like_heat = TransportedScalar(
        "dye", fluid.conductivity / fluid.heat_capacity, LES.prandtl, lambda x, y, z: np.sin(x) * np.cos(y) * np.sin(z)
    )
    line = np.linspace(0.0, 2.0 * np.pi, 13)
    mesh = box_mesh(line, line, line, **PERIODIC, floor="periodic", ceiling="periodic")
    setup = Setup(
        fluid, Scheme(limiter="off", time_step=1e-3, **TIGHT), gravity=0.0, turbulence=LES, scalars=(like_heat,)
    )  # fmt: skip
    solver = Solver(mesh, setup, backend)
    solver.initialise(
        lambda x, y, z: 293.15 + np.sin(x) * np.cos(y) * np.sin(z),
        (lambda x, y, z: np.sin(y) * np.cos(z), lambda x, y, z: np.sin(z + x), lambda x, y, z: np.cos(x) * np.sin(y)),
    )
    start = solver.field("dye").copy()
    for _ in range(5):
        solver.advance()
    assert viscosity(solver).max() > 100.0 * fluid.viscosity
    change = np.abs(solver.field("dye") - start).max()
    assert solver.field("dye") == pytest.approx(solver.field("temperature") - 20.0, abs=1e-5 * change)


def test_second_moments_are_those_of_the_series(backend):
    """Averages of u and T and their rms against a series of fields, and the share of k that the cells resolve."""
    solver = solver_of(hall(), backend, turbulence=LES)
    for _ in range(5):
        solver.advance()
    assert solver.report()["resolved_share"] == {}
    solver.start_average()
    series = {"velocity": [], "temperature": []}
    eddies = []
    for _ in range(12):
        solver.advance()
        for name, values in series.items():
            values.append(solver.field(name))
        eddies.append((viscosity(solver) - solver.setup.fluid.viscosity) / solver.field("density"))
    air = solver.mesh.solid == 0
    for name, values in series.items():
        found = solver.average(f"{name}_rms")[air]
        assert found == pytest.approx(np.std(values, axis=0)[air], rel=1e-6, abs=1e-7), name
    resolved = 0.5 * np.var(series["velocity"], axis=0).sum(axis=-1)
    volumes = solver.mesh.volumes()
    subgrid = np.mean(np.square(eddies), axis=0) / (0.094 * np.cbrt(volumes)) ** 2
    share = (resolved * volumes)[air].sum() / ((resolved + subgrid) * volumes)[air].sum()
    shares = solver.report()["resolved_share"]
    assert shares["room"] == pytest.approx(share, rel=1e-4)
    assert shares["around_racks"] != shares["room"]
