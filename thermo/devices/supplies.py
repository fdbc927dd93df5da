"""Supplies: air of given flow and temperature enters through a rectangle on a surface."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field, ValidationInfo, model_validator
from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

from thermo.case.context import Context
from thermo.case.geometry import Rectangle, SurfaceReference
from thermo.case.schedule import scaled
from thermo.case.table import Table, key_error
from thermo.case.turbulence import EDDY_LENGTH, INTENSITY
from thermo.case.units import (
    AirFlow,
    Fraction,
    InflowVelocity,
    InflowVelocityInTime,
    Length,
    PositiveLength,
    Temperature,
    TemperatureInTime,
)
from thermo.scene import Device, Scene
from thermo.scene.scene import area, surface_port

_PLANES = (["y", "z"], ["x", "z"], ["x", "y"])


class Profile(Table):
    """Velocity into the room at points of the plane, read from a CSV file or written as points."""

    exactly_one: ClassVar = (("csv", "points"),)

    csv: str | None = Field(None, description="file with a header naming the two coordinates (m) and `velocity` (m/s), "
                                              "as `y,z,velocity` on a west side; relative to the case file")
    axes: list[str] = Field(default=[], description='the coordinates of points, ["y", "z"] on a west side')
    points: list[tuple[Length, Length, InflowVelocity]] = Field(default=[], description="[[a, b, velocity], ...]")

    @model_validator(mode="before")
    @classmethod
    def _read_csv(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("csv"), str) or len(data) > 1:
            return data
        return read_profile(Context.of(info).directory / data["csv"], data["csv"])


def read_profile(path: Path, name: str) -> dict[str, Any]:
    """The `axes` and `points` of a CSV file; the error names the file as `name`, the way it was written."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = [[entry.strip() for entry in row] for row in csv.reader(file) if row]
            points = [[float(entry) for entry in row] for row in rows]
    except OSError as error:
        raise key_error(f"cannot read {name!r}: {error.strerror}", "csv") from None
    except ValueError as error:
        raise key_error(f"{name!r} is not a table of numbers under a header: {error}", "csv") from None
    if header[2:] != ["velocity"] or header[:2] not in _PLANES or any(len(row) != 3 for row in points):
        raise key_error(f"{name!r} has the columns {', '.join(header)}", "csv",
                        "y,z,velocity or x,z,velocity or x,y,velocity")
    return {"axes": header[:2], "points": points}


class Supply(Table):
    """Air from outside the case, at the temperature and flow of the port."""

    exactly_one: ClassVar = (("flow", "velocity", "profile"),)
    at_most_one: ClassVar = (("relative_humidity", "dew_point"),)

    in_: SurfaceReference = Field(alias="in", description='"building.SIDE" or "blocks.NAME.SIDE"')
    rect: Rectangle = Field(description="[[a0, b0], [a1, b1]] in the remaining axes of the plane")
    flow: AirFlow | None = Field(None, description="volume flow at the temperature of the supply, or mass flow")
    velocity: InflowVelocityInTime | None = Field(None, description="into the room, over the whole rectangle")
    profile: Profile | None = Field(None, description="velocity by place")
    temperature: TemperatureInTime = Field(description="of the air that enters")
    relative_humidity: Fraction | None = Field(
        None, description="of the air that enters, at time 0; with fluid.humidity this or dew_point is needed")
    dew_point: Temperature | None = Field(None, description="of the air that enters")

    turbulence_intensity: Fraction | None = Field(None, description=INTENSITY)
    turbulence_length: PositiveLength | None = Field(None, description=EDDY_LENGTH)

    @model_validator(mode="after")
    def _profile_on_plane(self) -> Supply:
        if self.in_.kind == "panel":
            raise key_error(f"{self.in_} is no side of the building or of a block", "in",
                            '"building.SIDE" or "blocks.NAME.SIDE"')
        if self.profile and self.profile.axes != _PLANES[self.in_.axis]:
            raise key_error(f"the plane {self.in_} has the axes {', '.join(_PLANES[self.in_.axis])}, "
                            f"not {', '.join(self.profile.axes)}", "profile")
        return self


Model = Supply


def velocity_field(profile: Profile) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Velocity (m/s) at points (a, b) of the plane: linear between the points of the profile, nearest beyond them.

    A profile whose points differ in one coordinate only does not change along the other.
    """
    points = np.array([point[:2] for point in profile.points])
    values = np.array([point[2] for point in profile.points])
    varies = np.ptp(points, axis=0) > 0.0
    if not varies.all():
        along = int(varies[1])
        order = np.argsort(points[:, along])
        return lambda a, b: np.interp((a, b)[along], points[order, along], values[order])
    inside, beyond = LinearNDInterpolator(points, values), NearestNDInterpolator(points, values)

    def velocity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        linear = inside(a, b)
        return np.where(np.isnan(linear), beyond(a, b), linear)

    return velocity


def place(scene: Scene, name: str, supply: Supply) -> None:
    """A port that gives air from outside the domain."""
    address = f"supplies.{name}"
    port = surface_port(address, supply.in_, supply.rect)
    if supply.flow is not None:
        flow, kind = supply.flow.amount, supply.flow.kind
    else:
        flow, kind = None if supply.velocity is None else scaled(supply.velocity, area(supply.rect)), "volume"
    velocity = velocity_field(supply.profile) if supply.profile else None
    scene.add_device(
        Device(address, "supply", None, port, flow, kind, temperature=supply.temperature, velocity=velocity)
    )
