"""Models of two equations: decay and production in the open, friction of a channel, positivity, state, parts."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import TIGHT, hall, solver_of
from thermo.flow import Setup, Solver
from thermo.flow.setup import DISSIPATION, FREQUENCY, TURBULENT_ENERGY, Fluid, Scheme
from thermo.flow.turbulence import K_EPSILON, RNG, SST, InflowTurbulence
from thermo.mesh.builder import MeshBuilder, Side, box_mesh

K, EPSILON, OMEGA = TURBULENT_ENERGY, DISSIPATION, FREQUENCY
PERIODIC = dict.fromkeys(("west", "east", "south", "north"), "periodic")


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def column(cells: int, height: float, **sides):
    edge = np.array([0.0, 0.5])
    return box_mesh(edge, edge, np.linspace(0.0, height, cells + 1), **(PERIODIC | sides))


def decayed(model, k_0: float, second_0: float, time: float) -> dict[str, float]:
    """Exact k and epsilon or omega of homogeneous turbulence after a time: both follow power laws."""
    if model is SST:  # far from walls: dk/dt = -beta* k omega, domega/dt = -beta_2 omega^2
        base = 1.0 + model.beta_2 * second_0 * time
        return {K: k_0 * base ** (-model.beta_star / model.beta_2), OMEGA: second_0 / base}
    slope = model.c_2 - 1.0  # dk/dt = -epsilon, depsilon/dt = -C_2 epsilon^2/k
    base = 1.0 + slope * second_0 * time / k_0
    return {K: k_0 * base ** (-1.0 / slope), EPSILON: second_0 * base ** (-1.0 - 1.0 / slope)}


@pytest.mark.parametrize("model", [K_EPSILON, RNG, SST])
def test_turbulence_at_rest_decays_by_its_power_law(backend, model):
    mesh = column(4, 1.0, floor="periodic", ceiling="periodic")
    errors = []
    for steps in (100, 200):
        scheme = Scheme(time_step=4.0 / steps, **TIGHT)
        solver = Solver(mesh, Setup(Fluid("boussinesq"), scheme, gravity=0.0, turbulence=model), backend)
        solver.initialise()
        names = decayed(model, 1.0, 1.0, 0.0)
        begin = [solver.field(name)[0, 0, 0] for name in names]
        for _ in range(steps):
            solver.advance()
        exact = decayed(model, *begin, solver.time)
        errors.append([abs(solver.field(name)[0, 0, 0] / value - 1.0) for name, value in exact.items()])
        assert exact[K] < 0.5 * begin[0]
    assert max(errors[1]) < 0.01
    assert np.all(np.divide(*errors) > 1.7), errors  # of first order in time


def channel(backend, model, cells: int, first: float, time: float = 40.0) -> float:
    """Mean velocity over the friction velocity in a channel whose first cell's centre lies at y+ = first.

    Density, friction velocity and half the height are 1: the force on the air is the stress at the walls.
    """
    nu = 1.0 / cells / first
    fluid = Fluid("boussinesq", density=1.0, viscosity=nu, conductivity=nu * 1006.0 / 0.71)
    setup = Setup(fluid, Scheme(time_step_max=0.05, courant=1e3, growth=1.5), gravity=0.0, force=(1.0, 0.0, 0.0),
                  turbulence=model)  # fmt: skip
    solver = Solver(column(cells, 2.0), setup, backend)
    solver.initialise(velocity=(np.log(1.0 / nu) / 0.41 + 2.8, 0.0, 0.0))
    while solver.time < time:
        solver.advance(time)
    walls = {wall["name"]: wall["y_plus_median"] for wall in solver.report()["walls"]}
    assert walls == {"walls.floor": pytest.approx(first, rel=0.01), "walls.ceiling": pytest.approx(first, rel=0.01)}
    return float(solver.field("velocity")[..., 0].mean())


@pytest.mark.parametrize(
    ("model", "cells", "first"),
    [(K_EPSILON, 40, 5.0), (K_EPSILON, 20, 10.0), (K_EPSILON, 10, 100.0), (RNG, 20, 30.0), (SST, 40, 5.0),
     (SST, 20, 10.0), (SST, 10, 100.0)],
)  # fmt: skip
def test_friction_of_a_channel_within_a_tenth(backend, model, cells, first):
    """C_f = 0.073 Re^(-1/4), Re by mean velocity and height (Dean 1978, J. Fluids Eng. 100, 215, eq. 19)."""
    found = channel(backend, model, cells, first)
    reynolds = 2.0 * found * cells * first
    assert 2.0 / found**2 == pytest.approx(0.073 * reynolds**-0.25, rel=0.1)


@pytest.mark.parametrize("model", [K_EPSILON, RNG])
def test_uniform_shear_makes_what_the_equations_say(backend, model):
    """First short step between walls that move apart: between them P = nu_t S^2, deps/dt = eps/k (C_1 P - C_2 eps)."""
    sides = {"floor": Side("moving", (-1.0, 0.0, 0.0)), "ceiling": Side("moving", (1.0, 0.0, 0.0))}
    shear, dt = 2.0, 1e-6
    setup = Setup(Fluid("boussinesq"), Scheme(time_step=dt, **TIGHT), gravity=0.0, turbulence=model)
    solver = Solver(column(20, 1.0, **sides), setup, backend)
    solver.initialise(velocity=(lambda x, y, z: shear * (z - 0.5), 0.0, 0.0))
    k, epsilon = (solver.field(name)[10, 0, 0] for name in (K, EPSILON))
    solver.advance()
    change = [(solver.field(name)[10, 0, 0] - before) / dt for name, before in ((K, k), (EPSILON, epsilon))]
    production = model.c_mu * k**2 / epsilon * shear**2
    eta = shear * k / epsilon
    less = eta * (1.0 - eta / model.eta_0) / (1.0 + model.beta * eta**3) if model.renormalised else 0.0
    expected = epsilon / k * ((model.c_1 - less) * production - model.c_2 * epsilon)
    assert change == pytest.approx([production - epsilon, expected], rel=1e-4)


def test_uniform_shear_makes_what_the_shear_stress_model_says(backend):
    """First short step far from walls: dk/dt = P - beta* k omega, domega/dt = alpha P omega/k - beta omega^2.

    P is nu_t S^2 with nu_t = k/omega, and not more than 10 beta* k omega.
    """
    sides = {"floor": Side("moving", (-30.0, 0.0, 0.0)), "ceiling": Side("moving", (30.0, 0.0, 0.0))}
    for shear in (0.4, 60.0):  # below and beyond the limit of the production
        dt = 1e-6
        setup = Setup(Fluid("boussinesq"), Scheme(time_step=dt, **TIGHT), gravity=0.0, turbulence=SST)
        solver = Solver(column(41, 1e3, **sides), setup, backend)
        solver.initialise(velocity=(lambda x, y, z, s=shear: s * (z - 500.0), 0.0, 0.0))
        k, omega = (solver.field(name)[20, 0, 0] for name in (K, OMEGA))
        solver.advance()
        change = [(solver.field(name)[20, 0, 0] - before) / dt for name, before in ((K, k), (OMEGA, omega))]
        made = min(k / omega * shear**2, 10.0 * 0.09 * k * omega)
        expected = [made - 0.09 * k * omega, 0.44 * made * omega / k - 0.0828 * omega**2]
        assert change == pytest.approx(expected, rel=1e-3), shear


@pytest.mark.parametrize(("gradient", "sign"), [(5.0, -1.0), (-5.0, 1.0)])
def test_buoyancy_takes_in_stable_layers_and_gives_in_unstable_ones(backend, gradient, sign):
    """G = -(nu_t/Pr_t) g/T dT/dz; with rising air C_3 is 1, so epsilon has its share; it has none in still air."""
    dt = 1e-6
    fluid = Fluid("boussinesq", still_temperature=293.15)
    setup = Setup(fluid, Scheme(time_step=dt, **TIGHT), turbulence=K_EPSILON)
    solver = Solver(column(8, 1.0), setup, backend)
    solver.initialise(lambda x, y, z: 293.15 + gradient * z)
    k, epsilon = (solver.field(name)[4, 0, 0] for name in (K, EPSILON))
    solver.advance()
    nu = K_EPSILON.c_mu * k**2 / epsilon
    given = sign * nu / K_EPSILON.prandtl * 9.81 / 293.15 * abs(gradient)
    found = (solver.field(K)[4, 0, 0] - k) / dt
    assert found == pytest.approx(given - epsilon, rel=1e-3)
    assert (solver.field(EPSILON)[4, 0, 0] - epsilon) / dt == pytest.approx(-1.92 * epsilon**2 / k, rel=1e-3)


@pytest.mark.parametrize("model", [K_EPSILON, SST])
def test_a_hall_stays_positive_and_continues_bit_for_bit(model):
    def fresh():
        return solver_of(
            hall(), open_backend("native", "single"), turbulence=model, time_step=None, tolerance=1e-4,
            relative_tolerance=1e-3, courant=1.2,
        )  # fmt: skip

    def march(solver, until):
        while solver.step < until:
            solver.advance()
        return solver

    whole, resumed = march(fresh(), 80), march(fresh(), 2)
    resumed.restore(march(fresh(), 30).state())
    march(resumed, 80)
    air = whole.mesh.solid == 0
    for name in (K, OMEGA if model is SST else EPSILON):
        values = whole.field(name)[air]
        assert values.min() > 0.0, name
        assert np.isfinite(values).all(), name
    assert whole.field(K)[air].max() > 1.5e-3, "no turbulence was made"
    found, expected = resumed.state(), whole.state()
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name
    assert resumed.report() == whole.report()


@pytest.mark.parametrize("model", [K_EPSILON, SST])
def test_parts_and_references_find_what_the_whole_finds(backend, model):
    mesh = hall(periodic=True)
    whole = solver_of(mesh, backend, turbulence=model)
    others = [solver_of(mesh, backend, (2, 1, 2), turbulence=model),
              solver_of(mesh, open_backend("numpy", "double"), turbulence=model)]  # fmt: skip
    for solver in (whole, *others):
        for _ in range(5):
            solver.advance()
    for other in others:
        for name in ("velocity", "temperature", K, OMEGA if model is SST else EPSILON):
            expected = whole.field(name)
            assert other.field(name) == pytest.approx(expected, rel=1e-8, abs=1e-8 * np.abs(expected).max()), name


@pytest.mark.parametrize("model", [K_EPSILON, SST])
def test_air_enters_with_the_turbulence_that_is_named(backend, model):
    """k = 3/2 (I u)^2, epsilon = C_mu^(3/4) k^1.5/l or omega = k^0.5/(beta*^(1/4) l); of openings by their speed."""
    slip = dict.fromkeys(("south", "north", "floor", "ceiling"), "free_slip")
    edge, x = np.linspace(0.0, 1.0, 4), np.linspace(0.0, 2.0, 7)
    builder = MeshBuilder(x, edge, edge, slip)
    builder.opening("west", "west")
    builder.supply("middle", builder.side_port("middle", "floor", ((0.7, 0.3), (1.0, 0.7))), 0.06, 293.15)
    builder.extract("east", builder.side_port("east", "east"), 0.56)
    inflow = {"west": InflowTurbulence(0.2, 0.1), "middle": InflowTurbulence(0.1, 0.03)}
    setup = Setup(Fluid("boussinesq"), Scheme(time_step_max=0.02), turbulence=model, inflow=inflow)
    solver = Solver(builder.build(), setup, backend)
    solver.initialise()
    for _ in range(5):
        solver.advance()
    second = OMEGA if model is SST else EPSILON
    energy = 1.5 * (0.1 * 0.06 / solver.mesh.exchanges[0].discharge.mesh_area) ** 2
    brought = [solver.transported.exchanged(name)[1][0] for name in (K, second)]
    assert brought == pytest.approx([energy, model.second_by_length(energy, 0.03)], rel=1e-12)

    part = solver.parts[0]
    for (_, faces, energies), (_, _, seconds) in zip(
        solver.transported.outside(K), solver.transported.outside(second), strict=True
    ):
        speed = backend.to_host(part.velocity["ux"]).ravel()[faces["face"]]
        expected = 1.5 * (0.2 * speed) ** 2
        assert speed.mean() == pytest.approx(0.5, rel=1e-3)
        assert backend.to_host(energies) == pytest.approx(expected, rel=0.05)  # that of the middle of the step
        assert backend.to_host(seconds) == pytest.approx(
            [model.second_by_length(k, 0.1) for k in backend.to_host(energies)], rel=1e-12
        )
