"""The grids of a steady run from coarse to fine: which one it is on, and what a checkpoint has to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from thermo.case import CaseError
from thermo.case.model import Case
from thermo.flow.prolongation import start_from
from thermo.report.steady import steady_entry
from thermo.simulation.assembly import Assembly
from thermo.simulation.grids import coarser, ratios
from thermo.simulation.watch import Watch
from thermo.steady.verdict import Verdict

PREFIX = "steady."


@dataclass(frozen=True)
class Climbed:
    """A coarse grid that was left behind: its cells over those of the case, their number, windows and s marched there,
    and whether everything was settled."""

    ratio: float
    cells: int
    windows: int
    simulated_s: float
    settled: bool


class Ladder:
    """Rungs are grids; the last one is that of the case. `assembly` and `watch` belong to the rung of the moment.

    It stands for the solver of the moment where a checkpoint is written or read.
    """

    def __init__(self, case: Case, own: Assembly, build: Callable[[Case], Assembly]) -> None:
        """own: the assembly of the case. build: makes that of the case on another mesh."""
        self._case, self._own, self._build = case, own, build
        self._ratios, self.notes = ratios(case)
        self.climbed: list[Climbed] = []
        self.updates = 0  # of cells, in this session
        self._step_on(*self._next(0))

    def _next(self, first: int) -> tuple[int, Assembly]:
        """The first rung from `first` on that the case has a mesh for; others are noted and left out."""
        for rung in range(first, len(self._ratios) - 1):
            try:
                return rung, self._build(coarser(self._case, self._ratios[rung]))
            except CaseError as error:
                self.notes.append(f"no grid of cells {self._ratios[rung]:g} times larger: {error.message}")
        return len(self._ratios) - 1, self._own

    def _step_on(self, rung: int, assembly: Assembly) -> None:
        self.rung, self.assembly = rung, assembly
        self.watch = Watch(assembly.solver, assembly.terms)

    @property
    def ratio(self) -> float:
        """Size of the cells over that of the case's own."""
        return self._ratios[self.rung]

    @property
    def on_own_grid(self) -> bool:
        return self.assembly is self._own

    def climb(self, verdict: Verdict, settled: bool) -> None:
        """Go on to the next finer grid, with the fields of this one."""
        solver = self.assembly.solver
        self.climbed.append(Climbed(self.ratio, self.assembly.mesh.cells, verdict.windows, solver.time, settled))
        rung, finer = self._next(self.rung + 1)
        start_from(finer.solver, solver)
        self._step_on(rung, finer)

    def report(self) -> dict:
        """What is known of the steady state, for report.json."""
        grids = [asdict(grid) for grid in self.climbed]
        return steady_entry(self.watch.review(), self.assembly.terms.window, grids, self.on_own_grid)

    # ------------------------------------------------------------------ as the solver of the moment

    @property
    def time(self) -> float:
        return self.assembly.solver.time

    @property
    def step(self) -> int:
        return self.assembly.solver.step

    def readings(self) -> dict:
        return self.assembly.solver.readings()

    def state(self) -> dict[str, np.ndarray | float | int | bool]:
        """The state of the solver of the moment, its watch, and the way up to here."""
        climbed = np.array([list(asdict(grid).values()) for grid in self.climbed], np.float64).reshape(-1, 5)
        own = self.watch.state() | {"rung": self.rung, "climbed": climbed}
        return self.assembly.solver.state() | {PREFIX + name: value for name, value in own.items()}

    def restore(self, found: dict) -> None:
        """Back to what `state` returned. Raises KeyError or ValueError for the state of another run."""
        own = {name.removeprefix(PREFIX): value for name, value in found.items() if name.startswith(PREFIX)}
        rung = int(own["rung"])
        if rung != self.rung:
            self._step_on(*self._next(rung))
        if rung != self.rung:
            raise ValueError(f"grid {rung} of the run cannot be made any more")
        self.assembly.solver.restore({name: value for name, value in found.items() if not name.startswith(PREFIX)})
        self.watch.restore(own)
        self.climbed = [
            Climbed(float(ratio), int(cells), int(windows), float(time), bool(settled))
            for ratio, cells, windows, time, settled in own["climbed"]
        ]
