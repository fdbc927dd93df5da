"""Turbulence that the cells do not resolve: models, eddy viscosity, the layer at walls."""

from thermo.flow.turbulence.model import (
    K_EPSILON,
    LES,
    MODELS,
    RNG,
    SST,
    InflowTurbulence,
    KEpsilon,
    KOmega,
    LargeEddies,
    MeanFlowModel,
    Turbulence,
)

__all__ = [
    "K_EPSILON", "LES", "MODELS", "RNG", "SST", "InflowTurbulence",
    "KEpsilon", "KOmega", "LargeEddies", "MeanFlowModel", "Turbulence",
]  # fmt: skip
