"""Several fluids in one run, by region."""

from kernels.signature import Kernel, array, field
from kernels.table._groups import COUNT, FLAGS, SCALARS, arrays, fields, metrics, per_row

REGION = field("region", "in", "mark")
FLUIDS = array("fluids", "in", "float64")
CELL = per_row("cell", dtype="int64")

KERNELS = (
    Kernel(
        "fluid_properties", "fluids.cuh", "cells",
        (field("theta", "in"), REGION, FLUIDS, SCALARS, *fields("out", "mu", "diffusivity")),
    ),
    Kernel(
        "liquid_properties", "fluids.cuh", "list",
        (COUNT, *CELL, field("theta", "in"), REGION, FLUIDS, SCALARS, *fields("inout", "mu", "diffusivity")),
    ),
    Kernel(
        "density_by_region", "fluids.cuh", "cells",
        (
            field("theta_new", "in"), FLAGS, REGION, FLUIDS, *metrics("d"),
            *arrays("in", "float64", "pressure", "pressure_old", "scalars"), *fields("inout", "rho", "increment"),
            field("defect", "out"), field("lift", "inout"),
        ),
    ),
    Kernel("scale_cells", "fluids.cuh", "list", (COUNT, *CELL, *per_row("factor"), field("values", "inout"))),
)  # fmt: skip
