"""Generates the translation unit of a kernel: prelude, sources and the loop shell around the body.

Only the body is shared between backends. On the host the shell is an OpenMP loop over k and j with a vectorised loop
over i; on the GPU it is one thread per cell (`cells`), per entry (`list`), or one warp per row (`rows`).
"""

from functools import cache
from pathlib import Path

from kernels.flags import Flag
from kernels.scalars import Scalar
from kernels.signature import GHOST, Argument, Kernel

SOURCE_FOLDER = Path(__file__).parent / "source"
PRECISIONS = {"single": "float", "double": "double"}

# The dtype in which a backend keeps marks. On the host a mark is as wide as a float: a loop over bytes and floats is
# vectorised for the lanes of the bytes, thus for four vectors of floats at a time, and runs out of registers.
NATIVE_MARK = "int32"
CUDA_MARK = "uint8"
_MARKS = {"uint8": "unsigned char", "int32": "int"}

# Below this many cells or entries a host loop runs on the calling thread: waking the others costs more than they save.
SERIAL_BELOW = 4096

WARP = 32
CELL_BLOCK = (64, 4)  # threads along x and y
LIST_BLOCK = 256
ROW_BLOCK = 4  # warps, one row each
COMBINE_BLOCK = 256

_C_TYPES = {
    "real": "real",
    "float32": "float",
    "float64": "double",
    "mark": "mark",
    "int32": "int",
    "int64": "index",
}


@cache
def _read_source(name: str) -> str:
    return (SOURCE_FOLDER / name).read_text(encoding="utf-8")


def entry_name(kernel: Kernel) -> str:
    """Symbol of the generated entry point."""
    return f"launch_{kernel.name}"


def combine_name(kernel: Kernel) -> str:
    """Symbol of the CUDA kernel that combines the rows."""
    return f"combine_{kernel.name}"


def native_source(kernel: Kernel, switches: dict[str, int], precision: str) -> str:
    """C++ of a kernel with its entry point `void launch_<name>(const void* const* arguments)`.

    `arguments` holds the addresses of the launch extent, of every argument in table order, and for the `rows` space of
    the float64 scratch `partial[rows * slots]`.
    """
    return _unit(kernel, switches, precision, NATIVE_MARK, _native_shell(kernel))


def cuda_source(kernel: Kernel, switches: dict[str, int], precision: str) -> str:
    """CUDA C++ of a kernel; `cuda_parameters` lists the parameters of the entry point."""
    return _unit(kernel, switches, precision, CUDA_MARK, _cuda_shell(kernel))


def _unit(kernel: Kernel, switches: dict[str, int], precision: str, mark: str, shell: str) -> str:
    defines = [f"#define REAL {PRECISIONS[precision]}", f"#define MARK {_MARKS[mark]}"]
    defines += [f"#define {name} {value}" for name, value in sorted(switches.items())]
    constants = ", ".join(f"{constant.name} = {constant.value}" for constant in (*Flag, *Scalar))
    parts = ["\n".join([*defines, f"enum : int {{ {constants} }};"])]
    for name in ("prelude.cuh", *kernel.sources):
        parts.append(f'#line 1 "{name}"\n{_read_source(name)}')
    parts.append(f'#line 1 "shell of {kernel.name}"\n{shell}')
    return "\n".join(parts)


def _qualified(argument: Argument, kernel: Kernel) -> str:
    """Pointer type of an array argument; memory that may overlap another argument's is not `__restrict__`."""
    shared = argument.overlaps or any(argument.name in other.overlaps for other in kernel.arguments)
    const = "const " if argument.mode == "in" else ""
    return f"{const}{_C_TYPES[argument.dtype]}*" + ("" if shared else " __restrict__")


def _call(kernel: Kernel, indices: str) -> str:
    return f"{kernel.name}({', '.join(['e', *filter(None, [indices]), *(a.name for a in kernel.body_arguments)])})"


def _start(operation: str) -> str:
    return "0.0" if operation == "sum" else "LOWEST"


def _merge(operation: str, into: str, value: str) -> str:
    return f"{into} += {value};" if operation == "sum" else f"{into} = max_or_nan({into}, {value});"


# --- host ---------------------------------------------------------------------------------------------------------


def _native_shell(kernel: Kernel) -> str:
    loop = {"cells": _native_cells, "list": _native_list, "rows": _native_rows, "single": _native_single}[kernel.space]
    lines = [f'extern "C" void {entry_name(kernel)}(const void* const* arguments)', "{"]
    lines.append("    const Extent e = *static_cast<const Extent*>(arguments[0]);")
    for position, argument in enumerate(kernel.arguments, start=1):
        lines.append(f"    {_native_unpack(argument, kernel, position)}")
    return "\n".join([*lines, *loop(kernel), "}", ""])


