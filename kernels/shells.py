"""Generates the translation unit of a kernel: prelude, sources and the loop shell around the body.

Only the body is shared between backends. On the host the shell is an OpenMP loop over k and j with a vectorised loop
over i; on the GPU it is one thread per cell (`cells`) or per entry (`list`), one warp per row (`rows`), or one block
(`block`).
"""

from collections.abc import Sequence
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
# Rows of a plane that a thread runs by one call, and whose sums it keeps in one set of lanes: adding up the lanes of
# every row by itself costs 0.1 to 0.2 ns per cell on rows of 60.
ROWS_AT_ONCE = 8

WARP = 32
CELL_BLOCK = (64, 4)  # threads along x and y
LIST_BLOCK = 256
ROW_BLOCK = 4  # warps, one row each
COMBINE_BLOCK = 256
WHOLE_BLOCK = 512  # threads of a `block` kernel

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


def planes_name(kernel: Kernel) -> str:
    """Symbol of the native function that runs some rows of one plane of a `cells` kernel."""
    return f"planes_{kernel.name}"


def combine_name(kernel: Kernel) -> str:
    """Symbol of the CUDA kernel that combines the rows."""
    return f"combine_{kernel.name}"


def native_source(kernel: Kernel, switches: dict[str, int], precision: str) -> str:
    """C++ of a kernel with its entry point `void launch_<name>(const void* const* arguments)`.

    `arguments` holds the addresses of the launch extent, of every argument in table order, and for the `rows` space of
    the float64 scratch `partial[rows * slots]`.
    """
    return _unit(kernel, switches, precision, NATIVE_MARK, _LANES + _native_shell(kernel))


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


def _call(kernel: Kernel, indices: str, instead: dict[str, str] | None = None, solid: str = "false") -> str:
    """Call of the body; `instead` holds what is passed in place of an argument of that name."""
    names = (argument.name for argument in kernel.body_arguments)
    passed = [(instead or {}).get(name, name) for name in names]
    if kernel.solids:
        indices += f", {solid}"
    return f"{kernel.name}({', '.join(['e', *filter(None, [indices]), *passed])})"


def _start(operation: str) -> str:
    return "0.0" if operation == "sum" else "LOWEST"


def _merge(operation: str, into: str, value: str) -> str:
    return f"{into} += {value};" if operation == "sum" else f"{into} = max_or_nan({into}, {value});"


# --- host ---------------------------------------------------------------------------------------------------------

# Numbers in the vector that a row ends with where its rest is kept apart. With AVX-512 that is half of the widest,
# since the compiler runs half a vector at the end of a loop anyway. WIDEST is the whole of it.
_LANES = """
#if defined(__AVX__)
enum : int { LANES = 32 / sizeof(real) };
#else
enum : int { LANES = 16 / sizeof(real) };
#endif
#if defined(__AVX512F__)
enum : int { WIDEST = 64 / sizeof(real) };
#else
enum : int { WIDEST = LANES };
#endif
"""

_END_OF_WHOLE_VECTORS = f"{GHOST} + (e.nx < LANES ? e.nx : e.nx & -LANES)"


def _native_shell(kernel: Kernel) -> str:
    function = {"cells": _cells_of_rows, "rows": _sums_of_rows}.get(kernel.space, lambda _: [])(kernel)
    loop = {
        "cells": _native_cells,
        "list": _native_list,
        "rows": _native_rows,
        "single": _native_single,
        "block": _native_block,
    }[kernel.space]
    lines = [*function, f'extern "C" void {entry_name(kernel)}(const void* const* arguments)', "{"]
    lines.append("    const Extent e = *static_cast<const Extent*>(arguments[0]);")
    for position, argument in enumerate(kernel.arguments, start=1):
        lines.append(f"    {_native_unpack(argument, kernel, position)}")
    lines += [*loop(kernel), "}", ""]
    if kernel.space == "cells":
        lines += _native_planes(kernel)
    return "\n".join(lines)


