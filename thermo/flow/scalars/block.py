"""The march of scalars that the air carries, in the step of the flow that carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from kernels.flags import Flag
from thermo.flow.binding import Binder
from thermo.flow.boundaries import Boundaries
from thermo.flow.lists import group
from thermo.flow.part import Part
from thermo.flow.points import Field, evaluate
from thermo.flow.scalars.definition import TransportedScalar
from thermo.flow.scalars.ledger import ScalarLedger
from thermo.flow.scalars.rows import largest_wall_rate, scalar_rows
from thermo.flow.setup import Setup
from thermo.mesh.mesh import Mesh

FOUR = 4  # scalars of the kernel that takes several at one reading of the flow
DIVISORS = (2, 2, 3)  # of the stages, see scalar.cuh
Exchange = Callable[[list, int], list[Node]]


class ScalarBlock:
    """Fields of some scalars on all parts and the nodes that carry them on by a step.

    faces: per part, the faces of every opening (`Ledger.faces`).
    viscosity: molecular and eddy viscosity (Pa s) of every part, a field; None where there is no eddy viscosity.
    fields: per level of the march, name and part: `fields[level][name][number]`, s per kg of air.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, setup: Setup, parts: Sequence[Part], boundaries: Boundaries, bind: Binder,
        exchange: Exchange, faces: Sequence[Mapping[str, Any]], scalars: Sequence[TransportedScalar],
        viscosity: Sequence[Any] | None = None,
    ) -> None:  # fmt: skip
        self.backend, self.mesh, self.setup, self.parts = backend, mesh, setup, parts
        self.boundaries, self.bind, self.exchange, self.viscosity = boundaries, bind, exchange, viscosity
        self.scalars = {scalar.name: scalar for scalar in scalars}
        self._refuse_unknown_names()
        self.fields = [{name: [self._field(part) for part in parts] for name in self.scalars} for _ in range(2)]
        self._reactions = {
            name: [(self._field(part), self._field(part)) for part in parts]
            for name, scalar in self.scalars.items() if scalar.reacting
        }  # fmt: skip
        self._diffusivities = {
            name: [self._field(part) for part in parts] for name, scalar in self.scalars.items() if scalar.diffusing
        }
        self._constants = {name: self._constants_of(scalar) for name, scalar in self.scalars.items()}
        self.mass_given: dict[str, list[Any]] = {}  # by scalar and part: sums of what rows give where it is mass, kg/s
        self._rows = {name: [self._rows_of(part, scalar) for part in parts] for name, scalar in self.scalars.items()}
        self._outside_openings = {
            name: np.array([scalar.outside.get(opening.name, scalar.entering) for opening in mesh.openings])
            for name, scalar in self.scalars.items()
        }
        self._outside = {name: self._by_face(values) for name, values in self._outside_openings.items()}
        sinks = [name for name, scalar in self.scalars.items() if scalar.sinks]
        self.ledger = ScalarLedger(backend, mesh, parts, boundaries, bind, faces, self._outside_openings, sinks)
        self._switches = {
            "LOW_MACH": int(setup.density_varies), "VARIABLE": int(viscosity is not None),
            "LIMITER": int(setup.scheme.limiter == "koren"),
        }  # fmt: skip

    # ------------------------------------------------------------------ set-up

    def _field(self, part: Part) -> Any:
        return self.backend.zeros(part.extent.shape)

    def _refuse_unknown_names(self) -> None:
        exchanges = {exchange.name for exchange in self.mesh.exchanges}
        openings = {opening.name for opening in self.mesh.openings}
        for scalar in self.scalars.values():
            for known, given in ((exchanges, {*scalar.discharged, *scalar.gains}), (openings, scalar.outside)):
                if unknown := set(given) - known:
                    raise ValueError(f"scalar {scalar.name}: the mesh has no {', '.join(sorted(unknown))}")

    def _constants_of(self, scalar: TransportedScalar) -> dict[str, Any]:
        """Device arrays of what one scalar has of its own: properties, decay, and the law of every device."""
        backend, exchanges = self.backend, self.mesh.exchanges
        # the field holds the molecular viscosity too, which is no part of the eddy's
        molecular = self.setup.fluid.viscosity / scalar.turbulent_schmidt if self.viscosity is not None else 0.0
        diffusivity, share = scalar.diffusivity - molecular, 1.0 / scalar.turbulent_schmidt
        if scalar.diffusing:
            diffusivity, share = 0.0, 1.0
        count = max(1, len(exchanges))
        given, is_given, gain = np.zeros(count), np.zeros(count, np.int32), np.zeros(count)
        for number, exchange in enumerate(exchanges):
            gain[number] = scalar.gains.get(exchange.name, 0.0)
            if not self.boundaries.fluids.in_room(exchange):  # a liquid carries nothing, so it brings nothing
                is_given[number], gain[number] = 1, 0.0
            elif exchange.intake is None or exchange.name in scalar.discharged:
                is_given[number], given[number] = 1, scalar.discharged.get(exchange.name, scalar.entering)
        return {
            "properties": backend.array(
                np.array([diffusivity, share, scalar.source], np.float64)
            ),
            "decay": backend.array(np.array([scalar.decay])),
            "law": {
                "is_given": backend.array(is_given), "given": backend.array(given), "gain": backend.array(gain),
            },
            "sums": backend.zeros((len(self.parts), count), np.float64),
            "drawn": backend.zeros(count, np.float64), "discharged": backend.zeros(count, np.float64),
        }  # fmt: skip

    def _rows_of(self, part: Part, scalar: TransportedScalar) -> dict[str, Any]:
        real = ("conductance", "value", "reciprocal_volume")
        return {
            name: self.backend.array(values, self.backend.real if name in real else None)
            for name, values in scalar_rows(self.mesh, part, scalar).items()
        }

    def _by_face(self, values: np.ndarray) -> list[Any]:
        """Per part: the value outside every opening for each of its faces, in the order of `opening_cell`."""
        found = []
        for lists in self.boundaries.lists:
            opening = lists.host["opening"]
            order = group(opening["cell"]).order
            found.append(self.backend.array(values[opening["opening"][order]], self.backend.real))
        return found

    def largest_rate(self, stiffness: float) -> float:
        """Largest rate of explicit diffusion and of walls, 1/s; `stiffness`: sum of 1/(smallest width)^2, 1/m2."""
        density = self.setup.fluid.still_density
        rates = [0.0]
        for scalar in self.scalars.values():
            rates.append(2.5 * scalar.diffusivity / density * stiffness)
            rates.append(largest_wall_rate(self.mesh, scalar, density))
        return max(rates)

    # ------------------------------------------------------------------ state

    def initialise(self, start: Mapping[str, Field] | None = None) -> None:
        """Set all fields to their initial values, or to those of `start`; 0 in solids and in liquids."""
        for name, scalar in self.scalars.items():
            given = (start or {}).get(name, scalar.initial)
            for number, part in enumerate(self.parts):
                carried = (part.marks & Flag.FLUID != 0) & ~self.boundaries.fluids.liquid[part.labels]
                values = np.where(carried, evaluate(part, given, None), 0.0)
                for level in self.fields:
                    self.backend.upload(level[name][number], values)
        nodes = [node for name in self.scalars for node in self.exchange(self.fields[0][name], 2)]
        if nodes:
            self.backend.program(nodes).run()
        self.ledger.begin()

    def arrays(self, level: int) -> dict[str, Any]:
        """Device arrays that the next step from `level` depends on, by name."""
        return {
            f"scalar.{name}.{number}": array
            for name, of_parts in self.fields[level].items()
            for number, array in enumerate(of_parts)
        }

    def reaction(self, name: str, number: int) -> tuple[Any, Any]:
        """Production (per second) and loss (1/s, >= 0) of a reacting scalar on part `number`, for a model to fill."""
        return self._reactions[name][number]

    def outside(self, name: str) -> list[tuple[Part, dict[str, np.ndarray], Any]]:
        """What the air outside openings has of a scalar, face by face, as the stages and as the ledger read it.

        Each: the part, "opening", "axis" and "face" (flat padded) of the faces, and the device array of their values.
        """
        found = []
        for number, (part, lists) in enumerate(zip(self.parts, self.boundaries.lists, strict=True)):
            faces = lists.host["opening"]
            ledger = self.ledger.outside(name, number)
            for order, array in ((group(faces["cell"]).order, self._outside[name][number]),
                                 (group(faces["opening"]).order, ledger)):  # fmt: skip
                found.append((part, {key: faces[key][order] for key in ("opening", "axis", "face")}, array))
        return found

    def diffusivity(self, name: str) -> list[Any]:
        """Gamma of a diffusing scalar on every part, kg/(m s), for a model to fill, one ghost layer too."""
        return self._diffusivities[name]

    def _eddy(self, name: str, number: int) -> Any:
        """The field from which a scalar has its diffusivity, molecular part too; any array where it has none."""
        if name in self._diffusivities:
            return self._diffusivities[name][number]
        return self.parts[number].rho if self.viscosity is None else self.viscosity[number]

    @property
    def written(self) -> list[str]:
        """Names of the scalars that a run writes."""
        return [name for name, scalar in self.scalars.items() if scalar.written]

    def exchanged(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """What every exchange drew in and discharged in the last stage that was run, s per kg of air."""
        return tuple(self.backend.to_host(self._constants[name][end]) for end in ("drawn", "discharged"))

    # ------------------------------------------------------------------ nodes

    def cells_of_rows(self, name: str, number: int) -> Any:
        """Element numbers of the cells of part `number` in which sources and walls give something, int64."""
        return self._rows[name][number]["cell"]

    def first_stage(self, begin: Mapping[str, list], result: Mapping[str, list]) -> list[Node]:
        """The first stage of all scalars alone: a forward step of half the time step."""
        return self._stage(list(self.scalars), begin, begin, result, DIVISORS[0]) + [
            node for name in self.scalars for node in self.exchange(result[name], 2)
        ]

    def nodes(self, now: int, new: int, scratch: Sequence[Sequence[Any]]) -> list[Node]:
        """Carry all scalars from level `now` to level `new`.

        scratch: per part, fields that may be overwritten, ghost layers too; so many scalars go together.
        """
        nodes: list[Node] = []
        names, together = list(self.scalars), len(scratch[0])
        for first in range(0, len(names), together):
            group_of = names[first : first + together]
            between = {name: [of_part[n] for of_part in scratch] for n, name in enumerate(group_of)}
            nodes += self._carry(group_of, self.fields[now], self.fields[new], between)
        return nodes

    def _carry(
        self, names: Sequence[str], begin: Mapping[str, list], result: Mapping[str, list], between: Mapping[str, list]
    ) -> list[Node]:
        """All stages of some scalars, stage by stage: on a host they go through the planes together."""
        nodes: list[Node] = []
        stages = ((begin, result), (result, between), (between, result))
        for (before, after), divisor in zip(stages, DIVISORS, strict=True):
            for name in names:
                if before is not begin:
                    nodes += self.exchange(before[name], 2)
            nodes += self._stage(names, begin, before, after, divisor)
        for name in names:
            if self.scalars[name].source:
                nodes += self.boundaries.fluid_fields.clear(result[name])
            nodes += self.exchange(result[name], 2)
        return nodes

    def _stage(
        self, names: Sequence[str], begin: Mapping[str, list], before: Mapping[str, list], after: Mapping[str, list],
        divisor: int,
    ) -> list[Node]:  # fmt: skip
        """One stage of some scalars; `before` has its ghost cells."""
        nodes: list[Node] = []
        alike = [name for name in names if name not in self._diffusivities]
        together = len(alike) // FOUR * FOUR if self._switches["LIMITER"] else 0
        for first in range(0, together, FOUR):
            nodes += self._transport_four(alike[first : first + FOUR], begin, before, after, divisor)
        for name in (name for name in names if name not in alike[:together]):
            nodes += self._transport(name, before[name], begin[name], after[name], divisor)
        for name in names:
            nodes += self._boundaries(name, before[name], after[name], divisor)
            nodes += self._sink(name, after[name], divisor)
        return nodes

    def _transport_four(
        self, names: Sequence[str], begin: Mapping[str, list], before: Mapping[str, list], after: Mapping[str, list],
        divisor: int,
    ) -> list[Node]:  # fmt: skip
        """Four scalars at one reading of the flow, with one eddy viscosity for all."""
        host = [self.backend.to_host(self._constants[name]["properties"]) for name in names]
        properties = self.backend.array(np.concatenate(host))
        nodes = []
        for number, part in enumerate(self.parts):
            own = {
                f"{key}{n}": of[name][number]
                for key, of in (("s", before), ("begin", begin), ("new", after)) for n, name in enumerate(names)
            }  # fmt: skip
            nodes.append(
                self.bind("scalars_of_four", part, self._switches, **own, **part.ahead, rho=part.rho,
                          eddy=self._eddy(names[0], number), flags=part.flags, properties=properties, divisor=divisor)
            )  # fmt: skip
        return nodes

    def _transport(self, name: str, before: list, begin: list, after: list, divisor: int) -> list[Node]:
        nodes = []
        for number, part in enumerate(self.parts):
            nodes.append(
                self.bind("scalar", part, self._switches, s=before[number], begin=begin[number], **part.ahead,
                          rho=part.rho, eddy=self._eddy(name, number), flags=part.flags,
                          properties=self._constants[name]["properties"], divisor=divisor, s_new=after[number])
            )  # fmt: skip
        return nodes

    def _boundaries(self, name: str, before: list, after: list, divisor: int) -> list[Node]:
        """Devices, openings, walls and sources, from the stage before."""
        constants, low_mach = self._constants[name], {"LOW_MACH": self._switches["LOW_MACH"]}
        nodes = self._devices(name, before)
        for number, (part, lists) in enumerate(zip(self.parts, self.boundaries.lists, strict=True)):
            device, host = lists.device, lists.host
            levels = {"theta": before[number], "theta_new": after[number], "rho": part.rho, "divisor": divisor}
            if count := len(host["discharge"]["cell"]):
                nodes.append(
                    self.bind("port_heat", part, low_mach, count=count, **device["discharge"], **levels,
                              mass_flow=self.boundaries.ahead["mass_flow"], theta_out=constants["discharged"])
                )  # fmt: skip
            if count := len(host["opening_cell"]["cell"]):
                cells = device["opening_cell"] | {"outside": self._outside[name][number]}
                nodes.append(self.bind("opening_heat", part, low_mach, count=count, **cells, **part.ahead, **levels))
            rows = self._rows[name][number]
            if count := len(rows["cell"]):
                gain = self.ledger.row_gain(name, number, count)
                is_mass = name in self.mass_given
                nodes.append(
                    self.bind("scalar_rows", part, low_mach | {"VAPOUR": int(is_mass)}, count=count, **rows,
                              s=before[number], rho=part.rho, divisor=divisor, row_gain=gain, s_new=after[number])
                )  # fmt: skip
                if is_mass:
                    given = self.mass_given[name][number]
                    nodes.append(self.bind("vapour_stage", part, count=count, gain=gain, given=given))
        moved = (constants["drawn"], constants["discharged"])
        return nodes + self.ledger.nodes(name, before, *moved)

    def _devices(self, name: str, before: list) -> list[Node]:
        """What every device draws in and discharges, from the stage before: what leaves one cell enters others."""
        boundaries, constants = self.boundaries, self._constants[name]
        if not boundaries.instances:
            return []
        nodes = []
        for number, (part, lists) in enumerate(zip(self.parts, boundaries.lists, strict=True)):
            nodes.append(
                self.bind("scalar_intakes", part, count=boundaries.instances, **lists.device["intake"],
                          s=before[number], sums=constants["sums"][number])
            )  # fmt: skip
        nodes.append(
            self.bind("scalar_discharges", self.parts[0], count=boundaries.instances, sums=constants["sums"],
                      parts=len(self.parts), instances=boundaries.instances, **constants["law"],
                      mass_flow=boundaries.ahead["mass_flow"], drawn=constants["drawn"],
                      discharged=constants["discharged"])
        )  # fmt: skip
        return nodes

    def _sink(self, name: str, after: list, divisor: int) -> list[Node]:
        scalar = self.scalars[name]
        if not scalar.sinks:
            return []
        nodes, fields = [], {"FIELDS": int(scalar.reacting)}
        switches = fields | {"LOW_MACH": self._switches["LOW_MACH"]}
        for number, part in enumerate(self.parts):
            production, loss = self._reactions[name][number] if scalar.reacting else (part.rho, part.rho)
            reaction = {"production": production, "loss": loss, "decay": self._constants[name]["decay"]}
            nodes += [
                self.bind("scalar_sink", part, fields, **reaction, divisor=divisor,
                          s_new=after[number]),
                self.bind("scalar_reacted", part, switches, **reaction, value=after[number], rho=part.rho,
                          flags=part.flags, result=self.ledger.reacted[name][number]),
            ]  # fmt: skip
        return nodes + self.ledger.add_reacted(name)
