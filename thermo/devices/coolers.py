"""Coolers: a box that takes warm air in at one side and gives it out cooled at another."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from thermo.case.geometry import BlockSide, Box
from thermo.case.schedule import scaled
from thermo.case.table import Table, key_error
from thermo.case.units import AirFlow, PositivePowerInTime, TemperatureInTime
from thermo.scene import Device, Port, Scene, Solid
from thermo.scene.scene import side_rect


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


def place(scene: Scene, name: str, cooler: Cooler) -> None:
    """A solid box that takes air in over one side and gives it out over another."""
    address = f"coolers.{name}"
    scene.add_solid(Solid(address, cooler.box))
    scene.add_device(
        Device(
            address,
            "cooler",
            Port(f"{address}.intake", address, cooler.intake, side_rect(cooler.box, cooler.intake)),
            Port(f"{address}.discharge", address, cooler.discharge, side_rect(cooler.box, cooler.discharge)),
            cooler.airflow.amount,
            cooler.airflow.kind,
            heat=0.0 if cooler.heat is None else scaled(cooler.heat, -1.0),
            temperature=cooler.supply_temperature,
        )
    )
