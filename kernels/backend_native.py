"""Compiles kernels with the host C++ compiler, just in time and cached, and replays them with OpenMP."""

import ctypes
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from kernels.backend_numpy import HostBackend
from kernels.crowding import Crowding
from kernels.launch import BackendUnavailable, Node, Program
from kernels.shells import NATIVE_MARK, ROWS_AT_ONCE, entry_name, native_source, planes_name
from kernels.signature import GHOST, Extent, Kernel

# -ffast-math is left out: it removes the NaN guards and may switch the whole process to flushing denormals.
CARRIED_FROM = 250_000  # cells from which the fields of a step no longer fit into the caches
CARRIED_BYTES = 8 << 20  # of the fields under way: what a core may hope for of the last cache
SPINS = 10_000  # turns of an idle thread before it sleeps: enough to bridge what one thread does between two loops
FLAGS = (
    "-std=c++17", "-O3", "-fPIC", "-shared", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast",
    "-Wall", "-Wextra", "-Wdouble-promotion",
)  # fmt: skip
# Both make branches of choices that the body took care to write without, which costs masks or stops the vectoriser.
GCC_FLAGS = ("-fno-thread-jumps", "-fno-tree-sink")
# Whole vectors of AVX-512, and the costs of the first CPUs that had them: those that GCC 12 takes for a CPU it does not
# know keep values in memory rather than in registers, which makes momentum and temperature a fifth slower.
AVX512_FLAGS = ("-mtune=skylake-avx512", "-mprefer-vector-width=512")
COMPILERS = ("c++", "g++", "clang++")
PROBE_SECONDS = 20
COMPILE_SECONDS = 300
CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")

RUNNER = f"enum : int {{ GHOST = {GHOST} }};\n" + """
typedef const void* const* Arguments;

struct Entry {
    void (*function)(Arguments);
    Arguments arguments;
    void (*planes)(Arguments, int k, int first_group, int end_group);
    long long together;    // entries, from this one on, that are carried through the planes together; 1: alone
    long long behind;      // planes that this one stays behind the first of them
    long long nz, groups;  // planes, and groups of rows in one
    long long at_once;     // groups that are carried through all planes before the next ones
};

#ifdef _OPENMP
extern "C" int omp_get_thread_num();
extern "C" int omp_get_num_threads();
#else
static int omp_get_thread_num() { return 0; }
static int omp_get_num_threads() { return 1; }
#endif

// Several kernels, each some planes behind the one before and one group of rows, which is more than a body reaches:
// what one of them has read or written is still in the cache when the next one needs it. One barrier per plane, since a
// plane is read only after the round that wrote it.
static void carry(const Entry* first, const long long count)
{
    const long long rounds = first->nz + first[count - 1].behind;
    #pragma omp parallel
    {
        const long long thread = omp_get_thread_num(), threads = omp_get_num_threads();
        for (long long block = 0; block * first->at_once < first->groups + count - 1; ++block) {
            for (long long round = 0; round < rounds; ++round) {
                for (long long n = 0; n < count; ++n) {
                    const Entry* entry = first + n;
                    const long long plane = round - entry->behind;
                    const long long from = block * first->at_once - n, to = from + first->at_once;
                    const long long begin = from < 0 ? 0 : from, end = to > entry->groups ? entry->groups : to;
                    if (plane >= 0 && plane < entry->nz && begin < end)
                        entry->planes(entry->arguments, (int)plane + GHOST,
                                      (int)(begin + (end - begin) * thread / threads),
                                      (int)(begin + (end - begin) * (thread + 1) / threads));
                }
                #pragma omp barrier
            }
        }
    }
}

extern "C" void run(const Entry* entries, const long long count)
{
    for (long long n = 0; n < count; n += entries[n].together) {
        if (entries[n].together == 1) entries[n].function(entries[n].arguments);
        else carry(entries + n, entries[n].together);
    }
}

// Places the pages of fresh memory near the threads whose share of the loops they hold.
extern "C" void touch(char* memory, const long long bytes)
{
    #pragma omp parallel for schedule(static) if(bytes > 1 << 20)
    for (long long page = 0; page < bytes; page += 4096) memory[page] = 0;
}

#ifdef _OPENMP
extern "C" int omp_get_max_threads();
extern "C" void omp_set_num_threads(int);
extern "C" int threads() { return omp_get_max_threads(); }
extern "C" void set_threads(const int count) { omp_set_num_threads(count); }
#else
extern "C" int threads() { return 1; }
extern "C" void set_threads(int) {}
#endif
"""


class CompileError(RuntimeError):
    """The host compiler refused a generated source; the message holds its output."""


