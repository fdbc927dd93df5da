"""From the tables of a case to the scalars that the air carries."""

from __future__ import annotations

from math import log

from thermo.case.carried import Tracer
from thermo.case.control import ConstantEddyViscosity
from thermo.case.model import Case
from thermo.flow.scalars import CellSource, TransportedScalar
from thermo.flow.setup import Fluid
from thermo.mesh.builder import air_share
from thermo.mesh.mesh import Mesh
from thermo.results.quantities import AGE_OF_AIR, TRACER_PREFIX
from thermo.scene.errors import PlacementError

SCHMIDT = 0.7  # of a gas like air in air
SCHMIDT_TURBULENT = 0.7


def carried_scalars(case: Case, mesh: Mesh | None = None) -> tuple[TransportedScalar, ...]:
    """The scalars of a case; without a mesh, to count them, they have no sources in cells.

    Raises CaseError for a source that is not in the air.
    """
    found = [_tracer(case, name, tracer, mesh) for name, tracer in case.tracers.items()]
    if case.run.age_of_air:
        gas = diffusivity(case, _viscosity(case) / SCHMIDT, SCHMIDT_TURBULENT)
        found.append(TransportedScalar(AGE_OF_AIR, gas, SCHMIDT_TURBULENT, source=1.0))
    return tuple(found)


def _tracer(case: Case, name: str, tracer: Tracer, mesh: Mesh | None) -> TransportedScalar:
    if tracer.rate and tracer.box is None:
        raise case.error(f"tracers.{name}.rate", "needs a box to be released in")
    sources: tuple[CellSource, ...] = ()
    if mesh is not None and tracer.rate:
        try:
            cells, share = air_share(mesh.axes, mesh.solid == 0, f"tracers.{name}", tracer.box)
        except PlacementError as error:
            raise case.error(f"tracers.{name}.box", str(error)) from error
        sources = (CellSource(name, tracer.rate, cells, share),)
    molecular = _viscosity(case) / SCHMIDT
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


def _viscosity(case: Case) -> float:
    """Of the fluid alone, Pa s."""
    return Fluid().viscosity if case.fluid.viscosity is None else case.fluid.viscosity


def _density(case: Case) -> float:
    """At the initial temperature, kg/m3."""
    if case.fluid.density is not None:
        return case.fluid.density
    gas_constant = case.fluid.gas_constant or Fluid().gas_constant
    return case.site.pressure / (gas_constant * case.initial.temperature)
