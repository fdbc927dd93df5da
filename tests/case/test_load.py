"""A case that is right: what the resolved numbers are."""

import json
import tomllib
from types import SimpleNamespace

import pytest

from tests.case.helpers import HALL, REGISTRY, changed_hall, load
from thermo.case import CaseError, load_case
from thermo.case.loss import loss_from_discharge_coefficient, loss_from_open_fraction, opening_loss
from thermo.case.table import Table
from thermo.case.units import Flow, Power


@pytest.fixture(scope="module")
def hall():
    return load()


def test_heights_grid_references_and_levels(hall):
    assert hall.levels == {"ceiling": 3.8, "floor": 0.8}
    assert hall.building.box == ((0.0, 0.0, 0.0), (12.6, 7.2, 4.8))
    assert hall.spaces == {"hall": (3.0, 0.3, 1.9), "underfloor": (3.0, 0.3, 0.4)}
    assert hall.panels["screen"].rect == ((0.0, 0.8), (7.2, 3.8))
    assert hall.panels["raised_floor"].position == 0.8
    assert hall.grid.grid().corner("AA01") == (2.4 + 26 * 0.6, 0.0)
    assert hall.monitors["plenum"].from_ == (3.0, 0.3, 0.4)
    assert hall.monitors["plenum"].to == (1.0, 2.0, 1.9)


def test_rows_place_racks_side_by_side_and_number_every_place(hall):
    racks = hall.devices("racks")
    assert list(racks) == ["A01", "A02", "A05", "Z1"]
    assert [racks[name].position for name in ("A01", "A02", "A05")] == [(4.8, 1.8), (5.6, 1.8), (8.0, 1.8)]
    assert hall.blocks["A04"].box == ((7.2, 1.8, 0.8), (8.0, 3.0, 3.062))
    assert racks["A01"].box == ((4.8, 1.8, 0.8), (5.6, 3.0, 3.062))
    assert racks["Z1"].footprint == (1.2, 0.8)
    assert {rack.base for rack in racks.values()} == {0.8}


def test_rows_along_y_take_the_width_along_y(tmp_path):
    case = load(changed_hall(tmp_path, 'facing = "-y"\n', 'facing = "+x"\ngap = "300 mm"\n'))
    racks = case.devices("racks")
    assert [racks[name].position for name in ("A01", "A02", "A05")] == [(4.8, 1.8), (4.8, 2.6), (4.8, 4.5)]
    assert case.blocks["A04"].box == ((4.8, 3.7, 0.8), (6.0, 4.5, 3.062))


def test_parts_inherit_and_racks_override(hall):
    racks = hall.devices("racks")
    assert racks["A05"].power == 40e3
    assert racks["A05"].airflow == Flow(2000 / 3600, "volume")
    assert (racks["A02"].temperature_rise, racks["A02"].airflow) == (11.0, None)
    assert str(racks["A01"].populated) == "U3-U42"
    assert (racks["A01"].populated.bottom, racks["A01"].populated.top) == pytest.approx((2 * 0.04445, 42 * 0.04445))


def test_openings_and_panels_know_their_losses(hall):
    opening = hall.devices("openings")
    assert opening["door"].loss_forward == pytest.approx(1 / 0.36 - 1)
    assert opening["tile"].loss_backward == pytest.approx(42.8 - 1.0, abs=0.05)  # without the head of what leaves
    assert opening["door"].temperature == 34 + 273.15
    assert opening["tile"].temperature is None
    assert hall.panels["screen"].loss_forward == loss_from_open_fraction(0.4)
    assert loss_from_open_fraction(1.0) == 1.0
    assert opening_loss(None, 1.0, None) == opening_loss(None, None, 1.0) == 0.0  # an open hole has no element
    assert loss_from_discharge_coefficient(1.0) == 0.0


def test_a_loss_may_depend_on_direction(tmp_path):
    change = ('discharge_coefficient = 0.6', 'loss_coefficient = 1.5\nloss_coefficient_reverse = 3')
    text = changed_hall(tmp_path, *change)
    text.write_text(text.read_text().replace('"openings.*.discharge_coefficient"', '"openings.door.loss_coefficient"'))
    door = load(text).devices("openings")["door"]
    assert (door.loss_forward, door.loss_backward) == (1.5, 3.0)


def test_defaults_come_from_other_tables(hall):
    assert hall.walls.west.outside_temperature == 34 + 273.15
    assert hall.walls.east.thermal is None
    assert hall.run.courant == 1.2
    assert hall.mesh.target == 0.15
    assert hall.site.pressure == pytest.approx(101325 - 15 * 1.225 * 9.80665, abs=0.2)


def test_profiles_are_read_beside_the_case(hall):
    profile = hall.devices("supplies")["jet"].profile
    assert profile.axes == ["y", "z"]
    assert profile.points[1] == (6.85, 1.5, 1.0)


def test_profile_of_another_plane_is_refused(tmp_path):
    path = changed_hall(tmp_path, 'id = "hall"', 'id = "hall"')
    (tmp_path / "jet.csv").write_text("x,y,velocity\n1,1,1\n")
    with pytest.raises(CaseError, match="has the axes y, z, not x, y"):
        load(path)
    (tmp_path / "jet.csv").write_text("y,z,velocity\n1,1,fast\n")
    with pytest.raises(CaseError, match="is not a table of numbers"):
        load(path)
    (tmp_path / "jet.csv").write_text("y,z,speed\n1,1,1\n")
    with pytest.raises(CaseError, match="has the columns y, z, speed"):
        load(path)


