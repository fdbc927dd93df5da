"""Age of air, tracers and humidity from the case file to the report, against piston flow and mixed air."""

import numpy as np
import psychrolib
import pytest

import thermo
from thermo.case.errors import CaseError
from thermo.psychrometrics import dew_point, relative_humidity, specific_humidity

# 0.05 m3/s through a duct of 2 m3: 40 s
DUCT = """
schema = 1
id = "duct"
[building]
box = [[0, 0, 0], [4, 1, 0.5]]
[walls]
south = { kind = "free_slip" }
north = { kind = "free_slip" }
floor = { kind = "free_slip" }
ceiling = { kind = "free_slip" }
[supplies.fresh]
in = "building.west"
rect = [[0, 0], [1, 0.5]]
flow = "0.05 m^3/s"
temperature = "20 degC"
[extracts.exhaust]
in = "building.east"
rect = [[0, 0], [1, 0.5]]
flow = "0.05 m^3/s"
[fluid]
model = "boussinesq"
[mesh]
cells = [32, 1, 1]
[run]
until = "150 s"
average_from = "130 s"
dt = "0.6 s"
age_of_air = true
"""


def run(tmp_path, text: str, *overrides: str):
    path = tmp_path / "case.toml"
    path.write_text(text)
    case = thermo.load_case(path, overrides=overrides)
    return thermo.run(case, backend="native", directory=tmp_path / "run")


def test_age_in_piston_flow(tmp_path):
    """It grows along the duct by one second per second of travel; the mean is half of what leaves."""
    found = run(tmp_path, DUCT)
    metrics = found.report["metrics"]
    assert metrics["nominal_time_s"] == pytest.approx(40.0, rel=1e-4)
    assert metrics["age_of_air_exhaust_s"] == pytest.approx(40.0, rel=1e-3)
    assert metrics["air_change_efficiency"] == pytest.approx(1.0, abs=0.02)
    fields = found.fields()
    age, x = fields.age_of_air.values[0, 0], fields.x.values
    # the first cell is mixed, and the last has the age that leaves
    assert age[2:-2] == pytest.approx(10.0 * x[2:-2], rel=0.02)
    assert fields.age_of_air.units == "s"
    assert not [warning for warning in found.report["warnings"] if "age of air" in warning]


def test_age_in_air_that_disperses(tmp_path):
    """tau = x/u + D/u^2 {1 - exp[-u (L - x)/D]}, nothing diffuses through the ports (Danckwerts 1953), u L/D = 4."""
    turbulence = "turbulence = { eddy_viscosity = 0.07, prandtl_turbulent = 0.7 }\n"
    text = DUCT.replace("[32, 1, 1]", "[16, 1, 1]").replace("0.6 s", "0.15 s").replace("150 s", "300 s")
    found = run(tmp_path, text + turbulence)
    fields, metrics = found.fields(), found.report["metrics"]
    speed, dispersion = 0.1, 0.07 / 0.7 + 1.82e-5 / 0.7 / 1.2
    x = fields.x.values
    exact = x / speed + dispersion / speed**2 * (1.0 - np.exp(-speed * (4.0 - x) / dispersion))
    assert fields.age_of_air.values[0, 0, 1:] == pytest.approx(exact[1:], rel=0.01)
    assert metrics["age_of_air_exhaust_s"] == pytest.approx(40.0, rel=3e-3)
    assert metrics["air_change_efficiency"] == pytest.approx(20.0 / exact.mean(), rel=0.01)


def test_age_in_a_steady_run(tmp_path):
    """The air of a room is steady long before it has been renewed: the age is solved on the mean flow at the end."""
    steady = DUCT.replace('until = "150 s"\naverage_from = "130 s"\ndt = "0.6 s"', 'mode = "steady"')
    found = run(tmp_path, steady)
    (age,) = found.report["scalars"]
    assert age["settled"] is True
    assert found.report["metrics"]["age_of_air_exhaust_s"] == pytest.approx(40.0, rel=1e-3)
    assert found.report["metrics"]["air_change_efficiency"] == pytest.approx(1.0, abs=0.02)
    fields = found.fields()
    assert fields.mean_age_of_air.values[0, 0, 2:-2] == pytest.approx(10.0 * fields.x.values[2:-2], rel=0.02)
    assert not [warning for warning in found.report["warnings"] if "age of air" in warning]


SMOKE = """
[tracers.smoke]
box = [[1, 0, 0], [1.5, 1, 0.5]]
rate = "0.01 g/s"
half_life = "20 s"
outside = 1e-4
initial = 1e-4
"""


def test_tracer_is_released_carried_and_decays(tmp_path):
    """Behind the source the steady concentration falls by half in 20 s, that is 2 m."""
    found = run(tmp_path, DUCT + SMOKE)
    fields = found.fields()
    tracer, x = fields.tracer_smoke.values[0, 0].astype(float), fields.x.values
    rise = 1e-5 / (0.05 * 101325 / (287.05 * 293.15))
    before = (x > 0.1) & (x < 0.9)
    assert tracer[before] == pytest.approx(1e-4 * 0.5 ** (x[before] / 2.0), rel=0.01)
    behind = (x > 1.7) & (x < 3.9)
    expected = 1e-4 * 0.5 ** (x / 2.0) + rise * 0.5 ** ((x - 1.25) / 2.0)
    assert tracer[behind] == pytest.approx(expected[behind], rel=0.03)
    (scalar,) = (scalar for scalar in found.report["scalars"] if scalar["name"] == "tracer_smoke")
    assert scalar["sources_kg_s"] == pytest.approx(1e-5, rel=1e-6)
    assert abs(scalar["imbalance_kg_s"]) < 1e-5 * scalar["sources_kg_s"]


