"""Which fluid fills each region of a mesh, and its properties where kernels and balances look them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kernels import Backend, Node
from kernels.flags import Flag
from kernels.fluids import FluidColumn, ViscosityLaw
from thermo.flow.binding import Binder
from thermo.flow.part import Part
from thermo.flow.setup import TEMPERATURE_ZERO, Fluid, Setup
from thermo.flow.turbulence.model import vertical_natural_constant
from thermo.mesh.mesh import Mesh
from thermo.mesh.patch import Exchange


class RegionFluids:
    """The fluids of a mesh by region: that of the room, and the liquids that fill regions of their own.

    Where there are liquids, density, viscosity and diffusivity are fields, which the kernels of `fluids.cuh` fill from
    one table; all other kernels are those of a single fluid.
    """

    def __init__(self, mesh: Mesh, setup: Setup) -> None:
        """Raises ValueError for a liquid that the setup does not know, or that is no liquid."""
        named = {region.liquid for region in mesh.regions} - {""}
        if unknown := named - set(setup.liquids):
            raise ValueError(f"the setup has no liquid {', '.join(sorted(unknown))}")
        if any(fluid.low_mach for fluid in setup.liquids.values()):
            raise ValueError("a liquid takes the Boussinesq form")
        self.mesh, self.setup, self.main = mesh, setup, setup.fluid
        self.several = bool(setup.liquids)
        self.of_region: list[Fluid] = [setup.liquids.get(r.liquid, setup.fluid) for r in mesh.regions] or [setup.fluid]
        self.gas = np.array([fluid.low_mach for fluid in self.of_region])
        self.liquid = np.array([bool(region.liquid) for region in mesh.regions] or [False])

    def values(self, name: str) -> np.ndarray:
        """A property of `Fluid` by region, float64[regions]."""
        return np.array([getattr(fluid, name) for fluid in self.of_region], float)

    def by_cell(self, name: str) -> np.ndarray:
        """A property of `Fluid` in every cell, that of the room's fluid in solids, float64[nz, ny, nx]."""
        return self.mesh.by_region(self.values(name), getattr(self.main, name))

    def of_exchange(self, exchange: Exchange) -> Fluid:
        """The fluid that a device moves."""
        port = exchange.intake if exchange.intake is not None else exchange.discharge
        return self.of_region[int(self.mesh.region[tuple(port.cells[0])])]

    def in_room(self, exchange: Exchange) -> bool:
        """Whether a device moves the fluid of the room."""
        return self.of_exchange(exchange) is self.main

    def lift_per_kelvin(self) -> np.ndarray:
        """Buoyancy force per density and theta by region, m/(s2 K)."""
        return -self.setup.gravity * self.values("still_expansion")

    def expansion_per_heat(self) -> np.ndarray:
        """By how much of its volume air or a liquid expands per heat and volume, by region, m3/J."""
        return self.values("still_expansion") / (self.values("still_density") * self.values("heat_capacity"))

    def largest_diffusivity(self, hottest: float, coldest: float) -> float:
        """Of all fluids, m2/s, between two temperatures (K) that the surroundings have."""
        coldest = min(coldest, *(fluid.still_temperature for fluid in self.of_region)) if self.several else coldest
        return max(fluid.largest_diffusivity(hottest, coldest) for fluid in (self.main, *self.setup.liquids.values()))

    def table(self) -> np.ndarray:
        """Rows by region for the kernels, float64[regions, columns]."""
        rows = np.zeros((len(self.of_region), len(FluidColumn)))
        rows[:, FluidColumn.GAS] = self.gas
        rows[:, FluidColumn.LIFT] = self.lift_per_kelvin()
        rows[:, FluidColumn.STILL] = self.values("still_virtual_temperature") - TEMPERATURE_ZERO
        rows[:, FluidColumn.VISCOSITY] = self.values("viscosity")
        rows[:, FluidColumn.CONDUCTION] = self.values("conductivity") / self.values("heat_capacity")
        rows[:, FluidColumn.HEAT_CAPACITY] = self.values("heat_capacity")
        rows[:, FluidColumn.SUTHERLAND_KELVIN] = 1.0  # divided by in every row
        rows[:, FluidColumn.FIT_0] = 1.0
        for row, fluid in zip(rows, self.of_region, strict=True):
            row[FluidColumn.NATURAL] = vertical_natural_constant(fluid.molecular_prandtl)
            if fluid.sutherland is not None:
                row[FluidColumn.LAW] = ViscosityLaw.SUTHERLAND
                row[FluidColumn.SUTHERLAND], row[FluidColumn.SUTHERLAND_KELVIN] = fluid.sutherland_constants
                row[FluidColumn.DIFFUSIVITY_RATIO] = 1.0 / fluid.prandtl
            elif fluid.viscosity_law is not None:
                row[FluidColumn.LAW] = ViscosityLaw.FITTED
                row[FluidColumn.FIT_0 : FluidColumn.HIGHEST_THETA + 1] = fluid.viscosity_law
        return rows


