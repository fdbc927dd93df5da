"""The flow through faces inside the domain."""

from __future__ import annotations

import numpy as np

from thermo.flow.march import March
from thermo.flow.part import VELOCITIES
from thermo.mesh.patch import FacePatch


def volume_flow(solver: March, patch: FacePatch) -> float:
    """Volume flow through a patch inside the domain at this moment, m3/s, positive along the axis."""
    host = solver.backend.to_host
    # the velocities of the faces: the low face of cell (k, j, i) has its index
    speed = solver.decomposition.gather([host(part.velocity[VELOCITIES[patch.axis]]) for part in solver.parts])
    return float(speed[tuple(patch.index.T)].astype(np.float64) @ patch.area)
