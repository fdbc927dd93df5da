"""From a case to a solver that is ready to march."""

from __future__ import annotations

from dataclasses import dataclass

from thermo.simulation.march import Solver
from thermo.simulation.timetable import Timetable


@dataclass(frozen=True)
class Assembly:
    """Mesh, backend and initialised solver of a case, and how its march is controlled.

    ``checkpoint_every``: s of wall time. ``description``: lines for the log that say what was built and why.
    """

    mesh: object
    backend: object
    solver: Solver
    timetable: Timetable
    checkpoint_every: float
    description: tuple[str, ...]


def assemble(case, backend, precision): raise NotImplementedError
