"""Tables of the place: site, weather, building, walls, panels and blocks."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, model_validator

from thermo.case.context import Grid, with_outside_temperature
from thermo.case.envelope import SolidMaterial
from thermo.case.fluids import LIQUIDS
from thermo.case.geometry import Box, Height, Rectangle
from thermo.case.loss import panel_loss
from thermo.case.table import Table, key_error
from thermo.case.units import (
    Conductivity,
    Density,
    Emissivity,
    Expansion,
    Force,
    Fraction,
    HeatCapacity,
    HeatFlux,
    HeatFluxInTime,
    HeatTransferCoefficient,
    InflowVelocity,
    Length,
    LinearLoss,
    LossCoefficient,
    MassFlow,
    OpenFraction,
    PositiveLength,
    PowerInTime,
    Temperature,
    TemperatureInTime,
    ThermalResistance,
    Velocity,
    Viscosity,
)


class Site(Table):
    """Where the building stands."""

    later: ClassVar = dict.fromkeys(("latitude", "longitude", "north", "terrain", "annual"), "")

    altitude: Length = Field(0.0, description="above the sea; sets the air pressure")

    @property
    def pressure(self) -> float:
        """Air pressure at the altitude, Pa: International Standard Atmosphere (ISO 2533), below 11 km."""
        return 101325.0 * (1.0 - 0.0065 * self.altitude / 288.15) ** 5.25588


class Wind(Table):
    """Of a state of the weather."""

    later: ClassVar = dict.fromkeys(("from", "height"), "")

    speed: InflowVelocity = Field(description="at the walls: their outer coefficient is 5.8 + 3.9 U W/(m2 K)")


class Weather(Table):
    """A named state of the air outside."""

    at_most_one: ClassVar = (("relative_humidity", "wet_bulb"),)
    later: ClassVar = {"solar": "write walls.SIDE.solar_irradiance"}

    dry_bulb: TemperatureInTime = Field(description="of the air outside")
    relative_humidity: Fraction | None = Field(None, description="of the air outside, at time 0")
    wet_bulb: Temperature | None = Field(None, description="of the air outside, at time 0")
    wind: Wind | None = Field(None, description="for layered walls")
    sky_temperature: TemperatureInTime | None = Field(
        None, description="for layered walls; default that of a clear sky, 0.0552 T^1.5 (Swinbank 1963)")
    ground_temperature: Temperature | None = Field(None, description="for layered walls below ground")


class GridTable(Table):
    """The raised-floor grid: columns A, B, ... along x and rows 01, 02, ... along y."""

    origin: tuple[Length, Length] = Field(description="[x, y] of the low corner of tile A01")
    pitch: PositiveLength = Field(description="width of a tile")

    def grid(self) -> Grid:
        """The grid that turns references into positions."""
        return Grid(self.origin, self.pitch)


class Building(Table):
    """The domain of the simulation."""

    later: ClassVar = {"import": "", "walls": "write [walls.west] ...", "roof": "write [walls.ceiling]",
                       "slab": "write [walls.floor]"}

    box: Box = Field(description="[[x0, y0, z0], [x1, y1, z1]]")


class Wall(Table):
    """One side of the building."""

    at_most_one: ClassVar = (("temperature", "heat_flux", "u_value", "construction"),)

    kind: Literal["no_slip", "free_slip", "moving", "symmetry", "periodic"] = Field(
        "no_slip", description="what the air feels at this side")
    velocity: tuple[Velocity, Velocity, Velocity] | None = Field(
        None, description="[u, v, w] of a moving wall, in its own plane")
    temperature: Temperature | None = Field(None, description="of the surface")
    heat_flux: HeatFlux | None = Field(None, description="into the room")
    u_value: HeatTransferCoefficient | None = Field(
        None, description="from the surface to outside, without the inner surface resistance")
    construction: str | None = Field(None, description="a name in [constructions]: layers with heat capacity")
    emissivity: Emissivity | None = Field(None, description="of the inner surface; default that of [radiation]")
    outside_temperature: TemperatureInTime | None = Field(
        None, description="behind a u_value or a construction; default the dry bulb of run.weather")
    below: Literal["ground"] | None = Field(
        None, description="a construction that touches the ground, at ground_temperature of the weather")
    outside_coefficient: HeatTransferCoefficient | None = Field(
        None, description="convective, outside of a construction; default by the wind of run.weather")
    outside_emissivity: Fraction = Field(0.9, description="of a construction, for the exchange with the sky")
    solar_absorptance: Fraction = Field(0.6, description="of the outside of a construction")
    solar_irradiance: HeatFluxInTime = Field(0.0, description="on the outside of a construction")

    @property
    def thermal(self) -> str | None:
        """Which of temperature, heat_flux, u_value and construction is given; None: adiabatic."""
        return next((key for key in self.at_most_one[0] if getattr(self, key) is not None), None)

    @model_validator(mode="before")
    @classmethod
    def _default_outside(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and ("u_value" in data or "construction" in data):
            return with_outside_temperature(data, "outside_temperature", info)
        return data

    @model_validator(mode="after")
    def _fits_kind(self) -> Wall:
        if (self.kind == "moving") != (self.velocity is not None):
            raise key_error("a moving wall, and only a moving wall, has a velocity", "velocity")
        if self.kind in ("symmetry", "periodic") and self.thermal:
            raise key_error(f"does not fit kind {self.kind!r}", self.thermal)
        to_outside = self.u_value is not None or self.construction is not None
        if to_outside and self.outside_temperature is None:
            raise key_error("missing, and run.weather names no weather", "outside_temperature")
        if not to_outside and self.outside_temperature is not None:
            raise key_error("needs u_value or construction", "outside_temperature")
        if self.construction is None:
            for key in ("below", "outside_coefficient", "outside_emissivity", "solar_absorptance", "solar_irradiance"):
                if key in self.model_fields_set and getattr(self, key) != type(self).model_fields[key].default:
                    raise key_error("needs construction", key)
        elif self.outside_coefficient == 0.0 and self.outside_emissivity == 0.0:
            message = "must be above 0 where outside_emissivity is 0; a layer of large resistance shuts the heat in"
            raise key_error(message, "outside_coefficient")
        return self


class Walls(Table):
    """The sides of the building; adiabatic and no-slip where nothing is written."""

    west: Wall = Field(default_factory=Wall, description="low x")
    east: Wall = Field(default_factory=Wall, description="high x")
    south: Wall = Field(default_factory=Wall, description="low y")
    north: Wall = Field(default_factory=Wall, description="high y")
    floor: Wall = Field(default_factory=Wall, description="low z")
    ceiling: Wall = Field(default_factory=Wall, description="high z")

    @model_validator(mode="after")
    def _moves_in_its_plane(self) -> Walls:
        for number, side in enumerate(type(self).model_fields):
            velocity = getattr(self, side).velocity
            if velocity is not None and velocity[number // 2] != 0.0:
                raise key_error("leaves the plane of the wall", (side, "velocity"),
                                f"{'xyz'[number // 2]} component 0")
        return self

    @model_validator(mode="after")
    def _periodic_in_pairs(self) -> Walls:
        for pair in (("west", "east"), ("south", "north"), ("floor", "ceiling")):
            kinds = [getattr(self, side).kind for side in pair]
            if kinds.count("periodic") == 1:
                side, other = pair if kinds[0] == "periodic" else pair[::-1]
                raise key_error(f"is periodic, so {other} must be periodic too", side)
        return self


class Panel(Table):
    """A thin sheet in a plane: closed, or crossed by air against a resistance."""

    exactly_one: ClassVar = (("x", "y", "z"),)
    at_most_one: ClassVar = (("loss_coefficient", "open_fraction"), ("thermal_resistance", "construction"))
    later: ClassVar = {"leakage": 'write an opening in the panel or kind = "resisting"', "doors": "", "part": ""}

    x: Length | None = Field(None, description="the plane")
    y: Length | None = Field(None, description="the plane")
    z: Height | None = Field(None, description="the plane")
    rect: Rectangle = Field(description="[[a0, b0], [a1, b1]] in the remaining axes, in order")
    kind: Literal["closed", "resisting"] = Field("closed", description="whether air passes")
    loss_coefficient: LossCoefficient | None = Field(None, description="K on gross area along the positive axis")
    loss_coefficient_reverse: LossCoefficient | None = Field(None, description="K the other way; default the same")
    open_fraction: OpenFraction | None = Field(None, description="of a perforated plate: gives K")
    linear: LinearLoss = Field(0.0, description="pressure loss per velocity, in addition")
    thermal_resistance: ThermalResistance | None = Field(
        None, description="between the two sides of a closed panel; default adiabatic")
    construction: str | None = Field(None, description="a name in [constructions]: a closed panel that stores heat")
    slip: bool = Field(False, strict=True, description="a closed panel without shear")

    @property
    def axis(self) -> int:
        """Direction of the normal: 0, 1 or 2."""
        return next(axis for axis, key in enumerate("xyz") if getattr(self, key) is not None)

    @property
    def position(self) -> float:
        """Of the plane on its axis, m."""
        return getattr(self, "xyz"[self.axis])

    @property
    def loss_forward(self) -> float:
        """K along the positive axis."""
        return panel_loss(self.loss_coefficient, self.open_fraction)

    @property
    def loss_backward(self) -> float:
        """K against the positive axis."""
        return self.loss_forward if self.loss_coefficient_reverse is None else self.loss_coefficient_reverse

    @model_validator(mode="after")
    def _fits_kind(self) -> Panel:
        resisting = ("loss_coefficient", "loss_coefficient_reverse", "open_fraction", "linear")
        closed = ("thermal_resistance", "construction", "slip")
        for key in closed if self.kind == "resisting" else resisting:
            if key in self.model_fields_set and getattr(self, key):
                raise key_error(f"does not fit kind {self.kind!r}", key)
        if self.kind == "resisting" and not self.model_fields_set & {"loss_coefficient", "open_fraction", "linear"}:
            raise key_error("a resisting panel needs one of loss_coefficient, open_fraction, linear")
        return self


class Block(Table):
    """A solid box: adiabatic, conducting, heated or held at a temperature."""

    at_most_one: ClassVar = (("temperature", "heat"), ("temperature", "material"))
    later: ClassVar = {"blockage": ""}

    box: Box = Field(description="[[x0, y0, z0], [x1, y1, z1]]")
    material: SolidMaterial | None = Field(None, description="conducts heat; without it the block is adiabatic")
    heat: PowerInTime | None = Field(
        None, description="released in the volume of a conducting block, else evenly through the surface")
    temperature: Temperature | None = Field(None, description="of the surface")


class Liquid(Table):
    """A liquid that fills a tank: all of a box that is not solid. Blocks and panels close it off from the air, but its
    top, where it lies open, ends by itself."""

    box: Box = Field(description="[[x0, y0, z0], [x1, y1, z1]]; its top is the level of the liquid")
    fluid: LIQUIDS = Field(description="gives what is not written below; see fluids.toml")
    temperature: Temperature | None = Field(
        None, description="of the box at time 0; default initial.temperature; buoyancy is against this one")
    density: Density | None = Field(None, description="at 40 degC")
    viscosity: Viscosity | None = Field(None, description="constant; default follows the temperature")
    conductivity: Conductivity | None = Field(None, description="thermal")
    heat_capacity: HeatCapacity | None = Field(None, description="at constant pressure")
    expansion: Expansion | None = Field(None, description="thermal expansion coefficient")


class Source(Table):
    """Heat that is released in the air of a box, or a force on that air, as of a fan without a casing."""

    box: Box = Field(description="[[x0, y0, z0], [x1, y1, z1]]; may lie anywhere between the cells")
    heat: PowerInTime | None = Field(None, description="in all, shared out evenly over the box")
    radiant_fraction: Fraction = Field(
        0.0, description="of the heat, that radiates to the surfaces around instead of warming the air; [radiation]")
    force: tuple[Force, Force, Force] | None = Field(
        None, description="[Fx, Fy, Fz] in all, shared out evenly over the box")
    moisture: MassFlow = Field(0.0, description="water vapour at the temperature of the air, in all; fluid.humidity")

    @model_validator(mode="after")
    def _gives_something(self) -> Source:
        if self.heat is None and not any(self.force or ()) and not self.moisture:
            raise key_error("needs heat, force or moisture")
        if self.radiant_fraction and self.heat is None:
            raise key_error("needs heat, of which this is the part that radiates", "radiant_fraction")
        return self
