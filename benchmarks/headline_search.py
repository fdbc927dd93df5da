"""Finds the largest time step at which the rack room is resolved in time, for the headline of the benchmark.

    python -m benchmarks.headline_search --cell 0.05 --limit 1200

A time step is good when the mean rack inlets over the first 10 s (start: 18 degC, potential flow) differ by less than
0.05 K from a reference, a run with a quarter of it and a hundredth of the solver's tolerances. The flow turns chaotic
on the way: two references of different time steps part by more than 0.05 K in single racks before 10 s are over. So the
mean of all racks is held to the limit over 10 s, and the mean of every rack for as long as it can be predicted: as long
as the reference and that of the next candidate agree to 0.01 K.

Candidates are tried from the largest; those that diverge are noted. Finished runs are kept in
benchmarks/results/headline_<cell>.json, with the inlets in time, and are not repeated while scheme, backend and
precision stay the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from math import inf
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

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
PREDICTABLE = 0.01  # K
SAMPLE = 0.25  # s
FINER, TIGHTER = 4, 100  # of the reference: time step, tolerances
# s; each a part of the sampling interval, so that no step is shortened to end on a sample
TIME_STEPS = tuple(SAMPLE / n for n in (5, 6, 7, 8, 10, 12, 14, 16, 20, 25, 32, 40, 50, 64, 80, 100, 125, 160, 200))
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


def differences(run: dict[str, Any], reference: dict[str, Any]) -> np.ndarray:
    """Mean inlets over the whole run less those of the reference, K, one per rack."""
    return np.array([value - reference["mean_inlet_c"][name] for name, value in run["mean_inlet_c"].items()])


def running_differences(run: dict[str, Any], reference: dict[str, Any]) -> np.ndarray:
    """Largest difference of any rack, K, between the means of the samples up to each sampled time."""
    apart = [np.subtract(series, reference["inlets_c"][name]) for name, series in run["inlets_c"].items()]
    means = np.cumsum(apart, axis=1) / np.arange(1, len(apart[0]) + 1)
    return np.abs(means).max(axis=0)


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
        falling = sorted(time_steps, reverse=True)
        for time_step, following in zip(falling, [*falling[1:], 0.8 * falling[-1]], strict=True):
            candidate = self._judged(time_step, following, deadline)
            self.document["candidates"].append(candidate)
            if candidate["good"]:
                self.document["found"] = candidate
                break
        save(self.file, self.document)
        return self.document["found"]

    def _judged(self, time_step: float, following: float, deadline: float) -> dict[str, Any]:
        """A candidate with its differences from its reference; `following`: the next candidate, s.

        Raises FlowError where a reference diverges.
        """
        run = self.run(time_step, 1, deadline)
        judged = {"time_step": time_step, "diverged_at_s": run["diverged_at_s"], "good": False}
        if run["diverged_at_s"] is not None:
            return judged
        reference, other = (self.run(one / FINER, TIGHTER, deadline) for one in (time_step, following))
        if reference["diverged_at_s"] is not None or other["diverged_at_s"] is not None:
            raise FlowError(f"a reference of dt = {time_step:g} s diverged")
        parted = running_differences(reference, other) > PREDICTABLE
        last = int(np.argmax(parted)) - 1 if parted.any() else len(parted) - 1
        early = float(running_differences(run, reference)[last])
        overall = float(differences(run, reference).mean())
        self.say(
            f"dt {1e3 * time_step:g} ms: largest difference of a rack over {run['times_s'][last]:g} s {early:.4f} K, "
            f"mean of all racks over {UNTIL:g} s {overall:+.4f} K"
        )
        return judged | {key: run[key] for key in KEPT} | {
            "good": early < LIMIT and abs(overall) < LIMIT,
            "predictable_s": run["times_s"][last], "rack_difference_k": early, "mean_difference_k": overall,
            "rack_difference_at_end_k": float(np.abs(differences(run, reference)).max()),
            "references_differ_at_end_k": float(np.abs(differences(reference, other)).max()),
            "differences_k": dict(zip(run["mean_inlet_c"], differences(run, reference).tolist(), strict=True)),
        }  # fmt: skip


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
    print(f"found dt = {1e3 * found['time_step']:g} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
