"""Checks the arguments of a kernel against the table, binds them into a node, and runs nodes as a program."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from kernels.signature import GHOST, Argument, Extent, Kernel
from kernels.table import TABLE

INT32_LIMIT = 2**31
BANDWIDTH_EXTENT = Extent(252, 252, 252)  # two single-precision fields of 64 MiB: beyond any cache


class KernelError(TypeError):
    """A kernel was bound to arguments that the table does not allow; the message names kernel and argument."""


class BackendUnavailable(RuntimeError):
    """A backend cannot run on this machine; the message says why in one line."""


@dataclass(frozen=True)
class Node:
    """A kernel bound to its arguments: checked once, launched any number of times."""

    kernel: Kernel
    extent: Extent
    switches: Mapping[str, int]
    arguments: Mapping[str, Any]


class Program(ABC):
    """A fixed list of nodes."""

    @abstractmethod
    def run(self) -> None:
        """Launch every node in order. May return before the device has finished."""


class Backend(ABC):
    """Memory and launches of one device."""

    name: str
    reason: str  # one line: what runs here, or why this backend was picked
    mark = np.dtype(np.uint8)  # what flags and labels of regions are kept in
    asynchronous = False  # whether launches return before the work is done, so that looking at a result waits

    def __init__(self, precision: str) -> None:
        if precision not in ("single", "double"):
            raise ValueError(f"precision is 'single' or 'double', not {precision!r}")
        self.precision = precision
        self.real = np.dtype(np.float32 if precision == "single" else np.float64)

    @abstractmethod
    def zeros(self, shape: int | tuple[int, ...], dtype: Any = None) -> Any:
        """A device array of zeros; dtype None is `real`."""

    @abstractmethod
    def upload(self, destination: Any, host: Any) -> None:
        """Copy host values into an existing device array of the same shape, converting the dtype."""

    @abstractmethod
    def to_host(self, array: Any) -> np.ndarray:
        """A host copy of a device array, after all work launched before has finished."""

    @abstractmethod
    def read_later(self, array: Any) -> "Reading":
        """Start copying a device array as it is after the work launched so far; the copy is waited for when read."""

    @abstractmethod
    def program(self, nodes: Sequence[Node]) -> Program:
        """Make a program of bound nodes."""

    @abstractmethod
    def synchronize(self) -> None:
        """Wait until all launched work has finished."""

    @abstractmethod
    def details(self) -> dict[str, Any]:
        """What runs here, for the report of the installation: at least `device` and `memory_bytes`."""

    @abstractmethod
    def _address(self, array: Any) -> int:
        """Device address of the first byte of an array; raises TypeError for what is not a device array."""

    def array(self, host: Any, dtype: Any = None) -> Any:
        """A device copy of a host array; the dtype is kept unless given."""
        host = np.asarray(host, dtype=dtype)
        device = self.zeros(host.shape, host.dtype)
        self.upload(device, host)
        return device

    def bind(self, name: str, extent: Extent, /, switches: Mapping[str, int] | None = None, **arguments: Any) -> Node:
        """A node of kernel `name` on `extent`; raises `KernelError` where the table does not allow the arguments."""
        if name not in TABLE:
            raise KernelError(f"there is no kernel {name!r} in the table")
        kernel = TABLE[name]
        switches = dict(switches or {})
        _check_switches(kernel, switches)
        arguments = self._check(kernel, extent, arguments)
        return Node(kernel, extent, switches, arguments)

    def copy_bandwidth(self) -> float:
        """Measured bytes per second (read plus written) of copying a field between two arrays beyond the caches."""
        extent = BANDWIDTH_EXTENT
        origin = {f"{end}_{axis}": GHOST for end in ("source", "destination") for axis in "ijk"}
        arrays = {"source": self.zeros(extent.shape), "destination": self.zeros(extent.shape)}
        extents = {"source_extent": extent, "destination_extent": extent}
        self.upload(arrays["source"], np.ones(extent.shape))  # untouched pages of zeros would all be one page
        program = self.program([self.bind("copy_box", extent, **arrays, **extents, **origin)])
        program.run()
        self.synchronize()
        best = float("inf")
        for _ in range(5):
            start = perf_counter()
            program.run()
            self.synchronize()
            best = min(best, perf_counter() - start)
        return 2 * extent.cells * self.real.itemsize / best

    def _check(self, kernel: Kernel, extent: Extent, given: dict[str, Any]) -> dict[str, Any]:
        names = [argument.name for argument in kernel.arguments]
        if missing := [name for name in names if name not in given]:
            raise KernelError(f"kernel {kernel.name}: missing {', '.join(missing)}")
        if unknown := [name for name in given if name not in names]:
            raise KernelError(f"kernel {kernel.name}: it has no argument {', '.join(unknown)}")
        checked = {}
        for argument in kernel.arguments:
            if argument.is_array:
                self._check_array(kernel, argument, extent, given)
                checked[argument.name] = given[argument.name]
            else:
                checked[argument.name] = _checked_value(kernel, argument, given[argument.name])
        self._check_overlap(kernel, checked)
        return checked

    def _check_array(self, kernel: Kernel, argument: Argument, extent: Extent, given: dict[str, Any]) -> None:
        where = f"kernel {kernel.name}, argument {argument.name}"
        value = given[argument.name]
        try:
            self._address(value)
        except TypeError as error:
            raise KernelError(f"{where}: {error}") from None
        dtype = {"real": self.real, "mark": self.mark}.get(argument.dtype) or np.dtype(argument.dtype)
        if value.dtype != dtype:
            raise KernelError(f"{where}: dtype {value.dtype}, the table asks for {dtype}")
        if not value.flags.c_contiguous:
            raise KernelError(f"{where}: the array is not C-contiguous")
        if argument.kind == "array":
            wanted = _wanted_size(argument, given)
            if wanted is not None and value.size != wanted:
                raise KernelError(f"{where}: {value.size} elements, but {argument.length} = {wanted}")
            if kernel.space == "rows" and argument.name == "result" and value.size < len(kernel.slots):
                raise KernelError(f"{where}: {value.size} elements for {len(kernel.slots)} slots")
            return
        home = given[argument.on] if argument.on else extent
        wanted = home.shape if argument.kind == "field" else (home.shape["zyx".index(argument.axis)],)
        if value.shape != wanted:
            raise KernelError(f"{where}: shape {value.shape}, the extent asks for {wanted}")

    def _check_overlap(self, kernel: Kernel, checked: Mapping[str, Any]) -> None:
        """No output may share memory with another argument unless the table says so."""
        spans = {}
        for argument in kernel.arguments:
            if argument.is_array and checked[argument.name].nbytes:
                start = self._address(checked[argument.name])
                spans[argument] = (start, start + checked[argument.name].nbytes)
        for output in (argument for argument in spans if argument.mode != "in"):
            for other in spans:
                if other is output or other.name in output.overlaps or output.name in other.overlaps:
                    continue
                if spans[output][0] < spans[other][1] and spans[other][0] < spans[output][1]:
                    raise KernelError(f"kernel {kernel.name}: {output.name} shares memory with {other.name}")


class Reading:
    """A host copy that may still be under way."""

    def __init__(self, host: np.ndarray) -> None:
        self._host = host

    def wait(self) -> np.ndarray:
        """The values, once they have arrived."""
        return self._host


def _check_switches(kernel: Kernel, switches: Mapping[str, int]) -> None:
    if set(switches) != set(kernel.switches):
        raise KernelError(f"kernel {kernel.name}: switches {sorted(switches)}, the table has {sorted(kernel.switches)}")
    for name, value in switches.items():
        if value not in kernel.switches[name]:
            raise KernelError(f"kernel {kernel.name}: switch {name} = {value}, allowed are {kernel.switches[name]}")
        switches[name] = int(value)


def _checked_value(kernel: Kernel, argument: Argument, value: Any) -> int | Extent:
    where = f"kernel {kernel.name}, argument {argument.name}"
    if argument.kind == "extent":
        if not isinstance(value, Extent):
            raise KernelError(f"{where}: an Extent is wanted, not {type(value).__name__}")
        return value
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool):
        raise KernelError(f"{where}: an integer is wanted, not {type(value).__name__}")
    if not -INT32_LIMIT <= value < INT32_LIMIT:
        raise KernelError(f"{where}: {value} does not fit into 32 bits")
    if argument.name == "count" and value < 0:
        raise KernelError(f"{where}: {value} is negative")
    return int(value)


def _wanted_size(argument: Argument, given: Mapping[str, Any]) -> int | None:
    if not argument.length:
        return None
    name, _, extra = argument.length.partition("+")
    return int(given[name]) + int(extra or 0)
