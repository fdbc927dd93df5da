"""Bytes that one launch of a kernel has to move, counted from the signature table.

Every field, metric and list counts once for each direction, as if caches held what neighbouring cells share: the least
that any implementation moves. Ghost cells are left out; a list touches one element of a field per entry.
"""

from __future__ import annotations

from math import prod
from typing import Any

from kernels import Extent, Node
from kernels.signature import Argument

# Integer arguments that hold the length of a list; `row_count` is that of sums over sparse rows, whose launch extent is
# only large enough.
LENGTHS = ("count", "row_count")
# These copy a box of cells between fields on other extents; all other kernels touch all cells of such a field.
BOX_COPIES = ("copy_box", "copy_box_uint8")


def bytes_moved(node: Node) -> int:
    """Bytes read and written by one launch of `node`."""
    return sum(_bytes_of(node, argument) for argument in node.kernel.arguments if argument.is_array)


def entries(node: Node) -> int | None:
    """Length of the list that a node works on; None where it works on the cells of a grid, or once."""
    return next((node.arguments[name] for name in LENGTHS if name in node.arguments), None)


def grid(node: Node) -> Extent:
    """The finest grid that a node works on: of its launch, or one that it restricts from."""
    if node.kernel.name in BOX_COPIES:
        return node.extent
    others = (node.arguments[one.name] for one in node.kernel.arguments if one.kind == "extent")
    return max((node.extent, *others), key=lambda extent: extent.cells)


def _bytes_of(node: Node, argument: Argument) -> int:
    if node.switches.get(argument.name.upper()) == 0:
        return 0  # a variant that does not read this argument: any field stands for it
    array = node.arguments[argument.name]
    directions = 2 if argument.mode == "inout" else 1
    return directions * array.dtype.itemsize * _elements(node, argument, array)


def _elements(node: Node, argument: Argument, array: Any) -> int:
    home: Extent = node.arguments[argument.on] if argument.on else node.extent
    if array.size != prod(home.shape):
        return array.size  # a metric, a list, a few scalars, or the one element that stands for an absent field
    count = entries(node)
    if count is not None:
        return min(count, home.cells)
    return node.extent.cells if node.kernel.name in BOX_COPIES else home.cells
