"""Runs the NumPy references: the fallback where there is neither CUDA nor a compiler, and the oracle of the tests."""

import platform
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from kernels.launch import Backend, Node, Program, Reading
from kernels.table import TOPIC

ALIGNMENT = 64  # bytes: a cache line, and the widest vector register


def reference(name: str) -> Callable[..., None]:
    """The NumPy reference of a kernel."""
    return getattr(import_module(f"kernels.reference.{TOPIC[name]}"), name)


def _processor() -> str:
    """Name of the CPU model; Linux tells it only in /proc."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


class HostBackend(Backend):
    """Memory of the host, as NumPy arrays aligned to 64 bytes."""

    def zeros(self, shape: int | tuple[int, ...], dtype: Any = None) -> np.ndarray:
        dtype = self.real if dtype is None else np.dtype(dtype)
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        memory = np.zeros(size + ALIGNMENT, np.uint8)
        offset = -memory.ctypes.data % ALIGNMENT
        return memory[offset : offset + size].view(dtype).reshape(shape)

    def upload(self, destination: np.ndarray, host: Any) -> None:
        host = np.asarray(host)
        if host.shape != destination.shape:
            raise ValueError(f"upload of shape {host.shape} into shape {destination.shape}")
        destination[...] = host

    def to_host(self, array: np.ndarray) -> np.ndarray:
        return array.copy()

    def read_later(self, array: np.ndarray) -> Reading:
        return Reading(array.copy())

    def synchronize(self) -> None:
        """Nothing is ever outstanding on the host."""

    def details(self) -> dict[str, Any]:
        return {"device": _processor(), "memory_bytes": psutil.virtual_memory().total}

    def _address(self, array: Any) -> int:
        if not isinstance(array, np.ndarray):
            raise TypeError(f"a NumPy array is wanted, not {type(array).__name__}")
        return array.ctypes.data


class NumpyProgram(Program):
    """Calls of the references."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._calls = [
            partial(reference(node.kernel.name), node.extent, node.switches, **node.arguments) for node in nodes
        ]

    def run(self) -> None:
        for call in self._calls:
            call()


class NumpyBackend(HostBackend):
    """The references themselves."""

    name = "numpy"

    def __init__(self, precision: str) -> None:
        super().__init__(precision)
        self.reason = f"NumPy {np.__version__}, one thread: slow"

    def program(self, nodes: Sequence[Node]) -> Program:
        return NumpyProgram(nodes)
