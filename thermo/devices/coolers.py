"""Coolers: a box that takes warm air in at one side and gives it out cooled at another."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from thermo.case.geometry import BlockSide, Box
from thermo.case.table import Table, key_error
from thermo.case.units import AirFlow, PositivePowerInTime, TemperatureInTime


class Cooler(Table):
    """Given airflow, cooled to a supply temperature or by a given heat."""

    exactly_one: ClassVar = (("supply_temperature", "heat"),)

    box: Box = Field(description="[[x0, y0, z0], [x1, y1, z1]]")
    intake: BlockSide = Field(description="side where air goes in: west, east, south, north, bottom or top")
    discharge: BlockSide = Field(description="side where air comes out")
    airflow: AirFlow = Field(description="volume flow at intake density, or mass flow")
    supply_temperature: TemperatureInTime | None = Field(None, description="of the air that comes out")
    heat: PositivePowerInTime | None = Field(None, description="taken out of the air")

    @model_validator(mode="after")
    def _two_sides(self) -> Cooler:
        if self.intake == self.discharge:
            raise key_error("is the side of the intake", "discharge", "another side")
        return self


Model = Cooler
