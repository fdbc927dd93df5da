"""Monitors read from fields that are known functions of position."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from thermo.mesh.axis import Axis
from thermo.report.monitors import measure

X, Y, Z = Axis(np.linspace(0.0, 4.0, 5)), Axis(np.linspace(0.0, 3.0, 4)), Axis(np.linspace(0.0, 2.0, 3))
z, y, x = np.meshgrid(Z.centres, Y.centres, X.centres, indexing="ij")
FIELDS = {
    "temperature": 20.0 + x + 10.0 * y + 100.0 * z,
    "pressure": 5.0 * x,
    "velocity": np.stack([3.0 * x, 4.0 * x, 0.0 * x], -1),
}
FLOWS = {"openings.door": -0.5, "openings.window": 0.2, "supplies.door": 3.0, "openings.vent": None}


def value(**keys):
    monitor = SimpleNamespace(**keys)
    return measure({"m": monitor}, SimpleNamespace(axes=(X, Y, Z)), FIELDS, FLOWS)["m"]


def test_points_are_read_from_their_cell():
    assert value(kind="temperature", at=(2.4, 0.2, 1.9)) == pytest.approx(20.0 + 2.5 + 5.0 + 150.0)
    assert value(kind="velocity", at=(0.0, 3.0, 0.0)) == pytest.approx(2.5)
    assert value(kind="pressure_difference", from_=(4.0, 0.0, 0.0), to=(0.5, 0.0, 0.0)) == pytest.approx(15.0)


@pytest.mark.parametrize(
    ("names", "flow"),
    [("openings.door", -0.5), ("window", 0.2), ("door", 2.5), ("openings.?oor", -0.5), ("vent", None)],
)
def test_flows_are_summed_over_what_the_name_stands_for(names, flow):
    assert value(kind="flow", through=names) == flow
