"""Random eddies as functions of place and time: what a turbulent flow starts from, or is stirred by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np


@dataclass(frozen=True)
class Eddies:
    """A velocity field without divergence, the sum of plane waves that the flow carries along.

    u_c(x, t) = sum_m a_mc cos(k_m . (x - V t) + phi_m) with a_m at right angles to k_m, after Kraichnan (1970), Phys.
    Fluids 13, 22.

    waves: k, 1/m, (n, 3). amplitudes: a, m/s, (n, 3). phases: phi, (n,). drift: V, m/s.
    """

    waves: np.ndarray
    amplitudes: np.ndarray
    phases: np.ndarray
    drift: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @classmethod
    def of_waves(cls, waves: np.ndarray, drift: tuple[float, float, float] = (0.0, 0.0, 0.0), seed: int = 1) -> Eddies:
        """Waves of these k with random directions and phases; the root mean square of a component is about 1 m/s."""
        rng = np.random.default_rng((seed, len(waves)))  # not the numbers that made the waves
        directions = np.cross(waves, rng.normal(size=waves.shape))
        directions /= np.linalg.norm(directions, axis=1)[:, None]
        amplitude = np.sqrt(2.0 * 3.0 / len(waves))
        return cls(waves, amplitude * directions, rng.uniform(0.0, 2.0 * np.pi, len(waves)), drift)

    def __call__(self, component: int, x: np.ndarray, y: np.ndarray, z: np.ndarray, time: float = 0.0) -> np.ndarray:
        """One component at points that broadcast as lines along x, y and z, m/s, (nz, ny, nx)."""
        lines = (np.ravel(line) for line in (x, y, z))
        along = [np.exp(1j * np.outer(self.waves[:, axis], line)) for axis, line in enumerate(lines)]
        start = self.amplitudes[:, component] * np.exp(1j * (self.phases - time * (self.waves @ np.array(self.drift))))
        plane = np.einsum("mk,mj->mkj", start[:, None] * along[2], along[1])
        shape = plane.shape[1:] + (along[0].shape[1],)
        return (plane.reshape(len(start), -1).T @ along[0]).real.reshape(shape)


def periodic_waves(
    lengths: tuple[float, float, float], most: tuple[int, int, int], count: int, seed: int = 1
) -> np.ndarray:
    """Wave numbers of random waves that fit a periodic box, 1/m, (count, 3).

    most: largest number of waves along each axis, of either sign.
    """
    rng = np.random.default_rng(seed)
    numbers = np.stack([rng.integers(-m, m + 1, count) for m in most], axis=1)
    numbers[:, 1] = np.where((numbers == 0).all(axis=1), 1, numbers[:, 1])
    return 2.0 * np.pi * numbers / np.array(lengths)


def isotropic_waves(length: float, count: int, seed: int = 1) -> np.ndarray:
    """Wave numbers of random direction with wave lengths between half of and twice `length` (m), 1/m, (count, 3)."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    return 2.0 * np.pi / length * rng.uniform(0.5, 2.0, count)[:, None] * directions


@dataclass(frozen=True)
class Stirring:
    """Forces on the air between two planes x = start and x = end that make eddies of a given strength in what passes.

    What crosses the stretch at the speed U of the drift gains L f/U, L its length: so f = rho U q(y, z)/L, times a bell
    that makes up for its mean of a half, along the eddies, which drift with the flow.

    eddies: with a drift along x. strength: q, m/s, root mean square of a component, a function of y and z (m).
    density: kg/m3.
    """

    eddies: Eddies
    start: float
    end: float
    strength: Callable[[np.ndarray, np.ndarray], np.ndarray]
    density: float

    def force(self, component: int, x: np.ndarray, y: np.ndarray, z: np.ndarray, time: float) -> np.ndarray:
        """N/m3 along one axis at points that broadcast as lines along x, y and z, (nz, ny, nx)."""
        found = np.zeros(np.broadcast_shapes(x.shape, y.shape, z.shape))
        line = np.ravel(x)
        inside = np.flatnonzero((line > self.start) & (line < self.end))
        if len(inside):
            length = self.end - self.start
            bell = 2.0 * np.sin(np.pi * (line[inside] - self.start) / length) ** 2
            size = self.density * self.eddies.drift[0] / length * self.strength(y, z)
            found[:, :, inside] = size * bell * self.eddies(component, line[inside], y, z, time)
        return found

    def sources(self) -> dict[str, Callable]:
        """The forces by the names of the sources of a run."""
        return {name: partial(self.force, component) for component, name in enumerate(("ux", "uy", "uz"))}
