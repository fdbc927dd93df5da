"""A tank of liquid in a room, from the case file."""

from pathlib import Path

import pytest

from thermo.case import CaseError
from thermo.loading import load_case
from thermo.mesh.build import build_mesh
from thermo.mesh.hand_calculation import hand_calculation
from thermo.simulation.assembly import assemble

TUTORIAL = Path(__file__).parents[2] / "cases" / "tutorials" / "immersion_tank.toml"


def tank(*overrides: str):
    return load_case(TUTORIAL, ("mesh.size=\"200 mm\"", *overrides))


def test_the_tank_holds_its_oil_and_the_room_its_air():
    solver = assemble(tank("mesh.snap_tolerance=0.05"), "native", "single").solver
    for _ in range(5):
        solver.advance(60.0)
    report = solver.report()
    room, oil = report["regions"]
    assert (room["liquid"], oil["liquid"]) == (None, "liquids.bath")
    assert oil["mass_kg"] == pytest.approx(867.0 * oil["volume_m3"], rel=1e-6)
    assert 42.0 < oil["temperature_mean_c"] < 43.5
    assert 21.0 < room["temperature_mean_c"] < 23.0
    assert room["volume_m3"] + oil["volume_m3"] == pytest.approx(31.2 - 0.084, rel=0.02)
    coil = next(device for device in report["devices"] if device["name"] == "coolers.coil")
    assert coil["flow_kg_s"] == pytest.approx(867.0 * 2.4e-3, rel=1e-6)
    assert coil["heat_w"] == pytest.approx(-867.0 * 2.4e-3 * 1900.0 * (coil["inlet_mean_c"] - 40.0), rel=1e-4)
    names = {line["name"] for line in report["surfaces"]}
    assert {"liquids.bath.surface", "liquids.bath.surface in liquids.bath"} <= names


def test_the_makers_values_stand_over_those_of_the_name():
    case = tank("liquids.bath.density=800", "liquids.bath.viscosity=0.02", 'liquids.bath.fluid="synthetic_dielectric"')
    liquid = assemble(case, "native", "single").solver.setup.liquids["liquids.bath"]
    assert (liquid.density, liquid.viscosity, liquid.viscosity_law) == (800.0, 0.02, None)
    assert liquid.heat_capacity == 2240.0
    assert liquid.still_temperature == pytest.approx(316.15)


def test_the_hand_calculation_is_that_of_the_air():
    found = hand_calculation(tank())
    assert found.cooler_flow == 0.0
    assert found.supply == pytest.approx(0.12, rel=0.01)


def test_a_tank_without_a_side_is_refused_where_it_is_open():
    case = tank("panels.west_side.rect=[[1, 0], [1.9, 0.6]]", "mesh.size=\"100 mm\"")
    with pytest.raises(CaseError, match=r"liquids\.bath.*an open path.*x, y, z = 1, 1\.05, 0\.65"):
        build_mesh(case)
