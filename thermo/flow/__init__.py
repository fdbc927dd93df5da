"""The equations and their march in time."""

from thermo.flow.march import FlowError
from thermo.flow.setup import Fluid, Scheme, Setup
from thermo.flow.solver import Solver

__all__ = ["FlowError", "Fluid", "Scheme", "Setup", "Solver"]
