"""What devices, openings and walls moved: time sums on the device, read when a report is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.boundaries import Boundaries
from thermo.flow.lists import group
from thermo.flow.part import Part
from thermo.mesh.mesh import Mesh

STAGES = 3  # of the temperature; each has a third of what a step moves, see stages.cuh


class Ledger:
    """Time sums since `begin` of the flows of devices and openings and of the heat of every wall row.

    instance_sums count every step once; row_sums and flow_sums every stage: they are STAGES times what moved.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, parts: Sequence[Part], boundaries: Boundaries, bind: Binder
    ) -> None:
        self.backend, self.mesh, self.parts, self.boundaries, self.bind = backend, mesh, parts, boundaries, bind
        openings = max(1, len(mesh.openings))
        self.instance_sums = backend.zeros((max(1, boundaries.instances), 3), np.float64)
        self.row_sums = backend.zeros(boundaries.row_heat.shape, np.float64)
        self.flows = [backend.zeros((openings, 4), np.float64) for _ in parts]
        self.flow_sums = [backend.zeros((openings, 4), np.float64) for _ in parts]
        self.faces = [self._faces(lists.host["opening"]) for lists in boundaries.lists]
        self.duration, self.given = 0.0, 0.0

    def _faces(self, opening: dict[str, np.ndarray]) -> dict:
        """The faces of every opening, in order of the openings."""
        rows = group(opening["opening"])
        counts = np.zeros(len(self.mesh.openings), np.int64)
        counts[rows.receiver] = np.diff(rows.start)
        device = {"start": self.backend.array(np.append(0, np.cumsum(counts)).astype(np.int32))}
        for name in ("axis", "face", "cell", "outward", "area", "outside"):
            column = opening[name][rows.order]
            device[name] = self.backend.array(column, self.backend.real if column.dtype == np.float64 else None)
        return device

    def begin(self) -> None:
        """Start all sums at zero."""
        for array in (self.instance_sums, self.row_sums, *self.flow_sums):
            self.backend.upload(array, np.zeros(array.shape))
        self.duration, self.given = 0.0, 0.0

    def count(self, dt: float, given_heat: float) -> None:
        """Note a step of dt (s) that was added, in which functions gave the air `given_heat` (W)."""
        self.duration += dt
        self.given += dt * given_heat

    def devices(self) -> list[Node]:
        """Add what moved through the devices in a step, whose state is that of its middle in all stages."""
        boundaries, first = self.boundaries, self.parts[0]
        if not boundaries.instances:
            return []
        return [
            self.bind("accumulate_instances", first, count=boundaries.instances, **boundaries.ahead,
                      sums=self.instance_sums)
        ]  # fmt: skip

    def stage(self, theta: Sequence[Any]) -> list[Node]:
        """Add what walls and openings move in a stage of the temperature; theta: of the stage before, per part."""
        nodes = []
        if self.boundaries.rows:
            nodes.append(
                self.bind("accumulate_rows", self.parts[0], count=self.boundaries.rows, value=self.boundaries.row_heat,
                          sum=self.row_sums)
            )  # fmt: skip
        if self.mesh.openings:
            columns = zip(self.parts, self.faces, theta, self.flows, self.flow_sums, strict=True)
            for part, faces, of_part, flows, sums in columns:
                nodes.append(
                    self.bind("opening_flows", part, count=len(self.mesh.openings), **faces, **part.ahead,
                              theta=of_part, flows=flows, sums=sums)
                )  # fmt: skip
        return nodes

    def instances(self) -> np.ndarray:
        """Mean mass flow (kg/s), and that times theta at the intake and the discharge (K kg/s), float64[n, 3]."""
        return self.backend.to_host(self.instance_sums) / self.duration

    def openings(self) -> np.ndarray:
        """Mean mass flow in and out (kg/s), and those times theta (K kg/s), float64[n, 4]."""
        return sum(self.backend.to_host(sums) for sums in self.flow_sums) / (STAGES * self.duration)

    def given_heat(self) -> float:
        """Mean heat that functions gave to the air, W."""
        return self.given / self.duration

    def row_heat(self) -> np.ndarray:
        """Mean heat of every wall row of all parts, W."""
        return self.backend.to_host(self.row_sums) / (STAGES * self.duration)

    def state(self) -> dict[str, np.ndarray | float]:
        """For a checkpoint."""
        found: dict[str, np.ndarray | float] = {
            "ledger.duration": self.duration,
            "ledger.given": self.given,
            "ledger.instances": self.backend.to_host(self.instance_sums),
            "ledger.rows": self.backend.to_host(self.row_sums),
        }
        for number, sums in enumerate(self.flow_sums):
            found[f"ledger.openings.{number}"] = self.backend.to_host(sums)
        return found

    def restore(self, state: dict) -> None:
        """Back to what `state` returned."""
        self.duration, self.given = float(state["ledger.duration"]), float(state["ledger.given"])
        self.backend.upload(self.instance_sums, state["ledger.instances"])
        self.backend.upload(self.row_sums, state["ledger.rows"])
        for number, sums in enumerate(self.flow_sums):
            self.backend.upload(sums, state[f"ledger.openings.{number}"])
