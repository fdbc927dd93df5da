"""The network of solids on the device: contacts with the air, and its own implicit steps every so many of the air's.

In an interval of the air's steps the temperatures of the nodes stand still; the heat that each contact gave to the air
is summed up. At the end of the interval the nodes make one step of the length of the interval,

    C dT/dt = sum G (T_other - T) + sum G (T_fixed - T) + source - what went into the air,

implicit in the conduction (backward Euler), for the increment, by as many sweeps of the Chebyshev method as the step
needs (known before it: no inner products, no waiting for the device), and then in the form of fluxes. So the solids do
not limit the step of the air, a temperature in double precision moves however slowly it does, and heat is conserved to
round-off whatever the sweeps leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log, sqrt
from typing import Any

import numpy as np

from kernels import Backend, Node, Program
from thermo.case import Schedule
from thermo.case.schedule import value_at
from thermo.flow.binding import Binder
from thermo.flow.heat import HeatLinks
from thermo.flow.lists import group
from thermo.flow.part import Part
from thermo.flow.radiation.radiation import Radiation, Surfaces
from thermo.flow.setup import TEMPERATURE_ZERO
from thermo.flow.solids.network import Network
from thermo.flow.solids.settling import bodies, settling_times
from thermo.flow.solids.steady import steady_layers
from thermo.mesh.mesh import Mesh

MOST_EXCHANGE = 0.25  # largest share of its heat above the air's that a node may give to the air in one step
SHARE_OF_AIR = 0.25  # largest share that the air may lose by radiation of the surfaces before it in one step
REDUCTION = 1e-13  # of the error of the increment by the sweeps
MOST_SWEEPS = 256  # a longer step is not chosen; the air's own step may still need more
SHARE_OF_ROOM = 0.25  # of the heat capacity of the room's air, which hastened bodies have together
FASTEST = 10.0  # s: a hastened node does not follow the air faster
ROUGH_CONTACT = 1e30  # W/(m2 K), for an outer surface that has the temperature it touches
SLOTS = 6  # numbers of `weather` per wall


class Solids:
    """All nodes of a mesh, beside the parts of the air.

    rows: per part, the host rows "fluid_heat" of the air with the device arrays of their entries.
    longest: s, of a step. surfaces: what radiates, None: nothing; its steps go along with those of the nodes.
    `count` nodes; 0 where nothing conducts.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, network: Network, links: HeatLinks, parts: Sequence[Part],
        rows: Sequence[tuple[dict[str, np.ndarray], dict[str, Any]]], bind: Binder, longest: float,
        surfaces: Surfaces | None, air_capacity: float,
    ) -> None:  # fmt: skip
        self.backend, self.mesh, self.network, self.links = backend, mesh, network, links
        self.parts, self.bind = parts, bind
        self.count = network.nodes
        self.elapsed = 0.0
        self.radiation: Radiation | None = None
        self.active = bool(self.count) or surfaces is not None
        if not self.active:
            return
        self._hosts = [host for host, _ in rows]
        self._contacts(rows)
        self.theta = backend.zeros(max(1, self.count), np.float64)
        if self.count:
            self._upload_network()
        if surfaces is not None:
            self.radiation = Radiation(
                backend, surfaces, parts, rows, bind, self.theta, self.absorbed, self.contact_link
            )
        self._longest, self._surfaces, self._air_capacity = longest, surfaces, air_capacity
        self._set_pace()

    def _set_pace(self) -> None:
        """The interval between two steps of the nodes, and room for the weights of their sweeps."""
        self.interval = self._longest
        if self.count:
            self._rate = _largest_rate(self.network)
            self.interval = min(self._longest, self._longest_step(self._surfaces))
            sweeps = 2 * MOST_SWEEPS
            while _sweeps(self._rate * 10.0 * self._longest) > sweeps:
                sweeps *= 2
            self.step = self.backend.zeros(2 + sweeps, np.float64)
        if self._surfaces is not None:
            rate = self._surfaces.exchange_rate(self.mesh, self._air_capacity)
            self.interval = min(self.interval, SHARE_OF_AIR / rate if rate > 0.0 else np.inf)
        self._programs: dict[tuple[int, int], Program] = {}

    def hasten(self, longest: float, room: float) -> float:
        """Divide heat capacities so that bodies settle with the air, for good; before the first step only.

        Each body is to follow the air before it within `longest` (s), and all together are to hold no more heat than
        SHARE_OF_ROOM of the air of the room (`room`, J/K): else the air, which brings that heat, keeps them from
        following. The steady state does not know of capacities; what is stored on the way is then the heat of the
        smaller ones, in `heat()` too. One factor per body, a power of two; but a node keeps so much that it does not
        take on the temperature of the air before it in less than FASTEST. Returns the largest factor.
        """
        if not self.count:
            return 1.0
        conductance = np.concatenate([host["conductance"][host["node"] >= 0] for host in self._hosts])
        body = bodies(self.network)
        slowest = np.zeros(body.max() + 1)
        np.maximum.at(slowest, body, settling_times(self.network, self.contact_node, conductance))
        full = self.network.capacity
        needed = np.maximum(slowest / longest, np.where(slowest > 0.0, full.sum() / (SHARE_OF_ROOM * room), 1.0))
        factor = 2.0 ** np.ceil(np.log2(np.maximum(needed, 1.0)))
        least = np.minimum(FASTEST * self._exchange_rates() * full, full)
        self.network = replace(self.network, capacity=np.maximum(full / factor[body], least))
        self.backend.upload(self.capacity, self.network.capacity)
        self._set_pace()
        return float(factor.max())

    # ------------------------------------------------------------------ set-up

    def _contacts(self, rows: Sequence[tuple[dict[str, np.ndarray], dict[str, Any]]]) -> None:
        """Entries of the heat rows of every part that touch a node; one array of their heat for all parts."""
        backend = self.backend
        entries = [np.flatnonzero(host["node"] >= 0) for host, _ in rows]
        ends = np.cumsum([len(entry) for entry in entries])
        total = int(ends[-1])
        self.exchanged, self.absorbed = (backend.zeros(max(1, total), np.float64)[:total] for _ in range(2))
        self.contact_node = np.concatenate([host["node"][e] for (host, _), e in zip(rows, entries, strict=True)])
        self.contact_link = np.concatenate([host["link"][e] for (host, _), e in zip(rows, entries, strict=True)])
        self._lists = []
        for part, entry, end, (host, device) in zip(self.parts, entries, ends, rows, strict=True):
            place = slice(int(end) - len(entry), int(end))
            solid = part.subdomain.pad(self.network.node_of_cell + 1).ravel() - 1
            inside = part.subdomain.pad(np.ones(self.mesh.shape, np.int8)).ravel()
            cells = np.flatnonzero((solid >= 0) & (inside > 0))
            self._lists.append({
                "count": len(entry), "entry": backend.array(entry.astype(np.int32)),
                "cell": backend.array(host["entry_cell"][entry]),
                "node": backend.array(host["node"][entry].astype(np.int32)),
                "exchanged": self.exchanged[place], "absorbed": self.absorbed[place],
                "conductance": device["conductance"], "fixed": device["fixed"], "back": device["back"],
                "solid_cell": backend.array(cells), "solid_node": backend.array(solid[cells].astype(np.int32)),
                "solids": len(cells),
            })  # fmt: skip

    def _upload_network(self) -> None:
        """Rows by node of edges, fixed links and contacts; outer surfaces are the last of the fixed links."""
        backend, network, n = self.backend, self.network, self.count
        zeros = lambda count=n: backend.zeros(max(1, count), np.float64)[:count]  # noqa: E731
        ends = np.concatenate([network.low, network.high])
        start, order = _rows(ends, n)
        others = np.concatenate([network.high, network.low])[order]
        self.edges = {
            "edge_start": backend.array(start), "edge_node": backend.array(others.astype(np.int32)),
            "edge_conductance": backend.array(np.tile(network.conductance, 2)[order]),
        }  # fmt: skip
        outer = len(network.outer_node)
        # sorted by node, so that the entries of a row lie side by side: outer surfaces write theirs through `place`
        nodes = np.concatenate([network.fixed_node, network.outer_node])
        start, order = _rows(nodes, n)
        if outer and not np.array_equal(order[len(order) - outer :], np.arange(len(order) - outer, len(order))):
            raise AssertionError("outer surfaces are the last nodes, so their links are the last")
        given = np.concatenate([network.fixed_temperature - TEMPERATURE_ZERO, np.zeros(outer)])
        conductance = np.concatenate([network.fixed_conductance, 1.0 / network.outer_resistance])
        self.fixed = {
            "fixed_start": backend.array(start), "conductance": backend.array(conductance[order]),
            "fixed": backend.array(given[order]),
        }  # fmt: skip
        self.fixed_order = order
        self.given = zeros(len(nodes))
        start, order = _rows(self.contact_node, n)
        self.contacts = {"contact_start": backend.array(start), "contact": backend.array(order.astype(np.int32))}
        self.walls = np.unique(network.outer_wall)
        self.weather = zeros(SLOTS * len(self.walls))
        tail = slice(len(nodes) - outer, len(nodes))
        self.outer = {
            "node": backend.array(network.outer_node.astype(np.int32)),
            "wall": backend.array(np.searchsorted(self.walls, network.outer_wall).astype(np.int32)),
            "area": backend.array(network.outer_area), "resistance": backend.array(network.outer_resistance),
            "surface": zeros(outer), "conductance": self.fixed["conductance"][tail],
            "fixed": self.fixed["fixed"][tail],
        }  # fmt: skip
        self.capacity = backend.array(network.capacity)
        self.source = zeros()
        self._source_host = np.empty(0)
        self.rate, self.diagonal, self.first, self.second = (zeros() for _ in range(4))

    def _longest_step(self, surfaces: Surfaces | None) -> float:
        """Longest step that the heat of the contacts, which is that of the step before, and MOST_SWEEPS allow."""
        largest = self.exchange_rate()
        if surfaces is not None:
            radiative = np.bincount(self.contact_node, surfaces.conductance_of_links(self.contact_link), self.count)
            largest += float((radiative / self.network.capacity).max())
        by_air = MOST_EXCHANGE / largest if largest > 0.0 else np.inf
        ratio = 2.0
        while _sweeps(2.0 * ratio) <= MOST_SWEEPS:
            ratio *= 2.0
        return min(by_air, ratio / self._rate if self._rate > 0.0 else np.inf)

    def exchange_rate(self) -> float:
        """Largest rate at which a node takes on the temperature of the air before it, 1/s."""
        if not self.count:
            return 0.0
        return float(self._exchange_rates().max())

    def _exchange_rates(self) -> np.ndarray:
        conductance = np.concatenate([host["largest_conductance"][host["node"] >= 0] for host in self._hosts])
        return np.bincount(self.contact_node, conductance, self.count) / self.network.capacity

    # ------------------------------------------------------------------ beside the air

    def contact_heat(self, theta: Sequence[Any]) -> list[Node]:
        """Sum up the heat of the contacts in a stage of the air's temperature, theta of the stage before per part."""
        if not self.count:
            return []
        names = ("cell", "entry", "conductance", "fixed", "exchanged")
        return [
            self.bind("contact_heat", part, count=lists["count"], **{k: lists[k] for k in names},
                      theta=of_part)
            for part, lists, of_part in zip(self.parts, self._lists, theta, strict=True) if lists["count"]
        ]  # fmt: skip

    def advance(self, time: float, dt: float, level: int) -> bool:
        """Note a step of the air that ended at `time`; make a step when the interval is over. level: of the air now.

        Returns whether a step was made.
        """
        if not self.active:
            return False
        self.elapsed += dt
        if self.elapsed + 0.5 * dt < self.interval:
            return False
        self.make_step(time, level)
        return True

    def make_step(self, time: float, level: int) -> None:
        """The step of the nodes over the time that has elapsed since the last one, which ends at `time`."""
        length, sweeps = self.elapsed, 0
        if self.count:
            self._write_surroundings(time - 0.5 * length)
            sweeps = _sweeps(self._rate * length)
            self._write_step(length, sweeps)
        if self.radiation is not None:
            self.radiation.write_sources(time + 0.5 * self.interval)
        key = (sweeps, level)
        if key not in self._programs:
            nodes = self._nodes(sweeps) if self.count else []
            nodes += self.radiation.nodes(level) if self.radiation is not None else []
            self._programs[key] = self.backend.program(nodes + self.surfaces(level))
        self._programs[key].run()
        self.elapsed = 0.0

    def _write_step(self, length: float, sweeps: int) -> None:
        """The length of the step and the weights of its sweeps."""
        radius = _radius(self._rate * length)
        values = np.zeros(self.step.shape)
        values[0], weight = length, 1.0
        for sweep in range(1, sweeps):
            weight = 1.0 / (1.0 - radius**2 * weight / (2.0 if sweep == 1 else 4.0))
            values[1 + sweep] = weight
        self.backend.upload(self.step, values)

    def _write_surroundings(self, time: float) -> None:
        """Sources and weather at `time` (s), where they are not already there."""
        network = self.network
        values = network.source.copy()
        for number, heat in enumerate(self.mesh.heat_sources):
            if isinstance(heat.power, Schedule):
                mine = network.source_of == -1 - number
                values[mine] = network.source_share[mine] * value_at(heat.power, time)
        source = np.bincount(network.source_node, values, self.count)
        if not np.array_equal(source, self._source_host):
            self.backend.upload(self.source, source)
            self._source_host = source
        if len(self.walls):
            self.backend.upload(self.weather, np.concatenate([self._weather(wall, time) for wall in self.walls]))

    def _weather(self, number: int, time: float) -> np.ndarray:
        """What the outer surface of a wall meets: see the kernel `outer_surfaces`."""
        outside = self.mesh.walls[number].thermal[2]
        air = value_at(outside.temperature, time) - TEMPERATURE_ZERO
        film = ROUGH_CONTACT if outside.film is None else outside.film
        sky, seen = air, 0.0
        if outside.sky_temperature is not None:
            sky, seen = value_at(outside.sky_temperature, time) - TEMPERATURE_ZERO, outside.emissivity
        factors = seen * outside.sky_factor, seen * (1.0 - outside.sky_factor)
        return np.array([air, film, sky, *factors, value_at(outside.absorbed, time)])

    def _nodes(self, sweeps: int) -> list[Node]:
        first, step = self.parts[0], {"step": self.step}
        nodes = []
        if len(self.network.outer_node):
            nodes.append(
                self.bind("outer_surfaces", first, count=len(self.network.outer_node), **self.outer,
                          weather=self.weather, solid_theta=self.theta)
            )  # fmt: skip
        nodes.append(
            self.bind("solid_rates", first, count=self.count, capacity=self.capacity, source=self.source, **self.edges,
                      **self.fixed, **self.contacts, exchanged=self.exchanged, absorbed=self.absorbed,
                      solid_theta=self.theta, **step, rate=self.rate, diagonal=self.diagonal, first=self.first,
                      second=self.second)
        )  # fmt: skip
        now, last = self.first, self.second
        for sweep in range(1, sweeps):
            nodes.append(
                self.bind("solid_sweep", first, count=self.count, rate=self.rate, diagonal=self.diagonal, **self.edges,
                          current=now, **step, sweep=sweep, next=last)
            )  # fmt: skip
            now, last = last, now
        nodes.append(
            self.bind("solid_step", first, count=self.count, capacity=self.capacity, rate=self.rate, **self.edges,
                      **self.fixed, increment=now, **step, solid_theta=self.theta, given=self.given)
        )  # fmt: skip
        return nodes

    def surfaces(self, level: int) -> list[Node]:
        """What the air and its fields of `level` see of the nodes from now on."""
        nodes = []
        for part, lists in zip(self.parts, self._lists, strict=True):
            if lists["count"]:
                names = ("node", "entry", "absorbed", "back", "fixed", "exchanged")
                nodes.append(
                    self.bind("solid_surfaces", part, count=lists["count"], **{k: lists[k] for k in names},
                              solid_theta=self.theta)
                )  # fmt: skip
            if lists["solids"]:
                nodes.append(
                    self.bind("solid_cells", part, count=lists["solids"], cell=lists["solid_cell"],
                              node=lists["solid_node"], solid_theta=self.theta, theta=part.theta[level])
                )  # fmt: skip
        return nodes

    # ------------------------------------------------------------------ beginning, results, state

    def begin(self, theta: Sequence[np.ndarray]) -> None:
        """Set the nodes at time 0: cells by the padded initial theta of every part, walls steady between both sides."""
        self.elapsed = 0.0
        if self.count:
            self._begin_nodes(theta)
        if self.radiation is not None:
            self.radiation.begin(0.5 * self.interval)
        for level in (0, 1) if self.count else ():
            self.backend.program(self.surfaces(level)).run()

    def _begin_nodes(self, theta: Sequence[np.ndarray]) -> None:
        of_node = np.zeros(self.count)
        air = np.zeros(len(self.links.receiver))
        for of_part, host, lists in zip(theta, self._hosts, self._lists, strict=True):
            field = of_part.ravel()
            cells, nodes = (self.backend.to_host(lists[name]) for name in ("solid_cell", "solid_node"))
            of_node[nodes] = field[cells]
            air[host["link"]] = field[host["entry_cell"]]
        weather = np.array([self._weather(wall, 0.0) for wall in self.walls]).reshape(-1, SLOTS)
        surface = steady_layers(self.network, self.links, of_node, air, weather, self.walls)
        self.backend.upload(self.theta, of_node)
        self.backend.upload(self.outer["surface"], surface)
        for array in (self.absorbed, self.exchanged, self.given):
            self.backend.upload(array, np.zeros(array.shape))

    def heat(self) -> float:
        """Heat of all nodes over theta = 0, J, less what has gone into the air since their last step."""
        if not self.count:
            return 0.0
        host = self.backend.to_host
        return float((self.network.capacity * host(self.theta)).sum() - host(self.exchanged).sum())

    def heat_given(self) -> float:
        """Heat that came in through fixed temperatures and from outside since the beginning, J."""
        return float(self.backend.to_host(self.given).sum()) if self.count else 0.0

    def arrays(self) -> dict[str, Any]:
        """What the next step depends on, by name."""
        if not self.active:
            return {}
        found = {f"beyond.{n}": lists["fixed"] for n, lists in enumerate(self._lists)}
        if self.count:
            found |= {
                "solid_theta": self.theta, "exchanged": self.exchanged, "absorbed": self.absorbed,
                "outer_surface": self.outer["surface"], "given": self.given,
            }  # fmt: skip
        return found | (self.radiation.arrays() if self.radiation is not None else {})


