"""Density, thermodynamic pressure of sealed regions, mass defect and the correction of the projection."""

from kernels.signature import Kernel, array, field, integer
from kernels.table._groups import FLAGS, FLUX, LOW_MACH, SCALARS, arrays, fields, metrics

KERNELS = (
    Kernel(
        "density_ahead", "continuity.cuh", "cells", (field("increment", "in"), SCALARS, field("rho", "inout")),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "density", "continuity.cuh", "cells",
        (
            field("theta_new", "in"), FLAGS, field("region", "in", "mark"), *metrics("d"),
            *arrays("in", "float64", "pressure", "pressure_old", "scalars"), *fields("inout", "rho", "increment"),
            field("defect", "out"), field("lift", "inout"),
        ),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "buoyancy", "continuity.cuh", "cells", (field("theta_new", "in"), SCALARS, field("lift", "inout")),
        switches={"LOW_MACH": (0,)},
    ),
    Kernel(
        "volume_over_temperature", "continuity.cuh", "rows",
        (
            field("theta", "in"), FLAGS, field("region", "in", "mark"), *metrics("d"), SCALARS, integer("label"),
            array("result", "out", "float64"),
        ),
        switches={"LOW_MACH": (1,)}, slots=("sum",),
    ),
    Kernel(
        "region_pressure", "continuity.cuh", "single",
        (
            array("sums", "in", "float64", length="parts"), integer("parts"), integer("label"),
            array("mass", "in", "float64"), SCALARS, *arrays("inout", "float64", "pressure", "pressure_old"),
        ),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "region_pressure_rate", "continuity.cuh", "single",
        (
            array("row_heat", "in", "float64"), array("row_region", "in", "int32"), integer("rows"),
            *arrays("in", "float64", "mass_flow", "theta_in", "theta_out"),
            *arrays("in", "int32", "intake_region", "discharge_region"), integer("instances"),
            array("given_heat", "in", "float64"), integer("label"), *arrays("in", "float64", "volume", "pressure"),
            SCALARS, integer("stage"), array("gas_of", "in", "float64"),
            *arrays("inout", "float64", "gained", "energy_pressure", "pressure_rate"),
        ),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "mass_defect", "continuity.cuh", "cells",
        (
            *fields("in", *FLUX), FLAGS, *metrics("d"), field("defect", "inout"),
        ),
        switches=LOW_MACH,
    ),
    Kernel(
        "correct", "continuity.cuh", "cells",
        (field("phi", "in"), FLAGS, *metrics("rdf"), SCALARS, *fields("inout", *FLUX, "p")),
        switches={"LOW_MACH": (0,)},
    ),
)  # fmt: skip
