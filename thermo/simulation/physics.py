"""From the tables of a case to the setup of the flow solver."""

from __future__ import annotations

from dataclasses import replace

from thermo.case import Schedule
from thermo.case.building import Liquid
from thermo.case.control import ConstantEddyViscosity
from thermo.case.fluids import liquids
from thermo.case.model import Case
from thermo.flow.setup import HUMIDITY, Fluid, Scheme, Setup, SurfaceRadiation
from thermo.flow.turbulence import LES, MODELS, InflowTurbulence, Turbulence
from thermo.simulation.carried import carried_scalars, outside_humidity

# Sutherland's law for air (White, Viscous Fluid Flow, table 1-2): Pa s at K, and the Sutherland temperature, K.
SUTHERLAND_AIR = (1.716e-5, 273.15, 110.4)


def flow_setup(case: Case) -> Setup:
    """Fluid, scheme, gravity, body force and scalars (as yet without sources) of a case.

    Raises CaseError for what the solver cannot do yet.
    """
    across = case.fluid.gravity[:2]
    if across != (0.0, 0.0):
        raise case.error("fluid.gravity", "gravity across the vertical is not yet supported", "[0, 0, g]")
    if case.liquids and case.body_force is not None:
        raise case.error("body_force", "does not go together with liquids: it acts on all cells alike")
    fluid = _fluid(case)
    return Setup(
        fluid, _scheme(case), gravity=case.fluid.gravity[2], force=_force(case, fluid),
        bulk_velocity=_bulk_velocity(case), scalars=carried_scalars(case), turbulence=_turbulence(case),
        inflow=_inflow(case), radiation=_radiation(case), mean_flux=_mean_flux(case),
        liquids={f"liquids.{name}": _liquid(case, liquid) for name, liquid in case.liquids.items()},
    )  # fmt: skip


def _radiation(case: Case) -> SurfaceRadiation | None:
    """Radiation between surfaces. Raises CaseError for what needs it where there is none, and beside periodic sides."""
    own = {f"walls.{side}": wall.emissivity for side, wall in case.walls if wall.emissivity is not None}
    if case.radiation is None:
        keys = [f"{key}.emissivity" for key in own]
        keys += [f"sources.{name}.radiant_fraction" for name, source in case.sources.items() if source.radiant_fraction]
        for key in keys:
            raise case.error(key, "needs the table [radiation]")
        return None
    for side, wall in case.walls:
        if wall.kind in ("periodic", "symmetry"):
            raise case.error(f"walls.{side}.kind", f"radiation and a {wall.kind} side do not go together", "a wall")
    return SurfaceRadiation(case.radiation.emissivity, tuple(own.items()), case.radiation.patches)


def _mean_flux(case: Case) -> bool:
    """Whether scalars are solved on the mean flow: capture indices, and in the end of steady runs those carried.

    Where eddies are resolved the mean flow lacks most of the mixing: scalars stay as they were carried.
    """
    settles = case.run.mode == "steady" and (case.run.age_of_air or bool(case.tracers)) and _turbulence(case) is not LES
    return settles or case.run.capture_index == "mean_flow"


def _turbulence(case: Case) -> Turbulence | None:
    """The model of a case; None where it is laminar or has a constant eddy viscosity, which belongs to the fluid."""
    chosen = case.run.turbulence
    return None if isinstance(chosen, ConstantEddyViscosity) else MODELS.get(chosen)


def _inflow(case: Case) -> dict[str, InflowTurbulence]:
    """Turbulence of the air that supplies and openings let in, of those that name any."""
    devices = {f"{table}.{name}": device for table in ("supplies", "openings")
               for name, device in case.devices(table).items()}  # fmt: skip
    found = {name: InflowTurbulence(device.turbulence_intensity, device.turbulence_length)
             for name, device in devices.items()}  # fmt: skip
    return {name: inflow for name, inflow in found.items() if inflow != InflowTurbulence()}


def _fluid(case: Case) -> Fluid:
    written, air = case.fluid, Fluid()
    heat_capacity = _or_default(written.heat_capacity, air.heat_capacity)
    viscosity = _or_default(written.viscosity, air.viscosity)
    conductivity = _or_default(written.conductivity, air.conductivity)
    if written.prandtl is not None:
        conductivity = viscosity * heat_capacity / written.prandtl
    fluid = Fluid(
        model=written.model,
        pressure=case.site.pressure,
        gas_constant=_or_default(written.gas_constant, air.gas_constant),
        heat_capacity=heat_capacity,
        viscosity=viscosity,
        conductivity=conductivity,
        sutherland=_sutherland(case) if written.viscosity_model == "sutherland" else None,
        prandtl=_or_default(written.prandtl, air.prandtl),
        viscosity_law=_viscosity_law(case),
        density=written.density,
        expansion=written.expansion,
        still_temperature=_still_temperature(case),
        still_humidity=_still_humidity(case),
    )
    turbulence = case.run.turbulence
    if not isinstance(turbulence, ConstantEddyViscosity):
        return fluid
    if fluid.sutherland is not None:
        raise case.error(
            "fluid.viscosity_model", "an eddy viscosity with Sutherland's law is not yet supported", "constant"
        )
    eddy = fluid.still_density * turbulence.eddy_viscosity
    return replace(
        fluid,
        viscosity=viscosity + eddy,
        conductivity=conductivity + eddy * heat_capacity / turbulence.prandtl_turbulent,
    )


