"""As many cells as asked for, for a few steps: memory, indices beyond 32 bits, speed.

    python -m benchmarks.giant --backend cuda --cells 1e9 --steps 10

A closed box of cubes whose air starts with one warm half. Where the estimate says that the cells do not fit, as many
as do are taken, and said. Setting 10^9 cells up takes minutes on the host: with --after that is done beside other work,
and the steps wait for a file.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import psutil

import kernels
from benchmarks.rack_room import SUPPLY, rack_room_setup
from thermo.flow import Solver
from thermo.mesh import ADIABATIC, Axis, Mesh, Region

LENGTH = 10.0  # m
WARMER = 10.0  # K
MODEL = "boussinesq"  # the smallest form
HOST_BYTES_PER_CELL = 45  # of the mesh, and of float64 volumes and labels while the pressure solver is set up
MOST_DRIFT = 1e-5  # of the heat of the warm half
SHARE = 0.92  # of the memory


def box(n: int) -> Mesh:
    """A closed box of n x n x n cells.

    Made without MeshBuilder, whose search for connected regions takes several minutes for 10^9 cells.
    """
    axis = Axis(np.linspace(0.0, LENGTH, n + 1))
    closed = []
    for dimension in (2, 1, 0):
        shape = [n, n, n]
        shape[dimension] += 1
        faces = np.zeros(shape, bool)
        ends = np.moveaxis(faces, dimension, 0)
        ends[0] = ends[-1] = True
        closed.append(faces)
    cells = (n, n, n)
    return Mesh(
        axis, axis, axis, solid=np.zeros(cells, np.uint8), material=np.full(cells, -1, np.int16),
        materials=(ADIABATIC,), region=np.zeros(cells, np.int16), regions=(Region(0, (), LENGTH**3, True),),
        closed=tuple(closed), slip=tuple(np.zeros_like(faces) for faces in closed),
    )  # fmt: skip


def most_cells(backend: kernels.Backend) -> int:
    """Cells that the memory of host and device allow."""
    per_cell = rack_room_setup(model=MODEL).bytes_per_cell((1000, 1000, 1000), backend.precision)
    host = psutil.virtual_memory().available
    if backend.name == "cuda":
        device = backend.details()["memory_bytes"]
        return int(SHARE * min(device / per_cell, host / HOST_BYTES_PER_CELL))
    return int(SHARE * host / (per_cell + HOST_BYTES_PER_CELL))


def wait_for(file: Path | None) -> None:
    """Return once `file` exists; at once without one."""
    while file is not None and not file.exists():
        sleep(0.5)


def main() -> int:
    """Command line; returns 1 when the air does not move or the closed box gains or loses heat."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--precision", default="single")
    parser.add_argument("--cells", type=float, default=1e9)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--after", metavar="FILE", type=Path, help="set everything up, then wait for this file")
    arguments = parser.parse_args()
    backend = kernels.open_backend(arguments.backend, arguments.precision)
    fits = most_cells(backend)
    n = int(min(arguments.cells, fits) ** (1.0 / 3.0) + 1e-9)
    if fits < arguments.cells:
        print(f"{arguments.cells:.3g} cells do not fit: {n}^3 do", flush=True)
    begin = perf_counter()
    solver = Solver(box(n), rack_room_setup(model=MODEL), backend)
    # the pressure is left to the first projection: its hydrostatic sum takes a minute on the host
    solver.initialise(temperature=lambda x, _y, _z: np.where(x < 0.5 * LENGTH, SUPPLY + WARMER, SUPPLY), pressure=0.0)
    backend.synchronize()
    before = _mean_temperature(solver)
    print(f"{solver.mesh.cells:,} cells set up in {perf_counter() - begin:.1f} s", flush=True)
    wait_for(arguments.after)
    solver.advance()  # compiles
    backend.synchronize()
    begin = perf_counter()
    for _ in range(arguments.steps):
        solver.advance()
    backend.synchronize()
    seconds = (perf_counter() - begin) / arguments.steps
    readings = solver.readings()
    drift = (_mean_temperature(solver) - before) / WARMER
    print(
        f"{arguments.steps} steps, {1e3 * seconds:.1f} ms each: {solver.mesh.cells / seconds / 1e6:.1f} "
        f"Mcell-steps/s, {readings['iterations']} pressure iterations, Courant {readings['courant']:.3f}; the heat "
        f"changed by {drift:.1e}"
    )
    return 0 if readings["courant"] > 0.0 and abs(drift) < MOST_DRIFT else 1


def _mean_temperature(solver: Solver) -> float:
    """Mean over the cells, degC."""
    return float(solver.field("temperature").mean(dtype=np.float64))


if __name__ == "__main__":
    raise SystemExit(main())
