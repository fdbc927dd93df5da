"""Whole runs of the program on a small hall: interrupted, continued, repeated with another number of threads."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulation.comparison import assert_same_run
from tests.simulation.small_hall import CASE
from thermo.results.reading import Run

PATIENCE = 240  # s


def start(directory, *options, threads=1) -> subprocess.Popen:
    command = [sys.executable, "-c", "import sys; from thermo.cli import main; sys.exit(main())", "run", str(CASE)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": str(CASE.parents[2])}
    return subprocess.Popen(
        [*command, "-o", str(directory), *options],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def finish(process, code=0) -> str:
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, output
    return output


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("whole") / "run"
    finish(start(directory))
    return directory


def test_the_report_holds_what_the_case_asks_for(whole):
    report = Run(whole).report
    assert report["converged"] is True
    (rack,) = (device for device in report["devices"] if device["kind"] == "rack")
    assert rack["name"] == "racks.A01"
    assert rack["heat_w"] == pytest.approx(3000.0, rel=1e-3)
    assert rack["flow_m3_s"] == pytest.approx(0.2, rel=1e-3)
    assert rack["power_w"] == pytest.approx(3000.0, rel=1e-3)
    # what is supplied leaves through the window, warmer and so larger; the air on the window's side stays the same
    assert -0.18 < report["monitors"]["window"] < -0.15
    assert report["monitors"]["screen"] == pytest.approx(-report["monitors"]["window"], rel=0.1)
    assert report["monitors"]["draught"] > 0.0
    assert {(line["name"], line["pass"]) for line in report["limits"]} == {("inlet", True), ("window", True)}


def test_the_objects_of_the_case_are_there_to_be_looked_at(whole):
    names = {path.stem for path in (whole / "geometry" / "parts").iterdir()}
    assert names == {"racks.A01", "blocks.column", "panels.screen", "openings.window", "supplies.floor"}


def test_stopped_by_sigterm_and_continued_is_the_same_run(whole, tmp_path):
    directory = tmp_path / "run"
    process = start(directory)
    history, deadline = directory / "history.csv", time.monotonic() + PATIENCE
    while not (history.exists() and history.read_bytes().count(b"\n") > 10):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    assert "continue with --resume" in finish(process, 130)
    stopped_at = Run(directory).report["steps"]
    finish(start(directory, "--resume"))
    assert 10 <= stopped_at < Run(directory).report["steps"]
    assert_same_run(directory, whole)


def test_the_number_of_threads_changes_nothing(whole, tmp_path):
    finish(start(tmp_path / "run", threads=2))
    assert_same_run(tmp_path / "run", whole)


def test_another_case_is_not_continued(whole):
    output = finish(start(whole, "--resume", "--set", "racks.A01.power=2 kW"), 2)
    assert "belongs to another case" in output
