"""The engineer's hall: 192 racks in eight rows, marched until the inlets of all racks have settled.

    python -m benchmarks.engineers_hall [--cell 0.0625] [--limit 3600]

24 x 20 x 4 m, four cold aisles supplied through the floor with 90 % of what the racks draw, return through the ceiling
above the hot aisles; an eddy viscosity of 0.02 m2/s, about what a k-epsilon model gives between racks, with which
the flow becomes steady. It is marched on cells of four times and twice the size first; every grid starts from the one
before. A grid has settled when the mean inlet of no rack differs by 0.1 K from that in the window before, and their
mean not by 0.02 K. The result is written to benchmarks/results/<machine>/engineers_hall.json.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import kernels
from benchmarks.machine import machine
from benchmarks.report import save
from thermo.flow import Fluid, Setup, Solver
from thermo.mesh import Exchange, Mesh, MeshBuilder

SIZE = (24.0, 20.0, 4.0)  # m
PITCH = 5.0  # m, of a cold aisle with the rows and half hot aisles at its sides
RACK_WIDTH, RACK_DEPTH, RACK_HEIGHT, RACKS_PER_ROW = 0.75, 1.25, 2.25, 24
ROW_START, HALF_HOT_AISLE, COLD_AISLE = 3.0, 0.5, 1.5  # m
RACK_FLOW, RACK_POWER = 0.75, 10e3  # m3/s, W
SUPPLY, SUPPLY_SHARE = 291.15, 0.9  # K, of the racks' flow
EDDY_VISCOSITY, PRANDTL = 2e-2, 0.9  # m2/s
TURNOVERS = 2  # of the air in the hall in a window
RACK_CHANGE, MEAN_CHANGE = 0.1, 0.02  # K


def engineers_hall(cell: float) -> Mesh:
    """The hall with cells of `cell` metres, which have to divide 0.25 m."""
    builder = MeshBuilder(*(np.linspace(0.0, length, round(length / cell) + 1) for length in SIZE))
    row_end = ROW_START + RACKS_PER_ROW * RACK_WIDTH
    flow = 2 * RACKS_PER_ROW * RACK_FLOW * SUPPLY_SHARE
    for aisle in range(round(SIZE[1] / PITCH)):
        south = aisle * PITCH + HALF_HOT_AISLE
        cold = south + RACK_DEPTH
        north = cold + COLD_AISLE
        end = north + RACK_DEPTH
        name = f"supplies.aisle_{aisle + 1}"
        rect = ((ROW_START, cold), (row_end, north))
        builder.supply(name, builder.side_port(name, "floor", rect), flow, SUPPLY)
        for side, low, high in (("south", aisle * PITCH, south), ("north", end, end + HALF_HOT_AISLE)):
            rect = ((ROW_START, low), (row_end, high))
            builder.opening(f"openings.return_{aisle + 1}_{side}", "ceiling", rect, temperature=SUPPLY)
        for row, (low, intake, exhaust, towards) in enumerate(((south, cold, south, 1), (north, north, end, -1))):
            for number in range(RACKS_PER_ROW):
                x = ROW_START + number * RACK_WIDTH
                _rack(builder, f"racks.{'ABCDEFGH'[2 * aisle + row]}{number + 1:02d}", x, low, intake, exhaust, towards)
    return builder.build()


def _rack(builder: MeshBuilder, name: str, x: float, y: float, intake: float, exhaust: float, towards: int) -> None:
    """A rack with its corner at (x, y); towards: side of the intake on which its air lies, +1 or -1 along y."""
    builder.solid(name, ((x, y, 0.0), (x + RACK_WIDTH, y + RACK_DEPTH, RACK_HEIGHT)))
    rect = ((x, 0.0), (x + RACK_WIDTH, RACK_HEIGHT))
    ports = (
        builder.port(f"{name}.intake", 1, intake, rect, towards),
        builder.port(f"{name}.discharge", 1, exhaust, rect, -towards),
    )
    builder.exchange(Exchange(name, "rack", *ports, RACK_FLOW, "volume", heat=RACK_POWER))


def hall_setup() -> Setup:
    """Air with a constant eddy viscosity."""
    density, capacity = 1.2, 1006.0
    return Setup(Fluid(
        viscosity=density * EDDY_VISCOSITY, conductivity=density * capacity * EDDY_VISCOSITY / PRANDTL,
        still_temperature=SUPPLY,
    ))  # fmt: skip


def start_from(solver: Solver, coarse: Solver) -> None:
    """Initialise with the fields of a solver on a coarser grid of the same hall: each cell takes that of its place."""
    faces = [axis.faces for axis in coarse.mesh.axes]

    def taken(values: np.ndarray):
        def at(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
            places = (
                np.clip(np.searchsorted(line, points.ravel(), side="right") - 1, 0, len(line) - 2)
                for line, points in zip(faces, (x, y, z), strict=True)
            )
            i, j, k = places
            return values[np.ix_(k, j, i)]

        return at

    velocity = coarse.field("velocity")
    solver.initialise(
        temperature=taken(coarse.field("temperature") + 273.15),
        velocity=tuple(taken(np.ascontiguousarray(velocity[..., axis])) for axis in range(3)),
        pressure=taken(coarse.field("pressure")),
    )


def march_until_settled(solver: Solver, deadline: float, say) -> dict[str, Any]:
    """March in windows until the mean inlets stay, or `perf_counter` passes the deadline."""
    volume = float(solver.mesh.volumes()[solver.mesh.solid == 0].sum())
    racks = sum(exchange.kind == "rack" for exchange in solver.mesh.exchanges)
    window = TURNOVERS * volume / (racks * RACK_FLOW)
    began, last, windows, settled = perf_counter(), None, [], False
    while not settled and perf_counter() < deadline:
        solver.start_average()
        end = solver.time + window
        while solver.time < end and perf_counter() < deadline:
            solver.advance(end)
        if solver.time < end:
            say(f"{solver.mesh.cells:,} cells: stopped at t = {solver.time:.1f} s")
            break
        inlets = np.array([d["inlet_mean_c"] for d in solver.report()["devices"] if d["kind"] == "rack"])
        row = {"until_s": solver.time, "step": solver.step, "mean_inlet_c": float(inlets.mean()),
               "hottest_inlet_c": float(inlets.max()), "wall_s": perf_counter() - began}  # fmt: skip
        change = ""
        if last is not None:
            changes = inlets - last
            row |= {"largest_change_k": float(np.abs(changes).max()), "mean_change_k": float(changes.mean())}
            settled = row["largest_change_k"] < RACK_CHANGE and abs(row["mean_change_k"]) < MEAN_CHANGE
            change = f", largest change {row['largest_change_k']:.3f} K"
        windows.append(row)
        say(
            f"{solver.mesh.cells:,} cells, t = {solver.time:.1f} s, step {solver.step}, wall {row['wall_s']:.0f} s: "
            f"mean inlet {inlets.mean():.2f}, hottest {inlets.max():.2f} degC{change}"
        )
        last = inlets
    return {
        "cells": solver.mesh.cells, "settled": settled, "windows": windows, "simulated_s": solver.time,
        "steps": solver.step, "wall_s": perf_counter() - began,
    }  # fmt: skip


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", type=float, default=0.0625, help="m; four of them have to divide 0.25")
    parser.add_argument("--limit", type=float, default=3600.0, help="wall time, s")
    parser.add_argument("--backend", default="auto")
    arguments = parser.parse_args()
    backend = kernels.open_backend(arguments.backend)
    about = machine(backend)
    file = Path("benchmarks", "results", about["label"], "engineers_hall.json")
    began = perf_counter()
    grids, coarse = [], None
    for cell in (4 * arguments.cell, 2 * arguments.cell, arguments.cell):
        solver = Solver(engineers_hall(cell), hall_setup(), backend)
        if coarse is None:
            solver.initialise(temperature=SUPPLY)
        else:
            start_from(solver, coarse)
        grids.append(march_until_settled(solver, began + arguments.limit, print))
        coarse = solver
        document = {"machine": about, "backend": backend.name, "cell_m": arguments.cell, "grids": grids,
                    "wall_s": perf_counter() - began}  # fmt: skip
        save(file, document)
    print(f"{file}: {document['wall_s']:.0f} s, {'settled' if grids[-1]['settled'] else 'not settled'}")
    return 0 if grids[-1]["settled"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
