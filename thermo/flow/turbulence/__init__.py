"""Turbulence that the cells do not resolve: eddy viscosity and the layer at walls."""

from thermo.flow.turbulence.eddy import EddyViscosity
from thermo.flow.turbulence.model import LES, Turbulence

__all__ = ["LES", "EddyViscosity", "Turbulence"]
