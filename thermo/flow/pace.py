"""When the host looks at the device: the rates of flow and diffusion, and how many pressure iterations a step makes.

A host backend is looked at at once: every solve iterates until it has converged. On an accelerator each step would
wait for the last one; so the number of iterations is fixed before the solve, and both numbers are looked at two steps
later. The choice then depends on the data only, never on timing, and a run stays reproducible.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend
from thermo.flow.pressure import PendingSolve, PressureSolver, SolveResult

LAG = 2  # steps
COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32)  # numbers of iterations that a step may be given
EASY = 0.03  # residuals below this share of the tolerance allow one size less: an iteration reduces them tenfold


class Pace:
    """Keeps the readings under way.

    `rate` is the last Courant rate known, `diffusion` the last rate of an eddy viscosity (both 1/s), `result` the last
    solve known.

    rates: of every part an array of both.
    """

    def __init__(
        self, backend: Backend, pressure: PressureSolver, rates: Sequence[Any], lag: int | None = None
    ) -> None:
        self.backend, self.pressure, self.rates = backend, pressure, rates
        self.lag = (LAG if backend.asynchronous else 0) if lag is None else lag
        self.reset()

    def reset(self) -> None:
        """Forget everything, as before a first step."""
        self.rate = self.diffusion = 0.0
        self.result: SolveResult | None = None
        self._rates: deque = deque()
        self._solves: deque = deque()
        self._size = COUNTS.index(8)

    def solve(self, dt_over_rho: float, tolerance: float, relative: float) -> None:
        """Solve the pressure equation of this step."""
        if self.lag == 0:
            self.result = self.pressure.solve(dt_over_rho, tolerance, relative)
            return
        self._solves.append(self.pressure.solve(dt_over_rho, tolerance, relative, COUNTS[self._size]))
        if len(self._solves) > self.lag:
            self.result = _wait(self._solves.popleft())
            self._choose_size(dt_over_rho, tolerance, relative)

    def _choose_size(self, dt_over_rho: float, tolerance: float, relative: float) -> None:
        # a change shows `lag` steps later: what was under way before it says nothing about it
        if self.result.iterations != COUNTS[self._size]:
            return
        residual = max(self.result.residual_max * dt_over_rho / tolerance, self.result.residual_l2 / relative)
        if not self.result.converged:
            self._size = min(self._size + 1, len(COUNTS) - 1)
        elif residual < EASY:
            self._size = max(self._size - 1, 0)

    def read_rate(self, at_once: bool = False) -> float:
        """Note the rates of the current step; returns the newest Courant rate that may be looked at, 1/s."""
        if self.lag == 0 or at_once:
            found = [self.backend.to_host(rate) for rate in self.rates]
            self.rate, self.diffusion = (float(value) for value in np.max(found, axis=0))
            return self.rate
        self._rates.append([self.backend.read_later(rate) for rate in self.rates])
        if len(self._rates) > self.lag:
            self.rate, self.diffusion = _largest(self._rates.popleft())
        return self.rate

    def state(self) -> dict[str, np.ndarray | float]:
        """For a checkpoint; waits for what is under way."""
        self._rates = deque(_largest(rates) for rates in self._rates)
        self._solves = deque(_wait(solve) for solve in self._solves)
        solves = [*self._solves, *([self.result] if self.result else [])]
        return {
            "pace.rate": self.rate,
            "pace.diffusion": self.diffusion,
            "pace.size": self._size,
            "pace.known": int(self.result is not None),
            "pace.rates": np.array(self._rates, np.float64).reshape(-1, 2),
            "pace.solves": np.array(
                [(s.iterations, s.converged, s.residual_max, s.residual_l2) for s in solves], np.float64
            ).reshape(-1, 4),
        }

    def restore(self, found: dict) -> None:
        """Back to what `state` returned."""
        self.reset()
        self.rate, self.diffusion = float(found["pace.rate"]), float(found["pace.diffusion"])
        self._size = int(found["pace.size"])
        self._rates = deque((float(flow), float(diffusion)) for flow, diffusion in found["pace.rates"])
        solves = [SolveResult(int(n), bool(c), float(m), float(r), {}, {}) for n, c, m, r in found["pace.solves"]]
        self.result = solves.pop() if found["pace.known"] else None
        self._solves = deque(solves)


def _wait(solve: PendingSolve | SolveResult) -> SolveResult:
    return solve.wait() if isinstance(solve, PendingSolve) else solve


def _largest(rates: Any) -> tuple[float, float]:
    if isinstance(rates, tuple):
        return rates
    flow, diffusion = np.max([reading.wait() for reading in rates], axis=0)
    return float(flow), float(diffusion)
