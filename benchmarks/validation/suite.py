"""All studies in their order, and the run that keeps their rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from benchmarks.validation import pictures
from benchmarks.validation.bench import Bench, StudySkipped
from benchmarks.validation.book import Book
from benchmarks.validation.families import FAMILIES
from benchmarks.validation.row import Row
from benchmarks.validation.scorecard import percent
from benchmarks.validation.study import Study
from thermo.flow.setup import Scheme
from thermo.flow.turbulence.model import MODELS, Turbulence

STUDIES: tuple[Study, ...] = tuple(study for family in FAMILIES for study in family.STUDIES)


def selected(names: Sequence[str] = (), tiers: Sequence[str] = ()) -> list[Study]:
    """The studies of these names (with * and ?, or whole folders) and tiers. Raises ValueError for an unknown name."""
    for name in names:
        if not any(_named(study, name) for study in STUDIES):
            raise ValueError(f"there is no validation study {name}; thermo validate --list shows them")
    return [
        study for study in STUDIES
        if (not names or any(_named(study, name) for name in names)) and (not tiers or study.tier in tiers)
    ]  # fmt: skip


def _named(study: Study, name: str) -> bool:
    return fnmatchcase(study.name, name) or study.name.startswith(name.rstrip("/") + "/")


def run_studies(
    studies: Sequence[Study], folder: Path, backend: str = "auto", again: bool = False, finest: int | None = None,
    say: Callable[[str], None] = print, tell: Callable[[Row], None] | None = None,
) -> list[Row]:  # fmt: skip
    """Run studies, keep their rows in `folder`, and write the scorecard; returns the rows of these studies.

    again: also those that are finished there. say: takes lines of progress; tell: takes rows as they are found. Raises
    kernels.BackendUnavailable.
    """
    book = Book(folder)
    tell = tell or (lambda row: say(line(row)))
    for study in studies:
        if study.name in book.finished and not again:
            say(f"{study.name}: finished before (--again runs it again)")
        else:
            _run(study, book, Bench(backend, folder / "states", finest, say), say, tell)
        drawn = sorted(file.stem for file in folder.glob("*.png"))
        book.write_scorecard([study.name for study in STUDIES], common_settings(), drawn)
    names = {study.name for study in studies}
    return [row for row in book.rows if row.case in names]


def _run(study: Study, book: Book, bench: Bench, say: Callable[[str], None], tell: Callable[[Row], None]) -> None:
    began = time.perf_counter()
    say(f"{study.name} (tier {study.tier}): {study.what}")
    book.begin(study.name)
    rows = []
    try:
        for found in study.measure(bench):
            if isinstance(found, Row):
                rows.append(replace(found, tier=study.tier))
                book.keep(rows[-1])
                tell(rows[-1])
            else:
                pictures.draw(found, book.folder)
    except StudySkipped as reason:
        say(f"  skipped: {reason}")
        return
    if bench.finest is None:  # else the study is not what its name says
        book.finish(study.name, rows)
        bench.forget()
    say(f"  {time.perf_counter() - began:.0f} s")


SHOWN = {"green": "green", "red": "RED", "unconfirmed": "outside (reference from memory)"}


def line(row: Row) -> str:
    """A row in one line of plain text."""
    band = f", band {percent(row.band, row.kind)}: {SHOWN[row.verdict]}" if row.verdict else ""
    return (
        f"  {row.quantity}, {row.grid}: {row.value:.6g} (reference {row.reference:.6g}), "
        f"error {percent(row.error, row.kind)}{band}"
    )


def _constants(model: Turbulence) -> str:
    """The numbers of a turbulence model by their names."""
    numbers = {name: value for name, value in vars(model).items() if isinstance(value, float)}
    return ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in numbers.items())


def common_settings() -> list[str]:
    """What is common to all rows, from the program itself."""
    scheme = Scheme()
    return [
        "single precision; three Runge-Kutta stages, one projection per step; skew-symmetric central differences of "
        f"momentum; temperature with the {scheme.limiter.capitalize()} limiter",
        f"Courant number {scheme.courant:g} (sum over the axes, less what diffusion takes)",
        f"pressure: dt |defect| / rho at most {scheme.tolerance:g}, relative residual at most "
        f"{scheme.relative_tolerance:g}",
        *(f"{name}: " + _constants(model) for name, model in MODELS.items()),
        "a case that departs from these says so under its table; none has a constant of its own",
    ]