class _Extent(ctypes.Structure):
    """`Extent` of prelude.cuh."""

    _fields_ = (
        ("nx", ctypes.c_int),
        ("ny", ctypes.c_int),
        ("nz", ctypes.c_int),
        ("sy", ctypes.c_longlong),
        ("sz", ctypes.c_longlong),
    )

    @classmethod
    def of(cls, extent: Extent) -> "_Extent":
        return cls(extent.nx, extent.ny, extent.nz, extent.sy, extent.sz)


@dataclass(frozen=True)
class Compiler:
    """A working C++ compiler and the flags it takes on this machine."""

    command: tuple[str, ...]
    flags: tuple[str, ...]
    identity: str  # its predefined macros: version and CPU features under these flags
    version: str  # first line of --version

    @property
    def is_gcc(self) -> bool:
        """GCC, and not a compiler that only defines its macros."""
        return "__GNUC__" in self.identity and "__clang__" not in self.identity

    @property
    def openmp(self) -> bool:
        """Whether loops run on several threads."""
        return "-fopenmp" in self.flags

    def library(self, name: str, source: str) -> Path:
        """Path of the compiled `source`, from the cache where it is there; the compiler's remarks lie beside it.

        Raises CompileError.
        """
        digest = sha256("\0".join([*self.command, *self.flags, self.identity, source]).encode()).hexdigest()[:24]
        folder = cache_folder()
        target = folder / f"{name}-{digest}.so"
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                unit = Path(scratch, f"{name}.cpp")
                unit.write_text(source, encoding="utf-8")
                built = Path(scratch, target.name)
                remarks = self._compile(unit, built)
                log = Path(scratch, f"{target.stem}.log")
                log.write_text(remarks, encoding="utf-8")
                # The library last, and by renaming: a second process never sees half of it.
                os.replace(log, folder / log.name)
                os.replace(built, target)
        return target

    def _compile(self, unit: Path, built: Path) -> str:
        remarks = ("-fopt-info-vec-optimized",) if self.is_gcc else ()
        command = [*self.command, *self.flags, *remarks, str(unit), "-o", str(built)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=COMPILE_SECONDS, check=False)
        if result.returncode:
            raise CompileError(f"{shlex.join(command)}\n{result.stderr}")
        return result.stderr


def cache_folder() -> Path:
    """The private folder of compiled kernels: $THERMO_CACHE, else ~/.cache/thermo.

    Raises BackendUnavailable where it cannot be written or belongs to another user, who could plant code in it.
    """
    root = os.environ.get("THERMO_CACHE")
    folder = Path(root or "~/.cache/thermo", "native")
    try:
        folder = folder.expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: the user has no home
        raise BackendUnavailable(f"no cache folder for compiled kernels (set THERMO_CACHE): {error}") from None
    if status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise BackendUnavailable(f"the cache folder {folder} can be written by other users (set THERMO_CACHE)")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BackendUnavailable(f"the cache folder {folder} cannot be written (set THERMO_CACHE)")
    return folder


def _cpu_quota() -> int | None:
    """Cores that a Linux container may keep busy (cgroup v2), which OpenMP does not look at; None without a limit."""
    try:
        quota, period = CPU_QUOTA.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else max(1, round(int(quota) / int(period)))


def _predefined_macros(command: Sequence[str], flags: Sequence[str]) -> str | None:
    try:
        result = subprocess.run(
            [*command, *flags, "-dM", "-E", "-x", "c++", os.devnull],
            capture_output=True, text=True, timeout=PROBE_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout if result.returncode == 0 else None


def _version(command: Sequence[str]) -> str:
    result = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False)
    return result.stdout.partition("\n")[0] or command[0]


def _candidates() -> list[tuple[str, ...]]:
    if chosen := os.environ.get("CXX"):
        return [tuple(shlex.split(chosen))]
    return [(path,) for name in COMPILERS if (path := shutil.which(name))]


@cache
def find_compiler() -> Compiler:
    """The first compiler that builds a library here: $CXX, c++, g++, clang++. Raises BackendUnavailable."""
    if os.name == "nt":
        raise BackendUnavailable("the native backend is not built on Windows")
    candidates = _candidates()
    if not candidates:
        raise BackendUnavailable(f"no C++ compiler: set CXX or install one of {', '.join(COMPILERS)}")
    refusals = []
    for command in candidates:
        # Apple's clang takes neither -fopenmp nor, on older Arm versions, -march=native.
        for optional in (("-march=native", "-fopenmp"), ("-mcpu=native", "-fopenmp"), ("-march=native",), ()):
            flags = (*FLAGS, *optional)
            identity = _predefined_macros(command, flags)
            if identity is None:
                continue
            compiler = Compiler(command, flags, identity, _version(command))
            if compiler.is_gcc:
                wide = AVX512_FLAGS if "__AVX512F__" in identity else ()
                compiler = replace(compiler, flags=(*flags, *GCC_FLAGS, *wide))
            try:
                compiler.library("runner", RUNNER)
            except (CompileError, OSError, subprocess.TimeoutExpired) as error:
                refusals.append(str(error).strip().rpartition("\n")[2])
                continue
            return compiler
    tried = ", ".join(shlex.join(command) for command in candidates)
    raise BackendUnavailable(f"no working C++ compiler: tried {tried}" + (f" ({refusals[-1]})" if refusals else ""))


