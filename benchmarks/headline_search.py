"""Finds the largest time step at which the rack room is resolved in time, for the headline of the benchmark.

    python -m benchmarks.headline_search --cell 0.05 --limit 1200

A time step is good when the mean inlet of every rack over the first 10 s (start: 18 degC, potential flow) differs by
less than 0.05 K from a run with a quarter of it and a hundredth of the solver's tolerances. Candidates are tried from
the largest; those that diverge are noted. Finished runs are kept in benchmarks/results/headline_<cell>.json, with the
inlets in time, and are not repeated while scheme, backend and precision stay the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any

import kernels
from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from benchmarks.report import load, save
from kernels import Backend
from thermo.flow import FlowError, Scheme, Solver
from thermo.flow.pressure import PressureError
from thermo.mesh import Mesh
from thermo.version import program_version

UNTIL = 10.0  # s
LIMIT = 0.05  # K
SAMPLE = 0.25  # s
FINER, TIGHTER = 4, 100  # of the reference: time step, tolerances
TIME_STEPS = (0.05, 0.04, 0.03125, 0.025, 0.02, 0.016, 0.0125, 0.01, 0.008, 0.00625, 0.005, 0.004, 0.003125, 0.0025,
              0.002, 0.0016, 0.00125, 0.001)  # s, parts of the sampling interval  # fmt: skip
KEPT = ("courant_largest", "iterations_mean", "divergence_largest", "residual_l2_largest", "steps")
RESULTS = Path(__file__).parent / "results"


class OutOfTime(Exception):
    """The time allowed for the search is over; what was finished is kept."""


def result_file(cell: float) -> Path:
    """Where the search on cells of this size (m) is kept."""
    return RESULTS / f"headline_{cell:g}.json"


def scheme_of(time_step: float, tighter: int = 1) -> Scheme:
    """The default scheme at a fixed time step, with tolerances divided by `tighter`."""
    scheme = Scheme()
    return replace(
        scheme, time_step=time_step, tolerance=scheme.tolerance / tighter,
        relative_tolerance=scheme.relative_tolerance / tighter,
    )  # fmt: skip


def march(mesh: Mesh, backend: Backend, time_step: float, tighter: int, deadline: float = inf) -> dict[str, Any]:
    """One run of 10 s; what it found, or where it diverged. Raises OutOfTime at `deadline` (`perf_counter`)."""
    solver = Solver(mesh, rack_room_setup(scheme_of(time_step, tighter)), backend)
    begin, courant, residual, relative, iterations = perf_counter(), 0.0, 0.0, 0.0, 0
    found: dict[str, Any] = {"time_step": time_step, "tighter": tighter, "diverged_at_s": None}
    times, series = [], []
    try:
        solver.initialise(temperature=SUPPLY)
        for number in range(1, round(UNTIL / SAMPLE) + 1):
            while solver.time < number * SAMPLE:
                solver.advance(number * SAMPLE)
                readings = solver.readings()
                courant = max(courant, readings["courant"])
                residual, relative = max(residual, readings["residual"]), max(relative, readings["residual_l2"])
                iterations += readings["iterations"]
                if perf_counter() > deadline:
                    raise OutOfTime
            times.append(solver.time)
            series.append(readings["inlet_c"])
    except (FlowError, PressureError, FloatingPointError):
        return found | {"diverged_at_s": solver.time}
    inlets = {device["name"]: device["inlet_mean_c"] for device in solver.report()["devices"]}
    return found | {
        "steps": solver.step, "courant_largest": courant, "iterations_mean": iterations / solver.step,
        "divergence_largest": residual, "residual_l2_largest": relative, "wall_s": perf_counter() - begin,
        "mean_inlet_c": {name: inlets[name] for name in series[0]},
        "times_s": times, "inlets_c": {name: [round(sample[name], 5) for sample in series] for name in series[0]},
    }  # fmt: skip


def differences(run: dict[str, Any], reference: dict[str, Any]) -> dict[str, float]:
    """Mean inlet of every rack less that of the reference, K."""
    return {name: value - reference["mean_inlet_c"][name] for name, value in run["mean_inlet_c"].items()}


class Search:
    """The runs on one grid, kept in a file."""

    def __init__(self, cell: float, backend: Backend, file: Path, say: Callable[[str], None]) -> None:
        self.mesh, self.backend, self.file, self.say = rack_room(cell), backend, file, say
        self.document = load(file)
        settings = {
            "cell_m": cell, "cells": self.mesh.cells, "fluid_cells": int((self.mesh.solid == 0).sum()),
            "scheme": asdict(Scheme()), "backend": backend.name, "precision": backend.precision,
            "thermo": program_version(),
        }  # fmt: skip
        if self.document.get("settings") != settings:
            self.document |= {"settings": settings, "found": None, "candidates": [], "runs": []}

    def run(self, time_step: float, tighter: int, deadline: float) -> dict[str, Any]:
        """A run from the file, else made now and kept."""
        for run in self.document["runs"]:
            if (run["time_step"], run["tighter"]) == (time_step, tighter):
                return run
        run = march(self.mesh, self.backend, time_step, tighter, deadline)
        self.document["runs"].append(run)
        save(self.file, self.document)
        end = f"diverged at {run['diverged_at_s']:.3f} s" if run["diverged_at_s"] is not None else (
            f"{run['steps']} steps, {run['wall_s']:.0f} s, largest Courant number {run['courant_largest']:.2f}, "
            f"{run['iterations_mean']:.1f} iterations")  # fmt: skip
        self.say(f"dt {1e3 * time_step:g} ms, tolerances / {tighter}: {end}")
        return run

    def find(self, time_steps: Sequence[float], deadline: float) -> dict[str, Any] | None:
        """Try candidates from the largest; returns the first that is good enough, None when none is."""
        self.document |= {"found": None, "candidates": []}
        for time_step in sorted(time_steps, reverse=True):
            candidate = self._judged(time_step, deadline)
            self.document["candidates"].append(candidate)
            if candidate["largest_difference_k"] is not None and candidate["largest_difference_k"] < LIMIT:
                self.document["found"] = candidate
                break
        save(self.file, self.document)
        return self.document["found"]

    def _judged(self, time_step: float, deadline: float) -> dict[str, Any]:
        """A candidate with its differences (K) from its reference; None where one of the two runs diverged."""
        run = self.run(time_step, 1, deadline)
        judged = {"time_step": time_step, "diverged_at_s": run["diverged_at_s"], "largest_difference_k": None}
        if run["diverged_at_s"] is not None:
            return judged
        judged |= {key: run[key] for key in KEPT}
        reference = self.run(time_step / FINER, TIGHTER, deadline)
        if reference["diverged_at_s"] is not None:
            return judged
        off = differences(run, reference)
        largest, overall = max(map(abs, off.values())), sum(off.values()) / len(off)
        self.say(f"dt {1e3 * time_step:g} ms: largest difference {largest:.4f} K, mean over racks {overall:+.4f} K")
        return judged | {"largest_difference_k": largest, "mean_difference_k": overall, "differences_k": off}


def main() -> int:
    """Command line; returns 1 when the time was over or no time step was good enough."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cell", type=float, default=0.05, help="cell size, m")
    parser.add_argument("--time-steps", type=float, nargs="+", default=TIME_STEPS, help="candidates, s")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--precision", choices=("single", "double"), default="single")
    parser.add_argument("--limit", type=float, default=inf, help="wall time, s; run it again to go on")
    arguments = parser.parse_args()
    backend = kernels.open_backend(arguments.backend, arguments.precision)
    say = lambda line: print(line, flush=True)  # noqa: E731
    search = Search(arguments.cell, backend, result_file(arguments.cell), say)
    try:
        found = search.find(arguments.time_steps, perf_counter() + arguments.limit)
    except OutOfTime:
        print("out of time: run it again to go on")
        return 1
    if found is None:
        print(f"no candidate is within {LIMIT} K")
        return 1
    print(f"dt {1e3 * found['time_step']:g} ms, largest difference {found['largest_difference_k']:.4f} K")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
