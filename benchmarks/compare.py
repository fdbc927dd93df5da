"""Compares two result files of the suite and flags what became slower.

    python -m benchmarks.compare OLD.json NEW.json [--threshold 0.1]

Returns 1 when anything in both files costs more than the threshold beyond its old value.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import load, table
from benchmarks.suite import costs


@dataclass(frozen=True)
class Change:
    """One cost in both files."""

    what: str
    old: float
    new: float

    @property
    def ratio(self) -> float:
        """New over old: above 1 is slower."""
        return self.new / self.old


def changes(old: dict, new: dict) -> list[Change]:
    """Everything that both documents hold, in the order of the new one."""
    before = costs(old)
    return [Change(what, before[what], number) for what, number in costs(new).items() if before.get(what)]


def comparison(found: list[Change], threshold: float) -> str:
    """Markdown table; what is slower than the threshold is marked."""
    rows = [
        [one.what, f"{one.old:.4g}", f"{one.new:.4g}", f"{one.ratio:.3f}",
         "**SLOWER**" if one.ratio > 1.0 + threshold else ""]
        for one in found
    ]  # fmt: skip
    return table(["cost", "old", "new", "new / old", ""], rows)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--threshold", type=float, default=0.1, help="share by which a cost may grow (default 0.1)")
    arguments = parser.parse_args()
    for file in (arguments.old, arguments.new):
        if not file.exists():
            parser.error(f"there is no file {file}")
    found = changes(load(arguments.old), load(arguments.new))
    if not found:
        parser.error("the two files have nothing in common")
    print(comparison(found, arguments.threshold))
    slower = [one for one in found if one.ratio > 1.0 + arguments.threshold]
    print(f"{len(slower)} of {len(found)} costs grew by more than {arguments.threshold:.0%}")
    return 1 if slower else 0


if __name__ == "__main__":
    raise SystemExit(main())
