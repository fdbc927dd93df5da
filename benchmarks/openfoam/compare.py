"""thermo and OpenFOAM on the same room, cells and cores, run one after the other.

`speed`: cost of a cell-step at the same time step. `inlets`: wall time to the same averaged rack inlets, each code at
the time step that suits it, and whether both find the same inlets.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median
from time import perf_counter, process_time

from benchmarks.openfoam.case import Control
from benchmarks.openfoam.run import FoamRun, Installation, find_openfoam, run_foam
from benchmarks.openfoam.statistics import BATCHES, Mean, batch_mean
from benchmarks.rack_room import RACKS, SUPPLY, SYMMETRIC, rack_room, rack_room_setup
from benchmarks.report import table
from benchmarks.session import Session, thread_counts, threads
from thermo.flow import FlowError, Scheme, Solver

TITLE = "OpenFOAM beside it"
SAME_STEP = {0.1: 0.02, 0.05: 0.01}  # s by m: time steps of OpenFOAM that give a Courant number of about one
SPEED_STEPS, OUR_STEPS = 30, 100
SPEED_SECONDS = 90.0  # wall time of one run of either code
INLET_CELL = 0.1  # m
FOAM_STEPS = (0.05, 0.03, 0.02)  # s: Courant numbers of 5 to 2; the largest that does not diverge is taken
OUR_COURANT = 1.5  # the largest that a case may ask for
SETTLED, UNTIL = 30.0, 120.0  # s: inlets are averaged between; the air of the room changes every 7.7 s
SAMPLE = 0.5  # s
INLET_SECONDS, QUICK_INLET_SECONDS = 240.0, 30.0  # wall time of one run of either code


def measure(session: Session) -> dict:
    """Both comparisons; only a note where OpenFOAM is not installed or the backend has no threads to compare with."""
    installation = find_openfoam()
    if installation is None:
        session.say("OpenFOAM is not installed here")
        return {"version": None, "speed": [], "inlets": []}
    speed = []
    for cell in (0.1,) if session.quick else SAME_STEP:
        for cores in thread_counts(session.backend):
            if session.remaining() > 0.0:
                speed.append(_speed(session, installation, cell, cores or 1))
    inlets = []
    if session.remaining() > 0.0:
        limit = min(QUICK_INLET_SECONDS if session.quick else INLET_SECONDS, 0.5 * session.remaining())
        inlets = _inlets(session, installation, (thread_counts(session.backend)[-1] or 1), limit)
    return {"version": installation.version, "speed": speed, "inlets": inlets}


# --------------------------------------------------------------------------------------------- cost of a cell-step


def _speed(session: Session, installation: Installation, cell: float, cores: int) -> dict:
    dt = SAME_STEP[cell]
    control = Control(cell, dt, SPEED_STEPS * dt, SPEED_STEPS * dt, cores)
    foam = run_foam(installation, control, SPEED_SECONDS)
    ours = _our_speed(session, cell, dt, cores)
    ratio = foam.progress.seconds_per_step / ours["s_per_step"]
    session.say(
        f"{cell:g} m, {cores} cores: OpenFOAM {1e3 * foam.progress.seconds_per_step:.1f} ms per step, "
        f"thermo {1e3 * ours['s_per_step']:.2f} ms: {ratio:.1f} times"
    )
    return {"cell_m": cell, "cores": cores, "openfoam": foam.summary(), "thermo": ours, "ratio": ratio}


def _our_speed(session: Session, cell: float, dt: float, cores: int) -> dict:
    """Steps at the same time step; at the scheme's own where that one is beyond its stability."""
    mesh = rack_room(cell)
    fluid_cells = int((mesh.solid == 0).sum())
    for scheme in (replace(Scheme(), time_step=dt), Scheme()):
        solver = Solver(mesh, rack_room_setup(scheme), session.backend)
        with threads(session.backend, cores if session.backend.name == "native" else None):
            try:
                solver.initialise(temperature=SUPPLY)
                solver.advance()  # starts up, as the step left out of OpenFOAM's
                stamps, processor = [perf_counter()], process_time()
                while solver.step <= OUR_STEPS and stamps[-1] - stamps[0] < SPEED_SECONDS:
                    solver.advance()
                    solver.backend.synchronize()
                    stamps.append(perf_counter())
            except FlowError:
                session.say(f"thermo is not stable at dt = {dt:g} s and takes its own time step")
                continue
            steps, typical = solver.step - 1, median(after - before for before, after in pairwise(stamps))
            readings = solver.readings()
            return {
                "dt": solver.dt, "steps": steps, "s_per_step": typical,
                "processor_s_per_step": (process_time() - processor) / steps,
                "mcell_steps_per_s": fluid_cells / typical / 1e6, "iterations": readings["iterations"],
                "courant": readings["courant"],
            }  # fmt: skip
    raise FlowError("the rack room diverges at the default scheme")


