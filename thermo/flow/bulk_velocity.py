"""A mean velocity held by a body force: what drives the air between periodic sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.part import Part
from thermo.flow.setup import Setup
from thermo.mesh.mesh import Mesh

SLOTS = 4  # of `fluid_velocity`: velocity times volume along three axes, volume over density
MEMORY = 7  # of `hold_velocity`: force, mean velocity and length of the last step


class BulkVelocity:
    """Holds `setup.bulk_velocity`, the mean over the fluid, along the periodic axes; without it, does nothing.

    Every step the device sums the velocity, and the next step begins with the force that would reach the target in one
    step at the drag of the last (kernel `hold_velocity`): where all air can flow round, a steady flow has its target to
    round-off. With a share g < 1 of the force left by obstacles the error shrinks by sqrt(1 - g) per step.

    Raises ValueError for a velocity along an axis that is not periodic.
    """

    def __init__(self, backend: Backend, mesh: Mesh, setup: Setup, parts: Sequence[Part], bind: Binder) -> None:
        self.backend, self.parts, self.bind = backend, parts, bind
        self.low_mach = {"LOW_MACH": int(setup.density_varies)}
        target = setup.bulk_velocity
        self.axes = [] if target is None else [axis for axis in range(3) if mesh.axes[axis].periodic]
        self.rate = 0.0
        if target is None:
            return
        if any(target[axis] != 0.0 for axis in range(3) if axis not in self.axes):
            raise ValueError(f"the bulk velocity {target} has a component along an axis that is not periodic")
        # a lower bound of the Courant rate (1/s), for the first steps after a start from rest
        self.rate = sum(abs(target[axis]) / mesh.axes[axis].widths.max() for axis in self.axes)
        self.target = backend.array(np.array(target, float))
        self.held = backend.array(np.array([int(axis in self.axes) for axis in range(3)], np.int32))
        self.volume = backend.array(np.array([mesh.volumes()[mesh.solid == 0].sum()]))
        self.sums = backend.zeros((len(parts), SLOTS), np.float64)
        self.memory = backend.zeros(MEMORY, np.float64)

    def begin(self) -> None:
        """Forget the force and the drag of a run before."""
        if self.axes:
            self.backend.upload(self.memory, np.zeros(MEMORY))

    def measure(self) -> list[Node]:
        """Sum the velocity; to run when it is new."""
        if not self.axes:
            return []
        return [
            self.bind("fluid_velocity", part, self.low_mach, **part.velocity, rho=part.rho, flags=part.flags,
                      result=self.sums[number])
            for number, part in enumerate(self.parts)
        ]  # fmt: skip

    def force(self) -> list[Node]:
        """Set the force of the step in the scalars; to run before the momentum, once per step."""
        if not self.axes:
            return []
        return [
            self.bind("hold_velocity", self.parts[0], sums=self.sums, parts=len(self.parts), volume=self.volume,
                      target=self.target, held=self.held, memory=self.memory)
        ]  # fmt: skip

    def readings(self) -> dict[str, dict[str, float]]:
        """Mean velocity (m/s) now and body force (N/m3) of the last step, along the axes held."""
        mean = self.backend.to_host(self.sums).sum(axis=0) / self.backend.to_host(self.volume)
        force = self.backend.to_host(self.memory)
        return {
            "bulk_velocity_m_s": {"xyz"[axis]: float(mean[axis]) for axis in self.axes},
            "body_force_n_m3": {"xyz"[axis]: float(force[axis]) for axis in self.axes},
        }

    def arrays(self) -> dict[str, Any]:
        """Device arrays that the next step depends on, for a checkpoint."""
        return {"bulk_sums": self.sums, "bulk_memory": self.memory} if self.axes else {}
