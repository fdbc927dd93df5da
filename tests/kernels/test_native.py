"""The native backend: what the compiler says of every kernel, the cache, the number of threads."""

import ctypes
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from kernels import BackendUnavailable, Extent, backend_native, open_backend
from kernels.backend_native import FLAGS, CompileError, NativeBackend, cache_folder, find_compiler
from kernels.shells import PRECISIONS, SERIAL_BELOW, native_source
from kernels.table import TABLE
from tests.kernels.room import random_field

EXTENT = Extent(37, 29, 31)


@pytest.fixture(params=PRECISIONS)
def backend(request) -> NativeBackend:
    try:
        found = open_backend("native", request.param)
    except BackendUnavailable as error:
        pytest.skip(str(error))
    threads = found.threads
    yield found
    found.threads = threads


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A new cache folder, after the compiler has been found."""
    try:
        find_compiler()
    except BackendUnavailable as error:
        pytest.skip(str(error))
    monkeypatch.setenv("THERMO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _remarks(backend: NativeBackend, name: str) -> list[str]:
    """What the compiler said of every variant of a kernel."""
    libraries = [backend.compile(TABLE[name], switches).result() for switches in TABLE[name].variants()]
    return [library.with_suffix(".log").read_text(encoding="utf-8") for library in libraries]


@pytest.mark.parametrize("name", TABLE)
def test_compiles_without_warning(backend, name):
    assert {"-Wall", "-Wextra", "-Wdouble-promotion"} <= set(FLAGS)
    for remarks in _remarks(backend, name):
        assert "warning" not in remarks


@pytest.mark.parametrize("name", [n for n, kernel in TABLE.items() if kernel.space in ("cells", "rows")])
def test_vectorises(backend, name):
    if not backend.compiler.is_gcc:
        pytest.skip("only GCC reports what it vectorised in the form read here")
    kernel = TABLE[name]
    if kernel.vectorised:
        switches = next(kernel.variants())
        written = native_source(kernel, switches, backend.precision)
        loops = [loop for loop in ("row", "rest of row") if f'#line 1 "{loop} of {name}"' in written]
        assert "row" in loops
        for remarks in _remarks(backend, name):
            for loop in loops:
                # A loop bears the name of its source where the body is little more than one store.
                place = "|".join([f"{loop} of {name}", *map(re.escape, kernel.sources)])
                assert re.search(rf"^({place}):[0-9:]+ optimized: loop vectorized", remarks, re.MULTILINE), (
                    f"the loop over the {loop} of {name} is not vectorised"
                )


def test_sums_do_not_depend_on_the_number_of_threads(backend):
    assert EXTENT.cells > SERIAL_BELOW
    rng = np.random.default_rng(3)
    x, y = (backend.array(random_field(rng, EXTENT, backend.real)) for _ in range(2))
    result, largest = backend.zeros(1, "float64"), backend.zeros(1, "float64")
    nodes = [backend.bind("dot", EXTENT, x=x, y=y, result=result), backend.bind("max_abs", EXTENT, x=x, result=largest)]
    program = backend.program(nodes)
    found = []
    for threads in (1, 2, 3):
        backend.threads = threads
        program.run()
        found.append((result.tobytes(), largest.tobytes()))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("cell", [(2, 2, 2), (17, 9, 20), (32, 30, 38)])
def test_a_nan_anywhere_reaches_sum_and_maximum(backend, cell):
    x = backend.array(random_field(np.random.default_rng(5), EXTENT, backend.real))
    x[cell] = np.nan
    result, largest = backend.zeros(1, "float64"), backend.zeros(1, "float64")
    nodes = [backend.bind("dot", EXTENT, x=x, y=x, result=result), backend.bind("max_abs", EXTENT, x=x, result=largest)]
    backend.program(nodes).run()
    assert np.isnan(result[0])
    assert np.isnan(largest[0])


def test_a_program_replays_its_nodes_in_order_with_new_scalars(backend):
    rng = np.random.default_rng(7)
    x = backend.array(random_field(rng, EXTENT, backend.real))
    y = backend.zeros(EXTENT.shape)
    scalars = backend.array([2.0, 0.0, 1.0])
    twice = backend.bind("axpby", EXTENT, x=x, y=y, scalars=scalars, a=0, b=1)  # y = 2 x
    again = backend.bind("axpby", EXTENT, x=x, y=y, scalars=scalars, a=2, b=2)  # y = x + y
    program = backend.program([twice, again, again])
    for factor in (2.0, -8.0):
        backend.upload(scalars, [factor, 0.0, 1.0])
        program.run()
        interior = np.s_[2:-2, 2:-2, 2:-2]
        expected = (backend.real.type(factor) * x + x + x)[interior]
        np.testing.assert_allclose(y[interior], expected, rtol=4 * np.finfo(backend.real).eps)


def test_arrays_are_aligned(backend):
    for size in (1, 7, 1000):
        assert backend.zeros(size).ctypes.data % 64 == 0


def test_a_second_compilation_comes_from_the_cache(empty_cache):
    compiler = find_compiler()
    source = 'extern "C" int answer() { return 41; }\n'
    library = compiler.library("answer", source)
    built = library.stat().st_mtime_ns
    assert compiler.library("answer", source) == library
    assert library.stat().st_mtime_ns == built
    assert sorted(path.suffix for path in cache_folder().iterdir()) == [".log", ".so"]
    changed = compiler.library("answer", source.replace("41", "42"))
    assert changed != library
    assert [ctypes.CDLL(str(path)).answer() for path in (library, changed)] == [41, 42]


def test_a_compiler_error_carries_the_message_of_the_compiler_and_leaves_nothing(empty_cache):
    with pytest.raises(CompileError, match="undefined_name"):
        find_compiler().library("broken", "int f() { return undefined_name; }\n")
    assert not list(cache_folder().iterdir())


@pytest.mark.skipif(os.name == "nt", reason="file modes of POSIX")
def test_a_cache_that_others_can_write_is_refused(empty_cache):
    folder = cache_folder()
    folder.chmod(0o777)
    with pytest.raises(BackendUnavailable, match="written by other users"):
        cache_folder()


def test_without_a_compiler_auto_falls_back_to_numpy_and_says_why(tmp_path):
    code = "import kernels; b = kernels.open_backend(); print(b.name); print(b.reason)"
    environment = {"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), "THERMO_CACHE": str(tmp_path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    name, reason = result.stdout.splitlines()
    if name == "cuda":
        pytest.skip("CUDA comes before the compiler")
    assert name == "numpy"
    assert "native not used: no C++ compiler" in reason


@pytest.mark.parametrize(("text", "threads"), [("150000 100000", 2), ("10000 100000", 1), ("max 100000", 3)])
def test_threads_keep_to_the_quota_of_a_container(text, threads, tmp_path, monkeypatch, backend):
    if not backend.compiler.openmp:
        pytest.skip("this compiler has no OpenMP")
    (tmp_path / "cpu.max").write_text(text, encoding="ascii")
    monkeypatch.setattr(backend_native, "CPU_QUOTA", tmp_path / "cpu.max")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    backend.threads = 3
    assert NativeBackend("single").threads == threads


def test_threads_follow_omp_num_threads(backend):
    if not backend.compiler.openmp:
        pytest.skip("this compiler has no OpenMP")
    code = "import kernels; print(kernels.open_backend('native').threads)"
    environment = os.environ | {"OMP_NUM_THREADS": "3", "PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "3"
