"""How every end of a command becomes an exit code and one message."""

from __future__ import annotations

import pytest

from kernels import BackendUnavailable
from tests.simulation.fake_solver import FakeCase, FakeSolver
from thermo import case, cli, loading, simulation
from thermo.report.document import write_report
from thermo.simulation import RunFailed, RunInterrupted, RunRefused


def with_end(monkeypatch, error):
    def end(*_arguments, **_options):
        raise error

    monkeypatch.setattr(loading, "load_case", lambda *_a, **_k: FakeCase())
    monkeypatch.setattr(simulation, "run", end)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (case.CaseError("no such key", "hall.toml", 3, "racks.A01.powr", "power"), 2),
        (RunRefused("already holds a run"), 2),
        (BackendUnavailable("no CUDA device"), 2),
        (RunFailed("the disk is full"), 3),
        (RunInterrupted("stopped by SIGTERM"), 130),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_end_has_its_exit_code(monkeypatch, capsys, error, code):
    with_end(monkeypatch, error)
    assert cli.main(["run", "hall.toml"]) == code
    output = capsys.readouterr()
    assert "Traceback" not in output.err
    if code in (2, 3):
        assert str(error) in output.err.replace("\n", "")


def test_what_is_not_built_is_refused(capsys):
    assert cli.main(["compare", "a", "b"]) == 2
    assert "'thermo compare' is not yet supported" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["run"], ["run", "a.toml", "--backend", "abacus"], ["run", "a.toml", "--all", "--scenario", "x"]],
)
def test_wrong_usage_is_bad_input(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2


def test_a_missing_case_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", "absent.toml"]) == 2
    assert "absent.toml" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_report_of_a_directory_without_a_run(tmp_path, capsys):
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "holds no report" in capsys.readouterr().err


def test_report_prints_the_tables(tmp_path, capsys):
    (tmp_path / "case.toml").touch()
    content = {
        "case": "hall", "title": "Hall [north]", "version": "1", "backend": "native", "precision": "single",
        "cells": 1000, "steps": 10, "simulated_s": 2.0, "wall_s": 1.0, "mcell_steps_per_s": 0.01,
        "converged": True, "metrics": {},
        "limits": [{"name": "inlet", "value": 31.0, "limit": 30.0, "margin": -1.0, "pass": False}],
        "monitors": {"door": 0.25}, "warnings": ["racks.A01 moved by 4 mm"],
    }  # fmt: skip
    write_report(tmp_path / "report.json", content | FakeSolver().report())
    assert cli.main(["report", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    for part in ("Hall [north]", "racks.A01", "10000", "NO", "door", "0.25", "moved by 4 mm", "mass_imbalance_kg_s"):
        assert part in text
