"""Tables of what the air carries besides heat."""

from __future__ import annotations

from pydantic import Field

from thermo.case.geometry import Box
from thermo.case.table import Table
from thermo.case.units import Fraction, KinematicViscosity, MassFlow, PositiveNumber, PositiveTime


class Tracer(Table):
    """A substance that the air carries and that does not move it: a tracer gas, smoke."""

    box: Box | None = Field(None, description="[[x0, y0, z0], [x1, y1, z1]] where it is released; may lie anywhere")
    rate: MassFlow = Field(0.0, description="released in the air of the box, in all")
    initial: Fraction = Field(0.0, description="kg per kg of air at time 0")
    outside: Fraction = Field(0.0, description="kg per kg of air that supplies and openings bring in")
    half_life: PositiveTime | None = Field(None, description="of its decay or settling; default it stays")
    diffusivity: KinematicViscosity | None = Field(
        None, description="molecular; default by a Schmidt number of 0.7 (in a liquid 1000)")
    schmidt_turbulent: PositiveNumber = Field(0.7, description="turbulent Schmidt number")
