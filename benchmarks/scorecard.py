"""Rows of the validation scorecard, and the files they are kept in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One number against its reference.

    kind "relative": error = |value / reference - 1|; "absolute": |value - reference|. band: largest error that passes,
    None where nothing is asked; why: what the band rests on. steps and wall_s: cost of the solution it was taken from.
    """

    case: str
    quantity: str
    grid: str
    value: float
    reference: float
    source: str
    band: float | None
    why: str
    kind: str = "relative"
    steps: int = 0
    wall_s: float = 0.0

    @property
    def error(self) -> float:
        difference = abs(self.value - self.reference)
        return difference / abs(self.reference) if self.kind == "relative" else difference

    @property
    def passed(self) -> bool:
        return self.band is None or self.error <= self.band

    def __str__(self) -> str:
        return (
            f"{self.case} {self.quantity} on {self.grid}: {self.value:.7g}, "
            f"reference {self.reference:.7g} ({self.source}), error {self.error:.3g}, band {self.band}"
        )


def keep(rows: Iterable[Row], file: Path) -> None:
    """Put rows into a JSON file, in place of those of the same case, quantity and grid."""
    kept = {(row.case, row.quantity, row.grid): row for row in [*load(file), *rows]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in kept.values()], indent=1) + "\n", encoding="utf-8")


def load(file: Path) -> list[Row]:
    """The rows of a JSON file; none where there is no file."""
    return [Row(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a table, in order of case."""
    lines = [
        "| case | quantity | grid | ours | reference | error | band | | source; why this band | steps | wall s |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: (row.case, row.quantity, len(row.grid), row.grid)):
        factor, unit = (100.0, " %") if row.kind == "relative" else (1.0, "")
        error, band = ("" if e is None else f"{factor * e:.3g}{unit}" for e in (row.error, row.band))
        verdict = "" if row.band is None else "pass" if row.passed else "**FAIL**"
        lines.append(
            f"| {row.case} | {row.quantity} | {row.grid} | {row.value:.7g} | {row.reference:.7g} | {error} | {band} "
            f"| {verdict} | {row.source}; {row.why} | {row.steps or ''} "
            f"| {f'{row.wall_s:.0f}' if row.wall_s else ''} |"
        )
    return "\n".join(lines) + "\n"
