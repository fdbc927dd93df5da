"""What drives the air: a mean velocity held by a body force, forces on single faces."""

from kernels.signature import Kernel, array, integer
from kernels.table._groups import (
    COUNT,
    FLAGS,
    FLUX_NEW,
    LOW_MACH,
    RHO,
    SCALARS,
    VELOCITY,
    arrays,
    fields,
    metrics,
    per_row,
)

NEITHER = {"LOW_MACH": (0,)}

KERNELS = (
    Kernel(
        "fluid_velocity", "forcing.cuh", "rows",
        (*fields("in", *VELOCITY), RHO, FLAGS, *metrics("d"), SCALARS, array("result", "out", "float64")),
        switches=LOW_MACH, slots=("sum", "sum", "sum", "sum"),
    ),
    Kernel(
        "hold_velocity", "forcing.cuh", "single",
        (
            array("sums", "in", "float64"), integer("parts"), *arrays("in", "float64", "volume", "target"),
            array("held", "in", "int32"), array("scalars", "inout", "float64"), array("memory", "inout", "float64"),
        ),
        switches=NEITHER,
    ),
    Kernel(
        "face_force", "forcing.cuh", "list",
        (
            COUNT, *per_row("axis", dtype="int32"), *per_row("face", dtype="int64"), *per_row("force"), SCALARS,
            *fields("inout", *FLUX_NEW),
        ),
        switches=NEITHER,
    ),
)  # fmt: skip
