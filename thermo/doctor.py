"""What the program finds on this machine: backends, and whether anything else answers to its import names."""

from __future__ import annotations

import platform
import re
import sys
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

import kernels
from thermo.version import DISTRIBUTION, program_version

IMPORT_NAMES = ("thermo", "kernels", "benchmarks")


def print_doctor(console: Console) -> None:
    """Print versions, every backend with device, memory and measured copy rate, and name clashes."""
    console.print(
        f"{DISTRIBUTION} {program_version()}, Python {platform.python_version()}, {sys.platform} {platform.machine()}",
        highlight=False,
    )
    table = Table("backend", "found", "device, or why not", "memory GB", "copy GB/s")
    for backend in kernels.available_backends(bandwidth=True):
        memory, bandwidth = backend.details.get("memory_bytes"), backend.details.get("bandwidth")
        table.add_row(
            backend.name,
            "yes" if backend.found else "no",
            escape(backend.reason),
            f"{memory / 1e9:.1f}" if memory else "–",
            f"{bandwidth / 1e9:.1f}" if bandwidth else "–",
        )
    console.print(table)
    for clash in name_clashes():
        console.print(f"[yellow]warning:[/yellow] {escape(clash)}")


def name_clashes() -> list[str]:
    """A line for each import name that another distribution also claims, or that resolves elsewhere.

    These names also belong to unrelated distributions on the Python package index, or may be folders of other projects.
    """
    clashes = []
    owners = metadata.packages_distributions()
    home = Path(__file__).resolve().parent.parent
    for name in IMPORT_NAMES:
        others = sorted({owner for owner in owners.get(name, ()) if _normalised(owner) != DISTRIBUTION})
        if others:
            clashes.append(
                f"the import name '{name}' is also claimed by the installed distribution {', '.join(others)}: "
                f"uninstall it, or install {DISTRIBUTION} in an environment of its own"
            )
        found = find_spec(name)
        places = [Path(place).resolve() for place in (found.submodule_search_locations or ())] if found else []
        if places != [home / name]:
            where = ", ".join(map(str, places)) or "nothing"
            clashes.append(f"'import {name}' finds {where} instead of {home / name}")
    return clashes


def _normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
