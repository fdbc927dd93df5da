"""Initial fields and sources that a Python program gives as functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from thermo.flow import FlowError
from thermo.flow.function_sources import FIELDS
from thermo.mesh.mesh import Mesh
from thermo.simulation.outcome import RunRefused

InSpace = float | Callable[[np.ndarray, np.ndarray, np.ndarray], Any]  # f(x, y, z)
InTime = float | Callable[[np.ndarray, np.ndarray, np.ndarray, float], Any]  # f(x, y, z, t)

ANY = (-np.inf, np.inf)
KELVIN = (100.0, 1500.0)  # what a case may write, too; it tells degC from K


@dataclass(frozen=True)
class Functions:
    """By field: what replaces the initial state of a case, and what is added to the air."""

    initial: Mapping[str, InSpace] = field(default_factory=dict)
    sources: Mapping[str, InTime] = field(default_factory=dict)

    @classmethod
    def of(cls, initial: Mapping[str, InSpace] | None, sources: Mapping[str, InTime] | None) -> Functions:
        """The functions given. Raises RunRefused for a field that has none."""
        found = cls(dict(initial or {}), dict(sources or {}))
        for kind, given in (("initial", found.initial), ("sources", found.sources)):
            for name in given:
                if name not in FIELDS:
                    raise RunRefused(f"{kind}[{name!r}]: no such field; allowed are {', '.join(FIELDS)}")
        return found

    @property
    def source_names(self) -> list[str]:
        return sorted(self.sources)

    def checked_initial(self, mesh: Mesh) -> dict[str, Callable]:
        """The initial fields as the solver wants them. Each raises FlowError for values that cannot be the field."""
        return {
            name: _checked(f"initial[{name!r}]", given, mesh, KELVIN if name == "temperature" else ANY)
            for name, given in self.initial.items()
        }

    def checked_sources(self, mesh: Mesh) -> dict[str, Callable]:
        """The sources as the solver wants them. Each raises FlowError for values that cannot be a source."""
        return {name: _checked(f"sources[{name!r}]", given, mesh, ANY) for name, given in self.sources.items()}

    def notes(self) -> tuple[str, ...]:
        """Lines for the log: the case file does not tell what the functions are."""
        notes = []
        if self.initial:
            notes.append(f"initial {', '.join(sorted(self.initial))} from Python, not from the case")
        if self.sources:
            notes.append(
                f"sources of {', '.join(self.source_names)} from Python: they are not stored with the run, "
                "and must be given again to resume it"
            )
        return tuple(notes)


def _checked(name: str, given: Any, mesh: Mesh, bounds: tuple[float, float]) -> Callable:
    """f(x, y, z[, t]) that never asks for places outside the mesh, and returns finite numbers within the bounds."""
    ends = [(line.faces[0], line.faces[-1]) for line in mesh.axes]

    def function(*point: Any) -> np.ndarray:
        # ghost cells lie outside; where they matter they are copies of cells inside
        places = [np.clip(line, *end) for line, end in zip(point[:3], ends, strict=True)]
        shape = np.broadcast_shapes(*(line.shape for line in places))
        try:
            values = np.asarray(given(*places, *point[3:]) if callable(given) else given, float)
            values = np.broadcast_to(values, shape)
        except (TypeError, ValueError) as error:
            raise FlowError(f"{name} does not give a number for every place: {error}") from error
        if not np.all(np.isfinite(values)):
            raise FlowError(f"{name} gives a number that is not finite")
        low, high = float(values.min()), float(values.max())
        if low < bounds[0] or high > bounds[1]:
            raise FlowError(f"{name} gives {low:g} to {high:g}; allowed is {bounds[0]:g} to {bounds[1]:g} K")
        return values

    return function
