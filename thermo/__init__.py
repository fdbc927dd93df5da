"""thermo: airflow and heat in data-centre rooms.

    case = thermo.load_case("cases/tutorials/hot_aisle.toml")
    run = thermo.run(case, directory="runs/hot_aisle")
    run.fields().temperature

The names below are loaded on first use, so that importing one layer never needs the others.
"""

from importlib import import_module

_HOMES = {
    "load_case": "thermo.loading",
    "CaseError": "thermo.case",
    "run": "thermo.simulation",
    "Run": "thermo.results",
}

__all__ = list(_HOMES)


def __getattr__(name: str):
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'thermo' has no attribute {name!r}")
