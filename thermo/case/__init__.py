"""What the engineer writes: the case file, its units, its defaults and its messages.

The names below are loaded on first use: the mesh and the flow need only schedules, and run where the packages that
read case files are missing.
"""

from importlib import import_module

_HOMES = {
    "Case": "thermo.case.model",
    "CaseError": "thermo.case.errors",
    "Schedule": "thermo.case.schedule",
    "load_case": "thermo.case.load",
}

__all__ = ["Case", "CaseError", "Schedule", "load_case"]


def __getattr__(name: str):
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'thermo.case' has no attribute {name!r}")
