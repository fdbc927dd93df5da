"""The devices a case may hold: those of this package and those that other packages register."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from typing import Any

from thermo.devices import coolers, extracts, openings, racks, supplies

ENTRY_POINTS = "thermo.devices"


def default_registry() -> Mapping[str, Any]:
    """Table name -> device. A device is a module (or object) with the pydantic model of its table as `Model`.

    Other packages add devices by entry points of the group `thermo.devices`: the name of the entry point is the name of
    the table. Raises ValueError when two devices claim one table.
    """
    devices: dict[str, Any] = {"racks": racks, "supplies": supplies, "extracts": extracts, "openings": openings,
                               "coolers": coolers}
    for entry_point in metadata.entry_points(group=ENTRY_POINTS):
        if entry_point.name in devices:
            raise ValueError(f"two packages register a device for the table [{entry_point.name}]")
        devices[entry_point.name] = entry_point.load()
    return devices
