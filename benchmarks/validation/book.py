"""The file that finished rows are kept in, and the scorecard written from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.validation.row import Row
from benchmarks.validation.scorecard import markdown


class Book:
    """rows.json and scorecard.md of a folder: rows, and which studies are finished.

    Every change begins from what the file holds then, so two programs may fill one folder with different studies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "rows.json"
        self.read()

    def read(self) -> None:
        """What the file holds now."""
        found = json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        self.rows = [Row(**entry) for entry in found.get("rows", ())]
        self.finished: list[str] = found.get("finished", [])

    def keep(self, row: Row) -> None:
        """Put a row in place of that of the same case, quantity and grid, on disk at once."""
        self.read()
        kept = {old.key: old for old in self.rows} | {row.key: row}
        self.rows = list(kept.values())
        self._write()

    def begin(self, study: str) -> None:
        """What stands there of a study is no longer its last word."""
        self.read()
        self.finished = [name for name in self.finished if name != study]
        self._write()

    def finish(self, study: str, found: Iterable[Row]) -> None:
        """The study is done: rows of it that were not found again are dropped."""
        self.read()
        keys = {row.key for row in found}
        self.rows = [row for row in self.rows if row.case != study or row.key in keys]
        self.finished = [*(name for name in self.finished if name != study), study]
        self._write()

    def write_scorecard(self, order: Sequence[str], settings: Sequence[str], pictures: Sequence[str]) -> None:
        """scorecard.md, studies in this order."""
        self.read()
        text = markdown(self.rows, order, settings, pictures)
        (self.folder / "scorecard.md").write_text(text, encoding="utf-8")

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        content = {"finished": sorted(self.finished), "rows": [asdict(row) for row in self.rows]}
        partial = self._file.with_suffix(".part")
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        partial.replace(self._file)
