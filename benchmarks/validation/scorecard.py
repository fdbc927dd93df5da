"""The scorecard as Markdown: what is red first, then a table for every case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from benchmarks.validation.row import Row

COLUMNS = (
    "variant: quantity", "grid", "ours", "reference", "error", "band", "", "evidence", "source", "why this band",
    "steps", "wall s",
)  # fmt: skip
SHOWN = {"green": "green", "red": "🟥 **RED**", "unconfirmed": "🟧 unconfirmed"}
HEAD = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]


def markdown(rows: Iterable[Row], order: Sequence[str], settings: Sequence[str], pictures: Sequence[str]) -> str:
    """The whole scorecard.

    order: names of the studies, of which alone rows are shown. settings: lines that say what is common to all rows.
    pictures: names of the files beside it, without their ending.
    """
    place = {name: number for number, name in enumerate(order)}
    folders = list(dict.fromkeys(_folder(name) for name in order))
    rows = sorted((row for row in rows if row.case in place),
                  key=lambda row: (folders.index(_folder(row.case)), place[row.case]))  # fmt: skip
    gated = [row for row in rows if row.band is not None]
    red, unconfirmed = ([row for row in gated if row.verdict == state] for state in ("red", "unconfirmed"))
    text = [
        "# Validation scorecard", "",
        "Written by `thermo validate`. A row is green when its error is within its band; rows of coarser grids, "
        "without a band, show the convergence. Evidence: X exact, F read in a source, M from memory (not compared "
        "with the paper, so it gates nothing: outside its band a row is unconfirmed, not red), M+F from memory and "
        "confirmed by a copy. What the cases are and why rows lie outside their bands: "
        "[docs/validation.md](../../../docs/validation.md).", "",
        "Common to all rows:", "", *(f"* {line}" for line in settings), "",
        "| tier | rows with a band | green | red | outside a reference from memory |", "|---|---|---|---|---|",
        *(_count(tier, [row for row in gated if row.tier == tier]) for tier in "ABC"), "",
    ]  # fmt: skip
    for title, outside in (("Red rows", red), ("Outside a reference from memory", unconfirmed)):
        if outside:
            text += [f"## {title}", "", *HEAD, *(_line(row, whole=True) for row in outside), ""]
    for folder, group in groupby(rows, key=lambda row: _folder(row.case)):
        members = list(group)
        text += [f"## {folder}", "", *HEAD, *map(_line, members), ""]
        settings_here = sorted({f"{row.case}: {row.settings}" for row in members if row.settings})
        if settings_here:
            text += ["Own settings: " + "; ".join(settings_here) + ".", ""]
        text += [f"![{name}]({name}.png)" for name in pictures if name.startswith(folder)]
        text += [""]
    return "\n".join(text).rstrip("\n") + "\n"


def _folder(case: str) -> str:
    return case.split("/")[0]


def _count(tier: str, gated: Sequence[Row]) -> str:
    verdicts = [row.verdict for row in gated]
    return f"| {tier} | {len(gated)} | " + " | ".join(str(verdicts.count(state)) for state in SHOWN) + " |"


def _line(row: Row, whole: bool = False) -> str:
    folder, _, variant = row.case.partition("/")
    case = row.case if whole else variant
    error, band = (percent(number, row.kind) for number in (row.error, row.band))
    shown = SHOWN.get(row.verdict, "")
    return (
        f"| {f'{case}: ' if case else ''}{row.quantity} | {row.grid} | {row.value:.7g} | {row.reference:.7g} "
        f"| {error} | {band} | {shown} | {row.evidence} | {row.source} | {row.why} | {row.steps or ''} "
        f"| {f'{row.wall_s:.0f}' if row.wall_s >= 0.5 else ''} |"
    )


def percent(number: float | None, kind: str) -> str:
    """An error or a band: relative ones in percent."""
    if number is None:
        return ""
    return f"{100.0 * number:.3g} %" if kind == "relative" else f"{number:.3g}"
