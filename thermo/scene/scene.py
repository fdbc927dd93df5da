"""What stands where, before there is a grid: exact coordinates in metres, nothing snapped.

Devices fill the scene through their ``place(scene, name, model)``; ``thermo/mesh`` reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from thermo.case.schedule import Schedule
from thermo.scene.errors import PlacementError

if TYPE_CHECKING:
    from thermo.case.geometry import Surface

Point = tuple[float, float, float]
Box = tuple[Point, Point]
Rect = tuple[tuple[float, float], tuple[float, float]]

# side of a box -> (axis, end); end 0 is the low end. A building has a floor and a ceiling, other boxes bottom and top.
BOX_SIDES = {
    "west": (0, 0), "east": (0, 1), "south": (1, 0), "north": (1, 1),
    "floor": (2, 0), "bottom": (2, 0), "ceiling": (2, 1), "top": (2, 1),
}  # fmt: skip

# What rounding of typed numbers leaves between two objects that touch, m.
TOUCHING = 1e-3


def plane_axes(axis: int) -> tuple[int, int]:
    """The two axes within a plane of normal ``axis``, in ascending order: the order of a rect's coordinates."""
    return ((1, 2), (0, 2), (0, 1))[axis]


def side_rect(box: Box, side: str) -> Rect:
    """The whole side of a box as a rectangle."""
    a, b = plane_axes(BOX_SIDES[side][0])
    return tuple((corner[a], corner[b]) for corner in box)


def flat_box(axis: int, position: float, rect: Rect) -> Box:
    """A rectangle in the plane of normal ``axis`` as a box without thickness."""
    a, b = plane_axes(axis)
    corners = []
    for corner in rect:
        point = [position] * 3
        point[a], point[b] = corner
        corners.append(tuple(point))
    return tuple(corners)


def area(rect: Rect) -> float:
    """Area of a rectangle, m2."""
    return (rect[1][0] - rect[0][0]) * (rect[1][1] - rect[0][1])


def rect_inside(inner: Rect, outer: Rect) -> bool:
    """Whether a rectangle lies in another, but for TOUCHING."""
    return all(outer[0][n] - TOUCHING <= inner[0][n] and inner[1][n] <= outer[1][n] + TOUCHING for n in (0, 1))


@dataclass(frozen=True)
class Tunnel:
    """An open straight path through a solid along ``axis`` between two heights (m above z = 0), full width.

    loss: K for the velocity on its gross area.
    """

    name: str
    axis: int
    bottom: float
    top: float
    loss: float


@dataclass(frozen=True)
class Solid:
    """A box. conductivity W/(m K), None adiabatic; temperature K of the surface; heat W.

    exclusive: no other solid may share its space (devices; blocks may run into each other).
    """

    name: str
    box: Box
    conductivity: float | None = None
    density: float = 0.0
    heat_capacity: float = 0.0
    temperature: float | None = None
    heat: float | Schedule | None = None
    tunnels: tuple[Tunnel, ...] = ()
    exclusive: bool = True

    @property
    def material(self) -> tuple[float | None, float, float]:
        return self.conductivity, self.density, self.heat_capacity


@dataclass(frozen=True)
class Panel:
    """A plane of zero thickness, closed or (``losses`` forward, backward given) resisting.

    thermal_resistance: m2 K/W of a closed panel, None adiabatic. construction: name of its layers in place of it.
    linear: Pa s/m.
    """

    name: str
    axis: int
    position: float
    rect: Rect
    losses: tuple[float, float] | None = None
    linear: float = 0.0
    slip: bool = False
    thermal_resistance: float | None = None
    construction: str | None = None


@dataclass(frozen=True)
class Hole:
    """An opening in a closed panel; losses forward and backward along the axis, both zero: free.

    position: open share of its area, 0 (shut) ... 1.
    """

    name: str
    panel: str
    rect: Rect
    losses: tuple[float, float]
    position: float | Schedule = 1.0


