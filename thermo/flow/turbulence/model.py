"""The turbulence models and their constants: one set for all cases."""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, exp, log

from kernels.scalars import Scalar

LARGEST_FILM = 50.0  # W/(m2 K): what the films of a run are not expected to exceed; bounds the steps of solids
LARGEST_LIQUID_FILM = 1000.0  # the same of natural convection in liquids: water at 10 K has 700


def vertical_natural_constant(prandtl: float) -> float:
    """C of Nu = C Ra^(1/3) along a vertical wall: Churchill & Chu (1975), eq. 9 at large Ra, (0.387/(...)^(8/27))^2."""
    return 0.387**2 / (1.0 + (0.492 / prandtl) ** (9 / 16)) ** (16 / 27)


@dataclass(frozen=True)
class Turbulence:
    """What all models share: the layer at walls and the diffusion of heat.

    model: its name in a case. prandtl: turbulent Prandtl number, of subgrid heat too.
    kappa, log_constant: u+ = ln(y+) / kappa + log_constant, of Spalding's law of the wall.
    """

    model: str
    prandtl: float = 0.85
    kappa: float = 0.41
    log_constant: float = 5.2

    def scalars(self, prandtl: float) -> dict[Scalar, float]:
        """What the kernels read of it, in a fluid of the given Prandtl number.

        Kader (1981), eq. 33.
        """
        return {
            Scalar.KADER: (3.85 * prandtl ** (1 / 3) - 1.3) ** 2 + 2.12 * log(prandtl),
            Scalar.NATURAL: vertical_natural_constant(prandtl),
            Scalar.RECIPROCAL_PRANDTL_TURBULENT: 1.0 / self.prandtl,
            Scalar.KAPPA: self.kappa,
            Scalar.SPALDING: exp(-self.kappa * self.log_constant),
        }


@dataclass(frozen=True)
class LargeEddies(Turbulence):
    """Vreman (2004), Physics of Fluids 16, 3670.

    coefficient: c of Vreman, 2.5 times the square of Smagorinsky's constant: 0.07 is for C_S = 0.17.
    """

    coefficient: float = 0.07

    def scalars(self, prandtl: float) -> dict[Scalar, float]:
        return super().scalars(prandtl) | {Scalar.VREMAN: self.coefficient}


@dataclass(frozen=True)
class InflowTurbulence:
    """Of the air that a device discharges or an opening lets in.

    intensity: fluctuation of one component over the speed. length: of the eddies, m. k = 3/2 (intensity
        speed)^2. None: that of the model.
    """

    intensity: float | None = None
    length: float | None = None


@dataclass(frozen=True)
class MeanFlowModel(Turbulence):
    """What the models of two equations share: the turbulence of air that enters, of the beginning, and bounds.

    intensity, length_share: of the air that devices discharge, its fluctuations over its speed and their length over
        the root of the area.
    initial_energy (m2/s2), initial_ratio (eddy over molecular viscosity): of the air at the beginning and outside.
    largest_ratio: bound of the eddy over the molecular viscosity, against 0/0 where both quantities vanish.
    """

    intensity: float = 0.05
    length_share: float = 0.07
    initial_energy: float = 1e-3
    initial_ratio: float = 10.0
    largest_ratio: float = 1e5


@dataclass(frozen=True)
class KEpsilon(MeanFlowModel):
    """For k and its dissipation: Launder & Spalding (1974); renormalised: Yakhot et al. (1992).

    sigma_k, sigma_epsilon: eddy viscosity over the diffusivity of each. eta_0, beta: of the renormalised C_1 alone.
    layer_end, layer_blend: y k^0.5/nu below which one equation and a length take over, and the width of the passage:
        Chen & Patel (1988), and a tenth of it to 98 % as Jongen (1998) blends.
    """

    c_mu: float = 0.09
    c_1: float = 1.44
    c_2: float = 1.92
    sigma_k: float = 1.0
    sigma_epsilon: float = 1.3
    renormalised: bool = False
    eta_0: float = 4.38
    beta: float = 0.012
    layer_end: float = 200.0
    layer_blend: float = 20.0 / atanh(0.98)

    def constants(self) -> tuple[float, ...]:
        """In the order of the kernels."""
        return (self.c_mu, self.c_1, self.c_2, self.eta_0, self.beta, self.largest_ratio, self.layer_end,
                self.layer_blend)  # fmt: skip

    @property
    def by_length(self) -> float:
        """epsilon is this times k^1.5 over the length of the eddies."""
        return self.c_mu**0.75

    def second_by_length(self, energy: float, length: float) -> float:
        """epsilon of eddies of a length (m) with the energy k, m2/s3."""
        return self.by_length * energy**1.5 / length

    def second_by_viscosity(self, energy: float, eddy_viscosity: float) -> float:
        """epsilon at which k gives an eddy viscosity (m2/s), m2/s3."""
        return self.c_mu * energy**2 / eddy_viscosity


@dataclass(frozen=True)
class KOmega(MeanFlowModel):
    """For k and omega = epsilon/(beta_star k): shear-stress transport of Menter, Kuntz & Langtry (2003).

    Constants of the layer at walls (_1) and of the free stream (_2); sigma: diffusivity over the eddy viscosity.
    shear_stress: a_1, largest stress over k. largest_production: of k, over its dissipation.
    """

    beta_star: float = 0.09
    shear_stress: float = 0.31
    alpha_1: float = 5.0 / 9.0
    alpha_2: float = 0.44
    beta_1: float = 0.075
    beta_2: float = 0.0828
    sigma_k_1: float = 0.85
    sigma_k_2: float = 1.0
    sigma_omega_1: float = 0.5
    sigma_omega_2: float = 0.856
    largest_production: float = 10.0

    def constants(self) -> tuple[float, ...]:
        """In the order of the kernels."""
        return (self.beta_star, self.shear_stress, self.alpha_1, self.alpha_2, self.beta_1, self.beta_2, self.sigma_k_1,
                self.sigma_k_2, self.sigma_omega_1, self.sigma_omega_2, self.largest_production,
                self.largest_ratio)  # fmt: skip

    @property
    def by_length(self) -> float:
        """omega is this times k^0.5 over the length of the eddies."""
        return self.beta_star**-0.25

    def second_by_length(self, energy: float, length: float) -> float:
        """omega of eddies of a length (m) with the energy k, 1/s."""
        return self.by_length * energy**0.5 / length

    def second_by_viscosity(self, energy: float, eddy_viscosity: float) -> float:
        """omega at which k gives an eddy viscosity (m2/s), 1/s."""
        return energy / eddy_viscosity


LES = LargeEddies("les")
K_EPSILON = KEpsilon("k-epsilon")
RNG = KEpsilon("rng", c_mu=0.0845, c_1=1.42, c_2=1.68, sigma_k=0.7194, sigma_epsilon=0.7194, renormalised=True)
SST = KOmega("sst")

MODELS = {model.model: model for model in (LES, K_EPSILON, RNG, SST)}
"""By their names in a case."""
