"""The pressure equation: multigrid-preconditioned conjugate gradients over sparse rows and open faces."""

from thermo.flow.pressure.rows import OUTSIDE, SparseRows, rows_of_faces
from thermo.flow.pressure.solver import PendingSolve, PressureError, PressureSolver, SolveResult

__all__ = ["OUTSIDE", "PendingSolve", "PressureError", "PressureSolver", "SolveResult", "SparseRows", "rows_of_faces"]
