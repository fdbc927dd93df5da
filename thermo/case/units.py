"""Physical quantities as the engineer writes them, and as the program holds them (SI, temperatures in K).

A quantity is a bare number in SI units or a string with a unit. Temperatures are the exception: a bare number is in
degC. A temperature difference is in K and never in degC, because 11 degC means two things.
The `...InTime` types accept a table in time as well: [["0 h", "10 kW"], ["8 h", "20 kW"]].
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

import pint
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from thermo.case.schedule import Schedule

CELSIUS_ZERO = 273.15  # K
STANDARD_DENSITY = 1.204  # kg/m3, dry air at 20 degC and 101325 Pa: what "standard m^3/h" refers to

_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")
_LENGTH_WITH_EXPONENT = re.compile(r"\b(m|cm|mm|ft)([23])\b")  # m3 and m^3 are the same
_SCALE_WITH_ZERO_POINT = re.compile(r"(?<!delta_)degree_(?:Celsius|Fahrenheit|Reaumur)")


def refuse(message: str, allowed: str | None = None) -> PydanticCustomError:
    """The error (a ValueError) that a validator raises; `allowed` says what may stand there."""
    return PydanticCustomError("case", "{message}", {"message": message, "allowed": allowed})


@cache
def _registry() -> pint.UnitRegistry:
    # Redefinition is meant: pint's own U is the enzyme unit and its cfm a centifermi.
    registry = pint.UnitRegistry(on_redefinition="ignore")
    registry.define("rack_unit = 44.45 * millimeter = U")
    registry.define("cubic_foot_per_minute = foot ** 3 / minute = CFM = cfm")
    return registry


@dataclass(frozen=True)
class Quantity:
    """One kind of quantity and its range: the annotation that makes a pydantic field read and write it.

    `unit` is the SI unit inside the program (empty for plain numbers), `example` a string that is accepted.
    """

    name: str
    unit: str
    example: str
    at_least: float = -math.inf
    at_most: float = math.inf
    above: float = -math.inf

    @property
    def allowed(self) -> str:
        """What may be written, in words."""
        bare = f"a number in {self.bare_unit}" if self.bare_unit else "a number"
        text = f"{bare} or a string such as {self.example}" if self.example else bare
        return f"{text}, {self.range}" if self.range else text

    @property
    def bare_unit(self) -> str:
        """The unit of a number without one."""
        return self.unit

    @property
    def range(self) -> str:
        """The range in words, empty when there is none."""
        unit = f" {self.unit}" if self.unit else ""
        words = []
        if math.isfinite(self.at_least):
            words.append(f"at least {self.at_least:g}{unit}")
        if math.isfinite(self.above):
            words.append(f"above {self.above:g}{unit}")
        if math.isfinite(self.at_most):
            words.append(f"at most {self.at_most:g}{unit}")
        return ", ".join(words)

    def parse(self, value: Any) -> float:
        """The value in SI units; raises `refuse(...)`, a ValueError, saying what is wrong and what is allowed."""
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise refuse(f"{describe(value)} where a {self.name} belongs", self.allowed)
        try:
            number = _from_text(self, value) if isinstance(value, str) else self._from_number(float(value))
        except OverflowError:  # TOML whole numbers have any length
            number = math.inf
        if not math.isfinite(number):
            raise refuse(f"{value!r} is not a finite number", self.allowed)
        if not self._admits(number, value):
            raise refuse(f"{value!r} is out of range for a {self.name}", self.allowed)
        return number

    def write(self, value: float) -> float | str:
        """The value as a case file holds it; reading it back gives the same float."""
        return value

    def fits(self, unit: str) -> bool:
        """Whether a number with this unit is such a quantity."""
        try:
            return self._parse_unit(unit, unit).is_compatible_with(self.unit)
        except PydanticCustomError:
            return False

    def _admits(self, number: float, value: Any) -> bool:
        """Whether a number, in SI units and written as `value`, is in the range."""
        return self.at_least <= number <= self.at_most and number > self.above

    def _from_number(self, number: float) -> float:
        return number

    def _convert(self, number: float, unit: str, text: str) -> float:
        found = self._parse_unit(unit, text)
        try:
            return float(_registry().Quantity(number, found).to(self.unit or "dimensionless").magnitude)
        except pint.DimensionalityError:
            other = dimension_name(found)
            is_a = f"is a {other}" if other else f"is in {unit}"
            raise refuse(f"{text!r} {is_a}, a {self.name} belongs here", self.allowed) from None
        except pint.OffsetUnitCalculusError:
            raise refuse(f"{text!r}: a unit built with a temperature uses K", self.allowed) from None

    def _parse_unit(self, unit: str, text: str) -> pint.Unit:
        try:
            return _registry().parse_units(_LENGTH_WITH_EXPONENT.sub(r"\1^\2", unit))
        except Exception:  # pint lets several kinds of parser errors through for text that is not a unit
            raise refuse(f"{text!r}: {unit!r} is not a known unit", self.allowed) from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain_schema(self.parse, self.write)


@lru_cache(maxsize=10_000)  # hundreds of racks have the same few strings, and pint is slow
def _from_text(quantity: Quantity, text: str) -> float:
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if not match:
        raise refuse(f"{text!r} where a {quantity.name} belongs", quantity.allowed)
    number, unit = float(match[1]), match[2]
    return quantity._convert(number, unit, text) if unit else quantity._from_number(number)


@dataclass(frozen=True)
class TemperatureQuantity(Quantity):
    """A temperature: bare numbers are in degC, inside the program it is in K.

    The range catches what is written in the wrong unit (a bare 300, an 86 degF meant as degC); written in K a
    temperature cannot be mistaken, and `kelvins` holds instead.
    """

    kelvins: tuple[float, float] = (100.0, 1500.0)

    @property
    def bare_unit(self) -> str:
        return "degC"

    @property
    def range(self) -> str:
        celsius = f"{self.at_least - CELSIUS_ZERO:.0f} to {self.at_most - CELSIUS_ZERO:.0f} degC"
        return f"{celsius} (written in K: {self.kelvins[0]:.0f} to {self.kelvins[1]:.0f} K)"

    def write(self, value: float) -> str:
        return f"{value!r} K"  # in K and not degC, so that no digit is lost

    def _admits(self, number: float, value: Any) -> bool:
        text = _NUMBER_AND_UNIT.fullmatch(value) if isinstance(value, str) else None
        if text and text[2] == "K":
            return self.kelvins[0] <= number <= self.kelvins[1]
        return super()._admits(number, value)

    def _from_number(self, number: float) -> float:
        return number + CELSIUS_ZERO


@dataclass(frozen=True)
class DifferenceQuantity(Quantity):
    """A temperature difference, in K."""

    def _parse_unit(self, unit: str, text: str) -> pint.Unit:
        found = super()._parse_unit(unit, text)
        if _SCALE_WITH_ZERO_POINT.fullmatch(str(found)):
            number = _NUMBER_AND_UNIT.fullmatch(text)[1]
            raise refuse(f'{text!r} is a temperature, a difference belongs here: write "{number} K"', self.allowed)
        return found


def plain_schema(parse: Callable[[Any], Any], write: Callable[[Any], Any]) -> CoreSchema:
    """A pydantic schema from a function that reads and one that writes."""
    return core_schema.no_info_plain_validator_function(
        parse, serialization=core_schema.plain_serializer_function_ser_schema(write))


def describe(value: Any) -> str:
    """A value of the wrong type, named in the words of TOML."""
    kinds: list[tuple[type, str]] = [(bool, "true/false"), (dict, "a table"), (list, "an array"), (str, "a string"),
                                     (int, "a number"), (float, "a number")]
    return next((name for kind, name in kinds if isinstance(value, kind)), "a date or time")


def dimension_name(unit: pint.Unit) -> str | None:
    """What a quantity of this unit is called here: "power" for kW; None when no field holds such a quantity."""
    for quantity in _BY_DIMENSION:
        if quantity.unit and _registry().parse_units(quantity.unit).dimensionality == unit.dimensionality:
            return quantity.name
    return None


LENGTH = Quantity("length", "m", '"600 mm"')
AREA = Quantity("area", "m^2", '"0.36 m^2"', at_least=0)
TIME = Quantity("time", "s", '"15 min"', at_least=0)
VELOCITY = Quantity("velocity", "m/s", '"2.5 m/s"')
ACCELERATION = Quantity("acceleration", "m/s^2", '"9.81 m/s^2"')
TEMPERATURE = TemperatureQuantity("temperature", "K", '"24 degC"',
                                  at_least=-90 + CELSIUS_ZERO, at_most=400 + CELSIUS_ZERO)
DIFFERENCE = DifferenceQuantity("temperature difference", "K", '"11 K"')
GRADIENT = Quantity("temperature gradient", "K/m", '"0.5 K/m"')
FORCE = Quantity("force", "N", '"2 N"')
POWER = Quantity("power", "W", '"10 kW"')
HEAT_FLUX = Quantity("heat flux", "W/m^2", '"50 W/m^2"')
HEAT_TRANSFER = Quantity("heat transfer coefficient", "W/(m^2*K)", '"0.35 W/(m^2 K)"', at_least=0)
RESISTANCE = Quantity("thermal resistance", "m^2*K/W", '"0.5 m^2*K/W"', at_least=0)
CONDUCTIVITY = Quantity("thermal conductivity", "W/(m*K)", '"0.026 W/(m K)"', above=0)
HEAT_CAPACITY = Quantity("specific heat capacity", "J/(kg*K)", '"1006 J/(kg K)"', above=0)
DENSITY = Quantity("density", "kg/m^3", '"1.2 kg/m^3"', above=0)
VISCOSITY = Quantity("dynamic viscosity", "Pa*s", '"1.8e-5 Pa s"', at_least=0)
KINEMATIC = Quantity("kinematic viscosity", "m^2/s", '"1e-3 m^2/s"', at_least=0)
EXPANSION = Quantity("expansion coefficient", "1/K", '"3.4e-3 1/K"')
PRESSURE = Quantity("pressure", "Pa", '"2 Pa"')
LINEAR_LOSS = Quantity("linear loss", "Pa*s/m", '"5 Pa s/m"', at_least=0)
VOLUME_FLOW = Quantity("volume flow", "m^3/s", '"1500 m^3/h"', at_least=0)
MASS_FLOW = Quantity("mass flow", "kg/s", '"0.5 kg/s"', at_least=0)
FRACTION = Quantity("fraction", "", '"50 %"', at_least=0, at_most=1)
NUMBER = Quantity("number", "", "")

_BY_DIMENSION = (LENGTH, AREA, TIME, VELOCITY, ACCELERATION, TEMPERATURE, GRADIENT, POWER, HEAT_FLUX, HEAT_TRANSFER,
                 RESISTANCE, CONDUCTIVITY, HEAT_CAPACITY, DENSITY, VISCOSITY, KINEMATIC, EXPANSION, PRESSURE,
                 LINEAR_LOSS, VOLUME_FLOW, MASS_FLOW)

POSITIVE_LENGTH = Quantity("length", "m", '"600 mm"', above=0)
INFLOW_VELOCITY = Quantity("velocity", "m/s", '"2.5 m/s"', at_least=0)
POSITIVE_TIME = Quantity("time", "s", '"15 min"', above=0)
POSITIVE_DIFFERENCE = DifferenceQuantity("temperature difference", "K", '"11 K"', above=0)
POSITIVE_POWER = Quantity("power", "W", '"10 kW"', at_least=0)
POSITIVE_NUMBER = Quantity("number", "", "", above=0)
COEFFICIENT = Quantity("loss coefficient", "", "", at_least=0)
DISCHARGE = Quantity("discharge coefficient", "", "", above=0, at_most=1)
EMISSIVITY = Quantity("emissivity", "", "0.9", above=0, at_most=1)
OPEN_FRACTION = Quantity("open fraction", "", '"50 %"', above=0, at_most=1)

Length = Annotated[float, LENGTH]
PositiveLength = Annotated[float, POSITIVE_LENGTH]
Time = Annotated[float, TIME]
PositiveTime = Annotated[float, POSITIVE_TIME]
Velocity = Annotated[float, VELOCITY]
InflowVelocity = Annotated[float, INFLOW_VELOCITY]
Acceleration = Annotated[float, ACCELERATION]
Force = Annotated[float, FORCE]
Temperature = Annotated[float, TEMPERATURE]
PositiveDifference = Annotated[float, POSITIVE_DIFFERENCE]
TemperatureGradient = Annotated[float, GRADIENT]
Power = Annotated[float, POWER]
HeatFlux = Annotated[float, HEAT_FLUX]
HeatTransferCoefficient = Annotated[float, HEAT_TRANSFER]
ThermalResistance = Annotated[float, RESISTANCE]
Conductivity = Annotated[float, CONDUCTIVITY]
HeatCapacity = Annotated[float, HEAT_CAPACITY]
Density = Annotated[float, DENSITY]
Viscosity = Annotated[float, VISCOSITY]
KinematicViscosity = Annotated[float, KINEMATIC]
Expansion = Annotated[float, EXPANSION]
Pressure = Annotated[float, PRESSURE]
LinearLoss = Annotated[float, LINEAR_LOSS]
Emissivity = Annotated[float, EMISSIVITY]
OpenFraction = Annotated[float, OPEN_FRACTION]
DischargeCoefficient = Annotated[float, DISCHARGE]
LossCoefficient = Annotated[float, COEFFICIENT]
Fraction = Annotated[float, FRACTION]
MassFlow = Annotated[float, MASS_FLOW]
Number = Annotated[float, NUMBER]
PositiveNumber = Annotated[float, POSITIVE_NUMBER]


@dataclass(frozen=True)
class InTime:
    """Annotation of a quantity that is either constant or a table in time."""

    quantity: Quantity

    def parse(self, value: Any) -> float | Schedule:
        """A constant, or a Schedule from [[time, value], ...]."""
        if isinstance(value, Schedule):
            return value
        if not isinstance(value, list):
            return self.quantity.parse(value)
        times, values = parse_table(value, self.quantity.allowed)
        return _schedule(times, [self.quantity.parse(entry) for entry in values])

    def write(self, value: float | Schedule) -> Any:
        """The value as a case file holds it."""
        if isinstance(value, Schedule):
            return [[time, self.quantity.write(entry)] for time, entry in zip(value.times, value.values, strict=True)]
        return self.quantity.write(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain_schema(self.parse, self.write)


TemperatureInTime = Annotated[float | Schedule, InTime(TEMPERATURE)]
PowerInTime = Annotated[float | Schedule, InTime(POWER)]
PositivePowerInTime = Annotated[float | Schedule, InTime(POSITIVE_POWER)]
HeatFluxInTime = Annotated[float | Schedule, InTime(HEAT_FLUX)]
InflowVelocityInTime = Annotated[float | Schedule, InTime(INFLOW_VELOCITY)]
FractionInTime = Annotated[float | Schedule, InTime(FRACTION)]


@dataclass(frozen=True)
class Flow:
    """A flow of air. `kind` "volume": m3/s, actual volume at the port; "mass": kg/s. `amount` >= 0."""

    amount: float | Schedule
    kind: Literal["volume", "mass"]


class FlowQuantity:
    """Annotation of a flow: volume ("1500 m^3/h" or a bare number, m3/s) or mass ("0.5 kg/s", "600 standard m^3/h")."""

    name = "flow"
    allowed = ('a number in m^3/s or a string such as "1500 m^3/h", "600 CFM", "0.5 kg/s", "1200 standard m^3/h", '
               "at least 0")

    def parse(self, value: Any) -> Flow:
        """A Flow; a table in time holds volume flows only or mass flows only."""
        if isinstance(value, Flow):
            return value
        if not isinstance(value, list):
            return self._parse_one(value)
        times, values = parse_table(value, self.allowed)
        flows = [self._parse_one(entry) for entry in values]
        kinds = {flow.kind for flow in flows}
        if len(kinds) > 1:
            raise refuse("a table in time mixes volume flow and mass flow", "one kind of flow")
        return Flow(_schedule(times, [flow.amount for flow in flows]), kinds.pop())

    def write(self, flow: Flow) -> Any:
        """The flow as a case file holds it."""
        unit = "m^3/s" if flow.kind == "volume" else "kg/s"
        if isinstance(flow.amount, Schedule):
            table = zip(flow.amount.times, flow.amount.values, strict=True)
            return [[time, f"{value!r} {unit}"] for time, value in table]
        return f"{flow.amount!r} {unit}"

    def _parse_one(self, value: Any) -> Flow:
        if not isinstance(value, str):
            return Flow(VOLUME_FLOW.parse(value), "volume")
        number = _NUMBER_AND_UNIT.fullmatch(value)
        if number and number[2].startswith("standard "):
            volume = VOLUME_FLOW.parse(f"{number[1]} {number[2].removeprefix('standard ')}")
            return Flow(volume * STANDARD_DENSITY, "mass")
        if number and MASS_FLOW.fits(number[2]):
            return Flow(MASS_FLOW.parse(value), "mass")
        try:
            return Flow(VOLUME_FLOW.parse(value), "volume")
        except PydanticCustomError as error:
            raise refuse(error.context["message"].replace("volume flow", "flow"), self.allowed) from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain_schema(self.parse, self.write)


AirFlow = Annotated[Flow, FlowQuantity()]


def parse_table(rows: list, allowed: str) -> tuple[list[float], list[Any]]:
    """Times (s) and unread values of [[time, value], ...]; raises `refuse(...)`."""
    if not rows or any(not isinstance(row, list) or len(row) != 2 for row in rows):
        raise refuse("an array that is not a table in time", f'{allowed}; or [["0 h", value], ["8 h", value], ...]')
    return [TIME.parse(time) for time, _ in rows], [value for _, value in rows]


def _schedule(times: list[float], values: list[float]) -> Schedule:
    try:
        return Schedule(tuple(times), tuple(values))
    except ValueError as error:
        raise refuse(str(error)) from None
