"""The one error of the case layer: what is wrong, where it was written, and what is allowed."""

from __future__ import annotations

from pathlib import Path


class CaseError(Exception):
    """A case that cannot be run as it is written.

    `file` and `line` (from 1) say where the value was written, `key` is its address ("racks.A03.power"), `allowed` what
    may stand there. All four may be unknown; the text names those that are known.
    """

    def __init__(self, message: str, file: str | Path | None = None, line: int | None = None,
                 key: str | None = None, allowed: str | None = None) -> None:
        super().__init__(message, file, line, key, allowed)
        self.message = message
        self.file = None if file is None else str(file)
        self.line = line
        self.key = key
        self.allowed = allowed

    def __str__(self) -> str:
        place = self.file or ""
        if self.file and self.line is not None:
            place += f":{self.line}"
        head = ": ".join(part for part in (place, self.key, self.message) if part)
        return f"{head} (allowed: {self.allowed})" if self.allowed else head
