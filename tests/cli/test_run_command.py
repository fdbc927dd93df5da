"""`thermo run`: which scenarios are run, and where their results go."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import kernels
from thermo import cli, loading, simulation
from thermo.report import tables


@pytest.fixture
def runs(monkeypatch):
    """(scenario, backend, directory) of every run that a command starts; the machine has no compiled backend."""
    started = []

    def load_case(_path, overrides=(), scenario=None):
        control = SimpleNamespace(without_compiler="small")
        return SimpleNamespace(id="hall", scenario=scenario, scenarios={"small": 1, "hot": 2}, run=control)

    def run(case, backend, directory, **_options):
        started.append((case.scenario, backend, str(directory)))
        return SimpleNamespace(report={}, directory=SimpleNamespace(path=directory))

    monkeypatch.setattr(loading, "load_case", load_case)
    monkeypatch.setattr(simulation, "run", run)
    monkeypatch.setattr(tables, "print_report", lambda *_: None)
    monkeypatch.setattr(kernels, "open_backend", lambda name: SimpleNamespace(name="numpy"))
    return started


def test_without_a_compiler_the_smaller_scenario_is_run_and_said(runs, capsys):
    assert cli.main(["run", "hall.toml"]) == 0
    assert runs == [("small", "auto", "runs/hall-small")]
    assert "no C++ compiler found: running the smaller scenario 'small'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--backend", "numpy"], [(None, "numpy", "runs/hall")]),
        (["--scenario", "hot"], [("hot", "auto", "runs/hall-hot")]),
        (["--scenario", "hot", "-o", "x"], [("hot", "auto", "x")]),
        (
            ["--all"],
            [(None, "auto", "runs/hall"), ("small", "auto", "runs/hall-small"), ("hot", "auto", "runs/hall-hot")],
        ),
        (["--all", "-o", "x"], [(None, "auto", "x/base"), ("small", "auto", "x/small"), ("hot", "auto", "x/hot")]),
    ],
)
def test_what_is_asked_for_is_run(runs, arguments, expected):
    assert cli.main(["run", "hall.toml", *arguments]) == 0
    assert runs == expected


def test_with_a_compiler_the_whole_case_is_run(runs, monkeypatch):
    monkeypatch.setattr(kernels, "open_backend", lambda name: SimpleNamespace(name="native"))
    assert cli.main(["run", "hall.toml"]) == 0
    assert runs == [(None, "auto", "runs/hall")]
