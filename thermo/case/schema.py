"""The models of a case as a tree that can be walked by address."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any

from thermo.case.lines import Address
from thermo.case.table import Table


def model_at(root: type[Table], address: Address) -> type[Table] | None:
    """The model of the table at an address, None when there is no such table or it is not strict."""
    step: Any = root
    for key in address:
        step = _child(step, key)
    return next((kind for kind in _alternatives(step) if _is_table(kind)), None)


def allowed_at(root: Any, address: Address) -> str | None:
    """What the value at an address may be, in words, from the field that holds it; None where no field does."""
    step, words = root, None
    for key in address:
        field = next((field for kind in _alternatives(step) if _is_table(kind)
                      for name, field in kind.model_fields.items() if key == (field.alias or name)), None)
        if field is not None:
            words = next((note.allowed for note in field.metadata if hasattr(note, "allowed")), field.description)
        step = _child(step, key)
    return words


def is_collection(root: type[Table], address: Address) -> bool:
    """Whether the keys at an address are names that the engineer chose, as in [racks] or [levels]."""
    step: Any = root
    for key in address:
        step = _child(step, key)
    return any(typing.get_origin(kind) is dict for kind in _alternatives(step))


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Table)


def _alternatives(annotation: Any) -> list[Any]:
    """The types an annotation allows, without Annotated, Optional and unions around them."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return _alternatives(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return [kind for part in typing.get_args(annotation) for kind in _alternatives(part)]
    return [annotation]


def _child(annotation: Any, key: str | int) -> Any:
    for kind in _alternatives(annotation):
        if _is_table(kind):
            for name, field in kind.model_fields.items():
                if key == (field.alias or name):
                    return field.annotation
        elif typing.get_origin(kind) in (dict, list):
            return typing.get_args(kind)[-1]
    return None
