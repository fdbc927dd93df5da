"""From case files to meshes, and what is refused on the way."""

from pathlib import Path

import numpy as np
import pytest

from thermo.case import CaseError
from thermo.case.load import load_case
from thermo.devices.registry import default_registry
from thermo.mesh.build import build_mesh, grid_axes

TUTORIALS = Path(__file__).parents[2] / "cases" / "tutorials"

HALL = """schema = 1
id = "hall"
[building]
box = [[0, 0, 0], [4.0, 3.0, 2.4]]
[spaces]
hall = [0.2, 0.2, 1.0]
[racks.A01]
position = [1.2, 1.0]
size = [0.6, 1.0, 2.0]
facing = "-y"
power = "5 kW"
airflow = "0.4 m^3/s"
[mesh]
size = 0.15
[run]
until = 1.0
"""


def mesh_of(tmp_path, text, **options):
    file = tmp_path / "case.toml"
    file.write_text(text)
    return build_mesh(load_case(file, default_registry(), **options))


def refused(tmp_path, text):
    with pytest.raises(CaseError) as error:
        mesh_of(tmp_path, text)
    assert error.value.file.endswith("case.toml")
    return error.value, text.splitlines()[error.value.line - 1]


def tutorial(name, **options):
    return build_mesh(load_case(TUTORIALS / f"{name}.toml", default_registry(), **options))


def test_hot_aisle_hall():
    mesh = tutorial("hot_aisle")
    assert mesh.cells >= 80_000
    (region,) = mesh.regions
    assert set(region.spaces) == {"cold_aisle_A", "cold_aisle_B", "hot_aisle"} and not region.sealed
    racks = [e for e in mesh.exchanges if e.kind == "rack"]
    assert len(racks) == 48
    assert sum(e.flow for e in racks) == pytest.approx(12 * 0.75)
    assert sum(e.heat for e in racks) == pytest.approx(120e3)
    assert {r.name for r in mesh.resistances} == {"racks.A03.U1-U8", "openings.leak_west", "openings.leak_east"}
    slot_areas = [e.intake.mesh_area for e in racks if not e.name.startswith("racks.A03")]
    np.testing.assert_allclose(slot_areas, 0.6 * 11 * 0.04445, rtol=1e-9)


def test_hot_aisle_is_closed_but_for_the_written_leaks(tmp_path):
    text = (TUTORIALS / "hot_aisle.toml").read_text()
    for name in ("leak_west", "leak_east"):
        start = text.index(f"[openings.{name}]")
        text = text[:start] + text[text.index("\n[", start + 1) :].lstrip("\n")
    text = text.replace(text[text.index("missing_blanking") : text.index("blanking_loss")], "")
    text = text[: text.index("[assumed]")].replace('leak_west = { kind = "flow", through = "openings.leak_west" }', "")
    # closed off, each cold aisle has only its supply: the hall cannot balance
    error, line = refused(tmp_path, text)
    assert "unbalanced" in error.message and "supply" in error.message


def test_axes_are_known_before_the_mesh_is_made():
    case = load_case(TUTORIALS / "hot_aisle.toml", default_registry())
    for axis, of_mesh in zip(grid_axes(case), build_mesh(case).axes, strict=True):
        np.testing.assert_array_equal(axis.faces, of_mesh.faces)


def test_small_variant_of_the_hot_aisle():
    mesh = tutorial("hot_aisle", scenario="small")
    assert 10_000 <= mesh.cells < 40_000


def test_sealed_hall_is_sealed_and_balanced():
    mesh = tutorial("sealed_hall")
    (region,) = mesh.regions
    assert region.sealed and mesh.openings == ()
    assert sum(e.heat for e in mesh.exchanges) == pytest.approx(0.0, abs=1e-9)
    assert tutorial("sealed_hall", scenario="hour").cells < 10_000


