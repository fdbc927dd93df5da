"""The base of every table of a case file: strict keys, and keys of which only one may be written."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class Table(BaseModel):
    """A table with known keys. A model of a device derives from it and declares its keys as fields.

    `exactly_one` and `at_most_one` list groups of keys that exclude each other; where tables are merged (part and rack,
    case and scenario), writing one key of such a group takes the others away.
    `later` names keys of the format that are not built yet, with what to write instead (or an empty text).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True,
                              protected_namespaces=())

    exactly_one: ClassVar[tuple[tuple[str, ...], ...]] = ()
    at_most_one: ClassVar[tuple[tuple[str, ...], ...]] = ()
    later: ClassVar[dict[str, str]] = {}

    @classmethod
    def keys(cls) -> list[str]:
        """The keys as they are written in the file."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @model_validator(mode="before")
    @classmethod
    def _written_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = cls.keys()
        for key in data:
            if key not in known:
                raise cls.unknown_key(key)
        for group in cls.exactly_one:
            if not any(key in data for key in group):
                raise key_error(f"needs one of {', '.join(group)}")
        for group in (*cls.exactly_one, *cls.at_most_one):
            given = [key for key in data if key in group]
            if len(given) > 1:
                raise key_error(f"cannot stand beside {given[0]}", given[-1], f"one of {', '.join(group)}")
        return data

    @classmethod
    def unknown_key(cls, key: str) -> PydanticCustomError:
        """The error for a key that is not a field: not yet supported, or unknown with the nearest known key."""
        if key in cls.later:
            hint = cls.later[key]
            return key_error(f"not yet supported{': ' if hint else ''}{hint}", key)
        return key_error(f"unknown key{nearest(key, cls.keys())}", key, ", ".join(cls.keys()))


def key_error(message: str, key: str | tuple[str, ...] = (), allowed: str | None = None) -> PydanticCustomError:
    """An error at `key` of the table being validated (a tuple for a key of a table within), or at the table itself."""
    path = (key,) if isinstance(key, str) else key
    return PydanticCustomError("case", "{message}", {"message": message, "key": path, "allowed": allowed})


def nearest(word: str, known: list[str]) -> str:
    """A suggestion to append to a message: `, did you mean "power"?`, or nothing when no known word is near."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""


def not_yet(*values: str) -> BeforeValidator:
    """Annotation that refuses values of the format that are not built yet."""
    def check(value: Any) -> Any:
        if isinstance(value, str) and value in values:
            raise key_error(f"{value!r} is not yet supported")
        return value

    return BeforeValidator(check)


def _check_names(tables: Any) -> Any:
    if isinstance(tables, dict):
        for name in tables:
            if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
                raise key_error("cannot be a name", name, "letters, digits, _ and -")
    return tables


class Named:
    """`Named[Model]`: a table of tables, each under its name."""

    def __class_getitem__(cls, model: Any) -> Any:
        return Annotated[dict[str, model], BeforeValidator(_check_names)]
