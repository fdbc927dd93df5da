"""Whole files that appear under their final name complete or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY_SUFFIX = ".tmp"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path; on leaving, make what was written there durable and rename it to ``path``.

    The data reach the disk before the new name does, and the directory entry is flushed last, so that neither a killed
    process nor a power failure leaves a half-written file under ``path``. If the body raises, the temporary file is
    removed and an existing ``path`` is untouched.
    """
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    try:
        yield temporary
        with open(temporary, "r+b") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_directory(path.parent)


def write_text(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` (UTF-8) in one step."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def flush_directory(path: Path) -> None:
    """Make renames and new names in a directory durable (a no-op where directories cannot be opened)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(path: Path) -> None:
    """Delete what killed writers left in a directory."""
    for stale in path.glob(f"*{TEMPORARY_SUFFIX}"):
        stale.unlink()
