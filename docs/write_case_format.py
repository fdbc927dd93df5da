"""Writes the tables of keys in docs/case_format.md from the models: `python docs/write_case_format.py`."""

from __future__ import annotations

import sys
import types
import typing
from pathlib import Path
from typing import Any

import tomlkit
from pydantic.fields import FieldInfo

PAGE = Path(__file__).with_name("case_format.md")
START = "<!-- from here on written by docs/write_case_format.py -->\n"


def tables_of_keys() -> str:
    """Every table of the format with its keys, as Markdown."""
    from thermo.case.expand import Row
    from thermo.case.model import case_model
    from thermo.case.table import Table
    from thermo.devices.registry import default_registry

    model = case_model(default_registry())
    sections = [_section("Top level", model, {name: field for name, field in model.model_fields.items()
                                              if _table_in(field.annotation, Table) is None})]
    for name, field in model.model_fields.items():
        table = _table_in(field.annotation, Table)
        if table is not None:
            is_named = typing.get_origin(field.annotation) is dict
            title = f"[{field.alias or name}{'.NAME' if is_named and table.__name__ != 'Assumption' else ''}]"
            sections += _with_inner_tables(title, table, Table)
    sections.append(_section("[rows.NAME]", Row, Row.model_fields))
    return "\n".join(sections)


def _with_inner_tables(title: str, table: type, base: type) -> list[str]:
    inner = [(f"{title} {field.alias or name}", _table_in(field.annotation, base))
             for name, field in table.model_fields.items()]
    found = {kind: name for name, kind in reversed(inner) if kind is not None}
    sections = [_section(title, table, table.model_fields)]
    for kind, name in reversed(found.items()):
        name = "[walls.SIDE]" if title == "[walls]" else name
        sections += _with_inner_tables(name, kind, base)
    return sections


def _section(title: str, table: Any, fields: dict[str, FieldInfo]) -> str:
    heading = f"`{title}`" if title.startswith("[") else title
    lines = [f"### {heading}", "", (table.__doc__ or "").split("\n\n")[0], ""]
    lines += ["| key | what may be written | default | |", "|---|---|---|---|"]
    for name, field in fields.items():
        key = field.alias or name
        lines.append(f"| `{key}` | {_words(_annotated(field))} | {_default(field)} | {field.description} |")
    lines.append("")
    for words, groups in (("Exactly one of", table.exactly_one), ("At most one of", table.at_most_one)):
        lines += [f"{words}: {', '.join(f'`{key}`' for key in group)}.\n" for group in groups]
    if table.later:
        lines.append(f"Not yet supported: {', '.join(f'`{key}`' for key in table.later)}.\n")
    return "\n".join(lines)


def _table_in(annotation: Any, base: type) -> type | None:
    """The model of a table somewhere in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, base):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _table_in(part, base))), None)


def _quantity_words(note: Any) -> str:
    quantity = getattr(note, "quantity", note)
    if not hasattr(quantity, "name"):
        return ""
    unit = getattr(quantity, "bare_unit", "")
    words = [f"{quantity.name} ({unit})" if unit else quantity.name]
    words += [quantity.range] if getattr(quantity, "range", "") else []
    words += ["or a table in time"] if quantity is not note or quantity.name == "flow" else []
    return ", ".join(words)


def _words(annotation: Any) -> str:
    """What may be written, in the words of the quantities that annotate the type."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        named = [words for note in arguments[1:] if (words := _quantity_words(note))]
        return named[0] if named else _words(arguments[0])
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_words(part) for part in arguments if part is not type(None))
    if origin is tuple:
        return f"[{', '.join(_words(part) for part in arguments)}]"
    if origin is list:
        return f"array of {_words(arguments[0])}"
    if origin is dict:
        return f"table: name = {_words(arguments[1])}"
    simple = {str: "text", int: "whole number", bool: "`true`, `false`", float: "number", Any: "value"}
    return simple.get(annotation, "table")


def _annotated(field: FieldInfo) -> Any:
    return typing.Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    if field.default_factory is not None or field.default in (None, "", [], {}):
        return ""
    note = next((note for note in field.metadata if hasattr(note, "write")), None)
    default = note.write(field.default) if note else field.default
    written = tomlkit.item(list(default) if isinstance(default, tuple) else default).as_string()
    return f"`{written}`"


def page() -> str:
    """The whole page: the part written by hand, and the tables."""
    return PAGE.read_text(encoding="utf-8").split(START)[0] + START + "\n" + tables_of_keys()


if __name__ == "__main__":
    sys.path.insert(0, str(PAGE.parents[1]))
    PAGE.write_text(page(), encoding="utf-8")
