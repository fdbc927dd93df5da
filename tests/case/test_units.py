"""Quantities: what is read, what is refused, and that writing loses no digit."""

import pytest

from thermo.case.schedule import Schedule, scaled, value_at
from thermo.case.units import (
    DIFFERENCE,
    FRACTION,
    HEAT_TRANSFER,
    LENGTH,
    POWER,
    PRESSURE,
    TEMPERATURE,
    TIME,
    VISCOSITY,
    Flow,
    FlowQuantity,
    InTime,
)

FLOW = FlowQuantity()


@pytest.mark.parametrize(("quantity", "written", "si"), [
    (LENGTH, 2, 2.0),
    (LENGTH, "600 mm", 0.6),
    (LENGTH, "42 U", 42 * 0.04445),
    (LENGTH, "10 ft", 3.048),
    (TEMPERATURE, 24, 297.15),
    (TEMPERATURE, "24 degC", 297.15),
    (TEMPERATURE, "24", 297.15),
    (TEMPERATURE, "300 K", 300.0),
    (TEMPERATURE, "212 degF", 373.15),
    (TEMPERATURE, -90, 183.15),
    (TEMPERATURE, 400, 673.15),
    (TEMPERATURE, "960 K", 960.0),
    (DIFFERENCE, "11 K", 11.0),
    (DIFFERENCE, 11, 11.0),
    (DIFFERENCE, "18 delta_degF", 10.0),
    (POWER, "10 kW", 10e3),
    (PRESSURE, "0.1 inH2O", 24.90889),
    (TIME, "15 min", 900.0),
    (FRACTION, "50 %", 0.5),
    (VISCOSITY, "1.8e-5 Pa s", 1.8e-5),
    (HEAT_TRANSFER, "0.35 W/(m2 K)", 0.35),
    (HEAT_TRANSFER, "0.35 W/m^2/K", 0.35),
])
def test_reads(quantity, written, si):
    assert quantity.parse(written) == pytest.approx(si, rel=1e-7 if quantity is PRESSURE else 1e-14)


@pytest.mark.parametrize(("written", "amount", "kind"), [
    (0.5, 0.5, "volume"),
    ("1500 m^3/h", 1500 / 3600, "volume"),
    ("1500 m3/h", 1500 / 3600, "volume"),
    ("600 CFM", 600 * 0.3048**3 / 60, "volume"),
    ("600 cfm", 600 * 0.3048**3 / 60, "volume"),
    ("500 L/s", 0.5, "volume"),
    ("0.5 kg/s", 0.5, "mass"),
    ("3600 standard m^3/h", 1.204, "mass"),
])
def test_reads_flows(written, amount, kind):
    flow = FLOW.parse(written)
    assert (flow.amount, flow.kind) == (pytest.approx(amount, rel=1e-14), kind)


@pytest.mark.parametrize(("quantity", "written", "words"), [
    (DIFFERENCE, "11 degC", 'write "11 K"'),
    (DIFFERENCE, "51 degF", "is a temperature, a difference belongs here"),
    (TEMPERATURE, -90.1, "out of range"),
    (TEMPERATURE, 400.1, "out of range"),
    (TEMPERATURE, "500", "out of range"),
    (TEMPERATURE, "500 degC", "out of range"),
    (TEMPERATURE, "1501 K", "out of range"),
    (TEMPERATURE, "24 K", "out of range"),
    (POWER, "24 degC", "is a temperature, a power belongs here"),
    (POWER, "3 kW/m", "is in kW/m, a power belongs here"),
    (POWER, "10 kw", "'kw' is not a known unit"),
    (POWER, "__import__('os')", "where a power belongs"),
    (POWER, "1 __import__('os')", "is not a known unit"),
    (POWER, True, "true/false where a power belongs"),
    (POWER, [1], "an array where a power belongs"),
    (POWER, 10**400, "not a finite number"),
    (POWER, "1e999 W", "not a finite number"),
    (FRACTION, 1.2, "out of range"),
    (FRACTION, "120 %", "out of range"),
    (HEAT_TRANSFER, "0.35 W", "is a power"),
    (FLOW, "-1 m^3/h", "out of range"),
    (FLOW, "1 standard kg/s", "is a mass flow"),
    (FLOW, [["0 h", "1 kg/s"], ["1 h", "1 m^3/h"]], "mixes volume flow and mass flow"),
    (InTime(POWER), [["0 h", 1], ["0 h", 2]], "must increase"),
    (InTime(POWER), [["0 h", 1, 2]], "not a table in time"),
    (InTime(POWER), [], "not a table in time"),
    (InTime(POWER), [["0 K", 1]], "a time belongs here"),
])
def test_refuses(quantity, written, words):
    with pytest.raises(ValueError) as caught:
        quantity.parse(written)
    assert words in caught.value.context["message"]


@pytest.mark.parametrize("quantity", [TEMPERATURE, POWER, DIFFERENCE, LENGTH])
@pytest.mark.parametrize("value", [297.1, 300.0000000000001, 293.15, 1e2 / 3 + 200])
def test_written_values_are_read_back_exactly(quantity, value):
    assert quantity.parse(quantity.write(value)) == value


@pytest.mark.parametrize("flow", [Flow(1 / 3, "volume"), Flow(0.1, "mass"),
                                  Flow(Schedule((0.0, 7.0), (1 / 3, 1e-7)), "mass")])
def test_written_flows_are_read_back_exactly(flow):
    assert FLOW.parse(FLOW.write(flow)) == flow


def test_tables_in_time():
    load = InTime(POWER).parse([["0 h", "1 kW"], ["2 h", "3 kW"]])
    assert [load.at(t) for t in (-1.0, 0.0, 1800.0, 3600.0, 7200.0, 1e6)] == [1e3, 1e3, 1.5e3, 2e3, 3e3, 3e3]
    assert InTime(POWER).parse(InTime(POWER).write(load)) == load
    assert scaled(load, 0.5).at(3600.0) == 1e3
    assert (value_at(5.0, 1.0), scaled(5.0, 2.0)) == (5.0, 10.0)


def test_a_table_in_time_needs_matching_increasing_points():
    with pytest.raises(ValueError, match="one value for every time"):
        Schedule((0.0, 1.0), (1.0,))
    with pytest.raises(ValueError, match="must increase"):
        Schedule((1.0, 0.0), (1.0, 2.0))
