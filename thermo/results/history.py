"""Text files that grow by whole lines and can be cut back to an earlier length."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path


class LineFile:
    """Appends whole lines. A line cut short by a killed process is dropped when the file is opened again."""

    def __init__(self, path: Path, length: int | None = None):
        """``length``: bytes to keep (those a checkpoint vouches for); None keeps every whole line."""
        self._path = path
        if path.exists():
            _cut(path, _whole_lines(path) if length is None else length)
        self._stream = path.open("a", encoding="utf-8", newline="")  # noqa: SIM115 (kept open: see close)

    def append(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()

    def flush_to_disk(self) -> int:
        """Make the lines durable; return the length in bytes for a checkpoint."""
        os.fsync(self._stream.fileno())
        return self._path.stat().st_size

    def close(self) -> None:
        self._stream.close()


class History:
    """``history.csv``: one line of readings per call, the columns fixed by the first line.

    Numbers are written with the shortest digits that read back to the same float, so two histories can be compared bit
    for bit.
    """

    def __init__(self, path: Path, length: int | None = None):
        self._file = LineFile(path, length)
        with open(path, encoding="utf-8", newline="") as stream:
            self._columns = next(csv.reader(stream), None)

    def append(self, readings: Mapping) -> None:
        """Add a line. Nested mappings and sequences become dotted columns: ``probes.inlet``, ``p0.0``.

        A reading that is missing leaves its cell empty. Raises ValueError for one that the first line had not.
        """
        values = dict(flatten(readings))
        if self._columns is None:
            self._columns = list(values)
            self._file.append(_csv_line(self._columns))
        unknown = set(values).difference(self._columns)
        if unknown:
            raise ValueError(f"the history has no column for {', '.join(sorted(unknown))}")
        self._file.append(_csv_line([_cell(values.get(column)) for column in self._columns]))

    def flush_to_disk(self) -> int:
        return self._file.flush_to_disk()

    def close(self) -> None:
        self._file.close()


def flatten(readings: Mapping, prefix: str = "") -> Iterator[tuple[str, float | int | str]]:
    """Dotted names and plain numbers of nested readings."""
    for key, value in readings.items():
        name = f"{prefix}{key}"
        value = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(value, Mapping):
            yield from flatten(value, f"{name}.")
        elif isinstance(value, (list, tuple)):
            yield from flatten(dict(enumerate(value)), f"{name}.")
        else:
            yield name, value


def _cell(value: float | int | str | None) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def _csv_line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def _whole_lines(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1


def _cut(path: Path, length: int) -> None:
    if path.stat().st_size > length:
        os.truncate(path, length)
