"""Readings of devices, openings and points at moments of the march, taken without waiting for the device.

What devices and openings moved is summed on the device in every step (`Ledger`). The difference of two readings of the
sums is the exact mean over the time between them, however few readings there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from thermo.flow.ledger import STAGES
from thermo.flow.march import March
from thermo.flow.report import TO_CELSIUS
from thermo.mesh.patch import Exchange

LAG = 2  # samples that may be under way: a reading is waited for when the next but one is taken


@dataclass(frozen=True)
class Channel:
    """One number that is sampled. unit: "degC" or "kg/s" (into the room). name: "racks.A03.inlet", "probes.front".

    kind: "inlet", "outlet", "flow" or "point".
    """

    name: str
    kind: str
    unit: str


@dataclass(frozen=True)
class Sample:
    """Means since the sample before (points: values of the moment), in the order of the channels; time in s."""

    time: float
    values: np.ndarray


class Sampler:
    """Samples a solver: mean inlets of all devices, what supplies and coolers give, net flows of openings, and points.

    points: name -> cell (k, j, i), in the air or in a solid. `begin` whenever the ledger of the solver has begun anew.
    """

    def __init__(self, solver: March, points: Mapping[str, tuple[int, int, int]]) -> None:
        self.solver = solver
        self._devices = _devices(solver)
        self._openings = [opening.name for opening in solver.mesh.openings]
        self._points = {name: np.array([cell]) for name, cell in points.items()}
        self.channels = (
            *(Channel(f"{name}.{end}", end, "degC") for name, end, _, _ in self._devices),
            *(Channel(f"{name}.flow", "flow", "kg/s") for name in self._openings),
            *(Channel(name, "point", "degC") for name in self._points),
        )
        backend = solver.backend
        self._values = backend.zeros(max(1, len(self._points)), np.float64)
        self._programs = [self._gather(level) for level in (0, 1)] if self._points else []
        self._pending: deque = deque()
        self.begin()

    def _gather(self, level: int) -> Any:
        """A program that reads the temperature of all points at a time level."""
        backend, nodes, first = self.solver.backend, [], 0
        order: list[int] = []
        for part in self.solver.parts:
            local = {name: part.local(cell) for name, cell in self._points.items()}
            held = [name for name, cell in local.items() if part.holds(cell)[0]]
            if held:
                cells = np.concatenate([part.flat(local[name]) for name in held])
                last = first + len(held)
                nodes.append(
                    backend.bind("gather", part.extent, {}, count=len(held), x=part.theta[level],
                                 cell=backend.array(cells), value=self._values[first:last])
                )  # fmt: skip
                order += [list(self._points).index(name) for name in held]
                first = last
        self._order = np.argsort(order)
        return backend.program(nodes)

    def begin(self) -> None:
        """Forget what is under way; the next interval begins now, with the sums of the ledger at zero."""
        self._pending.clear()
        ledger = self.solver.ledger
        self._before = (0.0, np.zeros(ledger.instance_sums.shape), np.zeros(ledger.flow_sums[0].shape))

    def state(self) -> dict[str, np.ndarray | float]:
        """For a checkpoint; only once all samples under way have arrived."""
        duration, instances, flows = self._before
        return {"sampler.duration": duration, "sampler.instances": instances, "sampler.flows": flows}

    def restore(self, found: dict) -> None:
        """Back to what `state` returned."""
        self._pending.clear()
        self._before = (float(found["sampler.duration"]), found["sampler.instances"], found["sampler.flows"])

    def take(self) -> None:
        """Begin a reading of this moment."""
        solver, later = self.solver, self.solver.backend.read_later
        if self._programs:
            self._programs[solver.level].run()
        ledger = solver.ledger
        readings = [later(ledger.instance_sums), later(self._values), *(later(sums) for sums in ledger.flow_sums)]
        self._pending.append((solver.time, ledger.duration, readings))

    def arrived(self, everything: bool = False) -> list[Sample]:
        """Samples not returned before, in order: those that can be had without waiting, or all."""
        found = []
        while len(self._pending) > (0 if everything else LAG):
            time, duration, readings = self._pending.popleft()
            instances, points, *flows = (reading.wait() for reading in readings)
            now = (duration, instances, sum(flows))
            found.append(Sample(time, self._means(now, points)))
            self._before = now
        return found

    def _means(self, now: tuple, points: np.ndarray) -> np.ndarray:
        span, moved, passed = (new - old for new, old in zip(now, self._before, strict=True))
        found = []
        for _, _, members, column in self._devices:
            mass, heat = moved[members, 0].sum(), moved[members, column].sum()
            found.append(heat / mass + TO_CELSIUS)
        found += [(into - out) / (STAGES * span) for into, out, *_ in passed[: len(self._openings)]]
        if self._points:
            found += list(points[self._order] + TO_CELSIUS)
        return np.array(found)


def _devices(solver: March) -> list[tuple[str, str, list[int], int]]:
    """Name, end, instances and column of the ledger of every temperature: inlets of all devices that draw air, outlets
    of supplies and coolers. Devices through which nothing flows have none."""
    ends: dict[tuple[str, str, int], list[int]] = {}
    flows = solver.backend.to_host(solver.boundaries.state["mass_flow"])
    for number, exchange in enumerate(solver.mesh.exchanges):
        name = ".".join(exchange.name.split(".")[:2])
        if flows[number] > 0.0:
            for end, column in _ends(exchange):
                ends.setdefault((name, end, column), []).append(number)
    return [(name, end, members, column) for (name, end, column), members in ends.items()]


def _ends(exchange: Exchange) -> list[tuple[str, int]]:
    given = exchange.discharge is not None and exchange.kind != "rack"
    return [("inlet", 1)] * (exchange.intake is not None) + [("outlet", 2)] * given


def moved_by_devices(solver: March) -> float:
    """Volume flow that the devices move through the room, m3/s: the larger of what passes through racks and coolers and
    of what supplies or extracts exchange with outside."""
    sums = dict.fromkeys(("inside", "supply", "extract"), 0.0)
    flows = solver.backend.to_host(solver.boundaries.state["mass_flow"])
    for exchange, flow in zip(solver.mesh.exchanges, flows, strict=False):
        kind = "supply" if exchange.intake is None else "extract" if exchange.discharge is None else "inside"
        if solver.fluids.in_room(exchange):
            sums[kind] += float(flow)
    return max(sums.values()) / solver.setup.fluid.still_density
