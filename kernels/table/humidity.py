"""Moist air: virtual temperature, and vapour as mass of the air."""

from kernels.signature import Kernel, array, integer
from kernels.table._groups import COUNT, FLAGS, REGION, SCALARS, arrays, fields, metrics, per_row

KERNELS = (
    Kernel("virtual_theta", "humidity.cuh", "cells", (*fields("in", "theta", "q"), SCALARS, *fields("out", "warm"))),
    Kernel("to_virtual_theta", "humidity.cuh", "cells", (*fields("in", "q"), SCALARS, *fields("inout", "theta"))),
    Kernel(
        "vapour_stage", "humidity.cuh", "list",
        (COUNT, *per_row("gain", dtype="float64"), *per_row("given", dtype="float64", mode="inout")),
    ),
    Kernel(
        "vapour_defect", "humidity.cuh", "list",
        (
            COUNT, *per_row("cell", dtype="int64"), SCALARS, *per_row("given", "last", dtype="float64", mode="inout"),
            *fields("inout", "defect"),
        ),
    ),
    Kernel(
        "vapour_of_zones", "humidity.cuh", "single",
        (
            array("cell", "in", "int64", length="rows"), array("region", "in", "int32", length="rows"), integer("rows"),
            array("given", "in", "float64", length="rows"), *fields("in", "theta"), integer("zones"),
            *arrays("in", "int32", "closed", "group", "vented"), array("volume", "in", "float64"), SCALARS,
            *arrays("inout", "float64", "mass", "energy_pressure", "vapour_pressure", "heat"),
        ),
    ),
    Kernel(
        "vapour_volume", "humidity.cuh", "rows",
        (*fields("in", "q"), FLAGS, REGION, *metrics("d"), integer("label"), array("result", "out", "float64")),
        slots=("sum",),
    ),
    Kernel(
        "moist_gas", "humidity.cuh", "single",
        (
            array("sums", "in", "float64", length="parts"), integer("parts"), integer("label"),
            array("volume", "in", "float64"), SCALARS, *arrays("inout", "float64", "gas"),
        ),
    ),
)  # fmt: skip
