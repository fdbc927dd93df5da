"""Compiles kernels with NVRTC through CuPy and replays programs as captured CUDA graphs."""

import textwrap
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from kernels.launch import Backend, BackendUnavailable, Node, Program, Reading
from kernels.shells import (
    CELL_BLOCK,
    COMBINE_BLOCK,
    CUDA_MARK,
    LIST_BLOCK,
    ROW_BLOCK,
    WARP,
    WHOLE_BLOCK,
    combine_name,
    cuda_parameters,
    cuda_source,
    entry_name,
)
from kernels.signature import Extent

OPTIONS = ("-std=c++17",)
MESSAGE_LENGTH = 200


def _import_cupy() -> Any:
    """CuPy with a device. Raises BackendUnavailable."""
    try:
        import cupy
        import cupyx  # noqa: F401  (pinned memory)
    except ImportError as error:
        raise BackendUnavailable(f"CuPy cannot be imported (extra cuda12 or cuda13): {_one_line(error)}") from None
    try:
        devices = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise BackendUnavailable(f"no usable CUDA driver: {_one_line(error)}") from None
    if not devices:
        raise BackendUnavailable("no CUDA device")
    return cupy


class CudaReading(Reading):
    """A copy into pinned memory, finished when its event has passed."""

    def __init__(self, host: np.ndarray, event: Any) -> None:
        super().__init__(host)
        self._event = event

    def wait(self) -> np.ndarray:
        self._event.synchronize()
        return self._host


class CudaProgram(Program):
    """Launches captured into one graph at the first run."""

    def __init__(self, backend: "CudaBackend", nodes: Sequence[Node]) -> None:
        self._backend = backend
        self._nodes = list(nodes)  # keeps alive the arrays whose addresses the graph holds
        self._launches: list[Callable[[], None]] = []
        self._graph: Any = None

    def run(self) -> None:
        if self._graph is None:
            # Compiling loads modules, which a capture does not allow: first all launches are made, then captured.
            self._launches = [launch for node in self._nodes for launch in self._backend.launches(node)]
            self._graph = self._backend.capture(self._launches)
        self._graph.launch(self._backend.stream)


class CudaBackend(Backend):
    """The current CUDA device. Raises BackendUnavailable without CuPy or device."""

    name = "cuda"
    mark = np.dtype(CUDA_MARK)
    asynchronous = True

    def __init__(self, precision: str) -> None:
        super().__init__(precision)
        self._cupy = _import_cupy()
        self.stream = self._cupy.cuda.Stream(non_blocking=True)
        self._partial = self.zeros(0, "float64")
        self._module = cache(self._compile)
        self._try_out()
        self.reason = self.details()["device"]

    def _try_out(self) -> None:
        """Compile and run one kernel: the driver may be there without NVRTC, or too old for it."""
        scalars, y = self.array([1.0]), self.zeros(1)
        try:
            self.program([self.bind("fill", Extent(1, 1, 1), count=1, y=y, scalars=scalars, value=0)]).run()
            self.synchronize()
        except RuntimeError as error:
            raise BackendUnavailable(f"a first kernel failed: {_one_line(error)}") from None

    def details(self) -> dict[str, Any]:
        runtime = self._cupy.cuda.runtime
        device = self._cupy.cuda.Device()
        properties = runtime.getDeviceProperties(device.id)
        return {
            "device": properties["name"].decode(),
            "memory_bytes": properties["totalGlobalMem"],
            "compute_capability": device.compute_capability,
            "driver": runtime.driverGetVersion(),
            "runtime": runtime.runtimeGetVersion(),
            "cupy": self._cupy.__version__,
        }

    def zeros(self, shape: int | tuple[int, ...], dtype: Any = None) -> Any:
        with self.stream:
            return self._cupy.zeros(shape, self.real if dtype is None else dtype)

    def upload(self, destination: Any, host: Any) -> None:
        host = np.ascontiguousarray(host, dtype=destination.dtype)
        if host.shape != destination.shape:
            raise ValueError(f"upload of shape {host.shape} into shape {destination.shape}")
        # From pageable memory the driver stages the values before it returns, so `host` may go.
        destination.set(host, stream=self.stream)

    def to_host(self, array: Any) -> np.ndarray:
        return array.get(stream=self.stream)

    def read_later(self, array: Any) -> Reading:
        import cupyx

        host = cupyx.empty_pinned(array.shape, array.dtype)
        array.get(stream=self.stream, out=host, blocking=False)
        event = self._cupy.cuda.Event(disable_timing=True)
        event.record(self.stream)
        return CudaReading(host, event)

    def synchronize(self) -> None:
        self.stream.synchronize()

    def program(self, nodes: Sequence[Node]) -> Program:
        return CudaProgram(self, nodes)

    def capture(self, launches: Sequence[Callable[[], None]]) -> Any:
        """A graph of the launches, in order."""
        with self.stream:
            self.stream.begin_capture()
            try:
                for launch in launches:
                    launch()
            finally:
                graph = self.stream.end_capture()
        return graph

    def launches(self, node: Node) -> list[Callable[[], None]]:
        """The launches of one node on the current stream, compiled; none for an empty list."""
        kernel, extent = node.kernel, node.extent
        module = self._module(cuda_source(kernel, node.switches, self.precision))
        parameters = _integers(extent.nx, extent.ny, extent.nz)
        for argument in cuda_parameters(kernel):
            parameters += _parameter(node.arguments[argument.name])
        entry = module.get_function(entry_name(kernel))
        match kernel.space:
            case "cells":
                grid = (_blocks(extent.nx, CELL_BLOCK[0]), _blocks(extent.ny, CELL_BLOCK[1]), extent.nz)
                return [partial(entry, grid, CELL_BLOCK, tuple(parameters))]
            case "list":
                count = node.arguments["count"]
                grid = (_blocks(count, LIST_BLOCK),)
                return [partial(entry, grid, (LIST_BLOCK,), tuple(parameters))] if count else []
            case "rows":
                rows = extent.ny * extent.nz
                scratch = self._scratch(rows * len(kernel.slots))
                combine = module.get_function(combine_name(kernel))
                totals = (*_integers(rows), scratch, node.arguments["result"])
                return [
                    partial(entry, (_blocks(rows, ROW_BLOCK),), (WARP, ROW_BLOCK), (*parameters, scratch)),
                    partial(combine, (1,), (COMBINE_BLOCK,), totals),
                ]
            case "block":
                return [partial(entry, (1,), (WHOLE_BLOCK,), tuple(parameters))]
            case _:
                return [partial(entry, (1,), (1,), tuple(parameters))]

    def _scratch(self, size: int) -> Any:
        """Sums of rows; nodes run one after the other and share it."""
        if self._partial.size < size:
            self._partial = self.zeros(size, "float64")
        return self._partial

    def _compile(self, source: str) -> Any:
        return self._cupy.RawModule(code=source, options=OPTIONS, backend="nvrtc")

    def _address(self, array: Any) -> int:
        if not isinstance(array, self._cupy.ndarray):
            raise TypeError(f"a CuPy array is wanted, not {type(array).__name__}")
        return array.data.ptr


def _one_line(error: Exception) -> str:
    """The message of an error; CuPy's may be a page."""
    return textwrap.shorten(str(error), MESSAGE_LENGTH)


def _blocks(count: int, size: int) -> int:
    return -(-count // size)


def _integers(*values: int) -> list[np.int32]:
    return [np.int32(value) for value in values]


def _parameter(value: Any) -> list[Any]:
    if isinstance(value, Extent):
        return _integers(value.nx, value.ny, value.nz)
    return _integers(value) if isinstance(value, int) else [value]
