"""Ports, openings, resisting faces and walls of all parts: device lists and the nodes that apply them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.case import Schedule
from thermo.case.schedule import value_at
from thermo.flow.binding import Binder
from thermo.flow.fluids import FluidFields, RegionFluids
from thermo.flow.heat import HeatLinks, heat_links, heat_rows
from thermo.flow.lists import (
    discharges,
    entries_of_faces,
    forced_faces,
    intakes,
    moving_walls,
    opening_cells,
    opening_sides,
    openings,
    operator_faces,
    port_faces,
    resistances,
)
from thermo.flow.part import FLUXES, VELOCITIES, Part, suffixed
from thermo.flow.pressure import SparseRows, rows_of_faces
from thermo.flow.radiation.radiation import Radiation, Surfaces
from thermo.flow.regions import SealedRegions
from thermo.flow.setup import TEMPERATURE_ZERO, Setup
from thermo.flow.solids.network import build_network
from thermo.flow.turbulence.model import LARGEST_FILM, LARGEST_LIQUID_FILM
from thermo.mesh.mesh import Mesh
from thermo.mesh.subdomain import Decomposition

FLOW_KINDS = {"mass": 0.0, "volume": 1.0}
SUPPLY_VOLUME = 2.0  # volume flow at the discharge temperature
INSTANCE = ("mass_flow", "theta_in", "theta_out")  # kg/s, and theta of what an instance draws in and discharges

Stage = Sequence[Any]  # the array of every part


@dataclass
class PartLists:
    """The lists of one part: host copies by name, and the device arrays made of them."""

    host: dict[str, dict[str, np.ndarray]]
    device: dict[str, dict[str, Any]]
    operator: SparseRows
    row_heat: Any


class Boundaries:
    """Everything that sparse lists do, for all parts of a solver."""

    def __init__(
        self, backend: Backend, mesh: Mesh, setup: Setup, decomposition: Decomposition, parts: Sequence[Part],
        bind: Binder, sealed: SealedRegions, fluids: RegionFluids, fluid_fields: FluidFields,
    ) -> None:  # fmt: skip
        self.backend, self.mesh, self.setup, self.parts, self.bind = backend, mesh, setup, parts, bind
        self.sealed, self.fluids, self.fluid_fields = sealed, fluids, fluid_fields
        self.low_mach = {"LOW_MACH": int(setup.density_varies)}
        self.network = build_network(mesh)
        self.links: HeatLinks = heat_links(mesh, fluids.by_cell("wall_conductivity"), self.network)
        self.surfaces = None if setup.radiation is None else Surfaces(mesh, setup, self.links)
        self.radiation: Radiation | None = None  # its device arrays, made after these lists
        operators = rows_of_faces(backend, decomposition, *operator_faces(mesh))
        self.lists = [self._lists(part, operator) for part, operator in zip(parts, operators, strict=True)]
        # one array for the wall rows of all parts: the sums over a region run over it in a fixed order
        counts = [len(lists.host["fluid_heat"]["cell"]) for lists in self.lists]
        self.rows = sum(counts)
        self.row_heat = backend.zeros(max(1, self.rows), np.float64)[: self.rows]
        labels = [lists.host["fluid_heat"]["region"] for lists in self.lists]
        self.row_region = backend.array(np.concatenate(labels).astype(np.int32))
        for lists, end, count in zip(self.lists, np.cumsum(counts), counts, strict=True):
            lists.row_heat = self.row_heat[end - count : end]
        self._join_links()
        self.instances = len(mesh.exchanges)
        zeros = lambda: backend.zeros(max(1, self.instances), np.float64)  # noqa: E731
        self.state, self.last, self.ahead = ({name: zeros() for name in INSTANCE} for _ in range(3))
        self.settings = np.zeros((max(1, self.instances), 7))
        self.device_settings = backend.zeros(self.settings.shape, np.float64)
        self.sums = backend.zeros((len(parts), max(1, self.instances), 2), np.float64)
        self.discharge_region = self._regions(lambda exchange: exchange.discharge)
        self.intake_region = self._regions(lambda exchange: exchange.intake)
        self._scheduled = [
            number
            for number, exchange in enumerate(mesh.exchanges)
            if any(isinstance(value, Schedule) for value in (exchange.flow, exchange.heat, exchange.temperature))
        ]
        self._scheduled_heat = [n for n, heat in enumerate(mesh.heat_sources) if isinstance(heat.power, Schedule)]
        self._set_devices(range(self.instances), 0.0)

    # ------------------------------------------------------------------ lists

    def _lists(self, part: Part, operator: SparseRows) -> PartLists:
        backend, fluid = self.backend, self.setup.fluid
        opening = openings(self.mesh, part, fluid.density_at)
        opening["outside"] = opening["outside"] - TEMPERATURE_ZERO
        resistance = resistances(self.mesh, part)
        opening["position"], _ = entries_of_faces(operator.face, opening["number"])
        resistance["low"], resistance["high"] = entries_of_faces(operator.face, resistance["number"])
        radiated = np.empty((0, 3), np.int64) if self.surfaces is None else self.surfaces.cells
        host = {
            "port": port_faces(self.mesh, part),
            "intake": intakes(self.mesh, part),
            "discharge": discharges(self.mesh, part),
            "opening": opening,
            "opening_cell": opening_cells(part, opening),
            "opening_side": opening_sides(self.mesh, part, opening),
            "resistance": resistance,
            "wall": moving_walls(self.mesh, part),
            "force": forced_faces(self.mesh, part),
            "fluid_heat": heat_rows(self.mesh, part, self.links, TEMPERATURE_ZERO, radiated),
        }
        fluid_heat = host["fluid_heat"]
        to_wall = np.array([w.thermal is not None and w.thermal[0] == "temperature" for w in self.mesh.walls] + [False])
        relative = fluid.relative_conductivity(fluid_heat["fixed"] + TEMPERATURE_ZERO)
        in_room = ~self.fluids.liquid[part.labels.ravel()[fluid_heat["entry_cell"]]]
        fluid_heat["beyond"] = np.where(to_wall[fluid_heat["link_wall"]] & in_room, relative, 0.0)
        fluid_heat["heat_capacity"] = self.fluids.values("heat_capacity")[fluid_heat["region"]]
        # a wall law may raise the films in the run: what limits steps counts on that
        expected = np.where(in_room, LARGEST_FILM, LARGEST_LIQUID_FILM) * fluid_heat["area"]
        largest = np.maximum(fluid_heat["film"], expected)
        by_law = 1.0 / (1.0 / largest + fluid_heat["back"])
        fluid_heat["largest_conductance"] = by_law if self.setup.turbulence else fluid_heat["conductance"]
        device = {name: {k: self._upload(k, v) for k, v in rows.items()} for name, rows in host.items()}
        device["opening"] |= {
            name: backend.array(np.zeros(host["opening"]["face"].shape), backend.real) for name in ("drag", "pull")
        }
        for rows in (device["opening"], device["resistance"]):
            rows["beta"] = backend.array(np.ones(rows["face"].shape), backend.real)
        return PartLists(host, device, operator, row_heat=None)

    def _join_links(self) -> None:
        """One array for the films of the links of all parts, and one for their conductances, in the order of the rows.

        1/conductance = 1/film + back + 1/film[far], where `far` is the place in the joint arrays of the same link seen
        from the other side of a panel, -1 for none. A wall law that renews films renews the conductances from them.
        """
        hosts = [lists.host["fluid_heat"] for lists in self.lists]
        links = np.concatenate([host["link"] for host in hosts])
        place = np.full(len(self.links.film) + 1, -1, np.int64)  # the last entry is that of twin -1
        place[links] = np.arange(len(links))
        joint = {}
        for name in ("film", "back", "conductance"):
            joint[name] = self.backend.array(np.concatenate([host[name] for host in hosts]), self.backend.real)
        joint["far"] = self.backend.array(place[self.links.twin[links].astype(np.int64)].astype(np.int32))
        end = 0
        for lists, host in zip(self.lists, hosts, strict=True):
            begin, end = end, end + len(host["link"])
            lists.device["fluid_heat"] |= {name: array[begin:end] for name, array in joint.items()}
        self.joint_links = joint

    def _upload(self, name: str, values: np.ndarray) -> Any:
        exact = values.dtype != np.float64 or name == "source"
        return self.backend.array(values, None if exact else self.backend.real)

    def _regions(self, patch_of) -> Any:
        labels = []
        for exchange in self.mesh.exchanges:
            patch = patch_of(exchange)
            labels.append(-1 if patch is None else int(self.mesh.region[tuple(patch.cells[0])]))
        return self.backend.array(np.array(labels or [-1], np.int32))

    def largest_rate(self) -> float:
        """Largest eigenvalue bound of the explicit conduction between the air and walls, 1/s."""
        rates = [0.0]
        for lists in self.lists:
            rows = lists.host["fluid_heat"]
            if len(rows["cell"]) and len(rows["other"]):
                sums = np.add.reduceat(np.append(rows["largest_conductance"], 0.0), rows["start"][:-1])
                sums = np.where(np.diff(rows["start"]) > 0, sums, 0.0)
                capacity = self.fluids.values("still_density")[rows["region"]] * rows["heat_capacity"]
                scale = rows["reciprocal_volume"] / capacity
                rates.append(float((2.0 * sums * scale).max()))
        return max(rates)

    def expansion_rate(self) -> float:
        """Largest rate at which the heat of sources and walls expands air at rest, 1/s; of tables the largest heat."""
        found = [0.0]
        for lists in self.lists:
            rows = lists.host["fluid_heat"]
            values = np.abs(rows["source_value"])
            for number in self._scheduled_heat:
                mine = rows["source_of"] == -1 - number
                largest = max(map(abs, self.mesh.heat_sources[number].power.values))
                values[mine] = rows["source_share"][mine] * largest
            heat = np.bincount(rows["source_row"], values, len(rows["cell"]))
            rate = heat * rows["reciprocal_volume"] * self.fluids.expansion_per_heat()[rows["region"]]
            found.append(float(rate.max(initial=0.0)))
        return max(found)

    # ------------------------------------------------------------------ settings that change in time

    def update(self, before: float, after: float) -> None:
        """Device settings at time `after` and heat sources halfway from `before` (s), where tables make them change."""
        if self._scheduled:
            self._set_devices(self._scheduled, after)
        if self._scheduled_heat:
            self._renew_sources(self._scheduled_heat, 0.5 * (before + after))

    def _set_devices(self, numbers: Sequence[int], time: float) -> None:
        """Write the settings of some instances as they are at `time` (s)."""
        for number in numbers:
            exchange = self.mesh.exchanges[number]
            supply = exchange.intake is None
            kind = SUPPLY_VOLUME if supply and exchange.flow_kind == "volume" else FLOW_KINDS[exchange.flow_kind]
            given = exchange.temperature is not None
            kelvin = value_at(exchange.temperature, time) if given else TEMPERATURE_ZERO
            fluid = self.fluids.of_exchange(exchange)
            self.settings[number] = (
                value_at(exchange.flow, time), kind, value_at(exchange.heat, time), float(given),
                kelvin - TEMPERATURE_ZERO, fluid.heat_capacity, 0.0 if fluid.low_mach else fluid.still_density,
            )  # fmt: skip
        self.backend.upload(self.device_settings, self.settings)

    def _renew_sources(self, changing: list[int], time: float) -> None:
        for lists in self.lists:
            rows = lists.host["fluid_heat"]
            values = rows["source_value"].copy()
            for number in changing:
                mine = rows["source_of"] == -1 - number
                power = self.mesh.heat_sources[number].power
                values[mine] = rows["source_share"][mine] * value_at(power, time)
            total = np.bincount(rows["source_row"], values, len(rows["cell"]))
            self.backend.upload(lists.device["fluid_heat"]["source"], total)

    # ------------------------------------------------------------------ nodes

    def middle_of_step(self) -> list[Node]:
        """State of the devices at the middle of the step, like the mass flux that carries the heat."""
        if not self.instances:
            return []
        others = suffixed(self.last, "last") | suffixed(self.ahead, "ahead")
        return [self.bind("instances_ahead", self.parts[0], count=self.instances, **self.state, **others)]

    def wall_heat(self, theta: Stage) -> list[Node]:
        """Heat that walls and sources give to fluid cells at a stage, W per row."""
        by_law = self.setup.fluid.sutherland is not None and self.setup.turbulence is None
        variable = {"VARIABLE": int(by_law)}
        nodes = []
        for number, (part, lists, of_part) in enumerate(zip(self.parts, self.lists, theta, strict=True)):
            rows = lists.device["fluid_heat"]
            names = ("cell", "start", "source", "other", "conductance", "fixed", "beyond")
            if count := len(lists.host["fluid_heat"]["cell"]):
                nodes.append(
                    self.bind("heat_rows", part, variable, count=count, **{k: rows[k] for k in names},
                              diffusivity=part.diffusivity, theta=of_part, row_heat=lists.row_heat)
                )  # fmt: skip
            if self.radiation is not None:
                nodes += self.radiation.add_to_air(number, lists.row_heat)
        return nodes

    def pressure_rate(self, stage: int) -> list[Node]:
        """dp0/dt of every sealed region from the heat of walls, sources, devices and functions at stage 0, 1 or 2."""
        sealed = self.sealed
        if sealed.moving:
            return [
                self.bind("zone_pressure_rates", self.parts[0], row_heat=self.row_heat, row_region=self.row_region,
                          rows=self.rows, **self.ahead, intake_region=self.intake_region,
                          discharge_region=self.discharge_region, instances=self.instances,
                          given_heat=sealed.given_heat, zones=sealed.count, group=sealed.group, vented=sealed.vented,
                          volume=sealed.volume, pressure=sealed.pressure, outside=sealed.outside, stage=stage,
                          heat=sealed.heat, gas_of=sealed.gas, gained=sealed.gained,
                          energy_pressure=sealed.energy_pressure, pressure_rate=sealed.rate)
            ]  # fmt: skip
        return [
            self.bind("region_pressure_rate", self.parts[0], row_heat=self.row_heat, row_region=self.row_region,
                      rows=self.rows, **self.ahead, intake_region=self.intake_region,
                      discharge_region=self.discharge_region, instances=self.instances, given_heat=sealed.given_heat,
                      label=label, volume=sealed.volume, pressure=sealed.pressure, stage=stage,
                      gas_of=sealed.gas, gained=sealed.gained, energy_pressure=sealed.energy_pressure,
                      pressure_rate=sealed.rate)
            for label in sealed.labels
        ]  # fmt: skip

    def boundary_heat(self, theta: Stage, theta_new: Stage, divisor: int) -> list[Node]:
        """What walls, ports and openings add to a stage of the temperature, from the stage before."""
        nodes = []
        for part, lists, before, after in zip(self.parts, self.lists, theta, theta_new, strict=True):
            levels = {"theta": before, "theta_new": after, "divisor": divisor}
            device, host = lists.device, lists.host
            fluid = device["fluid_heat"]
            if count := len(host["fluid_heat"]["cell"]):
                nodes.append(
                    self.bind("add_heat", part, self.low_mach, count=count, cell=fluid["cell"],
                              reciprocal_volume=fluid["reciprocal_volume"], heat_capacity=fluid["heat_capacity"],
                              row_heat=lists.row_heat, rho=part.rho,
                              divisor=divisor, theta_new=after)
                )  # fmt: skip
            discharge = device["discharge"]
            if count := len(host["discharge"]["cell"]):
                nodes.append(
                    self.bind("port_heat", part, self.low_mach, count=count, **discharge, **levels, rho=part.rho,
                              mass_flow=self.ahead["mass_flow"], theta_out=self.ahead["theta_out"])
                )  # fmt: skip
            if count := len(host["opening_cell"]["cell"]):
                nodes.append(
                    self.bind("opening_heat", part, self.low_mach, count=count, **device["opening_cell"],
                              **part.ahead, **levels, rho=part.rho)
                )  # fmt: skip
        return nodes

    def keep_ports(self, new: int) -> list[Node]:
        """Velocity at ports and openings, taken over by the first stage, which `flux[new]` holds."""
        nodes = []
        for part, lists in zip(self.parts, self.lists, strict=True):
            stage = {f"{u}_new": part.flux[new][m] for u, m in zip(VELOCITIES, FLUXES, strict=True)}
            for kind in ("port", "opening"):
                rows = lists.device[kind]
                if count := len(lists.host[kind]["face"]):
                    places = {"axis": rows["axis"], "face": rows["face"]}
                    nodes.append(self.bind("keep_faces", part, count=count, **places, **part.velocity, **stage))
        return nodes

    def stage_forces(
        self, now: int, stages: Sequence[dict[str, Any]], switches: dict[str, int], divisor: int
    ) -> list[Node]:
        """Moving walls, momentum sources and resisting faces on a stage, per part by the names m*_new."""
        nodes = []
        for part, lists, stage in zip(self.parts, self.lists, stages, strict=True):
            device, host = lists.device, lists.host
            common = {"rho": part.rho, "divisor": divisor, **stage}
            if count := len(host["wall"]["face"]):
                drag = {"count": count, **device["wall"], "mu": part.mu}
                nodes.append(self.bind("wall_drag", part, switches, **drag, **common))
            if count := len(host["force"]["face"]):
                nodes.append(self.bind("face_force", part, switches, count=count, **device["force"], **common))
            resistance = device["resistance"]
            if count := len(host["resistance"]["face"]):
                names = ("axis", "face", "stride", "forward", "backward", "linear", "distance", "area", "low", "high")
                nodes.append(
                    self.bind("resistance_predict", part, switches, count=count, **{k: resistance[k] for k in names},
                              **part.flux[now], **common, beta=resistance["beta"],
                              coefficients=lists.operator.coefficient)
                )  # fmt: skip
        return nodes

    def devices(self, level: int) -> list[Node]:
        """State of the devices at `level`, and the mass flux at their ports."""
        if not self.instances:
            return []
        nodes = []
        for number, (part, lists) in enumerate(zip(self.parts, self.lists, strict=True)):
            nodes.append(
                self.bind("intake_sums", part, self.low_mach, count=self.instances, **lists.device["intake"],
                          theta=part.theta[level], rho=part.rho, sums=self.sums[number])
            )  # fmt: skip
        nodes.append(
            self.bind("instance_law", self.parts[0], count=self.instances, sums=self.sums,
                      parts=len(self.parts), instances=self.instances, settings=self.device_settings,
                      discharge_region=self.discharge_region, pressure=self.sealed.pressure, **self.state)
        )  # fmt: skip
        for part, lists in zip(self.parts, self.lists, strict=True):
            port = lists.device["port"]
            if count := len(lists.host["port"]["face"]):
                names = ("axis", "face", "start", "instance", "weight")
                nodes.append(
                    self.bind("port_faces", part, count=count, **{k: port[k] for k in names},
                              mass_flow=self.state["mass_flow"], **part.flux[level])
                )  # fmt: skip
        return nodes

    def open_faces(self, now: int, new: int, friction: Sequence[Any]) -> list[Node]:
        """Provisional mass flux at pressure openings, and their entries of the operator.

        friction: of the wall layer per part, kg/(m2 s), to which `wall` of the lists points; any array without one.
        """
        nodes, variable = [], self.low_mach | {"VARIABLE": int(self.setup.variable)}
        for part, lists, of_part in zip(self.parts, self.lists, friction, strict=True):
            opening, sides = lists.device["opening"], lists.device["opening_side"]
            if count := len(lists.host["opening"]["face"]):
                names = ("axis", "face", "cell", "outward", "outside_density", "drag", "pull")
                entries = ("start", "beside", "wall", "share", "reciprocal_distance", "given")
                nodes.append(
                    self.bind("opening_friction", part, variable, count=count, **{k: opening[k] for k in names},
                              **{k: sides[k] for k in entries}, **suffixed(part.ahead, "ahead"), mu=part.mu,
                              friction=of_part, rho=part.rho)
                )  # fmt: skip
                names = ("axis", "face", "cell", "outward", "loss_out", "loss_in", "outside_density",
                         "outside_pressure", "distance", "area", "position", "drag", "pull")  # fmt: skip
                nodes.append(
                    self.bind("opening_predict", part, self.low_mach, count=count, **{k: opening[k] for k in names},
                              **part.flux[now], **suffixed(part.ahead, "ahead"),
                              p=part.p, lift=part.theta[now], rho=part.rho, **stage_names(part.flux[new]),
                              beta=opening["beta"], coefficients=lists.operator.coefficient)
                )  # fmt: skip
        return nodes

    def correct(self, level: int) -> list[Node]:
        """The projection's correction at resisting faces and pressure openings."""
        nodes = []
        for part, lists in zip(self.parts, self.lists, strict=True):
            resistance, opening = lists.device["resistance"], lists.device["opening"]
            if count := len(lists.host["resistance"]["face"]):
                names = ("axis", "face", "stride", "distance", "beta")
                nodes.append(
                    self.bind("resistance_correct", part, count=count, **{k: resistance[k] for k in names},
                              phi=part.phi, **part.flux[level])
                )  # fmt: skip
            if count := len(lists.host["opening"]["face"]):
                names = ("axis", "face", "cell", "outward", "distance", "beta")
                nodes.append(
                    self.bind("opening_correct", part, count=count, **{k: opening[k] for k in names}, phi=part.phi,
                              **part.flux[level])
                )  # fmt: skip
        return nodes

    def velocity(self, flux: Sequence[Mapping[str, Any]], state: Mapping[str, Any]) -> list[Node]:
        """Velocity at the faces of ports and openings, from the mass flux of every part and the devices' state."""
        nodes = []
        for part, lists, of_part in zip(self.parts, self.lists, flux, strict=True):
            port, opening = lists.device["port"], lists.device["opening"]
            if count := len(lists.host["port"]["face"]):
                nodes.append(
                    self.bind("port_velocity", part, self.low_mach, count=count, **port,
                              mass_flow=state["mass_flow"], theta_out=state["theta_out"],
                              discharge_region=self.discharge_region, settings=self.device_settings,
                              pressure=self.sealed.pressure, rho=part.rho, **part.velocity)
                )  # fmt: skip
            if count := len(lists.host["opening"]["face"]):
                names = ("axis", "face", "cell", "outward", "outside_density")
                nodes.append(
                    self.bind("opening_velocity", part, self.low_mach, count=count, **{k: opening[k] for k in names},
                              **of_part, rho=part.rho, **part.velocity)
                )  # fmt: skip
        return nodes

    def flow_through(self, label: int) -> float:
        """Mass flow through the ports of a region, in and out together, kg/s."""
        flow = np.abs(self.backend.to_host(self.state["mass_flow"]))
        ports = (self.intake_region, self.discharge_region)
        return float(sum(flow[self.backend.to_host(region) == label].sum() for region in ports))

    @property
    def changes_operator(self) -> bool:
        """Whether resisting faces or openings change the pressure operator from step to step."""
        return bool(self.mesh.openings or self.mesh.resistances)

    # ------------------------------------------------------------------ state

    def reset_betas(self) -> None:
        """Openings and resisting faces as at rest: no loss."""
        for lists in self.lists:
            for name in ("opening", "resistance"):
                beta = lists.device[name]["beta"]
                self.backend.upload(beta, np.ones(beta.shape))
            host = lists.host["opening"]
            coefficients = np.zeros(lists.operator.coefficient.shape)
            coefficients[host["position"]] = host["area"] / host["distance"]
            self.backend.upload(lists.operator.coefficient, coefficients)


def stage_names(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The three arrays of a stage by the names under which kernels write them."""
    return suffixed(dict(zip(FLUXES, arrays.values(), strict=True)), "new")
