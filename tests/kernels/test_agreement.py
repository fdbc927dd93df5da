"""Every kernel of the table, with every switch, on every backend and precision, against the float64 reference."""

from functools import cache

import numpy as np
import pytest

from kernels import BACKENDS, Backend, BackendUnavailable, Extent, backend_cuda, open_backend
from kernels.backend_numpy import reference
from kernels.signature import Argument
from kernels.table import TABLE
from tests.kernels.emulated_cuda import emulated_cupy
from tests.kernels.inputs import INPUTS, MakeInputs

EXTENT = Extent(13, 17, 19)
# rows of whole vectors and a rest, whatever the vectors of the CPU; one vector lies within the solid block
LONG_ROWS = Extent(67, 13, 12)
ULPS = 8  # allowed error in units of the machine epsilon of the precision times the sum of |terms|

CASES = [
    pytest.param(name, switches, make, id="-".join([name, make.__name__, *(f"{k}{v}" for k, v in switches.items())]))
    for name, kernel in TABLE.items()
    for switches in kernel.variants()
    for make in INPUTS[name]
]


@pytest.mark.parametrize("name", TABLE)
def test_every_kernel_has_inputs(name):
    assert INPUTS[name], f"no @inputs({name!r}) in tests/kernels/inputs"


@cache
def _backend(name: str, precision: str) -> Backend:
    return open_backend(name, precision)


def _poison(shape, dtype) -> np.ndarray:
    dtype = np.dtype(dtype)
    return np.full(shape, np.nan if dtype.kind == "f" else 0xA5 % (np.iinfo(dtype).max + 1), dtype)


def _complete(arguments: tuple[Argument, ...], made: dict, launch: Extent, real: np.dtype) -> dict:
    """The made inputs with every pure output poisoned."""
    complete = dict(made)
    for argument in arguments:
        if argument.mode != "out":
            continue
        dtype = real if argument.dtype == "real" else argument.dtype
        if argument.kind == "field":
            shape = (made[argument.on] if argument.on else launch).shape
        else:
            shape = made[argument.name].shape
        complete[argument.name] = _poison(shape, dtype)
    return complete


def _in_float64(arguments: tuple[Argument, ...], values: dict) -> dict:
    """Copies, real arrays as float64; what was one array stays one array."""
    copies: dict[int, np.ndarray] = {}
    converted = dict(values)
    for argument in arguments:
        if argument.is_array:
            value = values[argument.name]
            dtype = np.float64 if argument.dtype == "real" else value.dtype
            converted[argument.name] = copies.setdefault(id(value), value.astype(dtype))
    return converted


def _check(
    backend: Backend, name: str, switches: dict[str, int], make: MakeInputs, extent: Extent = EXTENT
) -> None:
    kernel = TABLE[name]
    made = make(np.random.default_rng(20260712), extent, backend.real)
    launch = made.pop("launch_extent", extent)
    given = _complete(kernel.arguments, made, launch, backend.real)

    expected = _in_float64(kernel.arguments, given)
    magnitude: dict[str, np.ndarray] = {}
    reference(name)(launch, switches, magnitude=magnitude, **expected)

    uploads: dict[int, object] = {}
    on_device = dict(given)
    for argument in kernel.arguments:
        if argument.is_array:
            value = given[argument.name]
            if id(value) not in uploads:
                uploads[id(value)] = backend.array(value, backend.mark if argument.dtype == "mark" else None)
            on_device[argument.name] = uploads[id(value)]
    backend.program([backend.bind(name, launch, switches, **on_device)]).run()

    outputs = {id(given[argument.name]) for argument in kernel.arguments if argument.mode != "in"}
    epsilon = np.finfo(backend.real).eps
    for argument in kernel.arguments:
        if not argument.is_array or (argument.mode == "in" and id(given[argument.name]) in outputs):
            continue
        found = backend.to_host(on_device[argument.name])
        wanted = expected[argument.name]
        if argument.mode == "in" or found.dtype.kind != "f":
            np.testing.assert_array_equal(found, wanted, err_msg=f"{argument.name} ({argument.mode})")
            continue
        assert argument.name in magnitude, f"the reference records no magnitude of {argument.name}"
        written = ~np.isnan(wanted)
        np.testing.assert_array_equal(~np.isnan(found), written, err_msg=f"{argument.name}: entries written")
        error = np.abs(found.astype(np.float64) - wanted)[written]
        bound = ULPS * epsilon * magnitude[argument.name][written]
        beyond = np.flatnonzero(error > bound)
        assert not beyond.size, (
            f"{argument.name}: {beyond.size} entries beyond {ULPS} ulp of their terms; the first: "
            f"{found[written][beyond[0]]} instead of {wanted[written][beyond[0]]}, allowed error {bound[beyond[0]]}"
        )


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("backend_name", BACKENDS)
@pytest.mark.parametrize(("name", "switches", "make"), CASES)
def test_agrees_with_the_reference(name, switches, make, backend_name, precision):
    try:
        backend = _backend(backend_name, precision)
    except BackendUnavailable as error:
        pytest.skip(str(error))
    _check(backend, name, switches, make)


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize(("name", "switches", "make"), CASES)
def test_native_agrees_on_rows_of_several_vectors(name, switches, make, precision):
    try:
        backend = _backend("native", precision)
    except BackendUnavailable as error:
        pytest.skip(str(error))
    _check(backend, name, switches, make, LONG_ROWS)


@pytest.mark.parametrize(("name", "switches", "make"), CASES)
def test_cuda_source_run_on_the_host_agrees_with_the_reference(name, switches, make, monkeypatch):
    monkeypatch.setattr(backend_cuda, "_import_cupy", emulated_cupy)
    try:
        backend = backend_cuda.CudaBackend("single")
    except BackendUnavailable as error:
        pytest.skip(str(error))
    _check(backend, name, switches, make)
