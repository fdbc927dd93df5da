"""What a kernel is: iteration space, arguments and compile-time switches, in the words of the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as _dataclass_field
from itertools import product
from typing import Literal

GHOST = 2  # ghost layers on each side of a field

Mode = Literal["in", "out", "inout"]
Space = Literal["cells", "list", "rows", "single", "block"]
Operation = Literal["sum", "max"]


@dataclass(frozen=True)
class Extent:
    """Cells of a part without its ghost layers; fields on it are arrays of the padded `shape`."""

    nx: int
    ny: int
    nz: int

    def __post_init__(self) -> None:
        if min(self.nx, self.ny, self.nz) < 1:
            raise ValueError(f"an extent has at least one cell along each axis, not {self.nx} x {self.ny} x {self.nz}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Padded array shape (z, y, x)."""
        return (self.nz + 2 * GHOST, self.ny + 2 * GHOST, self.nx + 2 * GHOST)

    @property
    def sy(self) -> int:
        """Elements between neighbours in y."""
        return self.nx + 2 * GHOST

    @property
    def sz(self) -> int:
        """Elements between neighbours in z."""
        return self.sy * (self.ny + 2 * GHOST)

    @property
    def cells(self) -> int:
        """Number of interior cells."""
        return self.nx * self.ny * self.nz


@dataclass(frozen=True)
class Argument:
    """One argument of a kernel; made by `field`, `metric`, `array`, `integer` and `extent` below."""

    name: str
    kind: Literal["field", "metric", "array", "integer", "extent"]
    mode: Mode = "in"
    dtype: str = "int32"  # "real", "mark" or a numpy dtype name
    on: str = ""  # field, metric: name of the extent argument that gives the shape; "" is the launch extent
    axis: str = ""  # metric: "x", "y" or "z"
    length: str = ""  # array: an integer argument, or it + 1 ("count+1"), that the size must equal; "" for any
    overlaps: tuple[str, ...] = ()  # arguments whose memory this one may share

    @property
    def is_array(self) -> bool:
        """Whether the argument is memory on the device."""
        return self.kind in ("field", "metric", "array")


def field(name: str, mode: Mode, dtype: str = "real", on: str = "", overlaps: tuple[str, ...] = ()) -> Argument:
    """A padded array (nz+4, ny+4, nx+4) on the launch extent, or on the extent argument named by `on`."""
    return Argument(name, "field", mode, dtype, on=on, overlaps=overlaps)


def metric(name: str, axis: Literal["x", "y", "z"], on: str = "") -> Argument:
    """A padded one-dimensional metric (n+4) along an axis, of the kernel's precision, read only."""
    return Argument(name, "metric", "in", "real", on=on, axis=axis)


def array(name: str, mode: Mode, dtype: str, length: str = "", overlaps: tuple[str, ...] = ()) -> Argument:
    """A contiguous array of any shape; `length="count"` or `"count+1"` ties its size to an integer argument."""
    return Argument(name, "array", mode, dtype, length=length, overlaps=overlaps)


def integer(name: str) -> Argument:
    """A 32-bit integer fixed when the node is bound."""
    return Argument(name, "integer")


def extent(name: str) -> Argument:
    """A second `Extent`, for kernels that work between grids of different size."""
    return Argument(name, "extent")


@dataclass(frozen=True)
class Kernel:
    """One entry of the table. The body of the same name stands in `source`, the reference in `reference/<topic>.py`.

    cells   the body runs for every interior cell
    list    the body runs for n = 0 .. count-1; the table must hold the argument integer("count")
    rows    the body runs for every interior cell and returns Slots<N>; `slots` says how each slot is combined.
            The table must hold array("result", "out", "float64"), whose first N entries receive the N slots
    single  the body runs once
    block   the body runs on all threads of one block, with barriers (source/block.cuh); once on the host
    """

    name: str
    source: str | tuple[str, ...]
    space: Space
    arguments: tuple[Argument, ...]
    switches: dict[str, tuple[int, ...]] = _dataclass_field(default_factory=dict)
    slots: tuple[Operation, ...] = ()
    vectorised: bool = True  # cells and rows: a test holds the host compiler to it
    reach: int = 1  # cells: planes beyond its own from which the body reads
    solids: bool = False  # the body takes `solid` after the indices: whether the cell is one without air and open face

    def __post_init__(self) -> None:
        names = [argument.name for argument in self.arguments]
        if len(set(names)) != len(names):
            raise ValueError(f"kernel {self.name}: argument names repeat: {names}")
        if (self.space == "list") != ("count" in names):
            raise ValueError(f"kernel {self.name}: 'count' belongs to the list space, and the list space needs it")
        if (self.space == "rows") != bool(self.slots) or (self.space == "rows") != ("result" in names):
            raise ValueError(f"kernel {self.name}: 'slots' and 'result' belong to the rows space, and it needs both")

    @property
    def sources(self) -> tuple[str, ...]:
        """Source files in the order in which they are joined."""
        return (self.source,) if isinstance(self.source, str) else self.source

    @property
    def body_arguments(self) -> tuple[Argument, ...]:
        """What the body receives after the extent and the indices: all but the shell's own `count` and `result`."""
        reserved = {"list": "count", "rows": "result"}.get(self.space)
        return tuple(argument for argument in self.arguments if argument.name != reserved)

    def variants(self) -> Iterator[dict[str, int]]:
        """Every combination of switch values."""
        for values in product(*self.switches.values()):
            yield dict(zip(self.switches, values, strict=True))
