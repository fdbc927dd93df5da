"""The tables of a case before they are checked, each value with the place where it was written."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thermo.case.errors import CaseError
from thermo.case.lines import Address, line_numbers


@dataclass(frozen=True)
class Origin:
    """Where a value was written: a file and a line, or the command line; `address` as it was written there."""

    file: str
    line: int | None
    address: Address


@dataclass
class Document:
    """A tree of TOML values that can be merged and changed without losing where every value comes from.

    `data` is the tree, `origins` the origin of addresses; an address without one has that of the nearest table above.
    """

    path: Path
    data: dict[str, Any]
    origins: dict[Address, Origin] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a TOML file; raises CaseError for a file that is missing, unreadable, binary or not TOML."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise CaseError("no such file", path) from None
        except OSError as error:
            raise CaseError(f"cannot be read: {error.strerror}", path) from None
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise CaseError(f"is not a text file: byte {error.start} is not UTF-8", path, line,
                            allowed="a TOML file") from None
        if "\0" in text:
            raise CaseError("is not a text file: it has zero bytes", path, allowed="a TOML file")
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _syntax_error(error, text, path) from None
        origins = {address: Origin(str(path), line, address) for address, line in line_numbers(text).items()}
        return cls(path, data, origins)

    def copy(self) -> Document:
        """A document that can be changed without changing this one."""
        return Document(self.path, copy.deepcopy(self.data), dict(self.origins))

    def get(self, address: Address, default: Any = None) -> Any:
        """The value at an address."""
        value: Any = self.data
        for key in address:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return default
        return value

    def table(self, name: str) -> dict[str, Any]:
        """The table of the top level, empty when it is not written; raises CaseError when it is not a table."""
        table = self.data.get(name, {})
        if not isinstance(table, dict):
            raise self.error(f"{table!r} where a table belongs", (name,))
        return table

    def put(self, address: Address, value: Any, origin: Origin) -> None:
        """Write a value, making the tables above it; raises CaseError where one of them is not a table."""
        table = self.data
        for depth, key in enumerate(address[:-1], start=1):
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                raise CaseError(f"{'.'.join(map(str, address[:depth]))} is not a table", origin.file, origin.line,
                                format_address(address))
        self.remove(address)
        table[address[-1]] = value
        self.origins[address] = origin

    def remove(self, address: Address) -> None:
        """Remove a value, if it is there, and its origins."""
        table = self.get(address[:-1])
        value = table.pop(address[-1], None) if isinstance(table, dict) else None
        self.origins.pop(address, None)
        if isinstance(value, (dict, list)):
            for below in [known for known in self.origins if known[: len(address)] == address]:
                del self.origins[below]

    def inherit(self, target: Address, source: Address, exclusive: tuple[tuple[str, ...], ...] = ()) -> None:
        """Copy into the table `target` what `source` has and `target` has not, table by table.

        Of a group of `exclusive` keys nothing is copied when `target` has one of them.
        """
        own = self.get(target)
        for key, value in self.get(source).items():
            taken = any(key in group and any(other in own for other in group) for group in exclusive)
            if isinstance(value, dict) and isinstance(own.get(key), dict):
                self.inherit((*target, key), (*source, key))
            elif key not in own and not taken:
                own[key] = copy.deepcopy(value)
                self._copy_origins((*target, key), (*source, key))

    def _copy_origins(self, target: Address, source: Address) -> None:
        self.origins[target] = self.origin(source)
        if not isinstance(self.get(source), (dict, list)):
            return
        for address, origin in list(self.origins.items()):
            if address[: len(source)] == source:
                self.origins[target + address[len(source):]] = origin

    def origin(self, address: Address) -> Origin:
        """Where the value, or the nearest table above it, was written."""
        for length in range(len(address), 0, -1):
            if address[:length] in self.origins:
                return self.origins[address[:length]]
        return Origin(str(self.path), None, ())

    def error(self, message: str, address: Address = (), allowed: str | None = None) -> CaseError:
        """The error about the value at an address, with file and line; also for a key that is missing."""
        origin = self.origin(address)
        written = origin.address
        if address in self.origins and written != address:
            message += f" (from {format_address(written)})"
        return CaseError(message, origin.file, origin.line, format_address(address) or None, allowed)


def format_address(address: Address) -> str:
    """ "racks.A03.size[0]" """
    text = ""
    for key in address:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else str(key)
    return text


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, path: Path) -> CaseError:
    """tomllib tells the line only in words, and at the end of a truncated file not at all."""
    message, _, place = str(error).rpartition(" (at ")
    if place.startswith("line "):
        line = int(place.removeprefix("line ").split(",")[0])
    else:
        line = text.rstrip("\n").count("\n") + 1
        message += ", the file ends too early"
    return CaseError(f"is not TOML: {message}", path, line, allowed="a TOML file")
