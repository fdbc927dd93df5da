"""Openings, doors and dampers that move in time: how far each is open, and which zones of air are joined now.

The state of a moving object is the open share of its area, 0 ... 1, a number or a table in time. What is partly open
has the loss of the part, K + 1 = (K_open + 1)/s^2; below SHUT it is shut, and nothing flows. Zones are the regions of
air with every moving object shut. Each set of shut objects that is reached joins them to other groups; the pressure
equation and the thermodynamic pressures are told when it changes, between two steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from kernels import Backend, Node, Program
from thermo.case.schedule import value_at
from thermo.flow.binding import Binder
from thermo.flow.boundaries import PartLists
from thermo.flow.part import FLUXES, Part
from thermo.flow.pressure import PressureSolver
from thermo.flow.regions import SealedRegions
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import Opening, Resistance, moves

Exchange = Callable[[list, int], list[Node]]

SHUT = 1e-3  # open share of the area
TIGHT = 1e30  # Pa s/m, of a shut resisting face: it yields nothing to the pressure


class Passages:
    """The moving objects of a mesh; none in most of them.

    lists: of the parts, with the rows "opening" and "resistance". exchange: nodes that fill ghost layers. `groups`
    tells for every zone the least zone that it is joined to now, and `vented` which groups are open to the outside.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, parts: Sequence[Part], lists: Sequence[PartLists], bind: Binder,
        sealed: SealedRegions, pressure: PressureSolver, exchange: Exchange,
    ) -> None:  # fmt: skip
        self.backend, self.mesh, self.parts, self.lists, self.bind = backend, mesh, parts, lists, bind
        self.sealed, self.pressure, self.exchange = sealed, pressure, exchange
        self.objects: list[Opening | Resistance] = [*mesh.openings, *mesh.resistances]
        self.moving = [number for number, thing in enumerate(self.objects) if moves(thing)]
        self.states = np.ones(len(self.objects))
        self.groups = np.arange(len(mesh.regions))
        self.vented = np.zeros(len(mesh.regions), bool)
        self._shut_programs: dict[bytes, Program] = {}
        self._joins = [self._zones_at(thing) for thing in self.objects]

    def _zones_at(self, thing: Opening | Resistance) -> tuple[np.ndarray, np.ndarray]:
        """Zones on both sides of every face of an object; of an opening, of its inside twice."""
        region, axis = self.mesh.region, thing.patch.axis
        high = thing.patch.cells.astype(np.int64)
        low = high.copy()
        if isinstance(thing, Resistance):
            low[:, 2 - axis] -= 1
        return region[tuple(low.T)], region[tuple(high.T)]

    # ------------------------------------------------------------------ in time

    def begin(self) -> None:
        """The states at time 0, before a run, with all betas as at rest."""
        if not self.moving:
            return
        self.states[:] = np.nan
        self._move(0.0)
        self._regroup()
        openings = len(self.mesh.openings)
        for lists in self.lists:
            coefficient = self.backend.to_host(lists.operator.coefficient).copy()
            rows = lists.host["opening"]
            coefficient[rows["position"][self.states[:openings][rows["object"]] < SHUT]] = 0.0
            rows = lists.host["resistance"]
            shut = self.states[openings:][rows["object"]] < SHUT
            for place in (rows["low"][shut], rows["high"][shut]):
                coefficient[place] = -(rows["area"] / rows["distance"])[shut]
            self.backend.upload(lists.operator.coefficient, coefficient)
            self._write(lists.device["resistance"], {"beta": np.where(shut, 0.0, 1.0)})

    def update(self, time: float) -> bool:
        """The states at `time` (s), of the end of the coming step. Returns whether zones are joined in another way."""
        if not self.moving:
            return False
        shut = self.states < SHUT
        if not self._move(time) or np.array_equal(shut, self.states < SHUT):
            return False
        self._stop_flow()
        self._regroup()
        return True

    def _move(self, time: float) -> bool:
        """Bring states and losses to `time`; returns whether anything moved."""
        states = self.states.copy()
        for number in self.moving:
            states[number] = value_at(self.objects[number].state, time)
        states[np.isnan(states)] = 1.0
        if np.array_equal(states, self.states):
            return False
        self._take(states)
        return True

    def _take(self, states: np.ndarray) -> None:
        self.states = states.copy()
        openings = len(self.mesh.openings)
        for lists in self.lists:
            self._write(lists.device["opening"], _opening_rows(lists.host["opening"], states[:openings]))
            self._write(lists.device["resistance"], _resistance_rows(lists.host["resistance"], states[openings:]))

    def _write(self, device: dict[str, Any], rows: dict[str, np.ndarray]) -> None:
        for name, values in rows.items():
            self.backend.upload(device[name], values.astype(self.backend.real))

    def _stop_flow(self) -> None:
        """The mass flux of faces that are shut becomes zero, at both levels."""
        key = (self.states < SHUT).tobytes()
        if key not in self._shut_programs:
            self._shut_programs[key] = self.backend.program(self._stopping_nodes())
        self._shut_programs[key].run()

    def _stopping_nodes(self) -> list:
        openings, nodes = len(self.mesh.openings), []
        for part, lists in zip(self.parts, self.lists, strict=True):
            for name, states in (("opening", self.states[:openings]), ("resistance", self.states[openings:])):
                rows = lists.host[name]
                shut = states[rows["object"]] < SHUT
                if shut.any():
                    place = {key: self.backend.array(rows[key][shut]) for key in ("axis", "face")}
                    for flux in part.flux:
                        nodes.append(self.bind("shut_faces", part, count=int(shut.sum()), **place, **flux))
        for level, name in product((0, 1), FLUXES):
            nodes += self.exchange([part.flux[level][name] for part in self.parts], 1)
        return nodes

    def _regroup(self) -> None:
        """Join the zones by what is open, and tell the pressures."""
        groups, vented = np.arange(len(self.mesh.regions)), np.zeros(len(self.mesh.regions), bool)
        # every connected cell face apart from moving objects lies within a zone already
        open_now = [n for n in range(len(self.objects)) if self.states[n] >= SHUT]
        for number in open_now:
            for low, high in {*zip(*(zones.tolist() for zones in self._joins[number]), strict=True)}:
                first, last = sorted((groups[low], groups[high]))
                groups[groups == last] = first
        for number in open_now:
            if isinstance(self.objects[number], Opening):
                vented[groups[self._joins[number][1]]] = True
        self.groups, self.vented = groups, vented
        region = np.where(self.mesh.region < 0, -1, groups[np.maximum(self.mesh.region, 0)])
        self.pressure.select_regions((groups.tobytes(), vented.tobytes()), region, np.flatnonzero(vented))
        self.sealed.set_groups(groups, vented)

    def zones_of(self, label: int) -> list[int]:
        """The zones of the group that `label` is the least of."""
        return np.flatnonzero(self.groups == label).tolist() if self.moving else [label]

    # ------------------------------------------------------------------ state

    def state(self) -> np.ndarray:
        """How far every object is open."""
        return self.states.copy()

    def restore(self, states: np.ndarray) -> None:
        """Back to what `state` returned, before the arrays of the state, which hold what regrouping forms anew."""
        if self.moving:
            self._take(np.asarray(states))
            self._regroup()


def _opening_rows(host: dict[str, np.ndarray], states: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of openings in these states: losses hold for the whole area, 1 + K by 1/s^2; a shut one has no area."""
    state = states[host["object"]]
    shut = state < SHUT
    scale = np.where(shut, 1.0, 1.0 / np.where(shut, 1.0, state) ** 2)
    return {
        "loss_in": host["loss_in"] * scale, "loss_out": host["loss_out"] * scale,
        "area": np.where(shut, 0.0, host["area"]), "outward": np.where(shut, 0.0, host["outward"]),
    }  # fmt: skip


def _resistance_rows(host: dict[str, np.ndarray], states: np.ndarray) -> dict[str, np.ndarray]:
    """Rows of resisting faces in these states: (K + 1)/s^2 - 1 and the linear loss by 1/s^2; a shut one is tight."""
    state = states[host["object"]]
    shut = state < SHUT
    scale = np.where(shut, 1.0, 1.0 / np.where(shut, 1.0, state) ** 2)
    return {
        "forward": (host["forward"] + 1.0) * scale - 1.0, "backward": (host["backward"] + 1.0) * scale - 1.0,
        "linear": np.where(shut, TIGHT, host["linear"] * scale),
    }  # fmt: skip
