"""What a flow run needs besides the mesh: the fluid, the scheme and the control of the time step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

import numpy as np

from kernels import GHOST
from thermo.flow.scalars.definition import TransportedScalar
from thermo.flow.turbulence.model import InflowTurbulence, KOmega, LargeEddies, MeanFlowModel, Turbulence

TEMPERATURE_ZERO = 293.15  # K at theta = 0
STANDARD_PRESSURE = 101325.0  # Pa
TURBULENT_ENERGY = "turbulent_kinetic_energy"  # names of the scalars of two-equation models
DISSIPATION = "turbulent_dissipation"
FREQUENCY = "specific_dissipation"
HUMIDITY = "specific_humidity"  # name of the scalar that is water vapour: kg per kg of moist air
MOLAR_MASSES = 0.621945  # of water over dry air


def virtual_temperature(temperature: Any, humidity: Any) -> Any:
    """Temperature at which dry air is as light as moist air at `temperature` (K) with a specific humidity, K."""
    return temperature * (1.0 + (1.0 / MOLAR_MASSES - 1.0) * humidity)
STEFAN_BOLTZMANN = 5.670374419e-8  # W/(m2 K4), CODATA 2018


@dataclass(frozen=True)
class Fluid:
    """Properties of the air.

    model: "low_mach" (ideal gas, rho = p0/(R T)) or "boussinesq" (constant density, rho' = -rho beta (T - T_still)).
    pressure: of the outside air, Pa. gas_constant, heat_capacity: J/(kg K).
    viscosity: dynamic, Pa s. conductivity: W/(m K). Both are totals: an eddy viscosity is added by the caller.
    sutherland: None, or (reference viscosity Pa s, its temperature K, Sutherland temperature K); then
        mu = mu_r (T/T_r)^1.5 (T_r + S)/(T + S) and k = mu c_p / prandtl replace the constants.
    viscosity_law: None, or of a liquid: c0 ... c3 and the range low, high of theta (K); then
        mu = (c0 + c1 x + c2 x^2 + c3 x^3)^-4, x = theta/100, replaces the constant, which stands for still fluid.
    density: kg/m3 and expansion: 1/K of the Boussinesq form; None derives both from the still outside air.
    still_temperature: K, of the still outside air that the pressure is measured against; still_humidity: its specific
        humidity, kg/kg.
    """

    model: Literal["low_mach", "boussinesq"] = "low_mach"
    pressure: float = STANDARD_PRESSURE
    gas_constant: float = 287.05
    heat_capacity: float = 1006.0
    viscosity: float = 1.82e-5
    conductivity: float = 0.0257
    sutherland: tuple[float, float, float] | None = None
    prandtl: float = 0.71
    viscosity_law: tuple[float, float, float, float, float, float] | None = None
    density: float | None = None
    expansion: float | None = None
    still_temperature: float = TEMPERATURE_ZERO
    still_humidity: float = 0.0

    @property
    def low_mach(self) -> bool:
        return self.model == "low_mach"

    @property
    def still_density(self) -> float:
        """Density of the still outside air, kg/m3; of the Boussinesq form: its constant density."""
        if not self.low_mach and self.density is not None:
            return self.density
        return self.pressure / (self.gas_constant * self.still_virtual_temperature)

    @property
    def still_virtual_temperature(self) -> float:
        """Virtual temperature of the still outside air, K."""
        return virtual_temperature(self.still_temperature, self.still_humidity)

    def density_at(self, temperature: float) -> float:
        """Density of air at a temperature (K) and with the humidity of the outside air, kg/m3."""
        if not self.low_mach:
            return self.still_density
        return self.pressure / (self.gas_constant * virtual_temperature(temperature, self.still_humidity))

    @property
    def wall_conductivity(self) -> float:
        """Conductivity that the conductances of walls are formed with, W/(m K).

        With Sutherland's law it is a reference that the kernel `heat_rows` scales to the local value.
        """
        return self.conductivity if self.sutherland is None else self.sutherland[0] * self.heat_capacity / self.prandtl

    @property
    def molecular_prandtl(self) -> float:
        """mu c_p / k of the constants, or that of Sutherland's law."""
        if self.sutherland is not None:
            return self.prandtl
        return self.viscosity * self.heat_capacity / self.conductivity

    @property
    def sutherland_constants(self) -> tuple[float, float]:
        """C (Pa s/K^0.5) and S (K) of mu = C T^1.5/(T + S)."""
        viscosity, temperature, constant = self.sutherland
        return viscosity * (temperature + constant) / temperature**1.5, constant

    def relative_conductivity(self, temperature: np.ndarray) -> np.ndarray:
        """Conductivity at temperatures (K) over `wall_conductivity`: 1 unless Sutherland's law holds."""
        if self.sutherland is None:
            return np.ones_like(temperature)
        _, reference, constant = self.sutherland
        return (temperature / reference) ** 1.5 * (reference + constant) / (temperature + constant)

    def fitted_viscosity(self, temperature: float) -> float:
        """mu by `viscosity_law` at a temperature (K), Pa s."""
        *coefficients, low, high = self.viscosity_law
        x = np.clip(temperature - TEMPERATURE_ZERO, low, high) / 100.0
        return float(sum(c * x**n for n, c in enumerate(coefficients)) ** -4)

    def largest_diffusivity(self, hottest: float, coldest: float) -> float:
        """The larger of mu/rho and k/(rho c_p), m2/s, between the temperatures `coldest` and `hottest` (K)."""
        kelvin = max(hottest, self.still_temperature)
        if self.viscosity_law is not None:
            mu = self.fitted_viscosity(min(coldest, self.still_temperature))
            return max(mu, self.conductivity / self.heat_capacity) / self.still_density
        if self.sutherland is None:
            return max(self.viscosity, self.conductivity / self.heat_capacity) / self.density_at(kelvin)
        viscosity, reference, constant = self.sutherland
        mu = viscosity * (kelvin / reference) ** 1.5 * (reference + constant) / (kelvin + constant)
        return mu / self.density_at(kelvin) / min(self.prandtl, 1.0)

    @property
    def still_expansion(self) -> float:
        """Expansion coefficient at the still temperature, 1/K."""
        given = None if self.low_mach else self.expansion
        return 1.0 / self.still_virtual_temperature if given is None else given


@dataclass(frozen=True)
class Scheme:
    """Numerical choices.

    limiter: "koren" (bounded, kappa = 1/3) or "off" (central) for the temperature.
    courant: target of the largest sum over the axes of |u| dt/dx, less what diffusion takes. The temperature is bounded
        to 1.4, the momentum stable to 1.7.
    time_step: s, fixed; None adapts. time_step_max: s. growth: largest ratio of two successive time steps.
    solid_step_max: s, of the implicit steps that solids and walls make, each over many steps of the air.
    tolerance: largest dt |defect| / rho_min of a cell after the projection, and
    relative_tolerance: of the residual's L2 norm.
    """

    limiter: Literal["koren", "off"] = "koren"
    courant: float = 1.2
    time_step: float | None = None
    time_step_max: float = 1.0
    growth: float = 1.1
    solid_step_max: float = 10.0
    tolerance: float = 1e-4
    relative_tolerance: float = 1e-3


@dataclass(frozen=True)
class SurfaceRadiation:
    """Long-wave radiation between grey surfaces. emissivity: of all surfaces but the sides of the domain in `of_side`.

    of_side: pairs of side ("walls.ceiling") and emissivity. patches: most rectangles that the surfaces are joined to.
    """

    emissivity: float = 0.9
    of_side: tuple[tuple[str, float], ...] = ()
    patches: int = 600


@dataclass(frozen=True)
class Setup:
    """Fluid of the room, scheme, gravity (m/s2 along z, negative: down), turbulence and what drives the air.

    turbulence: model of what the cells do not resolve; None: laminar. inflow: by name of a device or an opening, the
        turbulence of the air that it lets in, for models of the mean flow.
    force: of the body, N/m3. bulk_velocity: mean over the fluid, m/s, that a body force holds along the periodic axes
    in place of `force`; None holds nothing. radiation: between surfaces, None: none. scalars: what the air carries
    besides heat.
    mean_flux: average the mass flux too, for scalars on the mean flow. liquids: by the names that regions of the mesh
    carry, each in the Boussinesq form with its temperature of rest in still_temperature.
    """

    fluid: Fluid = field(default_factory=Fluid)
    scheme: Scheme = field(default_factory=Scheme)
    gravity: float = -9.81
    force: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bulk_velocity: tuple[float, float, float] | None = None
    radiation: SurfaceRadiation | None = None
    scalars: tuple[TransportedScalar, ...] = ()
    mean_flux: bool = False
    turbulence: Turbulence | None = None
    inflow: Mapping[str, InflowTurbulence] = field(default_factory=dict)
    liquids: Mapping[str, Fluid] = field(default_factory=dict)

    @property
    def density_varies(self) -> bool:
        """Whether the density is a field: of a gas, or because regions hold different fluids."""
        return self.fluid.low_mach or bool(self.liquids)

    @property
    def variable(self) -> bool:
        """Whether viscosity and conductivity are fields."""
        laws = (self.fluid.sutherland, self.fluid.viscosity_law)
        return self.turbulence is not None or any(law is not None for law in laws) or bool(self.liquids)

    @property
    def resolves_eddies(self) -> bool:
        """Whether fluctuations are part of the flow: their averages are worth having."""
        return isinstance(self.turbulence, LargeEddies)

    def bytes_per_cell(self, shape: tuple[int, int, int], precision: str = "single", averages: bool = False) -> float:
        """Device memory per cell, in bytes, of fields, pressure solver and averages on a mesh of (nz, ny, nx) cells.

        Counted from the arrays that `Part` and the pressure solver hold: 16 fields (two levels of temperature and mass
        flux and what lies between them, velocity, pressure; the fields of the pressure equation lie where stages
        were), the marks of the faces, at the four bytes that the native backend gives them, and one byte for the
        regions of the pressure; two fields and four bytes more where the density varies, two fields of a variable
        viscosity, five of the averages; two of every scalar, and two more of a reacting one, and one of its average;
        with two equations of turbulence the distance to walls, the shape of the strain there, and for omega two
        diffusivities; six bytes for the coarse levels; the mean mass flux, and eight scalars that are solved on it.
        Ghost layers count. Nodes of solids and layered walls, about 200 bytes each, do not: they are few beside the
        cells of a room.
        """
        real = 4 if precision == "single" else 8
        fields = 16 + (2 if self.density_varies else 0) + (2 if self.variable else 0) + (5 if averages else 0)
        fields += (3 if averages else 0) + 20 if self.mean_flux else 0
        for scalar in self.scalars:
            fields += 2 + (2 if scalar.reacting else 0) + (1 if averages and scalar.written else 0)
        fields += 5 if averages and self.resolves_eddies else 0
        if isinstance(self.turbulence, MeanFlowModel):
            fields += 2 + 2 * (4 + (1 if averages else 0) + (1 if isinstance(self.turbulence, KOmega) else 0))
        marks = 9 if self.density_varies else 5
        padded = prod((n + 2 * GHOST) / n for n in shape)
        return padded * (real * fields + marks + 1.5 * real)
