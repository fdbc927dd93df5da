"""Profiles against data, drawn small enough to be kept with the results."""

from __future__ import annotations

from pathlib import Path

from benchmarks.validation.study import Picture

LINES = ("tab:blue", "tab:orange", "tab:green", "tab:purple", "tab:brown", "tab:cyan")


def draw(picture: Picture, folder: Path) -> Path:
    """folder/NAME.png, ours as lines, references as points of the colour of the line of the same rank."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 3.6), dpi=80, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    rank = {False: 0, True: 0}
    for curve in picture.curves:
        colour = LINES[rank[curve.marks] % len(LINES)]
        rank[curve.marks] += 1
        style = {"linestyle": "none", "marker": "o", "markersize": 4, "fillstyle": "none"} if curve.marks else {}
        axes.plot(curve.x, curve.y, color=colour, label=curve.label, **style)
    if picture.logarithmic:
        axes.set(xscale="log", yscale="log")
    elif picture.logarithmic_x:
        axes.set(xscale="log")
    axes.set(xlabel=picture.x_label, ylabel=picture.y_label)
    axes.set_title(picture.title, fontsize=9)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{picture.name}.png"
    figure.savefig(file, metadata={"Software": None})
    return file
