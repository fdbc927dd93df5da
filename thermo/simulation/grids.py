"""The grids on which a steady run gets near its answer before it comes to the case's own."""

from __future__ import annotations

from math import prod

from thermo.case import CaseError
from thermo.case.model import Case
from thermo.mesh.build import grid_axes

# Share of the cells of the next finer grid that a coarse one may have. Objects keep their lines on every grid, and thin
# cells their short time step: one with more cells takes longer than it saves.
WORTH = 0.2


def coarser(case: Case, ratio: float) -> Case:
    """The case on cells `ratio` times larger, refined regions and smallest cells too, without a latest time."""
    mesh = case.mesh
    refine = [region.model_copy(update={"size": ratio * region.size}) for region in mesh.refine]
    min_cell = None if mesh.min_cell is None else ratio * mesh.min_cell
    size = {"size": ratio * mesh.target, "quality": None, "min_cell": min_cell, "refine": refine}
    # the latest time of a case is that on its own grid
    run = case.run.model_copy(update={"until": None})
    return case.model_copy(update={"mesh": mesh.model_copy(update=size), "run": run})


def ratios(case: Case) -> tuple[tuple[float, ...], list[str]]:
    """Cell sizes of all grids over that of the case, from coarse to fine, and notes on those that are left out.

    Left out are grids that cannot hold the objects of the case, or have hardly fewer cells than the next. Exactly given
    cells have no coarser grid.
    """
    chosen, notes = [1.0], []
    finer = _cells(case)
    for ratio in reversed(case.run.steady.coarse if case.mesh.cells is None else ()):
        try:
            cells = _cells(coarser(case, ratio))
        except CaseError as error:
            notes.append(f"no grid of cells {ratio:g} times larger: {error.message}")
            continue
        if cells > WORTH * finer:
            notes.append(f"no grid of cells {ratio:g} times larger: it has {cells:,} cells, the next finer {finer:,}")
            continue
        chosen.insert(0, ratio)
        finer = cells
    return tuple(chosen), notes


def _cells(case: Case) -> int:
    return prod(axis.n for axis in grid_axes(case))
