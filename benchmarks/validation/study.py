"""A study: what is run for one reference, and the rows and pictures that come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.validation.bench import Bench
    from benchmarks.validation.row import Row


@dataclass(frozen=True)
class Curve:
    """A line of ours (marks False) or points of the reference (marks True): x and y as they stand on the axes.

    A label that begins with "_" is left out of the legend.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    marks: bool = False


@dataclass(frozen=True)
class Picture:
    """Profiles against data: name of the file, axes (logarithmic: both; logarithmic_x: that one), curves."""

    name: str
    title: str
    x_label: str
    y_label: str
    curves: Sequence[Curve]
    logarithmic: bool = False
    logarithmic_x: bool = False


@dataclass(frozen=True)
class Study:
    """One reference case, or one variant of it.

    name: "folder/variant", the folder being that of the reference data. tier: "A" up to 1e9 cell-steps, "B" up to 3e10,
    "C" larger. measure: runs it on a bench and yields each row and picture as soon as it is there.
    """

    name: str
    tier: str
    what: str
    measure: Callable[[Bench], Iterator[Row | Picture]]
