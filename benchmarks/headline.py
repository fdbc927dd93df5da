"""The headline: simulated seconds per second of wall time of the rack room, at the time step that resolves it.

The time step comes from benchmarks/results/headline_<cell>.json, which `benchmarks.headline_search` writes: the largest
one whose mean rack inlets over the first 10 s are within 0.05 K of a much finer run, as far as they can be predicted.
Here the same 10 s are marched and only timed.
"""

from __future__ import annotations

from dataclasses import asdict
from time import perf_counter
from typing import Any

from benchmarks.headline_search import LIMIT, UNTIL, result_file, scheme_of
from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from benchmarks.report import load, table
from benchmarks.session import Session, thread_counts, threads, threads_text
from thermo.flow import Scheme, Solver
from thermo.mesh import Mesh

TITLE = "Headline: simulated seconds per second"
CELLS, QUICK_CELLS = (0.1, 0.05), (0.1,)  # m
BLOCK = 0.5  # s of simulated time
WARM_UP_STEPS = 3


def measure(session: Session) -> dict:
    """Rows by grid and number of threads. A run whose time is over stops early and says how far it came."""
    rows, missing, searches = [], [], []
    for cell in QUICK_CELLS if session.quick else CELLS:
        document = load(result_file(cell))
        if not document.get("found"):
            missing.append(cell)
            session.say(f"{cell:g} m: no time step is known; python -m benchmarks.headline_search --cell {cell:g}")
            continue
        mesh = rack_room(cell)
        searches.append({"cell_m": cell, "candidates": document["candidates"],
                         "same_scheme": document["settings"]["scheme"] == asdict(Scheme())})  # fmt: skip
        counts = thread_counts(session.backend)[::-1]  # all threads first: the headline itself
        for number, count in enumerate(counts):
            share = session.remaining() / (len(counts) - number)
            with threads(session.backend, count):
                row = _timed(session, mesh, document["found"]["time_step"], share)
            rows.append({"cell_m": cell, "fluid_cells": document["settings"]["fluid_cells"], "threads": count, **row})
            session.say(
                f"{cell:g} m, threads {threads_text(count)}: {row['simulated_s'] / row['wall_s']:.3f} s/s, "
                f"best {BLOCK:g} s at {row['best']:.3f}, dt {1e3 * row['time_step']:g} ms, {row['iterations']:.1f} its"
            )
    return {"rows": rows, "searches": searches, "missing": missing}


def _timed(session: Session, mesh: Mesh, time_step: float, seconds: float) -> dict[str, Any]:
    """March the first 10 s, for at most `seconds`; the clock stands while readings are taken between the blocks."""
    solver = Solver(mesh, rack_room_setup(scheme_of(time_step)), session.backend)
    solver.initialise(temperature=SUPPLY)
    for _ in range(WARM_UP_STEPS):  # kernels compile and threads start
        solver.advance()
    solver.initialise(temperature=SUPPLY)
    begin, walls, readings = perf_counter(), [], []
    while len(walls) < round(UNTIL / BLOCK) and (not walls or perf_counter() - begin < seconds):
        stop = (len(walls) + 1) * BLOCK
        session.backend.synchronize()
        start = perf_counter()
        while solver.time < stop:
            solver.advance(stop)
        session.backend.synchronize()
        walls.append(perf_counter() - start)
        readings.append(solver.readings())
    return {
        "time_step": time_step, "simulated_s": len(walls) * BLOCK, "wall_s": sum(walls), "best": BLOCK / min(walls),
        "steps": solver.step, "courant": max(r["courant"] for r in readings),
        "iterations": sum(r["iterations"] for r in readings) / len(readings),
        "divergence": max(r["residual"] for r in readings), "residual_l2": max(r["residual_l2"] for r in readings),
    }  # fmt: skip


def tables(found: dict) -> str:
    """Markdown."""
    head = ["cell, m", "fluid cells", "threads", "dt, ms", "Courant", "pressure iterations", "dt max divergence / rho",
            "relative L2", "simulated s", "wall s", "**s/s**", "best block"]  # fmt: skip
    rows = [
        [f"{row['cell_m']:g}", f"{row['fluid_cells']:,}", threads_text(row["threads"]), f"{1e3 * row['time_step']:g}",
         f"{row['courant']:.2f}", f"{row['iterations']:.1f}", f"{row['divergence']:.1e}", f"{row['residual_l2']:.1e}",
         f"{row['simulated_s']:g}", f"{row['wall_s']:.1f}", f"**{row['simulated_s'] / row['wall_s']:.3f}**",
         f"{row['best']:.3f}"]
        for row in found["rows"]
    ]  # fmt: skip
    text = (
        f"The largest time step tried whose mean rack inlets over the first {UNTIL:g} s are within {LIMIT} K of a "
        "reference, a run with a quarter of it and a hundredth of the tolerances; every rack for as long as references "
        "of different time steps agree, the mean of all racks to the end (`benchmarks/headline_search.py`). s/s: "
        "simulated over wall time of all that was marched.\n\n"
    )
    text += table(head, rows)
    for search in found["searches"]:
        text += _search_text(search)
    return text + "".join(f"\nNo time step was searched for at {cell:g} m.\n" for cell in found["missing"])


def _search_text(search: dict) -> str:
    """The candidates of one grid."""
    text = f"\nCandidates at {search['cell_m']:g} m"
    if not search["same_scheme"]:
        text += " (with another scheme than the one timed above: search again)"
    lines = []
    for one in search["candidates"]:
        step = f"{1e3 * one['time_step']:.4g}"
        if one["diverged_at_s"] is not None:
            lines.append([step, *["–"] * 3, f"diverged at {one['diverged_at_s']:.2f} s", *["–"] * 4])
            continue
        lines.append([
            step, f"{one['courant_largest']:.2f}", f"{one['iterations_mean']:.1f}", f"{one['divergence_largest']:.1e}",
            f"{one['predictable_s']:g}", f"{one['rack_difference_k']:.4f}", f"{one['mean_difference_k']:+.4f}",
            f"{one['rack_difference_at_end_k']:.4f}", f"{one['references_differ_at_end_k']:.4f}",
        ])  # fmt: skip
    head = ["dt, ms", "largest Courant", "pressure iterations", "largest dt max divergence / rho", "predictable for, s",
            "largest difference of a rack until then, K", f"difference of the mean of all over {UNTIL:g} s",
            f"of a rack over {UNTIL:g} s", "two references, of a rack"]  # fmt: skip
    return f"{text}:\n\n{table(head, lines)}"


def costs(found: dict) -> dict[str, float]:
    """Wall seconds per simulated second."""
    return {
        f"headline {row['cell_m']:g} m, threads {threads_text(row['threads'])}: wall s per s":
        row["wall_s"] / row["simulated_s"] for row in found["rows"]
    }  # fmt: skip
