"""``report.json``: its schema, and how it is put together from the solver's own sums."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from thermo.results.atomic import write_text

SCHEMA = "thermo report 1"


class Part(BaseModel):
    """Parts may carry more than the fixed keys; a number that is not finite becomes null."""

    model_config = ConfigDict(extra="allow")


class Balance(Part):
    """Sums over the whole domain at the end of the run (heat: averages where averaging was on)."""

    mass_imbalance_kg_s: float | None
    heat_in_w: float | None
    heat_out_w: float | None
    heat_storage_w: float | None
    heat_imbalance_w: float | None
    projection_defect_w: float | None


class Device(Part):
    name: str
    kind: str
    flow_m3_s: float | None
    inlet_mean_c: float | None = None
    inlet_max_c: float | None = None
    outlet_mean_c: float | None = None
    heat_w: float | None = None
    power_w: float | None = None


class Opening(Part):
    name: str
    flow_in_kg_s: float | None
    flow_out_kg_s: float | None
    temperature_c: float | None
    pressure_pa: float | None


class Region(Part):
    """Fluid that is closed off from the rest. ``name``: of its spaces. ``liquid``: what fills it in place of air."""

    name: str
    liquid: str | None
    volume_m3: float
    mass_kg: float
    temperature_mean_c: float | None
    temperature_min_c: float | None
    temperature_max_c: float | None
    pressure_pa: float | None


class Wall(Part):
    """Distance of the first cells from a wall in wall units, at the end of the run: by area."""

    name: str
    y_plus_min: float
    y_plus_q1: float
    y_plus_median: float
    y_plus_q3: float
    y_plus_max: float


class Surface(Part):
    """Surfaces that exchange heat with the air, by object, at the end of the run."""

    name: str
    area_m2: float
    temperature_mean_c: float
    temperature_min_c: float
    temperature_max_c: float
    heat_to_air_w: float
    radiation_absorbed_w: float | None


class Limit(Part):
    name: str
    value: float | None
    limit: float
    margin: float | None
    passed: bool = Field(alias="pass")


class FollowedMonitor(Part):
    """A monitor of a run to the steady state: its mean ± half of the 95 % confidence interval, and how it got there."""

    name: str
    unit: str
    state: str
    mean: float | None
    interval: float | None
    tolerance: float
    change: float | None
    fluctuation: float | None
    integral_time_s: float | None
    needed_s: float | None


class CoarseGrid(Part):
    ratio: float
    cells: int
    windows: int
    simulated_s: float
    settled: bool


class SteadyState(Part):
    """``state``: "steady", "statistically steady" or "not enough samples"; ``averaged_s``: of which all means are."""

    state: str
    windows: int
    window_s: float
    averaged_from_s: float
    averaged_s: float
    needed_s: float | None
    unsettled: list[str]
    coarse_grids: list[CoarseGrid]
    monitors: list[FollowedMonitor]


class Report(Part):
    """The document. ``converged``: the run reached its end time (transient), or its steady state.

    ``turbulence``: the model and its constants. ``walls``: those of runs with a model.
    """

    schema_: str = Field(SCHEMA, alias="schema")
    case: str
    title: str
    version: str
    backend: str
    precision: str
    cells: int
    steps: int
    simulated_s: float
    wall_s: float
    mcell_steps_per_s: float | None
    converged: bool
    steady: SteadyState | None = None
    balance: Balance
    devices: list[Device]
    openings: list[Opening]
    regions: list[Region] = []
    turbulence: dict[str, float | str] | None = None
    walls: list[Wall] = []
    surfaces: list[Surface] = []
    metrics: dict[str, float | None]
    limits: list[Limit]
    monitors: dict[str, float | None]
    warnings: list[str]


def write_report(path: Path, content: Mapping) -> None:
    """Check the content against the schema and write it. Raises pydantic.ValidationError if a part is missing."""
    document = Report.model_validate(content)
    # NaN and infinity do not exist in JSON: the round trip through pydantic's JSON makes them null
    text = json.dumps(json.loads(document.model_dump_json(by_alias=True)), indent=2, ensure_ascii=False)
    write_text(path, text + "\n")
