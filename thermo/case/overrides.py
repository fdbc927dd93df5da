"""Values written over those of the file: by a scenario, or on the command line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thermo.case.context import Context
from thermo.case.control import Scenario
from thermo.case.document import Document, Origin, format_address
from thermo.case.errors import CaseError
from thermo.case.lines import Address
from thermo.case.model import Case
from thermo.case.schema import is_collection, model_at
from thermo.case.selectors import matching
from thermo.case.table import nearest
from thermo.case.validation import validate

COMMAND_LINE = "--set"


@dataclass(frozen=True)
class Override:
    """A value to be written over that of the file."""

    address: Address
    value: Any
    origin: Origin


def scenario_overrides(document: Document, name: str) -> list[Override]:
    """The overrides of a scenario: its keys of [run] and its `set`; raises CaseError for an unknown scenario."""
    scenarios = document.table("scenarios")
    if name not in scenarios:
        raise document.error(f"no scenario {name!r}{nearest(name, list(scenarios))}", ("scenarios",),
                             ", ".join(scenarios) or "none is defined")
    address: Address = ("scenarios", name)
    validate(document, address, Scenario, Context())
    overrides = [Override(("run", key), value, document.origin((*address, key)))
                 for key, value in scenarios[name].items() if key != "set"]
    for key, value in scenarios[name].get("set", {}).items():
        overrides.append(Override(tuple(key.split(".")), value, document.origin((*address, "set", key))))
    return overrides


def command_line_overrides(settings: Iterable[str]) -> list[Override]:
    """Overrides from KEY=VALUE; the value is TOML, or a string where it is not. Raises CaseError without a `=`."""
    overrides = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        address = tuple(key.strip().split("."))
        origin = Origin(f"{COMMAND_LINE} {setting}", None, address)
        if not equals or not all(address):
            raise CaseError("is not KEY=VALUE", f"{COMMAND_LINE} {setting}", allowed='racks.A03.power="30 kW"')
        overrides.append(Override(address, _toml_value(text), origin))
    return overrides


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()


def apply_overrides(document: Document, model: type[Case], overrides: Iterable[Override]) -> None:
    """Write overrides into the document; names may have * and ?. Raises CaseError where a name stands for nothing."""
    for override in overrides:
        for address in _matching_addresses(document, model, override):
            _take_away_alternatives(document, model, address)
            document.put(address, override.value, override.origin)


def _matching_addresses(document: Document, model: type[Case], override: Override) -> list[Address]:
    origin = override.origin
    found: list[Address] = [()]
    for key in override.address:
        longer: list[Address] = []
        for address in found:
            if is_collection(model, address) or address == ("rows",) or "*" in key or "?" in key:
                known = document.get(address, {})
                longer += [(*address, name) for name in matching(key, known)]
                if not longer:
                    message = f"{key!r} names nothing in [{format_address(address)}]{nearest(key, list(known))}"
                    raise CaseError(message, origin.file, origin.line, format_address(override.address),
                                    ", ".join(known) or "it is empty")
            else:
                longer.append((*address, key))
        found = longer
    return found


def _take_away_alternatives(document: Document, model: type[Case], address: Address) -> None:
    """Writing one of several keys that exclude each other takes the others away."""
    table = model_at(model, ("racks", *address[1:-1]) if address[0] == "parts" else address[:-1])
    if table is None:
        return
    for group in (*table.exactly_one, *table.at_most_one):
        if address[-1] in group:
            for other in set(group) - {address[-1]}:
                document.remove((*address[:-1], other))
