"""Scenes on the grid."""

import dataclasses

import numpy as np
import pytest

from thermo.mesh import MeshError
from thermo.mesh.build import mesh_scene
from thermo.mesh.snap import GridSettings
from thermo.scene import Device, Hole, OutsideOpening, Panel, Port, Scene, Solid, Tunnel

SETTINGS = GridSettings(size=0.15)


def hall(length=4.0, width=3.0, height=2.4):
    return Scene(building=((0.0, 0.0, 0.0), (length, width, height)), heat_capacity=1006.0)


def rack(scene, name, x, y=1.0, tunnels=()):
    """A rack of 0.6 x 1.0 x 2.0 m that takes air in at the south, in two slots."""
    low, high = (x, y, 0.0), (x + 0.6, y + 1.0, 2.0)
    scene.add_solid(Solid(name, (low, high), tunnels=tunnels))
    for slot, bottom, top in (("a", 0.1, 0.8), ("b", 0.8, 1.5)):
        rect = (x, bottom), (x + 0.6, top)
        ports = (Port(f"{name}.{slot}.{side}", name, side, rect) for side in ("south", "north"))
        scene.add_device(Device(f"{name}.{slot}", "rack", *ports, flow=0.2, flow_kind="volume", heat=2500.0))
    return scene


def test_rack_ports_are_shared_out_by_overlap_and_make_no_lines():
    scene = rack(hall(), "racks.A01", 1.0)
    mesh = mesh_scene(scene, SETTINGS)
    assert not np.any(np.isclose(mesh.z.faces, 0.8)) and not np.any(np.isclose(mesh.z.faces, 0.1))
    for exchange in mesh.exchanges:
        assert exchange.intake.mesh_area == pytest.approx(0.42, rel=1e-12)
        assert exchange.discharge.mesh_area == pytest.approx(0.42, rel=1e-12)
        assert exchange.intake.inward == -1 and exchange.discharge.inward == 1
        assert (mesh.solid[tuple(exchange.intake.cells.T)] == 0).all()
    shared = set(map(tuple, mesh.exchanges[0].intake.index)) & set(map(tuple, mesh.exchanges[1].intake.index))
    assert shared, "the face that both slots touch belongs to both in parts"


def test_small_gaps_close_with_a_note_and_larger_ones_are_refused():
    scene = rack(rack(hall(), "racks.A01", 1.0), "racks.A02", 1.608)
    mesh = mesh_scene(scene, SETTINGS)
    assert any("racks.A02: edge at x = 1.608 m moved by -8.0 mm" in note for note in mesh.notes)
    # the ports move along and keep their size
    assert mesh.exchanges[2].intake.true_area == pytest.approx(0.42)
    assert mesh.exchanges[2].intake.mesh_area == pytest.approx(0.42 * 0.608 / 0.6)
    with pytest.raises(MeshError, match="racks.A02.*15 mm between it and racks.A01.*lost flow path"):
        mesh_scene(rack(rack(hall(), "racks.A01", 1.0), "racks.A02", 1.615), SETTINGS)
    with pytest.raises(MeshError, match="racks.A01.*the building.*lost flow path"):
        mesh_scene(rack(hall(), "racks.A01", 0.02), SETTINGS)
    wide = mesh_scene(rack(rack(hall(), "racks.A01", 1.0), "racks.A02", 1.63), SETTINGS)
    assert np.diff(wide.x.faces).min() == pytest.approx(0.03)


def test_thin_block_becomes_a_panel_with_its_resistance():
    scene = hall()
    scene.add_solid(Solid("blocks.wall", ((2.0, 0.0, 0.0), (2.012, 3.0, 2.4)), 0.2, 800.0, 1000.0, exclusive=False))
    mesh = mesh_scene(scene, SETTINGS)
    assert mesh.solid.sum() == 0 and len(mesh.regions) == 2
    (wall,) = mesh.walls
    assert wall.thermal == ("panel", pytest.approx(0.06)) and wall.patch.mesh_area == pytest.approx(7.2)
    assert any("became a panel" in note and "9.6e+03 J/(m2K)" in note for note in mesh.notes)


@pytest.mark.parametrize(
    ("size", "properties", "reason"),
    [((0.012, 0.012), {}, "too thin in two directions"), ((0.012, 1.0), {"temperature": 300.0}, "too thin to carry")],
)
def test_thin_blocks_that_cannot_be_panels_are_refused(size, properties, reason):
    scene = hall()
    scene.add_solid(
        Solid("blocks.b", ((2.0, 1.0, 0.0), (2.0 + size[0], 1.0 + size[1], 2.0)), exclusive=False, **properties)
    )
    with pytest.raises(MeshError, match=f"blocks.b.*{reason}"):
        mesh_scene(scene, SETTINGS)


