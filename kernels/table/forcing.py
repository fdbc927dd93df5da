"""What drives the air: a mean velocity held by a body force."""

from kernels.signature import Kernel, array, integer
from kernels.table._groups import (
    FLAGS,
    LOW_MACH,
    RHO,
    SCALARS,
    VELOCITY,
    arrays,
    fields,
    metrics,
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
)  # fmt: skip
