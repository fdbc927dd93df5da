"""Tables of the calculation: mesh, fluid, initial state, run and scenarios."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, create_model, model_validator

from thermo.case.fluids import LIQUIDS, liquids
from thermo.case.geometry import Box
from thermo.case.table import Table, key_error, not_yet
from thermo.case.units import (
    POSITIVE_TIME,
    Acceleration,
    Conductivity,
    Density,
    Expansion,
    Fraction,
    FractionInTime,
    HeatCapacity,
    KinematicViscosity,
    Number,
    PositiveDifference,
    PositiveLength,
    PositiveNumber,
    PositiveTime,
    Quantity,
    Temperature,
    TemperatureGradient,
    Time,
    Velocity,
    Viscosity,
)

QUALITY_SIZES = {"draft": 0.150, "design": 0.075, "final": 0.050}  # m

CellCount = Annotated[int, Field(strict=True, ge=1)]
_GROWTH = Quantity("growth", "", "", at_least=1.0, at_most=1.3)
_COURANT = Quantity("Courant number", "", "", above=0.0, at_most=1.5)
_TOLERANCE = Quantity("tolerance", "", "", above=0.0, at_most=0.1)
_SHARE = Quantity("fraction", "", '"1 %"', above=0.0, at_most=1.0)
_COARSENING = Quantity("ratio of cell sizes", "", "", above=1.0, at_most=16.0)


def _table_or_word(value: Any) -> str:
    return "table" if isinstance(value, (dict, Table)) else "word"


def _box_or_name(value: Any) -> str:
    return "name" if isinstance(value, str) else "box"


class Refinement(Table):
    """A region with smaller cells."""

    at: Annotated[Annotated[str, Tag("name")] | Annotated[Box, Tag("box")], Discriminator(_box_or_name)] = Field(
        description='objects by name, "racks.A*", or a box')
    size: PositiveLength = Field(description="largest cell there")
    height: PositiveLength | None = Field(None, description="the region reaches this far above the object")
    axes: Literal["xyz", "xy", "xz", "yz", "x", "y", "z"] = Field(
        "xyz", description="along which the cells are made smaller")


class Stretching(Table):
    """Cells that grow from the walls to the middle, for validation."""

    kind: Literal["tanh"] = Field("tanh", description="x = (1 + tanh(f (2 i/n - 1)) / tanh(f)) / 2")
    factor: tuple[Number, Number, Number] = Field(description="f by axis; 0 is uniform")


class Mesh(Table):
    """How fine the cells are."""

    at_most_one: ClassVar = (("size", "quality", "cells"),)

    size: PositiveLength | None = Field(None, description="target cell")
    quality: Literal["draft", "design", "final"] | None = Field(
        None, description="target cell of 150, 75 or 50 mm; design when neither size nor cells is given")
    cells: tuple[CellCount, CellCount, CellCount] | None = Field(
        None, description="[nx, ny, nz]: exactly these cells, for validation")
    stretching: Stretching | None = Field(None, description="of exactly given cells; default uniform")
    snap_tolerance: PositiveLength = Field(0.025, description="edges nearer than this merge")
    min_cell: PositiveLength | None = Field(None, description="smallest cell; default an eighth of the target")
    growth: Annotated[float, _GROWTH] = Field(1.2, description="largest ratio of neighbouring cells")
    refine: list[Refinement] = Field(default=[], description="regions with smaller cells")

    @property
    def target(self) -> float | None:
        """Target cell, m; None when the cells are given exactly."""
        if self.cells is not None:
            return None
        return self.size if self.size is not None else QUALITY_SIZES[self.quality or "design"]

    @model_validator(mode="after")
    def _stretches_cells(self) -> Mesh:
        if self.cells is None and self.stretching is not None:
            raise key_error("needs cells", "stretching")
        return self


class Fluid(Table):
    """The fluid; what is not written is that of air, or of the liquid of `name`."""

    name: Literal["air"] | LIQUIDS = Field(
        "air", description="a liquid gives model, density, viscosity, conductivity, heat_capacity and expansion; see "
                           "fluids.toml")
    model: Literal["low_mach", "boussinesq"] = Field("low_mach", description="ideal gas, or density constant but for "
                                                                             "buoyancy")
    density: Density | None = Field(None, description="boussinesq: at the reference temperature")
    viscosity: Viscosity | None = Field(None, description="constant, or at the reference temperature")
    conductivity: Conductivity | None = Field(None, description="thermal")
    heat_capacity: HeatCapacity | None = Field(None, description="at constant pressure")
    expansion: Expansion | None = Field(None, description="boussinesq: thermal expansion coefficient")
    gas_constant: HeatCapacity | None = Field(None, description="low_mach: specific gas constant")
    prandtl: PositiveNumber | None = Field(None, description="gives the conductivity")
    reference_temperature: Temperature | None = Field(None, description="of the constants")
    viscosity_model: Literal["constant", "sutherland", "fitted"] | None = Field(
        None, description="how viscosity depends on T; fitted: by the data of the liquid")
    sutherland_temperature: PositiveDifference | None = Field(
        None, description="constant S of Sutherland's law; default that of air, 110.4 K")
    humidity: bool = Field(False, strict=True, description="the air carries water vapour, which makes it lighter")
    gravity: tuple[Acceleration, Acceleration, Acceleration] = Field((0.0, 0.0, -9.81), description="[gx, gy, gz]")

    at_most_one: ClassVar = (("conductivity", "prandtl"),)

    @model_validator(mode="before")
    @classmethod
    def _properties_of_name(cls, data: Any) -> Any:
        liquid = liquids().get(str(data.get("name"))) if isinstance(data, dict) else None
        if liquid is None:
            return data
        known = {"model": "boussinesq", "density": liquid.density, "heat_capacity": liquid.heat_capacity,
                 "expansion": liquid.expansion}
        if "prandtl" not in data:
            known["conductivity"] = liquid.conductivity
        if "viscosity" not in data:
            known |= {"viscosity": liquid.viscosity, "viscosity_model": "fitted"}
        return known | data

    @model_validator(mode="after")
    def _is_liquid(self) -> Fluid:
        if self.name == "air":
            if self.viscosity_model == "fitted":
                raise key_error("belongs to a liquid of `name`", "viscosity_model", "constant, sutherland")
            return self
        if self.model != "boussinesq":
            raise key_error("a liquid is no ideal gas", "model", "boussinesq")
        for key, wrong in (("humidity", self.humidity), ("viscosity_model", self.viscosity_model == "sutherland")):
            if wrong:
                raise key_error("belongs to air", key)
        return self

    @model_validator(mode="after")
    def _fits_model(self) -> Fluid:
        foreign = ("gas_constant",) if self.model == "boussinesq" else ("density", "expansion")
        for key in foreign:
            if getattr(self, key) is not None:
                raise key_error(f"does not belong to model {self.model!r}", key)
        if self.sutherland_temperature is not None and self.viscosity_model != "sutherland":
            raise key_error("belongs to viscosity_model 'sutherland'", "sutherland_temperature")
        return self


class BodyForce(Table):
    """Drives a flow that nothing else drives, as between periodic sides."""

    exactly_one: ClassVar = (("acceleration", "bulk_velocity"),)

    acceleration: tuple[Acceleration, Acceleration, Acceleration] | None = Field(None, description="[ax, ay, az]")
    bulk_velocity: tuple[Velocity, Velocity, Velocity] | None = Field(
        None, description="mean over the fluid, held; along periodic sides")


class Initial(Table):
    """The state at time 0."""

    temperature: Temperature = Field(293.15, description="of the air and the solids, at z = 0; default 20 degC")
    temperature_gradient: TemperatureGradient = Field(0.0, description="upwards")
    relative_humidity: Fraction | None = Field(
        None, description="of the air, at the temperature at z = 0; needed with fluid.humidity")
    velocity: tuple[Velocity, Velocity, Velocity] = Field((0.0, 0.0, 0.0), description="[u, v, w]")


class ConstantEddyViscosity(Table):
    """The simplest turbulence model: one eddy viscosity everywhere."""

    eddy_viscosity: KinematicViscosity = Field(description="kinematic")
    prandtl_turbulent: PositiveNumber = Field(0.9, description="turbulent Prandtl number")


class Outputs(Table):
    """What is written, and how often."""

    later: ClassVar = {"slices": "write [planes] and planes = [names]"}

    fields_every: PositiveTime | None = Field(None, description="simulated time between fields; default only the end")
    history_every: PositiveTime | None = Field(None, description="simulated time between lines; default every step")
    planes: list[str] = Field(default=[], description="names in [planes]")


class Stop(Table):
    """When a run of mode "steady" has its answer."""

    inlets: PositiveDifference = Field(
        0.1, description="by how much no mean inlet, outlet or probe may still change, or how narrow the 95 % interval "
                         "of its mean must be")
    mean: PositiveDifference = Field(0.02, description="the same for the mean of all inlets")
    flows: Annotated[float, _SHARE] = Field(
        0.01, description="the same for the flow through every opening, as a share of what flows through the room")
    heat: Annotated[float, _SHARE] = Field(
        0.005, description="largest share of the heat, of a tracer or of the age of the air that may still gather in "
                           "the room")


class Steady(Table):
    """The way to the steady state."""

    coarse: list[Annotated[float, _COARSENING]] = Field(
        default=[4.0, 2.0], description="the run starts on cells so many times larger, in this order; [] for none")
    window: PositiveTime | None = Field(
        None, description="time over which means are compared; default twice the time in which the devices move the "
                          "air of the room once")

    @model_validator(mode="after")
    def _from_coarse_to_fine(self) -> Steady:
        if any(fine >= coarse for coarse, fine in zip(self.coarse, self.coarse[1:], strict=False)):
            raise key_error("does not fall", "coarse", "ratios that become smaller, such as [4, 2]")
        return self


Turbulence = Annotated[
    Annotated[Literal["laminar", "les", "k-epsilon", "rng", "sst"], not_yet("k-omega"), Tag("word")]
    | Annotated[ConstantEddyViscosity, Tag("table")],
    Discriminator(_table_or_word)]


class Run(Table):
    """The march in time."""

    at_most_one: ClassVar = (("dt", "courant"), ("dt", "dt_max"))

    mode: Literal["transient", "steady"] = Field(
        "transient", description="what happens in time, or the state that the room settles in: see steady.md")
    until: PositiveTime | None = Field(
        None, description="simulated time at the end, required; steady: at which to give up on the case's own grid, "
                          "default a hundred windows")
    courant: Annotated[float, _COURANT] | None = Field(
        None, description="largest sum of the Courant numbers in three directions; default 1.2")
    dt: PositiveTime | None = Field(None, description="fixed time step")
    dt_max: PositiveTime | None = Field(None, description="largest time step")
    stop: Stop | None = Field(None, description="steady: when the answer is there")
    steady: Steady | None = Field(None, description="steady: how to get there")
    turbulence: Turbulence = Field("laminar", description='a model, or { eddy_viscosity, prandtl_turbulent }')
    limiter: Literal["koren", "off"] = Field("koren", description="of the advection of temperature")
    age_of_air: bool = Field(
        False, strict=True, description="carry the mean age of the air since it came in by supplies and openings")
    capture_index: Literal["mean_flow", "transient"] | None = Field(
        None, description="where the air of every rack comes from and goes: tracers solved on the mean flow at the end "
                          "(that of the end without average_from), or carried along, which costs two fields per rack")
    tolerance: Annotated[float, _TOLERANCE] = Field(1e-3, description="of the pressure solve, relative L2")
    weather: str | None = Field(None, description="name in [weather]: the air outside")
    load: FractionInTime = Field(1.0, description="share of the load of every rack")
    average_from: Time | None = Field(
        None, description="transient: averages begin here; default none are made")
    outputs: Outputs = Field(default_factory=Outputs, description="what is written")
    checkpoint_every: PositiveTime | None = Field(None, description="simulated time between checkpoints")
    without_compiler: str | None = Field(None, description="scenario to run where no compiled backend is found")

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        courant = {} if {"courant", "dt"} & set(data) else {"courant": 1.2}
        steady = {"stop": {}, "steady": {}} if data.get("mode") == "steady" else {}
        return steady | data | courant

    @model_validator(mode="after")
    def _in_time(self) -> Run:
        if self.mode == "transient":
            if self.until is None:
                raise key_error("missing", "until", POSITIVE_TIME.allowed)
            if self.average_from is not None and self.average_from >= self.until:
                raise key_error("is not before until", "average_from")
        return self


Scenario = create_model(
    "Scenario", __base__=Table, __doc__="Differences from the case: keys of [run], and `set` for all others.",
    set=(dict[str, Any], Field(default={}, description='{ "racks.A03.power" = "30 kW", ... }, names with * and ?')),
    **{key: (Any, Field(None, description=f"run.{key}")) for key in Run.model_fields if key != "without_compiler"})
Scenario.later = {"sweep": "", "start_from": "", "events": "", "report": "", "from_case": ""}
