"""A data hall of RISE with twelve racks and four coolers: measured temperatures of racks and chassis.

The measurements carry no licence: they are read from shared/reference in a folder above the checkout, and only
differences from them go into rows.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.validation.bench import Bench, CaseRun, StudySkipped
from benchmarks.validation.means import along
from benchmarks.validation.row import Row
from benchmarks.validation.study import Study

SOURCE = "RISE ICE, module 2; github.com/jsjolund/rafsine"
FOLDER = "dc_rise_ice_pod2"
VARIABLE = "THERMO_REFERENCE"  # folder of reference data, where it is not shared/reference above the checkout
DENSITY = 1.19  # kg/m3, of the flow of the coolers
CHASSIS = range(1, 11)  # from the bottom
STRIP_HEIGHTS = (0.4, 1.2, 2.0)  # m
STRIP_NAMES = ("bottom", "middle", "top")
AWAY = 0.05  # m, of a strip from its rack

Table = list[dict[str, str]]


def measurements(name: str, plateau: str) -> Table:
    """Lines of a plateau. Raises StudySkipped where the data are not at hand."""
    named = os.environ.get(VARIABLE)
    above = Path(__file__).resolve().parents[4:]  # of the checkout
    folders = [Path(named)] if named else [parent / "shared" / "reference" for parent in above]
    file = next((found for folder in folders if (found := folder / FOLDER / f"{name}.csv").exists()), None)
    if file is None:
        raise StudySkipped(
            f"the measurements may not be redistributed: put {FOLDER} into shared/reference in a folder above the "
            f"checkout, or name the folder that holds it in {VARIABLE}"
        )
    with file.open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["plateau"] == plateau]


def device(rack: int, chassis: int) -> str:
    """Racks 7 to 12 are the left row in +y, 6 to 1 the right one."""
    side, place = ("left", rack - 6) if rack > 6 else ("right", 7 - rack)
    return f"racks.{side}_{chassis}_{place:02}"


def overrides(plateau: str, rack_flow: float) -> list[str]:
    """Flows, powers and temperatures of a plateau.

    Power that the meter has beyond the servers' is spread in proportion to them. Racks of three move what the strips of
    their middle one imply, times rack_flow, a rack by the speed of its fans, its chassis alike.
    """
    (whole,) = measurements("plateaus", plateau)
    beyond = float(whole["IT_meter_W"]) / float(whole["server_power_sum_W"])
    speed = {int(row["rack"]): float(row["mean_fan_rpm"]) for row in measurements("racks", plateau)}
    flow = {}
    for row in measurements("rack_flow_estimates", plateau):
        first, last = (int(word) for word in row["racks"].split("_to_"))
        three = range(first, last + 1)
        shared = rack_flow * float(row["flow_from_strips_m3_s"]) / sum(speed[rack] for rack in three)
        flow |= {rack: shared * speed[rack] for rack in three}
    found = []
    for row in measurements("coolers", plateau):
        name, mass = f"cooler_{int(row['cooler'][-2:])}", DENSITY * float(row["flow_m3_s"])
        found += [f"supplies.{name}.flow = '{mass} kg/s'", f"supplies.{name}.temperature = {row['discharge_C']}",
                  f"extracts.{name}.flow = '{mass} kg/s'"]  # fmt: skip
    for row in measurements("chassis", plateau):
        rack = int(row["rack"])
        address = device(rack, int(row["chassis_1_bottom"]))
        found += [f"{address}.power = {beyond * float(row['power_W'])}",
                  f"{address}.airflow = '{flow[rack] / len(CHASSIS)} m^3/s'"]  # fmt: skip
    return found


def strips(run: CaseRun, plateau: str) -> tuple[np.ndarray, np.ndarray]:
    """Difference from the strips of the middle racks, K: fronts and rears, each (strips, heights)."""
    at, measured = [], []
    for row in measurements("sensor_strips", plateau):
        middle = int(row["racks"].split("_to_")[0]) + 1
        left = middle > 6
        y = 0.62 * ((middle - 7 if left else 6 - middle) + 0.5)
        front, rear = (1.79, 2.67) if left else (5.25, 4.37)
        out = -AWAY if left else AWAY
        at += [(front + out, y, z) for z in STRIP_HEIGHTS] + [(rear - out, y, z) for z in STRIP_HEIGHTS]
        measured += [float(row[f"{face}_{name}_C"]) for face in ("front", "rear") for name in STRIP_NAMES]
    difference = (along(run, "temperature", np.array(at)) - measured).reshape(-1, 2, len(STRIP_HEIGHTS))
    return difference[:, 0], difference[:, 1]


def rms(difference: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(difference))))


def hall(name: str, plateau: str, rack_flow: float, bench: Bench) -> Iterator[Row]:
    """Temperatures drawn in by racks and chassis, and those of the sensor strips, as differences from the measured."""
    run = CaseRun(bench, name, "rise_hall", overrides=overrides(plateau, rack_flow))
    report = run.averaged(run.case.run.average_from, run.case.run.until)
    drawn = {line["name"].rpartition(".")[0]: line["inlet_mean_c"] for line in report["devices"]}
    rows = measurements("chassis", plateau)
    measured = np.array([float(row["inlet_C"]) for row in rows])
    ours = np.array([drawn[device(int(row["rack"]), int(row["chassis_1_bottom"]))] for row in rows])
    racks = np.array([int(row["rack"]) for row in rows])
    of_racks = [(ours - measured)[racks == rack].mean() for rack in np.unique(racks)]

    def row(quantity: str, value: float, why: str, kind: str = "absolute") -> Row:
        return run.row(quantity, value, 0.0, SOURCE, "F", None, why, kind)

    coarse = "on 5 cm 1.5 K is good, 2.5 K acceptable; coarse cells"
    yield row("inlets of 12 racks, rms error, K", rms(np.array(of_racks)), coarse)
    yield row("inlets of 120 chassis, rms error, K", rms(ours - measured), "on 5 cm 1.5 K is good, 2.0 K acceptable")
    yield row("inlets of 120 chassis, mean error, K", (ours - measured).mean(), "sensors are biased by 1 K")
    yield row("share of the variance of 120 inlets explained", 1.0 - np.mean((ours - measured) ** 2) / measured.var(),
              "above 0: better than their mean everywhere", "at_least")  # fmt: skip
    fronts, rears = strips(run, plateau)
    yield row("front strips, top less bottom, rms error, K", rms(fronts[:, -1] - fronts[:, 0]), "on 5 cm 2 K")
    yield row("rear strips, rms error, K", rms(rears), "on 5 cm 3 K")


_PLATEAUS = {"idle": "idle_28kW", "load_62kw": "load_62kW", "load_71kw_a": "load_71kW_A", "load_71kw_b": "load_71kW_B"}
_FLOWS = {"": 1.0, "_flow_-25": 0.75, "_flow_+25": 1.25}
STUDIES = tuple(
    Study(name, "B", f"data hall of RISE, {plateau}, rack flow x {flow:g}, LES, coarse",
          partial(hall, name, plateau, flow))
    for variant, plateau in _PLATEAUS.items()
    for ending, flow in _FLOWS.items()
    if flow == 1.0 or variant == "load_62kw"
    for name in (f"{FOLDER}/{variant}{ending.replace('+', 'plus_').replace('-', 'minus_')}",)
)  # fmt: skip
