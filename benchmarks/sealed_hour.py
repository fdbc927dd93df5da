"""A closed hall with walls of brick over one hour: are pressure, mass and energy what went in?

    python -m benchmarks.sealed_hour [-o FOLDER]     history.csv, summary.md and a plot

Exact, whatever the flow: the mass is constant; what racks and coolers leave over is in the air, in the walls or has
gone outside; and p0 follows from the heat that the air received, dp0/dt = (gamma - 1) Q/V.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from thermo.flow import Solver
from thermo.flow.report import contents
from thermo.flow.surfaces import by_object
from thermo.loading import load_case
from thermo.simulation.assembly import assemble

CASE = Path(__file__).parents[1] / "cases" / "benchmarks" / "sealed_hour.toml"
RESULTS = Path(__file__).parent / "results" / "sealed_hour"
HOUR, LOOK = 3600.0, 30.0  # s
LEFT_OVER = 4 * 10.25e3 - 2 * 20e3  # W, of racks and coolers


def reading(solver: Solver) -> dict[str, float]:
    """Pressure over that of the outside (Pa), mass (kg), heat of air and walls (J), temperatures (degC)."""
    mass, air = contents(solver)
    volume = float(solver.backend.to_host(solver.sealed.volume).sum())
    walls, air_volume = by_object(solver), solver.mesh.volumes() * (solver.mesh.solid == 0)
    area = sum(line["area_m2"] for line in walls)
    return {
        "time_s": solver.time,
        "pressure_pa": float(solver.backend.to_host(solver.sealed.pressure)[0]) - solver.setup.fluid.pressure,
        "mass_kg": mass, "heat_of_air_j": air, "heat_of_walls_j": solver.solids.heat(),
        "heat_from_outside_j": solver.solids.heat_given(), "volume_m3": volume,
        "air_c": float(np.average(solver.field("temperature"), weights=air_volume)),
        "walls_c": sum(line["temperature_mean_c"] * line["area_m2"] for line in walls) / area,
        "coldest_wall_c": min(line["temperature_min_c"] for line in walls),
        "hottest_wall_c": max(line["temperature_max_c"] for line in walls),
    }  # fmt: skip


def measure(backend: str, precision: str) -> tuple[list[dict[str, float]], dict[str, float]]:
    """Readings every half minute, and the errors at the end: J, Pa, and of the mass as a share."""
    solver = assemble(load_case(CASE), backend, precision, None).solver
    found = [reading(solver)]
    while solver.time < HOUR:
        moment = min(solver.time + LOOK, HOUR)
        while solver.time < moment:
            solver.advance(moment)
        found.append(reading(solver))
    first, last = found[0], found[-1]
    change = {name: last[name] - first[name] for name in first}
    kept = change["heat_of_air_j"] + change["heat_of_walls_j"] - change["heat_from_outside_j"]
    fluid = solver.setup.fluid
    gamma = fluid.heat_capacity / (fluid.heat_capacity - fluid.gas_constant)
    expected = (gamma - 1.0) * change["heat_of_air_j"] / first["volume_m3"]
    return found, {
        "left over by racks and coolers, J": LEFT_OVER * HOUR,
        "of it in the air, J": change["heat_of_air_j"],
        "in the walls, J": change["heat_of_walls_j"],
        "gone outside, J": -change["heat_from_outside_j"],
        "not accounted for, J": kept - LEFT_OVER * HOUR,
        "the same over all heat that racks gave": (kept - LEFT_OVER * HOUR) / (41e3 * HOUR),
        "rise of p0, Pa": change["pressure_pa"],
        "(gamma - 1) Q / V of the heat of the air, Pa": expected,
        "change of the mass, share": change["mass_kg"] / first["mass_kg"],
        "steps": solver.step,
    }


def draw(found: list[dict[str, float]], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    minutes = np.array([line["time_s"] for line in found]) / 60.0
    column = {name: np.array([line[name] for line in found]) for name in found[0]}
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12.0, 3.6), constrained_layout=True)
    left.plot(minutes, column["pressure_pa"])
    left.set(xlabel="time, min", ylabel="pressure over the outside's, Pa")
    for name, label in (("heat_of_air_j", "air"), ("heat_of_walls_j", "walls"), ("heat_from_outside_j", "outside")):
        sign = -1.0 if label == "outside" else 1.0
        middle.plot(minutes, sign * (column[name] - column[name][0]) / 1e6, label=label)
    middle.plot(minutes, LEFT_OVER * column["time_s"] / 1e6, "k--", label="left over by racks and coolers")
    middle.set(xlabel="time, min", ylabel="heat, MJ")
    middle.legend(fontsize=8)
    right.fill_between(minutes, column["coldest_wall_c"], column["hottest_wall_c"], alpha=0.3, label="walls, range")
    right.plot(minutes, column["walls_c"], label="walls, mean")
    right.plot(minutes, column["air_c"], label="air, mean")
    right.set(xlabel="time, min", ylabel="temperature, °C")
    right.legend(fontsize=8)
    figure.savefig(file, dpi=90)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--precision", default="single", choices=("single", "double"))
    given = parser.parse_args()
    found, errors = measure(given.backend, given.precision)
    given.output.mkdir(parents=True, exist_ok=True)
    with (given.output / "history.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, found[0], lineterminator="\n")
        lines.writeheader()
        lines.writerows({name: f"{value:.9g}" for name, value in line.items()} for line in found)
    table = ["| quantity | value |", "|---|---|", *(f"| {name} | {value:.6g} |" for name, value in errors.items())]
    text = f"# A closed hall over one hour, {given.precision} precision\n\n" + "\n".join(table) + "\n"
    (given.output / "summary.md").write_text(text, encoding="utf-8")
    draw(found, given.output / "hour.png")


if __name__ == "__main__":
    main()
