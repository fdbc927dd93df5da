"""Indices of rooms against their worked examples."""

from __future__ import annotations

import pytest

from thermo.report.air_management import air_management, rack_cooling_index


def device(kind, flow, drawn=None, blown=None):
    return {"kind": kind, "flow_kg_s": flow, "inlet_mean_c": drawn, "outlet_mean_c": blown}


def opening(flow_out, temperature, flow_in=0.0):
    return {"flow_in_kg_s": flow_in, "flow_out_kg_s": flow_out, "temperature_c": temperature}


def test_rack_cooling_index_of_the_worked_examples():
    """Class A1: intakes of 24, 25, 26, 29.5 degC and of 20, 16.5 degC."""
    assert rack_cooling_index([24.0, 25.0, 26.0, 29.5]) == {"rci_hi": pytest.approx(87.5), "rci_lo": 100.0}
    assert rack_cooling_index([20.0, 16.5]) == {"rci_hi": 100.0, "rci_lo": pytest.approx(75.0)}
    assert rack_cooling_index([60.0])["rci_hi"] == 0.0


def test_hot_air_that_comes_back_to_the_racks():
    """Two racks of 1 kg/s and 10 K; a cooler of 2 kg/s; a fifth of what one draws in is exhaust of 30 degC."""
    racks = [device("rack", 1.0, 20.0, 30.0), device("rack", 1.0, 22.0, 32.0)]
    found = air_management([*racks, device("cooler", 2.0, 31.0, 20.0)], [])
    assert found["shi"] == pytest.approx(2.0 / 22.0)
    assert found["rhi"] == pytest.approx(2.0 * 11.0 / 22.0)  # not 1 - SHI: more is cooled than heated
    assert found["rti"] == pytest.approx(110.0)


def test_cold_air_that_passes_the_racks():
    """Half of the supply goes straight to the ceiling: RTI 50 %, nothing comes back."""
    lines = [device("rack", 1.0, 18.0, 30.0), device("supply", 2.0, blown=18.0)]
    found = air_management(lines, [opening(2.0, 24.0), opening(0.0, None)])
    assert (found["shi"], found["rhi"], found["rti"]) == pytest.approx((0.0, 1.0, 50.0))


def test_what_has_no_meaning_is_left_out():
    assert air_management([device("supply", 1.0, blown=18.0)], [opening(1.0, 20.0)]) == {}
    without_cooling = air_management([device("rack", 1.0, 20.0, 30.0)], [opening(1.0, 30.0)])
    assert set(without_cooling) == {"rci_hi", "rci_lo"}
    idle = air_management([device("rack", 1.0, 20.0, 20.0), device("cooler", 1.0, 20.0, 20.0)], [])
    assert set(idle) == {"rci_hi", "rci_lo"}
    still = air_management([device("rack", 0.0), device("cooler", 1.0, 20.0, 20.0)], [])
    assert still == {}