def _native_unpack(argument: Argument, kernel: Kernel, position: int) -> str:
    if not argument.is_array:
        kind = "Extent" if argument.kind == "extent" else "int"
        return f"const {kind} {argument.name} = *static_cast<const {kind}*>(arguments[{position}]);"
    pointer = _qualified(argument, kernel)
    kind = pointer.replace(" __restrict__", "")
    source = f"arguments[{position}]" if argument.mode == "in" else f"const_cast<void*>(arguments[{position}])"
    return f"{pointer} const {argument.name} = static_cast<{kind}>({source});"


def _private(kernel: Kernel) -> str:
    """Copies for each thread: a store might otherwise change the shared ones, which stops the vectoriser."""
    return f"firstprivate({', '.join(['e', *(argument.name for argument in kernel.arguments)])})"


def _native_cells(kernel: Kernel) -> list[str]:
    return [
        f"    const bool parallel = (index)e.nx * e.ny * e.nz >= {SERIAL_BELOW};",
        f"    #pragma omp parallel for collapse(2) schedule(static) if(parallel) {_private(kernel)}",
        f"    for (int k = {GHOST}; k < e.nz + {GHOST}; ++k)",
        f"        for (int j = {GHOST}; j < e.ny + {GHOST}; ++j) {{",
        "            const index row = e.sy * j + e.sz * k;",
        "            #pragma omp simd",
        f"            for (int i = {GHOST}; i < e.nx + {GHOST}; ++i)",
        f"                {_call(kernel, 'i, j, k, row + i')};",
        "        }",
    ]


def _native_list(kernel: Kernel) -> list[str]:
    return [
        f"    const bool parallel = count >= {SERIAL_BELOW};",
        f"    #pragma omp parallel for simd schedule(static) if(parallel: parallel) {_private(kernel)}",
        "    for (int n = 0; n < count; ++n)",
        f"        {_call(kernel, 'n')};",
    ]


def _native_single(kernel: Kernel) -> list[str]:
    return [f"    {_call(kernel, '')};"]


def _native_rows(kernel: Kernel) -> list[str]:
    slots = list(enumerate(kernel.slots))
    clauses = []
    if sums := [f"a{slot}" for slot, operation in slots if operation == "sum"]:
        clauses.append(f"reduction(+: {', '.join(sums)})")
    if maxima := [f"a{slot}" for slot, operation in slots if operation == "max"]:
        clauses.append(f"reduction(maximum: {', '.join(maxima)})")
    declare = "#pragma omp declare reduction(maximum: double: omp_out = max_or_nan(omp_out, omp_in))"
    return [
        f"    double* __restrict__ const partial = static_cast<double*>(const_cast<void*>("
        f"arguments[{len(kernel.arguments) + 1}]));",
        *([f"    {declare} initializer(omp_priv = LOWEST)"] if maxima else []),
        f"    const bool parallel = (index)e.nx * e.ny * e.nz >= {SERIAL_BELOW};",
        f"    #pragma omp parallel for collapse(2) schedule(static) if(parallel) {_private(kernel)}",
        f"    for (int k = {GHOST}; k < e.nz + {GHOST}; ++k)",
        f"        for (int j = {GHOST}; j < e.ny + {GHOST}; ++j) {{",
        "            const index row = e.sy * j + e.sz * k;",
        *(f"            double a{slot} = {_start(operation)};" for slot, operation in slots),
        f"            #pragma omp simd {' '.join(clauses)}",
        f"            for (int i = {GHOST}; i < e.nx + {GHOST}; ++i) {{",
        f"                const Slots<{len(slots)}> s = {_call(kernel, 'i, j, k, row + i')};",
        *(f"                {_merge(operation, f'a{slot}', f's.slot[{slot}]')}" for slot, operation in slots),
        "            }",
        f"            double* const sums = partial + ((index)(k - {GHOST}) * e.ny + j - {GHOST}) * {len(slots)};",
        *(f"            sums[{slot}] = a{slot};" for slot, _ in slots),
        "        }",
        "    const index rows = (index)e.ny * e.nz;",
        *(f"    double a{slot} = {_start(operation)};" for slot, operation in slots),
        "    for (index row = 0; row < rows; ++row) {",
        *(
            f"        {_merge(operation, f'a{slot}', f'partial[row * {len(slots)} + {slot}]')}"
            for slot, operation in slots
        ),
        "    }",
        *(f"    result[{slot}] = a{slot};" for slot, _ in slots),
    ]


# --- GPU ----------------------------------------------------------------------------------------------------------


def cuda_parameters(kernel: Kernel) -> list[Argument]:
    """Arguments of the CUDA entry point after nx, ny, nz; an extent argument stands for three integers.

    A `rows` kernel takes the scratch `partial` in place of `result`.
    """
    return [argument for argument in kernel.arguments if not (kernel.space == "rows" and argument.name == "result")]


