"""Time sums for averages."""

from kernels.signature import Kernel, field
from kernels.table._groups import COUNT, SCALARS, VELOCITY, fields

KERNELS = (
    Kernel("accumulate", "averages.cuh", "cells", (field("x", "in"), SCALARS, field("sum", "inout"))),
    Kernel("accumulate_faces", "averages.cuh", "list", (COUNT, field("x", "in"), SCALARS, field("sum", "inout"))),
    Kernel(
        "accumulate_velocity", "averages.cuh", "cells",
        (*fields("in", *VELOCITY), SCALARS, *fields("inout", "sum_x", "sum_y", "sum_z")),
    ),
)  # fmt: skip
