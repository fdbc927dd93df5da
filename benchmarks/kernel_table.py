"""Time and bytes of every kernel of one step of the rack room, beside the copy bandwidth of the same run.

Each kernel is timed alone on the data of a running flow, repeated. Small grids then stay in the caches and may show
more than the copy bandwidth of the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import perf_counter

from benchmarks.rack_room import SUPPLY, rack_room, rack_room_setup
from benchmarks.recording import Recorded, recorded_programs
from benchmarks.report import table
from benchmarks.session import Session, thread_counts, threads, threads_text
from benchmarks.timing import launch_seconds
from benchmarks.traffic import bytes_moved, entries, grid
from kernels import Extent, Node
from kernels.table import TOPIC
from thermo.flow import Solver

TITLE = "Kernels of one step"
CELL, CUDA_CELL, QUICK_CELL = 0.05, 0.0125, 0.1  # m; on CUDA beyond the caches
WARM_UP = 20  # steps
COUNTED = 4  # steps over which launches are counted: even, as two levels of fields take turns
ONCE = ("single", "block")  # iteration spaces of kernels whose body runs once
STEP_BLOCKS = 20
STEP_SECONDS = 3.0  # for the blocks of whole steps


@dataclass
class Row:
    """One kernel in one place, per step: launches, cells (or entries of lists) launched, bytes, seconds.

    where: "finest" grid (transfer from and to it included), "coarser" grids together, "list", "single", "block".
    """

    kernel: str
    where: str
    launches: float = 0.0
    elements: float = 0.0
    bytes: float = 0.0
    seconds: float = 0.0


def measure(session: Session) -> dict:
    """A table per number of threads."""
    backend = session.backend
    cell = QUICK_CELL if session.quick else CUDA_CELL if backend.name == "cuda" else CELL
    mesh = rack_room(cell)
    with recorded_programs(backend) as programs:
        solver = Solver(mesh, rack_room_setup(), backend)
        solver.initialise(temperature=SUPPLY)
        begin = perf_counter()
        for _ in range(WARM_UP):
            solver.advance()
            if perf_counter() - begin > 0.2 * session.remaining():
                break
    finest = solver.parts[0].extent
    results = []
    for count in thread_counts(backend):
        with threads(backend, count):
            bandwidth = backend.copy_bandwidth()
            step = _step_seconds(solver)
            rows = _rows(session, _launches(solver, programs), finest)
            # again, as other work on the machine may have disturbed the first
            bandwidth, step = max(bandwidth, backend.copy_bandwidth()), min(step, _step_seconds(solver))
        accounted = sum(row.seconds for row in rows)
        session.say(
            f"{mesh.cells:,} cells, threads {threads_text(count)}: step {1e3 * step:.2f} ms, "
            f"kernels alone {1e3 * accounted:.2f} ms"
        )
        results.append({
            "threads": count, "step_s": step, "copy_bytes_per_s": bandwidth, "iterations": _iterations(solver),
            "rows": [asdict(row) for row in rows],
        })  # fmt: skip
    fluid = int((mesh.solid == 0).sum())
    return {"cell_m": cell, "cells": mesh.cells, "fluid_cells": fluid, "tables": results}


def _iterations(solver: Solver) -> int:
    return int(solver.readings()["iterations"])


def _step_seconds(solver: Solver) -> float:
    """Seconds of a step, the best of some blocks of an even number of steps."""
    best, start = float("inf"), perf_counter()
    for _ in range(STEP_BLOCKS):
        if perf_counter() - start > STEP_SECONDS and best < float("inf"):
            break
        solver.backend.synchronize()
        begin = perf_counter()
        for _ in range(COUNTED):
            solver.advance()
        solver.backend.synchronize()
        best = min(best, (perf_counter() - begin) / COUNTED)
    return best


def _launches(solver: Solver, programs: Sequence[Recorded]) -> list[tuple[Node, float]]:
    """Every node that a step launches, and how often, on average over some steps."""
    before = [program.runs for program in programs]
    for _ in range(COUNTED):
        solver.advance()
    solver.backend.synchronize()
    return [
        (node, (program.runs - runs) / COUNTED)
        for program, runs in zip(programs, before, strict=True)
        for node in program.nodes
        if program.runs > runs
    ]


def _rows(session: Session, launches: Sequence[tuple[Node, float]], finest: Extent) -> list[Row]:
    """One row per kernel and place, by falling time. Nodes that differ in their arrays only are timed once."""
    known: dict[tuple, float] = {}
    rows: dict[tuple[str, str], Row] = {}
    for node, times in launches:
        key = _kind(node)
        if key not in known:
            known[key] = launch_seconds(session.backend, node)
        row = rows.setdefault((node.kernel.name, _where(node, finest)), Row(node.kernel.name, _where(node, finest)))
        row.launches += times
        row.elements += times * _size(node)
        row.bytes += times * bytes_moved(node)
        row.seconds += times * known[key]
    return sorted(rows.values(), key=lambda row: -row.seconds)


def _kind(node: Node) -> tuple:
    sizes = tuple(
        node.arguments[a.name].size if a.is_array else node.arguments[a.name]
        for a in node.kernel.arguments
        if a.kind in ("array", "extent") or a.name == "count"
    )
    return node.kernel.name, node.extent, tuple(sorted(node.switches.items())), sizes


def _size(node: Node) -> int:
    """Cells or entries of one launch."""
    count = entries(node)
    if count is not None:
        return count
    return 1 if node.kernel.space in ONCE else grid(node).cells


def _where(node: Node, finest: Extent) -> str:
    if entries(node) is not None:
        return "list"
    if node.kernel.space in ONCE:
        return node.kernel.space
    return "finest" if grid(node) == finest else "coarser"


def tables(found: dict) -> str:
    """Markdown."""
    text = (
        f"Rack room at {1e2 * found['cell_m']:g} cm, {found['cells']:,} cells, {found['fluid_cells']:,} of them fluid. "
        "Bytes are counted from the signature table, each field once; per cell of the grid (racks included), entry of "
        "a list, or launch of a kernel that runs once. What fits into the caches may be faster than the copy.\n"
    )
    for one in found["tables"]:
        copy, step = one["copy_bytes_per_s"], one["step_s"]
        total = sum(row["seconds"] for row in one["rows"])
        moved = sum(row["bytes"] for row in one["rows"])
        text += (
            f"\nThreads: {threads_text(one['threads'])}. Copy {copy / 1e9:.1f} GB/s. Step {1e3 * step:.3f} ms with "
            f"{one['iterations']} pressure iterations, {1e9 * step / found['fluid_cells']:.1f} ns per fluid cell; the "
            f"kernels alone take {1e3 * total:.3f} ms and move {moved / found['fluid_cells']:.0f} bytes per fluid "
            f"cell, {moved / total / copy:.0%} of the copy bandwidth. {_by_topic(one['rows'], total)}.\n\n"
        )
        head = ["kernel", "where", "launches", "bytes per cell", "ns per cell", "us per launch", "GB/s", "of copy",
                "of step"]  # fmt: skip
        text += table(head, [_cells_of(row, copy, step) for row in one["rows"]])
    return text


def _by_topic(rows: list[dict], total: float) -> str:
    """Shares of the topics of kernels/table in the time of all kernels, by falling share."""
    seconds: dict[str, float] = {}
    for row in rows:
        topic = TOPIC[row["kernel"]]
        seconds[topic] = seconds.get(topic, 0.0) + row["seconds"]
    by_share = sorted(seconds.items(), key=lambda item: -item[1])
    return "Of the time of the kernels: " + ", ".join(f"{topic} {share / total:.0%}" for topic, share in by_share)


def _cells_of(row: dict, copy: float, step: float) -> list[str]:
    elements, seconds = max(row["elements"], 1.0), max(row["seconds"], 1e-12)
    return [
        f"`{row['kernel']}`", row["where"], f"{row['launches']:.4g}", f"{row['bytes'] / elements:.1f}",
        f"{1e9 * seconds / elements:.2f}", f"{1e6 * seconds / row['launches']:.2f}",
        f"{row['bytes'] / seconds / 1e9:.1f}", f"{row['bytes'] / seconds / copy:.0%}", f"{seconds / step:.1%}",
    ]  # fmt: skip


def costs(found: dict) -> dict[str, float]:
    """Microseconds per launch of every kernel, and the whole step."""
    numbers = {}
    for one in found["tables"]:
        place = f"{1e2 * found['cell_m']:g} cm, threads {threads_text(one['threads'])}"
        numbers[f"whole step, {place}: us"] = 1e6 * one["step_s"]
        for row in one["rows"]:
            name = f"{row['kernel']} ({row['where']}), {place}: us per launch"
            numbers[name] = 1e6 * row["seconds"] / row["launches"]
    return numbers