def _native_planes(kernel: Kernel) -> list[str]:
    """Some groups of rows of plane k: what the runner calls where it carries several kernels through the planes."""
    parameters = "const void* const* arguments, const int k, const int first_group, const int end_group"
    return [
        f'extern "C" void {planes_name(kernel)}({parameters})',
        "{",
        "    const Extent e = *static_cast<const Extent*>(arguments[0]);",
        *(f"    {_native_unpack(argument, kernel, n)}" for n, argument in enumerate(kernel.arguments, start=1)),
        "    for (int group = first_group; group < end_group; ++group) {",
        f"        const int first_row = {GHOST} + group * {ROWS_AT_ONCE};",
        f"        {_call_of_rows(kernel)}",
        "    }",
        "}",
        "",
    ]


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


def _outputs(kernel: Kernel) -> list[Argument]:
    """What a body writes at its cell, or at its entry of a list."""
    return [argument for argument in kernel.body_arguments if argument.mode != "in"]


def _rows_function(kernel: Kernel, row: list[str], before: Sequence[str] = (), after: Sequence[str] = ()) -> list[str]:
    """A function that runs some rows of a plane, with the lines of one row, and those before and after all of them.

    It is one of its own because the compiler believes `__restrict__` of parameters only: within the parallel loop it
    would load and multiply again for every vector what is the same for the whole row.
    """
    parameters = ["const Extent e", "const int k", "const int first_row", "const int end_row"]
    for argument in kernel.body_arguments:
        if argument.is_array:
            parameters.append(f"{_qualified(argument, kernel)} const {argument.name}")
        else:
            parameters.append(f"const {'Extent' if argument.kind == 'extent' else 'int'} {argument.name}")
    if kernel.slots:
        parameters.append("double* __restrict__ const partial")
    return [
        f"static __attribute__((noinline)) void rows_of_{kernel.name}({', '.join(parameters)})",
        "{",
        *(f"    {line}" for line in before),
        "    for (int j = first_row; j < end_row; ++j) {",
        "        const index row = e.sy * j + e.sz * k;",
        *(f"        {line}" for line in row),
        "    }",
        *(f"    {line}" for line in after),
        "}",
        "",
    ]


def _rows_in_parallel(kernel: Kernel) -> list[str]:
    """The loop over all rows, some of a plane at a time."""
    return [
        f"    const bool parallel = (index)e.nx * e.ny * e.nz >= {SERIAL_BELOW};",
        "    #pragma omp parallel for collapse(2) schedule(static) if(parallel)",
        f"    for (int k = {GHOST}; k < e.nz + {GHOST}; ++k)",
        f"        for (int first_row = {GHOST}; first_row < e.ny + {GHOST}; first_row += {ROWS_AT_ONCE})",
        f"            {_call_of_rows(kernel)}",
    ]


def _call_of_rows(kernel: Kernel) -> str:
    passed = ["e", "k", "first_row", f"rmin(first_row + {ROWS_AT_ONCE}, e.ny + {GHOST})"]
    passed += [argument.name for argument in kernel.body_arguments]
    if kernel.slots:
        passed.append("partial")
    return f"rows_of_{kernel.name}({', '.join(passed)});"


def _native_cells(kernel: Kernel) -> list[str]:
    return _rows_in_parallel(kernel)


def _cells_of_rows(kernel: Kernel) -> list[str]:
    outputs = _outputs(kernel)
    if any(output.kind != "field" or output.on or output.overlaps for output in outputs):
        end, rest = f"e.nx + {GHOST}", []
    elif all(output.mode == "out" for output in outputs):
        return _rows_function(kernel, _rewritten_row(kernel))
    else:
        end, rest = _END_OF_WHOLE_VECTORS, _rest_of_row(kernel, [f"{_call_at_lane(kernel)};"])
    row = [
        f"const int whole = {end};",
        f'#line 1 "row of {kernel.name}"',
        "#pragma omp simd",
        f"for (int i = {GHOST}; i < whole; ++i)",
        f"    {_call(kernel, 'i, j, k, row + i')};",
        *rest,
    ]
    return _rows_function(kernel, row)


