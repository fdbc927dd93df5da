"""From the tables of a case to the scalars that the air carries."""

from __future__ import annotations

from math import log

from thermo.case.carried import Tracer
from thermo.case.control import ConstantEddyViscosity
from thermo.case.geometry import Box
from thermo.case.model import Case
from thermo.case.schedule import value_at
from thermo.case.table import Table
from thermo.flow.scalars import CellSource, TransportedScalar, capture
from thermo.flow.setup import HUMIDITY, Fluid
from thermo.mesh.builder import air_share
from thermo.mesh.mesh import Mesh
from thermo.psychrometrics import specific_humidity
from thermo.results.quantities import AGE_OF_AIR, TRACER_PREFIX
from thermo.scene.errors import PlacementError

SCHMIDT = 0.7  # of a gas like air in air
SCHMIDT_OF_LIQUIDS = 1000.0
SCHMIDT_TURBULENT = 0.7
VAPOUR_DIFFUSIVITY = 2.5e-5  # m2/s, of water vapour in air at 20 degC


def carried_scalars(case: Case, mesh: Mesh | None = None) -> tuple[TransportedScalar, ...]:
    """The scalars of a case; without a mesh, to count them, they have no sources in cells.

    Raises CaseError for a source that is not in the air.
    """
    found = [_vapour(case, mesh)] if case.fluid.humidity else []
    _refuse_moisture_of_dry_air(case)
    found += [_tracer(case, name, tracer, mesh) for name, tracer in case.tracers.items()]
    if case.run.age_of_air:
        gas = diffusivity(case, _molecular(case), SCHMIDT_TURBULENT)
        found.append(TransportedScalar(AGE_OF_AIR, gas, SCHMIDT_TURBULENT, source=1.0))
    if case.run.capture_index == "transient":
        found += capture_tracers(case, mesh) if mesh else _counted_tracers(case)
    return tuple(found)


def capture_tracers(case: Case, mesh: Mesh) -> tuple[TransportedScalar, ...]:
    """The tracers of the capture indices of all racks."""
    gas = diffusivity(case, _molecular(case), SCHMIDT_TURBULENT)
    return capture.tracers(mesh, gas, SCHMIDT_TURBULENT)


def _counted_tracers(case: Case) -> list[TransportedScalar]:
    """As many as the mesh will ask for."""
    names = [f"{table}.{name}" for table in ("racks", "supplies", "coolers") for name in case.devices(table)]
    names += ["outside"] if any(opening.to for opening in case.devices("openings").values()) else []
    return [TransportedScalar(name, written=False) for name in names]


def outside_humidity(case: Case) -> float:
    """Specific humidity of the air outside, by the weather of the run; 0 for dry air. Raises CaseError."""
    if not case.fluid.humidity or case.run.weather is None:
        return 0.0
    weather, key = case.weather[case.run.weather], f"weather.{case.run.weather}"
    if weather.relative_humidity is None and weather.wet_bulb is None:
        raise case.error(key, "with fluid.humidity it needs relative_humidity or wet_bulb")
    return _humidity(case, value_at(weather.dry_bulb, 0.0), key, weather, "relative_humidity", "wet_bulb")


def _humidity(case: Case, temperature: float, key: str, table: Table, *names: str) -> float:
    """Specific humidity by one of the keys of a table."""
    (name,) = (name for name in names if getattr(table, name) is not None)
    try:
        return specific_humidity(temperature, case.site.pressure, **{name: getattr(table, name)})
    except ValueError as error:
        raise case.error(f"{key}.{name}", str(error)) from error


