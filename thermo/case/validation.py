"""Reading values by their models; of pydantic's list of errors, the one message an engineer reads."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from thermo.case.context import Context
from thermo.case.document import Document
from thermo.case.errors import CaseError
from thermo.case.lines import Address
from thermo.case.schema import allowed_at
from thermo.case.table import nearest
from thermo.case.units import describe


def validate(document: Document, address: Address, kind: Any, context: Context) -> Any:
    """The value at an address as the type `kind` reads it; raises the CaseError that stands first in the file."""
    try:
        return _reader(kind).validate_python(document.get(address), context=context)
    except ValidationError as errors:
        raise _first_error(document, errors, kind, address) from None


@cache
def _reader(kind: Any) -> TypeAdapter:
    return TypeAdapter(kind)


def _first_error(document: Document, errors: ValidationError, kind: Any, base: Address) -> CaseError:
    """The first error in the order of the file; `base` is the address of the value that was read as `kind`."""
    found = []
    for details in errors.errors(include_url=False):
        address = _address(document, details, base)
        message, allowed = _words(details)
        found.append(document.error(message, address, allowed or allowed_at(kind, address[len(base):])))
    return min(found, key=lambda error: (error.line is None, error.line or 0))


def _address(document: Document, details: ErrorDetails, base: Address) -> Address:
    """The address in the file: pydantic puts the names of alternatives into its own."""
    address = base
    for step in details["loc"]:
        if document.get((*address, step), _ABSENT) is not _ABSENT:
            address = (*address, step)
    if details["type"] == "missing" and isinstance(details["loc"][-1], str):
        address = (*address, details["loc"][-1])
    return (*address, *details.get("ctx", {}).get("key", ()))


_ABSENT = object()


def _words(details: ErrorDetails) -> tuple[str, str | None]:
    """The message and what is allowed."""
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "case":
        return context["message"], context.get("allowed")
    if kind == "missing":
        return ("missing" if isinstance(value, dict) else f"has only {len(value)} entries"), None
    if kind == "literal_error":
        options = context["expected"].replace("' or '", "', '").replace("'", "").split(", ")
        return f"{value!r} is not possible{nearest(str(value), options)}", ", ".join(options)
    if kind in ("too_short", "too_long"):
        return f"has {context['actual_length']} entries", None
    if kind == "greater_than_equal":
        return f"{value!r} is too small", f"at least {context['ge']}"
    if kind == "string_pattern_mismatch":
        return f"{value!r} cannot be a name", "letters, digits, _ and -"
    if kind in _EXPECTED:
        return f"{_show(value)} where {_EXPECTED[kind]} belongs", _EXPECTED[kind]
    return f"{_show(value)}: {details['msg']}", None


_EXPECTED = {"model_type": "a table", "dict_type": "a table", "list_type": "an array", "tuple_type": "an array",
             "int_type": "a whole number", "int_from_float": "a whole number", "int_parsing": "a whole number",
             "string_type": "a string", "bool_type": "true or false", "bool_parsing": "true or false"}


def _show(value: Any) -> str:
    return describe(value) if isinstance(value, (dict, list)) else repr(value)
