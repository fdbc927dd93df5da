"""What sources of heat within a room radiate to its surfaces: a flame, lamps, people."""

from __future__ import annotations

import numpy as np

from thermo.flow.radiation.enclosure import has_obstacles
from thermo.flow.radiation.factors import solid_angles
from thermo.flow.radiation.surfaces import Patches
from thermo.flow.radiation.visibility import visible_shares
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import HeatSource

MOST_POINTS = 64  # of a source


def arriving_shares(mesh: Mesh, patches: Patches, source: HeatSource) -> np.ndarray:
    """Share of what a source radiates that arrives at every patch first, float[m], of sum 1.

    Every cell of the source, of many some, radiates alike in all directions from its centre by its share of the heat
    and does not hide the others: shares are solid angles / (4 pi), of what is seen past solids and closed faces.
    """
    chosen = np.unique(np.linspace(0, len(source.cells) - 1, MOST_POINTS).round().astype(int))
    cells = np.asarray(source.cells)[chosen]
    points = np.stack([mesh.axes[d].centres[cells[:, 2 - d]] for d in range(3)], axis=1)
    angle = solid_angles(points, patches.axis, patches.facing, patches.box)
    if has_obstacles(mesh):
        point, patch = np.nonzero(angle > 0.0)
        angle[point, patch] *= visible_shares(mesh, patches, points[point], patch)
    # closed at every point: rays cover what is partly hidden but roughly
    shares = np.asarray(source.share)[chosen] @ (angle / angle.sum(axis=1, keepdims=True))
    return shares / shares.sum()
