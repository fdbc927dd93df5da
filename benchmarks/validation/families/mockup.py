"""Mock-up of a data centre with closed cold aisles: pressure drops of grates and tiles, velocities by zone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun
from benchmarks.validation.means import along, averaged
from benchmarks.validation.measures import reference
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study

SOURCE = "FM Global and FPRF"
DROPS = {"subfloor to cold aisle": 1.74, "hot aisle to ceiling plenum": 2.18}  # Pa
CONTRADICTING = ("CE1", "CE2", "CE6", "CE9")  # pairs at one place that differ by 0.3 m/s
# low and high corner, m, of air whose pressure counts; left half, which is the mirror image of the right one
ROOMS = {
    "subfloor": ((0.0, 1.9812, 0.0), (2.4384, 7.3152, 0.9144)),
    "cold aisle": ((0.0, 1.9812, 0.9144), (0.6096, 7.3152, 2.7432)),
    "hot aisle": ((1.3716, 1.9812, 0.9144), (2.4384, 7.3152, 2.7432)),
    "ceiling plenum": ((0.0, 0.0, 3.9624), (2.4384, 7.3152, 4.8768)),
}


def mean_pressure(run: CaseRun, low: tuple[float, ...], high: tuple[float, ...]) -> float:
    """Mean over the cells of a box, Pa."""
    inside = [
        (axis.centres > a) & (axis.centres < b) for axis, a, b in zip(run.solver.mesh.axes, low, high, strict=True)
    ]
    x, y, z = (np.flatnonzero(cells) for cells in inside)
    where = np.ix_(z, y, x)
    volumes = run.solver.mesh.volumes()[where]
    return float((run.solver.average("pressure")[where] * volumes).sum() / volumes.sum())


def mockup(name: str, scenario: str | None, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Two pressure drops, the velocity out of the grates, and the rms error of the speed in every zone."""
    run = averaged(bench, name, "fm_mockup", scenario)
    pressure = {room: mean_pressure(run, *box) for room, box in ROOMS.items()}
    for drop, measured in DROPS.items():
        high, low = drop.split(" to ")
        yield run.row(f"pressure drop {drop}, Pa", pressure[high] - pressure[low], measured, SOURCE, "F", 0.15,
                      "flow of the fan, leaks, and the losses, 5 % each")  # fmt: skip
    table = reference("fm_mockup")
    at = np.array([[float(row[f"{axis}_m"]) for axis in "xyz"] for row in table])
    ours, measured = along(run, "velocity", at), np.array([float(row["speed_m_s"]) for row in table])
    speed, why = np.linalg.norm(ours, axis=1), "scatter of points at one place, position"
    points = [row["point"] for row in table]
    near_grates = [points.index(point) for point in ("CA10", "CA11", "CA13", "CA14")]
    up = np.array([float(table[n]["w_m_s"]) for n in near_grates])
    yield run.row("velocity above the grates, mean of four points, m/s", ours[near_grates, 2].mean(), up.mean(), SOURCE,
                  "F", 0.2 if gated else None, why)  # fmt: skip
    curves, errors = [], {}
    for zone in dict.fromkeys(row["zone"] for row in table):
        here = [n for n, row in enumerate(table) if row["zone"] == zone and points[n] not in CONTRADICTING]
        errors[zone] = np.sqrt(np.mean((speed[here] - measured[here]) ** 2)) / measured[here].mean()
        yield run.row(f"speed, {zone}: rms error / mean", errors[zone], 0.0, SOURCE, "F", None, why, "absolute")
        curves.append(Curve(zone, measured[here], speed[here], True))
    yield run.row("speed, the worst of the zones: rms error / mean", max(errors.values()), 0.0, SOURCE, "F",
                  0.25 if gated else None, why, "absolute")  # fmt: skip
    curves.append(Curve("equal", [0.0, 0.8], [0.0, 0.8]))
    yield Picture(name.replace("/", "_"), f"Mock-up, 78 air changes per hour, {run.grid}", "measured speed, m/s",
                  "speed, m/s", curves)  # fmt: skip


_FOLDER = "dc_fm_fprf_mockup"
STUDIES = tuple(
    Study(f"{_FOLDER}/{variant}", tier, f"mock-up of a data centre, LES, cells of {size} cm",
          partial(mockup, f"{_FOLDER}/{variant}", scenario, gated))
    for variant, tier, size, scenario, gated in (
        ("les_coarse", "B", 7.6, None, False), ("les_fine", "C", 3.8, "fine", True)
    )
)  # fmt: skip
