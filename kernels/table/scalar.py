"""Transport of scalars by the air: stages of the march, what devices and walls give to them, implicit sinks."""

from kernels.signature import Kernel, array, field, integer
from kernels.table._groups import (
    COUNT,
    DIVISOR,
    FLAGS,
    FLUX,
    LIMITER,
    LOW_MACH,
    RHO,
    SCALARS,
    START,
    VARIABLE,
    fields,
    metrics,
    per_row,
)

SOURCES = ("density.cuh", "stages.cuh", "face_transport.cuh", "scalar.cuh")
REACTED = ("density.cuh", "scalar_sink.cuh")
EDDY = array("eddy", "in", "real")  # eddy viscosity, Pa s; read with VARIABLE only
PROPERTIES = array("properties", "in", "float64")
SINK = {"FIELDS": (0, 1)}  # whether production and loss are fields
NO_VAPOUR = {"VAPOUR": (0,)}
PLAIN = {"LOW_MACH": (0,), "VARIABLE": (0,), "LIMITER": (0,)} | NO_VAPOUR

KERNELS = (
    Kernel(
        "scalar", SOURCES, "cells",
        (
            *fields("in", "s", "begin", *FLUX), RHO, EDDY, FLAGS, PROPERTIES, *metrics("d", "df", "rd", "rdf"),
            SCALARS, DIVISOR, field("s_new", "out"),
        ),
        switches=LOW_MACH | VARIABLE | LIMITER | NO_VAPOUR, reach=2, solids=True,
    ),
    Kernel(
        "scalars_of_four", SOURCES, "cells",
        (
            *fields("in", *(f"{name}{n}" for name in ("s", "begin") for n in range(4)), *FLUX), RHO, EDDY, FLAGS,
            PROPERTIES, *metrics("d", "df", "rd", "rdf"), SCALARS, DIVISOR,
            *fields("out", *(f"new{n}" for n in range(4))),
        ),
        switches=LOW_MACH | VARIABLE | {"LIMITER": (1,)} | NO_VAPOUR, reach=2, solids=True,
    ),
    Kernel(
        "scalar_intakes", SOURCES, "list",
        (
            COUNT, START, array("cell", "in", "int64"), array("share", "in", "real"), field("s", "in"),
            *per_row("sums", dtype="float64", mode="out"),
        ),
        switches=PLAIN,
    ),
    Kernel(
        "scalar_discharges", SOURCES, "list",
        (
            COUNT, array("sums", "in", "float64"), integer("parts"), integer("instances"),
            *per_row("is_given", dtype="int32"), *per_row("given", "gain", "mass_flow", dtype="float64"),
            *per_row("drawn", "discharged", dtype="float64", mode="out"),
        ),
        switches=PLAIN,
    ),
    Kernel(
        "scalar_rows", SOURCES, "list",
        (
            COUNT, *per_row("cell", dtype="int64"), START, *per_row("source", dtype="float64"),
            array("conductance", "in", "real"), array("value", "in", "real"), *per_row("reciprocal_volume"),
            field("s", "in"), RHO, SCALARS, DIVISOR, *per_row("row_gain", dtype="float64", mode="out"),
            field("s_new", "inout"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,), "LIMITER": (0,), "VAPOUR": (0, 1)},
    ),
    Kernel(
        "scalar_sink", REACTED, "cells",
        (
            *(array(name, "in", "real") for name in ("production", "loss")), array("decay", "in", "float64"), SCALARS,
            DIVISOR, field("s_new", "inout"),
        ),
        switches=SINK | {"LOW_MACH": (0,)},
    ),
    Kernel(
        "scalar_reacted", REACTED, "rows",
        (
            *(array(name, "in", "real") for name in ("production", "loss")), array("decay", "in", "float64"),
            field("value", "in"), RHO, FLAGS, *metrics("d"), SCALARS, array("result", "out", "float64"),
        ),
        switches=SINK | LOW_MACH, slots=("sum",),
    ),
)  # fmt: skip
