"""Speed of the whole step on the rack room, beside the copy bandwidth of the same run.

    python -m benchmarks.speed [--backend native] [--cells 0.1 0.05] [--steps 50] [--json FILE]

Prints one line per size: cells, time step, pressure iterations, time per step, Mcell-steps/s, bytes per cell.
"""

import argparse
import json
from pathlib import Path
from time import perf_counter

import kernels
from benchmarks.rack_room import rack_room, rack_room_setup
from thermo.flow import Solver

WARM_UP = 10  # steps


def measure(backend: kernels.Backend, cell: float, steps: int) -> dict:
    """Time `steps` steps after a warm-up; the best of three blocks, since the machine may be shared."""
    mesh, setup = rack_room(cell), rack_room_setup()
    solver = Solver(mesh, setup, backend)
    solver.initialise(temperature=setup.fluid.still_temperature)
    for _ in range(WARM_UP):
        solver.advance()
    best, iterations = float("inf"), 0
    for _ in range(3):
        backend.synchronize()
        start = perf_counter()
        for _ in range(steps):
            solver.advance()
            iterations += solver.pace.result.iterations if solver.pace.result else 0
        backend.synchronize()
        best = min(best, (perf_counter() - start) / steps)
    return {
        "cell_m": cell,
        "cells": mesh.cells,
        "dt_s": solver.dt,
        "iterations": iterations / (3 * steps),
        "ms_per_step": 1e3 * best,
        "mcell_steps_per_s": mesh.cells / best / 1e6,
        "simulated_s_per_s": solver.dt / best,
        "bytes_per_cell": setup.bytes_per_cell(backend.precision),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--precision", default="single")
    parser.add_argument("--cells", type=float, nargs="+", default=[0.1, 0.05], help="cell sizes, m")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    backend = kernels.open_backend(arguments.backend, arguments.precision)
    bandwidth = backend.copy_bandwidth() / 1e9
    print(f"{backend.name}: {backend.reason}; copy {bandwidth:.1f} GB/s")
    print("    cells       dt  its  ms/step  Mcell-steps/s  s/s")
    rows = []
    for cell in arguments.cells:
        row = measure(backend, cell, arguments.steps)
        rows.append(row)
        print(
            f"{row['cells']:9,d} {row['dt_s']:8.5f} {row['iterations']:4.1f} {row['ms_per_step']:8.2f} "
            f"{row['mcell_steps_per_s']:14.2f} {row['simulated_s_per_s']:4.2f}"
        )
    if arguments.json:
        found = {"backend": backend.name, "reason": backend.reason, "copy_gb_s": bandwidth, "rows": rows}
        Path(arguments.json).write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