@dataclass(frozen=True)
class OutsideOpening:
    """A pressure opening in a side of the building. losses inwards, outwards; pressure Pa; temperature K.

    position: open share of its area, 0 (shut) ... 1.
    """

    name: str
    side: str
    rect: Rect
    losses: tuple[float, float]
    pressure: float
    temperature: float | Schedule
    position: float | Schedule = 1.0


@dataclass(frozen=True)
class Source:
    """Heat, W, and a force, N, both evenly in the air of a box; None: none. radiant_fraction: of the heat."""

    name: str
    box: Box
    heat: float | Schedule | None
    force: tuple[float, float, float] | None = None
    radiant_fraction: float = 0.0


@dataclass(frozen=True)
class Liquid:
    """A liquid in all of a box that is not solid. density: kg/m3."""

    name: str
    box: Box
    density: float


@dataclass(frozen=True)
class Port:
    """Where a device takes or gives air: a rectangle on a side of a solid, or of the building (``solid`` None)."""

    name: str
    solid: str | None
    side: str
    rect: Rect


def surface_port(name: str, surface: Surface, rect: Rect) -> Port:
    """A port on a side of the building or of a block, as the case file names it."""
    solid = f"blocks.{surface.name}" if surface.kind == "block" else None
    return Port(name, solid, surface.side, rect)


@dataclass(frozen=True)
class Device:
    """One exchange of air; the fields are those of ``thermo.mesh.Exchange`` with ports in place of patches.

    velocity: profile over the discharge, m/s as a function of the two coordinates of its plane; gives the flow.
    """

    name: str
    kind: str
    intake: Port | None
    discharge: Port | None
    flow: float | Schedule | None
    flow_kind: str
    heat: float | Schedule = 0.0
    temperature: float | Schedule | None = None
    velocity: Callable | None = None