def _rows(receivers: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts of rows 0 ... count, int32, and the order that sorts entries with these receivers into them."""
    rows = group(receivers)
    lengths = np.zeros(count, np.int64)
    lengths[rows.receiver] = np.diff(rows.start)
    return np.append(0, np.cumsum(lengths)).astype(np.int32), rows.order


def _largest_rate(network: Network) -> float:
    """Largest rate at which a node follows all it is linked to but the air, 1/s."""
    n = network.nodes
    sums = np.zeros(n)
    for node, conductance in (
        (network.low, network.conductance), (network.high, network.conductance),
        (network.fixed_node, network.fixed_conductance), (network.outer_node, 1.0 / network.outer_resistance),
    ):  # fmt: skip
        sums += np.bincount(node, conductance, n)
    return float((sums / network.capacity).max())


def _radius(ratio: float) -> float:
    """Bound of the spectral radius of Jacobi's method where no node's links exceed `ratio` times C/dt."""
    return ratio / (1.0 + ratio)


def _sweeps(ratio: float) -> int:
    """Sweeps that reduce the error by REDUCTION, rounded up to few different numbers, each one a program."""
    radius = _radius(ratio)
    factor = radius / (1.0 + sqrt(1.0 - radius**2))  # per sweep
    needed = log(0.5 * REDUCTION) / log(factor) if factor > 0.0 else 1.0
    number = 2
    while number < needed:
        number = number + number // 2 if number & (number - 1) == 0 else number // 3 * 4
    return number
