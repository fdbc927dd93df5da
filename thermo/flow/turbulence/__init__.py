"""Turbulence that the cells do not resolve: models, eddy viscosity, the layer at walls."""

from thermo.flow.turbulence.model import K_EPSILON, LES, MODELS, RNG, KEpsilon, LargeEddies, Turbulence

__all__ = ["K_EPSILON", "LES", "MODELS", "RNG", "KEpsilon", "LargeEddies", "Turbulence"]
