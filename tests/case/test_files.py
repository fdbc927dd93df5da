"""Files that are no case at all, and what is written in a case but not built yet."""

import pytest

from tests.case.helpers import HALL, REGISTRY, changed_hall, load
from thermo.case import CaseError
from thermo.case.model import case_model


def refused(path, *overrides, **keywords) -> CaseError:
    with pytest.raises(CaseError) as caught:
        load(path, *overrides, **keywords)
    return caught.value


def test_missing_file(tmp_path):
    error = refused(tmp_path / "none.toml")
    assert str(error) == f"{tmp_path / 'none.toml'}: no such file"


def test_folder_instead_of_a_file(tmp_path):
    assert "cannot be read: Is a directory" in str(refused(tmp_path))


def test_binary_file(tmp_path):
    path = tmp_path / "case.toml"
    path.write_bytes(b"schema = 1\nid = \"a\"\n\x89HDF\r\n\x1a\n\xff\xfe")
    error = refused(path)
    assert (error.line, error.allowed) == (3, "a TOML file")
    assert "is not a text file" in error.message


def test_zero_bytes(tmp_path):
    path = tmp_path / "case.toml"
    path.write_bytes(bytes(64))
    assert "zero bytes" in str(refused(path))


def test_syntax_error_names_its_line(tmp_path):
    error = refused(changed_hall(tmp_path, 'id = "hall"', 'id = hall'))
    assert (error.line, error.allowed) == (3, "a TOML file")
    assert "is not TOML" in error.message


def test_truncated_file_names_its_last_line(tmp_path):
    path = tmp_path / "case.toml"
    text = HALL.read_text()
    cut = text[: text.index('"1200 mm", "2262 mm"')]
    path.write_text(cut)
    error = refused(path)
    assert error.line == cut.count("\n") + 1
    assert "is not TOML" in error.message


def test_key_written_twice(tmp_path):
    error = refused(changed_hall(tmp_path, 'id = "hall"', 'id = "hall"\nid = "room"'))
    assert (error.line, "Cannot overwrite" in error.message) == (4, True)


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path):
    path = changed_hall(tmp_path, 'id = "hall"', 'id = "hall"')
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text().replace("\n", "\r\n").encode())
    assert load(path).resolved() == load().resolved()
    path.write_bytes(path.read_bytes().replace(b'id = "hall"', b'idd = "hall"'))
    assert refused(path).line == 3


def _later() -> list[tuple[str, str]]:
    """(table address, key) of everything in the format that is not built yet."""
    model = case_model(REGISTRY)
    found = [("", key) for key in model.later]
    for table, field in model.model_fields.items():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            found += [(table, key) for key in getattr(kind, "later", {})]
    return found


@pytest.mark.parametrize(("table", "key"), _later())
def test_what_is_not_built_yet_is_refused_by_name(table, key, tmp_path):
    objects = {"weather": "summer", "panels": "raised_floor", "blocks": "column", "monitors": "room",
               "limits": "room", "scenarios": "small", "racks": "Z1", "openings": "door"}
    if not table:
        old, new, address = "schema = 1\n", f"schema = 1\n{key} = 1\n", key
    elif table in ("panels", "monitors", "limits"):
        name = objects[table]
        old, address = f"[{table}]\n", f"{table}.{name}2.{key}"
        new = f"[{table}]\n{name}2 = {{ {key} = 1 }}\n"
    elif table in objects:
        old, address = f"[{table}.{objects[table]}]\n", f"{table}.{objects[table]}.{key}"
        new = f"{old}{key} = 1\n"
    else:
        old, new, address = f"[{table}]\n", f"[{table}]\n{key} = 1\n", f"{table}.{key}"
    error = refused(changed_hall(tmp_path, old, new))
    assert error.key == address
    assert error.message.startswith("not yet supported")
    assert key in changed_hall(tmp_path, old, new).read_text().splitlines()[error.line - 1]


@pytest.mark.parametrize(("old", "new", "key"), [
    ('turbulence = { eddy_viscosity = "1e-3 m^2/s" }', 'turbulence = "k-omega"', "run.turbulence"),
    ('kind = "temperature", at', 'kind = "tracer", at', "monitors.room.kind"),
    ('from = "gpu10"', 'from = "rack/48u-600x1200"', "parts.gpu40.from"),
    ('max = "30 degC"', 'max = "part"', "limits.inlets.max"),
])
def test_values_that_are_not_built_yet_are_refused(old, new, key, tmp_path):
    error = refused(changed_hall(tmp_path, old, new))
    assert error.key == key
    assert "not yet supported" in error.message


def test_override_messages_name_the_command_line():
    error = refused(HALL, 'racks.A01.power="3 Pa"')
    assert str(error).startswith("--set racks.A01.power=\"3 Pa\": racks.A01.power: '3 Pa' is a pressure")
    assert 'did you mean "A01"' in str(refused(HALL, "racks.A1.power=3"))
    assert "is not KEY=VALUE" in str(refused(HALL, "racks.A01.power"))
    assert 'did you mean "power"?' in str(refused(HALL, "racks.A01.pwer=3"))
    assert 'did you mean "floor"' in str(refused(HALL, "levels.flor=1"))
    assert "altitude is not a table" in str(refused(HALL, "site.altitude.x=3"))


def test_unknown_scenario():
    error = refused(HALL, scenario="clod")
    assert 'did you mean "cold"?' in error.message
    assert error.allowed == "small, cold"


def test_contradiction_of_a_scenario_with_the_case_names_the_scenario(tmp_path):
    error = refused(changed_hall(tmp_path, 'until = "90 s"', 'until = "30 s"'))
    assert error.key == "run.average_from"
    assert "(in scenario 'small')" in error.message
