"""Values given by numbers or functions, on the points of a part."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kernels import GHOST
from thermo.flow.part import Part

Field = float | Callable[..., np.ndarray]


def coordinates(part: Part, face_axis: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y, z (m) of cell centres, or of the low faces along `face_axis`, that broadcast to the padded shape.

    Ghost cells continue the spacing of the edge cells (periodic images: of the cells they copy).
    """
    lines = []
    for axis, line in enumerate(part.axes):
        mode = "wrap" if line.periodic else "edge"
        widths = np.pad(line.widths, GHOST, mode=mode)
        faces = np.concatenate([[0.0], np.cumsum(widths)])
        faces += line.faces[0] - faces[GHOST]
        # the interior exactly as the axis has it
        faces[GHOST : GHOST + line.n + 1] = line.faces
        points = faces[:-1] if axis == face_axis else 0.5 * (faces[:-1] + faces[1:])
        start, cells = part.subdomain.offset[2 - axis], part.subdomain.shape[2 - axis]
        lines.append(points[start : start + cells + 2 * GHOST])
    x, y, z = lines
    return x[None, None, :], y[None, :, None], z[:, None, None]


def evaluate(part: Part, field: Field, face_axis: int | None, *time: float) -> np.ndarray:
    """A number or f(x, y, z[, t]) on the padded grid of a part, float64."""
    values = field(*coordinates(part, face_axis), *time) if callable(field) else field
    return np.broadcast_to(np.asarray(values, float), part.extent.shape).copy()
