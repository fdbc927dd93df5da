"""Several fluids in one run, by region."""

from kernels.signature import Kernel, array, field
from kernels.table._groups import COUNT, FLAGS, SCALARS, arrays, fields, metrics, per_row

REGION = field("region", "in", "mark")
FLUIDS = array("fluids", "in", "float64")
SOURCES = ("natural.cuh", "fluids.cuh")
CELL = per_row("cell", dtype="int64")

KERNELS = (
    Kernel(
        "fluid_properties", SOURCES, "cells",
        (field("theta", "in"), REGION, FLUIDS, SCALARS, *fields("out", "mu", "diffusivity")),
    ),
    Kernel(
        "liquid_properties", SOURCES, "list",
        (COUNT, *CELL, field("theta", "in"), REGION, FLUIDS, SCALARS, *fields("inout", "mu", "diffusivity")),
    ),
    Kernel(
        "density_by_region", SOURCES, "cells",
        (
            field("theta_new", "in"), FLAGS, REGION, FLUIDS, *metrics("d"),
            *arrays("in", "float64", "pressure", "pressure_old", "scalars"), *fields("inout", "rho", "increment"),
            field("defect", "out"), field("lift", "inout"),
        ),
    ),
    Kernel(
        "natural_film", SOURCES, "list",
        (
            COUNT, *per_row("entry", "place", "far", "alike", dtype="int32"), *CELL, *per_row("up", dtype="int32"),
            *per_row("area", "distance"), array("back", "in", "real"), array("other", "in", "int64"),
            array("fixed", "in", "real"), *fields("in", "theta", "rho"), REGION, FLUIDS, SCALARS,
            array("film", "inout", "real"),
        ),
    ),
    Kernel("scale_cells", SOURCES, "list", (COUNT, *CELL, *per_row("factor"), field("values", "inout"))),
)  # fmt: skip
