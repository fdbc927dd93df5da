"""A closed region whose given flows stop balancing is refused with the numbers, not spread over the room."""

import numpy as np
import pytest

import kernels
from thermo.case import Schedule
from thermo.flow import FlowError, Fluid, Scheme, Setup, Solver
from thermo.mesh import MeshBuilder


def closed_room(extract) -> Solver:
    faces = np.linspace(0.0, 2.0, 9)
    room = MeshBuilder(faces, faces, faces)
    room.space("hall", (0.9, 0.9, 0.9))
    rect = ((0.5, 0.5), (1.5, 1.5))
    room.supply("supplies.in", room.side_port("supplies.in", "west", rect), 0.6, 293.15, flow_kind="mass")
    room.extract("extracts.out", room.side_port("extracts.out", "east", rect), extract, flow_kind="mass")
    setup = Setup(Fluid(viscosity=1e-3), Scheme(time_step=0.05))
    solver = Solver(room.build(), setup, kernels.open_backend("numpy"))
    solver.initialise()
    return solver


def test_flows_that_balance_go_on():
    solver = closed_room(0.6)
    for _ in range(20):
        solver.advance()
    assert solver.field("velocity").max() > 0.05


def test_flows_that_stop_balancing_are_refused():
    solver = closed_room(Schedule((0.0, 0.5, 0.6), (0.6, 0.6, 0.3)))
    with pytest.raises(FlowError, match=r"closed region of hall gains or loses 0\.\d+ kg/s, of .* opening"):
        for _ in range(20):
            solver.advance()
    assert solver.time == pytest.approx(0.5, abs=0.051)