class FluidFields:
    """The nodes by which several fluids differ from one; without liquids there are none."""

    def __init__(self, backend: Backend, fluids: RegionFluids, parts: Sequence[Part], bind: Binder) -> None:
        self.parts, self.bind = parts, bind
        self.several = fluids.several
        if not self.several:
            return
        self.table = backend.array(fluids.table())
        lightness = fluids.main.still_density / fluids.values("still_density")
        self._cells = [_liquid_cells(part, fluids.liquid) for part in parts]
        self._places = [backend.array(cells) for cells in self._cells]
        ratios = [lightness[part.labels.ravel()[cells]] for part, cells in zip(parts, self._cells, strict=True)]
        self._lighter = [backend.array(ratio, backend.real) for ratio in ratios]
        self._heavier = [backend.array(1.0 / ratio, backend.real) for ratio in ratios]
        self._nothing = [backend.array(np.zeros(len(ratio)), backend.real) for ratio in ratios]

    def properties(self, theta: Sequence[Any], viscosity: Sequence[Any]) -> list[Node]:
        """Viscosity, into the given fields, and diffusivity of all cells at a temperature of every part."""
        if not self.several:
            return []
        return [
            self.bind("fluid_properties", part, theta=warmth, region=part.region, fluids=self.table, mu=mu,
                      diffusivity=part.diffusivity)
            for part, warmth, mu in zip(self.parts, theta, viscosity, strict=True)
        ]  # fmt: skip

    def laminar_liquids(self, theta: Sequence[Any]) -> list[Node]:
        """Viscosity and diffusivity of the liquids alone, over what a turbulence model of the air has written."""
        if not self.several:
            return []
        return [
            self.bind("liquid_properties", part, count=len(cells), cell=places, theta=warmth, region=part.region,
                      fluids=self.table, mu=part.mu, diffusivity=part.diffusivity)
            for part, cells, places, warmth in zip(self.parts, self._cells, self._places, theta, strict=True)
            if len(cells)
        ]  # fmt: skip

    def density(self, part: Part, theta_new: Any, now: int, pressure: Any, pressure_old: Any) -> Node:
        """Density, its increment and the buoyancy, as the kernel `density` forms them of one fluid."""
        fluids = {"fluids": self.table} if self.several else {}
        return self.bind(
            "density_by_region" if self.several else "density", part, theta_new=theta_new, flags=part.flags,
            region=part.region, pressure=pressure, pressure_old=pressure_old, rho=part.rho, increment=part.increment,
            defect=part.defect, lift=part.theta[now], **fluids,
        )  # fmt: skip

    def lighten(self, fields: Sequence[Any]) -> list[Node]:
        """The mass defect of liquids by the ratio of the densities: the room's tolerance is then one of the velocity.

        The pressure equation is linear and does not join the regions: `weigh` undoes it in the solution.
        """
        return self._scaled(fields, "_lighter")

    def weigh(self, fields: Sequence[Any]) -> list[Node]:
        """Undo `lighten` in the solution, ghost layers too."""
        return self._scaled(fields, "_heavier")

    def clear(self, fields: Sequence[Any]) -> list[Node]:
        """Zero in the liquids."""
        return self._scaled(fields, "_nothing")

    def _scaled(self, fields: Sequence[Any], factors: str) -> list[Node]:
        if not self.several:
            return []
        lists = zip(self.parts, self._cells, self._places, getattr(self, factors), fields, strict=True)
        return [
            self.bind("scale_cells", part, count=len(cells), cell=places, factor=factor, values=values)
            for part, cells, places, factor, values in lists if len(cells)
        ]  # fmt: skip


def _liquid_cells(part: Part, is_liquid: np.ndarray) -> np.ndarray:
    """Element numbers of the cells in liquids, ghost cells that copy such a cell too; int64."""
    inside = is_liquid[part.labels] & (part.marks & Flag.FLUID != 0)
    return np.flatnonzero(inside)