# --------------------------------------------------------------------------------------------- averaged rack inlets


def _inlets(session: Session, installation: Installation, cores: int, limit: float) -> list[dict]:
    """A row for thermo and one for OpenFOAM."""
    rows = [_our_inlets(session, limit)]
    for dt in FOAM_STEPS:
        foam = run_foam(installation, Control(INLET_CELL, dt, UNTIL, SAMPLE, cores), limit)
        if not foam.failed:
            rows.append(_foam_row(foam))
            break
        session.say(f"OpenFOAM fails at dt {dt:g} s after {foam.progress.times[-1]:g} s")
    for row in rows:
        session.say(
            f"{row['code']}, dt {row['dt']:.3g} s: {row['simulated_s']:.1f} s in {row['wall_s']:.0f} s; "
            + ", ".join(f"{name} {one['value']:.2f} +- {one['half_width']:.2f}" for name, one in row["means"].items())
        )
    return rows


def _our_inlets(session: Session, limit: float) -> dict:
    """thermo with its longest time step; the wall time covers everything after the mesh."""
    mesh = rack_room(INLET_CELL)
    begin = perf_counter()
    solver = Solver(mesh, rack_room_setup(Scheme(courant=OUR_COURANT)), session.backend)
    solver.initialise(temperature=SUPPLY)
    times, series, courant = [], {rack.name: [] for rack in RACKS}, 0.0
    while solver.time < UNTIL and perf_counter() - begin < limit:
        stop = (len(times) + 1) * SAMPLE
        while solver.time < stop:
            solver.advance(stop)
        readings = solver.readings()
        courant = max(courant, readings["courant"])
        times.append(solver.time)
        for rack in RACKS:
            series[rack.name].append(readings["inlet_c"][f"racks.{rack.name}"])
    return _row("thermo", solver.time / solver.step, courant, solver.step, perf_counter() - begin, times, series)


def _foam_row(foam: FoamRun) -> dict:
    progress = foam.progress
    return _row("OpenFOAM", foam.control.dt, max(progress.courant), progress.steps, progress.stamps[-1], foam.times,
                foam.inlets)  # fmt: skip


def _row(
    code: str, dt: float, courant: float, steps: int, wall: float, times: list[float], series: dict[str, list[float]]
) -> dict:
    return {
        "code": code, "dt": dt, "courant": courant, "steps": steps, "simulated_s": times[-1] if times else 0.0,
        "wall_s": wall, "means": {name: vars(mean) for name, mean in group_means(times, series).items()},
    }  # fmt: skip


def group_means(times: list[float], series: dict[str, list[float]]) -> dict[str, Mean]:
    """Mean inlet after the start-up of each group of racks that mirror each other; empty where too few samples are."""
    first = sum(time <= SETTLED for time in times)
    if len(times) - first < 2 * BATCHES:
        return {}
    return {
        name: batch_mean([sum(column) / len(column) for column in zip(*(series[rack][first:] for rack in racks),
                                                                     strict=True)])
        for name, racks in SYMMETRIC.items()
    }  # fmt: skip


def equal_confidence(ours: dict, other: dict) -> float | None:
    """Ratio of wall times to the same confidence interval of the end racks: other / ours; None without both means.

    The averaging time for a given interval grows with the square of the interval of what was averaged; the start-up
    is paid by both. Wall times are scaled from what was simulated.
    """
    if not ours["means"] or not other["means"]:
        return None
    wanted = max(row["means"]["end"]["half_width"] for row in (ours, other))

    def seconds(row: dict) -> float:
        averaged = row["simulated_s"] - SETTLED
        needed = SETTLED + averaged * (row["means"]["end"]["half_width"] / wanted) ** 2
        return needed * row["wall_s"] / row["simulated_s"]

    return seconds(other) / seconds(ours)


