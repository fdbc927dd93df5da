"""Turbulence that the cells do not resolve: models, eddy viscosity, the layer at walls."""

from thermo.flow.turbulence.model import LES, Turbulence

__all__ = ["LES", "Turbulence"]