@cache
def _pool() -> ThreadPoolExecutor:
    """Compilers run beside each other, and beside the caller that goes on binding."""
    return ThreadPoolExecutor(max_workers=os.cpu_count(), thread_name_prefix="compile")


@cache
def _compiled(kernel_name: str, source: str) -> Future:
    return _pool().submit(find_compiler().library, kernel_name, source)


@cache
def _entry(path: Path, symbol: str) -> Any:
    return getattr(ctypes.CDLL(str(path)), symbol)


class _Entry(ctypes.Structure):
    """`Entry` of the runner."""

    _fields_ = (
        ("function", ctypes.c_void_p),
        ("arguments", ctypes.c_void_p),
        ("planes", ctypes.c_void_p),
        *((name, ctypes.c_longlong) for name in ("together", "behind", "nz", "groups", "at_once")),
    )


def groups_of_nodes(nodes: Sequence[Node]) -> list[list[tuple[Node, int]]]:
    """Which nodes are carried through the planes together: per group the nodes, each with the planes it stays behind.

    Successive `cells` kernels on one large grid that read and write at their own place or `reach` planes away. Each
    stays that far and one plane more behind the one before: then it finds written what that one writes, and writes
    nothing that the one before, or any further ahead, has still to read.
    """
    groups: list[list[tuple[Node, int]]] = []
    for node in nodes:
        last, behind = groups[-1][-1] if groups else (None, 0)
        if last is not None and _carried(node) and _carried(last) and node.extent == last.extent:
            groups[-1].append((node, behind + max(node.kernel.reach, last.kernel.reach) + 1))
        else:
            groups.append([(node, 0)])
    return groups