def test_thin_block_with_a_port_is_refused():
    scene = hall()
    scene.add_solid(Solid("blocks.b", ((1.0, 1.0, 1.0), (2.0, 2.0, 1.012)), exclusive=False))
    port = Port("supplies.s", "blocks.b", "bottom", ((1.0, 1.0), (2.0, 2.0)))
    scene.add_device(Device("supplies.s", "supply", None, port, 1.0, "volume", temperature=290.0))
    with pytest.raises(MeshError, match="blocks.b.*too thin to carry"):
        mesh_scene(scene, SETTINGS)


def test_racks_on_both_sides_of_a_thin_wall_close_no_gap():
    scene = rack(rack(hall(), "racks.A01", 1.0), "racks.A02", 1.615)
    scene.add_solid(Solid("blocks.wall", ((1.6, 1.0, 0.0), (1.615, 2.0, 2.0)), exclusive=False))
    assert mesh_scene(scene, SETTINGS).solid.any()


def test_hole_in_a_panel_joins_its_rooms_and_keeps_its_flow():
    scene = hall()
    scene.add_panel(Panel("panels.p", 0, 2.0, ((0.0, 0.0), (3.0, 2.4))))
    scene.add_panel(Panel("panels.shelf", 2, 1.0, ((0.0, 0.0), (2.0, 3.0))))
    scene.add_hole(Hole("openings.o", "p", ((1.0, 1.008), (1.6, 1.608)), (2.0, 2.0)))
    scene.add_hole(Hole("openings.s", "shelf", ((0.5, 0.5), (1.0, 1.0)), (0.0, 0.0)))
    mesh = mesh_scene(scene, SETTINGS)
    assert len(mesh.regions) == 1
    (resistance,) = mesh.resistances
    # the lower edge of the hole moved 8 mm down to the shelf
    assert resistance.patch.mesh_area == pytest.approx(0.6 * 0.608)
    assert resistance.loss_forward == pytest.approx(2.0 * (0.608 / 0.6) ** 2)
    assert any("openings.o: area 0.36 m2" in note and "+1.33 %" in note for note in mesh.notes)


def test_blocked_hole_is_a_lost_flow_path():
    scene = hall()
    scene.add_panel(Panel("panels.p", 0, 2.0, ((0.0, 0.0), (3.0, 2.4))))
    scene.add_solid(Solid("blocks.b", ((1.4, 1.0, 0.0), (2.0, 2.0, 1.05)), exclusive=False))
    scene.add_hole(Hole("openings.o", "p", ((1.0, 0.9), (1.6, 1.5)), (0.0, 0.0)))
    with pytest.raises(MeshError, match="openings.o.*lost flow path"):
        mesh_scene(scene, SETTINGS)


def test_pressure_opening_gets_lines_and_its_loss():
    scene = hall()
    scene.add_opening(OutsideOpening("openings.o", "ceiling", ((1.03, 0.47), (1.91, 1.33)), (2.0, 3.0), 5.0, 283.15))
    mesh = mesh_scene(scene, SETTINGS)
    (opening,) = mesh.openings
    assert opening.patch.mesh_area == pytest.approx(0.88 * 0.86, rel=1e-12) and opening.patch.inward == -1
    assert (opening.loss_in, opening.loss_out) == pytest.approx((2.0, 3.0))
    assert (opening.pressure, opening.temperature) == (5.0, 283.15)
    assert not mesh.regions[0].sealed


def test_tunnel_is_open_with_its_loss_and_beside_the_ports():
    tunnel = Tunnel("racks.A01.U37-U42", 1, 1.5, 1.78, 2.5)
    mesh = mesh_scene(rack(hall(), "racks.A01", 1.0, tunnels=(tunnel,)), SETTINGS)
    (resistance,) = mesh.resistances
    assert resistance.patch.axis == 1 and resistance.patch.inward == 0
    height = resistance.patch.mesh_area / 0.6
    assert resistance.loss_forward == pytest.approx(2.5 * (height / 0.28) ** 2)
    assert abs(height - 0.28) < 0.15
    i = int(np.searchsorted(mesh.x.faces, 1.3))
    k = int(resistance.patch.index[0, 0])
    inside = (mesh.y.centres > 1.0) & (mesh.y.centres < 2.0)
    assert (mesh.solid[k, inside, i] == 0).all() and not mesh.closed[1][k, 1:-1, i].any()
    ports = {tuple(f) for e in mesh.exchanges for f in e.intake.index}
    assert not ports & {tuple(f) for f in np.argwhere(~mesh.closed[1])}
    assert sum(e.intake.mesh_area for e in mesh.exchanges) <= 2 * 0.42 + 1e-12


def test_given_cells_are_kept_exactly():
    scene = hall()
    scene.add_solid(Solid("blocks.b", ((1.0, 0.75, 0.0), (2.0, 1.5, 1.2)), exclusive=False))
    mesh = mesh_scene(scene, GridSettings(size=np.inf, cells=(8, 8, 4)))
    assert mesh.shape == (4, 8, 8) and mesh.solid.sum() == 2 * 2 * 2
    np.testing.assert_allclose(np.diff(mesh.x.faces), 0.5)
    stretched = mesh_scene(hall(), GridSettings(size=np.inf, cells=(8, 8, 4), stretching=(2.0, 0.0, 0.0)))
    assert np.diff(stretched.x.faces)[0] < 0.3


