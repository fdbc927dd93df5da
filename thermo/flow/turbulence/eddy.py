"""Eddy viscosity of a march and the friction at its walls, formed once per step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels import Backend, Node
from thermo.flow.binding import Binder
from thermo.flow.boundaries import Boundaries, PartLists
from thermo.flow.exchange import exchange_nodes
from thermo.flow.part import VELOCITIES, Part
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.setup import Setup
from thermo.flow.turbulence.liquid_films import LiquidFilms
from thermo.flow.turbulence.model import MeanFlowModel
from thermo.flow.turbulence.two_equations import TwoEquations
from thermo.flow.turbulence.walls import WallSides, sheared_faces, wall_names, wall_sides
from thermo.mesh.mesh import Mesh
from thermo.mesh.subdomain import Decomposition


@dataclass
class PartWalls:
    """Walls of one part: where they are, the device lists of the kernels, and what the wall layer finds.

    friction: stress over speed, kg/(m2 s). y_plus, u_plus: distance of the cell's centre and speed there in wall units.
    """

    sides: WallSides
    layer: dict[str, Any]
    faces: dict[str, Any]
    friction: Any
    y_plus: Any
    u_plus: Any

    @property
    def profile(self) -> dict[str, Any]:
        """Distance, y+ and u+ by the names of the kernels."""
        return {"distance": self.layer["distance"], "y_plus": self.y_plus, "u_plus": self.u_plus}


class EddyViscosity:
    """Fills `Part.mu` and `Part.diffusivity`, molecular and eddy part together; without a model it does nothing.

    Both are formed once per step, from the velocity at the middle of the step, and serve all stages: what follows the
    velocity is of second order in time. Sutherland's law is taken at the temperature of the beginning of the step.
    """

    def __init__(
        self, backend: Backend, mesh: Mesh, setup: Setup, decomposition: Decomposition, parts: Sequence[Part],
        bind: Binder, boundaries: Boundaries, transported: ScalarBlock,
    ) -> None:  # fmt: skip
        self.backend, self.decomposition, self.parts, self.bind = backend, decomposition, parts, bind
        self.model = setup.turbulence
        self.switches = {
            "LOW_MACH": int(setup.density_varies), "SUTHERLAND_LAW": int(setup.fluid.sutherland is not None)
        }  # fmt: skip
        self.walls = [self._walls(mesh, part) for part in parts] if self.model else []
        self.names = wall_names(mesh)
        self.boundaries, self.transported = boundaries, transported
        self._join_openings()
        of_parts = zip(parts, self.walls, boundaries.lists, strict=False)
        self.two_equations = None
        if isinstance(self.model, MeanFlowModel):
            sides = [walls.sides for walls in self.walls]
            self.two_equations = TwoEquations(
                backend, self.model, self.switches, parts, sides, bind, transported, mesh, setup.inflow
            )
        self.liquid_films = LiquidFilms(backend, mesh, parts if self.model else (), bind, boundaries)
        self.films = [self._films(part, walls, lists) for part, walls, lists in of_parts]

    @property
    def friction(self) -> list[Any]:
        """Friction of the wall layer of every part, kg/(m2 s); where there is none, an array that is not read."""
        return [walls.friction for walls in self.walls] or [part.mu for part in self.parts]

    def _join_openings(self) -> None:
        """Tell the half cells at openings which walls of the wall layer rub on them."""
        for walls, lists in zip(self.walls, self.boundaries.lists, strict=False):
            sides = lists.host["opening_side"]
            number = sides["wall"].copy()
            for (normal, side), entry in walls.sides.number.items():
                here = (sides["normal"] == normal) & (sides["side"] == side) & (sides["beside"] < 0)
                number[here] = entry[sides["cell"][here]]
            self.backend.upload(lists.device["opening_side"]["wall"], number)

    def _walls(self, mesh: Mesh, part: Part) -> PartWalls:
        backend, sides = self.backend, wall_sides(mesh, part)
        rows = sheared_faces(mesh, part, sides)
        layer = {
            "cell": backend.array(sides.cell), "axis": backend.array(sides.axis),
            "distance": backend.array(sides.distance, backend.real),
        }  # fmt: skip
        layer |= {f"wall_{d}": backend.array(np.ascontiguousarray(v), backend.real)
                  for d, v in zip("xyz", sides.velocity.T, strict=True)}  # fmt: skip
        faces = {
            name: backend.array(values, backend.real if values.dtype == np.float64 else None)
            for name, values in rows.items()
        }
        count = len(sides.cell)
        found = (backend.zeros(max(1, count))[:count] for _ in range(3))
        return PartWalls(sides, layer, faces, *found)

    def _films(self, part: Part, walls: PartWalls, lists: PartLists) -> dict[str, Any]:
        """Device lists of `wall_film`: the heat links of the part's fluid cells at walls with friction.

        Surfaces without shear keep the conduction over half a cell.
        """
        backend, rows = self.backend, lists.host["fluid_heat"]
        number = np.full(len(rows["normal"]), -1, np.int64)
        for (axis, side), entry in walls.sides.number.items():
            here = (rows["normal"] == axis) & (rows["side"] == side)
            number[here] = entry[rows["entry_cell"][here]]
        kept = np.flatnonzero(number >= 0)
        up = np.where(rows["normal"] == 2, 1 - 2 * rows["side"], 0)[kept]
        # a liquid behind a panel takes heat so much better than air that its film hardly counts
        alike = (rows["other"] >= 0) & ~self.boundaries.fluids.liquid[part.labels.ravel()[rows["other"]]]
        device = lists.device["fluid_heat"]
        return {
            "entry": backend.array(kept.astype(np.int32)), "wall": backend.array(number[kept].astype(np.int32)),
            "cell": backend.array(rows["entry_cell"][kept]), "up": backend.array(up.astype(np.int32)),
            "panel": backend.array(alike[kept].astype(np.int32)),
            "area": backend.array(rows["area"][kept], backend.real), "distance": walls.layer["distance"],
            **{name: device[name] for name in ("back", "other", "fixed", "film")},
        }  # fmt: skip

    def nodes(
        self, velocity: Sequence[Mapping[str, Any]], theta: Sequence[Any], rates: Sequence[Any], level: int
    ) -> list[Node]:
        """Viscosity, diffusivity and friction for a velocity of every part, whose ghost layers are filled.

        rates: per part the array that receives what `diffusion_rate` finds. level: of the quantities of a model of
            two equations.
        """
        if self.model is None:
            return []
        nodes = self.wall_layer(velocity, theta)
        if self.two_equations:
            nodes += self.two_equations.profiles([walls.profile for walls in self.walls])
        for number, (part, u, warmth) in enumerate(zip(self.parts, velocity, theta, strict=True)):
            if self.two_equations:
                nodes.append(self.two_equations.viscosity(number, _named(u), warmth, level))
                continue
            nodes.append(
                self.bind("vreman", part, self.switches, **_named(u), theta=warmth, rho=part.rho, flags=part.flags,
                          mu=part.mu, diffusivity=part.diffusivity)
            )  # fmt: skip
        if self.two_equations:
            for number, (walls, warmth) in enumerate(zip(self.walls, theta, strict=True)):
                nodes += self.two_equations.walls(number, walls.profile, warmth, level)
        nodes += self._laminar_liquids(theta)
        exchanged = [[part.mu for part in self.parts], [part.diffusivity for part in self.parts]]
        for arrays in exchanged + (self.two_equations.diffusivities if self.two_equations else []):
            nodes += exchange_nodes(self.backend, self.decomposition, arrays, 1)
        for part, rate in zip(self.parts, rates, strict=True):
            nodes.append(
                self.bind("diffusion_rate", part, self.switches, mu=part.mu, diffusivity=part.diffusivity,
                          rho=part.rho, flags=part.flags, result=rate)
            )  # fmt: skip
        return nodes + self._heat_films(theta)

    def entering(self) -> list[Node]:
        """What the air that openings let in brings along of a model of two equations, by the flux `Part.ahead`."""
        return self.two_equations.entering() if self.two_equations else []

    def _laminar_liquids(self, theta: Sequence[Any]) -> list[Node]:
        """The molecular viscosity in liquids, and no production there of what a model of the air carries."""
        fluid_fields = self.boundaries.fluid_fields
        nodes = fluid_fields.laminar_liquids(theta)
        for name, scalar in self.transported.scalars.items():
            if scalar.reacting:
                made = [self.transported.reaction(name, number)[0] for number in range(len(self.parts))]
                nodes += fluid_fields.clear(made)
        return nodes

    def _heat_films(self, theta: Sequence[Any]) -> list[Node]:
        """Films of the heat links at the y+ of the wall layer, and the conductances that they make."""
        nodes = []
        for part, walls, films, warmth in zip(self.parts, self.walls, self.films, theta, strict=True):
            if count := len(films["cell"]):
                nodes.append(
                    self.bind("wall_film", part, self.switches, count=count, **films, y_plus=walls.y_plus,
                              theta=warmth, rho=part.rho)
                )  # fmt: skip
        nodes += self.liquid_films.nodes(theta)
        joint = self.boundaries.joint_links
        if count := len(joint["film"]):
            nodes.append(self.bind("film_conductance", self.parts[0], count=count, **joint))
        return nodes

    def wall_layer(self, velocity: Sequence[Mapping[str, Any]], theta: Sequence[Any]) -> list[Node]:
        """Friction at the walls for a velocity of every part."""
        nodes = []
        for part, walls, u, warmth in zip(self.parts, self.walls, velocity, theta, strict=True):
            if count := len(walls.sides.cell):
                nodes.append(
                    self.bind("wall_friction", part, self.switches, count=count, **walls.layer, **_named(u),
                              theta=warmth, rho=part.rho, friction=walls.friction, y_plus=walls.y_plus,
                              u_plus=walls.u_plus)
                )  # fmt: skip
        return nodes

    def shear(
        self, velocity: Sequence[Mapping[str, Any]], stages: Sequence[Mapping[str, Any]], switches: Mapping[str, int],
        divisor: int,
    ) -> list[Node]:  # fmt: skip
        """Friction on a stage of the momentum, per part by the names m*_new, from the velocity of the stage before."""
        nodes = []
        for part, walls, u, stage in zip(self.parts, self.walls, velocity, stages, strict=False):
            if count := len(walls.faces["face"]):
                nodes.append(
                    self.bind("wall_shear", part, switches, count=count, **walls.faces, friction=walls.friction,
                              cell=walls.layer["cell"], distance=walls.layer["distance"], mu=part.mu,
                              **_named(u), rho=part.rho, divisor=divisor, **stage)
                )  # fmt: skip
        return nodes


    def y_plus(self) -> dict[str, list[float]]:
        """Least, quartiles and largest y+ of the first cells at every wall, by area, of the last wall layer."""
        if not self.walls:
            return {}
        label, area, value = (
            np.concatenate([column[walls.sides.own] for walls, column in zip(self.walls, columns, strict=True)])
            for columns in (
                [walls.sides.wall for walls in self.walls], [walls.sides.area for walls in self.walls],
                [self.backend.to_host(walls.y_plus).astype(np.float64) for walls in self.walls],
            )
        )  # fmt: skip
        return {self.names[n]: _quartiles(value[label == n], area[label == n]) for n in np.unique(label)}


def _quartiles(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """The least value, those below which 1/4, 1/2 and 3/4 of the weight lie, and the largest."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    places = np.searchsorted(below, np.array([0.0, 0.25, 0.5, 0.75, 1.0]) * below[-1] * (1.0 - 1e-12))
    return [float(value) for value in values[order][places]]


def _named(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Three arrays by the names of the velocity components."""
    return dict(zip(VELOCITIES, arrays.values(), strict=True))
