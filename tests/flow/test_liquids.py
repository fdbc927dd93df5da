"""Liquids: the fits of their viscosities, and flow whose viscosity follows the temperature."""

import numpy as np
import pytest
from scipy.integrate import cumulative_trapezoid

from kernels import open_backend
from thermo.case.fluids import liquids, walther
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import Side, box_mesh


def fluid_of(name: str) -> Fluid:
    liquid = liquids()[name]
    return Fluid(
        "boussinesq", density=liquid.density, heat_capacity=liquid.heat_capacity, conductivity=liquid.conductivity,
        viscosity=liquid.viscosity, expansion=liquid.expansion, viscosity_law=liquid.law, still_temperature=313.15,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "most"), [("water", 3e-3), ("mineral_oil", 4e-3), ("synthetic_dielectric", 1e-3)])
def test_fit_follows_the_data(name, most):
    liquid, fluid = liquids()[name], fluid_of(name)
    for temperature, viscosity in liquid.points:
        assert fluid.fitted_viscosity(temperature) == pytest.approx(viscosity, rel=most), temperature
    # beyond the data: that of its end
    first, last = liquid.points[0][0], liquid.points[-1][0]
    assert fluid.fitted_viscosity(first - 30.0) == fluid.fitted_viscosity(first)
    assert fluid.fitted_viscosity(last + 30.0) == fluid.fitted_viscosity(last)


def test_walther_goes_through_both_viscosities():
    """ASTM D341; and the oil stays below the 1800 mm2/s at -30 degC that IEC 60296 allows."""
    assert walther(np.array([313.15, 373.15]), 9.5, 2.4) == pytest.approx([9.5e-6, 2.4e-6], rel=1e-12)
    assert 1e-4 < walther(np.array([243.15]), 9.5, 2.4)[0] < 1.8e-3


@pytest.mark.parametrize("precision", ["single", "double"])
def test_couette_flow_of_oil_between_a_cold_and_a_hot_plate(precision):
    """The shear stress is even: du/dz = tau / mu(T(z)), with a straight temperature."""
    height, speed, cold, hot = 0.02, 0.1, 293.15, 353.15
    fluid = fluid_of("mineral_oil")
    z = np.linspace(0.0, height, 25)
    sides = dict.fromkeys(("west", "east", "south", "north"), "periodic")
    mesh = box_mesh(
        [0.0, 0.01, 0.02], [0.0, 0.01, 0.02], z, floor=Side(thermal=("temperature", cold)),
        ceiling=Side("moving", (speed, 0.0, 0.0), ("temperature", hot)), **sides,
    )  # fmt: skip
    solver = Solver(mesh, Setup(fluid, Scheme(), 0.0), open_backend("native", precision))
    solver.initialise(lambda x, y, z: cold + (hot - cold) * z / height + 0.0 * (x + y))
    while solver.time < 60.0:
        solver.advance(60.0)
    fine = np.linspace(0.0, height, 2001)
    fluidity = np.array([1.0 / fluid.fitted_viscosity(cold + (hot - cold) * h / height) for h in fine])
    profile = cumulative_trapezoid(fluidity, fine, initial=0.0)
    exact = speed * np.interp(mesh.z.centres, fine, profile / profile[-1])
    found = solver.field("velocity")[:, 0, 0, 0]
    assert found == pytest.approx(exact, abs=2e-3 * speed)
    straight = speed * mesh.z.centres / height
    assert np.abs(exact - straight).max() > 0.1 * speed, "it differs from that of one viscosity"
