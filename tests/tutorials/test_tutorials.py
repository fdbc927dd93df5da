"""The tutorial cases, on the whole path from the case file: do they show what they are there to show?"""

from pathlib import Path

import pytest

import kernels
from thermo.flow import Solver
from thermo.flow.report import contents
from thermo.loading import load_case
from thermo.mesh.build import build_mesh
from thermo.report.devices import by_device
from thermo.simulation.physics import flow_setup

TUTORIALS = Path(__file__).parents[2] / "cases" / "tutorials"
SUPPLY = 20.0  # degC


def _native() -> kernels.Backend:
    try:
        return kernels.open_backend("native")
    except kernels.BackendUnavailable as error:
        pytest.skip(str(error))


def test_one_rack_without_blanking_panels_draws_hot_air_and_its_neighbours_do_not():
    # Half the time of the tutorial: the air of the hall is renewed every eleven seconds.
    case = load_case(TUTORIALS / "hot_aisle.toml")
    mesh = build_mesh(case)
    assert mesh.cells >= 80_000
    solver = Solver(mesh, flow_setup(case), _native())
    solver.initialise(temperature=case.initial.temperature)
    while solver.time < 18.0:
        solver.advance(18.0)
    solver.start_average()
    while solver.time < 30.0:
        solver.advance(30.0)
    report = solver.report()

    inlets = {d["name"]: d["inlet_mean_c"] for d in by_device(report["devices"]) if d["kind"] == "rack"}
    assert len(inlets) == 12
    assert inlets.pop("racks.A03") > SUPPLY + 1.0
    assert max(inlets.values()) < SUPPLY + 0.3
    assert min(inlets.values()) > SUPPLY - 0.01

    balance, load = report["balance"], 12 * 10e3
    assert balance["heat_in_w"] == pytest.approx(load, rel=1e-6)
    # what the return carried away, what the air stored and what the racks gave are independent sums
    assert abs(balance["heat_imbalance_w"]) < 0.005 * load
    assert abs(balance["projection_defect_w"]) < 0.001 * load
    assert abs(balance["mass_imbalance_kg_s"]) < 1e-5 * balance["mass_in_kg_s"]


def test_an_hour_in_a_closed_hall_leaves_its_pressure_and_its_mass():
    case = load_case(TUTORIALS / "sealed_hall.toml", scenario="hour")
    solver = Solver(build_mesh(case), flow_setup(case), _native())
    solver.initialise(temperature=case.initial.temperature)
    before, _ = contents(solver)
    while solver.time < 3600.0:
        solver.advance(3600.0)
    after, _ = contents(solver)
    (pressure,) = solver.readings()["p0_pa"].values()
    # racks give just what the coolers take: p0 may not drift. 40 kW unbalanced would raise it by 208 Pa per second.
    assert pressure == pytest.approx(101325.0, abs=0.5)
    assert after == pytest.approx(before, rel=1e-6)
    assert solver.report()["balance"]["heat_imbalance_w"] == pytest.approx(0.0, abs=40.0)
    assert solver.field("temperature")[solver.mesh.solid == 0].min() > 10.0