def test_limits_take_the_unit_of_what_they_judge(hall):
    assert hall.limits["inlets"].max.value == 30 + 273.15
    assert hall.limits["plenum"].min.value == 2.0
    assert hall.limits["plenum"].min.quantity.name == "pressure"


def test_scenarios_are_differences():
    cold = load(scenario="cold")
    racks = cold.devices("racks")
    assert cold.scenario == "cold"
    assert [racks[name].power for name in ("A01", "A02", "A05", "Z1")] == [12e3, 12e3, 12e3, 10e3]
    assert (racks["A01"].temperature_rise, racks["A01"].airflow) == (15.0, None)
    assert cold.devices("openings")["door"].temperature == -2 + 273.15
    assert load(scenario="small").mesh.size == 0.3
    assert load(scenario="small").run.until == 90.0


def test_overrides_stand_over_scenarios():
    case = load(HALL, 'racks.A01.power=30 kW', "racks.A0?.load=0.5", "run.until=\"3 min\"", "parts.gpu10.slots=6",
                "rows.A.start=[5, 2]", scenario="cold")
    racks = case.devices("racks")
    assert [racks[name].power for name in ("A01", "A02")] == [30e3, 12e3]
    assert [racks[name].load for name in ("A01", "A05", "Z1")] == [0.5, 0.5, 1.0]
    assert (case.run.until, racks["A05"].slots, racks["A01"].position) == (180.0, 6, (5.0, 2.0))


def test_an_override_of_a_part_that_excludes_another_key_replaces_it():
    case = load(HALL, "parts.gpu10.temperature_rise=12")
    rack = case.devices("racks")["A01"]
    assert (rack.temperature_rise, rack.airflow) == (12.0, None)
    assert list(case.assumed) == ["openings.*.discharge_coefficient"]  # nothing is assumed about the airflow any more


def test_a_rack_can_change_its_part():
    assert load(HALL, "racks.A01.part=gpu40").devices("racks")["A01"].power == 40e3


@pytest.mark.parametrize("scenario", [None, "small", "cold"])
def test_the_resolved_case_loads_to_the_same_case(scenario, tmp_path):
    case = load(HALL, "racks.A01.power=[[\"0 h\", 1], [\"1 h\", \"2 kW\"]]", scenario=scenario)
    path = tmp_path / "case.toml"
    path.write_text(case.resolved_toml())
    again = load(path)
    assert again.resolved() == case.resolved()
    assert again.resolved_toml().splitlines()[1:] == case.resolved_toml().splitlines()[1:]
    assert json.loads(json.dumps(case.resolved())) == case.resolved()
    assert "scenarios" not in tomllib.loads(case.resolved_toml())


def test_selectors(hall):
    assert hall.names("racks.A0?") == [("racks", "A01"), ("racks", "A02"), ("racks", "A05")]
    assert hall.names("part:gpu4*") == [("racks", "A05")]
    assert hall.names("ti*", "openings", "supplies") == [("openings", "tile"), ("supplies", "tile_supply")]
    assert hall.names("racks.B*") == []


def test_other_layers_refuse_with_the_line_of_the_value(hall):
    lines = HALL.read_text().splitlines()
    part = hall.error("racks.A05.power", "too much")
    assert lines[part.line - 1] == 'power = "40 kW"'
    assert str(part) == f"{HALL}:{part.line}: racks.A05.power: too much (from parts.gpu40.power)"
    position = hall.error("racks.A05.position", "outside the hall")
    assert lines[position.line - 1].startswith("racks = [")
    entry = hall.error(("mesh", "refine", 1, "size"), "too fine", "more")
    assert (entry.key, entry.allowed) == ("mesh.refine[1].size", "more")


def test_a_registered_device_has_its_own_table(tmp_path):
    class Fan(Table):
        """A fan of another package."""

        power: Power

    registry = {**REGISTRY, "fans": SimpleNamespace(Model=Fan)}
    path = changed_hall(tmp_path, "schema = 1\n", "schema = 1\nfans.F1.power = \"1 kW\"\n")
    case = load_case(path, registry)
    assert case.devices("fans")["F1"].power == 1000.0
    with pytest.raises(CaseError, match="fans: unknown key"):
        load_case(path, REGISTRY)
    with pytest.raises(ValueError, match=r"cannot have the table \[panels\]"):
        load_case(path, {"panels": SimpleNamespace(Model=Fan)})


def test_a_steady_run_needs_no_end_and_says_when_it_stops(tmp_path):
    run = load(changed_hall(tmp_path, 'until = "2 min"', 'mode = "steady"\nstop = { flows = "2 %" }')).run
    assert run.until is None and (run.stop.inlets, run.stop.mean) == (0.1, 0.02)
    assert (run.stop.flows, run.stop.heat) == (0.02, 0.005)
    assert run.steady.coarse == [4.0, 2.0] and run.steady.window is None
    # a scenario in time of a steady case has no use for how the steady state is found
    text = 'mode = "steady"\nstop = { heat = 0.01 }\nsteady = { coarse = [] }'
    path = changed_hall(tmp_path, 'until = "2 min"', text)
    assert load(path, 'run.mode="transient"', 'run.until="100 s"').run.until == 100.0
