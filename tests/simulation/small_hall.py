"""The small hall as text, with one thing changed."""

from __future__ import annotations

from pathlib import Path

CASE = Path(__file__).with_name("small_hall.toml")


def small_hall(old: str = "", new: str = "") -> str:
    """The text of the case with ``old``, which occurs once, replaced by ``new``."""
    text = CASE.read_text()
    assert not old or text.count(old) == 1
    return text.replace(old, new) if old else text
