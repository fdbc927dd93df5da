"""Pictures of temperature and air velocity on the planes of a case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from thermo.mesh.mesh import Mesh
from thermo.results.atomic import replacing
from thermo.scene.scene import plane_axes

WIDTH = 9.0  # inches
# About this many arrows along the longer side: more hide the colours.
ARROWS = 32
SOLID_COLOUR = "0.55"


def draw_plane(
    path: Path, mesh: Mesh, axis: int, index: int, temperature: np.ndarray, velocity: np.ndarray, title: str
) -> None:
    """Write a PNG of the layer ``index`` of cells along ``axis``: temperature (degC) in colour, velocity as arrows.

    ``temperature`` (nz, ny, nx), ``velocity`` (nz, ny, nx, 3); solids are grey, panels black.
    """
    across, up = plane_axes(axis)
    layer = np.take(np.ma.masked_array(temperature, mesh.solid != 0), index, axis=2 - axis)
    flow = np.take(velocity, index, axis=2 - axis)
    a, b = mesh.axes[across], mesh.axes[up]
    figure = Figure(figsize=(WIDTH, WIDTH * b.length / a.length * 0.9 + 0.8), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(aspect="equal", facecolor=SOLID_COLOUR)
    colours = axes.pcolormesh(a.faces, b.faces, layer, cmap=colormaps["plasma"], rasterized=True)
    figure.colorbar(colours, ax=axes, label="temperature, °C", shrink=0.9)
    axes.add_collection(LineCollection(_panels(mesh, axis, index), colors="black", linewidths=1.5))
    _arrows(axes, a.centres, b.centres, flow[..., across], flow[..., up], np.ma.getmaskarray(layer))
    axes.set(xlabel=f"{'xyz'[across]}, m", ylabel=f"{'xyz'[up]}, m", title=title)
    with replacing(path) as temporary:
        figure.savefig(temporary, format="png", dpi=120)


def _panels(mesh: Mesh, axis: int, index: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Line segments of the closed faces between two fluid cells of a layer."""
    across, up = plane_axes(axis)
    fluid = np.take(mesh.solid == 0, index, axis=2 - axis)
    segments = []
    for direction, line, other in ((across, 1, up), (up, 0, across)):
        closed = np.moveaxis(np.take(mesh.closed[direction], index, axis=2 - axis), line, 0)[1:-1]
        cells = np.moveaxis(fluid, line, 0)
        normal, along = mesh.axes[direction].faces, mesh.axes[other].faces
        for face, cell in zip(*np.nonzero(closed & cells[:-1] & cells[1:]), strict=True):
            ends = ((normal[face + 1], along[cell]), (normal[face + 1], along[cell + 1]))
            segments.append(ends if direction == across else tuple(end[::-1] for end in ends))
    return segments


def _arrows(axes, a: np.ndarray, b: np.ndarray, along: np.ndarray, up: np.ndarray, hidden: np.ndarray) -> None:
    """Arrows at equally spaced points (the cells are not), each taken from the cell that holds it."""
    spacing = max(a[-1] - a[0], b[-1] - b[0]) / ARROWS
    points = [np.arange(line[0] + 0.5 * spacing, line[-1], spacing) for line in (a, b)]
    if any(line.size == 0 for line in points):
        return
    i, j = (np.abs(line[:, None] - point).argmin(axis=0) for line, point in zip((a, b), points, strict=True))
    cells = np.ix_(j, i)
    mask = hidden[cells]
    if not np.any(along[cells]) and not np.any(up[cells]):
        return
    u, v = np.ma.masked_array(along[cells], mask), np.ma.masked_array(up[cells], mask)
    axes.quiver(points[0], points[1], u, v, color="white", width=0.0016, scale_units="xy", angles="xy", alpha=0.85)
