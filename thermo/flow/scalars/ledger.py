"""What devices, openings, sources and walls moved of every scalar: time sums on the device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.boundaries import Boundaries
from thermo.flow.ledger import STAGES
from thermo.flow.part import Part
from thermo.mesh.mesh import Mesh


class ScalarLedger:
    """Time sums since `begin`, by name of the scalar."""

    def __init__(
        self, backend: Backend, mesh: Mesh, parts: Sequence[Part], boundaries: Boundaries, bind: Binder,
        faces: Sequence[Mapping[str, Any]], outside: Mapping[str, np.ndarray], sinks: Sequence[str],
    ) -> None:  # fmt: skip
        """faces: per part, those of every opening (`Ledger.faces`); outside: by scalar, s outside every opening.
        sinks: names of those with one.
        """
        self.backend, self.mesh, self.parts, self.boundaries, self.bind = backend, mesh, parts, boundaries, bind
        names = list(outside)
        instances, openings = max(1, boundaries.instances), max(1, len(mesh.openings))
        zeros = lambda *shape: backend.zeros(shape, np.float64)  # noqa: E731
        self.instance_sums = {name: zeros(instances, 3) for name in names}
        self.opening_sums = {name: [zeros(openings, 4) for _ in parts] for name in names}
        self.row_gains: dict[tuple[str, int], Any] = {}
        self.row_sums: dict[tuple[str, int], Any] = {}
        self.reacted = {name: [zeros(1) for _ in parts] for name in sinks}
        self.reacted_sums = {name: [zeros(1) for _ in parts] for name in sinks}
        self._flows = [zeros(openings, 4) for _ in parts]
        self._faces = {
            name: [dict(of_part) | {"outside": self._by_face(of_part["start"], values)} for of_part in faces]
            for name, values in outside.items()
        }

    def _by_face(self, start: Any, values: np.ndarray) -> Any:
        counts = np.diff(self.backend.to_host(start))
        return self.backend.array(np.repeat(values, counts), self.backend.real)

    def outside(self, name: str, number: int) -> Any:
        """Device array of s outside every face of the openings of a part, in the order of the openings."""
        return self._faces[name][number]["outside"]

    def row_gain(self, name: str, number: int, count: int) -> Any:
        """The array that receives what each row of sources and walls gives, kg/s."""
        key = (name, number)
        if key not in self.row_gains:
            self.row_gains[key], self.row_sums[key] = (self.backend.zeros(count, np.float64) for _ in range(2))
        return self.row_gains[key]

    def begin(self) -> None:
        """Start all sums at zero."""
        for array in self._all().values():
            self.backend.upload(array, np.zeros(array.shape))

    def nodes(self, name: str, stage: Sequence[Any], drawn: Any, discharged: Any) -> list[Node]:
        """Add what a stage moves, of which every step has three. stage: s of the stage before, per part."""
        nodes = []
        boundaries, first = self.boundaries, self.parts[0]
        if boundaries.instances:
            nodes.append(
                self.bind("accumulate_instances", first, count=boundaries.instances,
                          mass_flow=boundaries.ahead["mass_flow"], theta_in=drawn, theta_out=discharged,
                          sums=self.instance_sums[name])
            )  # fmt: skip
        for number, part in enumerate(self.parts):
            if (key := (name, number)) in self.row_gains:
                gains = self.row_gains[key]
                nodes.append(
                    self.bind("accumulate_rows", first, count=len(gains), value=gains, sum=self.row_sums[key])
                )
            if self.mesh.openings:
                nodes.append(
                    self.bind("opening_flows", part, count=len(self.mesh.openings), **self._faces[name][number],
                              **part.ahead, theta=stage[number], flows=self._flows[number],
                              sums=self.opening_sums[name][number])
                )  # fmt: skip
        return nodes

    def add_reacted(self, name: str) -> list[Node]:
        """Add what production and loss gave to the air in a stage, found in `reacted`."""
        columns = zip(self.parts, self.reacted[name], self.reacted_sums[name], strict=True)
        return [self.bind("accumulate_rows", part, count=1, value=value, sum=total) for part, value, total in columns]

    # ------------------------------------------------------------------ what was summed

    def instances(self, name: str) -> np.ndarray:
        """kg of air through every device, and s times kg that it drew in and discharged, float64[n, 3]."""
        return self.backend.to_host(self.instance_sums[name]) / STAGES

    def openings(self, name: str) -> np.ndarray:
        """kg of air in and out through every opening, and s times kg in and out, float64[n, 4]."""
        return sum(self.backend.to_host(sums) for sums in self.opening_sums[name]) / STAGES

    def rows(self, name: str) -> float:
        """s times kg that sources in cells and walls of given value gave."""
        sums = (self.backend.to_host(array) for (of, _), array in self.row_sums.items() if of == name)
        return float(sum(array.sum() for array in sums)) / STAGES

    def reactions(self, name: str) -> float:
        """s times kg that production and loss gave."""
        return float(sum(self.backend.to_host(total)[0] for total in self.reacted_sums.get(name, ()))) / STAGES

    # ------------------------------------------------------------------ state

    def _all(self) -> dict[str, Any]:
        found = {f"instances.{name}": array for name, array in self.instance_sums.items()}
        for kind, of_scalars in (("openings", self.opening_sums), ("reacted", self.reacted_sums)):
            for name, arrays in of_scalars.items():
                found |= {f"{kind}.{name}.{number}": array for number, array in enumerate(arrays)}
        return found | {f"rows.{name}.{number}": array for (name, number), array in self.row_sums.items()}

    def arrays(self) -> dict[str, Any]:
        """Device arrays for a checkpoint, by name."""
        return {f"scalar_ledger.{name}": array for name, array in self._all().items()}
