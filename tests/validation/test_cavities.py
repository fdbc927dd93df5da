"""Cavities with benchmark solutions on grids small enough for every commit; full grids: thermo validate."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.validation.bench import Bench
from benchmarks.validation.families import cavities
from benchmarks.validation.measures import nusselt, reference
from benchmarks.validation.refinement import extrapolated


def solutions(series, grids, stretching=0.0, tolerance=None):
    """Settled solvers of a series on other grids."""
    small = replace(series, grids=[cavities.square(cells, stretching) for cells in grids])
    if tolerance is not None:
        small = replace(small, tolerance=tolerance)
    return [run.solver for run in small.runs(Bench(say=lambda _: None))]


def test_lid_driven_cavity_reynolds_100():
    (solver,) = solutions(cavities.lid_driven(100), (32,))
    for name, (_, table, ours) in cavities.ghia_profiles(solver, 100).items():
        assert np.sqrt(np.mean((ours - table) ** 2)) < 0.005, name
        assert np.abs(ours - table).max() < 0.01, name


def test_lid_driven_cavity_reynolds_1000():
    """Extrapolated from 24 and 36 cells; what is left of the error is of higher order."""
    solvers = solutions(cavities.lid_driven(1000), (24, 36), 1.2, tolerance=1e-4)
    coarse, fine = (cavities.lid_extrema(solver) for solver in solvers)
    for name, expected in cavities.BOTELLA_PEYRET.items():
        assert extrapolated(coarse[name], fine[name], ratio=1.5) == pytest.approx(expected, rel=0.01), name


@pytest.mark.parametrize(("exponent", "grids", "stretching"), [
    (3, (16, 32), 0.0), (4, (16, 32), 0.0), (5, (16, 32), 1.2), (6, (24, 36), 1.2),
])  # fmt: skip
def test_differentially_heated_cavity(exponent, grids, stretching):
    """Nusselt number extrapolated from two grids within 0.5 %; heat in is heat out."""
    found = []
    for solver in solutions(cavities.heated(exponent, grids, stretching), grids, stretching):
        hot, cold = nusselt(solver, "west", "east")
        assert cold == pytest.approx(hot, rel=1e-4)
        found.append(hot)
    expected = next(float(row["Nu"]) for row in reference("heated_cavity") if row["Ra"] == f"1e{exponent}")
    assert extrapolated(*found, ratio=grids[1] / grids[0]) == pytest.approx(expected, rel=0.005)


def test_cavity_with_a_large_temperature_difference():
    """Conservation to round-off and steadiness; Nusselt number and pressure extrapolated from 20 and 30 cells.

    T2 (Sutherland's law). The pressure is not yet in its asymptotic range on these grids: 0.6 % off.
    """
    found = []
    for solver in solutions(cavities.low_mach("T2"), (20, 30), 1.2):
        hot, cold = cavities.low_mach_nusselt(solver)
        assert cold == pytest.approx(hot, rel=1e-4)
        assert cavities.low_mach_mass(solver) == pytest.approx(1.0, abs=1e-10)
        found.append((hot, cavities.low_mach_pressure(solver)))
    expected = next(row for row in reference("low_mach_cavity") if row["case"] == "T2")
    heat, pressure = (extrapolated(*values, ratio=1.5) for values in zip(*found, strict=True))
    assert heat == pytest.approx(float(expected["Nu"]), rel=0.01)
    assert pressure == pytest.approx(float(expected["p0_over_p00"]), rel=0.01)


def test_hot_moving_lid():
    """Nusselt number at Re 100, Gr 1e4, extrapolated, against an independent solution (docs/validation.md)."""
    found = []
    for solver in solutions(cavities.mixed("100", "1e4"), (16, 24)):
        lid, floor = nusselt(solver, "ceiling", "floor")
        assert floor == pytest.approx(lid, rel=1e-3)
        found.append(lid)
    assert extrapolated(*found, ratio=1.5) == pytest.approx(1.400, rel=0.01)
