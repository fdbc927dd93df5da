"""Shear stress at walls: by the law of the wall of the solver, or over half a cell where the flow is laminar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kernels import GHOST

if TYPE_CHECKING:
    from thermo.flow import Solver


def floor_stress(solver: Solver) -> np.ndarray:
    """Stress of the flow along x on the domain's floor at this moment, Pa, (ny, nx); nan where a solid stands.

    With a turbulence model: friction of the wall layer times the velocity of the cell (centre).
    """
    u = solver.field("velocity")[0, :, :, 0].astype(np.float64)
    if solver.setup.turbulence is None:
        stress = solver.setup.fluid.viscosity * u / (0.5 * solver.mesh.z.widths[0])
        return np.where(solver.mesh.solid[0] == 0, stress, np.nan)
    solver.renew_wall_layer()
    floor = solver.eddy.names.index("walls.floor")
    coefficient = np.full(solver.mesh.shape[1:], np.nan)
    for part, walls in zip(solver.parts, solver.eddy.walls, strict=True):
        sides = walls.sides
        chosen = np.flatnonzero((sides.wall == floor) & sides.own)
        _, j, i = np.unravel_index(sides.cell[chosen], part.marks.shape)
        _, y0, x0 = part.subdomain.offset
        friction = solver.backend.to_host(walls.friction)[chosen]
        coefficient[j - GHOST + y0, i - GHOST + x0] = friction
    return coefficient * u
