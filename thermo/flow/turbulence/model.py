"""The turbulence models and their constants: one set for all cases."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Literal

from kernels.scalars import Scalar

LARGEST_FILM = 50.0  # W/(m2 K): what the films of a run are not expected to exceed; bounds the steps of solids


@dataclass(frozen=True)
class Turbulence:
    """A model of the turbulence that the cells do not resolve, with the layer at walls that belongs to it.

    model: "les" (Vreman 2004, Physics of Fluids 16, 3670).
    coefficient: c of Vreman, 2.5 times the square of Smagorinsky's constant: 0.07 is for C_S = 0.17.
    prandtl: turbulent Prandtl number, of subgrid heat too.
    kappa, log_constant: u+ = ln(y+) / kappa + log_constant, of Spalding's law of the wall.
    """

    model: Literal["les"]
    coefficient: float = 0.07
    prandtl: float = 0.85
    kappa: float = 0.41
    log_constant: float = 5.2

    def scalars(self, prandtl: float) -> dict[Scalar, float]:
        """What the kernels read of it, in a fluid of the given Prandtl number.

        Kader (1981), eq. 33; Churchill & Chu (1975), eq. 9 for large Ra: (0.387 / (...)^(8/27))^2.
        """
        return {
            Scalar.KADER: (3.85 * prandtl ** (1 / 3) - 1.3) ** 2 + 2.12 * log(prandtl),
            Scalar.NATURAL: 0.387**2 / (1.0 + (0.492 / prandtl) ** (9 / 16)) ** (16 / 27),
            Scalar.VREMAN: self.coefficient,
            Scalar.RECIPROCAL_PRANDTL_TURBULENT: 1.0 / self.prandtl,
            Scalar.KAPPA: self.kappa,
            Scalar.SPALDING: exp(-self.kappa * self.log_constant),
        }


LES = Turbulence("les")
