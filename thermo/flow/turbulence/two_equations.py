"""The k-epsilon models in a march: the scalars that carry k and epsilon, and the nodes that give them what they need.

Both are transported scalars (`thermo.flow.scalars`) whose production and loss are renewed once per step, from the
velocity at its middle and from k and epsilon at its beginning: of first order in time, for steady states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.case.schedule import value_at
from thermo.flow.binding import Binder
from thermo.flow.lists import group
from thermo.flow.part import Part
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.scalars.definition import TransportedScalar
from thermo.flow.setup import DISSIPATION, TURBULENT_ENERGY, Setup
from thermo.flow.turbulence.model import KEpsilon
from thermo.flow.turbulence.walls import WallSides, cells_near_walls
from thermo.mesh.mesh import Mesh

DAMPED = 60.0  # y+ up to which the eddy viscosity behind the first cells is limited,
SLOWEST = 0.01  # m/s: at any larger friction velocity


def carried_turbulence(setup: Setup, mesh: Mesh) -> tuple[TransportedScalar, ...]:
    """k and epsilon as scalars of the air; none without such a model.

    What a device discharges has fluctuations in proportion to its speed at the start of the run.
    """
    model, fluid = setup.turbulence, setup.fluid
    if not isinstance(model, KEpsilon):
        return ()
    nu = fluid.viscosity / fluid.still_density
    begin = model.initial_energy, model.c_mu * model.initial_energy**2 / (model.initial_ratio * nu)
    discharged: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for exchange in mesh.exchanges:
        if exchange.discharge is not None:
            flow, area = value_at(exchange.flow, 0.0), exchange.discharge.mesh_area
            volume = flow if exchange.flow_kind == "volume" else flow / fluid.still_density
            energy = max(1.5 * (model.intensity * volume / area) ** 2, 1e-8)
            discharged[0][exchange.name] = energy
            length = model.length_share * sqrt(area)
            discharged[1][exchange.name] = model.c_mu**0.75 * energy**1.5 / length
    names = (TURBULENT_ENERGY, DISSIPATION)
    sigmas = (model.sigma_k, model.sigma_epsilon)
    return tuple(
        TransportedScalar(
            name, fluid.viscosity, sigma, initial=value, entering=value, discharged=of_devices, reacting=True
        )
        for name, sigma, value, of_devices in zip(names, sigmas, begin, discharged, strict=True)
    )


class TwoEquations:
    """Binds the kernels of a k-epsilon model on all parts."""

    def __init__(
        self, backend: Backend, model: KEpsilon, switches: Mapping[str, int], parts: Sequence[Part],
        walls: Sequence[WallSides], bind: Binder, transported: ScalarBlock, mesh: Mesh, nu: float,
    ) -> None:  # fmt: skip
        self.parts, self.bind, self.transported = parts, bind, transported
        self.switches = {**switches, "RENORMALISED": int(model.renormalised)}
        self.constants = backend.array(
            np.array([model.c_mu, model.c_1, model.c_2, model.eta_0, model.beta, model.largest_ratio])
        )
        self.rows, self.near = [], []
        for part, sides in zip(parts, walls, strict=True):
            near = cells_near_walls(mesh, part, sides, DAMPED * nu / SLOWEST)
            self.near.append({
                name: backend.array(values, backend.real if name == "away" else None) for name, values in near.items()
            })  # fmt: skip
            own = np.flatnonzero(sides.own)
            rows = group(sides.cell[own])
            self.rows.append({
                "count": rows.count, "cell": backend.array(rows.receiver), "start": backend.array(rows.start),
                "wall": backend.array(own[rows.order].astype(np.int32)),
            })  # fmt: skip

    def _reactions(self, number: int) -> dict[str, Any]:
        found = {}
        for name, letter in ((TURBULENT_ENERGY, "k"), (DISSIPATION, "e")):
            found[f"production_{letter}"], found[f"loss_{letter}"] = self.transported.reaction(name, number)
        return found

    def viscosity(self, number: int, velocity: Mapping[str, Any], theta: Any, level: int) -> Node:
        """Viscosity, diffusivity, production and losses on one part, k and epsilon being those of `level`."""
        part, fields = self.parts[number], self.transported.fields[level]
        return self.bind(
            "k_epsilon", part, self.switches, **velocity, energy=fields[TURBULENT_ENERGY][number],
            dissipation=fields[DISSIPATION][number], theta=theta, rho=part.rho, flags=part.flags,
            model=self.constants, mu=part.mu, diffusivity=part.diffusivity, **self._reactions(number),
        )  # fmt: skip

    def walls(self, number: int, layer: Mapping[str, Any], theta: Any, level: int) -> list[Node]:
        """Viscosity, production and losses at walls; layer: distance, y_plus and u_plus of the wall layer."""
        part, rows, near = self.parts[number], self.rows[number], self.near[number]
        energy = self.transported.fields[level][TURBULENT_ENERGY][number]
        common = {"theta": theta, "mu": part.mu, "diffusivity": part.diffusivity}
        nodes = []
        if rows["count"]:
            nodes.append(
                self.bind("k_epsilon_walls", part, self.switches, **rows, **layer, **common, energy=energy,
                          rho=part.rho, **self._reactions(number))
            )  # fmt: skip
        if count := len(near["cell"]):
            layer = {name: layer[name] for name in ("distance", "y_plus")}
            made = {name: array for name, array in self._reactions(number).items() if "production" in name}
            nodes.append(self.bind("wall_damping", part, self.switches, count=count, **near, **layer, **common, **made))
        return nodes
