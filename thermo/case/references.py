"""Names that one table uses of another: each must stand for something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from thermo.case.geometry import Surface
from thermo.case.lines import Address
from thermo.case.measure import DEVICE_QUANTITIES
from thermo.case.model import Case
from thermo.case.schedule import Schedule
from thermo.case.selectors import matching
from thermo.case.table import nearest

_FLOW_TABLES = ("openings", "supplies", "extracts", "panels")


def check_references(case: Case, written: dict[str, Any]) -> None:
    """Raises CaseError for the first name that stands for nothing.

    `written` are the tables of the file before scenario and overrides. Assumptions about values that those took away
    are dropped from the case.
    """
    _surfaces(case)
    _constructions(case)
    _measured(case)
    _control(case)
    _loads(case)
    _assumptions(case, written)


def _surfaces(case: Case) -> None:
    for table in case.device_tables:
        for name, device in case.devices(table).items():
            for key, value in device:
                if isinstance(value, Surface):
                    _surface(case, value, f"{table}.{name}.{type(device).model_fields[key].alias or key}")


def _surface(case: Case, surface: Surface, key: str) -> None:
    known = {"block": case.blocks, "panel": case.panels, "building": {"": None}}[surface.kind]
    if surface.name not in known:
        raise case.error(key, f"{str(surface)!r}: no {surface.kind} {surface.name!r}"
                              f"{nearest(surface.name, list(known))}", ", ".join(known) or "none is defined")
    if surface.kind == "panel" and case.panels[surface.name].kind != "closed":
        raise case.error(key, f"the panel {surface.name} is not closed", "a closed panel")
    if surface.kind == "building" and getattr(case.walls, surface.side).kind == "periodic":
        raise case.error(key, f"the side {surface.side} is periodic", "a side that is a wall")


def _constructions(case: Case) -> None:
    users = {f"walls.{side}": wall for side, wall in case.walls} | {f"panels.{n}": p for n, p in case.panels.items()}
    for address, user in users.items():
        _known(case, f"{address}.construction", user.construction, case.constructions, "construction")
    for name, construction in case.constructions.items():
        for index, layer in enumerate(construction.layers):
            key = ("constructions", name, "layers", index, "material")
            _known(case, key, layer.material, case.materials, "material")


def _known(case: Case, key: str | Address, name: str | None, table: dict[str, Any], what: str) -> None:
    if name is not None and name not in table:
        raise case.error(key, f"{name!r} names no {what}{nearest(name, list(table))}",
                         ", ".join(table) or "none is defined")


def _measured(case: Case) -> None:
    for name, monitor in case.monitors.items():
        if monitor.through and not case.names(monitor.through, *_FLOW_TABLES):
            raise case.error(f"monitors.{name}.through", f"{monitor.through!r} names nothing",
                             f"names in {', '.join(_FLOW_TABLES)}, with * and ?")
    for name, limit in case.limits.items():
        selector, _, quantity = limit.of.rpartition(".")
        if quantity in DEVICE_QUANTITIES and "." in selector:
            found = [table for table, _ in case.names(selector) if table in case.device_tables]
            if not found:
                raise case.error(f"limits.{name}.of", f"{selector!r} names no device", "TABLE.NAME.QUANTITY, * and ?")


def _control(case: Case) -> None:
    for index, refinement in enumerate(case.mesh.refine):
        if isinstance(refinement.at, str) and not case.names(refinement.at, "panels", "blocks", *case.device_tables):
            raise case.error(("mesh", "refine", index, "at"), f"{refinement.at!r} names nothing",
                             'objects by name, "racks.A*", or a box')
    for name in case.run.outputs.planes:
        if name not in case.planes:
            raise case.error("run.outputs.planes", f"{name!r} names no plane{nearest(name, list(case.planes))}",
                             ", ".join(case.planes) or "[planes] is empty")
    name = case.run.without_compiler
    if name is not None and name not in case.scenarios:
        raise case.error("run.without_compiler", f"{name!r} names no scenario{nearest(name, list(case.scenarios))}",
                         ", ".join(case.scenarios) or "none is defined")


def _loads(case: Case) -> None:
    """The product of two tables in time is not piecewise linear, so only one factor of a rack's power may be one."""
    for name, rack in case.devices("racks").items() if "racks" in case.device_tables else ():
        tables = [key for key, value in ((f"racks.{name}.power", rack.power), (f"racks.{name}.load", rack.load),
                                         ("run.load", case.run.load)) if isinstance(value, Schedule)]
        if len(tables) > 1:
            raise case.error(tables[-1], f"is a table in time, and so is {tables[0]}: not yet supported",
                             "one of power, load and run.load as a table in time")


def _assumptions(case: Case, written: dict[str, Any]) -> None:
    known = [address for address in _addresses(case.resolved()) if not address.startswith("assumed.")]
    for pattern in [pattern for pattern in case.assumed if not matching(pattern, known)]:
        if matching(pattern, _addresses(written)):
            del case.assumed[pattern]
        else:
            raise case.error(("assumed", pattern), f"is no value of this case{nearest(pattern, known)}",
                             "the address of a value, with * and ?")


def _addresses(value: Any, above: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, entry in value.items():
            address = f"{above}.{key}" if above else key
            yield address
            yield from _addresses(entry, address)
