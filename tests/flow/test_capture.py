"""Scalars on a mean flow, and capture indices: against exact values, and against the march."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import TIGHT, hall
from thermo.flow import Setup, Solver
from thermo.flow.scalars import TransportedScalar, WallValue, capture, mean_flow
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder
from thermo.mesh.patch import Exchange, FacePatch

FLUID = Fluid("boussinesq", viscosity=5e-3, conductivity=5.0)
X, Y, Z = np.linspace(0.0, 4.0, 17), np.linspace(0.0, 1.0, 5), np.linspace(0.0, 2.0, 9)


def rack_across(rack_flow: float, *supplies: float, gap: bool):
    """A rack across a duct; air is supplied before it, by one or two supplies, and extracted behind it.

    gap: above the rack, by which air goes round.
    """
    room = MeshBuilder(X, Y, Z)
    room.solid("R", ((X[6], Y[0], Z[0]), (X[10], Y[-1], Z[6])))
    if not gap:
        room.panel("lid", 0, X[8], ((Y[0], Z[6]), (Y[-1], Z[-1])))
    rect = ((Y[0], Z[0]), (Y[-1], Z[6]))
    intake, exhaust = room.port("R.in", 0, X[6], rect, -1), room.port("R.out", 0, X[10], rect, 1)
    room.exchange(Exchange("racks.R.U1", "rack", intake, exhaust, rack_flow, "mass", 300.0))
    for number, flow in enumerate(supplies):
        place = ((Y[0], Z[4 * number]), (Y[-1], Z[4 * number + 4]))
        room.supply(f"supplies.S{number}", room.side_port(f"S{number}", "west", place), flow, 289.0, "mass")
    room.extract("extracts.E", room.side_port("E", "east", ((Y[0], Z[2]), (Y[-1], Z[6]))), sum(supplies), "mass")
    return room.build()


def settled(mesh, steps: int, scalars=(), **scheme) -> Solver:
    setup = Setup(FLUID, Scheme(**({"time_step": 0.1} | TIGHT | scheme)), 0.0, scalars=scalars, mean_flux=True)
    solver = Solver(mesh, setup, open_backend("native", "double"))
    solver.initialise()
    for _ in range(steps):
        solver.advance()
    return solver


def captured(solver) -> list[dict]:
    flow = mean_flow.present_flow(solver)
    found = mean_flow.solve(solver, flow, capture.tracers(solver.mesh, 1e-3, 0.7))
    assert all(scalar.converged for scalar in found.values())
    return capture.indices(solver.mesh, flow.mass_flow, lambda name: found[name].drawn)


def test_all_air_of_two_supplies_goes_through_the_rack():
    """One to three: a quarter of what the rack draws in, whatever mixes before it; all it blows out is extracted."""
    (line,) = captured(settled(rack_across(0.4, 0.1, 0.3, gap=False), 40))
    assert line["name"] == "racks.R"
    assert line["sources"] == pytest.approx({"supplies.S0": 0.25, "supplies.S1": 0.75}, abs=1e-3)
    assert line["cold"] == pytest.approx(1.0, abs=1e-3)
    assert line["hot"] == pytest.approx(1.0, abs=1e-3)
    assert line["recirculated"] == pytest.approx(0.0, abs=1e-3)


def test_rack_that_draws_twice_what_is_supplied():
    """Half of what it draws in comes round over it; the extract takes half of what it blows out."""
    (line,) = captured(settled(rack_across(0.4, 0.2, gap=True), 300))
    assert line["cold"] == pytest.approx(0.5, abs=0.01)
    assert line["recirculated"] == pytest.approx(0.5, abs=0.01)
    assert line["hot"] == pytest.approx(0.5, abs=0.01)


def test_mean_flow_and_march_agree_in_a_steady_flow():
    """The same operator: where the flow stands still, the steady solution is what the march comes to."""
    mesh = rack_across(0.4, 0.1, 0.1, gap=True)
    scalars = capture.tracers(mesh, 1e-3, 0.7)
    solver = settled(mesh, 900, scalars)
    solver.start_average()
    for _ in range(100):
        solver.advance()
    flow = mean_flow.mean_flow(solver)
    found = mean_flow.solve(solver, flow, scalars, 1e-5)
    sums = solver.transported.ledger.instances
    in_time = capture.indices(mesh, flow.mass_flow, lambda name: sums(name)[:, 1] / np.maximum(sums(name)[:, 0], 1e-9))
    steady = capture.indices(mesh, flow.mass_flow, lambda name: found[name].drawn)
    for one, other in zip(in_time, steady, strict=True):
        for key in ("cold", "hot", "recirculated"):
            assert one[key] == pytest.approx(other[key], abs=2e-3), key


def test_age_on_a_flow_that_stands_still():
    """All that enters leaves at last by the extract: there its age is the nominal time, racks pass theirs on."""
    solver = settled(rack_across(0.4, 0.2, gap=True), 200)
    flow = mean_flow.present_flow(solver)
    age = TransportedScalar("age", 1e-3, source=1.0)
    found = mean_flow.solve(solver, flow, [age], 1e-5)["age"]
    air = solver.mesh.solid == 0
    nominal = FLUID.still_density * solver.mesh.volumes()[air].sum() / 0.2
    assert found.drawn[-1] == pytest.approx(nominal, rel=2e-3)
    assert found.field[air].min() >= 0.0
    assert found.discharged[0] == found.drawn[0] > 0.0


def test_openings_walls_and_moving_air_in_the_hall():
    """Low-Mach air, openings both ways, parts: a tracer of 1 in all air that enters and at a wall is 1 everywhere."""
    mesh = hall()
    setup = Setup(Fluid(viscosity=2e-3, conductivity=2.0), Scheme(time_step=0.05), mean_flux=True)
    solver = Solver(mesh, setup, open_backend("native", "single"), (2, 1, 1))
    solver.initialise()
    for _ in range(40):
        solver.advance()
    solver.start_average()
    for _ in range(5):
        solver.advance()
    floor = FacePatch("floor", 2, np.array([[0, 7, 5], [0, 7, 6]], np.int32), np.full(2, 0.1), 1, 0.2)
    tracer = TransportedScalar("one", 1e-3, entering=1.0, discharged={"B": 1.0}, walls=(WallValue(floor, 1.0),))
    decaying = TransportedScalar("fading", 1e-3, entering=1.0, decay=0.02)
    found = mean_flow.solve(solver, mean_flow.mean_flow(solver), [tracer, decaying])
    assert found["one"].field[mesh.solid == 0] == pytest.approx(1.0, abs=1e-3)
    fading = found["fading"].field[mesh.solid == 0]
    assert 0.0 <= fading.min() < 0.9 and fading.max() <= 1.0
