"""Marks, patches and regions on a given grid."""

import numpy as np
import pytest

from thermo.mesh import Exchange, Material, MeshBuilder, MeshError, Side, box_mesh

X = np.linspace(0.0, 4.0, 9)
Y = np.array([0.0, 0.4, 1.0, 2.0])
Z = np.linspace(0.0, 2.0, 5)
CONCRETE = Material("concrete", 1.6, 2300.0, 880.0)


def test_empty_box_is_closed_all_round():
    mesh = box_mesh(X, Y, Z)
    assert mesh.shape == (4, 3, 8) and mesh.cells == 96
    for axis in range(3):
        closed = np.moveaxis(mesh.closed[axis], 2 - axis, 0)
        assert closed[0].all() and closed[-1].all() and not closed[1:-1].any()
        assert not mesh.slip[axis].any()
    assert len(mesh.regions) == 1 and mesh.regions[0].sealed
    assert mesh.regions[0].volume == pytest.approx(16.0, rel=1e-14)
    np.testing.assert_allclose(mesh.volumes().sum(), 16.0, rtol=1e-14)


def test_periodic_and_free_slip_sides():
    mesh = box_mesh(X, Y, Z, west="periodic", east="periodic", floor="free_slip", ceiling="symmetry")
    assert mesh.x.periodic and not mesh.y.periodic
    assert not mesh.closed[0].any()
    assert mesh.slip[2][0].all() and mesh.slip[2][-1].all() and not mesh.slip[1].any()


def test_moving_and_heated_sides_become_wall_patches():
    mesh = box_mesh(X, Y, Z, ceiling=Side("moving", (1.0, 0.0, 0.0)), west=Side(thermal=("temperature", 300.0)))
    walls = {wall.patch.name: wall for wall in mesh.walls}
    assert set(walls) == {"walls.ceiling", "walls.west"}
    ceiling = walls["walls.ceiling"]
    assert ceiling.velocity == (1.0, 0.0, 0.0) and ceiling.thermal is None and ceiling.patch.inward == -1
    assert ceiling.patch.mesh_area == pytest.approx(8.0) and (ceiling.patch.index[:, 0] == 4).all()
    assert (ceiling.patch.cells[:, 0] == 3).all()
    assert walls["walls.west"].patch.mesh_area == pytest.approx(4.0) and walls["walls.west"].patch.inward == 1


def test_solid_closes_its_faces_and_leaves_the_fluid():
    builder = MeshBuilder(X, Y, Z)
    builder.solid("blocks.b", ((1.0, 0.4, 0.0), (2.0, 2.0, 1.0)), CONCRETE, heat=50.0)
    mesh = builder.build()
    assert mesh.solid.sum() == 2 * 2 * 2 and mesh.materials[mesh.material[0, 1, 2]] is CONCRETE
    assert mesh.closed[0][0, 1, 2:5].all() and not mesh.closed[0][0, 0, 2:5].any()
    assert (mesh.region[mesh.solid == 1] == -1).all() and (mesh.region[mesh.solid == 0] == 0).all()
    (source,) = mesh.heat_sources
    assert source.share.sum() == pytest.approx(1.0, abs=1e-15)
    volumes = mesh.volumes()[tuple(source.cells.T)]
    np.testing.assert_allclose(source.share, volumes / volumes.sum(), rtol=1e-14)


def test_heat_of_an_adiabatic_block_leaves_through_its_free_surface():
    builder = MeshBuilder(X, Y, Z)
    builder.solid("blocks.b", ((1.0, 0.0, 0.0), (2.0, 1.0, 1.0)), heat=120.0)
    mesh = builder.build()
    areas = {wall.patch.name: wall.patch.mesh_area for wall in mesh.walls}
    assert set(areas) == {f"blocks.b.{side}" for side in ("west", "east", "north", "ceiling")}
    assert sum(wall.thermal[1] * wall.patch.mesh_area for wall in mesh.walls) == pytest.approx(120.0, rel=1e-14)
    for wall in mesh.walls:
        assert (mesh.solid[tuple(wall.patch.cells.T)] == 0).all()


