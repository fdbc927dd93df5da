"""Statistics of a channel between walls below and above: means over its planes and over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.validation.refinement import low_face_velocity

if TYPE_CHECKING:
    from thermo.flow import Solver

CENTRES = ("u", "t", "uu", "vv", "tt")  # mean over x, y of the velocity along x, of theta - wall, and of squares
FACES = ("ww", "uw", "wt", "viscous")  # on the faces between the layers: squares, fluxes, mean of nu du/dz


def plane_statistics(solver: Solver, wall_temperature: float) -> dict[str, np.ndarray]:
    """Means over the planes of a channel, periodic along x and y with walls at both ends of z, of this moment.

    CENTRES are (nz,), FACES (nz + 1,) and 0 at the walls. Products are formed where the discrete momentum forms them:
    u w on the edges that a flux of x-momentum crosses, as the product of the means of two neighbours, so that all
    stresses add up to the straight line of the balance. The viscous stress has the eddy viscosity of the moment.
    wall_temperature: degC, subtracted from the temperature.
    """
    mesh, density = solver.mesh, solver.setup.fluid.still_density
    u, v, w = (low_face_velocity(solver, axis).astype(np.float64) for axis in range(3))
    t = solver.field("temperature").astype(np.float64) - wall_temperature
    mu = solver.decomposition.gather([solver.backend.to_host(part.mu) for part in solver.parts]).astype(np.float64)
    mean = lambda field: field.mean(axis=(1, 2))  # noqa: E731
    before = lambda field: 0.5 * (field + np.roll(field, 1, axis=2))  # noqa: E731
    between = lambda field: 0.5 * (field[1:] + field[:-1])  # noqa: E731
    heights = mesh.z.centre_distances[1:-1, None, None]
    slope = np.diff(u, axis=0) / heights + ((w - np.roll(w, 1, axis=2)) / mesh.x.widths)[1:]
    inside = {
        "ww": mean(w[1:] ** 2), "uw": mean(between(u) * before(w)[1:]), "wt": mean(w[1:] * between(t)),
        "viscous": mean(_at_edges(before(mu), mesh.z.widths) * slope) / density,
    }  # fmt: skip
    found = {"u": mean(u), "t": mean(t), "uu": mean(u * u), "vv": mean(v * v), "tt": mean(t * t)}
    return found | {name: np.pad(values, 1) for name, values in inside.items()}


class PlaneMeans:
    """Averages of `plane_statistics` over time, by name."""

    def __init__(self, means: Mapping[str, np.ndarray]) -> None:
        self.means = means

    def folded(self, name: str) -> np.ndarray:
        """The average over both halves, from the wall to the middle; fluxes, as odd functions, away from the wall."""
        values = self.means[name]
        half = (len(values) + 1) // 2
        sign = -1.0 if name in ("uw", "wt", "viscous") else 1.0
        return 0.5 * (values + sign * values[::-1])[:half]

    def deviation(self, square: str) -> np.ndarray:
        """Root mean square of the fluctuations: of "uu", "vv", "ww" m/s, "tt" K, from the wall to the middle."""
        of = {"uu": "u", "tt": "t"}.get(square)
        mean = self.folded(of) ** 2 if of else 0.0
        return np.sqrt(np.maximum(self.folded(square) - mean, 0.0))


def _at_edges(mu: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Viscosity between the layers, the mean by volume of both (nz - 1, ny, nx)."""
    w = widths[:, None, None]
    return (w[1:] * mu[1:] + w[:-1] * mu[:-1]) / (w[1:] + w[:-1])
