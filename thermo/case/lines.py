"""Where every key of a TOML file stands: address -> line, which no TOML parser of the standard library tells."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Address = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_SPACE_AND_COMMENTS = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_BARE_VALUE = re.compile(r"[^,\]}\n#]+")


def line_numbers(text: str) -> dict[Address, int]:
    """The line (from 1) on which each table, key and array entry of a *valid* TOML text first stands."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks through a valid TOML text once, without reading the values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.lines: dict[Address, int] = {}
        self.last_entry: dict[Address, int] = {}  # index of the newest table of every [[array of tables]]

    def scan(self) -> dict[Address, int]:
        table: Address = ()
        self._skip(_SPACE_AND_COMMENTS)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._key_and_value(table)
            self._skip(_SPACE_AND_COMMENTS)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        self.at = match.end()
        return match[0]

    def _mark(self, address: Address, position: int) -> None:
        for length in range(1, len(address) + 1):
            self.lines.setdefault(address[:length], bisect_right(self.line_starts, position))

    def _header(self) -> Address:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._dotted_key()
        self.at += 2 if is_array else 1
        table: Address = ()
        for key in keys[:-1]:
            table = self._newest(table + (key,))
        table += (keys[-1],)
        if is_array:
            self.last_entry[table] = self.last_entry.get(table, -1) + 1
        table = self._newest(table)
        self._mark(table, start)
        return table

    def _newest(self, table: Address) -> Address:
        return table + (self.last_entry[table],) if table in self.last_entry else table

    def _dotted_key(self) -> Address:
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return tuple(keys)
            self.at += 1

    def _key(self) -> str:
        if self.text[self.at] in "\"'":
            return next(iter(tomllib.loads(f"{self._skip(_STRING)} = 0")))
        return self._skip(_BARE_KEY)

    def _key_and_value(self, table: Address) -> None:
        start = self.at
        address = table + self._dotted_key()
        self._mark(address, start)
        self.at += 1  # =
        self._skip(_SPACE)
        self._value(address)

    def _value(self, address: Address) -> None:
        opening = self.text[self.at]
        if opening in "\"'":
            self._skip(_STRING)
        elif opening == "[":
            self._entries(address, "]")
        elif opening == "{":
            self._entries(address, "}")
        else:
            self._skip(_BARE_VALUE)

    def _entries(self, address: Address, closing: str) -> None:
        """The entries of an array (`]`) or of an inline table (`}`)."""
        self.at += 1
        index = 0
        self._skip(_SPACE_AND_COMMENTS)
        while self.text[self.at] != closing:
            if closing == "}":
                self._key_and_value(address)
            else:
                self._mark(address + (index,), self.at)
                self._value(address + (index,))
            index += 1
            self._skip(_SPACE_AND_COMMENTS)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_SPACE_AND_COMMENTS)
        self.at += 1
