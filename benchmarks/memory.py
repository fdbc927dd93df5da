"""Memory of the solver per cell: what the backend allocates, against the estimate that `thermo check` prints."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from benchmarks.report import table
from benchmarks.session import Session
from kernels import Backend
from thermo.flow import Solver

TITLE = "Memory"
CELL, QUICK_CELL = 0.05, 0.1  # m
STEPS = 2


def measure(session: Session) -> dict:
    """Bytes per cell of both forms of the equations, with and without time averages."""
    rows = []
    mesh = rack_room(QUICK_CELL if session.quick else CELL)
    for model, averages in product(("low_mach", "boussinesq"), (False, True)):
        setup = rack_room_setup(model=model)
        with live_bytes(session.backend) as taken:
            solver = Solver(mesh, setup, session.backend)
            solver.initialise(temperature=SUPPLY)
            if averages:
                solver.start_average()
            for _ in range(STEPS):
                solver.advance()
            measured = taken() / mesh.cells
            del solver
        estimate = setup.bytes_per_cell(mesh.shape, session.backend.precision, averages)
        rows.append({"model": model, "averages": averages, "cells": mesh.cells, "measured": measured,
                     "estimate": estimate})  # fmt: skip
        form = f"{model}, averages" if averages else model
        session.say(f"{form}: {measured:.1f} bytes per cell, estimate {estimate:.1f}")
    return {"rows": rows}


@contextmanager
def live_bytes(backend: Backend) -> Iterator[Callable[[], int]]:
    """A function that tells how many bytes of the arrays allocated inside the block are still held."""
    gc.collect()
    if backend.name == "cuda":
        import cupy

        pool = cupy.get_default_memory_pool()
        before = pool.used_bytes()
        yield lambda: pool.used_bytes() - before
        return
    held: dict[int, int] = {}
    allocate = backend.zeros

    def counted(shape: int | tuple[int, ...], dtype: Any = None) -> Any:
        array = allocate(shape, dtype)
        owner = array if array.base is None else array.base  # views of it, not the array itself, may live on
        held[id(owner)] = array.nbytes
        weakref.finalize(owner, held.pop, id(owner), None)
        return array

    backend.zeros = counted
    try:
        yield lambda: sum(held.values())
    finally:
        del backend.zeros


def tables(found: dict) -> str:
    """Markdown."""
    rows = [
        [row["model"].replace("_", "-"), "yes" if row["averages"] else "no", f"{row['cells']:,}",
         f"{row['measured']:.1f}", f"{row['estimate']:.1f}", f"{row['measured'] / row['estimate'] - 1.0:+.0%}"]
        for row in found["rows"]
    ]  # fmt: skip
    return table(["form", "averages", "cells", "bytes per cell", "estimate of `thermo check`", "difference"], rows)


def costs(found: dict) -> dict[str, float]:
    """Bytes per cell."""
    return {
        f"{row['model']}{', averages' if row['averages'] else ''}: bytes per cell": row["measured"]
        for row in found["rows"]
    }
