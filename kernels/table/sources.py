"""Properties that follow the temperature, sources given per cell, and the sums of the ledger."""

from kernels.signature import Kernel, array, field, integer
from kernels.table._groups import COUNT, DIVISOR, FLUX, LOW_MACH, RHO, SCALARS, STAGE, fields, per_row

SOURCES = ("density.cuh", "sources.cuh")
NEITHER = {"LOW_MACH": (0,)}
LEVELS = (DIVISOR, field("theta_new", "inout"))

KERNELS = (
    Kernel(
        "sutherland", SOURCES, "cells",
        (field("theta", "in"), SCALARS, field("mu", "out"), field("diffusivity", "out")), switches=NEITHER,
    ),
    Kernel(
        "liquid_viscosity", SOURCES, "cells",
        (
            field("theta", "in"), array("law", "in", "float64"), SCALARS, field("mu", "out"),
            field("diffusivity", "out"),
        ),
        switches=NEITHER,
    ),
    Kernel(
        "volume_force", SOURCES, "cells",
        (field("force", "in"), RHO, SCALARS, DIVISOR, integer("stride"), field("stage", "inout")),
        switches=LOW_MACH | STAGE,
    ),
    Kernel("volume_heat", SOURCES, "cells", (field("q", "in"), RHO, SCALARS, *LEVELS), switches=LOW_MACH),
    Kernel(
        "add_heat", SOURCES, "list",
        (
            COUNT, array("cell", "in", "int64", length="count"),
            *per_row("reciprocal_volume", "heat_capacity"),
            array("row_heat", "in", "float64", length="count"), RHO, SCALARS, *LEVELS,
        ),
        switches=LOW_MACH,
    ),
    Kernel(
        "accumulate_instances", SOURCES, "list",
        (
            COUNT, *(array(n, "in", "float64", length="count") for n in ("mass_flow", "theta_in", "theta_out")),
            SCALARS, array("sums", "inout", "float64"),
        ),
        switches=NEITHER,
    ),
    Kernel(
        "accumulate_rows", SOURCES, "list",
        (
            COUNT, array("value", "in", "float64", length="count"), SCALARS,
            array("sum", "inout", "float64", length="count"),
        ),
        switches=NEITHER,
    ),
    Kernel(
        "opening_flows", SOURCES, "list",
        (
            COUNT, array("start", "in", "int32", length="count+1"), array("axis", "in", "int32"),
            array("face", "in", "int64"), array("cell", "in", "int64"),
            *(array(name, "in", "real") for name in ("outward", "area", "outside")), *fields("in", *FLUX, "theta"),
            SCALARS, array("flows", "out", "float64"), array("sums", "inout", "float64"),
        ),
        switches=NEITHER,
    ),
)  # fmt: skip