def _rewritten_row(kernel: Kernel) -> list[str]:
    """A row in whole vectors, of which the last begins early enough to be whole: a few cells are written twice.

    For kernels whose outputs are not read.
    """
    return [
        f"const int last = e.nx + {GHOST} - WIDEST;",
        f"for (int next = {GHOST}; next < last + WIDEST && e.nx >= WIDEST; next += WIDEST) {{",
        "    const int vector = next < last ? next : last;",
        *(_solid_vector(kernel) if kernel.solids else []),
        f'    #line 1 "row of {kernel.name}"',
        "    #pragma omp simd",
        "    for (int lane = 0; lane < WIDEST; ++lane)",
        f"        {_call(kernel, 'vector + lane, j, k, row + vector + lane')};",
        "}",
        "if (e.nx < WIDEST) {",
        f'    #line 1 "short row of {kernel.name}"',
        "    #pragma omp simd",
        f"    for (int i = {GHOST}; i < e.nx + {GHOST}; ++i)",
        f"        {_call(kernel, 'i, j, k, row + i')};",
        "}",
    ]


def _solid_vector(kernel: Kernel) -> list[str]:
    """A vector in the middle of a rack, where nothing flows: a fifth of the cells of a full room."""
    return [
        "    int marks = 0;",
        "    #pragma omp simd reduction(|: marks)",
        "    for (int lane = 0; lane < WIDEST; ++lane) marks |= flags[row + vector + lane];",
        "    if ((marks & (OPEN_X | OPEN_Y | OPEN_Z | FLUID)) == 0) {",
        "        #pragma omp simd",
        "        for (int lane = 0; lane < WIDEST; ++lane)",
        f"            {_call(kernel, 'vector + lane, j, k, row + vector + lane', solid='true')};",
        "        continue;",
        "    }",
    ]


def _call_at_lane(kernel: Kernel) -> str:
    """Call of the body for cell `first + lane`, which writes to the lanes of `_rest_of_row` in place of the row."""
    beside = {output.name: f"{output.name}_lanes - row - first" for output in _outputs(kernel)}
    return _call(kernel, "first + lane, j, k, row + first + lane", beside)


