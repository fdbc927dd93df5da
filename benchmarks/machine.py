"""The machine that was measured: a label from its processor, and what a reader needs to know of it."""

from __future__ import annotations

import platform
import re
from typing import Any

import numpy as np
import psutil

from kernels import Backend
from thermo.version import program_version


def machine(backend: Backend) -> dict[str, Any]:
    """Processor or GPU, cores, memory, versions. No name of the host and no path."""
    details = backend.details()
    found = {key: details[key] for key in ("device", "compiler", "threads", "driver", "runtime") if key in details}
    return {
        "label": label(details["device"], psutil.cpu_count() or 1, backend.name == "cuda"),
        **found,
        "cores": psutil.cpu_count(),
        "memory": f"{details['memory_bytes'] / 1e9:.1f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "thermo": program_version(),
    }


def label(device: str, cores: int, is_gpu: bool) -> str:
    """Name of the machine's folder: "amd-epyc-7763-8-cores", "nvidia-h200"."""
    words = re.sub(r"\(R\)|\(TM\)|@.*|\b(CPU|Processor|\d+-Core)\b", " ", device)
    name = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return name if is_gpu else f"{name}-{cores}-core{'s' if cores > 1 else ''}"
