"""The models of two equations in a march: the scalars that carry k and epsilon or omega, and the nodes that feed them.

Both are transported scalars (`thermo.flow.scalars`) whose production and loss are renewed once per step, from the
velocity at its middle and from both quantities at its beginning: of first order in time, for steady states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from kernels import GHOST, Backend, Node
from thermo.case.schedule import value_at
from thermo.flow.binding import Binder
from thermo.flow.lists import group
from thermo.flow.part import Part, wrap_ghosts
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.scalars.definition import TransportedScalar
from thermo.flow.setup import DISSIPATION, FREQUENCY, TURBULENT_ENERGY, Setup
from thermo.flow.turbulence.distance import wall_distance
from thermo.flow.turbulence.model import InflowTurbulence, KEpsilon, MeanFlowModel
from thermo.flow.turbulence.walls import WallSides, cells_behind
from thermo.mesh.mesh import Mesh

LEAST_ENERGY = 1e-8  # m2/s2, of air that enters: its length scale needs one


def second_quantity(model: MeanFlowModel) -> str:
    """Name of the scalar that a model carries beside k."""
    return DISSIPATION if isinstance(model, KEpsilon) else FREQUENCY


def carried_turbulence(setup: Setup, mesh: Mesh) -> tuple[TransportedScalar, ...]:
    """Both quantities of the model as scalars of the air; none without such a model.

    What a device discharges has fluctuations in proportion to its speed at the start of the run.
    """
    model, fluid = setup.turbulence, setup.fluid
    if not isinstance(model, MeanFlowModel):
        return ()
    nu = fluid.viscosity / fluid.still_density
    begin = model.initial_energy, model.second_by_viscosity(model.initial_energy, model.initial_ratio * nu)
    discharged: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for exchange in mesh.exchanges:
        if exchange.discharge is not None:
            flow, area = value_at(exchange.flow, 0.0), exchange.discharge.mesh_area
            volume = flow if exchange.flow_kind == "volume" else flow / fluid.still_density
            given = setup.inflow.get(exchange.name, InflowTurbulence())
            intensity = model.intensity if given.intensity is None else given.intensity
            energy = max(1.5 * (intensity * volume / area) ** 2, LEAST_ENERGY)
            length = model.length_share * sqrt(area) if given.length is None else given.length
            discharged[0][exchange.name] = energy
            discharged[1][exchange.name] = model.second_by_length(energy, length)
    names = (TURBULENT_ENERGY, second_quantity(model))
    by_epsilon = isinstance(model, KEpsilon)
    sigmas = (model.sigma_k, model.sigma_epsilon) if by_epsilon else (1.0, 1.0)
    return tuple(
        TransportedScalar(
            name, fluid.viscosity, sigma, initial=value, entering=value, discharged=of_devices, reacting=True,
            diffusing=not by_epsilon,
        )
        for name, sigma, value, of_devices in zip(names, sigmas, begin, discharged, strict=True)
    )  # fmt: skip


class TwoEquations:
    """Binds the kernels of a model of two equations on all parts.

    `diffusivities`: of k and omega, per quantity the field of every part, to be exchanged; none in k-epsilon models.
    """

    def __init__(
        self, backend: Backend, model: MeanFlowModel, switches: Mapping[str, int], parts: Sequence[Part],
        walls: Sequence[WallSides], bind: Binder, transported: ScalarBlock, mesh: Mesh,
        inflow: Mapping[str, InflowTurbulence],
    ) -> None:  # fmt: skip
        self.parts, self.bind, self.transported = parts, bind, transported
        self.switches = switches
        self.second = second_quantity(model)
        self.by_epsilon = isinstance(model, KEpsilon)
        self.renormalised = {"RENORMALISED": int(model.renormalised)} if self.by_epsilon else {}
        self.diffusivities = [] if self.by_epsilon else [transported.diffusivity(name) for name in self.quantities]
        self.constants = backend.array(np.array(model.constants()))
        self.distance = [backend.array(field, backend.real) for field in _padded(wall_distance(mesh), mesh, parts)]
        self.shape = [backend.array(np.ones(part.extent.shape), backend.real) for part in parts]
        self.first = [_first_cells(backend, sides) for sides in walls]
        self.behind = [_behind(backend, mesh, part, sides) for part, sides in zip(parts, walls, strict=True)]
        self.law = backend.array(np.array([model.by_length, LEAST_ENERGY, float(self.by_epsilon)]))
        self.inflow = self._openings(backend, mesh, model, inflow)

    @property
    def quantities(self) -> tuple[str, str]:
        """Names of the two scalars."""
        return TURBULENT_ENERGY, self.second

    def _openings(
        self, backend: Backend, mesh: Mesh, model: MeanFlowModel, inflow: Mapping[str, InflowTurbulence]
    ) -> list[tuple[Part, dict[str, Any]]]:
        """Per part and list of faces of openings: those whose turbulence follows the speed of the air that enters."""
        given = [inflow.get(opening.name) for opening in mesh.openings]
        intensity, length = np.zeros(len(given)), np.zeros(len(given))
        for number, (opening, found) in enumerate(zip(mesh.openings, given, strict=True)):
            if found is not None:
                usual = model.length_share * sqrt(opening.patch.mesh_area)
                intensity[number] = model.intensity if found.intensity is None else found.intensity
                length[number] = usual if found.length is None else found.length
        rows = []
        energies, others = (self.transported.outside(name) for name in self.quantities)
        for (part, faces, outside_k), (_, _, outside_other) in zip(energies, others, strict=True):
            entry = np.flatnonzero(np.isin(faces["opening"], np.flatnonzero(length)))
            opening = faces["opening"][entry]
            if len(entry):
                rows.append((part, {
                    "count": len(entry), "entry": backend.array(entry.astype(np.int32)),
                    "axis": backend.array(faces["axis"][entry]), "face": backend.array(faces["face"][entry]),
                    "intensity": backend.array(intensity[opening], backend.real),
                    "length": backend.array(length[opening], backend.real),
                    "outside_k": outside_k, "outside_other": outside_other,
                }))  # fmt: skip
        return rows

    def entering(self) -> list[Node]:
        """Turbulence of the air outside openings that name it, by the mass flux at the middle of the step."""
        switches = {"LOW_MACH": 0, "SUTHERLAND_LAW": 0}
        return [
            self.bind("inflow_turbulence", part, switches, **rows, **part.ahead, law=self.law)
            for part, rows in self.inflow
        ]

    def _reactions(self, number: int) -> dict[str, Any]:
        found = {}
        for name, letter in zip(self.quantities, "ke" if self.by_epsilon else "kw", strict=True):
            found[f"production_{letter}"], found[f"loss_{letter}"] = self.transported.reaction(name, number)
        return found

    def profiles(self, layers: Sequence[Mapping[str, Any]]) -> list[Node]:
        """What the law of the wall makes of the first cells; layers: the wall layer of every part."""
        nodes = []
        switches = {"LOW_MACH": 0, "SUTHERLAND_LAW": 0}
        for part, layer, behind, shape in zip(self.parts, layers, self.behind, self.shape, strict=True):
            if count := len(behind.profile["second"]):
                nodes.append(self.bind("wall_profile", part, switches, count=count, **layer, **behind.profile))
            if count := len(behind.rows["cell"]):
                of_walls = behind.profile["shape"]
                nodes.append(
                    self.bind("wall_shape", part, switches, count=count, **behind.rows, shape_of_wall=of_walls,
                              shape=shape)
                )  # fmt: skip
        return nodes

    def viscosity(self, number: int, velocity: Mapping[str, Any], theta: Any, level: int) -> Node:
        """Viscosity, diffusivities, production and losses on one part, both quantities being those of `level`."""
        part = self.parts[number]
        energy, second = (self.transported.fields[level][name][number] for name in self.quantities)
        own = {"dissipation": second}
        if not self.by_epsilon:
            gamma_k, gamma_w = (field[number] for field in self.diffusivities)
            own = {"frequency": second, "gamma_k": gamma_k, "gamma_w": gamma_w}
        return self.bind(
            "k_epsilon" if self.by_epsilon else "k_omega", part, {**self.switches, **self.renormalised}, **velocity,
            **own, energy=energy, theta=theta, rho=part.rho, wall_distance=self.distance[number],
            shape=self.shape[number], flags=part.flags, model=self.constants, mu=part.mu,
            diffusivity=part.diffusivity, **self._reactions(number),
        )  # fmt: skip

    def walls(self, number: int, layer: Mapping[str, Any], theta: Any, level: int) -> list[Node]:
        """Viscosity, production and losses at walls; layer: distance, y_plus and u_plus of the wall layer."""
        part, first = self.parts[number], self.first[number]
        if not (count := len(first["cell"])):
            return []
        name, own = "k_omega_walls", {}
        if self.by_epsilon:
            name, own = "k_epsilon_walls", {"wall_distance": self.distance[number]}
        energy = self.transported.fields[level][TURBULENT_ENERGY][number]
        switches = {**self.switches, **dict.fromkeys(self.renormalised, 0)}
        found = self.behind[number].profile
        layer = {name: layer[name] for name in ("distance", "y_plus")}
        layer |= {name: found[name] for name in ("steep", "added")}
        return [
            self.bind(name, part, switches, count=count, **first, **layer, **own, theta=theta, rho=part.rho,
                      energy=energy, model=self.constants, mu=part.mu, diffusivity=part.diffusivity,
                      **self._reactions(number))
        ]  # fmt: skip


def _padded(values: np.ndarray, mesh: Mesh, parts: Sequence[Part]) -> list[np.ndarray]:
    """A field of all cells as padded arrays of the parts; 0 in the ghost cells beyond the domain."""
    whole = np.pad(values, GHOST)
    wrap_ghosts(whole, mesh)
    return [
        np.ascontiguousarray(
            whole[tuple(slice(o, o + n + 2 * GHOST) for o, n in
                        zip(part.subdomain.offset, part.subdomain.shape, strict=True))]
        )
        for part in parts
    ]  # fmt: skip


def _first_cells(backend: Backend, sides: WallSides) -> dict[str, Any]:
    """Rows of the first cells at walls: the cell and its walls."""
    own = np.flatnonzero(sides.own)
    rows = group(sides.cell[own])
    return {
        "cell": backend.array(rows.receiver), "start": backend.array(rows.start),
        "wall": backend.array(own[rows.order].astype(np.int32)),
    }  # fmt: skip


@dataclass
class Behind:
    """Device arrays of the cells behind the first ones. profile: of every wall; rows: of the second cells."""

    profile: dict[str, Any]
    rows: dict[str, Any]


def _behind(backend: Backend, mesh: Mesh, part: Part, sides: WallSides) -> Behind:
    found, count = cells_behind(mesh, part, sides), len(sides.cell)
    profile = {name: backend.array(getattr(found, name), backend.real) for name in ("second", "third")}
    profile |= {name: backend.zeros(max(1, count))[:count] for name in ("steep", "added", "shape")}
    return Behind(profile, {name: backend.array(getattr(found, name)) for name in ("cell", "start", "wall")})
