"""Tables of what is looked at: spaces, probes, planes, monitors, limits and assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainSerializer, ValidationInfo, field_validator, model_validator

from thermo.case.context import Context
from thermo.case.geometry import Height, Point, PointOrName
from thermo.case.selectors import matching
from thermo.case.table import Table, key_error, nearest, not_yet
from thermo.case.units import DIFFERENCE, POWER, PRESSURE, TEMPERATURE, VELOCITY, VOLUME_FLOW, Length, Quantity, refuse

SIGNED_FLOW = Quantity("volume flow", VOLUME_FLOW.unit, VOLUME_FLOW.example)
MONITOR_QUANTITIES = {"temperature": TEMPERATURE, "velocity": VELOCITY, "pressure_difference": PRESSURE,
                      "flow": SIGNED_FLOW}
DEVICE_QUANTITIES = {"inlet_mean": TEMPERATURE, "inlet_max": TEMPERATURE, "outlet_mean": TEMPERATURE,
                     "temperature_rise": DIFFERENCE, "flow": SIGNED_FLOW, "heat": POWER, "power": POWER}


class Probe(Table):
    """A point whose values go into the history."""

    at: Point = Field(description="[x, y, z]")


class Plane(Table):
    """A plane across the building for pictures."""

    exactly_one: ClassVar = (("x", "y", "z"),)

    x: Length | None = Field(None, description="the plane")
    y: Length | None = Field(None, description="the plane")
    z: Height | None = Field(None, description="the plane")

    @property
    def axis(self) -> int:
        """Direction of the normal: 0, 1 or 2."""
        return next(axis for axis, key in enumerate("xyz") if getattr(self, key) is not None)

    @property
    def position(self) -> float:
        """Of the plane on its axis, m."""
        return getattr(self, "xyz"[self.axis])


_MONITOR_KEYS = {"temperature": {"at"}, "velocity": {"at"}, "pressure_difference": {"from", "to"}, "flow": {"through"}}


class Monitor(Table):
    """A number that is followed during the run."""

    later: ClassVar = dict.fromkeys(
        ("surface", "heights", "weighting", "space", "positive", "into", "csv", "uncertainty"), "")

    kind: Annotated[Literal["temperature", "velocity", "pressure_difference", "flow"],
                    not_yet("tracer", "sensors")] = Field(description="what is measured")
    at: PointOrName | None = Field(None, description="temperature, velocity: [x, y, z] or the name of a space or probe")
    from_: PointOrName | None = Field(None, alias="from", description="pressure_difference: p(from) - p(to)")
    to: PointOrName | None = Field(None, description="pressure_difference: the second point")
    through: str | None = Field(
        None, description="flow: openings, panels, supplies or extracts by name, with * and ?; positive inwards or "
                          "along the positive axis")

    @model_validator(mode="before")
    @classmethod
    def _keys_of_kind(cls, data: Any) -> Any:
        needed = _MONITOR_KEYS.get(str(data.get("kind"))) if isinstance(data, dict) else None
        if needed:
            for key in set(data) & {"at", "from", "to", "through"} - needed:
                raise key_error(f"does not belong to kind {data['kind']!r}", key, ", ".join(sorted(needed)))
            for key in sorted(needed - set(data)):
                raise key_error("missing", key)
        return data


@dataclass(frozen=True)
class Bound:
    """A limit in the SI unit of its quantity."""

    value: float
    quantity: Quantity

    def write(self) -> float | str:
        """The bound as a case file holds it."""
        return self.quantity.write(self.value)


BoundField = Annotated[Any, PlainSerializer(lambda bound: None if bound is None else bound.write())]


class Limit(Table):
    """A line of the verdict: passed or failed, with the margin."""

    later: ClassVar = {"margin": "", "rate_max": ""}

    of: str = Field(description='monitors by name, or "racks.NAME.QUANTITY", with * and ?; QUANTITY: '
                                + ", ".join(DEVICE_QUANTITIES))
    min: BoundField = Field(None, description="lowest allowed value, in the unit of the quantity")
    max: BoundField = Field(None, description="highest allowed value, in the unit of the quantity")

    @field_validator("of")
    @classmethod
    def _known_quantity(cls, of: str, info: ValidationInfo) -> str:
        limited_quantity(of, Context.of(info).monitor_kinds)
        return of

    @field_validator("min", "max", mode="before")
    @classmethod
    def _bound(cls, value: Any, info: ValidationInfo) -> Any:
        if value == "part":
            raise refuse('"part" is not yet supported')
        if value is None or "of" not in info.data or isinstance(value, Bound):
            return value
        quantity = limited_quantity(info.data["of"], Context.of(info).monitor_kinds)
        return Bound(quantity.parse(value), quantity)

    @model_validator(mode="after")
    def _has_bound(self) -> Limit:
        if self.min is None and self.max is None:
            raise key_error("needs min or max")
        return self


def limited_quantity(of: str, monitor_kinds: dict[str, str]) -> Quantity:
    """The quantity that `of` names; raises `refuse(...)` when it names none or several."""
    words = of.split(".")
    if len(words) == 3:
        if words[2] not in DEVICE_QUANTITIES:
            raise refuse(f"{of!r}: no quantity {words[2]!r}{nearest(words[2], list(DEVICE_QUANTITIES))}",
                         ", ".join(DEVICE_QUANTITIES))
        return DEVICE_QUANTITIES[words[2]]
    kinds = {monitor_kinds[name] for name in matching(of, monitor_kinds)}
    if not kinds:
        raise refuse(f"{of!r} names no monitor{nearest(of, list(monitor_kinds))}",
                     f'one of {", ".join(monitor_kinds) or "[monitors]: none is defined"}, or "racks.NAME.QUANTITY"')
    if len(kinds) > 1:
        raise refuse(f"{of!r} names monitors of several kinds: {', '.join(sorted(kinds))}", "monitors of one kind")
    return MONITOR_QUANTITIES[kinds.pop()]


class Assumption(Table):
    """Why a value is assumed, and between what bounds it may lie."""

    why: str = Field(description="the reason, for the report")
    range: tuple[Any, Any] | None = Field(None, description="[low, high], as the value itself is written")