def test_supply_profile_gives_flow_and_shares():
    scene = hall()
    port = Port("supplies.s", None, "west", ((1.0, 0.5), (2.0, 1.5)))
    scene.add_device(
        Device("supplies.s", "supply", None, port, None, "volume", temperature=290.0, velocity=lambda a, b: a - 1.0)
    )
    (exchange,) = mesh_scene(scene, SETTINGS).exchanges
    assert exchange.flow == pytest.approx(0.5, rel=1e-2) and exchange.weights.sum() == pytest.approx(1.0)
    far = exchange.discharge.index[:, 1] == exchange.discharge.index[:, 1].max()
    assert exchange.weights[far].mean() > 1.5 / exchange.weights.size


def twelve_racks(mirror=False):
    """Two rows of six around a hot aisle with panels at its ends and above, and a leak in one of them."""
    length = 6.6
    scene = hall(length, 6.0, 3.0)

    def span(low, high):
        return (length - high, length - low) if mirror else (low, high)

    for row, y, front, rear in (("A", 1.2, "south", "north"), ("B", 3.6, "north", "south")):
        for n in range(6):
            x0, x1 = span(1.2 + 0.6 * n, 1.8 + 0.6 * n)
            name = f"racks.{row}{n}"
            scene.add_solid(Solid(name, ((x0, y, 0.0), (x1, y + 1.2, 2.0))))
            rect = (x0, 0.1), (x1, 1.9)
            ports = (Port(f"{name}.{side}", name, side, rect) for side in (front, rear))
            scene.add_device(Device(name, "rack", *ports, flow=0.8, flow_kind="volume", heat=1e4))
    for name, x in (("low", 1.2), ("high", 4.8)):
        scene.add_panel(Panel(f"panels.{name}", 0, span(x, x)[0], ((2.4, 0.0), (3.6, 2.0))))
    x0, x1 = span(1.2, 4.8)
    scene.add_panel(Panel("panels.roof", 2, 2.0, ((x0, 2.4), (x1, 3.6))))
    scene.add_hole(Hole("openings.leak", "low", ((2.7, 0.03), (3.3, 0.17)), (1.8, 1.8)))
    x0, x1 = span(2.03, 3.1)
    scene.add_hole(Hole("openings.return", "roof", ((x0, 2.6), (x1, 3.4)), (0.0, 0.0)))
    scene.spaces = {"hall": (span(0.5, 0.5)[0], 0.5, 1.0), "hot": (span(3.0, 3.0)[0], 3.0, 1.0)}
    return scene


def test_twelve_rack_hall():
    mesh = mesh_scene(twelve_racks(), GridSettings(size=0.15))
    assert mesh.solid.any() and len(mesh.exchanges) == 12
    volumes = mesh.volumes()
    assert volumes[mesh.solid == 1].sum() == pytest.approx(12 * 0.6 * 1.2 * 2.0)
    assert [region.spaces for region in mesh.regions] == [("hall", "hot")]
    assert sum(region.volume for region in mesh.regions) == pytest.approx(6.6 * 6.0 * 3.0 - 12 * 0.6 * 1.2 * 2.0)
    tight = twelve_racks()
    tight.holes.clear()
    regions = mesh_scene(tight, GridSettings(size=0.15)).regions
    assert sorted(region.spaces for region in regions) == [("hall",), ("hot",)]
    hot = next(region for region in regions if region.spaces == ("hot",))
    assert hot.volume == pytest.approx(3.6 * 1.2 * 2.0)


def test_mirrored_scene_gives_the_mirrored_mesh():
    mesh = mesh_scene(twelve_racks(), GridSettings(size=0.11, growth=1.2))
    mirrored = mesh_scene(twelve_racks(mirror=True), GridSettings(size=0.11, growth=1.2))
    np.testing.assert_allclose(mirrored.x.faces, 6.6 - mesh.x.faces[::-1], atol=1e-12)
    np.testing.assert_array_equal(mirrored.solid, mesh.solid[:, :, ::-1])
    np.testing.assert_array_equal(mirrored.region, mesh.region[:, :, ::-1])
    for axis in range(3):
        np.testing.assert_array_equal(mirrored.closed[axis], mesh.closed[axis][:, :, ::-1])
        np.testing.assert_array_equal(mirrored.slip[axis], mesh.slip[axis][:, :, ::-1])


def test_refinement_is_fine_where_it_is_asked_for():
    box = ((1.0, 1.0, 0.0), (2.0, 2.0, 1.0))
    coarse = mesh_scene(hall(), GridSettings(size=0.2))
    fine = mesh_scene(hall(), dataclasses.replace(GridSettings(size=0.2), refinements=((box, (0.05,) * 3),)))
    inside = (fine.x.faces[:-1] >= 1.0) & (fine.x.faces[1:] <= 2.0)
    assert fine.x.widths[inside].max() <= 0.05 * 1.15 and fine.cells < 15 * coarse.cells
