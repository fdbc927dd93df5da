"""What is known of a transported scalar before a run: its diffusion, where it comes from and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from thermo.mesh.patch import FacePatch


@dataclass(frozen=True)
class CellSource:
    """rate: kg/s (of s times kg of air), spread over cells int[n, 3] (k, j, i) by `share`, which sums to 1."""

    name: str
    rate: float
    cells: np.ndarray
    share: np.ndarray


@dataclass(frozen=True)
class WallValue:
    """A wall surface at which the scalar has a given value: the conductance is molecular, over half a cell."""

    patch: FacePatch
    value: float


@dataclass(frozen=True)
class TransportedScalar:
    """A quantity s per kg of air.

        ds/dt = (1/rho) {-[sum m s_f - s sum m]/V + div(Gamma grad s)} + source - decay s + sources in cells

    with Gamma = diffusivity + eddy viscosity / turbulent_schmidt. Walls let nothing through, unless `walls` name them.

    diffusivity: molecular, rho D, kg/(m s). initial: a number or f(x, y, z) on the cell centres.
    source: per second, in all air. decay: 1/s.
    entering: of air that comes from outside through supplies and openings that the next two do not name.
    discharged: by name of an exchange, of the air that it discharges; other devices pass on what they draw in.
    outside: by name of a pressure opening, of the air outside.
    gains: by name of an exchange, kg/s that it adds to the air which it passes on.
    written: among the fields of a run and their averages.
    reacting: production (per second) and loss (1/s) are fields that a model renews; see `ScalarBlock.reaction`.
    diffusing: Gamma is a field that a model renews, in place of the above; see `ScalarBlock.diffusivity`.
    """

    name: str
    diffusivity: float = 0.0
    turbulent_schmidt: float = 0.7
    initial: float | Callable[..., np.ndarray] = 0.0
    source: float = 0.0
    decay: float = 0.0
    entering: float = 0.0
    discharged: Mapping[str, float] = field(default_factory=dict)
    outside: Mapping[str, float] = field(default_factory=dict)
    gains: Mapping[str, float] = field(default_factory=dict)
    sources: tuple[CellSource, ...] = ()
    walls: tuple[WallValue, ...] = ()
    reacting: bool = False
    diffusing: bool = False
    written: bool = True

    @property
    def sinks(self) -> bool:
        """Whether a stage ends with the implicit sink."""
        return self.reacting or self.decay > 0.0
