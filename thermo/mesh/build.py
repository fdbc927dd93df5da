"""From a case to the mesh that the flow solver receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from thermo.case.model import Case
from thermo.case.schedule import Schedule
from thermo.mesh import envelope
from thermo.mesh.axis import Axis
from thermo.mesh.balance import check_balance
from thermo.mesh.builder import SIDES, MeshBuilder, MeshError, Side
from thermo.mesh.mesh import ADIABATIC, Material, Mesh
from thermo.mesh.patch import Exchange, FacePatch
from thermo.mesh.snap import GridSettings, SnappedScene, snap_scene
from thermo.scene import Device, PlacementError, Port, Scene, Tunnel
from thermo.scene.place import place_case
from thermo.scene.scene import BOX_SIDES, area, plane_axes

# An opening or a port whose area in the mesh differs by more than this share from the engineer's is refused.
AREA_SHARE = 0.05


GAS_CONSTANT_OF_AIR = 287.05  # J/(kg K), dry


def build_mesh(case: Case, registry: Mapping[str, Any] | None = None) -> Mesh:
    """The mesh of a case. registry: the devices the case was loaded with, default those of this program.

    Raises CaseError, with file and line, for objects that overlap, leave the building, lie on nothing or lose their
    flow path on the grid, and for sealed regions whose flows do not balance.
    """
    with errors_of(case):
        scene = place_case(case, registry_or_default(registry))
        _refuse_tables_in_time(case, scene)
        mesh = mesh_scene(scene, grid_settings(case, scene))
        densities = {liquid.name: liquid.density for liquid in scene.liquids}
        check_balance(mesh, case.initial.temperature, lambda temperature: air_density(case, temperature), densities)
    return mesh


def grid_axes(case: Case, registry: Mapping[str, Any] | None = None) -> tuple[Axis, Axis, Axis]:
    """The axes alone: the number of cells, before anything of that size is allocated. Raises as ``build_mesh``."""
    with errors_of(case):
        scene = place_case(case, registry_or_default(registry))
        return snap_scene(scene, grid_settings(case, scene)).axes


def registry_or_default(registry: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if registry is not None:
        return registry
    # devices stand above the mesh: only the default may reach up to them
    from thermo.devices.registry import default_registry

    return default_registry()


def _refuse_tables_in_time(case: Case, scene: Scene) -> None:
    """Where the flow solver takes constants, a table in time is refused, never evaluated once. Raises CaseError."""
    values = {f"{opening.name}.temperature": opening.temperature for opening in scene.openings}
    values |= {
        f"walls.{name}.outside_temperature": wall.outside_temperature
        for name in SIDES if (wall := getattr(case.walls, name)).u_value is not None
    }  # fmt: skip
    values |= {f"{s.name}.heat": s.heat for s in scene.solids.values() if s.conductivity is None}
    for key, value in values.items():
        if isinstance(value, Schedule):
            raise case.error(key, "a table in time is not yet supported here", "a constant")


@contextmanager
def errors_of(case: Case) -> Iterator[None]:
    """Errors of placement become errors of the case, at the table of the object."""
    try:
        yield
    except PlacementError as error:
        # slots and ports are no keys of their own: "racks.A03.U1-U10.intake" is written at racks.A03
        key = ".".join(error.address.split(".")[:2])
        raise case.error(key, error.reason if key == error.address else str(error)) from None


def air_density(case: Case, temperature: float) -> float:
    """Density of the air, kg/m3, by the ideal gas or, for a Boussinesq fluid, as given."""
    if case.fluid.density is not None:
        return case.fluid.density
    return case.site.pressure / ((case.fluid.gas_constant or GAS_CONSTANT_OF_AIR) * temperature)


def grid_settings(case: Case, scene: Scene) -> GridSettings:
    """[mesh] and [walls] of a case. Raises CaseError for a refinement that names nothing."""
    mesh = case.mesh
    refinements = []
    for refinement in mesh.refine:
        if isinstance(refinement.at, str):
            boxes = [
                box
                for table, name in case.names(refinement.at, "panels", "blocks", *case.device_tables)
                for box in scene.boxes_of(f"{table}.{name}")
            ]
            if not boxes:
                raise case.error("mesh.refine", f"{refinement.at!r} names no object that has a place")
        else:
            boxes = [refinement.at]
        height = refinement.height or 0.0
        sizes = tuple(refinement.size if axis in refinement.axes else np.inf for axis in "xyz")
        refinements += [((low, (*high[:2], high[2] + height)), sizes) for low, high in boxes]
    # with exact cells the size only serves as the scale of the snapping tolerance
    return GridSettings(
        size=mesh.target or np.inf,
        snap_tolerance=mesh.snap_tolerance,
        min_cell=mesh.min_cell,
        growth=mesh.growth,
        refinements=tuple(refinements),
        cells=mesh.cells,
        stretching=mesh.stretching.factor if mesh.stretching else (0.0, 0.0, 0.0),
        sides={name: _side(case, name) for name in SIDES},
        constructions={name: envelope.construction(case, name) for name in case.constructions},
    )


def _side(case: Case, name: str) -> Side:
    wall = getattr(case.walls, name)
    thermal = {
        None: None,
        "temperature": ("temperature", wall.temperature),
        "heat_flux": ("flux", wall.heat_flux),
        "u_value": ("u_value", wall.u_value, wall.outside_temperature),
    }.get(wall.thermal)
    if wall.construction is not None:
        thermal = ("construction", envelope.construction(case, wall.construction), envelope.outside(case, name))
    return Side(wall.kind, wall.velocity or (0.0, 0.0, 0.0), thermal)


def mesh_scene(scene: Scene, settings: GridSettings) -> Mesh:
    """The mesh of a scene. Raises PlacementError (MeshError) for objects that cannot be put on it."""
    snapped = snap_scene(scene, settings)
    builder = MeshBuilder(*snapped.axes, settings.sides)
    builder.notes += snapped.notes
    for solid in snapped.solids.values():
        material = ADIABATIC if solid.conductivity is None else Material(solid.name, *solid.material)
        builder.solid(solid.name, solid.box, material, temperature=solid.temperature, heat=solid.heat)
    closed_rows = {
        solid.name: [_carve_tunnel(builder, snapped, solid.name, tunnel) for tunnel in solid.tunnels]
        for solid in snapped.solids.values()
        if solid.tunnels
    }
    for panel in snapped.panels.values():
        if panel.losses is None:
            builder.panel(
                panel.name, panel.axis, panel.position, panel.rect, slip=panel.slip,
                resistance=panel.thermal_resistance, construction=settings.constructions.get(panel.construction),
            )  # fmt: skip
    for hole in scene.holes:
        panel = snapped.panels[f"panels.{hole.panel}"]
        builder.hole(hole.name, panel.axis, panel.position, snapped.rect(panel.axis, hole.rect))
    for name, box in snapped.liquids.items():
        builder.liquid(name, box)
    for hole in scene.holes:
        panel = snapped.panels[f"panels.{hole.panel}"]
        rect = snapped.rect(panel.axis, hole.rect)
        patch = builder.patch(hole.name, panel.axis, panel.position, rect, 0, area(hole.rect))
        _note_area(builder, patch, scaled=any(hole.losses))
        if any(hole.losses) or hole.position != 1.0:
            builder.resistance(
                hole.name, panel.axis, panel.position, rect,
                loss_forward=hole.losses[0], loss_backward=hole.losses[1], true_area=area(hole.rect),
                state=hole.position,
            )  # fmt: skip
    for panel in snapped.panels.values():
        if panel.losses is not None:
            builder.resistance(
                panel.name, panel.axis, panel.position, panel.rect,
                loss_forward=panel.losses[0], loss_backward=panel.losses[1], linear=panel.linear,
            )  # fmt: skip
    for opening in scene.openings:
        rect = snapped.rect(BOX_SIDES[opening.side][0], opening.rect)
        patch = builder.opening(
            opening.name, _domain_side(opening.side), rect,
            loss_in=opening.losses[0], loss_out=opening.losses[1],
            pressure=opening.pressure, temperature=opening.temperature, true_area=area(opening.rect),
            state=opening.position,
        )  # fmt: skip
        _note_area(builder, patch, scaled=True)
    for source in scene.sources:
        if source.heat is not None:
            builder.air_heat(source.name, source.box, source.heat, source.radiant_fraction)
        if source.force is not None:
            builder.air_force(source.name, source.box, source.force)
    for device in scene.devices:
        builder.exchange(_exchange(builder, snapped, device, closed_rows))
    for name, point in scene.spaces.items():
        builder.space(name, point)
    for name, point in scene.probes.items():
        builder.probe(name, point)
    for name, (axis, position) in scene.planes.items():
        builder.plane(name, axis, position)
    return builder.build()


def _domain_side(side: str) -> str:
    return {"bottom": "floor", "top": "ceiling"}.get(side, side)


def _note_area(builder: MeshBuilder, patch: FacePatch, scaled: bool) -> None:
    """Notes an area that snapping or an obstacle changed. Raises MeshError when a part of the flow path is lost."""
    share = patch.mesh_area / patch.true_area - 1.0
    if abs(share) > AREA_SHARE:
        raise MeshError(
            patch.name,
            f"{patch.mesh_area:.4g} m2 of its {patch.true_area:.4g} m2 are open in the mesh (a lost flow path): "
            "something stands before it, or the cells are too large",
        )
    if abs(share) > 1e-6:
        builder.notes.append(
            f"{patch.name}: area {patch.true_area:.5g} m2, in the mesh {patch.mesh_area:.5g} m2 ({100 * share:+.2f} %)"
            + ("; its losses are scaled to keep the flow" if scaled else "")
        )


def _carve_tunnel(builder: MeshBuilder, snapped: SnappedScene, rack: str, tunnel: Tunnel) -> tuple[float, float]:
    """Opens the layers of cells nearest to the tunnel; its loss is scaled to their area. Returns their heights (m)."""
    exact, box = snapped.original[rack], snapped.solids[rack].box
    faces = snapped.axes[2].faces
    faces = faces[(faces >= box[0][2]) & (faces <= box[1][2])]
    bottom, top = np.interp((tunnel.bottom, tunnel.top), (exact[0][2], exact[1][2]), (box[0][2], box[1][2]))
    first = int(np.abs(faces[:-1] - bottom).argmin())
    last = first + 1 + int(np.abs(faces[first + 1 :] - top).argmin())
    low, high = float(faces[first]), float(faces[last])
    builder.carve(tunnel.name, ((*box[0][:2], low), (*box[1][:2], high)))
    along = snapped.axes[tunnel.axis].faces
    inside = along[(along > box[0][tunnel.axis]) & (along < box[1][tunnel.axis])]
    if inside.size == 0:
        raise MeshError(tunnel.name, "the rack is one cell deep: a tunnel needs two")
    middle = 0.5 * (box[0][tunnel.axis] + box[1][tunnel.axis])
    across = 1 - tunnel.axis
    width = exact[1][across] - exact[0][across]
    builder.resistance(
        tunnel.name, tunnel.axis, float(inside[np.abs(inside - middle).argmin()]),
        ((box[0][across], low), (box[1][across], high)),
        loss_forward=tunnel.loss, true_area=width * (tunnel.top - tunnel.bottom),
    )  # fmt: skip
    builder.notes.append(
        f"{tunnel.name}: {1e3 * (tunnel.top - tunnel.bottom):.0f} mm high, {1e3 * (high - low):.0f} mm in the mesh; "
        "its loss is scaled to keep the flow"
    )
    return low, high


def _port(builder: MeshBuilder, snapped: SnappedScene, port: Port, tunnels: list[tuple[float, float]]) -> FacePatch:
    axis, end = BOX_SIDES[port.side]
    if port.solid is None:
        return builder.side_port(port.name, _domain_side(port.side), port.rect)
    rect = snapped.on_solid(port.solid, axis, port.rect)
    for low, high in tunnels:
        # the layers of a tunnel may reach into the slots beside it by half a cell; air cannot enter a server there
        (a, bottom), (b, top) = rect
        if bottom < high and low < top:
            rect = ((a, high), (b, top)) if top - high > low - bottom else ((a, bottom), (b, low))
            if rect[0][1] >= rect[1][1]:
                raise MeshError(
                    port.name, "the open units beside it take all its cells: use smaller cells or fewer slots"
                )
    position = snapped.solids[port.solid].box[end][axis]
    return builder.port(port.name, axis, position, rect, 1 if end else -1, area(port.rect))


def _exchange(
    builder: MeshBuilder, snapped: SnappedScene, device: Device, tunnels: dict[str, list[tuple[float, float]]]
) -> Exchange:
    def place(port: Port | None) -> FacePatch | None:
        return None if port is None else _port(builder, snapped, port, tunnels.get(port.solid, []))

    intake, discharge = place(device.intake), place(device.discharge)
    for patch in (intake, discharge):
        if patch is not None and abs(patch.mesh_area / patch.true_area - 1.0) > AREA_SHARE:
            builder.notes.append(
                f"{patch.name}: {patch.mesh_area:.4g} m2 of its {patch.true_area:.4g} m2 are free in the mesh"
            )
    flow, weights = device.flow, None
    if device.velocity is not None:
        flow, weights = _profile(snapped, device, discharge)
    return Exchange(
        device.name, device.kind, intake, discharge, flow, device.flow_kind, device.heat, device.temperature, weights
    )


def _profile(snapped: SnappedScene, device: Device, patch: FacePatch) -> tuple[float, np.ndarray]:
    """Flow (m3/s) and share of every face of a supply with a velocity profile, taken at the centres of the faces."""
    a, b = (snapped.axes[d].centres[patch.index[:, 2 - d]] for d in plane_axes(patch.axis))
    flows = device.velocity(a, b) * patch.area
    if np.any(flows < 0.0) or flows.sum() <= 0.0:
        raise MeshError(device.name, "its profile must blow into the room everywhere")
    return float(flows.sum()), flows / flows.sum()
