"""Statistics of a channel between walls below and above: means over its planes and over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.validation.refinement import low_face_velocity

if TYPE_CHECKING:
    from thermo.flow import Solver

CENTRES = ("u", "t", "uu", "vv", "tt")  # mean over x, y of the velocity along x, of theta - wall, and of squares
FACES = ("ww", "uw", "wt", "viscous")  # on the faces between the layers: squares, fluxes, mean of nu du/dz


class PlaneStatistics:
    """Sums over the planes of a channel, periodic along x and y with walls at both ends of z, at moments of a run.

    Products are formed where the discrete momentum forms them: u w on the edges that a flux of x-momentum crosses, as
    the product of the means of two neighbours, so that all stresses add up to the straight line of the balance.
    The viscous stress has the eddy viscosity of the moment.
    """

    def __init__(self, solver: Solver, wall_temperature: float) -> None:
        """wall_temperature: degC, subtracted from the temperature."""
        self.solver, self.wall = solver, wall_temperature
        layers = solver.mesh.z.n
        self.samples = 0
        self.last: dict[str, np.ndarray] = {}  # what the last sample added
        self.sums = {name: np.zeros(layers) for name in CENTRES} | {name: np.zeros(layers + 1) for name in FACES}

    def take(self) -> None:
        """Add the fields of this moment."""
        solver, mesh = self.solver, self.solver.mesh
        u, v, w = (low_face_velocity(solver, axis).astype(np.float64) for axis in range(3))
        t = solver.field("temperature").astype(np.float64) - self.wall
        mu = solver.decomposition.gather([solver.backend.to_host(part.mu) for part in solver.parts]).astype(np.float64)
        density = solver.setup.fluid.still_density
        mean = lambda field: field.mean(axis=(1, 2))  # noqa: E731
        before = lambda field: 0.5 * (field + np.roll(field, 1, axis=2))  # noqa: E731
        between = lambda field: 0.5 * (field[1:] + field[:-1])  # noqa: E731
        found = {"u": mean(u), "t": mean(t), "uu": mean(u * u), "vv": mean(v * v), "tt": mean(t * t)}
        heights = mesh.z.centre_distances[1:-1, None, None]
        slope = np.diff(u, axis=0) / heights + ((w - np.roll(w, 1, axis=2)) / mesh.x.widths)[1:]
        inside = {
            "ww": mean(w[1:] ** 2), "uw": mean(between(u) * before(w)[1:]), "wt": mean(w[1:] * between(t)),
            "viscous": mean(_at_edges(before(mu), mesh.z.widths) * slope) / density,
        }  # fmt: skip
        found |= {name: np.pad(values, 1) for name, values in inside.items()}
        for name, values in found.items():
            self.sums[name] += values
        self.last = found
        self.samples += 1

    def mean(self, name: str) -> np.ndarray:
        """Average of one of CENTRES (nz,) or FACES (nz + 1,; 0 at the walls)."""
        return self.sums[name] / self.samples

    def folded(self, name: str) -> np.ndarray:
        """The average over both halves, from the wall to the middle; fluxes, as odd functions, away from the wall."""
        values = self.mean(name)
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
