"""Films of heat at surfaces without friction: of liquids, which are laminar, and of the air above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.boundaries import Boundaries
from thermo.flow.part import Part
from thermo.mesh.mesh import Mesh


class LiquidFilms:
    """Natural convection at the walls and the surface of liquids, in runs in which a wall law makes films in the air.

    The films of the air come first: those of a liquid behind a panel look at them. parts: none where no wall law holds.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, parts: Sequence[Part], bind: Binder, boundaries: Boundaries
    ) -> None:
        self.parts, self.bind, self.boundaries = parts, bind, boundaries
        self._lists: list[tuple[Part, dict[str, Any], dict[str, Any]]] = []
        if not parts or not boundaries.fluids.several:
            return
        far = backend.to_host(boundaries.joint_links["far"])
        # by place in the joint arrays: whether a liquid stands before a link
        wet = np.concatenate([
            boundaries.fluids.liquid[part.labels.ravel()[lists.host["fluid_heat"]["entry_cell"]]]
            for part, lists in zip(parts, boundaries.lists, strict=True)
        ])  # fmt: skip
        for of_liquid in (False, True):
            end = 0
            for part, lists in zip(parts, boundaries.lists, strict=True):
                rows = lists.host["fluid_heat"]
                begin, end = end, end + len(rows["link"])
                place = np.arange(begin, end)
                behind = np.where(far[place] < 0, False, wet[far[place]])
                chosen = wet[place] if of_liquid else behind & ~wet[place] & _slips(mesh, part, rows)
                entry = np.flatnonzero(chosen)
                if len(entry):
                    self._lists.append((part, lists.device["fluid_heat"], self._upload(
                        backend, mesh, part, rows, entry, begin, np.where(of_liquid & ~behind, far[place], -1),
                        behind & of_liquid,
                    )))  # fmt: skip

    @staticmethod
    def _upload(
        backend: Backend, mesh: Mesh, part: Part, rows: dict[str, np.ndarray], entry: np.ndarray, begin: int,
        far: np.ndarray, alike: np.ndarray,
    ) -> dict[str, Any]:  # fmt: skip
        places = part.places(rows["entry_cell"][entry])
        normal, distance = rows["normal"][entry], np.empty(len(entry))
        for axis in range(3):
            mine = normal == axis
            distance[mine] = 0.5 * mesh.axes[axis].widths[places[mine, 2 - axis]]
        up = np.where(normal == 2, 1 - 2 * rows["side"][entry], 0)
        integers = {"entry": entry, "place": begin + entry, "far": far[entry], "alike": alike[entry], "up": up}
        return {
            "count": len(entry), **{name: backend.array(values.astype(np.int32)) for name, values in integers.items()},
            "cell": backend.array(rows["entry_cell"][entry]),
            "area": backend.array(rows["area"][entry], backend.real),
            "distance": backend.array(distance, backend.real),
        }  # fmt: skip

    def nodes(self, theta: Sequence[Any]) -> list[Node]:
        """The films at a temperature of every part."""
        warmth = dict(zip(map(id, self.parts), theta, strict=True))
        joint = self.boundaries.joint_links
        return [
            self.bind("natural_film", part, **films, back=joint["back"], film=joint["film"], other=device["other"],
                      fixed=device["fixed"], theta=warmth[id(part)], rho=part.rho, region=part.region,
                      fluids=self.boundaries.fluid_fields.table)
            for part, device, films in self._lists
        ]  # fmt: skip


def _slips(mesh: Mesh, part: Part, rows: dict[str, np.ndarray]) -> np.ndarray:
    """Which links of a part lie at faces free of shear: the surface of a liquid; bool[entries]."""
    found = np.zeros(len(rows["link"]), bool)
    faces = part.places(rows["entry_cell"])
    for axis in range(3):
        mine = np.flatnonzero(rows["normal"] == axis)
        face = faces[mine].copy()
        face[:, 2 - axis] += rows["side"][mine]
        found[mine] = mesh.slip[axis][tuple(face.T)]
    return found
