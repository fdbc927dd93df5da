"""Whole runs to the steady state of a small hall: verdict, time step, grids, interruption, and what is refused."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from tests.simulation.comparison import assert_same_run
from thermo import CaseError, load_case, run
from thermo.flow import Solver
from thermo.report.tables import print_report
from thermo.results import Run
from thermo.simulation import RunInterrupted
from thermo.simulation.grids import ratios

CASE = Path(__file__).with_name("steady_hall.toml")


def carried_out(directory, *overrides, console=None, **options):
    return run(load_case(CASE, overrides), "native", directory, console=console, **options)


def inlets(found):
    return np.array([d["inlet_mean_c"] for d in found.report["devices"] if d["kind"] == "rack"])


@pytest.fixture(scope="module")
def shown():
    return io.StringIO()


@pytest.fixture(scope="module")
def whole(tmp_path_factory, shown):
    directory = tmp_path_factory.mktemp("whole") / "run"
    found = carried_out(directory, console=Console(file=shown, width=200))
    print_report(Console(file=shown, width=200), found.report)
    return found


def test_the_report_tells_that_and_how_the_hall_has_settled(whole):
    report = whole.report
    steady = report["steady"]
    assert report["converged"] is True and steady["state"] == "steady" and steady["unsettled"] == []
    # 13.2 m3 of air, which the racks move at 0.6 m3/s
    assert steady["window_s"] == pytest.approx(2.0 * (3.0 * 2.4 * 2.0 - 2 * 0.6 * 0.8 * 1.2) / 0.6, rel=2e-3)
    (coarse,) = steady["coarse_grids"]
    assert coarse["ratio"] == 3.0 and coarse["cells"] < 0.5 * report["cells"] and coarse["windows"] >= 2
    monitors = {line["name"]: line for line in steady["monitors"]}
    assert set(monitors) == {"racks.A01.inlet", "racks.A02.inlet", "supplies.floor.outlet", "openings.return.flow",
                             "probes.corner", "mean of rack inlets"}  # fmt: skip
    assert all(line["state"] == "steady" and line["change"] <= line["tolerance"] for line in monitors.values())
    for device in report["devices"]:
        if device["kind"] == "rack":
            assert monitors[f"{device['name']}.inlet"]["mean"] == pytest.approx(device["inlet_mean_c"], abs=2e-3)
    assert monitors["openings.return.flow"]["mean"] == pytest.approx(-0.5 * 101325 / 287.05 / 291.15, rel=1e-3)
    balance = report["balance"]
    assert balance["heat_out_w"] == pytest.approx(balance["heat_in_w"], rel=0.005)
    assert balance["averaged_s"] == pytest.approx(steady["averaged_s"])


def test_the_averages_are_written_last(whole):
    assert whole.times[0] == 0.0 and len(whole.times) == 2
    last = whole.fields()
    assert np.abs(last.mean_temperature - last.temperature).max() < 0.1
    assert whole.history().time.values[-1] == whole.report["simulated_s"]


def test_the_console_tells_how_far_it_is(shown, whole):
    text = shown.getvalue()
    assert "3 times larger" in text
    assert "monitors open" in text and "steady: means over" in text and "mean of rack inlets" in text
    log = (whole.directory.path / "run.log").read_text()
    assert "window 2" in log and "on to" in log


def test_two_time_steps_give_one_answer(whole, tmp_path):
    other = carried_out(tmp_path / "run", "run.courant=0.6")
    assert other.report["steps"] > 1.3 * whole.report["steps"]
    np.testing.assert_allclose(inlets(other), inlets(whole), atol=0.02)


@pytest.mark.parametrize("own_grid", [False, True])
def test_stopped_on_either_grid_and_continued_is_the_same_run(whole, tmp_path, monkeypatch, own_grid):
    """In the middle of a window, between two samples."""
    advance, cells = Solver.advance, whole.report["cells"]

    def watched(self, limit_time):
        if self.step == 533 and (self.mesh.cells == cells) == own_grid:
            os.kill(os.getpid(), signal.SIGTERM)
        advance(self, limit_time)

    with monkeypatch.context() as patched:
        patched.setattr(Solver, "advance", watched)
        with pytest.raises(RunInterrupted, match="SIGTERM"):
            carried_out(tmp_path / "run")
    report = Run(tmp_path / "run").report
    assert report["steps"] == 534 and (report["cells"] == cells) == own_grid
    assert report["converged"] is False and report["steady"]["state"] == "not enough samples"
    carried_out(tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", whole.directory.path)


def test_a_plain_march_that_is_cut_short_says_so_and_goes_on_to_the_same_answer(whole, tmp_path):
    stream = io.StringIO()
    plain = "run.steady.coarse=[]"
    short = carried_out(tmp_path / "run", plain, "run.until=50 s", console=Console(file=stream, width=200)).report
    assert short["converged"] is False and short["steady"]["state"] == "not enough samples"
    assert short["steady"]["needed_s"] > 0.0 and short["steady"]["coarse_grids"] == []
    assert "more are needed: continue with --resume --set run.until" in stream.getvalue()
    found = carried_out(tmp_path / "run", plain, resume=True)
    assert found.report["converged"] is True
    np.testing.assert_allclose(inlets(found), inlets(whole), atol=0.1)
    assert inlets(found).mean() == pytest.approx(inlets(whole).mean(), abs=0.02)


@pytest.mark.parametrize(
    ("override", "key", "message"),
    [
        ('racks.A01.power=[["0 s", "1 kW"], ["60 s", "2 kW"]]', "racks.A01", "no steady state"),
        ('openings.return.position=[["0 s", 1], ["60 s", 0.5]]', "openings.return", "no steady state"),
        ('supplies.floor.flow=[["0 s", 0.5], ["60 s", 0.6]]', "supplies.floor", "no steady state"),
    ],
)
def test_what_changes_in_time_has_no_steady_state(tmp_path, override, key, message):
    with pytest.raises(CaseError, match=message) as refused:
        carried_out(tmp_path / "run", override)
    assert refused.value.key == key and refused.value.line is not None
    assert not (tmp_path / "run").exists()


STILL = """
schema = 1
id = "still"
[building]
box = [[0, 0, 0], [2, 1, 1]]
[mesh]
size = "250 mm"
[run]
mode = "steady"
"""


@pytest.mark.parametrize(
    ("more", "message"), [("", "nothing tells"), ("[probes.a]\nat = [1, 0.5, 0.5]\n", "no device moves the air")]
)
def test_a_room_that_tells_nothing_of_itself_is_refused(tmp_path, more, message):
    path = tmp_path / "still.toml"
    path.write_text(STILL + more)
    with pytest.raises(CaseError, match=message):
        run(load_case(path), "numpy", tmp_path / "run")


def test_coarse_grids_that_cannot_hold_the_case_or_hardly_differ_are_left_out():
    overrides = ("run.steady.coarse=[16, 3, 2]", "openings.return.rect=[[0.6, 1.9], [2.4, 2.4]]")
    found, notes = ratios(load_case(CASE, overrides))
    assert found == (3.0, 1.0)
    assert any("2 times larger: it has" in note for note in notes)
    assert any("16 times larger: its edge at y = 1.9 m would move" in note for note in notes)


def test_a_flow_that_never_settles_is_averaged_until_its_means_are_known(tmp_path):
    """Two racks that mirror each other in the plane x = 1.5 m, in a flow that sways between them."""
    sways = ("run.turbulence.eddy_viscosity=1e-4", "run.steady.coarse=[]")
    wanted = ('run.stop.inlets="0.2 K"', 'run.stop.mean="0.2 K"')
    found = carried_out(tmp_path / "run", *sways, *wanted)
    steady = found.report["steady"]
    assert steady["state"] == "statistically steady" and found.report["converged"] is True
    one, other = (line for line in steady["monitors"] if line["name"] in ("racks.A01.inlet", "racks.A02.inlet"))
    for line in (one, other):
        assert line["state"] == "statistically steady" and line["fluctuation"] > line["tolerance"]
        assert 0.0 < line["interval"] <= 0.2
        assert 40.0 * line["integral_time_s"] <= steady["averaged_s"]
    # the flow is not symmetric at any moment; its mean is, within what is known of it
    assert abs(one["mean"] - other["mean"]) <= np.hypot(one["interval"], other["interval"])
    log = (tmp_path / "run" / "run.log").read_text()
    assert "statistically steady: means over" in log


MASS = """
[blocks.mass]
box = [[0.2, 1.8, 0.2], [0.4, 2.2, 1.8]]
material = { conductivity = 200, density = 2700, heat_capacity = 900 }
"""


def test_a_massive_block_settles_with_the_room(tmp_path):
    """Its capacity is 20 times that of the air; the state is that of a block of a thousandth of it."""
    reports = []
    for name, density in (("heavy", 2700), ("light", 3)):
        path = tmp_path / f"{name}.toml"
        path.write_text(CASE.read_text() + MASS.replace("2700", str(density)))
        found = run(load_case(path, ["run.steady.coarse=[]"]), "native", tmp_path / name)
        assert found.report["converged"]
        reports.append(found)
    heavy, light = reports
    np.testing.assert_allclose(inlets(heavy), inlets(light), atol=0.02)
    assert heavy.report["simulated_s"] < 2.5 * light.report["simulated_s"]
    assert "times smaller" in (heavy.directory.path / "run.log").read_text()
    assert abs(heavy.report["balance"]["heat_imbalance_w"]) < 1e-5 * heavy.report["balance"]["heat_in_w"]


def test_a_block_that_still_grows_warm_keeps_the_run_going(tmp_path, monkeypatch):
    """Where its capacity is the true one."""
    monkeypatch.setattr(Solver, "hasten_solids", lambda solver, longest: 1.0)
    path = tmp_path / "case.toml"
    path.write_text(CASE.read_text() + MASS)
    case = load_case(path, ["run.steady.coarse=[]", 'run.until="300 s"'])
    report = run(case, "native", tmp_path / "run").report
    assert report["converged"] is False
    assert all(line["state"] == "steady" for line in report["steady"]["monitors"])
    assert any("gather in walls and solids" in line for line in report["steady"]["unsettled"])
