"""The whole case: the tables of every part of the format, and those of the registered devices."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Literal

import tomlkit
from pydantic import Field, PrivateAttr, create_model

from thermo.case.building import Block, Building, GridTable, Liquid, Panel, Site, Source, Walls, Weather
from thermo.case.carried import Tracer
from thermo.case.control import BodyForce, Fluid, Initial, Mesh, Run, Scenario
from thermo.case.document import Document
from thermo.case.envelope import Construction, Radiation, SolidMaterial
from thermo.case.errors import CaseError
from thermo.case.geometry import Point
from thermo.case.lines import Address
from thermo.case.measure import Assumption, Limit, Monitor, Plane, Probe
from thermo.case.selectors import matching
from thermo.case.table import Named, Table
from thermo.case.units import Length

_LATER_TABLES = ("language", "catalogue", "containments", "tiles", "chimneys", "crahs", "loops", "waters", "plants",
                 "controls", "schedules", "outdoor", "cdus", "heaters")


class Case(Table):
    """A case as it will be run: parts, rows, overrides and scenario are resolved, every number is in SI units.

    The tables of devices (`racks`, `supplies`, ...) are fields too, named as in the registry: see `case_model`.
    """

    later: ClassVar = dict.fromkeys(_LATER_TABLES, "")
    device_tables: ClassVar[tuple[str, ...]] = ()

    schema_version: Literal[1] = Field(alias="schema", description="version of the format: 1")
    id: str = Field(pattern=r"^[A-Za-z0-9_-]+$", description="short name: of the folder of the results too")
    title: str = Field("", description="for the report")
    client: str = Field("", description="for the report")
    question: str = Field("", description="what the run is to answer, for the report")
    site: Site = Field(default_factory=Site, description="where the building stands")
    weather: Named[Weather] = Field(default={}, description="states of the air outside")
    levels: dict[str, Length] = Field(default={}, description='named heights: a length, or another level + length')
    grid: GridTable | None = Field(None, description="raised-floor grid")
    building: Building = Field(description="the domain")
    spaces: Named[Point] = Field(default={}, description="one point inside each room or plenum")
    walls: Walls = Field(default_factory=Walls, description="sides of the building")
    materials: Named[SolidMaterial] = Field(default={}, description="of constructions")
    constructions: Named[Construction] = Field(default={}, description="layered walls and panels")
    radiation: Radiation | None = Field(None, description="between surfaces")
    panels: Named[Panel] = Field(default={}, description="thin sheets")
    blocks: Named[Block] = Field(default={}, description="solid boxes")
    liquids: Named[Liquid] = Field(default={}, description="liquids in tanks")
    sources: Named[Source] = Field(default={}, description="heat and forces in the air")
    tracers: Named[Tracer] = Field(default={}, description="substances in the air")
    parts: dict[str, Any] = Field(default={}, description="sets of keys that racks inherit")
    probes: Named[Probe] = Field(default={}, description="points in the history")
    planes: Named[Plane] = Field(default={}, description="planes for pictures")
    monitors: Named[Monitor] = Field(default={}, description="numbers that are followed")
    limits: Named[Limit] = Field(default={}, description="what must hold")
    mesh: Mesh = Field(default_factory=Mesh, description="how fine the cells are")
    fluid: Fluid = Field(default_factory=Fluid, description="the fluid")
    body_force: BodyForce | None = Field(None, description="a force on all air")
    initial: Initial = Field(default_factory=Initial, description="the state at time 0")
    run: Run = Field(description="the march in time")
    scenarios: Named[Scenario] = Field(default={}, description="differences from the case")
    assumed: dict[str, Assumption] = Field(default={}, description="address, with * and ? -> why and range")

    _document: Document = PrivateAttr()
    _scenario: str | None = PrivateAttr(None)

    @property
    def file(self) -> str:
        """The file the case was read from."""
        return str(self._document.path)

    @property
    def scenario(self) -> str | None:
        """Name of the scenario that was applied."""
        return self._scenario

    def devices(self, table: str) -> dict[str, Any]:
        """The devices of one kind by name: `devices("racks")`."""
        return getattr(self, table)

    def names(self, selector: str, *tables: str) -> list[tuple[str, str]]:
        """(table, name) of the objects a selector stands for.

        "racks.A*", "part:gpu40h" (racks of that part), or, where `tables` are given, a bare name with * and ? in any of
        them. Empty when there is none.
        """
        if selector.startswith("part:"):
            return [("racks", name) for name, rack in self.devices("racks").items()
                    if rack.part and matching(selector.removeprefix("part:"), [rack.part])]
        table, _, pattern = selector.rpartition(".")
        found = []
        for searched in [table] if table else tables:
            objects = getattr(self, searched, None)
            if isinstance(objects, dict):
                found += [(searched, name) for name in matching(pattern, objects)]
        return found

    def error(self, key: str | Address, message: str, allowed: str | None = None) -> CaseError:
        """The error about the value at `key`, with the file and the line where it is written.

        `key` is "racks.A03.position", or a tuple where a name has dots or an entry of an array is meant.
        """
        return self._document.error(message, tuple(key.split(".")) if isinstance(key, str) else key, allowed)

    def resolved(self) -> dict[str, Any]:
        """The case as TOML and JSON can hold it: SI numbers, units written where a bare number would mean another.

        Scenarios are left out: this is the one run that is made of them.
        """
        return self.model_dump(mode="json", by_alias=True, exclude_none=True,
                               exclude={"scenarios": True, "run": {"without_compiler"}})

    def resolved_toml(self) -> str:
        """The resolved case as a TOML file that loads to the same case."""
        document = tomlkit.document()
        origin = f"resolved from {self._document.path.name}"
        document.add(tomlkit.comment(f"{origin}, scenario {self._scenario}" if self._scenario else origin))
        document.update(self.resolved())
        return tomlkit.dumps(document)


def case_model(registry: Mapping[str, Any]) -> type[Case]:
    """The model of a case with the tables of these devices; raises ValueError for a table name that is taken."""
    return _case_model(tuple((table, device.Model) for table, device in registry.items()))


@cache  # building a model takes longer than reading a case
def _case_model(devices: tuple[tuple[str, type[Table]], ...]) -> type[Case]:
    fields = {}
    for table, model in devices:
        if table in Case.model_fields:
            raise ValueError(f"a device cannot have the table [{table}]")
        description = (model.__doc__ or "").split("\n")[0]
        fields[table] = (Named[model], Field(default={}, description=description))
    case = create_model("Case", __base__=Case, __doc__=Case.__doc__, **fields)
    case.device_tables = tuple(fields)
    return case
