"""Transport of heat and momentum by the flow: velocities, Courant number, temperature, provisional mass flux."""

from kernels.signature import Kernel, array, field
from kernels.table._groups import (
    DIFFUSIVITY,
    FLAGS,
    FLUX,
    FLUX_NEW,
    INCREMENT,
    LIMITER,
    LOW_MACH,
    MU,
    REGION,
    RHO,
    SCALARS,
    TENDENCY,
    VARIABLE,
    VELOCITY,
    fields,
    metrics,
)

KERNELS = (
    Kernel(
        "velocity", "transport.cuh", "cells",
        (*fields("in", *FLUX), RHO, FLAGS, *metrics("d", "rdf"), SCALARS, *fields("inout", *VELOCITY)),
        switches=LOW_MACH | {"VARIABLE": (0,), "LIMITER": (0,)},
    ),
    Kernel(
        "courant_rate", "transport.cuh", "rows",
        (*fields("in", *VELOCITY), FLAGS, *metrics("rd"), array("result", "out", "float64")),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,), "LIMITER": (0,)}, slots=("max",),
    ),
    Kernel(
        "temperature", "transport.cuh", "cells",
        (
            *fields("in", "theta", *FLUX), RHO, DIFFUSIVITY, FLAGS, REGION, array("pressure_rate", "in", "float64"),
            *metrics("d", "df", "rd", "rdf"), SCALARS, field("tendency", "inout"), field("theta_new", "out"),
        ),
        switches=LOW_MACH | VARIABLE | LIMITER,
    ),
    Kernel(
        "momentum", "transport.cuh", "cells",
        (
            *fields("in", *FLUX, *VELOCITY, "p", "theta", "theta_new"), RHO, INCREMENT, MU, FLAGS,
            *metrics("d", "rd", "rdf"), SCALARS, *fields("inout", *TENDENCY), *fields("out", *FLUX_NEW),
        ),
        switches=LOW_MACH | VARIABLE | {"LIMITER": (0,)},
    ),
)  # fmt: skip