def _groups_at_once(nodes: Sequence[Node], behind: int) -> int:
    """Groups of rows whose planes under way take CARRIED_BYTES; at least four, so that the ends weigh little."""
    fields = {
        id(array): array.itemsize
        for node in nodes
        for argument in node.kernel.arguments
        if argument.kind == "field" and (array := node.arguments[argument.name]).size > 1
    }
    planes = behind + 2 * max(node.kernel.reach for node in nodes) + 1
    group = sum(fields.values()) * nodes[0].extent.sy * ROWS_AT_ONCE * planes
    return max(4, CARRIED_BYTES // max(1, group))


def _carried(node: Node) -> bool:
    kernel = node.kernel
    within = all(argument.kind != "extent" and not argument.on for argument in kernel.arguments)
    return kernel.space == "cells" and within and node.extent.cells >= CARRIED_FROM


class NativeProgram(Program):
    """An array of (function, arguments) replayed by one call, during which Python's lock is released."""

    def __init__(self, backend: "NativeBackend", nodes: Sequence[Node]) -> None:
        self._backend = backend
        self._nodes = list(nodes)
        self._libraries = [backend.compile(node.kernel, node.switches) for node in nodes]
        self._entries: ctypes.Array | None = None  # of _Entry
        self._alive: list[Any] = []  # addresses in _entries point into these

    def _link(self) -> ctypes.Array:
        entries = (_Entry * len(self._nodes))()
        position = 0
        for group in groups_of_nodes(self._nodes):
            at_once = _groups_at_once([node for node, _ in group], group[-1][1]) if len(group) > 1 else 0
            for node, behind in group:
                entry, path = entries[position], self._libraries[position].result()
                entry.function = ctypes.cast(_entry(path, entry_name(node.kernel)), ctypes.c_void_p)
                entry.arguments = ctypes.addressof(self._pack(node))
                entry.together, entry.behind = len(group), behind
                if len(group) > 1:
                    entry.planes = ctypes.cast(_entry(path, planes_name(node.kernel)), ctypes.c_void_p)
                    entry.nz, entry.groups = node.extent.nz, -(-node.extent.ny // ROWS_AT_ONCE)
                    entry.at_once = at_once
                position += 1
        return entries

    def _pack(self, node: Node) -> ctypes.Array:
        values: list[Any] = [_Extent.of(node.extent)]
        for argument in node.kernel.arguments:
            value = node.arguments[argument.name]
            match argument.kind:
                case "integer":
                    values.append(ctypes.c_int(value))
                case "extent":
                    values.append(_Extent.of(value))
                case _:
                    values.append(value)
        if node.kernel.slots:
            values.append(self._backend.partial(node.extent.ny * node.extent.nz * len(node.kernel.slots)))
        addresses = (ctypes.c_void_p * len(values))()
        for position, value in enumerate(values):
            is_memory = hasattr(value, "ctypes")
            addresses[position] = value.ctypes.data if is_memory else ctypes.addressof(value)
        self._alive += [*values, addresses]
        return addresses

    def run(self) -> None:
        if self._entries is None:
            self._entries = self._link()
        self._backend.follow_crowding()
        self._backend.runner.run(self._entries, len(self._nodes))


class NativeBackend(HostBackend):
    """The kernels compiled for this CPU. Raises BackendUnavailable where there is no working compiler."""

    name = "native"
    mark = np.dtype(NATIVE_MARK)
    _crowding: Crowding | None = None  # of all native backends of the process; None: the number of threads is fixed
    _threads_given = False  # by the caller

    def __init__(self, precision: str) -> None:
        super().__init__(precision)
        self.compiler = find_compiler()
        # Threads that wait for the next loop by spinning starve each other on a machine shared with other work: a step
        # took twice as long. libgomp reads this once, when it is loaded.
        os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
        self.runner = ctypes.CDLL(str(self.compiler.library("runner", RUNNER)))
        self.runner.run.argtypes = (ctypes.c_void_p, ctypes.c_longlong)
        self.runner.run.restype = None
        self.runner.touch.argtypes = (ctypes.c_void_p, ctypes.c_longlong)
        self.runner.touch.restype = None
        if "OMP_NUM_THREADS" not in os.environ and (quota := _cpu_quota()):
            self.runner.set_threads(min(self.threads, quota))
        self._begin_to_follow()
        self._partial = self.zeros(0, "float64")
        self.reason = f"{self.compiler.version}, {self.threads} thread{'s' if self.threads > 1 else ''}"

    @property
    def threads(self) -> int:
        """Threads of a parallel loop, for all native backends of the process.

        At first OMP_NUM_THREADS, else the cores that this process may use; fewer while other programs use the cores
        (`kernels.crowding`). A number that is set stays.
        """
        return self.runner.threads()

    @threads.setter
    def threads(self, count: int) -> None:
        self.runner.set_threads(count)
        NativeBackend._crowding, NativeBackend._threads_given = None, True

    def _begin_to_follow(self) -> None:
        """From now on fewer threads while other programs use the cores, unless the caller or OMP_DYNAMIC chose."""
        if NativeBackend._crowding or NativeBackend._threads_given or "OMP_DYNAMIC" in os.environ or self.threads == 1:
            return
        # Not Linux, or a container that hides what its kernel counts: the number stays.
        with suppress(OSError, ValueError, AttributeError, IndexError):
            NativeBackend._crowding = Crowding(self.threads)

    def follow_crowding(self) -> None:
        """Take the number of threads that the machine has cores for at present. Results do not depend on it."""
        crowding = NativeBackend._crowding
        if crowding is not None and crowding.follow() != self.threads:
            self.runner.set_threads(crowding.count)

    def zeros(self, shape: int | tuple[int, ...], dtype: Any = None) -> Any:
        array = super().zeros(shape, dtype)
        self.runner.touch(array.ctypes.data, array.nbytes)
        return array

    def details(self) -> dict[str, Any]:
        return super().details() | {
            "compiler": self.compiler.version,
            "openmp": self.compiler.openmp,
            "threads": self.threads,
            "cache": str(cache_folder()),
        }

    def compile(self, kernel: Kernel, switches: dict[str, int]) -> Future:
        """Start compiling a kernel; the future gives the path of its library."""
        return _compiled(kernel.name, native_source(kernel, switches, self.precision))

    def bind(self, name: str, extent: Extent, /, switches: Any = None, **arguments: Any) -> Node:
        node = super().bind(name, extent, switches, **arguments)
        self.compile(node.kernel, node.switches)  # in the background, so that kernels compile beside each other
        return node

    def partial(self, size: int) -> Any:
        """Scratch for the sums of rows; nodes run one after the other and share it."""
        if self._partial.size < size:
            self._partial = self.zeros(size, "float64")
        return self._partial

    def program(self, nodes: Sequence[Node]) -> Program:
        return NativeProgram(self, nodes)
