"""One axis of the tensor-product grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Axis:
    """Cell faces along one direction.

    ``faces`` is float64[n+1] in metres, strictly increasing. On a periodic axis the first and the last face are the
    same face. Raises ValueError when the faces do not increase.
    """

    faces: np.ndarray
    periodic: bool = False

    def __post_init__(self) -> None:
        faces = np.ascontiguousarray(self.faces, dtype=np.float64)
        if faces.ndim != 1 or faces.size < 2 or not np.all(np.diff(faces) > 0.0):
            raise ValueError("an axis needs at least two faces that strictly increase")
        faces.flags.writeable = False
        object.__setattr__(self, "faces", faces)

    @property
    def n(self) -> int:
        """Number of cells."""
        return self.faces.size - 1

    @property
    def length(self) -> float:
        """Distance between the first and the last face, m."""
        return float(self.faces[-1] - self.faces[0])

    @cached_property
    def widths(self) -> np.ndarray:
        """Cell widths, float64[n], m."""
        return np.diff(self.faces)

    @cached_property
    def centres(self) -> np.ndarray:
        """Cell centres, float64[n], m."""
        return 0.5 * (self.faces[:-1] + self.faces[1:])

    @cached_property
    def centre_distances(self) -> np.ndarray:
        """Distance between the centres on both sides of each face, float64[n+1], m.

        At the ends of an axis it is half the width of the only cell there; on a periodic axis the mean of the first
        and the last width.
        """
        widths = self.widths
        distances = np.empty(self.n + 1)
        distances[1:-1] = 0.5 * (widths[:-1] + widths[1:])
        if self.periodic:
            distances[0] = distances[-1] = 0.5 * (widths[0] + widths[-1])
        else:
            distances[0], distances[-1] = 0.5 * widths[0], 0.5 * widths[-1]
        return distances
