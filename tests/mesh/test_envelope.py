"""Layered walls from the case file to the mesh: layers, wind, sky, sun and ground, and what is refused."""

import pytest

from thermo.case import CaseError
from thermo.case.load import load_case
from thermo.devices.registry import default_registry
from thermo.mesh.build import build_mesh

CASE = """schema = 1
id = "hut"
[building]
box = [[0, 0, 0], [2.0, 2.0, 2.0]]
[weather.summer]
dry_bulb = "34 degC"
wind = { speed = "2 m/s" }
ground_temperature = "18 degC"
[materials]
concrete = { conductivity = 1.6, density = 2300, heat_capacity = 1000 }
foam = { conductivity = 0.035, density = 30, heat_capacity = 1400 }
[constructions.outer]
layers = [{ material = "foam", thickness = "80 mm" }, { material = "concrete", thickness = "150 mm" }]
[constructions.board]
layers = [{ resistance = 0.1 }, { material = "foam", thickness = "20 mm" }]
[walls.ceiling]
construction = "outer"
solar_irradiance = "900 W/m^2"
solar_absorptance = 0.7
[walls.west]
construction = "outer"
outside_coefficient = 8.0
[walls.floor]
construction = "outer"
below = "ground"
[panels.screen]
x = 1.0
rect = [[0, 0], [1.0, 1.0]]
construction = "board"
[mesh]
size = 0.5
[run]
until = 1.0
weather = "summer"
"""


def load(folder, old: str = "", new: str = ""):
    assert not old or CASE.count(old) == 1
    path = folder / "hut.toml"
    path.write_text(CASE.replace(old, new) if old else CASE)
    return load_case(path, default_registry())


def test_walls_of_a_case(tmp_path):
    case = load(tmp_path)
    walls = {wall.patch.name: wall.thermal for wall in build_mesh(case).walls}
    kind, construction, roof = walls["walls.ceiling"]
    assert kind == "construction"
    assert construction.resistance == pytest.approx(0.08 / 0.035 + 0.15 / 1.6)
    assert construction.layers[0].conductivity == 0.035, "outside first"
    assert roof.film == pytest.approx(5.8 + 3.9 * 2.0)
    assert roof.absorbed == pytest.approx(630.0)
    assert roof.sky_factor == 1.0
    assert roof.sky_temperature == pytest.approx(0.0552 * 307.15**1.5)
    _, _, west = walls["walls.west"]
    assert (west.film, west.sky_factor, west.temperature) == (8.0, 0.5, pytest.approx(307.15))
    _, _, floor = walls["walls.floor"]
    assert (floor.film, floor.temperature) == (None, pytest.approx(291.15))
    kind, board, beyond = walls["panels.screen"]
    assert (kind, board.layers[0].resistance, beyond) == ("construction", 0.1, None)


def test_resolved_case_is_the_same(tmp_path):
    case = load(tmp_path)
    again = tmp_path / "again.toml"
    again.write_text(case.resolved_toml())
    assert load_case(again, default_registry()).resolved() == case.resolved()


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('construction = "board"', 'construction = "bord"', "panels.screen.construction", 'did you mean "board"?'),
        ('{ resistance = 0.1 }', '{ material = "foam" }', "thickness", "has a thickness"),
        ('{ material = "foam", thickness = "20 mm" }', '{ resistance = 1 }', "constructions.board.layers", "u_value"),
        ('material = "foam", thickness = "20 mm"', 'material = "fom", thickness = "20 mm"', "material", "foam"),
        ('wind = { speed = "2 m/s" }\n', "", "walls.ceiling.construction", "needs the wind outside"),
        ('ground_temperature = "18 degC"\n', "", "weather.summer", "temperature of the ground"),
        ('outside_coefficient = 8.0', 'u_value = 8.0', "walls.west", "cannot stand beside"),
        ("outside_coefficient = 8.0", "outside_coefficient = 0\noutside_emissivity = 0",
         "walls.west.outside_coefficient", "must be above 0"),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path, old, new, key, words):
    with pytest.raises(CaseError, match=words) as found:
        build_mesh(load(tmp_path, old, new))
    assert key in found.value.key
