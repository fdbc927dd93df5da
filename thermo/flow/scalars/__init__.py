"""Scalars that the air carries: humidity, age of air, tracers, smoke, and the quantities of turbulence models."""

from thermo.flow.scalars.definition import CellSource, TransportedScalar, WallValue

__all__ = ["CellSource", "TransportedScalar", "WallValue"]