def _rest_of_row(kernel: Kernel, one_lane: list[str]) -> list[str]:
    """The cells of a row that do not fill a vector: its last LANES cells once more, of which only these are kept.

    The compiler would run them one by one, four of which take as long as half of a row of 60. The body writes beside
    the row, so that the cells that are done stay as they are.
    """
    outputs = [(output.name, _C_TYPES[output.dtype], output.mode) for output in _outputs(kernel)]
    cell = "row + first + lane"
    taken = [f"        {name}_lanes[lane] = {name}[{cell}];" for name, _, mode in outputs if mode == "inout"]
    stored = []
    for name, dtype, _ in outputs:
        # Loaded before the choice: a load under a condition is not vectorised.
        stored += [
            f"        const {dtype} {name}_before = {name}[{cell}], {name}_now = {name}_lanes[lane];",
            f"        {name}[{cell}] = lane < done ? {name}_before : {name}_now;",
        ]
    loop = ["    #pragma omp simd", "    for (int lane = 0; lane < LANES; ++lane) {"]
    return [
        f"if (whole < e.nx + {GHOST}) {{",
        f"    const int first = e.nx + {GHOST} - LANES, done = whole - first;",
        *(f"    {dtype} {name}_lanes[LANES];" for name, dtype, _ in outputs),
        *([*loop, *taken, "    }"] if taken else []),
        f'    #line 1 "rest of row of {kernel.name}"',
        *loop,
        *(f"        {line}" for line in one_lane),
        "    }",
        f'    #line 1 "kept of row of {kernel.name}"',
        *([*loop, *stored, "    }"] if stored else []),
        "}",
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


def _native_block(kernel: Kernel) -> list[str]:
    return [f"    {_call(kernel, 'Block{0, 1}')};"]


# Number of the rows that are run by one call among those of the launch.
_GROUPS_OF_PLANE = f"((e.ny + {ROWS_AT_ONCE - 1}) / {ROWS_AT_ONCE})"


def _sums_of_rows(kernel: Kernel) -> list[str]:
    slots = list(enumerate(kernel.slots))

    def merged(call: str, value: str = "s.slot[{slot}]") -> list[str]:
        """One lane: what the body returns goes into the lane's own slots. A reduction clause stops the vectoriser."""
        lines = [f"const Slots<{len(slots)}> s = {call};"]
        for slot, operation in slots:
            lines.append(_merge(operation, f"a{slot}[lane]", value.format(slot=slot, start=_start(operation))))
        return lines

    def loop(cells: str, call: str) -> list[str]:
        return ["#pragma omp simd", f"for (int lane = 0; lane < {cells}; ++lane) {{", *merged(call), "}"]

    at_lane = _call(kernel, "first + lane, j, k, row + first + lane")
    before = [
        *(f"double a{slot}[LANES];" for slot, _ in slots),
        "for (int lane = 0; lane < LANES; ++lane) {",
        *(f"    a{slot}[lane] = {_start(operation)};" for slot, operation in slots),
        "}",
    ]
    row = [
        f"const int whole = {_END_OF_WHOLE_VECTORS};",
        f"int first = {GHOST};",
        "for (; first + LANES <= whole; first += LANES) {",
        f'    #line 1 "row of {kernel.name}"',
        *(f"    {line}" for line in loop("LANES", at_lane)),
        "}",
        "if (e.nx < LANES) {",
        f'    #line 1 "short row of {kernel.name}"',
        *(f"    {line}" for line in loop("e.nx", at_lane)),
        "}",
        *_rest_of_row(kernel, merged(_call_at_lane(kernel), "(lane < done ? {start} : s.slot[{slot}])")),
    ]
    after = [
        f"const index group = {_GROUPS_OF_PLANE} * (index)(k - {GHOST}) + (first_row - {GHOST}) / {ROWS_AT_ONCE};",
        "for (int half = LANES / 2; half > 0; half /= 2) {",
        "    for (int lane = 0; lane < half; ++lane) {",
        *(f"        {_merge(operation, f'a{slot}[lane]', f'a{slot}[lane + half]')}" for slot, operation in slots),
        "    }",
        "}",
        *(f"partial[{len(slots)} * group + {slot}] = a{slot}[0];" for slot, _ in slots),
    ]
    return _rows_function(kernel, row, before, after)


def _native_rows(kernel: Kernel) -> list[str]:
    slots = list(enumerate(kernel.slots))
    return [
        f"    double* __restrict__ const partial = static_cast<double*>(const_cast<void*>("
        f"arguments[{len(kernel.arguments) + 1}]));",
        *_rows_in_parallel(kernel),
        f"    const index groups = {_GROUPS_OF_PLANE} * (index)e.nz;",
        *(f"    double a{slot} = {_start(operation)};" for slot, operation in slots),
        "    for (index group = 0; group < groups; ++group) {",
        *(
            f"        {_merge(operation, f'a{slot}', f'partial[{len(slots)} * group + {slot}]')}"
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
    body = {
        "cells": _cuda_cells,
        "list": _cuda_list,
        "rows": _cuda_rows,
        "single": _cuda_single,
        "block": _cuda_block,
    }[kernel.space]
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


def _cuda_block(kernel: Kernel) -> list[str]:
    return [f"    {_call(kernel, f'Block{{(int)threadIdx.x, {WHOLE_BLOCK}}}')};"]


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
