"""What devices put into a scene."""

import numpy as np
import pytest

from thermo.case.schedule import Schedule
from thermo.devices import coolers, racks, supplies
from thermo.scene import Scene

RACK = dict(position=[2.0, 3.0], base=0.0, size=[0.6, 1.2, "42 U"], facing="-y", power="10 kW", airflow="0.8 m^3/s")


@pytest.fixture
def scene():
    return Scene(building=((0.0, 0.0, 0.0), (10.0, 6.0, 3.0)), heat_capacity=1006.0)


def placed_rack(scene, **changes):
    racks.place(scene, "A01", racks.Model.model_validate(RACK | changes))
    return scene


def test_rack_is_a_box_with_slots_that_share_flow_and_heat(scene):
    placed_rack(scene, populated="U3-U40", load=0.5)
    assert scene.solids["racks.A01"].box[1] == pytest.approx((2.6, 4.2, 42 * 0.04445))
    assert [device.name for device in scene.devices] == [
        "racks.A01.U3-U12", "racks.A01.U13-U21", "racks.A01.U22-U30", "racks.A01.U31-U40",
    ]
    assert sum(device.flow for device in scene.devices) == pytest.approx(0.8)
    assert sum(device.heat for device in scene.devices) == pytest.approx(5000.0)
    first = scene.devices[0]
    assert (first.intake.side, first.discharge.side) == ("south", "north")
    assert first.intake.rect[0] == pytest.approx((2.0, 2 * 0.04445))
    assert first.intake.rect[1] == pytest.approx((2.6, 12 * 0.04445))
    assert first.flow / 0.8 == pytest.approx(10 / 38)


@pytest.mark.parametrize(
    ("facing", "front", "rear", "extent"),
    [("-y", "south", "north", (0.6, 1.2)), ("+y", "north", "south", (0.6, 1.2)),
     ("-x", "west", "east", (1.2, 0.6)), ("+x", "east", "west", (1.2, 0.6))],
)
def test_air_enters_at_the_side_the_rack_faces(scene, facing, front, rear, extent):
    placed_rack(scene, facing=facing)
    low, high = scene.solids["racks.A01"].box
    assert (high[0] - low[0], high[1] - low[1]) == pytest.approx(extent)
    assert {(d.intake.side, d.discharge.side) for d in scene.devices} == {(front, rear)}


def test_temperature_rise_gives_the_mass_flow_of_full_load(scene):
    rack = RACK | {"temperature_rise": "10 K", "load": 0.5}
    del rack["airflow"]
    racks.place(scene, "A01", racks.Model.model_validate(rack))
    assert {device.flow_kind for device in scene.devices} == {"mass"}
    assert sum(device.flow for device in scene.devices) == pytest.approx(1e4 / (1006.0 * 10.0))


def test_power_load_and_load_of_all_racks_multiply_in_time(scene):
    scene.load = Schedule((0.0, 100.0), (1.0, 0.5))
    placed_rack(scene, slots=1, load=[["50 s", 0.8], ["100 s", 0.4]])
    heat = scene.devices[0].heat
    assert heat.at(0.0) == pytest.approx(8000.0) and heat.at(50.0) == pytest.approx(1e4 * 0.8 * 0.75)
    assert heat.at(100.0) == pytest.approx(1e4 * 0.4 * 0.5)


def test_missing_blanking_becomes_a_tunnel(scene):
    placed_rack(scene, populated="U1-U36", missing_blanking="U37-U40")
    (tunnel,) = scene.solids["racks.A01"].tunnels
    assert tunnel.axis == 1 and tunnel.loss == 2.5
    assert (tunnel.bottom, tunnel.top) == pytest.approx((36 * 0.04445, 40 * 0.04445))


def test_cooler_takes_heat_out(scene):
    model = coolers.Model.model_validate(
        dict(box=[[0, 0, 0], [1, 2, 2]], intake="top", discharge="east", airflow="2 m^3/s", heat="20 kW")
    )
    coolers.place(scene, "c", model)
    (device,) = scene.devices
    assert device.heat == -2e4 and device.temperature is None
    assert device.intake.rect == ((0.0, 0.0), (1.0, 2.0)) and device.discharge.rect == ((0.0, 0.0), (2.0, 2.0))


def supply(**keys):
    base = {"in": "building.west", "rect": [[1.0, 0.5], [2.0, 1.5]], "temperature": 18.0}
    return supplies.Model.model_validate(base | keys)


def test_supply_velocity_times_the_true_area_is_the_flow(scene):
    supplies.place(scene, "s", supply(velocity=0.5))
    assert scene.devices[0].flow == pytest.approx(0.5) and scene.devices[0].flow_kind == "volume"


def test_supply_profile_is_linear_between_its_points_and_constant_beyond():
    points = [(a, b, 1.0 + a + 2.0 * b) for a in (0.0, 1.0, 2.0) for b in (0.0, 1.0)]
    velocity = supplies.velocity_field(supplies.Profile(axes=["y", "z"], points=points))
    a, b = np.array([0.3, 1.7, 5.0]), np.array([0.6, 0.2, 0.0])
    np.testing.assert_allclose(velocity(a, b), [2.5, 3.1, 3.0])
    line = supplies.velocity_field(supplies.Profile(axes=["y", "z"], points=[(1.0, 0.0, 0.0), (1.0, 2.0, 4.0)]))
    np.testing.assert_allclose(line(a, b), [1.2, 0.4, 0.0])
