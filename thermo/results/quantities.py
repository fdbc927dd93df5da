"""Names, units and meaning of the fields that are written, in CF terms."""

from __future__ import annotations

from dataclasses import dataclass

MEAN_PREFIX = "mean_"


@dataclass(frozen=True)
class Quantity:
    units: str
    long_name: str


QUANTITIES = {
    "temperature": Quantity("degC", "temperature"),
    "pressure": Quantity("Pa", "pressure above still outside air at the same height"),
    "velocity": Quantity("m s-1", "velocity at cell centres"),
    "density": Quantity("kg m-3", "density"),
}


def describe(name: str) -> Quantity:
    """The quantity of a field or of its time average (``mean_<field>``).

    Raises KeyError for a field this module does not know: a field without units is not written.
    """
    if name.startswith(MEAN_PREFIX):
        instant = QUANTITIES[name.removeprefix(MEAN_PREFIX)]
        return Quantity(instant.units, f"time average of {instant.long_name}")
    return QUANTITIES[name]