def _cuda_shell(kernel: Kernel) -> str:
    parameters = ["const int nx", "const int ny", "const int nz"]
    unpack = ["    const Extent e = make_extent(nx, ny, nz);"]
    for argument in cuda_parameters(kernel):
        name = argument.name
        if argument.kind == "integer":
            parameters.append(f"const int {name}")
        elif argument.kind == "extent":
            parameters += [f"const int {name}_n{axis}" for axis in "xyz"]
            unpack.append(f"    const Extent {name} = make_extent({name}_nx, {name}_ny, {name}_nz);")
        else:
            parameters.append(f"{_qualified(argument, kernel)} {name}")
    if kernel.space == "rows":
        parameters.append("double* __restrict__ partial")
    body = {"cells": _cuda_cells, "list": _cuda_list, "rows": _cuda_rows, "single": _cuda_single}[kernel.space]
    lines = [f'extern "C" __global__ void {entry_name(kernel)}({", ".join(parameters)})', "{", *unpack, *body(kernel)]
    lines += ["}", ""]
    if kernel.space == "rows":
        lines += _cuda_combine(kernel)
    return "\n".join(lines)


def _cuda_cells(kernel: Kernel) -> list[str]:
    return [
        f"    const int i = blockIdx.x * blockDim.x + threadIdx.x + {GHOST};",
        f"    const int j = blockIdx.y * blockDim.y + threadIdx.y + {GHOST};",
        f"    const int k = blockIdx.z + {GHOST};",
        f"    if (i < nx + {GHOST} && j < ny + {GHOST})",
        f"        {_call(kernel, 'i, j, k, i + e.sy * j + e.sz * k')};",
    ]


def _cuda_list(kernel: Kernel) -> list[str]:
    return [
        "    const int n = blockIdx.x * blockDim.x + threadIdx.x;",
        "    if (n < count)",
        f"        {_call(kernel, 'n')};",
    ]


def _cuda_single(kernel: Kernel) -> list[str]:
    return [f"    {_call(kernel, '')};"]


def _cuda_rows(kernel: Kernel) -> list[str]:
    slots = list(enumerate(kernel.slots))
    return [
        "    const int row = blockIdx.x * blockDim.y + threadIdx.y;",
        "    if (row >= ny * nz) return;  // the whole warp leaves together",
        f"    const int j = row % ny + {GHOST};",
        f"    const int k = row / ny + {GHOST};",
        *(f"    double a{slot} = {_start(operation)};" for slot, operation in slots),
        f"    for (int i = threadIdx.x + {GHOST}; i < nx + {GHOST}; i += {WARP}) {{",
        f"        const Slots<{len(slots)}> s = {_call(kernel, 'i, j, k, i + e.sy * j + e.sz * k')};",
        *(f"        {_merge(operation, f'a{slot}', f's.slot[{slot}]')}" for slot, operation in slots),
        "    }",
        f"    for (int offset = {WARP // 2}; offset > 0; offset >>= 1) {{",
        *(
            f"        {_merge(operation, f'a{slot}', f'__shfl_down_sync(0xffffffffu, a{slot}, offset)')}"
            for slot, operation in slots
        ),
        "    }",
        "    if (threadIdx.x == 0) {",
        *(f"        partial[(index)row * {len(slots)} + {slot}] = a{slot};" for slot, _ in slots),
        "    }",
    ]


def _cuda_combine(kernel: Kernel) -> list[str]:
    """One block: thread t takes rows t, t + block, ..., then a tree; a fixed order whatever the device."""
    lines = [
        f'extern "C" __global__ void {combine_name(kernel)}(const int rows, const double* __restrict__ partial, '
        "double* __restrict__ result)",
        "{",
        f"    __shared__ double shared[{COMBINE_BLOCK}];",
        "    const int t = threadIdx.x;",
    ]
    for slot, operation in enumerate(kernel.slots):
        lines += [
            "    {",
            f"        double a = {_start(operation)};",
            f"        for (int row = t; row < rows; row += {COMBINE_BLOCK})",
            f"            {_merge(operation, 'a', f'partial[(index)row * {len(kernel.slots)} + {slot}]')}",
            "        shared[t] = a;",
            "        __syncthreads();",
            f"        for (int offset = {COMBINE_BLOCK // 2}; offset > 0; offset >>= 1) {{",
            "            if (t < offset) {",
            f"                {_merge(operation, 'shared[t]', 'shared[t + offset]')}",
            "            }",
            "            __syncthreads();",
            "        }",
            f"        if (t == 0) result[{slot}] = shared[0];",
            "        __syncthreads();",
            "    }",
        ]
    return [*lines, "}", ""]
