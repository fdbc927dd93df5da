"""The engineer's hall: what it holds, and how a grid starts from a coarser one."""

import numpy as np
import pytest

from benchmarks import engineers_hall as hall
from kernels import open_backend
from thermo.flow import Solver


def test_hall_holds_its_racks_and_its_supply():
    mesh = hall.engineers_hall(0.25)
    racks = [exchange for exchange in mesh.exchanges if exchange.kind == "rack"]
    supplies = [exchange for exchange in mesh.exchanges if exchange.kind != "rack"]
    assert (len(racks), len(supplies), len(mesh.openings)) == (192, 4, 8)
    assert sum(rack.heat for rack in racks) == pytest.approx(1.92e6)
    assert sum(one.flow for one in supplies) == pytest.approx(0.9 * sum(rack.flow for rack in racks))
    solid = mesh.volumes()[mesh.solid != 0].sum()
    assert solid == pytest.approx(192 * hall.RACK_WIDTH * hall.RACK_DEPTH * hall.RACK_HEIGHT)


def test_a_grid_starts_with_the_fields_of_the_one_before():
    backend = open_backend("native")
    mesh = hall.engineers_hall(0.25)
    coarse, fine = (Solver(mesh, hall.hall_setup(), backend) for _ in range(2))
    coarse.initialise(hall.SUPPLY)
    for _ in range(5):
        coarse.advance()
    hall.start_from(fine, coarse)
    air = mesh.solid == 0
    assert np.ptp(coarse.field("temperature")[air]) > 1.0, "a uniform field would prove nothing"
    np.testing.assert_allclose(fine.field("temperature")[air], coarse.field("temperature")[air], atol=1e-4)
    np.testing.assert_allclose(fine.field("pressure")[air], coarse.field("pressure")[air], atol=1e-4)
    speed = np.abs(coarse.field("velocity")).max()
    assert np.abs(fine.field("velocity") - coarse.field("velocity"))[air].mean() < 0.1 * speed


def test_march_ends_when_its_time_is_over():
    solver = Solver(hall.engineers_hall(0.25), hall.hall_setup(), open_backend("native"))
    solver.initialise(hall.SUPPLY)
    said = []
    found = hall.march_until_settled(solver, 0.0, said.append)
    assert not found["settled"] and found["steps"] == 0 and found["windows"] == []
