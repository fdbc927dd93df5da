"""Racks: a box with servers that take air in at the front and give it out warmer at the rear."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, model_validator

from thermo.case.context import to_nanometre
from thermo.case.geometry import Facing, FloorHeight, PlanPosition, RackUnits, RackUnitsField, Size, require_inside
from thermo.case.schedule import Schedule, scaled
from thermo.case.table import Table, key_error
from thermo.case.units import AirFlow, Flow, FractionInTime, LossCoefficient, PositiveDifference, PositivePowerInTime
from thermo.scene import Device, Port, Scene, Solid, Tunnel

_FLOW_HINT = 'write airflow = "2000 m^3/h" or temperature_rise = "11 K"'


class Rack(Table):
    """One rack with given airflow, or with the airflow that gives a temperature rise."""

    exactly_one: ClassVar = (("airflow", "temperature_rise"),)
    later: ClassVar = {
        "flow": _FLOW_HINT, "fan_power": "include it in power", "doors": "", "limits": "use [limits]",
        "leakage": "a missing blanking panel is missing_blanking", "heat_capacity": "", "time_constant": "",
        "liquid": "", "servers": "",
    }

    part: str | None = Field(None, description="name of the part in [parts] whose keys apply where the rack has none")
    position: PlanPosition = Field(description="[x, y] of the corner with the lowest x and y, or a grid reference; "
                                               "given by the row for racks of a row")
    base: FloorHeight = Field(None, validate_default=True,
                              description="height of the foot; default the level `floor`, else the building's floor")
    size: Size = Field(description="width (along the front), depth, height")
    facing: Facing = Field(description="the side where air goes in: +x, -x, +y or -y")
    power: PositivePowerInTime = Field(description="electrical input at full load, server fans included")
    airflow: AirFlow | None = Field(None, description="volume flow at intake density, or mass flow")
    temperature_rise: PositiveDifference | None = Field(
        None, description="air is moved so that it warms by this much at full load")
    populated: RackUnitsField | None = Field(None, description='units that hold servers, "U3-U42"; default all')
    slots: int = Field(4, ge=1, strict=True, description="number of vertical slots the populated height is divided in")
    load: FractionInTime = Field(1.0, description="share of power in use")
    missing_blanking: RackUnitsField | None = Field(
        None, description="units without servers and without blanking panels: an open tunnel from front to rear")
    blanking_loss: LossCoefficient = Field(2.5, description="loss coefficient of that tunnel on its gross area")

    @property
    def footprint(self) -> tuple[float, float]:
        """Extent along x and along y, m."""
        width, depth, _ = self.size
        return (width, depth) if self.facing[1] == "y" else (depth, width)

    @property
    def box(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Low and high corner, m."""
        (x, y), (along_x, along_y) = self.position, self.footprint
        high = (x + along_x, y + along_y, self.base + self.size[2])
        return (x, y, self.base), tuple(to_nanometre(corner) for corner in high)

    @model_validator(mode="after")
    def _units_fit(self) -> Rack:
        height = self.size[2]
        for key in ("populated", "missing_blanking"):
            if getattr(self, key) is not None:
                require_inside(getattr(self, key), height, key)
        missing, servers = self.missing_blanking, self.populated or RackUnits.whole(height)
        if missing and missing.overlaps(servers):
            raise key_error(f"{missing} holds servers: populated is {servers}", "missing_blanking",
                            "units that are not populated")
        return self


Model = Rack

# facing -> side of the front, side of the rear
_FRONT_AND_REAR = {"-x": ("west", "east"), "+x": ("east", "west"), "-y": ("south", "north"), "+y": ("north", "south")}


def slot_units(populated: RackUnits, slots: int) -> list[RackUnits]:
    """The populated units in ``slots`` runs of whole units, as equal as they can be; never more runs than units."""
    count = populated.last - populated.first + 1
    slots = min(slots, count)
    ends = [round(count * n / slots) for n in range(slots + 1)]
    return [RackUnits(populated.first + a, populated.first + b - 1) for a, b in zip(ends[:-1], ends[1:], strict=True)]


def product(a: float | Schedule, b: float | Schedule) -> float | Schedule:
    """Two factors that may change in time; exact at the times of both tables, linear between."""
    if not isinstance(b, Schedule):
        return scaled(a, b)
    if not isinstance(a, Schedule):
        return scaled(b, a)
    times = sorted({*a.times, *b.times})
    return Schedule(times, [a.at(t) * b.at(t) for t in times])


def mass_flow(power: float | Schedule, temperature_rise: float, heat_capacity: float) -> float:
    """Flow (kg/s) that takes the full-load power (W) at a temperature rise (K): m = P / (c_p dT)."""
    full = max(power.values) if isinstance(power, Schedule) else power
    return full / (heat_capacity * temperature_rise)


def place(scene: Scene, name: str, rack: Rack) -> None:
    """A solid box; every slot is one exchange from the front to the rear with its share of flow and heat.

    Units that are neither populated nor without blanking are closed. A missing blanking panel is a tunnel.
    """
    address = f"racks.{name}"
    front, rear = _FRONT_AND_REAR[rack.facing]
    tunnels = ()
    if rack.missing_blanking:
        units = rack.missing_blanking
        axis = 0 if rack.facing[1] == "x" else 1
        tunnels = (
            Tunnel(f"{address}.{units}", axis, rack.base + units.bottom, rack.base + units.top, rack.blanking_loss),
        )
    scene.add_solid(Solid(address, rack.box, tunnels=tunnels))

    heat = product(product(rack.power, rack.load), scene.load)
    flow = rack.airflow or Flow(mass_flow(rack.power, rack.temperature_rise, scene.heat_capacity), "mass")
    populated = rack.populated or RackUnits.whole(rack.size[2])
    across = 1 if rack.facing[1] == "x" else 0
    left, right = rack.box[0][across], rack.box[1][across]
    total = populated.top - populated.bottom
    for units in slot_units(populated, rack.slots):
        rect = (left, rack.base + units.bottom), (right, rack.base + units.top)
        share = (units.top - units.bottom) / total
        slot = f"{address}.{units}"
        scene.add_device(
            Device(
                slot,
                "rack",
                Port(f"{slot}.intake", address, front, rect),
                Port(f"{slot}.discharge", address, rear, rect),
                scaled(flow.amount, share),
                flow.kind,
                heat=scaled(heat, share),
            )
        )
