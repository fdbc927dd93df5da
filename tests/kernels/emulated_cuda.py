"""Just enough of CuPy to run the CUDA backend on the host: the generated sources, compiled by the host compiler.

Every CUDA thread of a launch is really run, one after the other, or where a kernel exchanges values between threads as
one host thread each. So the indexing of the shells, the order of the parameters, the launch shapes and the reductions
are tested without a GPU; speed, memory consistency and the driver are not.
"""

import ctypes
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np

from kernels import BackendUnavailable
from kernels.backend_native import CompileError, Compiler, find_compiler

FLAGS = ("-std=c++20", "-O1", "-shared", "-fPIC", "-pthread")

# What a generated source needs; it takes no standard header, as under NVRTC, which also keeps its compilation short.
DECLARATIONS = """
#define __CUDACC_RTC__
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static

extern "C" {
float sqrtf(float);
double sqrt(double);
float fabsf(float);
double fabs(double);
float copysignf(float, float);
double copysign(double, double);
float expf(float);
double exp(double);
float logf(float);
double log(double);
float cbrtf(float);
double cbrt(double);
}

struct Dim { int x, y, z; };
extern Dim blockDim;
extern thread_local Dim blockIdx, threadIdx;
void __syncthreads();
double __shfl_down_sync(unsigned, double value, int offset);
void emulate(Dim grid, Dim block, bool exchanging, void (*body)(void*), void* context);

template <class Body>
void emulate(const Dim grid, const Dim block, const bool exchanging, Body body)
{
    emulate(grid, block, exchanging, [](void* context) { (*static_cast<Body*>(context))(); }, &body);
}
"""

DEVICE = """
#include <barrier>
#include <memory>
#include <thread>
#include <vector>

struct Dim { int x, y, z; };
Dim blockDim;
thread_local Dim blockIdx, threadIdx;

static thread_local int lane;
static thread_local std::barrier<>* warp_barrier;
static thread_local std::barrier<>* block_barrier;
static thread_local double* warp_values;

void __syncthreads() { block_barrier->arrive_and_wait(); }

double __shfl_down_sync(unsigned, const double value, const int offset)
{
    warp_values[lane] = value;
    warp_barrier->arrive_and_wait();
    const double taken = lane + offset < 32 ? warp_values[lane + offset] : value;
    warp_barrier->arrive_and_wait();
    return taken;
}

void emulate(const Dim grid, const Dim block, const bool exchanging, void (*body)(void*), void* context)
{
    blockDim = block;
    const int threads = block.x * block.y * block.z;
    const int warps = (threads + 31) / 32;
    std::vector<std::unique_ptr<std::barrier<>>> barriers;
    std::vector<double> values(32 * warps);
    for (int warp = 0; warp < warps; ++warp) barriers.push_back(std::make_unique<std::barrier<>>(32));
    std::barrier<> whole(exchanging ? threads : 1);
    const auto run = [&](const int first, const int last) {
        for (int z = 0; z < grid.z; ++z)
        for (int y = 0; y < grid.y; ++y)
        for (int x = 0; x < grid.x; ++x) {
            for (int t = first; t < last; ++t) {
                blockIdx = {x, y, z};
                threadIdx = {t % block.x, t / block.x % block.y, t / (block.x * block.y)};
                lane = t % 32;
                warp_barrier = barriers[t / 32].get();
                block_barrier = &whole;
                warp_values = values.data() + 32 * (t / 32);
                body(context);
            }
            whole.arrive_and_wait();  // the next block takes the shared memory of this one
        }
    };
    if (exchanging) {
        std::vector<std::thread> team;
        for (int t = 0; t < threads; ++t) team.emplace_back(run, t, t + 1);
        for (std::thread& one : team) one.join();
    } else {
        run(0, threads);
    }
}
"""

ENTRY = re.compile(r'extern "C" __global__ void (\w+)\((.*)\)')


@cache
def _compiler() -> Compiler:
    """The host compiler with the flags of the emulation."""
    return replace(find_compiler(), flags=FLAGS)


