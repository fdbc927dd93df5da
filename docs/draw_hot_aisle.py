"""Draws docs/images/hot_aisle.png from a finished run of cases/tutorials/hot_aisle.toml.

    thermo run cases/tutorials/hot_aisle.toml -o runs/hot_aisle && python docs/draw_hot_aisle.py runs/hot_aisle
"""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from thermo.results import Run

PICTURE = Path(__file__).parent / "images" / "hot_aisle.png"
HEIGHT, SECTION = 0.25, 2.7  # m: in front of the missing blanking panels of rack A03, and through that rack


def draw(directory: str) -> None:
    """Mean temperature and flow on a plan and a section; racks are grey."""
    last = Run(Path(directory)).fields()
    temperature = last["mean_temperature"].where(last["solid"] == 0)
    velocity = last["mean_velocity"]
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.6), gridspec_kw={"width_ratios": [1, 1.25]}, layout="constrained")
    planes = (
        (axes[0], {"z": HEIGHT}, "x", "y", (0, 1), f"plan at {HEIGHT:g} m"),
        (axes[1], {"x": SECTION}, "y", "z", (1, 2), f"section at x = {SECTION:g} m, through rack A03"),
    )
    for panel, place, across, up, components, title in planes:
        plane = temperature.sel(place, method="nearest")
        flow = velocity.sel(place, method="nearest")
        panel.set_facecolor("0.55")
        colours = panel.pcolormesh(plane[across], plane[up], plane.values, cmap="plasma", vmin=20, vmax=34)
        u, v = (np.where(np.isfinite(plane.values), flow.values[..., c], np.nan) for c in components)
        step = (slice(None, None, 2),) * 2
        panel.quiver(plane[across][step[0]], plane[up][step[0]], u[step], v[step], color="white", scale=40, width=0.002)
        panel.set(title=title, xlabel=f"{across} (m)", ylabel=f"{up} (m)", aspect="equal")
    figure.colorbar(colours, ax=axes, label="mean temperature (°C)", shrink=0.85)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    draw(sys.argv[1])
