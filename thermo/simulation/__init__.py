"""A case carried out: mesh and solver assembled, marched in time, recorded, and continued after an interruption."""

from thermo.simulation.entry import run
from thermo.simulation.outcome import RunFailed, RunInterrupted, RunRefused

__all__ = ["RunFailed", "RunInterrupted", "RunRefused", "run"]
