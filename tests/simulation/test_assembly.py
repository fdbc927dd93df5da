"""A case becomes the setup that its tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.small_hall import small_hall
from thermo.case import CaseError
from thermo.flow.turbulence import LES
from thermo.loading import load_case
from thermo.simulation.assembly import assemble, initial_temperature
from thermo.simulation.physics import flow_setup


@pytest.fixture
def case(tmp_path):
    """Call with text that replaces the ``[initial]`` heading, and overrides."""

    def load(extra: str = "", *overrides: str):
        path = Path(tmp_path / "case.toml")
        path.write_text(small_hall("[initial]\n", f"{extra}\n[initial]\n"))
        return load_case(path, overrides)

    return load


def test_an_eddy_viscosity_adds_to_viscosity_and_conductivity(case):
    laminar = flow_setup(case("", 'run.turbulence="laminar"')).fluid
    turbulent = flow_setup(case()).fluid
    density = 101325.0 / (287.05 * 293.15)
    assert turbulent.viscosity - laminar.viscosity == pytest.approx(density * 1e-3)
    assert turbulent.conductivity - laminar.conductivity == pytest.approx(density * 1e-3 * laminar.heat_capacity / 0.9)


def test_prandtl_number_gives_the_conductivity(case):
    fluid = flow_setup(
        case("[fluid]\nviscosity = 2e-5\nheat_capacity = 1000\nprandtl = 0.5", 'run.turbulence="laminar"')
    ).fluid
    assert (fluid.viscosity, fluid.conductivity) == (2e-5, pytest.approx(0.04))


def test_height_sets_the_pressure_and_weather_the_still_air(case):
    setup = flow_setup(case('[site]\naltitude = "1500 m"\n[weather.summer]\ndry_bulb = 34', 'run.weather="summer"'))
    assert setup.fluid.pressure == pytest.approx(84556.0, rel=1e-3)  # ISO 2533, 1500 m
    assert setup.fluid.still_temperature == pytest.approx(273.15 + 34.0)


def test_run_control_reaches_the_scheme(case):
    scheme = flow_setup(case("", "run.courant=0.3", "run.tolerance=1e-5", 'run.limiter="off"')).scheme
    assert (scheme.courant, scheme.relative_tolerance, scheme.limiter) == (0.3, 1e-5, "off")
    assert scheme.time_step is None and scheme.time_step_max == 0.02


def test_acceleration_becomes_a_force_per_volume(case):
    setup = flow_setup(case("[body_force]\nacceleration = [0.5, 0, 0]"))
    assert setup.force == pytest.approx((0.5 * setup.fluid.still_density, 0.0, 0.0))


def test_gravity_across_the_vertical_is_refused_at_its_line(case):
    with pytest.raises(CaseError, match=r"case.toml:\d+: fluid.gravity: .*not yet supported"):
        flow_setup(case("[fluid]\ngravity = [0.1, 0, -9.81]"))


def test_an_initial_gradient_rises_with_height(case):
    temperature = initial_temperature(case("", "initial.temperature_gradient=2"))
    assert temperature(0.0, 0.0, 1.5) == pytest.approx(293.15 + 3.0)
    assert initial_temperature(case()) == pytest.approx(293.15)


def test_a_flow_that_nothing_reports_is_refused(case):
    hole = """[panels.wall]
y = 1.8
rect = [[0, 0], [3, 2]]
[openings.hole]
in = "panels.wall"
rect = [[0.2, 0.2], [1, 1]]
"""
    with pytest.raises(CaseError, match="monitors.hole.through: .*not yet supported"):
        assemble(case(hole + '[monitors.hole]\nkind = "flow"\nthrough = "openings.hole"'), "numpy", "single")


def test_large_eddies_have_their_model_and_the_constants_of_all_cases(case):
    setup = flow_setup(case("", 'run.turbulence="les"'))
    laminar = flow_setup(case("", 'run.turbulence="laminar"'))
    assert setup.turbulence == LES
    assert laminar.turbulence is None
    assert setup.fluid == laminar.fluid


def test_radiation_of_a_case(case):
    tables = "[radiation]\nemissivity = 0.8\npatches = 90\n[walls.floor]\nemissivity = 0.5"
    radiation = flow_setup(case(tables)).radiation
    assert (radiation.emissivity, radiation.of_side, radiation.patches) == (0.8, (("walls.floor", 0.5),), 90)
    assert flow_setup(case()).radiation is None
    with pytest.raises(CaseError, match=r"needs the table \[radiation\]"):
        flow_setup(case("[walls.floor]\nemissivity = 0.5"))
    lamp = "[sources.lamp]\nbox = [[0.1, 0.1, 0.1], [0.2, 0.2, 0.2]]\n"
    with pytest.raises(CaseError, match=r"sources.lamp.radiant_fraction.*needs the table \[radiation\]"):
        flow_setup(case(f"{lamp}heat = 10\nradiant_fraction = 0.5"))
    with pytest.raises(CaseError, match="needs heat, of which"):
        case(f"{lamp}moisture = 1e-6\nradiant_fraction = 0.5")
    periodic = '[walls.south]\nkind = "periodic"\n[walls.north]\nkind = "periodic"'
    with pytest.raises(CaseError, match="do not go together"):
        flow_setup(case(f"[radiation]\n{periodic}"))
    with pytest.raises(CaseError, match="more than 6 patches"):
        assemble(case("[radiation]\npatches = 6"), "numpy", "single")
