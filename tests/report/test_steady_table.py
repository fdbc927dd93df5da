"""The verdict of a steady run on a narrow console."""

from __future__ import annotations

import io

from rich.console import Console

from thermo.report.steady import steady_entry
from thermo.report.tables import print_report
from thermo.steady.verdict import NOT_ENOUGH, STATISTICALLY_STEADY, Finding, Monitor, Verdict

EMPTY = dict.fromkeys(("balance", "metrics", "monitors"), {}) | dict.fromkeys(("devices", "openings", "limits"), ())


def shown(*findings: Finding, own_grid: bool = True, unsettled: tuple[str, ...] = ()) -> str:
    verdict = Verdict(600.0, 200.0, 40.0, 15, False, findings, unsettled)
    report = EMPTY | {
        "title": "Hall", "converged": False, "mcell_steps_per_s": None, "simulated_s": 600.0, "wall_s": 60.0,
        "cells": 1000, "steps": 5000, "backend": "native", "precision": "single", "warnings": [],
        "steady": steady_entry(verdict, 40.0, [], own_grid),
    }  # fmt: skip
    stream = io.StringIO()
    print_report(Console(file=stream, width=80), report)
    return stream.getvalue()


def finding(name: str, state: str, half_width: float | None, needed: float) -> Finding:
    monitor = Monitor(name, "degC", 0.1, 0.1)
    return Finding(monitor, state, 123.456, half_width, 0.25, 0.4, 3.0, False, needed)


def test_no_number_is_cut_and_the_state_of_the_run_stands_first():
    open_one = finding("mean of rack inlets", NOT_ENOUGH, None, 250.0)
    text = shown(open_one, finding("racks.B01.inlet", STATISTICALLY_STEADY, 0.031, 0.0))
    assert text.splitlines()[0] == "Hall: not enough samples"
    row = next(line for line in text.splitlines() if "racks.B01.inlet" in line)
    assert all(part in row for part in ("racks.B01.inlet, °C", "123.456", "0.031", "0.250", "statistically steady"))
    assert "…" not in text and "about 250 s more would be needed" in text


def test_what_else_is_open_is_said():
    text = shown(finding("racks.A03.inlet", STATISTICALLY_STEADY, 0.05, 0.0), own_grid=False, unsettled=("heat",))
    assert "open: heat" in text and "still on a coarse grid" in text and text.startswith("Hall: not enough samples")
