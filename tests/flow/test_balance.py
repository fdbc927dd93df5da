"""The ledger closes: what moved against what is there, from independent sums, in a furnished hall."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import CONCRETE, hall, solver_of
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid
from thermo.mesh.builder import MeshBuilder


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("sealed", [False, True])
def test_mass_and_heat_close_at_the_default_tolerance(sealed, precision):
    """1.8 kW of racks, air through ports and openings, walls of a conducting plinth, an unsteady flow."""
    backend = open_backend("native", precision)
    solver = solver_of(
        hall(sealed=sealed), backend, time_step=None, courant=0.5, tolerance=1e-4, relative_tolerance=1e-3
    )
    while solver.time < 30.0:
        solver.advance(30.0)
    solver.start_average()
    while solver.time < 90.0:
        solver.advance(90.0)
    found = solver.report()["balance"]
    assert found["heat_in_w"] > 1790.0
    assert abs(found["heat_imbalance_w"]) < 1e-3 * found["heat_in_w"]
    assert abs(found["mass_imbalance_kg_s"]) < 1e-5 * found["mass_in_kg_s"]
    # the closure is a test of both sums: one per cent of either is far more than it leaves
    for term in ("heat_in_w", "heat_out_w"):
        assert abs(0.01 * found[term]) > 5.0 * abs(found["heat_imbalance_w"]), term


def test_heat_closes_with_sutherlands_law():
    """A conducting block and a panel that divides a sealed box: both ends of every link must find the same heat."""
    line = np.linspace(0.0, 1.0, 7)
    room = MeshBuilder(line, line, line)
    room.panel("panel", 0, line[3], resistance=0.02)
    room.solid("block", ((line[4], line[1], line[0]), (line[6], line[4], line[2])), CONCRETE)
    fluid = Fluid(sutherland=(5e-3, 293.15, 110.4))
    solver = Solver(room.build(), Setup(fluid), open_backend("native", "double"))
    solver.initialise(lambda x, y, z: 260.0 + 120.0 * (x < 0.5) + 0.0 * (y + z))
    air = solver.mesh.solid == 0
    volumes = solver.mesh.volumes()
    capacity = np.where(air, 0.0, CONCRETE.density * CONCRETE.heat_capacity)
    gas = 1.0 / (fluid.heat_capacity / fluid.gas_constant - 1.0)  # gamma - 1

    def energy() -> float:
        """Internal energy of air, p0 V/(gamma - 1), and of the block, J."""
        pressure = solver.readings()["p0_pa"]
        of_air = sum(pressure[str(region.label)] * region.volume for region in solver.mesh.regions) / gas
        return of_air + float((capacity * volumes * solver.field("temperature").astype(float)).sum())

    before, start = energy(), solver.field("temperature").astype(float)
    while solver.time < 20.0:
        solver.advance(20.0)
    exchanged = abs(float((capacity * volumes * (solver.field("temperature") - start)).sum()))
    assert exchanged > 100.0
    assert energy() == pytest.approx(before, abs=1e-3 * exchanged)
