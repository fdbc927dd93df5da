"""The objects of a case, as the engineer placed them, for the pictures of a run."""

from __future__ import annotations

from thermo.case.model import Case
from thermo.devices.registry import default_registry
from thermo.results.geometry import Box
from thermo.scene.place import place_case


def object_boxes(case: Case) -> dict[str, Box]:
    """Address -> box of every solid, panel, opening, and port in a wall; flat for all but solids."""
    scene = place_case(case, default_registry())
    addresses = [*scene.solids, *scene.panels, *(opening.name for opening in (*scene.holes, *scene.openings))]
    # the ports of racks and coolers are shown by their boxes
    addresses += [device.name for device in scene.devices if ".".join(device.name.split(".")[:2]) not in scene.solids]
    return {address: scene.boxes_of(address)[0] for address in addresses}