class Stream:
    """Records launches while capturing, runs them at once otherwise."""

    def __init__(self, non_blocking: bool) -> None:
        assert non_blocking, "the legacy stream cannot be captured"
        self.captured: list | None = None

    def __enter__(self) -> "Stream":
        Kernel.stream = self
        return self

    def __exit__(self, *_) -> None:
        Kernel.stream = None

    def begin_capture(self) -> None:
        self.captured = []

    def end_capture(self) -> "Graph":
        graph, self.captured = Graph(self.captured), None
        return graph

    def synchronize(self) -> None:
        assert self.captured is None, "a synchronisation is not allowed in a capture"


class Graph:
    """Captured launches."""

    def __init__(self, launches: list) -> None:
        self._launches = launches

    def launch(self, stream: Stream) -> None:
        for launch in self._launches:
            launch()


class Kernel:
    """A compiled entry point."""

    stream: Stream | None = None

    def __init__(self, function) -> None:
        self._function = function

    def __call__(self, grid: tuple[int, ...], block: tuple[int, ...], arguments: tuple) -> None:
        assert self.stream is not None, "a launch on the default stream"
        sizes = [*(*grid, 1, 1)[:3], *(*block, 1, 1)[:3]]
        assert min(sizes) > 0
        assert np.prod(sizes[3:]) <= 1024
        passed = [ctypes.c_int(size) for size in sizes]
        for argument in arguments:
            is_memory = isinstance(argument, ndarray)
            passed.append(ctypes.c_void_p(argument.data.ptr) if is_memory else ctypes.c_int(int(argument)))
        self.stream.captured.append(lambda: self._function(*passed))


class RawModule:
    """The host build of a CUDA source."""

    def __init__(self, code: str, options: tuple[str, ...], backend: str) -> None:
        assert backend == "nvrtc"
        exchanging = str("__syncthreads" in code).lower()
        drivers = []
        for name, parameters in ENTRY.findall(code):
            names = ", ".join(parameter.split()[-1] for parameter in parameters.split(", "))
            sizes = ", ".join(f"int {what}{axis}" for what in "gb" for axis in "xyz")
            drivers.append(
                f'extern "C" void run_{name}({sizes}, {parameters})\n'
                f"{{ emulate({{gx, gy, gz}}, {{bx, by, bz}}, {exchanging}, [&] {{ {name}({names}); }}); }}"
            )
        unit = "\n".join([DECLARATIONS, code, *drivers])
        self._library = ctypes.CDLL(str(_compiler().library("emulated", unit)))

    def get_function(self, name: str) -> Kernel:
        return Kernel(getattr(self._library, f"run_{name}"))


class ndarray:  # noqa: N801  (the name of CuPy)
    """Device memory: a NumPy array that is reached only by explicit copies."""

    def __init__(self, values: np.ndarray) -> None:
        self._values = values
        self.shape, self.dtype, self.size, self.nbytes = values.shape, values.dtype, values.size, values.nbytes
        self.flags = SimpleNamespace(c_contiguous=values.flags.c_contiguous)
        self.data = SimpleNamespace(ptr=values.ctypes.data)

    def set(self, host: np.ndarray, stream: Stream) -> None:
        assert host.dtype == self.dtype
        assert host.flags.c_contiguous
        self._values[...] = host

    def get(self, stream: Stream) -> np.ndarray:
        return self._values.copy()


def emulated_cupy() -> SimpleNamespace:
    """What stands in for the module `cupy` in the backend. Raises BackendUnavailable without a C++20 compiler."""
    try:
        emulator = _compiler().library("emulator", DEVICE)
    except CompileError:
        raise BackendUnavailable("the host compiler has no C++20 barriers") from None
    ctypes.CDLL(str(emulator), mode=ctypes.RTLD_GLOBAL)
    runtime = SimpleNamespace(
        getDeviceProperties=lambda _: {"name": b"emulated", "totalGlobalMem": 0},
        driverGetVersion=lambda: 0,
        runtimeGetVersion=lambda: 0,
    )
    device = SimpleNamespace(id=0, compute_capability="90")
    return SimpleNamespace(
        __version__="emulated",
        ndarray=ndarray,
        RawModule=RawModule,
        zeros=lambda shape, dtype: ndarray(np.zeros(shape, dtype)),
        cuda=SimpleNamespace(Stream=Stream, Device=lambda: device, runtime=runtime),
    )