def _liquid(case: Case, written: Liquid) -> Fluid:
    """The fluid of a tank: the data of its name under what the case gives, at rest at its first temperature."""
    data = liquids()[written.fluid]
    return Fluid(
        model="boussinesq",
        heat_capacity=_or_default(written.heat_capacity, data.heat_capacity),
        viscosity=_or_default(written.viscosity, data.viscosity),
        conductivity=_or_default(written.conductivity, data.conductivity),
        viscosity_law=data.law if written.viscosity is None else None,
        density=_or_default(written.density, data.density),
        expansion=_or_default(written.expansion, data.expansion),
        still_temperature=_or_default(written.temperature, case.initial.temperature),
    )


def _viscosity_law(case: Case) -> tuple[float, float, float, float, float, float] | None:
    """The fit of a liquid; None where the viscosity is constant. Raises CaseError beside another viscosity field."""
    if case.fluid.viscosity_model != "fitted":
        return None
    if case.run.turbulence != "laminar":
        raise case.error("run.turbulence", "with the fitted viscosity of a liquid it is not yet supported",
                         'laminar, or fluid.viscosity_model = "constant"')  # fmt: skip
    return liquids()[case.fluid.name].law


def _sutherland(case: Case) -> tuple[float, float, float]:
    """Reference viscosity, its temperature and the constant of the case where they are given, else those of air."""
    viscosity, temperature, constant = SUTHERLAND_AIR
    return (
        _or_default(case.fluid.viscosity, viscosity),
        _or_default(case.fluid.reference_temperature, temperature),
        _or_default(case.fluid.sutherland_temperature, constant),
    )


def _still_temperature(case: Case) -> float:
    """Temperature of the still outside air that the pressure is measured against, K.

    In the Boussinesq form it is also the one at which buoyancy vanishes, hence the reference temperature of the fluid.
    """
    if case.fluid.model == "boussinesq" and case.fluid.reference_temperature is not None:
        return case.fluid.reference_temperature
    if case.run.weather is not None:
        outside = case.weather[case.run.weather].dry_bulb
        return outside.at(0.0) if isinstance(outside, Schedule) else outside
    return case.initial.temperature


def _still_humidity(case: Case) -> float:
    """Specific humidity of the still outside air: of the weather, else that of the air at the beginning."""
    if case.run.weather is not None or not case.fluid.humidity:
        return outside_humidity(case)
    (vapour,) = (scalar for scalar in carried_scalars(case) if scalar.name == HUMIDITY)
    return vapour.initial


def _scheme(case: Case) -> Scheme:
    run, usual = case.run, Scheme()
    return Scheme(
        limiter=run.limiter,
        courant=_or_default(run.courant, usual.courant),
        time_step=run.dt,
        time_step_max=_or_default(run.dt_max, usual.time_step_max),
        relative_tolerance=run.tolerance,
    )


def _force(case: Case, fluid: Fluid) -> tuple[float, float, float]:
    """Body force per volume, N/m3."""
    if case.body_force is None or case.body_force.acceleration is None:
        return (0.0, 0.0, 0.0)
    return tuple(fluid.still_density * component for component in case.body_force.acceleration)


def _bulk_velocity(case: Case) -> tuple[float, float, float] | None:
    """Mean velocity to hold, m/s. Raises CaseError where air cannot flow round."""
    if case.body_force is None or case.body_force.bulk_velocity is None:
        return None
    velocity = case.body_force.bulk_velocity
    for component, side, axis in zip(velocity, ("west", "south", "floor"), "xyz", strict=True):
        if component != 0.0 and getattr(case.walls, side).kind != "periodic":
            raise case.error(
                "body_force.bulk_velocity", f"a velocity along {axis} cannot be held: walls.{side} is not periodic",
                f"0 along {axis}, or periodic sides",
            )  # fmt: skip
    if not any(velocity):
        raise case.error("body_force.bulk_velocity", "holds no flow", "a velocity along an axis with periodic sides")
    return velocity


def _or_default(value: float | None, default: float) -> float:
    return default if value is None else value
