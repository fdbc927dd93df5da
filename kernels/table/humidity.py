"""Moist air: virtual temperature."""

from kernels.signature import Kernel
from kernels.table._groups import COUNT, SCALARS, fields, per_row

KERNELS = (
    Kernel("virtual_theta", "humidity.cuh", "cells", (*fields("in", "theta", "q"), SCALARS, *fields("out", "warm"))),
    Kernel("to_virtual_theta", "humidity.cuh", "cells", (*fields("in", "q"), SCALARS, *fields("inout", "theta"))),
    Kernel(
        "follow_pressure", "humidity.cuh", "list",
        (COUNT, *per_row("pressure", dtype="float64"), *per_row("energy_pressure", dtype="float64", mode="out")),
    ),
)  # fmt: skip
