"""A sealed, heated box: the thermodynamic pressure follows from the heat alone, and no air is lost."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder

GAS_CONSTANT = 287.05
GAMMA = 1.4
FLUID = Fluid(gas_constant=GAS_CONSTANT, heat_capacity=GAMMA / (GAMMA - 1.0) * GAS_CONSTANT)


def heated_box(backend, sides, power, heater, dt, parts=(1, 1, 1)) -> Solver:
    """An adiabatic box with `power` (W) in the box `heater`, at rest."""
    room = MeshBuilder(*(np.linspace(0.0, side, 9) for side in sides))
    room.heat_source("heater", heater, power)
    solver = Solver(room.build(), Setup(FLUID, Scheme(time_step=dt)), backend, parts)
    solver.initialise(293.15)
    return solver


def pressure(solver) -> float:
    (value,) = solver.readings()["p0_pa"].values()
    return value


# global_balance_exact/sealed_box_heating.csv: dp0 = (gamma - 1) Q t / V
@pytest.mark.parametrize(
    ("power", "sides", "time", "rise"),
    [
        (100.0, (2.5, 2.0, 2.0), 60.0, 240.0),
        (1000.0, (5.0, 3.0, 2.0), 120.0, 1600.0),
        (5000.0, (5.0, 5.0, 4.0), 60.0, 1200.0),
    ],
)
def test_pressure_rise_of_a_box_heated_throughout(power, sides, time, rise):
    solver = heated_box(open_backend("native", "double"), sides, power, ((0.0, 0.0, 0.0), sides), 0.5)
    while solver.time < time:
        solver.advance(time)
    assert pressure(solver) - 101325.0 == pytest.approx(rise, rel=1e-6)


@pytest.mark.parametrize(("precision", "band"), [("double", 1e-6), ("single", 1e-4)])
def test_pressure_rise_under_a_plume(precision, band):
    """Whatever the flow does: 1 kW in a corner of 30 m3 for 30 s raises p0 by 400 Pa, and the mass stays."""
    corner = ((0.0, 0.0, 0.0), (1.25, 0.75, 0.5))
    solver = heated_box(open_backend("native", precision), (5.0, 3.0, 2.0), 1000.0, corner, 0.05)
    volumes = solver.mesh.volumes()

    def mass() -> float:
        return float((solver.field("density").astype(float) * volumes).sum())

    before = mass()
    while solver.time < 30.0:
        solver.advance(30.0)
    assert np.abs(solver.field("velocity")).max() > 0.1, "the plume does not rise"
    assert pressure(solver) == pytest.approx(101725.0, rel=band)
    assert mass() == pytest.approx(before, rel=1e-12 if precision == "double" else 1e-6)
