"""Which case a checkpoint belongs to."""

from __future__ import annotations

import hashlib
import json
import tomllib

# What may change between two parts of one run: words, and how the march is controlled. All else makes another case.
FREE_KEYS = {"title", "client", "question", "limits"}
FREE_RUN_KEYS = {"until", "courant", "dt", "dt_max", "tolerance", "checkpoint_every", "outputs", "stop"}


def case_identity(resolved_toml: str) -> str:
    """Hash of a resolved case without the keys that may change on resume."""
    content = {key: value for key, value in tomllib.loads(resolved_toml).items() if key not in FREE_KEYS}
    if "run" in content:
        content["run"] = {key: value for key, value in content["run"].items() if key not in FREE_RUN_KEYS}
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
