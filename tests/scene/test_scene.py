"""Objects in space: what may stand where."""

import pytest

from thermo.scene import Device, Hole, OutsideOpening, Panel, PlacementError, Port, Scene, Solid, Source


@pytest.fixture
def scene():
    return Scene(building=((0.0, 0.0, 0.0), (10.0, 6.0, 3.0)), heat_capacity=1006.0)


def test_devices_may_touch_but_not_overlap(scene):
    scene.add_solid(Solid("racks.A01", ((1.0, 1.0, 0.0), (1.6, 2.2, 2.0))))
    scene.add_solid(Solid("racks.A02", ((1.6, 1.0, 0.0), (2.2, 2.2, 2.0))))
    with pytest.raises(PlacementError, match=r"racks.B01: overlaps racks.A02 by 100 x 200 x 2000 mm"):
        scene.add_solid(Solid("racks.B01", ((2.1, 2.0, 0.0), (2.7, 3.2, 2.0))))
    with pytest.raises(PlacementError, match="overlaps racks.A01"):
        scene.add_solid(Solid("blocks.column", ((1.0, 1.0, 0.0), (1.2, 1.2, 3.0)), exclusive=False))


def test_blocks_run_into_each_other_only_if_alike(scene):
    scene.add_solid(Solid("blocks.a", ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)), 1.6, 2300.0, 880.0, exclusive=False))
    scene.add_solid(Solid("blocks.b", ((0.5, 0.0, 0.0), (1.5, 1.0, 1.0)), 1.6, 2300.0, 880.0, exclusive=False))
    with pytest.raises(PlacementError, match="another material"):
        scene.add_solid(Solid("blocks.c", ((0.5, 0.5, 0.0), (1.5, 1.5, 1.0)), exclusive=False))


def test_objects_outside_the_building_are_refused(scene):
    with pytest.raises(PlacementError, match="racks.A01: stands outside the building .*x from 9.5 to 10.1 m"):
        scene.add_solid(Solid("racks.A01", ((9.5, 1.0, 0.0), (10.1, 2.2, 2.0))))
    with pytest.raises(PlacementError, match="outside the building"):
        scene.add_panel(Panel("panels.p", 2, 3.5, ((0.0, 0.0), (10.0, 6.0))))
    with pytest.raises(PlacementError, match="outside the building"):
        scene.add_panel(Panel("panels.p", 2, 2.5, ((0.0, 0.0), (10.0, 6.5))))


def test_holes_and_ports_on_nothing_are_refused(scene):
    scene.add_panel(Panel("panels.ceiling", 2, 2.5, ((2.0, 0.0), (10.0, 6.0))))
    scene.add_panel(Panel("panels.mesh", 0, 2.0, ((0.0, 0.0), (6.0, 2.5)), losses=(3.0, 3.0)))
    with pytest.raises(PlacementError, match="no panel 'floor'"):
        scene.add_hole(Hole("openings.o", "floor", ((3.0, 1.0), (4.0, 2.0)), (0.0, 0.0)))
    with pytest.raises(PlacementError, match="lies on nothing"):
        scene.add_hole(Hole("openings.o", "ceiling", ((1.0, 1.0), (4.0, 2.0)), (0.0, 0.0)))
    with pytest.raises(PlacementError, match="open already"):
        scene.add_hole(Hole("openings.o", "mesh", ((1.0, 1.0), (4.0, 2.0)), (0.0, 0.0)))
    with pytest.raises(PlacementError, match="lies on nothing"):
        scene.add_opening(OutsideOpening("openings.w", "west", ((5.0, 1.0), (7.0, 2.0)), (0.0, 0.0), 0.0, 293.15))
    port = Port("supplies.s", "blocks.duct", "top", ((1.0, 1.0), (2.0, 2.0)))
    with pytest.raises(PlacementError, match="no blocks.duct"):
        scene.add_device(Device("supplies.s", "supply", None, port, 1.0, "volume", temperature=290.0))
    scene.add_solid(Solid("blocks.duct", ((1.0, 1.0, 0.0), (1.5, 2.0, 1.0)), exclusive=False))
    with pytest.raises(PlacementError, match="reaches outside blocks.duct.top"):
        scene.add_device(Device("supplies.s", "supply", None, port, 1.0, "volume", temperature=290.0))
    assert scene.boxes_of("blocks.duct") == [((1.0, 1.0, 0.0), (1.5, 2.0, 1.0))]
    assert scene.boxes_of("panels.mesh") == [((2.0, 0.0, 0.0), (2.0, 6.0, 2.5))]


def test_heat_outside_the_building_or_in_a_solid_is_refused(scene):
    scene.add_solid(Solid("blocks.b", ((1.0, 1.0, 0.0), (2.0, 2.0, 1.0)), exclusive=False))
    with pytest.raises(PlacementError, match="sources.s: stands outside the building"):
        scene.add_source(Source("sources.s", ((1.0, 1.0, 2.0), (2.0, 2.0, 3.5)), 100.0))
    with pytest.raises(PlacementError, match="sources.s: reaches into blocks.b"):
        scene.add_source(Source("sources.s", ((1.5, 1.5, 0.5), (2.5, 2.5, 2.0)), 100.0))
    scene.add_source(Source("sources.s", ((1.0, 1.0, 1.0), (2.0, 2.0, 2.0)), 100.0))
    assert [source.heat for source in scene.sources] == [100.0]
