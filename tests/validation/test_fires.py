"""Steckler's room: how profiles are reduced, and the opening of every test in the mesh."""

import numpy as np
import pytest

from benchmarks.validation.bench import CASES
from benchmarks.validation.families import fires
from benchmarks.validation.measures import reference
from thermo.loading import load_case
from thermo.mesh.build import build_mesh

TESTS = {row["test"]: row for row in reference("steckler")}


@pytest.mark.parametrize("number", TESTS)
def test_two_layers_of_the_measured_profiles(number):
    """Heights of the layers as published; temperatures to 5 K of 50 to 190 K over the ambient."""
    profile = [row for row in reference("steckler_profiles") if row["test"] == number]
    z, celsius = np.array([[float(row["z_above_floor_m"]), float(row["T_room_C"])] for row in profile[::-1]]).T
    height, upper = fires.two_layers(z, celsius + 273.15, fires.CEILING)
    assert height == pytest.approx(float(TESTS[number]["layer_height_m"]), abs=0.01)
    assert upper - 273.15 == pytest.approx(float(TESTS[number]["T_upper_C"]), abs=5.0)


def test_two_layers_of_two_layers():
    z = np.linspace(0.0, 2.0, 4001)
    assert fires.two_layers(z, np.where(z < 0.8, 300.0, 400.0), 2.0) == pytest.approx((0.8, 400.0), rel=1e-3)


def test_height_of_flames():
    """Heskestad: 62.9 kW over 0.3 m burns 0.93 m high."""
    assert fires.flame_height(62.9e3) == pytest.approx(0.926, abs=1e-3)


def test_neutral_height_between_two_probes():
    assert fires.neutral_height(np.array([0.2, 0.6, 1.0, 1.4]), np.array([-0.5, -0.3, 0.1, 0.8])) == pytest.approx(0.9)


@pytest.mark.parametrize("number", ["17", "22"])
def test_opening_has_its_area(number):
    """A door of 0.99 x 1.83 m, a window of 0.74 x 1.38 m."""
    test = TESTS[number]
    case = load_case(CASES / "steckler_room.toml", overrides=[*fires.overrides(test), "mesh.size = 0.1"])
    mesh = build_mesh(case)
    wall = int(np.abs(mesh.x.centres - 2.85).argmin())
    below = mesh.z.centres < fires.CEILING
    area = (mesh.z.widths[below, None] * mesh.y.widths)[mesh.solid[below, :, wall] == 0].sum()
    assert area == pytest.approx(float(test["opening_width_m"]) * float(test["opening_height_m"]), rel=0.02)
