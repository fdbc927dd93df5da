"""Kernels that the native backend carries through the planes together do what they do alone."""

import numpy as np
import pytest

from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from kernels import backend_native, open_backend
from thermo.flow import Solver


def _run(precision: str, threads: int) -> dict[str, np.ndarray]:
    backend = open_backend("native", precision)
    before, backend.threads = backend.threads, threads
    try:
        solver = Solver(rack_room(0.2), rack_room_setup(), backend)  # 24 rows in a plane: three groups
        solver.initialise(SUPPLY)
        for _ in range(10):
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
    for rows_at_once in (1, 2, 100):
        monkeypatch.setattr(backend_native, "_groups_at_once", lambda nodes, behind, rows=rows_at_once: rows)
        carried = _run(precision, threads)
        behind = [[planes for _, planes in group] for group in groups if group[0][0].kernel.name == "momentum"]
        assert [0, 2, 4] in behind, "the three stages of momentum are not carried together"
        for name, field in alone.items():
            assert np.array_equal(field, carried[name]), (name, rows_at_once)
