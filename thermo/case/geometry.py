"""Places as the engineer writes them: heights by level, positions by grid reference, boxes, rectangles, surfaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from thermo.case.context import Context, to_nanometre
from thermo.case.table import key_error, nearest
from thermo.case.units import LENGTH, Length, PositiveLength, Quantity, describe, plain_schema, refuse

RACK_UNIT = 0.04445  # m, EIA-310
ID = r"[A-Za-z0-9_-]+"

Facing = Literal["+x", "-x", "+y", "-y"]
BlockSide = Literal["west", "east", "south", "north", "bottom", "top"]
BUILDING_SIDES = ("west", "east", "south", "north", "floor", "ceiling")
BLOCK_SIDES = get_args(BlockSide)

_HEIGHT = re.compile(rf"\s*({ID})\s*(?:([+-])\s*(.+))?")
_RACK_UNITS = re.compile(r"U(\d+)(?:-U(\d+))?")


def parse_height(value: Any, levels: dict[str, float]) -> float:
    """A length, a level, or level + or - a length, in m above z = 0."""
    if not isinstance(value, str):
        return LENGTH.parse(value)
    match = _HEIGHT.fullmatch(value)
    if not match or not (match[1] in levels or re.match(r"[A-Za-z_]", match[1])):
        return LENGTH.parse(value)
    if match[1] not in levels:
        raise refuse(f"{value!r} names no level{nearest(match[1], list(levels))}",
                     f'a length, a level ({", ".join(levels) or "none is defined"}), or level + or - a length')
    if not match[2]:
        return levels[match[1]]
    offset = LENGTH.parse(match[3])
    return to_nanometre(levels[match[1]] + (offset if match[2] == "+" else -offset))


def _height(value: Any, info: ValidationInfo) -> float:
    return parse_height(value, Context.of(info).levels)


def _plan_position(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    grid = Context.of(info).grid
    if grid is None:
        raise refuse(f"{value!r}: the case has no [grid]", "[x, y]")
    return grid.corner(value)


def _rising(box: Any) -> Any:
    low, high = box
    if any(a >= b for a, b in zip(low, high, strict=True)):
        raise refuse("the second corner must be higher than the first in every direction",
                     "[low corner, high corner]")
    return box


def _point_or_name(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    points = Context.of(info).named_points
    if value not in points:
        raise refuse(f"{value!r} names no space and no probe{nearest(value, list(points))}",
                     f"[x, y, z] or one of: {', '.join(points) or 'none is defined'}")
    return points[value]


class HeightQuantity(Quantity):
    """Annotation of a height; needs the levels of the case."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _height, serialization=core_schema.plain_serializer_function_ser_schema(self.write))