@dataclass
class Scene:
    """All objects of a case.

    heat_capacity: J/(kg K) of the air, for flows given by a temperature rise. load: share of the load of all racks.
    """

    building: Box
    heat_capacity: float
    load: float | Schedule = 1.0
    solids: dict[str, Solid] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    holes: list[Hole] = field(default_factory=list)
    openings: list[OutsideOpening] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    liquids: list[Liquid] = field(default_factory=list)
    spaces: dict[str, Point] = field(default_factory=dict)
    probes: dict[str, Point] = field(default_factory=dict)
    planes: dict[str, tuple[int, float]] = field(default_factory=dict)

    def add_solid(self, solid: Solid) -> None:
        """Raises PlacementError when it leaves the building or stands in another device."""
        self._require_inside(solid.name, solid.box)
        for other in self.solids.values():
            shared = [min(solid.box[1][d], other.box[1][d]) - max(solid.box[0][d], other.box[0][d]) for d in range(3)]
            if min(shared) <= TOUCHING:
                continue
            if solid.exclusive or other.exclusive:
                depth = " x ".join(f"{1e3 * s:.0f}" for s in shared)
                raise PlacementError(solid.name, f"overlaps {other.name} by {depth} mm (x, y, z)")
            if solid.material != other.material:
                raise PlacementError(solid.name, f"overlaps {other.name}, which is of another material")
        self.solids[solid.name] = solid

    def add_panel(self, panel: Panel) -> None:
        """Raises PlacementError when it leaves the building."""
        low, high = self.building[0][panel.axis], self.building[1][panel.axis]
        walls = tuple(tuple(corner[d] for d in plane_axes(panel.axis)) for corner in self.building)
        if not low - TOUCHING <= panel.position <= high + TOUCHING or not rect_inside(panel.rect, walls):
            raise PlacementError(panel.name, "reaches outside the building")
        self.panels[panel.name] = panel

    def add_hole(self, hole: Hole) -> None:
        """Raises PlacementError when its panel does not exist, is not closed or does not hold it."""
        panel = self.panels.get(f"panels.{hole.panel}")
        if panel is None:
            raise PlacementError(hole.name, f"there is no panel {hole.panel!r}")
        if panel.losses is not None:
            raise PlacementError(hole.name, f"{panel.name} is resisting, so open already: a hole needs a closed panel")
        if not rect_inside(hole.rect, panel.rect):
            raise PlacementError(hole.name, f"lies on nothing: it reaches outside {panel.name}")
        self.holes.append(hole)

    def add_opening(self, opening: OutsideOpening) -> None:
        """Raises PlacementError when it reaches outside the side of the building."""
        self._on_surface(Port(opening.name, None, opening.side, opening.rect), opening.name)
        self.openings.append(opening)

    def add_device(self, device: Device) -> None:
        """Raises PlacementError when a port lies on nothing."""
        for port in (device.intake, device.discharge):
            if port is not None:
                self._on_surface(port, device.name)
        self.devices.append(device)

    def add_source(self, source: Source) -> None:
        """Raises PlacementError when it leaves the building or reaches into a solid."""
        self._require_inside(source.name, source.box)
        for solid in self.solids.values():
            shared = [min(source.box[1][d], solid.box[1][d]) - max(source.box[0][d], solid.box[0][d]) for d in range(3)]
            if min(shared) > TOUCHING:
                raise PlacementError(source.name, f"reaches into {solid.name}: it acts on air")
        self.sources.append(source)

    def add_liquid(self, liquid: Liquid) -> None:
        """Raises PlacementError when it leaves the building."""
        self._require_inside(liquid.name, liquid.box)
        self.liquids.append(liquid)

    def in_liquid(self, device: Device) -> bool:
        """Whether a device stands in a liquid, by the middle of one of its ports."""
        port = device.intake or device.discharge
        axis, end = BOX_SIDES[port.side]
        box = self.building if port.solid is None else self.solids[port.solid].box
        low, high = flat_box(axis, box[end][axis], port.rect)
        middle = [0.5 * (low[d] + high[d]) for d in range(3)]
        return any(
            all(liquid.box[0][d] - TOUCHING <= middle[d] <= liquid.box[1][d] + TOUCHING for d in range(3))
            for liquid in self.liquids
        )

    def _require_inside(self, name: str, box: Box) -> None:
        outside = [
            f"{'xyz'[d]} from {box[0][d]:g} to {box[1][d]:g} m"
            for d in range(3)
            if box[0][d] < self.building[0][d] - TOUCHING or box[1][d] > self.building[1][d] + TOUCHING
        ]
        if outside:
            low, high = ([round(c, 6) for c in corner] for corner in self.building)
            raise PlacementError(
                name, f"stands outside the building ({', '.join(outside)}; the building is {low} to {high} m)"
            )

    def _on_surface(self, port: Port, owner: str) -> None:
        if port.solid is not None and port.solid not in self.solids:
            raise PlacementError(owner, f"there is no {port.solid}")
        box = self.building if port.solid is None else self.solids[port.solid].box
        if not rect_inside(port.rect, side_rect(box, port.side)):
            surface = f"{port.solid or 'building'}.{port.side}"
            raise PlacementError(owner, f"lies on nothing: its rectangle reaches outside {surface}")

    def boxes_of(self, address: str) -> list[Box]:
        """Where an object stands: one box for each of its parts, flat for panels, openings and ports."""
        if address in self.solids:
            return [self.solids[address].box]
        if address in self.panels:
            panel = self.panels[address]
            return [flat_box(panel.axis, panel.position, panel.rect)]
        boxes = []
        for hole in self.holes:
            if hole.name == address:
                panel = self.panels[f"panels.{hole.panel}"]
                boxes.append(flat_box(panel.axis, panel.position, hole.rect))
        sides = [(None, o.side, o.rect) for o in self.openings if o.name == address]
        sides += [
            (port.solid, port.side, port.rect)
            for device in self.devices
            for port in (device.intake, device.discharge)
            if device.name == address and port is not None
        ]
        for solid, side, rect in sides:
            axis, end = BOX_SIDES[side]
            box = self.building if solid is None else self.solids[solid].box
            boxes.append(flat_box(axis, box[end][axis], rect))
        return boxes
