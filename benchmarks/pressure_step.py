"""Cost of the pressure solve of a step of the rack room, on the right-hand sides of a running flow.

    python -m benchmarks.pressure_step [--backend native] [--cells 0.1 0.05] [--steps 100]

The flow is marched on, and the right-hand sides of its last steps are kept. Each is then solved again and again to the
tolerance of a step, and the fastest solve counts. The kernels of a solve stand in `thermo bench kernels`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from time import perf_counter

import kernels
from benchmarks.rack_room import rack_room, rack_room_setup
from kernels import Backend
from thermo.flow import Solver

KEPT = 8  # right-hand sides
REPEATS = 40


def measure(backend: Backend, cell: float, steps: int) -> str:
    """One line about a cell size."""
    setup = rack_room_setup()
    solver = Solver(rack_room(cell), setup, backend)
    solver.initialise(temperature=setup.fluid.still_temperature)
    for _ in range(steps):
        solver.advance()
    pressure, right_hand_side = solver.pressure, solver.pressure.right_hand_side[0]
    kept, solve = [], pressure.solve

    def keep_and_solve(*tolerance, **options):
        kept.append((backend.to_host(right_hand_side).copy(), tolerance[:3]))
        return solve(*tolerance, **options)

    pressure.solve = keep_and_solve
    for _ in range(KEPT):
        solver.advance()
    # From here on the march is over: solves overwrite what the next step would need.
    results, costs = [], []
    for values, tolerance in kept:
        backend.upload(right_hand_side, values)
        results.append(solve(*tolerance))
        costs.append(_best(backend, lambda tolerance=tolerance: solve(*tolerance)))
    two, six = (_best(backend, lambda n=n: solve(*kept[-1][1], iterations=n)) for n in (2, 6))
    share = 1e9 / solver.mesh.cells
    iterations = [result.iterations for result in results]
    residuals = [result.residual_l2 for result in results]
    nz, ny, nx = solver.mesh.shape
    return (
        f"{nx} x {ny} x {nz}: {min(iterations)} to {max(iterations)} iterations, residual {min(residuals):.1e} to "
        f"{max(residuals):.1e}; ns per cell: solve {share * min(costs):.1f}, an iteration {share * (six - two) / 4:.2f}"
    )


def _best(backend: Backend, work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        backend.synchronize()
        begin = perf_counter()
        work()
        backend.synchronize()
        times.append(perf_counter() - begin)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--cells", type=float, nargs="+", default=[0.1, 0.05], help="cell sizes, m")
    parser.add_argument("--steps", type=int, default=100, help="steps marched before")
    arguments = parser.parse_args()
    backend = kernels.open_backend(arguments.backend)
    for cell in arguments.cells:
        print(measure(backend, cell, arguments.steps), flush=True)


if __name__ == "__main__":
    main()
