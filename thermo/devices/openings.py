"""Openings: to the outside at given pressure, or a hole in a panel."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, model_validator

from thermo.case.context import with_outside_temperature
from thermo.case.geometry import Rectangle, SurfaceReference
from thermo.case.loss import opening_loss
from thermo.case.table import Table, key_error
from thermo.case.turbulence import EDDY_LENGTH, INTENSITY
from thermo.case.units import (
    DischargeCoefficient,
    Fraction,
    FractionInTime,
    LossCoefficient,
    OpenFraction,
    PositiveLength,
    Pressure,
    TemperatureInTime,
)
from thermo.scene import Hole, OutsideOpening, Scene


class Opening(Table):
    """A pressure opening of the building (`to = "outside"`), or a hole in a panel."""

    at_most_one: ClassVar = (("loss_coefficient", "discharge_coefficient", "open_fraction"),)
    later: ClassVar = {"part": "write loss_coefficient or open_fraction",
                       "series": "write loss_coefficient, the sum of the elements", "cp": "write pressure"}

    in_: SurfaceReference = Field(alias="in", description='"building.SIDE" with to = "outside", or the name of a panel')
    rect: Rectangle = Field(description="[[a0, b0], [a1, b1]] in the remaining axes of the plane")
    to: Literal["outside"] | None = Field(None, description="for an opening in a side of the building")
    loss_coefficient: LossCoefficient | None = Field(
        None, description="K of the element alone on gross area, without the exit head; inwards, along + in a panel; "
                          "required to outside, default 0 in a panel")
    loss_coefficient_reverse: LossCoefficient | None = Field(
        None, description="K in the other direction; default the same")
    discharge_coefficient: DischargeCoefficient | None = Field(
        None, description="C_d on gross area, the exit head included, both directions")
    open_fraction: OpenFraction | None = Field(None, description="of a perforated plate: gives K, less the exit head")
    position: FractionInTime = Field(1.0, description="open share of the area: 1 open, 0 shut; of a door or a damper")
    pressure: Pressure = Field(0.0, description="against still outside air at the same height; to outside only")
    temperature: TemperatureInTime | None = Field(
        None, description="of the air outside; default the dry bulb of run.weather")

    turbulence_intensity: Fraction | None = Field(
        None, description=INTENSITY + "; to outside only, where without both keys still air comes in")
    turbulence_length: PositiveLength | None = Field(None, description=EDDY_LENGTH + "; to outside only")

    @property
    def loss_forward(self) -> float:
        """K of the element inwards (in a panel: along the positive axis)."""
        return opening_loss(self.loss_coefficient, self.open_fraction, self.discharge_coefficient)

    @property
    def loss_backward(self) -> float:
        """K of the element outwards (in a panel: against the positive axis)."""
        return self.loss_forward if self.loss_coefficient_reverse is None else self.loss_coefficient_reverse

    @model_validator(mode="before")
    @classmethod
    def _default_outside(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, dict) and "to" in data:
            return with_outside_temperature(data, "temperature", info)
        return data

    @model_validator(mode="after")
    def _inside_or_outside(self) -> Opening:
        if self.in_.kind == "block":
            raise key_error(f"{self.in_}: a block has no openings", "in", '"building.SIDE" or the name of a panel')
        if self.in_.kind == "building":
            self._require_outside()
        elif self.to is not None:
            raise key_error(f"{self.in_} is a panel inside the building", "to")
        elif self.pressure or self.temperature is not None:
            raise key_error("belongs to openings to outside", "pressure" if self.pressure else "temperature")
        else:
            for key in ("turbulence_intensity", "turbulence_length"):
                if getattr(self, key) is not None:
                    raise key_error("belongs to openings to outside", key)
        return self

    def _require_outside(self) -> None:
        if self.to is None:
            raise key_error('missing, an opening in a side of the building leads outside', "to", '"outside"')
        if (self.loss_coefficient, self.discharge_coefficient, self.open_fraction) == (None, None, None):
            raise key_error("needs one of loss_coefficient, discharge_coefficient, open_fraction")
        if self.temperature is None:
            raise key_error("missing, and run.weather names no weather", "temperature")


Model = Opening


def place(scene: Scene, name: str, opening: Opening) -> None:
    """A pressure opening of the building or a hole in a panel."""
    address = f"openings.{name}"
    losses = (opening.loss_forward, opening.loss_backward)
    if opening.in_.kind == "panel":
        scene.add_hole(Hole(address, opening.in_.name, opening.rect, losses, opening.position))
    else:
        scene.add_opening(
            OutsideOpening(
                address, opening.in_.side, opening.rect, losses, opening.pressure, opening.temperature,
                opening.position,
            )
        )
