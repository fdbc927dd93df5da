"""Tables of what walls are made of: materials and layered constructions."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from thermo.case.table import Table, key_error
from thermo.case.units import Conductivity, Density, Emissivity, HeatCapacity, PositiveLength, ThermalResistance


class Radiation(Table):
    """Long-wave radiation between the surfaces of the room; without this table there is none."""

    emissivity: Emissivity = Field(0.9, description="of all surfaces that have none of their own")
    patches: int = Field(600, ge=6, le=2000, strict=True, description="most rectangles that the surfaces are joined to")


class SolidMaterial(Table):
    """What a solid conducts and stores heat with."""

    conductivity: Conductivity = Field(description="thermal conductivity")
    density: Density = Field(description="density")
    heat_capacity: HeatCapacity = Field(description="per mass")


class Layer(Table):
    """A layer of a construction: of a material, or a resistance without heat capacity, such as a gap of air."""

    exactly_one: ClassVar = (("material", "resistance"),)

    material: str | None = Field(None, description="a name in [materials]")
    thickness: PositiveLength | None = Field(None, description="of the material")
    resistance: ThermalResistance | None = Field(None, description="of a layer without heat capacity")

    @model_validator(mode="after")
    def _has_thickness(self) -> Layer:
        if (self.material is None) != (self.thickness is None):
            raise key_error("a layer of a material, and only such a layer, has a thickness", "thickness")
        return self


class Construction(Table):
    """Layers of a wall from outside to inside; of a panel from its low to its high side."""

    layers: list[Layer] = Field(description="outside first")

    @model_validator(mode="after")
    def _stores_heat(self) -> Construction:
        if not any(layer.material for layer in self.layers):
            raise key_error("needs a layer of a material: for a resistance alone write u_value or thermal_resistance",
                            "layers")
        return self
