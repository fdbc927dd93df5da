"""Time averages of temperature, pressure, velocity, transported scalars and mass flux; of squares in LES.

Sums run in the precision of the fields over blocks of at most 256 steps, which the host then folds into float64: a
long sum in single precision would stop growing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.part import FLUXES, Part
from thermo.flow.scalars.block import ScalarBlock

BLOCK = 256  # steps
NAMES = ("theta", "p", "ux", "uy", "uz")
MOMENTS = ("sum_xx", "sum_yy", "sum_zz", "sum_tt", "sum_eddy")  # squares of velocity, theta and eddy viscosity


class Averages:
    """Time sums of the fields of all parts; `active` once begun."""

    def __init__(
        self, backend: Backend, parts: Sequence[Part], bind: Binder, transported: ScalarBlock,
        mean_flux: bool, moments: dict[str, int] | None = None,
    ) -> None:  # fmt: skip
        """moments: switches of the kernel that sums squares; None: none are summed."""
        self.backend, self.parts, self.bind, self.transported = backend, parts, bind, transported
        self.mean_flux = mean_flux
        self.moments = moments
        squares = MOMENTS if moments is not None else ()
        self.names = (*NAMES, *transported.written, *(FLUXES if mean_flux else ()), *squares)
        self.active = False
        self.duration = 0.0
        self.steps = 0
        self.blocks: list[dict] = []
        self.folded: list[dict[str, np.ndarray]] = []

    def begin(self) -> None:
        """Start the sums at zero; memory is taken at the first call."""
        shapes = [part.extent.shape for part in self.parts]
        self.blocks = self.blocks or [{name: self.backend.zeros(shape) for name in self.names} for shape in shapes]
        self._clear()
        self.folded = [{name: np.zeros(shape) for name in self.names} for shape in shapes]
        self.active, self.duration, self.steps = True, 0.0, 0

    def _clear(self) -> None:
        for block in self.blocks:
            for array in block.values():
                self.backend.upload(array, np.zeros(array.shape))

    def nodes(self, level: int) -> list[Node]:
        """Add the fields of `level`, weighted with the time step."""
        nodes = []
        for number, (part, block) in enumerate(zip(self.parts, self.blocks, strict=True)):
            nodes.append(self.bind("accumulate", part, x=part.theta[level], sum=block["theta"]))
            nodes.append(self.bind("accumulate", part, x=part.p, sum=block["p"]))
            nodes.append(
                self.bind("accumulate_velocity", part, **part.velocity, sum_x=block["ux"], sum_y=block["uy"],
                          sum_z=block["uz"])
            )  # fmt: skip
            for name in FLUXES if self.mean_flux else ():
                nodes.append(
                    self.bind("accumulate_faces", part, count=part.theta_stage.size, x=part.flux[level][name],
                              sum=block[name])
                )  # fmt: skip
            if self.moments is not None:
                nodes.append(
                    self.bind("accumulate_moments", part, self.moments, **part.velocity, theta=part.theta[level],
                              mu=part.mu, rho=part.rho, **{name: block[name] for name in MOMENTS})
                )  # fmt: skip
            for name in self.transported.written:
                of_part = self.transported.fields[level][name][number]
                nodes.append(self.bind("accumulate", part, x=of_part, sum=block[name]))
        return nodes

    def count(self, dt: float) -> None:
        """Note a step of dt (s) that was added; folds a full block."""
        self.duration += dt
        self.steps += 1
        if self.steps % BLOCK == 0:
            self._fold()

    def _fold(self) -> None:
        for block, folded in zip(self.blocks, self.folded, strict=True):
            for name, array in block.items():
                folded[name] += self.backend.to_host(array)
        self._clear()

    def mean(self, name: str) -> list[np.ndarray]:
        """Average of one of `names`, padded, per part, float64."""
        return [
            (folded[name] + self.backend.to_host(block[name])) / self.duration
            for block, folded in zip(self.blocks, self.folded, strict=True)
        ]

    def set_mean(self, name: str, number: int, values: np.ndarray) -> None:
        """Take the average of one of `names` on part `number` as known, padded."""
        self.backend.upload(self.blocks[number][name], np.zeros(values.shape))
        self.folded[number][name][...] = values * self.duration

    def state(self) -> dict[str, np.ndarray | float]:
        """For a checkpoint: empty before averaging has begun."""
        if not self.active:
            return {}
        found: dict[str, np.ndarray | float] = {"average.duration": self.duration, "average.steps": self.steps}
        for number, (block, folded) in enumerate(zip(self.blocks, self.folded, strict=True)):
            for name in self.names:
                found[f"average.{number}.{name}.block"] = self.backend.to_host(block[name])
                found[f"average.{number}.{name}.folded"] = folded[name].copy()
        return found

    def restore(self, state: dict) -> None:
        """Back to what `state` returned."""
        self.active = "average.duration" in state
        if not self.active:
            return
        self.begin()
        self.duration, self.steps = float(state["average.duration"]), int(state["average.steps"])
        for number, (block, folded) in enumerate(zip(self.blocks, self.folded, strict=True)):
            for name in self.names:
                self.backend.upload(block[name], state[f"average.{number}.{name}.block"])
                folded[name][...] = state[f"average.{number}.{name}.folded"]
