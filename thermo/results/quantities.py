"""Names, units and meaning of the fields that are written, in CF terms."""

from __future__ import annotations

from dataclasses import dataclass

MEAN_PREFIX = "mean_"
TRACER_PREFIX = "tracer_"  # and the name of the table
AGE_OF_AIR = "age_of_air"
RELATIVE_HUMIDITY = "relative_humidity"


@dataclass(frozen=True)
class Quantity:
    units: str
    long_name: str


QUANTITIES = {
    "temperature": Quantity("degC", "temperature"),
    "pressure": Quantity("Pa", "pressure above still outside air at the same height"),
    "velocity": Quantity("m s-1", "velocity at cell centres"),
    "density": Quantity("kg m-3", "density"),
    "specific_humidity": Quantity("kg kg-1", "mass of water vapour per mass of moist air"),
    "temperature_rms": Quantity("K", "root mean square of the resolved fluctuations of temperature"),
    "velocity_rms": Quantity("m s-1", "root mean square of the resolved fluctuations of velocity"),
    "turbulent_kinetic_energy": Quantity("m2 s-2", "turbulent kinetic energy per mass"),
    "turbulent_dissipation": Quantity("m2 s-3", "dissipation of turbulent kinetic energy per mass"),
    "specific_dissipation": Quantity("s-1", "dissipation of turbulent kinetic energy over 0.09 of that energy"),
    RELATIVE_HUMIDITY: Quantity("1", "relative humidity"),
    AGE_OF_AIR: Quantity("s", "local mean age of air"),
}


def describe(name: str) -> Quantity:
    """The quantity of a field or of its time average (``mean_<field>``).

    Raises KeyError for a field this module does not know: a field without units is not written.
    """
    if name.startswith(MEAN_PREFIX):
        instant = describe(name.removeprefix(MEAN_PREFIX))
        return Quantity(instant.units, f"time average of {instant.long_name}")
    if name.startswith(TRACER_PREFIX):
        return Quantity("kg kg-1", f"{name.removeprefix(TRACER_PREFIX)} per mass of air")
    return QUANTITIES[name]
