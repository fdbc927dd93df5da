"""Ghost layers filled from neighbouring parts and across periodic boundaries."""

from collections.abc import Sequence
from typing import Any

from kernels import GHOST, Backend, Extent, Node
from thermo.mesh.subdomain import Decomposition, Subdomain


def extent_of(part: Subdomain) -> Extent:
    """The kernels' extent of a part."""
    nz, ny, nx = part.shape
    return Extent(nx, ny, nz)


def exchange_nodes(backend: Backend, decomposition: Decomposition, arrays: Sequence[Any], width: int) -> list[Node]:
    """Nodes that fill `width` (1 or 2) ghost layers of one field, given as the array of every part.

    Axes follow one another, and each copies whole cross-sections with the ghost layers filled before: so edges and
    corners come out right without diagonal neighbours. Fields of cells and of low faces are treated alike: the high
    face of the last cell is the low face of the first ghost cell. The nodes have to run in the order returned.
    """
    nodes = []
    for axis in range(3):
        for number, part in enumerate(decomposition.parts):
            for side, source in enumerate(part.neighbours[axis]):
                if source is not None:
                    pair = (decomposition.parts[source], part)
                    nodes += _copies(backend, axis, side, width, pair, (arrays[source], arrays[number]))
    return nodes


def _copies(
    backend: Backend, axis: int, side: int, width: int, parts: tuple[Subdomain, Subdomain], arrays: tuple[Any, Any]
) -> list[Node]:
    source, destination = (extent_of(part) for part in parts)
    from_cells, to_cells = ((e.nx, e.ny, e.nz)[axis] for e in (source, destination))
    # An axis of one periodic cell is its own image twice over: its layers are copied one by one.
    layers = min(width, from_cells)
    nodes = []
    for layer in range(0, width, layers):
        box = [destination.nx + 2 * GHOST, destination.ny + 2 * GHOST, destination.nz + 2 * GHOST]
        box[axis] = layers
        taken, written = [0, 0, 0], [0, 0, 0]
        if side == 0:
            taken[axis] = GHOST + from_cells - layers
            written[axis] = GHOST - layers - layer
        else:
            taken[axis] = GHOST
            written[axis] = GHOST + to_cells + layer
        offsets = {f"source_{index}": value for index, value in zip("ijk", taken, strict=True)}
        offsets |= {f"destination_{index}": value for index, value in zip("ijk", written, strict=True)}
        nodes.append(
            backend.bind(
                "copy_box_marks" if arrays[0].dtype == backend.mark else "copy_box",
                Extent(*box),
                source=arrays[0],
                destination=arrays[1],
                source_extent=source,
                destination_extent=destination,
                **offsets,
            )
        )
    return nodes
