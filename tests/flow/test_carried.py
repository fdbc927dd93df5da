"""Kernels that the native backend carries through the planes together do what they do alone."""

import numpy as np
import pytest

from kernels import backend_native, open_backend
from tests.flow.test_ports import suction_room
from thermo.flow import Fluid, Setup, Solver


def _run(precision: str, threads: int) -> dict[str, np.ndarray]:
    mesh, _ = suction_room()
    backend = open_backend("native", precision)
    before, backend.threads = backend.threads, threads
    try:
        solver = Solver(mesh, Setup(Fluid(viscosity=1e-3)), backend)
        solver.initialise(lambda x, y, z: 293.15 + z + 0.0 * (x + y))
        for _ in range(20):
            solver.advance()
    finally:
        backend.threads = before
    return {name: solver.field(name) for name in ("temperature", "velocity", "pressure")}


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("precision", ["single", "double"])
def test_stages_of_momentum_carried_through_the_planes_are_those_of_whole_sweeps(precision, threads, monkeypatch):
    groups = []
    found = backend_native.groups_of_nodes
    monkeypatch.setattr(backend_native, "groups_of_nodes", lambda nodes: groups.extend(found(nodes)) or found(nodes))
    alone = _run(precision, threads)
    assert max(len(group) for group in groups) == 1
    monkeypatch.setattr(backend_native, "CARRIED_FROM", 0)
    carried = _run(precision, threads)
    assert [(3, 0), (1, 2), (1, 4)] in groups, "the three stages of momentum are not carried together"
    for name, field in alone.items():
        assert np.array_equal(field, carried[name]), name
