"""What a value of the case may refer to while it is read: levels, grid, weather, names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from thermo.case.schedule import Schedule
from thermo.case.units import TEMPERATURE, InTime, refuse

_GRID_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def to_nanometre(length: float) -> float:
    """A sum of lengths (m) without the last digits, which are round-off: 0.8 + 1.1 is 1.9."""
    return round(length, 9)


@dataclass(frozen=True)
class Grid:
    """The raised-floor grid: columns A, B, ... along x and rows 01, 02, ... along y from `origin` (m), `pitch` in m."""

    origin: tuple[float, float]
    pitch: float

    def corner(self, reference: str) -> tuple[float, float]:
        """Low corner (x, y) of the tile "I04"."""
        match = _GRID_REFERENCE.fullmatch(reference)
        if not match or int(match[2]) < 1:
            raise refuse(f"{reference!r} is not a grid reference", 'a column and a row such as "I04", or [x, y]')
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        return (to_nanometre(self.origin[0] + (column - 1) * self.pitch),
                to_nanometre(self.origin[1] + (int(match[2]) - 1) * self.pitch))


@dataclass(frozen=True)
class Context:
    """Names of the same file that are known before a value is read.

    `levels` name -> height (m); `named_points` raw points of spaces and probes; `monitor_kinds` id -> kind of quantity;
    `floor` height on which racks stand by default (m); `outside` temperature of the weather of the run (K) or None;
    `directory` the folder of the case file, for relative paths.
    """

    levels: dict[str, float] = field(default_factory=dict)
    grid: Grid | None = None
    named_points: dict[str, Any] = field(default_factory=dict)
    monitor_kinds: dict[str, str] = field(default_factory=dict)
    floor: float = 0.0
    outside: float | Schedule | None = None
    directory: Path = Path()

    @classmethod
    def of(cls, info: ValidationInfo) -> Context:
        """The context of a validation; an empty one when a model is built from Python."""
        return info.context or cls()


def with_outside_temperature(data: dict[str, Any], key: str, info: ValidationInfo) -> dict[str, Any]:
    """`data` with the dry bulb of the run's weather under `key` where nothing is written and the run has a weather."""
    outside = Context.of(info).outside
    return data if key in data or outside is None else {**data, key: InTime(TEMPERATURE).write(outside)}
