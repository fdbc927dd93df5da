"""What `thermo validate` does with its options."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks.validation.book import Book
from benchmarks.validation.row import Row
from benchmarks.validation.suite import line, run_studies, selected

GREEN, EXACT_RED = 0, 1


def validate(
    options: argparse.Namespace, say: Callable[[str], None], alarm: Callable[[str], None] | None = None
) -> int:
    """Run or list the studies chosen; 0, or 1 where a row with an exact reference is red.

    say: takes lines; alarm: takes those of red rows. Raises ValueError for an unknown name.
    """
    alarm = alarm or say
    studies = selected(options.names, options.tier or ())
    if options.list:
        finished = Book(options.directory).finished
        for study in studies:
            say(f"{study.name} (tier {study.tier}){', finished' if study.name in finished else ''}: {study.what}")
        return GREEN

    def tell(row: Row) -> None:
        (say if row.passed else alarm)(line(row))

    rows = run_studies(studies, options.directory, options.backend, options.again, options.finest, say, tell)
    gated = [row for row in rows if row.band is not None]
    red, unconfirmed = ([row for row in gated if row.verdict == state] for state in ("red", "unconfirmed"))
    say(f"{len(gated)} rows with a band: {len(gated) - len(red) - len(unconfirmed)} green, {len(red)} red, "
        f"{len(unconfirmed)} outside a reference from memory; {options.directory / 'scorecard.md'}")  # fmt: skip
    for row in (*red, *unconfirmed):
        alarm(str(row))
    return EXACT_RED if any(row.exact for row in red) else GREEN