def _vapour(case: Case, mesh: Mesh | None) -> TransportedScalar:
    initial = case.initial
    if initial.relative_humidity is None:
        raise case.error("initial", "with fluid.humidity it needs relative_humidity")
    supplied = {}
    for name, supply in case.devices("supplies").items():
        if supply.relative_humidity is None and supply.dew_point is None:
            raise case.error(f"supplies.{name}", "with fluid.humidity it needs relative_humidity or dew_point")
        temperature = value_at(supply.temperature, 0.0)
        supplied[f"supplies.{name}"] = _humidity(
            case, temperature, f"supplies.{name}", supply, "relative_humidity", "dew_point"
        )
    if case.run.weather is None and any(opening.to for opening in case.devices("openings").values()):
        raise case.error("run.weather", "with fluid.humidity and openings it must name a weather, whose air comes in")
    sources = ()
    if mesh is not None:
        sources = tuple(
            _cell_source(case, mesh, f"sources.{name}", source.box, source.moisture)
            for name, source in case.sources.items() if source.moisture
        )  # fmt: skip
    return TransportedScalar(
        HUMIDITY, diffusivity(case, _density(case) * VAPOUR_DIFFUSIVITY, SCHMIDT_TURBULENT), SCHMIDT_TURBULENT,
        initial=_humidity(case, initial.temperature, "initial", initial, "relative_humidity"),
        discharged=supplied, entering=outside_humidity(case), sources=sources,
    )  # fmt: skip


def _refuse_moisture_of_dry_air(case: Case) -> None:
    if case.fluid.humidity:
        return
    written = [(f"supplies.{name}", supply, key) for name, supply in case.devices("supplies").items()
               for key in ("relative_humidity", "dew_point")]  # fmt: skip
    written += [(f"sources.{name}", source, "moisture") for name, source in case.sources.items()]
    written.append(("initial", case.initial, "relative_humidity"))
    for address, table, key in written:
        if getattr(table, key):
            raise case.error(f"{address}.{key}", "needs fluid.humidity = true")


def _cell_source(case: Case, mesh: Mesh, address: str, box: Box, rate: float) -> CellSource:
    try:
        return CellSource(address, rate, *air_share(mesh.axes, mesh.in_room, address, box))
    except PlacementError as error:
        raise case.error(f"{address}.box", str(error)) from error


def _tracer(case: Case, name: str, tracer: Tracer, mesh: Mesh | None) -> TransportedScalar:
    if tracer.rate and tracer.box is None:
        raise case.error(f"tracers.{name}.rate", "needs a box to be released in")
    sources: tuple[CellSource, ...] = ()
    if mesh is not None and tracer.rate:
        sources = (_cell_source(case, mesh, f"tracers.{name}", tracer.box, tracer.rate),)
    molecular = _molecular(case)
    if tracer.diffusivity is not None:
        molecular = _density(case) * tracer.diffusivity
    return TransportedScalar(
        f"{TRACER_PREFIX}{name}", diffusivity(case, molecular, tracer.schmidt_turbulent), tracer.schmidt_turbulent,
        initial=tracer.initial, decay=0.0 if tracer.half_life is None else log(2.0) / tracer.half_life,
        entering=tracer.outside, sources=sources,
    )  # fmt: skip


def diffusivity(case: Case, molecular: float, schmidt_turbulent: float) -> float:
    """rho D with the share of a constant eddy viscosity, kg/(m s)."""
    turbulence = case.run.turbulence
    if not isinstance(turbulence, ConstantEddyViscosity):
        return molecular
    return molecular + _density(case) * turbulence.eddy_viscosity / schmidt_turbulent


def _molecular(case: Case) -> float:
    """rho D of what is dissolved in the fluid, kg/(m s)."""
    return _viscosity(case) / (SCHMIDT if case.fluid.name == "air" else SCHMIDT_OF_LIQUIDS)


def _viscosity(case: Case) -> float:
    """Of the fluid alone, Pa s."""
    return Fluid().viscosity if case.fluid.viscosity is None else case.fluid.viscosity


def _density(case: Case) -> float:
    """At the initial temperature, kg/m3."""
    if case.fluid.density is not None:
        return case.fluid.density
    gas_constant = case.fluid.gas_constant or Fluid().gas_constant
    return case.site.pressure / (gas_constant * case.initial.temperature)
