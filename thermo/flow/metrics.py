"""One-dimensional metrics of a part, as the kernels want them."""

from typing import Any

import numpy as np

from kernels import GHOST, Backend
from thermo.mesh.axis import Axis
from thermo.mesh.subdomain import Decomposition, Subdomain


def part_metrics(backend: Backend, decomposition: Decomposition, part: Subdomain) -> dict[str, Any]:
    """dx, dxf, rdx, rdxf and the same for y and z: padded device arrays of the backend's precision, in m and 1/m.

    Across a periodic boundary and between parts the ghost values are those of the cells there; at the end of the domain
    they repeat the edge cell. At a domain boundary dxf is half the width of the cell there.
    """
    found = {}
    for number, name in enumerate("xyz"):
        offset, cells = part.offset[2 - number], part.shape[2 - number]
        widths, distances = _padded(decomposition.axes[number])
        cut = slice(offset, offset + cells + 2 * GHOST)
        host = {f"d{name}": widths[cut], f"d{name}f": distances[cut]}
        host |= {f"rd{name}": 1.0 / host[f"d{name}"], f"rd{name}f": 1.0 / host[f"d{name}f"]}
        found |= {key: backend.array(values, backend.real) for key, values in host.items()}
    return found


def _padded(axis: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Widths and centre distances of a whole axis with its ghost layers, float64[n + 4]."""
    widths = np.pad(axis.widths, GHOST, mode="wrap" if axis.periodic else "edge")
    distances = np.empty_like(widths)
    distances[1:] = 0.5 * (widths[1:] + widths[:-1])
    distances[0] = widths[0]
    distances[GHOST : GHOST + axis.n + 1] = axis.centre_distances
    return widths, distances
