"""`thermo check`: cost and hand calculation of a case, without a trace on the disk."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.simulation.small_hall import CASE
from thermo import cli
from thermo.check import fastest_place
from thermo.mesh.builder import MeshBuilder


def test_check_shows_mesh_memory_time_and_the_sums_made_by_hand(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", str(CASE)]) == 0
    text = capsys.readouterr().out
    assert "15 x 10 x 10 = 1,500 cells" in text
    assert "region of hall: " in text and "open to outside" in text
    assert re.search(r"memory: about [\d.e-]+ GB, the solver \d+ bytes per cell; ", text)
    assert re.search(r"expected time: \d+:\d\d for about \d+ steps on \w+, [\d.e+-]+ Mcell-steps/s", text)
    assert "by hand: 1 racks, 3 kW" in text
    assert "the case is valid" in text
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize(("fast", "name"), [((0, 0, 0), "low"), ((4, 4, 4), "high")])
def test_the_place_that_limits_the_time_step_is_named(fast, name):
    builder = MeshBuilder(*[np.linspace(0.0, 1.0, 6)] * 3)
    for opening, side in (("low", "west"), ("high", "east")):
        builder.opening(
            opening, side, ((0.0, 0.0), (1.0, 1.0)), loss_in=1.0, loss_out=1.0, pressure=0.0, temperature=293.0
        )
    velocity = np.full((5, 5, 5, 3), 0.1)
    velocity[fast] = (0.0, -2.0, 0.0)
    assembly = SimpleNamespace(mesh=builder.build(), solver=SimpleNamespace(field=lambda _: velocity))
    where = 0.1 + 0.2 * fast[0]
    assert fastest_place(assembly) == f"[{where:.2f}, {where:.2f}, {where:.2f}], by {name}"