@pytest.mark.parametrize(
    ("change", "key"), [("tracers.smoke.box = [[9, 0, 0], [9.5, 1, 0.5]]", "tracers.smoke.box")],
)  # fmt: skip
def test_source_outside_the_air_is_refused(tmp_path, change, key):
    key, value = change.split(" = ")
    with pytest.raises(CaseError, match="tracers.smoke.box"):
        run(tmp_path, DUCT + SMOKE, f"{key}={value}")


def test_rate_without_a_box_is_refused(tmp_path):
    with pytest.raises(CaseError, match="needs a box"):
        run(tmp_path, DUCT + '[tracers.gas]\nrate = "1 g/s"\n')


MOIST = """
schema = 1
id = "moist"
[building]
box = [[0, 0, 0], [4, 1, 0.5]]
[walls]
south = { kind = "free_slip" }
north = { kind = "free_slip" }
floor = { temperature = "8 degC" }
ceiling = { temperature = "24 degC" }
[fluid]
humidity = true
[initial]
temperature = "22 degC"
relative_humidity = "40 %"
[sources.breath]
box = [[1, 0, 0], [1.5, 1, 0.5]]
moisture = "0.02 g/s"
[supplies.fresh]
in = "building.west"
rect = [[0, 0], [1, 0.5]]
flow = "0.06 kg/s"
temperature = "22 degC"
dew_point = "10 degC"
[extracts.exhaust]
in = "building.east"
rect = [[0, 0], [1, 0.5]]
flow = "0.06 kg/s"
[mesh]
cells = [16, 1, 6]
[run]
until = "60 s"
average_from = "50 s"
dt = "0.6 s"
"""


def test_humidity_from_the_supply_to_the_report(tmp_path):
    """Air of 10 degC dew point with 0.02 g/s of vapour over a floor of 8 degC and under a ceiling of 24 degC."""
    found = run(tmp_path, MOIST)
    pressure = 101325.0
    psychrolib.SetUnitSystem(psychrolib.SI)
    ratio = psychrolib.GetHumRatioFromTDewPoint(10.0, pressure)
    supplied = ratio / (1.0 + ratio)
    report = found.report
    (vapour,) = (scalar for scalar in report["scalars"] if scalar["name"] == "specific_humidity")
    assert vapour["sources_kg_s"] == pytest.approx(2e-5, rel=1e-6)
    by_supply = report["balance"]["mass_in_kg_s"] - vapour["sources_kg_s"]  # the vapour of the source is mass too
    assert vapour["in_kg_s"] == pytest.approx(supplied * by_supply, rel=1e-5)
    assert abs(vapour["imbalance_kg_s"]) < 1e-3 * vapour["sources_kg_s"]
    humidity = report["humidity"]
    lines = {line["name"]: line for line in humidity["surfaces"]}
    floor, ceiling = (next(line for name, line in lines.items() if side in name) for side in ("floor", "ceiling"))
    assert floor["surface_c"] == pytest.approx(8.0, abs=0.01)
    assert floor["margin_k"] < -2.0, "the dew point behind the source is above the 10 degC of the supply"
    assert 0.0 < floor["condensing_m2"] <= 4.0 + 1e-9
    assert ceiling["margin_k"] > 10.0 and ceiling["condensing_m2"] == 0.0
    assert any("water condenses" in warning for warning in report["warnings"])
    supply = next(device for device in humidity["devices"] if device["kind"] == "supply")
    assert supply["outlet_dew_point_c"] == pytest.approx(10.0, abs=0.01)
    expected = psychrolib.GetRelHumFromTDewPoint(22.0, 10.0)
    assert supply["outlet_relative_humidity"] == pytest.approx(expected, rel=1e-3)
    fields = found.fields()
    assert fields.specific_humidity.units == "kg kg-1"
    celsius, humidity = (float(fields[name][3, 0, 1]) for name in ("temperature", "specific_humidity"))
    expected = psychrolib.GetRelHumFromHumRatio(celsius, humidity / (1.0 - humidity), pressure)
    assert float(fields.relative_humidity[3, 0, 1]) == pytest.approx(expected, rel=1e-3)
    assert "mean_relative_humidity" in fields


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('relative_humidity = "40 %"', "", "initial: with fluid.humidity it needs relative_humidity"),
        ('dew_point = "10 degC"', "", "supplies.fresh: with fluid.humidity it needs"),
        ('dew_point = "10 degC"', 'dew_point = "25 degC"', "is above the temperature of the air"),
        ("humidity = true", "humidity = false", "needs fluid.humidity = true"),
    ],
)
def test_what_humidity_needs_is_asked_for(tmp_path, old, new, message):
    with pytest.raises(CaseError) as raised:
        run(tmp_path, MOIST.replace(old, new))
    assert message.split(": ")[-1] in str(raised.value)


def test_psychrometrics_on_arrays():
    """Dew point and relative humidity of many cells at once, against psychrolib's own for one."""
    temperature = np.array([268.15, 293.15, 308.15])
    humidity = np.array([specific_humidity(t, 98000.0, relative_humidity=0.45) for t in temperature])
    assert relative_humidity(temperature, humidity, 98000.0) == pytest.approx(0.45, rel=1e-4)
    expected = [psychrolib.GetTDewPointFromRelHum(t - 273.15, 0.45) for t in temperature]
    assert dew_point(humidity, 98000.0) - 273.15 == pytest.approx(expected, abs=0.01)
    wet = specific_humidity(307.15, 101325.0, wet_bulb=299.65)
    assert wet / (1.0 - wet) == pytest.approx(psychrolib.GetHumRatioFromTWetBulb(34.0, 26.5, 101325.0), rel=1e-9)
