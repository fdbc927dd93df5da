"""Pressure openings and resisting faces: flow at a given pressure difference."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder

SLOT, DEPTH = 0.5, 0.5  # m
DISCHARGE = 0.61
LOSS = 1.0 / DISCHARGE**2 - 1.0  # of the element alone
FREE = dict.fromkeys(("south", "north", "floor", "ceiling", "west", "east"), "free_slip")


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def slotted_room(cells: int, pressure: float):
    """A room eight times as high as the slot in its east wall; the whole west side is open to `pressure` (Pa)."""
    width = SLOT / cells
    z = width * np.arange(8 * cells + 1)
    room = MeshBuilder(width * np.arange(4 * cells + 1), np.array([0.0, DEPTH]), z, FREE)
    room.opening("plenum", "west", pressure=pressure)
    low = 7 * cells // 2
    room.opening("slot", "east", ((0.0, z[low]), (DEPTH, z[low + cells])), loss_in=LOSS, loss_out=LOSS)
    return room.build()


@pytest.mark.parametrize("cells", [4, 8, 16])
@pytest.mark.parametrize("pressure", [1.0, -1.0])
def test_discharge_coefficient_of_a_slot_driven_by_one_pascal(backend, pressure, cells):
    """Out: from the air at rest in the plenum. In: down to the pressure at the wall beside the slot."""
    fluid = Fluid(viscosity=1e-3)
    solver = Solver(slotted_room(cells, pressure), Setup(fluid, Scheme(courant=0.5), gravity=0.0), backend)
    solver.initialise(293.15)
    settled, end = (4.0, 6.0) if pressure > 0.0 else (5.0, 15.0)  # s; a jet into the room does not become steady
    while solver.time < settled:
        solver.advance(settled)
    solver.start_average()
    while solver.time < end:
        solver.advance(end)
    slot = solver.report()["openings"][1]
    speed = (slot["flow_out_kg_s"] - slot["flow_in_kg_s"]) / (fluid.still_density * SLOT * DEPTH)
    wall = solver.average("pressure")[:, 0, -1]
    drop = pressure if pressure > 0.0 else float(np.mean(wall[np.r_[: 2 * cells, -2 * cells : 0]]))
    assert np.sign(speed) == np.sign(pressure)
    assert abs(speed) / np.sqrt(2.0 * abs(drop) / fluid.still_density) == pytest.approx(DISCHARGE, rel=0.02)


@pytest.mark.parametrize(("loss_in", "loss_out"), [(0.0, 0.0), (2.0, 5.0)])
def test_opening_over_a_whole_duct_subtracts_nothing(backend, loss_in, loss_out):
    """A duct of constant section between two openings: p_in - p_out = (1 + K_in) q + K_out q, q = rho u^2/2."""
    line = np.linspace(0.0, 1.0, 6)
    room = MeshBuilder(line, np.array([0.0, 1.0]), np.array([0.0, 1.0]), FREE)
    room.opening("in", "west", pressure=2.0, loss_in=loss_in)
    room.opening("out", "east", loss_out=loss_out)
    fluid = Fluid(model="boussinesq")
    setup = Setup(fluid, Scheme(time_step=0.05, tolerance=1e-10, relative_tolerance=1e-9), gravity=0.0)
    solver = Solver(room.build(), setup, backend)
    solver.initialise(293.15)
    while solver.time < 40.0:
        solver.advance(40.0)
    velocity = solver.field("velocity")[0, 0, :, 0]
    exact = np.sqrt(2.0 * 2.0 / (fluid.still_density * (1.0 + loss_in + loss_out)))
    assert velocity == pytest.approx(np.full(5, exact), rel=1e-6)


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("time_step", [0.02, 0.2])
def test_pressure_drops_of_two_resistances_in_series(backend, forward, time_step):
    """Three rooms in a row, a given flow: each wall takes dp = K rho V^2/2 + a V, whatever the time step."""
    line = np.linspace(0.0, 1.5, 10)
    room = MeshBuilder(line, np.array([0.0, 1.0]), np.array([0.0, 1.0]), FREE)
    room.resistance("first", 0, line[3], loss_forward=20.0, loss_backward=35.0, linear=1.5)
    room.resistance("second", 0, line[6], loss_forward=60.0, loss_backward=10.0)
    speed = 0.4
    source, vent = ("west", "east") if forward else ("east", "west")
    room.supply("supply", room.side_port("supply", source), speed, 293.15)
    room.opening("vent", vent)
    fluid = Fluid()
    solver = Solver(room.build(), Setup(fluid, Scheme(time_step=time_step), gravity=0.0), backend)
    solver.initialise(293.15)
    while solver.time < 20.0:
        solver.advance(20.0)
    pressure = solver.field("pressure")[0, 0] * (1.0 if forward else -1.0)
    head = fluid.still_density * speed**2 / 2.0
    first, second = (20.0, 60.0) if forward else (35.0, 10.0)
    assert pressure[2] - pressure[3] == pytest.approx(first * head + 1.5 * speed, rel=5e-3)
    assert pressure[5] - pressure[6] == pytest.approx(second * head, rel=5e-3)
    assert pressure[0] == pytest.approx(pressure[2], abs=5e-3 * head)


def test_flow_divides_between_two_resistances(backend):
    """Two rooms joined through two grilles of equal area: K1 Q1^2 = K2 Q2^2 where the losses dwarf the room's heads."""
    z = np.linspace(0.0, 2.0, 9)
    room = MeshBuilder(np.linspace(0.0, 3.0, 13), np.array([0.0, 1.0]), z, FREE)
    room.panel("wall", 0, 1.5)
    for name, low, loss in (("low", 1, 400.0), ("high", 5, 1600.0)):
        rect = ((0.0, z[low]), (1.0, z[low + 2]))
        room.hole(f"{name} hole", 0, 1.5, rect)
        room.resistance(name, 0, 1.5, rect, loss_forward=loss)
    room.supply("supply", room.side_port("supply", "west"), 0.3, 293.15)
    room.opening("vent", "east")
    solver = Solver(room.build(), Setup(Fluid(), Scheme(time_step=0.1), gravity=0.0), backend)
    solver.initialise(293.15)
    while solver.time < 30.0:
        solver.advance(30.0)
    through = backend.to_host(solver.parts[0].flux[solver.level]["mx"])[2:-2, 2, 2 + 6]
    low, high = through[1:3].sum(), through[5:7].sum()
    assert low / high == pytest.approx(2.0, rel=5e-3)
    assert (low + high) * 0.25 == pytest.approx(0.3 * Fluid().still_density, rel=1e-4)
