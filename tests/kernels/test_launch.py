"""What binding refuses, and what it says."""

import numpy as np
import pytest

from kernels import (
    BACKENDS,
    Availability,
    BackendUnavailable,
    Extent,
    KernelError,
    available_backends,
    launch,
    open_backend,
)
from kernels.signature import Kernel, array, field, integer

EXTENT = Extent(5, 4, 3)


@pytest.fixture
def backend():
    return open_backend("numpy", "single")


@pytest.fixture
def good(backend) -> dict:
    """Arguments that axpby takes."""
    x, y = backend.zeros(EXTENT.shape), backend.zeros(EXTENT.shape)
    return {"x": x, "y": y, "scalars": backend.zeros(2, "float64"), "a": 0, "b": 1}


def test_good_arguments_bind(backend, good):
    node = backend.bind("axpby", EXTENT, **good)
    assert node.kernel.name == "axpby"
    assert list(node.arguments) == ["x", "y", "scalars", "a", "b"]


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("x", np.zeros(EXTENT.shape), "axpby, argument x: dtype float64, the table asks for float32"),
        (
            "x",
            np.zeros((7, 8, 8), np.float32),
            r"axpby, argument x: shape \(7, 8, 8\), the extent asks for \(7, 8, 9\)",
        ),
        ("x", np.zeros((7, 8, 18), np.float32)[:, :, ::2], "axpby, argument x: the array is not C-contiguous"),
        ("x", [1.0], "axpby, argument x: a NumPy array is wanted, not list"),
        ("a", 0.0, "axpby, argument a: an integer is wanted, not float"),
        ("a", 2**31, "axpby, argument a: 2147483648 does not fit into 32 bits"),
    ],
)
def test_a_wrong_argument_is_named(backend, good, argument, value, message):
    with pytest.raises(KernelError, match=message):
        backend.bind("axpby", EXTENT, **(good | {argument: value}))


def test_missing_and_unknown_arguments_are_named(backend, good):
    with pytest.raises(KernelError, match="axpby: it has no argument z"):
        backend.bind("axpby", EXTENT, **good, z=1)
    del good["scalars"]
    with pytest.raises(KernelError, match="axpby: missing scalars"):
        backend.bind("axpby", EXTENT, **good)


def test_an_unknown_kernel_is_named(backend):
    with pytest.raises(KernelError, match="no kernel 'axpb'"):
        backend.bind("axpb", EXTENT)


def test_a_switch_the_table_lacks_is_refused(backend, good):
    with pytest.raises(KernelError, match="switches"):
        backend.bind("axpby", EXTENT, {"LOW_MACH": 1}, **good)


def test_an_output_may_not_share_memory_with_an_input(backend, good):
    with pytest.raises(KernelError, match="axpby: y shares memory with x"):
        backend.bind("axpby", EXTENT, **(good | {"x": good["y"]}))
    halves = backend.zeros((2, *EXTENT.shape))
    backend.bind("axpby", EXTENT, **(good | {"x": halves[0], "y": halves[1]}))


def test_the_table_may_allow_shared_memory(backend):
    ring = backend.zeros(EXTENT.shape)
    origin = {f"{end}_{axis}": 0 for end in ("source", "destination") for axis in "ijk"}
    extents = {"source_extent": EXTENT, "destination_extent": EXTENT}
    backend.bind("copy_box", Extent(1, 1, 1), source=ring, destination=ring, **extents, **origin)


def test_a_count_and_the_length_of_its_array_go_together(backend):
    scalars = backend.zeros(1, "float64")
    with pytest.raises(KernelError, match="fill, argument y: 6 elements, but count = 7"):
        backend.bind("fill", EXTENT, count=7, y=backend.zeros(6), scalars=scalars, value=0)
    with pytest.raises(KernelError, match="fill, argument count: -1 is negative"):
        backend.bind("fill", EXTENT, count=-1, y=backend.zeros(6), scalars=scalars, value=0)
    backend.program([backend.bind("fill", EXTENT, count=0, y=backend.zeros(0), scalars=scalars, value=0)]).run()


def test_a_result_too_short_for_the_slots_is_refused(backend):
    x = backend.zeros(EXTENT.shape)
    with pytest.raises(KernelError, match="max_abs, argument result: 0 elements for 1 slots"):
        backend.bind("max_abs", EXTENT, x=x, result=backend.zeros(0, "float64"))


def test_an_upload_of_another_shape_is_refused(backend):
    with pytest.raises(ValueError, match="upload of shape"):
        backend.upload(backend.zeros(3), np.zeros(1))


def test_a_reading_holds_the_values_of_its_moment(backend):
    values = backend.array([1.0, 2.0])
    reading = backend.read_later(values)
    backend.upload(values, [3.0, 4.0])
    np.testing.assert_array_equal(reading.wait(), [1.0, 2.0])


@pytest.mark.parametrize(
    "entry",
    [
        dict(space="list", arguments=(field("x", "in"),)),
        dict(space="cells", arguments=(integer("count"),)),
        dict(space="rows", arguments=(field("x", "in"),), slots=("sum",)),
        dict(space="cells", arguments=(array("result", "out", "float64"),)),
        dict(space="cells", arguments=(field("x", "in"), integer("x"))),
    ],
)
def test_an_inconsistent_entry_of_the_table_is_refused(entry):
    with pytest.raises(ValueError, match="kernel wrong"):
        Kernel("wrong", "wrong.cuh", **entry)


def test_an_extent_without_cells_is_refused():
    with pytest.raises(ValueError, match="at least one cell"):
        Extent(0, 4, 3)


def test_unknown_names_of_backend_and_precision_are_refused():
    with pytest.raises(ValueError, match="no backend 'opencl'"):
        open_backend("opencl")
    with pytest.raises(ValueError, match="'single' or 'double'"):
        open_backend("numpy", "half")


@pytest.mark.parametrize("name", BACKENDS)
def test_copy_bandwidth_is_of_a_plausible_size(name, monkeypatch):
    monkeypatch.setattr(launch, "BANDWIDTH_EXTENT", Extent(60, 60, 60))
    try:
        rate = open_backend(name, "single").copy_bandwidth()
    except BackendUnavailable as error:
        pytest.skip(str(error))
    assert 1e8 < rate < 1e14  # bytes/s


def test_every_backend_is_listed_with_a_reason():
    found = available_backends()
    assert [entry.name for entry in found] == ["cuda", "native", "numpy"]
    assert all(isinstance(entry, Availability) and entry.reason and "\n" not in entry.reason for entry in found)
    numpy_entry = found[-1]
    assert numpy_entry.found
    assert numpy_entry.details["memory_bytes"] > 0
    assert all(not entry.details for entry in found if not entry.found)
