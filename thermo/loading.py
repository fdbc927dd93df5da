"""Reading a case file with every device that is installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from thermo.case.load import load_case as load_case_with
from thermo.case.model import Case
from thermo.devices.registry import default_registry


def load_case(
    path: str | Path,
    overrides: Iterable[str] = (),
    scenario: str | None = None,
    registry: Mapping[str, Any] | None = None,
) -> Case:
    """Read a case file; see ``thermo.case.load.load_case``. ``registry`` defaults to all installed devices.

    Raises CaseError for whatever cannot be run as it is written.
    """
    return load_case_with(path, default_registry() if registry is None else registry, overrides, scenario)
