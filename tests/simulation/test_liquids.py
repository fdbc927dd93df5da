"""A liquid named in the case: its properties reach the solver, and what does not fit a liquid is refused."""

import pytest

import thermo
from thermo.case.errors import CaseError
from thermo.case.fluids import liquids
from thermo.simulation.physics import flow_setup

TANK = """
schema = 1
id = "tank"
[building]
box = [[0, 0, 0], [1, 0.5, 0.5]]
[fluid]
name = "mineral_oil"
[mesh]
size = "100 mm"
[run]
until = "10 s"
"""


def load(tmp_path, text: str, *overrides: str):
    path = tmp_path / "tank.toml"
    path.write_text(text)
    return thermo.load_case(path, overrides=overrides)


def test_named_liquid_reaches_the_solver(tmp_path):
    case = load(tmp_path, TANK)
    fluid, oil = flow_setup(case).fluid, liquids()["mineral_oil"]
    assert not fluid.low_mach
    assert (fluid.density, fluid.heat_capacity, fluid.conductivity) == (867.0, 1900.0, 0.128)
    assert fluid.viscosity_law == oil.law
    assert fluid.viscosity == pytest.approx(9.5e-6 * 867.0, rel=1e-3)
    resolved = tmp_path / "resolved.toml"
    resolved.write_text(case.resolved_toml())
    assert flow_setup(thermo.load_case(resolved)).fluid == fluid


def test_written_keys_go_over_the_data(tmp_path):
    fluid = flow_setup(load(tmp_path, TANK, "fluid.viscosity=0.01", "fluid.density=850")).fluid
    assert (fluid.viscosity, fluid.density, fluid.viscosity_law) == (0.01, 850.0, None)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("fluid.model=low_mach", "a liquid is no ideal gas"),
        ("fluid.viscosity_model=sutherland", "belongs to air"),
        ("fluid.humidity=true", "belongs to air"),
        ("run.turbulence=les", "not yet supported"),
        ("fluid.name=mercury", "mercury"),
    ],
)
def test_what_does_not_fit_a_liquid_is_refused(tmp_path, override, message):
    with pytest.raises(CaseError) as raised:
        flow_setup(load(tmp_path, TANK, override))
    assert message in str(raised.value)
