"""From a case to a solver that is ready to march."""

from __future__ import annotations

from dataclasses import dataclass

from thermo.simulation.march import Solver
from thermo.simulation.timetable import Timetable


@dataclass(frozen=True)
class Assembly:
    """Mesh, backend and initialised solver of a case, and when its march writes what.

    ``description``: lines for the log that say what was built and why.
    """

    mesh: object
    backend: object
    solver: Solver
    timetable: Timetable
    description: tuple[str, ...]
