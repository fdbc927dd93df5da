"""A case carried out: mesh and solver assembled, marched in time, recorded, and continued after an interruption."""

from thermo.simulation.outcome import RunFailed, RunInterrupted, RunRefused
from thermo.simulation.entry import run

__all__ = ["RunFailed", "RunInterrupted", "RunRefused", "run"]
