"""The stencils of thermo and the runtimes that launch them: CUDA, native C++, NumPy.

A node is a kernel bound to its arguments, a program a list of nodes that is replayed:

    backend = kernels.open_backend("auto", precision="single")
    node = backend.bind("axpby", extent, x=x, y=y, scalars=scalars, a=0, b=1)
    program = backend.program([node])
    program.run()
"""

from importlib import import_module
from typing import Any, NamedTuple

from kernels.launch import Backend, BackendUnavailable, KernelError, Node, Program, Reading
from kernels.signature import GHOST, Extent

__all__ = [
    "BACKENDS", "GHOST", "Availability", "Backend", "BackendUnavailable", "Extent", "KernelError", "Node", "Program",
    "Reading", "available_backends", "open_backend",
]  # fmt: skip

BACKENDS = ("cuda", "native", "numpy")  # in order of preference
_CLASSES = {"cuda": "CudaBackend", "native": "NativeBackend", "numpy": "NumpyBackend"}


class Availability(NamedTuple):
    """What `thermo doctor` says of a backend."""

    name: str
    found: bool
    reason: str  # one line: what it runs on, or why it cannot
    details: dict[str, Any]  # device, memory_bytes and, where they apply, compiler, threads, runtime, bandwidth


def open_backend(name: str = "auto", precision: str = "single") -> Backend:
    """The backend `name`, or with "auto" the first that runs here of cuda, native, numpy; `.reason` says which and why.

    precision "single" stores and computes fields in float32, "double" in float64. Raises BackendUnavailable where the
    named backend cannot run, ValueError for another name.
    """
    if name != "auto":
        return _open(name, precision)
    refusals = []
    for candidate in BACKENDS:
        try:
            backend = _open(candidate, precision)
        except BackendUnavailable as error:
            refusals.append(f"; {candidate} not used: {error}")
            continue
        backend.reason += "".join(refusals)
        return backend
    raise BackendUnavailable("".join(refusals).lstrip("; "))


def available_backends(bandwidth: bool = False) -> list[Availability]:
    """Every backend, whether it runs here and on what; with `bandwidth` the measured copy rate in bytes/s."""
    found = []
    for name in BACKENDS:
        try:
            backend = _open(name, "single")
        except BackendUnavailable as error:
            found.append(Availability(name, False, str(error), {}))
            continue
        details = backend.details()
        if bandwidth:
            details["bandwidth"] = backend.copy_bandwidth()
        found.append(Availability(name, True, backend.reason, details))
    return found


def _open(name: str, precision: str) -> Backend:
    if name not in BACKENDS:
        raise ValueError(f"there is no backend {name!r}: auto, {', '.join(BACKENDS)}")
    return getattr(import_module(f"kernels.backend_{name}"), _CLASSES[name])(precision)
