"""Mean fields of a finished run at points: what probes would have read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from benchmarks.validation.bench import Bench, CaseRun
from thermo.mesh import Mesh


def averaged(bench: Bench, name: str, case: str, scenario: str | None, overrides: Sequence[str] = ()) -> CaseRun:
    """A case run to its end, its means from run.average_from on."""
    run = CaseRun(bench, name, case, scenario, overrides)
    run.averaged(run.case.run.average_from, run.case.run.until)
    return run


def points(n: int, **places: np.ndarray | float) -> np.ndarray:
    """n points (n, 3) of places x, y, z, each a number or n numbers, m."""
    return np.stack([np.broadcast_to(places[key], n) for key in "xyz"], axis=1).astype(float)


def along(run: CaseRun, field: str, at: np.ndarray) -> np.ndarray:
    """Mean field at points (n, 3)."""
    return interpolated(run.solver.mesh, run.solver.average(field), at)


def interpolated(mesh: Mesh, field: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Values of a field of cells (nz, ny, nx[, 3]) at points (n, 3) in x, y, z.

    Linear between cell centres, the nearest beyond them. At most one axis may have a single cell.
    """
    lines = [axis.centres for axis in mesh.axes]
    values = field.astype(np.float64)
    kept = [n for n in (2, 1, 0) if len(lines[n]) > 1]  # in the order of the array
    if len(kept) == 2:
        (single,) = {0, 1, 2} - set(kept)
        values = values.take(0, axis=2 - single)
    inside = np.stack([np.clip(at[:, n], lines[n][0], lines[n][-1]) for n in kept], axis=1)
    return RegularGridInterpolator([lines[n] for n in kept], values)(inside)
