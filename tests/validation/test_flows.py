"""Studies of single flows on grids small enough for every commit; full grids: thermo validate.

Not here: orders of accuracy (tests/flow measures them on every commit) and the backward-facing step at Re 800, whose
eddies need the fine grid.
"""

import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.validation import exact, refinement
from benchmarks.validation.bench import Bench, CaseRun, StudySkipped
from benchmarks.validation.families import channels, convection, cubes, layers, orders, steps
from benchmarks.validation.measures import nusselt
from benchmarks.validation.refinement import extrapolated, low_face_velocity

BENCH = Bench(say=lambda _: None)


def test_onset_of_convection_between_rigid_plates():
    """Critical Rayleigh number extrapolated from two grids."""
    found = []
    for cells in ((16, 8), (24, 12)):
        rates = []
        for rayleigh in (1600.0, 1800.0):
            run = convection.layer(BENCH, "onset", None, rayleigh, cells, 1e-4, "double")
            rates.append((rayleigh, convection.growth_rate(run, 6.0, 10.0)[0]))
        found.append(convection.onset_between(*rates))
    assert extrapolated(*found, ratio=1.5) == pytest.approx(1707.762, rel=0.005)


def test_closed_slot_in_the_conduction_regime():
    found = []
    for cells in (12, 24):
        run = CaseRun(BENCH, "slot", "tall_slot", overrides=[f"mesh.cells = [{cells}, 1, {2 * cells}]"])
        run.to(15.0)
        w = low_face_velocity(run.solver, 2)[cells, 0].astype(np.float64)
        x, viscosity = run.solver.mesh.x.centres - 0.5, run.solver.setup.fluid.viscosity
        exactly = (x / 24.0 - x**3 / 6.0) / viscosity
        found.append(float((w @ exactly) / (exactly @ exactly)))
    assert extrapolated(*found) == pytest.approx(1.0, abs=0.01)


def test_open_channel_heats_what_it_draws():
    """Heat of both plates is the heat that the flow carries out."""
    run = CaseRun(BENCH, "channel", "heated_channel", "developing",
                  ["fluid.viscosity = 0.00843", "mesh.cells = [16, 1, 40]"])  # fmt: skip
    run.settle(lambda s: [channels.channel_nusselt(s)], 5.0, 200.0, 1e-4)
    balance = run.averaged(run.solver.time, run.solver.time + 5.0)["balance"]
    carried = channels.channel_nusselt(run.solver) * 2.0 * 0.1 * 10.0 * run.solver.setup.fluid.conductivity
    assert balance["heat_imbalance_w"] == pytest.approx(0.0, abs=1e-3 * carried)
    assert channels.channel_nusselt(run.solver) == pytest.approx(3.33, rel=0.08)  # both correlations at Ra' = 1000


def test_flat_plate_with_four_cells_in_the_layer():
    refine = "mesh.refine = [{ at = [[0, 0, 0], [1, 0.00125, 0.022]], size = 0.005 }]"
    run = CaseRun(BENCH, "plate", "flat_plate", overrides=[refine])
    run.to(3.0)
    _, gradient, eta, slope, _ = exact.flat_layer(layers.PRANDTL)
    viscosity, z = run.solver.setup.fluid.viscosity, run.solver.mesh.z.centres
    stretch = (1.0 / (viscosity * layers.MIDDLE)) ** 0.5
    u = layers.velocity_across(run.solver, 0, 0)
    inside = z * stretch < 6.0
    assert u[inside] == pytest.approx(np.interp(z * stretch, eta, slope)[inside], abs=0.03)
    expected = gradient * (layers.MIDDLE / viscosity) ** 0.5
    assert layers.local_nusselt(run.solver, "floor", 0) == pytest.approx(expected, rel=0.05)


def test_similarity_solutions_give_the_published_digits():
    """Ostrach prints 0.5046 and 0.6760 (Pr 0.72); Blasius 0.332057."""
    gradient, eta, slope, theta = exact.natural_layer(0.72)
    assert gradient == pytest.approx(0.5046, abs=5e-5)
    assert np.gradient(slope, eta, edge_order=2)[0] == pytest.approx(0.6760, rel=2e-3)
    assert theta[-1] == pytest.approx(0.0, abs=1e-6)
    assert exact.flat_layer(1.0)[:2] == pytest.approx((0.332057, 0.332057), abs=1e-6)


def test_heated_cube():
    """Nusselt number at Ra 1e4 extrapolated from two grids within the 1 % of the full study."""
    series = replace(cubes.heated_cube(4), grids=[cubes.half_cube(n) for n in (8, 12)])
    found = [nusselt(run.solver, "west", "east")[0] for run in series.runs(BENCH)]
    assert extrapolated(*found, ratio=1.5) == pytest.approx(2.0542, rel=0.02)


def test_manufactured_solutions_without_sympy_are_skipped(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)
    # another test may have imported it already: the package keeps it as an attribute too
    monkeypatch.delitem(sys.modules, "benchmarks.validation.manufactured", raising=False)
    monkeypatch.delattr("benchmarks.validation.manufactured", raising=False)
    with pytest.raises(StudySkipped, match="sympy"):
        next(iter(orders.STUDIES[0].measure(BENCH)))


def test_step_of_armaly_at_reynolds_100():
    """Reattachment on eight and a half cells per step height, within the 8 % of the full study."""
    series = steps.armaly(100)
    half = ("mesh.cells = [128, 1, 17]", "mesh.snap_tolerance = 0.03", "fluid.viscosity = 0.01030303",
            "blocks.step.box = [[-1, 0, 0], [0, 0.1, 0.47058824]]", "supplies.inlet.rect = [[0, 0.47058824], [0.1, 1]]")
    (run,) = replace(series, grids=[refinement.Grid(17, half)], tolerance=2e-3).runs(BENCH)
    assert steps.places(run.solver)["lower-wall reattachment"] * 17.0 / 8.0 == pytest.approx(3.0, rel=0.08)
