"""Names with * and ?: which objects of a case they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that `pattern` stands for, * any characters and ? one character, in their order."""
    expression = re.compile("".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern))
    return [name for name in names if expression.fullmatch(name)]
