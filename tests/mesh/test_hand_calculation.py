"""Sums that can be checked on paper."""

from math import sqrt
from pathlib import Path

import pytest

from thermo.loading import load_case
from thermo.mesh.hand_calculation import hand_calculation

TUTORIALS = Path(__file__).parents[2] / "cases" / "tutorials"
AIR = 101325.0 / 287.05  # kg K / m3
CP = 1006.0


def test_hot_aisle():
    sums = hand_calculation(load_case(TUTORIALS / "hot_aisle.toml"))
    density = AIR / 293.15
    assert sums.density == pytest.approx(density)
    assert len(sums.racks) == 12 and sums.power == pytest.approx(120e3)
    assert sums.rack_flow == pytest.approx(9.0 * density)
    rise = 120e3 / (9.0 * density * CP)
    assert sums.temperature_rise == pytest.approx(rise)
    assert [rack.temperature_rise for rack in sums.racks] == pytest.approx([rise] * 12)
    assert sums.supply == pytest.approx(8.97 * density) and sums.extract == 0.0
    assert sums.recirculation == pytest.approx(0.03 * density)
    returned = 293.15 + 120e3 / (8.97 * density * CP)
    assert sums.return_temperature == pytest.approx(returned)
    (outlet,) = sums.outside
    velocity = 8.97 * density / (AIR / returned) / (3.6 * 1.2)
    assert outlet.velocity == pytest.approx(velocity)
    assert outlet.pressure == pytest.approx(0.5 * 3.0 * AIR / returned * velocity**2)
    holes = {hole.name: hole for hole in sums.holes}
    assert holes["openings.leak_east"].flow_at_1_pa == pytest.approx(0.04 * sqrt(2.0 / (density * 2.7)))
    assert sums.stack_pressure == pytest.approx(density * 9.81 * 3.0 * (returned - 293.15) / returned)
    text = "\n".join(sums.lines())
    assert "12 racks, 120 kW" in text and "0.3 % of the rack flow) recirculates" in text


def test_sealed_hall_balances_its_heat():
    sums = hand_calculation(load_case(TUTORIALS / "sealed_hall.toml"))
    assert sums.cooler_heat == sums.power == pytest.approx(40e3)
    assert sums.outside == () and sums.stack_height == 3.0


def test_two_openings_give_the_height_of_the_stack_and_share_the_flow(tmp_path):
    file = tmp_path / "case.toml"
    file.write_text(
        """schema = 1
id = "shaft"
[building]
box = [[0, 0, 0], [1, 1, 6]]
[supplies.s]
in = "building.floor"
rect = [[0, 0], [1, 1]]
flow = "0.6 kg/s"
temperature = 20
[openings.low]
in = "building.west"
to = "outside"
rect = [[0, 0.2], [1, 0.6]]
loss_coefficient = 3.0
temperature = 20
[openings.top]
in = "building.ceiling"
to = "outside"
rect = [[0, 0], [1, 0.2]]
loss_coefficient = 0.0
temperature = 20
[run]
until = 1
"""
    )
    sums = hand_calculation(load_case(file))
    assert sums.stack_height == pytest.approx(5.6)
    # equal pressure: flows as A / sqrt(K + 1), 0.4 / 2 to 0.2 / 1
    assert [opening.flow for opening in sums.outside] == pytest.approx([0.3, 0.3])
    assert sums.outside[0].pressure == pytest.approx(sums.outside[1].pressure)
