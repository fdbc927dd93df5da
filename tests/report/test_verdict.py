"""Devices merged from their slots, and limits judged."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from thermo.case.measure import Bound
from thermo.case.units import DIFFERENCE, PRESSURE, TEMPERATURE
from thermo.report.devices import by_device
from thermo.report.limits import judge

SLOTS = [
    {"name": "racks.A01.U1-U10", "kind": "rack", "flow_m3_s": 0.1, "inlet_mean_c": 20.0, "inlet_max_c": 21.0,
     "outlet_mean_c": 30.0, "heat_w": 1200.0, "power_w": 1200.0},
    {"name": "racks.A01.U11-U20", "kind": "rack", "flow_m3_s": 0.3, "inlet_mean_c": 24.0, "inlet_max_c": 28.0,
     "outlet_mean_c": 34.0, "heat_w": 3600.0, "power_w": 3600.0},
    {"name": "supplies.floor", "kind": "supply", "flow_m3_s": 0.4, "outlet_mean_c": 18.0},
]  # fmt: skip


def limit(of, low=None, high=None, quantity=TEMPERATURE):
    def bound(value):
        return None if value is None else Bound(value, quantity)

    return SimpleNamespace(of=of, min=bound(low), max=bound(high))


def test_slots_become_one_rack():
    rack, supply = by_device(SLOTS)
    assert rack == {
        "name": "racks.A01", "kind": "rack", "flow_m3_s": pytest.approx(0.4), "heat_w": 4800.0, "power_w": 4800.0,
        "inlet_mean_c": pytest.approx(23.0), "outlet_mean_c": pytest.approx(33.0), "inlet_max_c": 28.0,
    }  # fmt: skip
    assert supply["name"] == "supplies.floor" and supply["outlet_mean_c"] == 18.0 and supply["heat_w"] is None


def test_limits_are_judged_in_the_units_of_the_report():
    lines = judge(
        {
            "inlets": limit("racks.*.inlet_max", high=273.15 + 27.0),
            "rise": limit("racks.A0?.temperature_rise", low=5.0, high=15.0, quantity=DIFFERENCE),
            "door": limit("door_*", low=2.0, quantity=PRESSURE),
        },
        {"door_dp": 2.5, "other": 0.0},
        by_device(SLOTS),
    )
    assert [(line["name"], line["of"], line["pass"]) for line in lines] == [
        ("inlets", "racks.A01.inlet_max", False),
        ("rise", "racks.A01.temperature_rise", True),
        ("rise", "racks.A01.temperature_rise", True),
        ("door", "door_dp", True),
    ]
    assert lines[0]["limit"] == pytest.approx(27.0) and lines[0]["margin"] == pytest.approx(-1.0)
    assert [line["margin"] for line in lines[1:]] == pytest.approx([5.0, 5.0, 0.5])


def test_what_has_no_value_has_not_passed():
    (line,) = judge({"door": limit("door", high=2.0, quantity=PRESSURE)}, {"door": None}, [])
    assert line["pass"] is False and line["margin"] is None
