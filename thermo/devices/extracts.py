"""Extracts: air leaves through a rectangle on a surface with a given flow."""

from __future__ import annotations

from pydantic import Field, model_validator

from thermo.case.geometry import Rectangle, SurfaceReference
from thermo.case.table import Table, key_error
from thermo.case.units import AirFlow
from thermo.scene import Device, Scene
from thermo.scene.scene import surface_port


class Extract(Table):
    """Air taken out of the case with a given flow, at the temperature it has there."""

    in_: SurfaceReference = Field(alias="in", description='"building.SIDE" or "blocks.NAME.SIDE"')
    rect: Rectangle = Field(description="[[a0, b0], [a1, b1]] in the remaining axes of the plane")
    flow: AirFlow = Field(description="volume flow at the temperature of the air that leaves, or mass flow")

    @model_validator(mode="after")
    def _on_a_side(self) -> Extract:
        if self.in_.kind == "panel":
            raise key_error(f"{self.in_} is no side of the building or of a block", "in",
                            '"building.SIDE" or "blocks.NAME.SIDE"')
        return self


Model = Extract


def place(scene: Scene, name: str, extract: Extract) -> None:
    """A port that takes air out of the domain."""
    address = f"extracts.{name}"
    port = surface_port(address, extract.in_, extract.rect)
    scene.add_device(Device(address, "extract", port, None, extract.flow.amount, extract.flow.kind))
