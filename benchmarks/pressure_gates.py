"""Iterations and cost of the pressure solver on the rooms of `pressure_rooms`, as a table.

    python -m benchmarks.pressure_gates --cells 1e5 1e6 --output benchmarks/results/pressure_gates.md

Each room is solved to a relative residual of 1e-5 for two right-hand sides: random values in every cell, and one heat
source near the floor whose surplus is spread over its region. The gate is 8 iterations, in float64 and in float32, and
in float64 that the residual is met. In float32 the rounding of the solution alone may leave more than 1e-5, where its
differences are small against its values; the residual that was reached is then given.
"""

import argparse
import gc
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.pressure_rooms import GATES, heat_source, random_sources
from kernels import Backend, open_backend
from thermo.flow.pressure import PressureSolver, SolveResult
from thermo.mesh.subdomain import Decomposition

TOLERANCE = 1e-5
MOST = 8

HEAD = (
    "| room | cells | levels | cells of all levels / finest | float64: random, source | float32: random, source "
    "| ns per cell and iteration (float32) |\n|---|---|---|---|---|---|---|"
)


def measure(backends: dict[str, Backend], name: str, cells: float, repeats: int) -> tuple[str, bool]:
    """One line of the table, and whether the gate holds."""
    room = GATES[name](cells)
    sources = (random_sources(room), heat_source(room))
    found, cost, levels = {}, 0.0, []
    for precision, backend in backends.items():
        decomposition = Decomposition.split(room.axes)
        flags = room.flags_of_parts(backend, decomposition)
        solver = PressureSolver(backend, decomposition, flags, room.regions())
        results = []
        for source in sources:
            backend.upload(solver.right_hand_side[0], decomposition.parts[0].pad(source))
            results.append(solver.solve(1.0, np.inf, TOLERANCE))
        found[precision] = results
        cost = iteration_cost(solver, repeats) / room.fluid.size * 1e9
        levels = solver.multigrid.cells
        del solver
        gc.collect()
    columns = [", ".join(map(_iterations, results)) for results in found.values()]
    line = (
        f"| {name} | {room.fluid.size:,} | {len(levels)} | {sum(levels) / levels[0]:.2f} "
        f"| {' | '.join(columns)} | {cost:.1f} |"
    )
    few = all(result.iterations <= MOST for results in found.values() for result in results)
    return line, few and all(result.converged for result in found["double"])


def _iterations(result: SolveResult) -> str:
    return f"{result.iterations}" if result.converged else f"{result.iterations} (to {result.residual_l2:.1e})"


def iteration_cost(solver: PressureSolver, repeats: int) -> float:
    """Seconds of one more iteration, from solves with a given number of them.

    The fastest of each counts: other work on the machine only ever slows a solve down.
    """

    def best(iterations: int) -> float:
        times = []
        for _ in range(repeats):
            begin = perf_counter()
            solver.solve(1.0, np.inf, TOLERANCE, iterations=iterations).wait()
            times.append(perf_counter() - begin)
        return min(times)

    return (best(9) - best(1)) / 8


def main() -> int:
    """Print the table, write it where asked; returns 1 when a gate does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=float, nargs="+", default=[1e5, 1e6])
    parser.add_argument("--rooms", nargs="+", choices=list(GATES), default=list(GATES))
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--repeats", type=int, default=10, help="solves timed for the cost of an iteration")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    backends = {precision: open_backend(arguments.backend, precision) for precision in ("double", "single")}
    backend = backends["single"]
    details = backend.details()
    lines = [
        "# Pressure solver: iterations and cost",
        "",
        f"Backend {backend.name}, {details['device']}, threads: {details.get('threads', 'all')}; copy bandwidth "
        f"{backend.copy_bandwidth() / 1e9:.0f} GB/s. Iterations to a relative residual of {TOLERANCE:g} for random "
        f"values in every cell and for one heat source; gate: {MOST}.",
        "",
        *HEAD.split("\n"),
    ]
    passed = True
    for cells in arguments.cells:
        for name in arguments.rooms:
            line, holds = measure(backends, name, cells, arguments.repeats)
            passed &= holds
            lines.append(line)
            print(line if holds else f"{line} GATE MISSED", flush=True)
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
