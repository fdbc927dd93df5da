"""The time step follows the expansion that heat causes: a fire that begins in air at rest, given in three ways."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.case import Schedule
from thermo.flow import Fluid, Scheme, Setup, Solver
from thermo.flow.march import EXPANSION
from thermo.mesh.builder import MeshBuilder

LINE = np.linspace(0.0, 1.2, 13)
POWER, VOLUME = 47e3, 0.3 * 0.3 * 0.1  # W, m3: the air of nine cells doubles its volume in 50 ms
BOX = ((0.4, 0.4, 0.0), (0.7, 0.7, 0.1))


def _fire(power, model: str = "low_mach") -> Solver:
    builder = MeshBuilder(LINE, LINE, LINE)
    builder.opening("vent", "east", ((0.2, 0.2), (1.0, 1.0)))
    if power is not None:
        builder.air_heat("fire", BOX, power)
    solver = Solver(builder.build(), Setup(Fluid(model), Scheme()), open_backend("native"))
    solver.initialise()
    return solver


def _in_the_fire(x, y, z, t):
    inside = [(at > low) & (at < high) for at, low, high in zip((x, y, z), *BOX, strict=True)]
    return np.where(inside[0] & inside[1] & inside[2], POWER / VOLUME, 0.0)


@pytest.mark.parametrize("given", ["at once", "by a table", "by a function"])
def test_no_step_heats_the_air_of_a_fire_by_more_than_it_may_expand(given):
    table = Schedule((0.0, 0.05, 0.051), (0.0, 0.0, POWER))
    solver = _fire({"at once": POWER, "by a table": table, "by a function": None}[given])
    if given == "by a function":
        solver.source("temperature", _in_the_fire)
    kelvin = 293.15
    while solver.time < 0.25:
        solver.advance()
        hottest = solver.field("temperature").max() + 273.15
        assert hottest < (1.0 + 1.2 * EXPANSION) * kelvin, (solver.step, hottest)
        kelvin = hottest
    assert kelvin > 1000.0, "the fire burns"


def test_expansion_of_still_air_in_the_first_step():
    """beta q dt / (rho c_p): R q dt / (c_p p0) in air, and the rise that buoyancy feels in the Boussinesq form."""
    for model in ("low_mach", "boussinesq"):
        solver = _fire(POWER, model)
        fluid = solver.setup.fluid
        solver.advance()
        rise = POWER / VOLUME * solver.dt / (fluid.still_density * fluid.heat_capacity)
        assert rise / 293.15 == pytest.approx(EXPANSION, rel=1e-6), model
