"""The files that finished rows are kept in, and the scorecard written from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.validation.row import Row
from benchmarks.validation.scorecard import markdown


class Book:
    """rows/ and scorecard.md of a folder: for every study a file with its rows, and whether it is finished.

    Programs that run different studies may share one folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = folder / "rows"

    @property
    def rows(self) -> list[Row]:
        """All rows on disk."""
        return [row for study in self._studies() for row in self._read(study)[0]]

    @property
    def finished(self) -> list[str]:
        """Studies that need not run again."""
        return [study for study in self._studies() if self._read(study)[1]]

    def keep(self, row: Row) -> None:
        """Put a row in place of that of the same case, quantity and grid, on disk at once."""
        rows, finished = self._read(row.case)
        kept = {old.key: old for old in rows} | {row.key: row}
        self._write(row.case, kept.values(), finished)

    def begin(self, study: str) -> None:
        """What stands there of a study is no longer its last word."""
        rows, _ = self._read(study)
        self._write(study, rows, False)

    def finish(self, study: str, found: Iterable[Row]) -> None:
        """The study is done: rows of it that were not found again are dropped."""
        keys = {row.key for row in found}
        rows, _ = self._read(study)
        self._write(study, [row for row in rows if row.key in keys], True)

    def write_scorecard(self, order: Sequence[str], settings: Sequence[str], pictures: Sequence[str]) -> None:
        """scorecard.md, studies in this order."""
        text = markdown(self.rows, order, settings, pictures)
        (self.folder / "scorecard.md").write_text(text, encoding="utf-8")

    def _studies(self) -> list[str]:
        files = self._files.rglob("*.json")
        return sorted(file.relative_to(self._files).as_posix().removesuffix(".json") for file in files)

    def _read(self, study: str) -> tuple[list[Row], bool]:
        file = self._files / f"{study}.json"
        if not file.exists():
            return [], False
        found = json.loads(file.read_text(encoding="utf-8"))
        return [Row(**entry) for entry in found["rows"]], found["finished"]

    def _write(self, study: str, rows: Iterable[Row], finished: bool) -> None:
        file = self._files / f"{study}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        content = {"finished": finished, "rows": [asdict(row) for row in rows]}
        partial = file.with_suffix(".part")
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        partial.replace(file)
