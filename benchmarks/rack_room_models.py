"""The rack room of the speed benchmarks with resolved eddies and with k-epsilon: where do their means differ?

    python -m benchmarks.rack_room_models MODEL [-o FOLDER]     march one model and keep its means
    python -m benchmarks.rack_room_models [-o FOLDER]           table and pictures of the models kept
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from thermo.loading import load_case
from thermo.simulation.assembly import assemble

CASE = Path(__file__).parents[1] / "cases" / "benchmarks" / "rack_room.toml"
RESULTS = Path(__file__).parent / "results" / "rack_room_models"
MODELS = ("les", "k-epsilon")
FROM, UNTIL = 25.0, 65.0  # s: the means; racks and supply move the air of the room once in 9.6 s
PLACES = {"end racks": ("01", "06"), "second racks": ("02", "05"), "middle racks": ("03", "04")}
# y, m, of one half of the room
UNDER_CEILING = {"over the cold aisle": (1.8, 2.4), "over the racks": (0.6, 1.8), "over their backs": (0.0, 0.6)}


def march(model: str, folder: Path, backend: str) -> None:
    """Run a model to the end and write its means to FOLDER/MODEL.npz and .json."""
    overrides = ['run.mode="transient"', f"run.until={UNTIL}", f"run.average_from={FROM}", f'run.turbulence="{model}"']
    solver = assemble(load_case(CASE, overrides=overrides), backend, "single", None).solver
    while solver.time < FROM:
        solver.advance(FROM)
    solver.start_average()
    while solver.time < UNTIL:
        solver.advance(UNTIL)
    folder.mkdir(parents=True, exist_ok=True)
    temperature, velocity = solver.average("temperature"), solver.average("velocity")
    mesh = solver.mesh
    near = int(np.abs(mesh.x.centres - 3.0).argmin())
    np.savez_compressed(
        folder / f"{model}.npz", temperature=temperature[:, :, near], velocity=velocity[:, :, near],
        ceiling=temperature[-1], solid=mesh.solid[:, :, near], y=mesh.y.centres, z=mesh.z.centres, x=mesh.x.centres,
    )  # fmt: skip
    report = solver.report()
    text = json.dumps({key: report[key] for key in ("devices", "openings", "balance")} | {"steps": solver.step})
    (folder / f"{model}.json").write_text(text, encoding="utf-8")


def rack_means(devices: list[Mapping]) -> dict[str, dict[str, float]]:
    """Temperatures (degC) of the four end racks, of those beside them and of the middle ones, means by the flow."""
    found = {}
    for name, places in PLACES.items():
        slots = [d for d in devices if d["kind"] == "rack" and d["name"].split(".")[1][1:] in places]
        flows = np.array([slot["flow_kg_s"] for slot in slots])
        top = [slot for slot in slots if slot["name"].endswith("U44")]
        found[name] = {
            "inlet": float(flows @ [slot["inlet_mean_c"] for slot in slots] / flows.sum()),
            "inlet of the upper slots": float(np.mean([slot["inlet_mean_c"] for slot in top])),
            "hottest inlet cell": max(slot["inlet_max_c"] for slot in slots),
            "exhaust": float(flows @ [slot["outlet_mean_c"] for slot in slots] / flows.sum()),
        }
    return found


def ceiling_means(fields: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Mean temperature (degC) of the cells under the ceiling by place, both halves of the room, along the racks."""
    y, along = fields["y"], (fields["x"] > 1.2) & (fields["x"] < 4.8)
    folded = np.minimum(y, 4.8 - y)
    found = {}
    for name, (low, high) in UNDER_CEILING.items():
        across = (folded > low) & (folded < high)
        found[name] = float(fields["ceiling"][np.ix_(across, along)].mean())
    return found


def tables(folder: Path) -> str:
    """Markdown of all that was kept, a column per model."""
    reports = {model: json.loads((folder / f"{model}.json").read_text(encoding="utf-8")) for model in MODELS}
    racks = {model: rack_means(report["devices"]) for model, report in reports.items()}
    lines = ["| mean temperature, °C | " + " | ".join(MODELS) + " | difference |", "|---" * (len(MODELS) + 2) + "|"]

    def line(what: str, values: list[float]) -> None:
        lines.append(f"| {what} | " + " | ".join(f"{v:.2f}" for v in values) + f" | {values[1] - values[0]:+.2f} |")

    for place, quantities in racks[MODELS[0]].items():
        for quantity in quantities:
            line(f"{place}: {quantity}", [racks[model][place][quantity] for model in MODELS])
    ceilings = {}
    for model in MODELS:
        with np.load(folder / f"{model}.npz") as fields:
            ceilings[model] = ceiling_means(fields)
    for place in UNDER_CEILING:
        line(f"under the ceiling, {place}", [ceilings[model][place] for model in MODELS])
    for opening in reports[MODELS[0]]["openings"]:
        same = [next(o for o in reports[model]["openings"] if o["name"] == opening["name"]) for model in MODELS]
        line(f"{opening['name']}: air that leaves", [o["temperature_c"] for o in same])
    steps = ", ".join(f"{model} {reports[model]['steps']}" for model in MODELS)
    lines += ["", f"Means from {FROM:g} to {UNTIL:g} s; steps: {steps}."]
    return "\n".join(lines) + "\n"


def draw(folder: Path) -> None:
    """Mean temperature in the middle section and under the ceiling, a column per model."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, len(MODELS), figsize=(9.0, 6.4), constrained_layout=True)
    for column, model in enumerate(MODELS):
        with np.load(folder / f"{model}.npz") as fields:
            y, z, x = fields["y"], fields["z"], fields["x"]
            section = np.where(fields["solid"] == 0, fields["temperature"], np.nan)
            v, w = fields["velocity"][..., 1], fields["velocity"][..., 2]
            ceiling = fields["ceiling"]
        upper, lower = axes[0, column], axes[1, column]
        upper.pcolormesh(y, z, section, vmin=18, vmax=32, cmap="inferno")
        upper.quiver(y[::2], z[::2], v[::2, ::2], w[::2, ::2], color="white", scale=25)
        upper.set(title=f"{model}: x = 3 m", xlabel="y, m", ylabel="z, m", aspect="equal")
        shades = lower.pcolormesh(x, y, ceiling, vmin=18, vmax=32, cmap="inferno")
        lower.set(title="under the ceiling", xlabel="x, m", ylabel="y, m", aspect="equal")
    figure.colorbar(shades, ax=axes, label="mean temperature, °C", shrink=0.8)
    figure.savefig(folder / "means.png", dpi=90)
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", choices=MODELS)
    parser.add_argument("-o", "--output", type=Path, default=RESULTS)
    parser.add_argument("--backend", default="auto")
    given = parser.parse_args()
    if given.model:
        march(given.model, given.output, given.backend)
        return
    (given.output / "means.md").write_text(tables(given.output), encoding="utf-8")
    draw(given.output)


if __name__ == "__main__":
    main()