# ----------------------------------------------------------------------------------------------------------- report


def tables(found: dict) -> str:
    """Markdown."""
    if found["version"] is None:
        return "OpenFOAM is not installed on this machine: not run.\n"
    text = (
        f"OpenFOAM {found['version']}, buoyantBoussinesqPimpleFoam, double precision, Euler in time, settings in "
        "`benchmarks/openfoam/case.py`; thermo low-Mach, second order. Mcell-steps/s of fluid cells. Median of the "
        "steps; mean processor time of all cores in brackets (OpenFOAM: of its first process).\n\n"
    )
    head = ["cell, m", "cores", "dt, s: OpenFOAM", "thermo", "ms per step: OpenFOAM", "thermo",
            "Mcell-steps/s: OpenFOAM", "thermo", "iterations: OpenFOAM", "thermo", "ratio per cell-step"]  # fmt: skip
    rows = []
    for row in found["speed"]:
        foam, ours = row["openfoam"], row["thermo"]
        rows.append([
            f"{row['cell_m']:g}", str(row["cores"]), f"{foam['dt']:g}", f"{ours['dt']:.3g}",
            *(f"{1e3 * one['s_per_step']:.1f} ({1e3 * one['processor_s_per_step']:.1f})" for one in (foam, ours)),
            *(f"{one['mcell_steps_per_s']:.2f}" for one in (foam, ours)),
            " / ".join(f"{n:.1f}" for n in foam["pressure_iterations"]), str(ours["iterations"]),
            f"**{row['ratio']:.1f}**",
        ])  # fmt: skip
    return text + table(head, rows) + (_inlet_text(found["inlets"]) if found["inlets"] else "")


def _inlet_text(rows: list[dict]) -> str:
    ours = rows[0]
    lines = []
    for row in rows:
        means = [
            f"{row['means'][name]['value']:.2f} ± {row['means'][name]['half_width']:.2f}" if row["means"] else "–"
            for name in SYMMETRIC
        ]
        ratio = None if row is ours else equal_confidence(ours, row)
        agree = "–" if row is ours or not (row["means"] and ours["means"]) else ", ".join(
            f"{name} {'yes' if Mean(**row['means'][name]).agrees_with(Mean(**ours['means'][name])) else 'NO'}"
            for name in SYMMETRIC)  # fmt: skip
        per_second = row["wall_s"] / row["simulated_s"]
        lines.append([
            row["code"], f"{row['dt']:.3g}", f"{row['courant']:.1f}", f"{row['simulated_s']:.1f}",
            f"{row['wall_s']:.0f}", f"{UNTIL * per_second:.0f}", *means, agree,
            "–" if row is ours else f"**{per_second / (ours['wall_s'] / ours['simulated_s']):.1f}**",
            "–" if ratio is None else f"**{ratio:.1f}**",
        ])  # fmt: skip
    head = ["code", "mean dt, s", "largest Courant", "simulated s", "wall s", f"wall s for {UNTIL:g} s",
            *(f"{name} racks, degC" for name in SYMMETRIC), "same as thermo", "wall time / thermo",
            "the same at equal confidence"]  # fmt: skip
    return (
        f"\nMean inlets of the racks that mirror each other, {SETTLED:g} to {UNTIL:g} s (or as far as the run came), "
        f"at {INLET_CELL:g} m, all cores, 95 % confidence from {BATCHES} batches.\n\n" + table(head, lines)
    )


def costs(found: dict) -> dict[str, float]:
    """Milliseconds per step of thermo, and wall seconds per simulated second."""
    numbers = {
        f"rack room {row['cell_m']:g} m, {row['cores']} cores, dt of OpenFOAM: ms per step":
        1e3 * row["thermo"]["s_per_step"] for row in found["speed"]
    }  # fmt: skip
    for row in found["inlets"][:1]:
        numbers["rack inlets: wall s per s"] = row["wall_s"] / row["simulated_s"]
    return numbers
