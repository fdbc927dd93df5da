"""The parts of the benchmark in their order, and the run that keeps their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import NamedTuple

import kernels
from benchmarks import bandwidth, headline, kernel_table, memory, pressure, sizes
from benchmarks.machine import machine
from benchmarks.openfoam import compare as openfoam
from benchmarks.report import load, markdown, save
from benchmarks.session import Session


class Part(NamedTuple):
    """A module with TITLE, measure(session) -> dict, tables(found) -> Markdown and costs(found) -> {what: number}.

    seconds, quick_seconds: by when a part begins nothing long any more.
    """

    module: ModuleType
    seconds: float
    quick_seconds: float


PARTS = {
    "bandwidth": Part(bandwidth, 30.0, 10.0),
    "kernels": Part(kernel_table, 120.0, 30.0),
    "sizes": Part(sizes, 400.0, 40.0),
    "headline": Part(headline, 240.0, 40.0),
    "pressure": Part(pressure, 240.0, 30.0),
    "memory": Part(memory, 60.0, 20.0),
    "openfoam": Part(openfoam, 900.0, 120.0),
}


def run_suite(
    backend: str = "auto", precision: str = "single", quick: bool = False, directory: Path | None = None,
    parts: Sequence[str] = (), limit: float | None = None, say: Callable[[str], None] = print,
) -> Path:  # fmt: skip
    """Measure `parts` (all when none is named) and write them into the result files; returns the folder of these.

    `directory` None: benchmarks/results/<label of the machine> below the current folder. A part that is finished is
    written at once; parts that are already in the file and not named stay. limit: s, in place of each part's own.
    Raises ValueError for an unknown part, kernels.BackendUnavailable.
    """
    if unknown := [name for name in parts if name not in PARTS]:
        raise ValueError(f"there is no part {', '.join(unknown)} of the benchmark: {', '.join(PARTS)}")
    opened = kernels.open_backend(backend, precision)
    about = machine(opened)
    folder = directory or Path("benchmarks", "results", about["label"])
    file = folder / f"{opened.name}_{precision}.json"
    document = load(file) | {"backend": opened.name, "precision": precision, "machine": about}
    say(f"{opened.name}, {precision} precision: {opened.reason}")
    session = Session(opened, quick, say)
    for name in [name for name in PARTS if not parts or name in parts]:
        part = PARTS[name]
        say(f"{part.module.TITLE} ...")
        begin = perf_counter()
        session.deadline = begin + (limit or (part.quick_seconds if quick else part.seconds))
        found = part.module.measure(session)
        document["parts"][name] = {
            "quick": quick, "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "wall_s": perf_counter() - begin, "text": part.module.tables(found), "found": found,
        }  # fmt: skip
        write(file, document)
    say(f"results in {folder}")
    return folder


def write(file: Path, document: dict) -> None:
    """The result file and its Markdown, parts in their order."""
    document["parts"] = {name: document["parts"][name] for name in PARTS if name in document["parts"]}
    save(file, document)
    titles = {name: PARTS[name].module.TITLE for name in document["parts"]}
    file.with_suffix(".md").write_text(markdown(document, titles), encoding="utf-8")


def costs(document: dict) -> dict[str, float]:
    """Every number of a result file that should be small, by what it is."""
    return {
        what: number
        for name, part in document["parts"].items()
        for what, number in PARTS[name].module.costs(part["found"]).items()
    }
