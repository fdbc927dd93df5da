"""The same flow on two backends: how fast each is, and whether they find the same air.

    python -m benchmarks.beside_native --backend cuda --until 2

Marches the hot-aisle tutorial, or the rack room where the packages that read cases are missing, on the backend and on
native. Returns 1 when the inlet of any rack differs by more than 0.05 K at the end, in the first seconds in which
rounding has not yet grown into another turbulent flow.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import numpy as np

import kernels
from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from thermo.flow import Solver

CASE = Path(__file__).parents[1] / "cases" / "tutorials" / "hot_aisle.toml"
CASE_PACKAGES = ("pydantic", "pint", "tomlkit")
ROOM_CELL = 0.1  # m
LIMIT = 0.05  # K


def started(backend: str, precision: str) -> tuple[str, Solver]:
    """What flows, and its solver at time 0."""
    if all(find_spec(package) for package in CASE_PACKAGES):
        from thermo.loading import load_case
        from thermo.simulation.assembly import assemble

        return "hot aisle", assemble(load_case(CASE), backend, precision).solver
    solver = Solver(rack_room(ROOM_CELL), rack_room_setup(), kernels.open_backend(backend, precision))
    solver.initialise(temperature=SUPPLY)
    return f"rack room (hot aisle skipped: {', '.join(CASE_PACKAGES)} are not all installed)", solver


def march(solver: Solver, until: float) -> float:
    """March to `until`, s; returns cell-steps per second without the first step, which compiles."""
    solver.advance(until)
    begin = perf_counter()
    while solver.time < until:
        solver.advance(until)
    solver.backend.synchronize()
    return solver.mesh.cells * (solver.step - 1) / (perf_counter() - begin)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", default="cuda")
    parser.add_argument("--precision", default="single")
    parser.add_argument("--until", type=float, default=2.0, help="simulated time, s")
    arguments = parser.parse_args()
    solvers = []
    for backend in (arguments.backend, "native"):
        what, solver = started(backend, arguments.precision)
        speed = march(solver, arguments.until)
        solvers.append(solver)
        print(f"{what}, {backend}: {solver.mesh.cells:,} cells, {solver.step} steps, {speed / 1e6:.2f} Mcell-steps/s",
              flush=True)  # fmt: skip
    one, other = solvers
    apart = one.field("temperature").astype(float) - other.field("temperature")
    inlets = [solver.readings()["inlet_c"] for solver in solvers]
    largest = max(abs(value - inlets[1][name]) for name, value in inlets[0].items())
    print(f"after {arguments.until:g} s: temperatures differ by {np.sqrt(np.mean(apart**2)):.2e} K rms, "
          f"{np.abs(apart).max():.2e} K at most, rack inlets by {largest:.2e} K (limit {LIMIT})")  # fmt: skip
    return 0 if largest <= LIMIT else 1


if __name__ == "__main__":
    raise SystemExit(main())
