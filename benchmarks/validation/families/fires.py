"""Fires in a small room with one door or window: Steckler, Quintiere and Rinkinen 1982."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from benchmarks.validation.bench import Bench
from benchmarks.validation.means import along, averaged, points
from benchmarks.validation.measures import reference
from benchmarks.validation.refinement import CELSIUS_ZERO
from benchmarks.validation.row import Row
from benchmarks.validation.study import Curve, Picture, Study

SOURCE = "Steckler, Quintiere and Rinkinen 1982"
DIAMETER = 0.30  # m, of the burner
IGNITION = 5.0  # s: the fire grows for so long
HEATED = 0.5  # of the height of the flame, which leans with the draught of the door; a higher source is blown through
MIDDLE, WALL, CEILING = 1.4, (2.8, 2.9), 2.13  # m: of the opening along y; the wall it is in, along x; height


def flame_height(power: float) -> float:
    """Mean height of the flame of a fire of that power (W), m: G. Heskestad, Fire Safety J. 5 (1983) 103-108."""
    return 0.235 * (1e-3 * power) ** 0.4 - 1.02 * DIAMETER


def overrides(test: Mapping[str, str]) -> list[str]:
    """What a test differs in from the file: opening, fire, temperature of the air at the beginning and outside."""
    width, height, sill, ambient = (
        float(test[key]) for key in ("opening_width_m", "opening_height_m", "sill_height_m", "ambient_temperature_C")
    )
    south, north, head = (round(value, 6) for value in (MIDDLE - 0.5 * width, MIDDLE + 0.5 * width, sill + height))
    power, half = 1e3 * float(test["fire_power_kW"]), 0.25 * np.pi**0.5 * DIAMETER  # of a square of the same area
    low, high = round(MIDDLE - half, 4), round(MIDDLE + half, 4)
    found = [
        f"blocks.south_of_door.box = [[{WALL[0]}, 0, 0], [{WALL[1]}, {south}, {CEILING}]]",
        f"blocks.north_of_door.box = [[{WALL[0]}, {north}, 0], [{WALL[1]}, 2.8, {CEILING}]]",
        f"blocks.lintel.box = [[{WALL[0]}, {south}, {head}], [{WALL[1]}, {north}, {CEILING}]]",
        f"sources.fire.box = [[{low}, {low}, 0], [{high}, {high}, {HEATED * flame_height(power):.3f}]]",
        f"sources.fire.heat = [[0, 0], [{IGNITION}, {power}]]",
        f"weather.day.dry_bulb = {ambient}", f"initial.temperature = {ambient}",
    ]  # fmt: skip
    if sill > 0.0:
        found.append(f"blocks.sill.box = [[{WALL[0]}, {south}, 0], [{WALL[1]}, {north}, {sill}]]")
    return found


def neutral_height(z: np.ndarray, u: np.ndarray) -> float:
    """The highest place where the flow of a profile turns from inwards to outwards, m."""
    turns = np.flatnonzero((u[:-1] < 0.0) & (u[1:] >= 0.0))[-1]
    return float(np.interp(0.0, u[turns : turns + 2], z[turns : turns + 2]))


def two_layers(z: np.ndarray, temperature: np.ndarray, top: float) -> tuple[float, float]:
    """Height of the cold layer (m) and temperature (K) of the hot one above it, of a profile that rises with z.

    The two layers have the integrals of T and of 1/T of the profile, the cold one its lowest temperature; the hot one's
    is then the mean of the profile above the interface. M. L. Janssens, H. C. Tran, J. Fire Sciences 10 (1992) 528-555.
    """
    z = np.concatenate([[0.0], z, [top]])
    temperature = np.concatenate([temperature[:1], temperature, temperature[-1:]])
    first, second, cold = np.trapezoid(temperature, z), np.trapezoid(1.0 / temperature, z), temperature[0]
    height = cold * (first * second - top**2) / (first + second * cold**2 - 2.0 * cold * top)
    upper = np.linspace(height, top, 1000)
    return float(height), float(np.trapezoid(np.interp(upper, z, temperature), upper) / (top - height))


def room_fire(name: str, number: str, cell: float, gated: bool, bench: Bench) -> Iterator[Row | Picture]:
    """Neutral plane, largest velocities and hot layer of one test; profiles.

    Velocities are the median over the width of the opening at the heights of the probes, as they were reduced.
    """
    test = next(row for row in reference("steckler") if row["test"] == number)
    run = averaged(bench, name, "steckler_room", None, [*overrides(test), f"mesh.size = {cell}"])
    profile = [row for row in reference("steckler_profiles") if row["test"] == number]
    z, measured = np.array([[float(row["z_above_floor_m"]), float(row["V_opening_m_s"])]
                            for row in profile if row["V_opening_m_s"]]).T  # fmt: skip
    across = MIDDLE + np.linspace(-0.4, 0.4, 7) * float(test["opening_width_m"])
    at = points(7 * len(z), x=0.5 * sum(WALL), y=np.tile(across, len(z)), z=np.repeat(z, 7))
    u = np.median(along(run, "velocity", at)[:, 0].reshape(-1, 7), axis=1)
    heights, hot = np.array([[float(row["z_above_floor_m"]), float(row["T_room_C"])] for row in profile]).T
    centres = run.solver.mesh.z.centres
    inside = np.minimum(heights, centres[centres < CEILING].max())  # nothing is taken from above the ceiling
    corner = along(run, "temperature", points(len(heights), x=2.5, y=0.3, z=inside))
    ambient = float(test["ambient_temperature_C"])

    why = "measured to 10 %, the heat of the fire to 7 %; FDS at 5 cm lies within 0.1 m and 10 %"
    order = np.argsort(z)
    yield run.row("neutral plane over the floor, m", neutral_height(z[order], u[order]),
                  float(test["neutral_plane_above_floor_m"]), SOURCE, "F", 0.08 if gated else None, why,
                  "absolute")  # fmt: skip
    yield run.row("largest velocity out, m/s", u.max(), float(test["V_max_out_m_s"]), SOURCE, "F",
                  0.12 if gated else None, why)  # fmt: skip
    yield run.row("largest velocity in, m/s", u.min(), float(test["V_max_in_m_s"]), SOURCE, "F", None, why)
    layer, upper = two_layers(heights[::-1], corner[::-1] + CELSIUS_ZERO, CEILING)
    yield run.row("height of the cold layer, m", layer, float(test["layer_height_m"]), SOURCE, "F", None, why,
                  "absolute")  # fmt: skip
    yield run.row("rise of the hot layer, K", upper - CELSIUS_ZERO - ambient, float(test["T_upper_C"]) - ambient,
                  SOURCE, "F", 0.15 if gated else None, why)  # fmt: skip
    title = f"Steckler's room, test {number}, {run.grid}"
    yield Picture(f"{name.replace('/', '_')}_velocity", title, "velocity out of the opening, m/s", "height, m",
                  [Curve("thermo", u[order], z[order]), Curve("measured", measured, z, True)])  # fmt: skip
    yield Picture(f"{name.replace('/', '_')}_temperature", title, "temperature in the corner, degC", "height, m",
                  [Curve("thermo", corner[::-1], heights[::-1]), Curve("measured", hot, heights, True)])  # fmt: skip


_FOLDER = "doorway_exchange"
STUDIES = tuple(
    Study(name, "B", f"room fire, test {test}, cells of {100 * cell:g} cm",
          partial(room_fire, name, test, cell, not ending))
    for test in ("14", "17", "19", "21", "22")
    for ending, cell in (("_coarse", 0.1), ("", 0.05))
    for name in (f"{_FOLDER}/steckler_{test}{ending}",)
)  # fmt: skip