def test_block_at_a_periodic_seam_keeps_its_surface_there():
    builder = MeshBuilder(X, Y, Z, {"west": "periodic", "east": "periodic"})
    builder.solid("blocks.b", ((0.0, 0.0, 0.0), (1.0, 2.0, 2.0)), temperature=300.0)
    patches = {wall.patch.name: wall.patch for wall in builder.build().walls}
    assert set(patches) == {"blocks.b.west", "blocks.b.east"}
    assert (patches["blocks.b.west"].cells[:, 2] == 7).all() and (patches["blocks.b.west"].index[:, 2] == 8).all()


def test_panel_divides_and_a_hole_joins_the_regions():
    builder = MeshBuilder(X, Y, Z)
    builder.panel("panels.p", 0, 2.0, resistance=0.4)
    builder.space("hall", (0.1, 0.1, 0.1))
    builder.space("plenum", (3.9, 0.1, 0.1))
    divided = builder.build()
    assert [region.spaces for region in divided.regions] == [("hall",), ("plenum",)]
    assert [region.volume for region in divided.regions] == pytest.approx([8.0, 8.0])
    (wall,) = divided.walls
    assert wall.thermal == ("panel", 0.4) and wall.patch.inward == 0 and wall.patch.mesh_area == pytest.approx(4.0)
    builder.hole("openings.h", 0, 2.0, ((0.4, 0.5), (1.0, 1.0)))
    joined = builder.build()
    assert [region.spaces for region in joined.regions] == [("hall", "plenum")]
    assert joined.walls[0].patch.mesh_area == pytest.approx(4.0 - 0.3)
    with pytest.raises(MeshError, match="not inside a closed panel"):
        builder.hole("openings.again", 0, 2.0, ((0.4, 0.5), (1.0, 1.0)))


def test_air_goes_round_a_panel_through_a_periodic_end():
    for sides, count in (({}, 2), ({"west": "periodic", "east": "periodic"}, 1)):
        builder = MeshBuilder(X, Y, Z, sides)
        builder.panel("panels.p", 0, 2.0)
        assert len(builder.build().regions) == count
    builder.panel("panels.end", 0, 0.0)
    assert len(builder.build().regions) == 2


def test_resisting_faces_join_regions_and_keep_the_flow_of_the_true_area():
    builder = MeshBuilder(X, Y, Z)
    builder.panel("panels.p", 0, 2.0)
    builder.hole("openings.h", 0, 2.0, ((0.4, 0.5), (1.0, 1.0)))
    builder.resistance(
        "openings.h", 0, 2.0, ((0.4, 0.5), (1.0, 1.0)), loss_forward=3.0, loss_backward=5.0, true_area=0.25
    )
    mesh = builder.build()
    (resistance,) = mesh.resistances
    assert len(mesh.regions) == 1 and resistance.patch.inward == 0
    # dp = K rho (Q/A)^2 / 2 must not depend on which area is used
    assert resistance.loss_forward / 0.3**2 == pytest.approx(3.0 / 0.25**2)
    assert resistance.loss_backward / 0.3**2 == pytest.approx(5.0 / 0.25**2)


def test_pressure_opening_unseals_its_region_only():
    builder = MeshBuilder(X, Y, Z)
    builder.panel("panels.p", 0, 2.0)
    builder.opening("openings.o", "east", ((0.4, 0.5), (1.0, 1.0)), loss_in=2.0, true_area=0.25)
    mesh = builder.build()
    assert [region.sealed for region in mesh.regions] == [True, False]
    (opening,) = mesh.openings
    assert (opening.loss_in + 1.0) / 0.3**2 == pytest.approx(3.0 / 0.25**2)
    assert mesh.closed[0][:, :, -1].all() and mesh.slip[0][1, 1, -1] and not mesh.slip[0][0, 0, -1]


def test_port_area_is_shared_out_by_overlap_exactly():
    builder = MeshBuilder(X, Y, Z)
    builder.solid("racks.r", ((1.0, 0.4, 0.0), (2.0, 1.0, 2.0)))
    lower = builder.port("racks.r.lower", 1, 0.4, ((1.13, 0.07), (1.91, 0.83)), -1)
    upper = builder.port("racks.r.upper", 1, 0.4, ((1.13, 0.83), (1.91, 1.97)), -1)
    assert lower.mesh_area == pytest.approx(0.78 * 0.76, rel=1e-14) and lower.true_area == pytest.approx(0.78 * 0.76)
    assert upper.mesh_area == pytest.approx(0.78 * 1.14, rel=1e-14)
    rear = builder.port("racks.r.rear", 1, 1.0, ((1.0, 0.0), (2.0, 2.0)), 1)
    assert rear.mesh_area == pytest.approx(2.0, rel=1e-14)
    builder.exchange(Exchange("racks.r", "rack", lower, rear, 0.5, "volume", 1e4))
    mesh = builder.build()
    assert mesh.slip[1][tuple(lower.index.T)].all() and mesh.closed[1][tuple(lower.index.T)].all()
    assert (mesh.solid[tuple(lower.cells.T)] == 0).all() and (lower.cells[:, 1] == 0).all()


