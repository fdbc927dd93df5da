"""A case placed in space: boxes, panels, openings, ports, devices."""

from thermo.scene.errors import PlacementError
from thermo.scene.scene import Device, Hole, OutsideOpening, Panel, Port, Scene, Solid, Source, Tunnel

__all__ = ["Device", "Hole", "OutsideOpening", "Panel", "PlacementError", "Port", "Scene", "Solid", "Source", "Tunnel"]
