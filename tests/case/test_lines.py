"""Line numbers of every way TOML has to write a key."""

import tomllib

import pytest

from tests.case.helpers import HALL
from thermo.case.lines import line_numbers

TEXT = '''# comment with [brackets] and "quotes"
a = 1
b.c = "x # no comment"   # comment
[t."quoted key".'other']
list = [
    1, # one
    [2, 3],
    { x = 1, y = [4,
                  5] },
]
text = """
[not a table]
k = 1 \\""" still
"""
after = \'\'\'
also = not
\'\'\'
[[array]]
n = 1
[[array]]
n = 2
[array.sub]
deep = true
[[array.more]]
m = 2020-01-01T00:00:00
[[array.more]]
"m" = -1.5e3
[u]
"\\u0041" = {}
empty = []
'''

LINES = {
    ("a",): 2, ("b",): 3, ("b", "c"): 3, ("t", "quoted key", "other"): 4,
    ("t", "quoted key", "other", "list", 0): 6, ("t", "quoted key", "other", "list", 1, 1): 7,
    ("t", "quoted key", "other", "list", 2, "y", 1): 9, ("t", "quoted key", "other", "text"): 11,
    ("t", "quoted key", "other", "after"): 15, ("array",): 18, ("array", 0, "n"): 19, ("array", 1, "n"): 21,
    ("array", 1, "sub", "deep"): 23, ("array", 1, "more", 0, "m"): 25, ("array", 1, "more", 1, "m"): 27,
    ("u", "A"): 29, ("u", "empty"): 30,
}


@pytest.mark.parametrize(("address", "line"), LINES.items())
def test_line_of(address, line):
    assert line_numbers(TEXT)[address] == line


@pytest.mark.parametrize("text", [TEXT, HALL.read_text()], ids=["every way", "hall"])
def test_every_value_has_a_line_and_nothing_else_has(text):
    def addresses(value, above=()):
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, entry in entries:
            yield (*above, key)
            yield from addresses(entry, (*above, key))

    assert set(line_numbers(text)) == set(addresses(tomllib.loads(text)))
