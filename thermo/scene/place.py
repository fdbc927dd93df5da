"""Places a case in space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thermo.case.fluids import liquids
from thermo.case.model import Case
from thermo.scene.scene import Liquid, Panel, Scene, Solid, Source

# Dry air at room temperature, J/(kg K): for flows given by a temperature rise where the case names no fluid.
HEAT_CAPACITY_OF_AIR = 1006.0


def place_case(case: Case, registry: Mapping[str, Any]) -> Scene:
    """The scene of a case. registry: table name -> device with ``place(scene, name, model)``.

    Raises PlacementError for objects that overlap, leave the building or lie on nothing.
    """
    scene = Scene(
        case.building.box,
        heat_capacity=case.fluid.heat_capacity or HEAT_CAPACITY_OF_AIR,
        load=case.run.load,
        spaces=dict(case.spaces),
        probes={name: probe.at for name, probe in case.probes.items()},
        planes={name: (plane.axis, plane.position) for name, plane in case.planes.items()},
    )
    for name, block in case.blocks.items():
        material = block.material
        properties = (material.conductivity, material.density, material.heat_capacity) if material else ()
        scene.add_solid(
            Solid(
                f"blocks.{name}", block.box, *properties,
                temperature=block.temperature, heat=block.heat, exclusive=False,
            )
        )  # fmt: skip
    for name, panel in case.panels.items():
        scene.add_panel(
            Panel(
                f"panels.{name}", panel.axis, panel.position, panel.rect,
                losses=(panel.loss_forward, panel.loss_backward) if panel.kind == "resisting" else None,
                linear=panel.linear, slip=panel.slip, thermal_resistance=panel.thermal_resistance,
                construction=panel.construction,
            )
        )  # fmt: skip
    for table in case.device_tables:
        for name, model in case.devices(table).items():
            registry[table].place(scene, name, model)
    for name, liquid in case.liquids.items():
        density = liquid.density or liquids()[liquid.fluid].density
        scene.add_liquid(Liquid(f"liquids.{name}", liquid.box, density))
    for name, source in case.sources.items():
        scene.add_source(Source(f"sources.{name}", source.box, source.heat, source.force, source.radiant_fraction))
    return scene
