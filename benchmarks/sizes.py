"""The whole step of the rack room over sizes: how much a cell costs, and whether that depends on their number."""

from __future__ import annotations

from math import prod
from time import perf_counter

import psutil

from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from benchmarks.report import table
from benchmarks.session import Session, thread_counts, threads, threads_text
from thermo.flow import Solver
from thermo.mesh import Mesh

TITLE = "Whole step over sizes"
CELLS = (0.1, 0.2 / 3, 0.05, 0.04, 0.025, 0.02)  # m
CUDA_CELLS = (0.1, 0.05, 0.025, 0.02, 0.0125, 0.01)
QUICK_CELLS = (0.1, 0.05)
START = 10  # steps that take as long as making mesh, solver and initial state
WARM_UP = 10  # steps
BLOCK_STEPS = 5
BLOCKS_LEAST, BLOCKS_MOST = 3, 100
BLOCKS_SECONDS, QUICK_BLOCKS_SECONDS = 6.0, 2.0  # for one size and number of threads, if the least is reached
HOST_BYTES_PER_CELL = 150  # of a mesh while it is built
SHARE_OF_MEMORY = 0.8
FLAT_FROM, FLAT_TO = 0.06e6, 20e6  # fluid cells between which the cost should not change


def measure(session: Session) -> dict:
    """Rows by size and number of threads; sizes beyond the memory or the time of the part are left out, and named."""
    backend, rows, left_out = session.backend, [], []
    slowest = 0.0  # seconds per cell-step seen so far
    for cell in QUICK_CELLS if session.quick else CUDA_CELLS if backend.name == "cuda" else CELLS:
        expected = _cells(cell)
        reason = _does_not_fit(session, cell)
        steps = START + WARM_UP + len(thread_counts(backend)) * BLOCKS_LEAST * BLOCK_STEPS
        if not reason and rows and expected * slowest * steps > session.remaining():
            reason = "time"
        if reason:
            left_out.append({"cell_m": cell, "cells": expected, "reason": reason})
            session.say(f"{expected:,} cells left out: {reason}")
            continue
        mesh = rack_room(cell)
        for row in _measure_size(session, mesh, cell):
            rows.append(row)
            slowest = max(slowest, row["median_s"] / mesh.cells)
    return {"rows": rows, "left_out": left_out}


def _shape(cell: float) -> tuple[int, int, int]:
    return round(3.0 / cell), round(4.8 / cell), round(6.0 / cell)


def _cells(cell: float) -> int:
    return prod(_shape(cell))


def _does_not_fit(session: Session, cell: float) -> str:
    """Why a room of cells of this size (m) cannot be computed here; "" where it can."""
    backend, cells = session.backend, _cells(cell)
    per_cell = rack_room_setup().bytes_per_cell(_shape(cell), backend.precision)
    host = HOST_BYTES_PER_CELL
    if backend.name == "cuda":
        if per_cell * cells > SHARE_OF_MEMORY * backend.details()["memory_bytes"]:
            return "memory of the device"
    else:
        host += per_cell
    return "memory" if host * cells > SHARE_OF_MEMORY * psutil.virtual_memory().available else ""


def _measure_size(session: Session, mesh: Mesh, cell: float) -> list[dict]:
    backend, seconds = session.backend, QUICK_BLOCKS_SECONDS if session.quick else BLOCKS_SECONDS
    solver = Solver(mesh, rack_room_setup(), backend)
    solver.initialise(temperature=SUPPLY)
    solver.advance()  # compiles
    begin = perf_counter()
    while solver.step < WARM_UP and perf_counter() - begin < seconds:
        solver.advance()
    rows = []
    fluid = int((mesh.solid == 0).sum())
    for count in thread_counts(backend):
        with threads(backend, count):
            times, iterations = time_blocks(solver, seconds)
        best, median = min(times), sorted(times)[len(times) // 2]
        row = {"cell_m": cell, "cells": mesh.cells, "fluid_cells": fluid, "threads": count, "best_s": best,
               "median_s": median, "blocks": len(times), "iterations": iterations, "dt_s": solver.dt,
               "courant": solver.readings()["courant"]}  # fmt: skip
        rows.append(row)
        session.say(
            f"{fluid:,} fluid cells, threads {threads_text(count)}: {1e3 * best:.2f} ms per step, "
            f"{fluid / best / 1e6:.2f} million fluid cell-steps/s, {iterations:.1f} pressure iterations"
        )
    return rows


def time_blocks(solver: Solver, seconds: float) -> tuple[list[float], float]:
    """Seconds per step in blocks of steps, for about `seconds`; and the mean of the pressure iterations."""
    times, iterations, begin = [], [], perf_counter()
    while len(times) < BLOCKS_LEAST or (len(times) < BLOCKS_MOST and perf_counter() - begin < seconds):
        solver.backend.synchronize()
        start = perf_counter()
        for _ in range(BLOCK_STEPS):
            solver.advance()
        solver.backend.synchronize()
        times.append((perf_counter() - start) / BLOCK_STEPS)
        iterations.append(solver.readings()["iterations"])
    return times, sum(iterations) / len(iterations)


def flatness(rows: list[dict]) -> dict[int | None, float]:
    """Largest over smallest cost of a cell-step among all sizes, by number of threads."""
    found = {}
    for count in dict.fromkeys(row["threads"] for row in rows):
        costs_of = [
            row["best_s"] / row["fluid_cells"]
            for row in rows
            if row["threads"] == count and FLAT_FROM <= row["fluid_cells"] <= FLAT_TO
        ]
        if len(costs_of) > 1:
            found[count] = max(costs_of) / min(costs_of)
    return found


def tables(found: dict) -> str:
    """Markdown."""
    head = ["fluid cells", "threads", "dt, ms", "Courant", "pressure iterations", "ms per step: best", "median",
            "ns per fluid cell", "million fluid cell-steps/s"]  # fmt: skip
    rows = [
        [f"{row['fluid_cells']:,}", threads_text(row["threads"]), f"{1e3 * row['dt_s']:.3f}", f"{row['courant']:.2f}",
         f"{row['iterations']:.1f}", f"{1e3 * row['best_s']:.2f}", f"{1e3 * row['median_s']:.2f}",
         f"{1e9 * row['best_s'] / row['fluid_cells']:.1f}", f"{row['fluid_cells'] / row['best_s'] / 1e6:.2f}"]
        for row in found["rows"]
    ]  # fmt: skip
    text = "Rack room, default scheme, first steps from a potential flow; speeds from the best block.\n\n"
    text += table(head, rows)
    for count, ratio in flatness(found["rows"]).items():
        text += f"\nThreads {threads_text(count)}: the dearest cell-step costs {ratio:.2f} times the cheapest.\n"
    for left in found["left_out"]:
        text += f"\n{left['cells']:,} cells left out: {left['reason']}.\n"
    return text


def costs(found: dict) -> dict[str, float]:
    """Nanoseconds per fluid cell and step."""
    return {
        f"step, {row['fluid_cells']:,} fluid cells, threads {threads_text(row['threads'])}: ns per cell":
        1e9 * row["best_s"] / row["fluid_cells"] for row in found["rows"]
    }  # fmt: skip