def test_racks_stand_in_a_sealed_hall(tmp_path):
    mesh = mesh_of(tmp_path, HALL)
    assert mesh.regions[0].spaces == ("hall",) and mesh.regions[0].sealed


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("[mesh]", '[blocks.b]\nbox = [[1.0, 0.8, 0], [1.5, 1.5, 2]]\n[mesh]', "overlaps blocks.b", "[racks.A01]"),
        ("[1.2, 1.0]", "[3.6, 1.0]", "outside the building", "[racks.A01]"),
        ("[1.2, 1.0]", "[1.2, 1.985]", "lost flow path", "[racks.A01]"),
        ("hall = [0.2, 0.2, 1.0]", "hall = [1.5, 1.5, 1.0]", "inside a solid", "hall = [1.5, 1.5, 1.0]"),
        (
            "[mesh]",
            '[supplies.s]\nin = "building.floor"\nrect = [[0, 0], [1, 1]]\nflow = "1 kg/s"\ntemperature = 18\n[mesh]',
            "no outlet: the sealed region of hall has supply 1 kg/s, extract 0 kg/s",
            "[supplies.s]",
        ),
        (
            "[mesh]",
            '[supplies.s]\nin = "building.floor"\nrect = [[3, 0], [5, 1]]\nflow = "1 kg/s"\ntemperature = 18\n[mesh]',
            "lies on nothing",
            "[supplies.s]",
        ),
    ],
)
def test_what_cannot_stand_is_refused_where_it_is_written(tmp_path, old, new, message, line):
    error, written = refused(tmp_path, HALL.replace(old, new))
    assert message in error.message and written == line


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('[blocks.b]\nbox = [[3.0, 1.0, 0], [3.5, 1.5, 1]]\nheat = [["0 s", 10.0], ["1 h", 20.0]]\n', "blocks.b.heat"),
        ('[walls.west]\nu_value = 1.0\noutside_temperature = [["0 s", 10.0], ["1 h", 20.0]]\n', "walls.west.outside"),
        (
            '[openings.o]\nin = "building.west"\nto = "outside"\nrect = [[0, 0], [1, 1]]\nloss_coefficient = 1\n'
            'temperature = [["0 s", 10.0], ["1 h", 20.0]]\n',
            "openings.o.temperature",
        ),
    ],
)
def test_tables_in_time_that_the_solver_cannot_follow_are_refused(tmp_path, table, key):
    error, _ = refused(tmp_path, HALL.replace("[mesh]", table + "[mesh]"))
    assert "not yet supported" in error.message and error.key.startswith(key)


def test_unbalanced_sealed_region_is_refused_with_the_numbers(tmp_path):
    ports = (
        '[supplies.s]\nin = "building.floor"\nrect = [[0, 0], [1, 1]]\nflow = "1.0 kg/s"\ntemperature = 18\n'
        '[extracts.e]\nin = "building.ceiling"\nrect = [[0, 0], [1, 1]]\nflow = "{} kg/s"\n[mesh]'
    )
    mesh_of(tmp_path, HALL.replace("[mesh]", ports.format("1.0")))
    error, _ = refused(tmp_path, HALL.replace("[mesh]", ports.format("0.8")))
    assert "unbalanced" in error.message and "supply 1 kg/s, extract 0.8 kg/s" in error.message


def test_walls_and_refinement_reach_the_mesh(tmp_path):
    text = HALL.replace("[mesh]", '[walls.west]\ntemperature = 30\n[walls.ceiling]\nkind = "free_slip"\n[mesh]')
    text = text.replace("size = 0.15", 'size = 0.15\nrefine = [{ at = "racks.A*", size = 0.05, height = 0.2 }]')
    mesh = mesh_of(tmp_path, text)
    (wall,) = mesh.walls
    assert wall.patch.name == "walls.west" and wall.thermal == ("temperature", pytest.approx(303.15))
    assert mesh.slip[2][-1].all()
    inside = (mesh.z.centres > 0) & (mesh.z.centres < 2.2)
    assert mesh.z.widths[inside].max() <= 0.06 < mesh.z.widths.max()
    flat = mesh_of(tmp_path, text.replace("height = 0.2", 'height = 0.2, axes = "z"'))
    assert np.array_equal(flat.z.faces, mesh.z.faces)
    assert flat.x.widths.min() > 0.08 and flat.y.widths.min() > 0.08


def test_doors_and_dampers_that_move(tmp_path):
    """Positions reach the mesh; the rooms on both sides of a door that moves are zones of their own."""
    path = tmp_path / "rooms.toml"
    path.write_text("""schema = 1
id = "rooms"
[building]
box = [[0, 0, 0], [4.0, 2.0, 2.0]]
[spaces]
left = [0.5, 0.5, 0.5]
right = [3.5, 0.5, 0.5]
[panels.wall]
x = 2.0
rect = [[0, 0], [2.0, 2.0]]
[openings.door]
in = "wall"
rect = [[0.5, 0], [1.0, 1.5]]
position = [["0 s", 1.0], ["10 s", 0.0]]
[openings.vent]
in = "building.east"
rect = [[0.5, 0.5], [1.0, 1.0]]
to = "outside"
loss_coefficient = 1.5
temperature = 293.15
position = 0.5
[mesh]
size = 0.25
[run]
until = 1.0
""")
    mesh = build_mesh(load_case(path, default_registry()))
    assert mesh.resistances[0].name == "openings.door"
    assert mesh.resistances[0].state.at(5.0) == 0.5
    assert mesh.openings[0].state == 0.5
    assert [region.spaces for region in mesh.regions] == [("left",), ("right",)]
    assert not any(region.sealed for region in mesh.regions), "the door may open it"
