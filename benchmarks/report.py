"""The result file of a machine: JSON with every part, and the same as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCHEMA = 1
NUMBERS = re.compile(r"\[[-+.\deE,\s]+\]")  # a list of nothing but numbers: written in one line


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def load(file: Path) -> dict[str, Any]:
    """The results in `file`; an empty document where there is none. Raises ValueError for one of another schema."""
    if not file.exists():
        return {"schema": SCHEMA, "parts": {}}
    document = json.loads(file.read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise ValueError(f"{file}: schema {document.get('schema')}, this version reads {SCHEMA}")
    return document


def save(file: Path, document: dict[str, Any]) -> None:
    """Write the document; a reader never sees half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    text = NUMBERS.sub(lambda found: " ".join(found[0].split()), json.dumps(document, indent=1))
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(file)


def markdown(document: dict[str, Any], titles: dict[str, str]) -> str:
    """The document as text: the tables that each part wrote when it was measured, under its title."""
    machine = document["machine"]
    about = ", ".join(f"{key} {value}" for key, value in machine.items() if key not in ("label", "device"))
    lines = [
        f"# {machine['device']}: {document['backend']}, {document['precision']} precision",
        "",
        f"Written by `thermo bench`; {about}. Cells are fluid cells where it says so: the rack room has solid racks in "
        "a fifth of its cells. Other work on a shared machine slows a measurement down; where several were made the "
        "best is given beside the median.",
    ]
    for name, part in document["parts"].items():
        quick = ", quick" if part["quick"] else ""
        lines += ["", f"## {titles[name]}", "", part["text"], f"*{part['wall_s']:.0f} s{quick}, {part['when']}*"]
    return "\n".join(lines) + "\n"
