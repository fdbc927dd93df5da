"""The pressure solve to three tolerances on the gate rooms, from rest, for a rough and for a local right-hand side."""

from __future__ import annotations

import gc
from math import inf
from time import perf_counter

from benchmarks.pressure_rooms import GATES, Room, heat_source, random_sources
from benchmarks.report import table
from benchmarks.session import Session
from thermo.flow.pressure import PressureSolver
from thermo.mesh.subdomain import Decomposition

TITLE = "Pressure solve on the gate rooms"
TOLERANCES = (1e-2, 1e-4, 1e-6)  # of the L2 norm of the residual, relative to the right-hand side
CELLS, QUICK_CELLS = (1e5, 1e6), (1e5,)
CUDA_CELLS = (1e5, 1e6, 1e7)
SOURCES = {"random": random_sources, "heat source": heat_source}
REPEATS = 3


def measure(session: Session) -> dict:
    """Rows by room, right-hand side and tolerance."""
    rows, left_out = [], []
    sizes = QUICK_CELLS if session.quick else CUDA_CELLS if session.backend.name == "cuda" else CELLS
    for cells in sizes:
        for name, make in GATES.items():
            if session.remaining() < 0.0:
                left_out.append(f"{name}, {cells:.0e} cells")
                session.say(f"{left_out[-1]}: left out, time")
                continue
            begin = perf_counter()
            rows += _solves(session, name, make(cells))
            session.say(f"{name}, {cells:.0e} cells: {perf_counter() - begin:.1f} s")
    return {"rows": rows, "left_out": left_out}


def _solves(session: Session, name: str, room: Room) -> list[dict]:
    backend, rows = session.backend, []
    decomposition = Decomposition.split(room.axes)
    solver = PressureSolver(backend, decomposition, room.flags_of_parts(backend, decomposition), room.regions())
    for source, right_hand_side in SOURCES.items():
        values = decomposition.parts[0].pad(right_hand_side(room))
        for tolerance in TOLERANCES:
            times = []
            for _ in range(REPEATS):
                backend.upload(solver.right_hand_side[0], values)
                backend.synchronize()
                begin = perf_counter()
                result = solver.solve(1.0, inf, tolerance)
                backend.synchronize()
                times.append(perf_counter() - begin)
            rows.append({
                "room": name, "cells": room.fluid.size, "source": source, "tolerance": tolerance,
                "iterations": result.iterations, "residual": result.residual_l2, "converged": result.converged,
                "best_s": min(times),
            })  # fmt: skip
    del solver
    gc.collect()  # programs and solver refer to each other
    return rows


def tables(found: dict) -> str:
    """Markdown: a line per room and right-hand side."""
    head = ["room", "cells", "right-hand side", *(f"to {t:.0e}: iterations, ms, ns per cell" for t in TOLERANCES)]
    lines: dict[tuple, list[str]] = {}
    for row in found["rows"]:
        key = row["room"], f"{row['cells']:,}", row["source"]
        reached = "" if row["converged"] else f" (reached {row['residual']:.1e})"
        lines.setdefault(key, []).append(
            f"{row['iterations']}{reached}, {1e3 * row['best_s']:.2f}, {1e9 * row['best_s'] / row['cells']:.1f}"
        )
    text = "From zero, the true residual checked; best of three.\n\n"
    text += table(head, [[*key, *cells] for key, cells in lines.items()])
    return text + "".join(f"\nLeft out for want of time: {name}.\n" for name in found["left_out"])


def costs(found: dict) -> dict[str, float]:
    """Nanoseconds per cell of a solve."""
    return {
        f"{row['room']}, {row['cells']:,} cells, {row['source']}, to {row['tolerance']:.0e}: ns per cell":
        1e9 * row["best_s"] / row["cells"] for row in found["rows"]
    }  # fmt: skip