def test_ports_need_a_surface_fluid_and_room():
    builder = MeshBuilder(X, Y, Z)
    builder.solid("racks.r", ((1.0, 0.4, 0.0), (2.0, 1.0, 2.0)))
    with pytest.raises(MeshError, match="lies on nothing"):
        builder.port("supplies.s", 1, 0.4, ((0.6, 0.0), (1.6, 1.0)), -1)
    with pytest.raises(MeshError, match="no fluid touches"):
        builder.port("supplies.s", 1, 0.4, ((1.0, 0.0), (2.0, 1.0)), 1)
    builder.side_port("supplies.a", "west", ((0.0, 0.0), (1.0, 1.0)))
    with pytest.raises(MeshError, match="overlaps another"):
        builder.side_port("supplies.b", "west", ((0.9, 0.9), (2.0, 2.0)))


def test_wall_heat_stops_where_a_port_begins():
    builder = MeshBuilder(X, Y, Z, {"west": Side(thermal=("flux", 10.0))})
    builder.side_port("supplies.a", "west", ((0.1, 0.1), (0.9, 0.7)))
    (wall,) = builder.build().walls
    assert wall.patch.mesh_area == pytest.approx(4.0 - 0.8 * 0.6, rel=1e-14)


def test_off_grid_and_misplaced_objects_are_refused():
    builder = MeshBuilder(X, Y, Z)
    with pytest.raises(MeshError, match="not on a grid face"):
        builder.solid("blocks.b", ((1.1, 0.0, 0.0), (2.0, 1.0, 1.0)))
    builder.solid("blocks.b", ((1.0, 0.0, 0.0), (2.0, 1.0, 1.0)))
    builder.space("hall", (1.5, 0.5, 0.5))
    with pytest.raises(MeshError, match="inside a solid"):
        builder.build()
    with pytest.raises(MeshError, match="outside"):
        builder.probe("p", (9.0, 0.0, 0.0))
    with pytest.raises(ValueError, match="not one of"):
        Side("slippery")


def test_tunnel_through_a_solid_joins_both_sides():
    builder = MeshBuilder(X, Y, Z)
    builder.solid("racks.r", ((1.0, 0.0, 0.0), (2.0, 2.0, 2.0)))
    assert len(builder.build().regions) == 2
    builder.carve("racks.r.tunnel", ((1.0, 0.0, 0.5), (2.0, 0.4, 1.0)))
    assert len(builder.build().regions) == 1


def test_probe_and_plane_find_their_cells():
    builder = MeshBuilder(X, Y, Z)
    builder.probe("p", (0.6, 1.5, 2.0))
    builder.plane("mid", 1, 0.5)
    mesh = builder.build()
    assert mesh.probes["p"] == (3, 2, 1) and mesh.planes["mid"] == (1, 1)


def test_heat_in_the_air_is_shared_out_by_overlap_and_leaves_out_solids():
    builder = MeshBuilder(X, Y, Z)
    builder.solid("blocks.b", ((1.0, 0.0, 0.0), (2.0, 2.0, 2.0)))
    builder.air_heat("sources.s", ((0.25, 0.0, 0.0), (1.5, 2.0, 1.0)), 90.0)
    mesh = builder.build()
    (source,) = mesh.heat_sources
    assert (mesh.solid[tuple(source.cells.T)] == 0).all() and source.share.sum() == pytest.approx(1.0, abs=1e-15)
    shares = {i: source.share[source.cells[:, 2] == i].sum() for i in np.unique(source.cells[:, 2])}
    # the box reaches 0.25 m into the first cell and covers the second, up to the block
    assert shares == pytest.approx({0: 1 / 3, 1: 2 / 3})
