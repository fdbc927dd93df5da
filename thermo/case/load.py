"""`load_case`: from a file to a case in which every number is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from thermo.case.building import Building, GridTable, Weather
from thermo.case.context import Context
from thermo.case.document import Document
from thermo.case.errors import CaseError
from thermo.case.expand import inherit_in_racks, inherit_parts, partial, place_rows, racks_of_rows
from thermo.case.geometry import parse_height
from thermo.case.measure import MONITOR_QUANTITIES
from thermo.case.model import Case, case_model
from thermo.case.overrides import Override, apply_overrides, command_line_overrides, scenario_overrides
from thermo.case.references import check_references
from thermo.case.schema import model_at
from thermo.case.table import nearest
from thermo.case.validation import validate


def load_case(path: str | Path, registry: Mapping[str, Any], overrides: Iterable[str] = (),
              scenario: str | None = None) -> Case:
    """Read a case file.

    `registry`: table name -> device with its `Model` (thermo.devices.registry.default_registry()); `overrides`:
    "KEY=VALUE" as on the command line, applied after the scenario; `scenario`: name in [scenarios].
    Every scenario of the file is checked, whichever is run. Nothing in the file is executed.
    Raises CaseError for whatever cannot be run as it is written.
    """
    document = Document.read(Path(path))
    model = case_model(registry)
    _check_top_level(document, model)
    settings = command_line_overrides(overrides)
    case = _run_of(document, model, settings, scenario)
    for name in document.table("scenarios"):
        if name != scenario:
            _run_of(document, model, [], name)
    return case


def _run_of(document: Document, model: type[Case], settings: list[Override], scenario: str | None) -> Case:
    if scenario is None:
        return _resolve(document, model, settings, None)
    overrides = scenario_overrides(document, scenario)
    try:
        return _resolve(document, model, [*overrides, *settings], scenario)
    except CaseError as error:
        message = f"{error.message} (in scenario {scenario!r})"
        raise CaseError(message, error.file, error.line, error.key, error.allowed) from None


def _check_top_level(document: Document, model: type[Case]) -> None:
    known = [*model.keys(), "rows"]
    for key in document.data:
        if key in model.later:
            raise document.error("not yet supported", (key,))
        if key not in known:
            raise document.error(f"unknown key{nearest(key, known)}", (key,), ", ".join(known))


def _resolve(written: Document, model: type[Case], overrides: list[Override], scenario: str | None) -> Case:
    """One run: the order matters, since a value may be given by part, row, rack, scenario and command line."""
    document = written.copy()
    apply_overrides(document, model, [o for o in overrides if o.address[0] != "racks"])
    context = _context(document)
    rack = model_at(model, ("racks", "*"))
    if rack is not None:
        inherit_parts(document, partial(rack), context)
        rows = racks_of_rows(document, context)
        apply_overrides(document, model, [o for o in overrides if o.address[0] == "racks"])
        inherit_in_racks(document, model)
        place_rows(document, rows, context)
    case = validate(document, (), model, context)
    case._document, case._scenario = document, scenario  # noqa: SLF001
    check_references(case, written.data)
    return case


def _context(document: Document) -> Context:
    """What other values refer to, read first."""
    levels = _levels(document)
    context = Context(levels=levels, directory=document.path.parent)
    grid = validate(document, ("grid",), GridTable, context).grid() if "grid" in document.data else None
    floor = levels.get("floor")
    if floor is None and "building" in document.data:
        floor = validate(document, ("building",), Building, context).box[0][2]
    points = dict(document.table("spaces"))
    points |= {name: table["at"] for name, table in document.table("probes").items()
               if isinstance(table, dict) and "at" in table}
    kinds = {name: table["kind"] for name, table in document.table("monitors").items()
             if isinstance(table, dict) and str(table.get("kind")) in MONITOR_QUANTITIES}
    return Context(levels, grid, points, kinds, floor or 0.0, _outside(document, context), document.path.parent)


def _levels(document: Document) -> dict[str, float]:
    """Heights of the levels, which may refer to each other; written back as numbers."""
    table = document.table("levels")
    levels: dict[str, float] = {}

    def height(name: str, users: tuple[str, ...]) -> float:
        if name in users:
            raise document.error(f"the levels refer to each other in a circle: {' -> '.join((*users, name))}",
                                 ("levels", users[-1]))
        if name not in levels:
            value = table[name]
            for other in table:
                if isinstance(value, str) and value.replace("+", " ").replace("-", " ").split()[:1] == [other]:
                    height(other, (*users, name))
            try:
                levels[name] = parse_height(value, levels)
            except ValueError as error:
                context = getattr(error, "context", None) or {}
                raise document.error(context.get("message", str(error)), ("levels", name),
                                     context.get("allowed")) from None
        return levels[name]

    for name in table:
        height(name, ())
    document.data["levels"] = dict(levels)
    return levels


def _outside(document: Document, context: Context) -> Any:
    """Dry bulb of the weather of the run, None when the run names none."""
    name = document.get(("run", "weather"))
    if name is None:
        return None
    weathers = document.table("weather")
    if not isinstance(name, str) or name not in weathers:
        raise document.error(f"{name!r} names no weather{nearest(str(name), list(weathers))}", ("run", "weather"),
                             ", ".join(weathers) or "[weather] is empty")
    return validate(document, ("weather", name), Weather, context).dry_bulb
