"""Parts that inherit, and rows that become racks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import Field, create_model

from thermo.case.context import Context, to_nanometre
from thermo.case.document import Document
from thermo.case.geometry import Facing, Height, PlanPosition, Size
from thermo.case.lines import Address
from thermo.case.model import Case
from thermo.case.schema import model_at
from thermo.case.table import Table, nearest
from thermo.case.units import PositiveLength
from thermo.case.validation import validate

_ROW_ENTRY = re.compile(r"(?:([1-9]\d?)\s*\*\s*)?([A-Za-z0-9_-]+)")
_GAP, _BLANK = "-", "blank"


class Row(Table):
    """Racks side by side: along +x when they face +y or -y, along +y when they face +x or -x."""

    start: PlanPosition = Field(description="[x, y] of the low corner of the row, or a grid reference")
    facing: Facing = Field(description="the side where air goes in: +x, -x, +y or -y")
    racks: list[str] = Field(description='"gpu10", "2*gpu10": racks of a part; "-" a gap, "blank" a closed place; '
                                         "named by row and place: A01, A02, ...")
    base: Height | None = Field(None, description="height of the foot; default as for a rack")
    gap: PositiveLength | None = Field(None, description="width of a gap; default that of the place before it")


@dataclass(frozen=True)
class Place:
    """One place of a row: `kind` is "-", "blank" or the name of a part; `name` that of the rack."""

    name: str
    kind: str
    entry: Address  # of the entry of the row that made the place


def inherit_parts(document: Document, part_model: type[Table], context: Context) -> None:
    """Give every part the keys of the part it is made `from`; raises CaseError for unknown parts and for circles."""
    parts = document.table("parts")
    done: set[str] = set()

    def inherit(name: str, heirs: tuple[str, ...]) -> None:
        if name in heirs:
            circle = " -> ".join((*heirs[heirs.index(name):], name))
            raise document.error(f"the parts inherit in a circle: {circle}", ("parts", heirs[-1], "from"))
        address: Address = ("parts", name)
        if name in done:
            return
        if not isinstance(parts[name], dict):
            raise document.error("is not a table", address, "a table of keys of a rack")
        if "from" in parts[name]:
            source = _known_part(document, parts[name]["from"], (*address, "from"))
            inherit(source, (*heirs, name))
            document.inherit(address, ("parts", source), part_model.exactly_one + part_model.at_most_one)
            document.remove((*address, "from"))
        done.add(name)
        validate(document, address, part_model, context)

    for name in parts:
        inherit(name, ())


@cache
def partial(model: type[Table]) -> type[Table]:
    """The same keys, none of them required: what a part may hold. Conditions between keys are checked in the rack."""
    fields = {name: (field.rebuild_annotation() | None, Field(None, alias=field.alias, description=field.description))
              for name, field in model.model_fields.items() if name not in ("part", "position")}
    part = create_model(f"{model.__name__}Part", __base__=Table, **fields)
    part.later = model.later
    part.at_most_one = model.exactly_one + model.at_most_one
    return part


def _known_part(document: Document, name: Any, address: Address) -> str:
    parts = document.table("parts")
    if not isinstance(name, str) or name not in parts:
        if isinstance(name, str) and "/" in name:
            raise document.error(f"{name!r}: parts of a catalogue are not yet supported", address)
        raise document.error(f"{name!r} names no part{nearest(str(name), list(parts))}", address,
                             ", ".join(parts) or "[parts] is empty")
    return name


def racks_of_rows(document: Document, context: Context) -> dict[str, tuple[Row, list[Place]]]:
    """Make a rack of every place of every row that holds one; keys that [racks.ID] has already stand over the row's.

    Returns the rows with their places. Positions follow with `place_rows`, when the sizes of the racks are known.
    """
    rows = {}
    for name in document.table("rows"):
        row = validate(document, ("rows", name), Row, context)
        rows[name] = (row, _places(document, name, row))
        for place in rows[name][1]:
            if place.kind not in (_GAP, _BLANK):
                _make_rack(document, name, place)
    in_rows = [place.name for _, places in rows.values() for place in places]
    racks = document.table("racks")
    document.data["racks"] = {name: racks[name] for name in dict.fromkeys([*in_rows, *racks]) if name in racks}
    return rows


def _places(document: Document, row_name: str, row: Row) -> list[Place]:
    places: list[Place] = []
    for index, entry in enumerate(row.racks):
        address: Address = ("rows", row_name, "racks", index)
        match = _ROW_ENTRY.fullmatch(entry.strip())
        if not match:
            raise document.error(f"{entry!r} is not a place of a row", address, '"gpu10", "2*gpu10", "-" or "blank"')
        kind = match[2] if match[2] in (_GAP, _BLANK) else _known_part(document, match[2], address)
        for _ in range(int(match[1] or 1)):
            places.append(Place(f"{row_name}{len(places) + 1:02d}", kind, address))
    return places


def _make_rack(document: Document, row_name: str, place: Place) -> None:
    address: Address = ("racks", place.name)
    if not isinstance(document.get(address, {}), dict):
        raise document.error("is not a table", address)
    if place.name not in document.table("racks"):
        document.put(address, {}, document.origin(place.entry))
    written = {"part": place.kind} | {key: document.get(("rows", row_name, key)) for key in ("facing", "base")}
    for key, value in written.items():
        if value is not None and key not in document.get(address):
            source = place.entry if key == "part" else ("rows", row_name, key)
            document.put((*address, key), value, document.origin(source))


def inherit_in_racks(document: Document, model: type[Case]) -> None:
    """Give every rack the keys of its part."""
    rack = model_at(model, ("racks", "*"))
    for name, table in document.table("racks").items():
        if isinstance(table, dict) and "part" in table:
            part = _known_part(document, table["part"], ("racks", name, "part"))
            document.inherit(("racks", name), ("parts", part), rack.exactly_one + rack.at_most_one)


def place_rows(document: Document, rows: dict[str, tuple[Row, list[Place]]], context: Context) -> None:
    """Put the racks of every row side by side, and a block where a place is blank; then the rows are done with."""
    for name, (row, places) in rows.items():
        axis = 0 if row.facing[1] == "y" else 1
        position = list(row.start)
        sizes = _sizes(document, name, row, places, context)
        for place, size in zip(places, sizes, strict=True):
            origin = document.origin(place.entry)
            if place.kind == _BLANK:
                _make_blank(document, place, position, size, row, context)
            elif place.kind != _GAP and "position" not in document.get(("racks", place.name)):
                document.put(("racks", place.name, "position"), list(position), origin)
            width = row.gap if place.kind == _GAP and row.gap else size[0]
            position[axis] = to_nanometre(position[axis] + width)
    document.data.pop("rows", None)


def _sizes(document: Document, name: str, row: Row, places: list[Place], context: Context) -> list[tuple]:
    """Size of every place: a gap and a blank have that of the rack before them, the first that of the rack after."""
    sizes: list[tuple | None] = []
    for place in places:
        if place.kind in (_GAP, _BLANK):
            sizes.append(sizes[-1] if sizes else None)
        elif document.get(("racks", place.name, "size")) is None:
            raise document.error("missing", ("racks", place.name, "size"), "[width, depth, height]")
        else:
            sizes.append(validate(document, ("racks", place.name, "size"), Size, context))
    first = next((size for size in sizes if size), None)
    if first is None:
        raise document.error("has no rack", ("rows", name, "racks"))
    return [size or first for size in sizes]


def _make_blank(document: Document, place: Place, position: list[float], size: tuple, row: Row,
                context: Context) -> None:
    if place.name in document.table("blocks"):
        raise document.error("has the name of a blank place of a row", ("blocks", place.name), "another name")
    width, depth, height = size
    along_x, along_y = (width, depth) if row.facing[1] == "y" else (depth, width)
    base = context.floor if row.base is None else row.base
    low, extent = (*position, base), (along_x, along_y, height)
    high = [to_nanometre(start + length) for start, length in zip(low, extent, strict=True)]
    document.put(("blocks", place.name), {"box": [[*position, base], high]}, document.origin(place.entry))
