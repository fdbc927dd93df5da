"""A value of the wrong type anywhere gives a CaseError with its line, never another exception."""

import copy
import tomllib

import tomlkit

from tests.case.helpers import FOLDER, HALL, load
from thermo.case import CaseError

WRONG = [True, [[0, 1], [2, 3]], {"a": 1}, "", tomllib.loads("day = 2020-01-01")["day"]]


def _addresses(value, above=()):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield (*above, key)
        yield from _addresses(entry, (*above, key))


def test_wrong_types_everywhere(tmp_path):
    (tmp_path / "jet.csv").write_text((FOLDER / "jet.csv").read_text())
    path = tmp_path / "hall.toml"
    hall = tomllib.loads(HALL.read_text())
    del hall["scenarios"], hall["run"]["without_compiler"]
    refused = 0
    for number, address in enumerate(_addresses(hall)):
        case = copy.deepcopy(hall)
        table = case
        for key in address[:-1]:
            table = table[key]
        table[address[-1]] = WRONG[number % len(WRONG)]
        path.write_text(tomlkit.dumps(case))
        try:
            load(path)
        except CaseError as error:
            assert error.line is not None
            assert error.key
            refused += 1
    assert refused > 0.9 * number  # the rest: tables that may be empty, texts that may be anything