class FloorHeightQuantity(Quantity):
    """Annotation of a height that is that of the floor unless it is written."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            lambda value, info: Context.of(info).floor if value is None else _height(value, info),
            serialization=core_schema.plain_serializer_function_ser_schema(self.write))


HEIGHT = HeightQuantity("height", "m", '"1.2 m" or "floor + 1.2 m"')
Height = Annotated[float, HEIGHT]
FloorHeight = Annotated[float | None, FloorHeightQuantity("height", "m", HEIGHT.example)]
Point = tuple[Length, Length, Height]
PointOrName = Annotated[Point, BeforeValidator(_point_or_name)]
PlanPosition = Annotated[tuple[Length, Length], BeforeValidator(_plan_position)]
Box = Annotated[tuple[Point, Point], AfterValidator(_rising)]
# The axes that remain on a plane, in order: (y, z), (x, z) or (x, y). Only the second can be a height.
Rectangle = Annotated[tuple[tuple[Length, Height], tuple[Length, Height]], AfterValidator(_rising)]
Size = tuple[PositiveLength, PositiveLength, PositiveLength]


@dataclass(frozen=True)
class Surface:
    """A plane that carries a port or an opening.

    `kind` "building" (then `name` is empty), "block" or "panel"; `side` is empty for a panel.
    """

    kind: Literal["building", "block", "panel"]
    name: str
    side: str

    @property
    def axis(self) -> int:
        """Direction of the normal, 0, 1 or 2; not known for a panel."""
        if self.kind == "panel":
            raise ValueError("the axis of a panel is a property of the panel")
        return {"west": 0, "east": 0, "south": 1, "north": 1}.get(self.side, 2)

    def __str__(self) -> str:
        return {"building": f"building.{self.side}", "block": f"blocks.{self.name}.{self.side}",
                "panel": self.name}[self.kind]


def parse_surface(value: Any) -> Surface:
    """ "building.west", "blocks.NAME.top" or the name of a panel."""
    allowed = (f'"building.SIDE" (SIDE {", ".join(BUILDING_SIDES)}), "blocks.NAME.SIDE" '
               f'(SIDE {", ".join(BLOCK_SIDES)}) or the name of a panel')
    if isinstance(value, Surface):
        return value
    if not isinstance(value, str):
        raise refuse(f"{describe(value)} where a surface belongs", allowed)
    words = value.split(".")
    if words[0] == "building" and len(words) == 2:
        if words[1] in BUILDING_SIDES:
            return Surface("building", "", words[1])
        raise refuse(f"{value!r}: the building has no such side{nearest(words[1], list(BUILDING_SIDES))}", allowed)
    if words[0] == "blocks" and len(words) == 3:
        if words[2] in BLOCK_SIDES:
            return Surface("block", words[1], words[2])
        raise refuse(f"{value!r}: a block has no such side{nearest(words[2], list(BLOCK_SIDES))}", allowed)
    if words[0] == "panels" and len(words) == 2:
        return Surface("panel", words[1], "")
    if len(words) == 1 and re.fullmatch(ID, value):
        return Surface("panel", value, "")
    raise refuse(f"{value!r} is not a surface", allowed)


class SurfaceName:
    """Annotation of a surface."""

    name = "surface"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain_schema(parse_surface, str)


SurfaceReference = Annotated[Surface, SurfaceName()]


@dataclass(frozen=True)
class RackUnits:
    """Units `first` to `last` of a rack, both included, from U1 at its foot."""

    first: int
    last: int

    @classmethod
    def whole(cls, height: float) -> RackUnits:
        """All units that fit into a height (m)."""
        return cls(1, int(height / RACK_UNIT + 1e-9))

    @property
    def bottom(self) -> float:
        """Height of the lower edge above the foot of the rack, m."""
        return (self.first - 1) * RACK_UNIT

    @property
    def top(self) -> float:
        """Height of the upper edge above the foot of the rack, m."""
        return self.last * RACK_UNIT

    def overlaps(self, other: RackUnits) -> bool:
        """Whether the two ranges have a unit in common."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        return f"U{self.first}-U{self.last}"


def parse_rack_units(value: Any) -> RackUnits:
    """ "U3-U42" or "U7"."""
    if isinstance(value, RackUnits):
        return value
    match = _RACK_UNITS.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise refuse(f"{value!r} is not a range of rack units", '"U3-U42" or "U7", U1 the lowest')
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last:
        raise refuse(f"{value!r}: the first unit must not be above the last, and U1 is the lowest", '"U3-U42"')
    return RackUnits(first, last)


class RackUnitRange:
    """Annotation of a range of rack units."""

    name = "rack units"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain_schema(parse_rack_units, str)


RackUnitsField = Annotated[RackUnits, RackUnitRange()]


def require_inside(units: RackUnits, height: float, key: str) -> None:
    """Refuse rack units above the top of a rack of this height (m)."""
    fit = RackUnits.whole(height)
    if units.last > fit.last:
        raise key_error(f"{units} does not fit: a height of {height:g} m holds {fit.last} units", key, str(fit))
