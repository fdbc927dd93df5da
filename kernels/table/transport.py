"""Transport of heat and momentum by the flow: velocities, Courant number, temperature, provisional mass flux."""

from kernels.signature import Kernel, array, field
from kernels.table._groups import (
    COUNT,
    DIFFUSIVITY,
    DIVISOR,
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
    STAGE,
    VARIABLE,
    VELOCITY,
    fields,
    metrics,
)

LAST, AHEAD, BEGIN = (tuple(f"{name}_{when}" for name in FLUX) for when in ("last", "ahead", "begin"))

KERNELS = (
    Kernel(
        "flux_ahead", "transport.cuh", "list",
        (COUNT, *fields("in", *FLUX, *LAST), SCALARS, *fields("out", *AHEAD)),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,), "LIMITER": (0,)},
    ),
    Kernel(
        "velocity", "transport.cuh", "cells",
        (*fields("in", *FLUX), RHO, *metrics("d", "rdf"), SCALARS, *fields("out", *VELOCITY)),
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
            *fields("in", "theta", "begin", *FLUX), RHO, DIFFUSIVITY, FLAGS, REGION,
            array("pressure_rate", "in", "float64"), *metrics("d", "df", "rd", "rdf"), SCALARS, DIVISOR,
            field("theta_new", "out"),
        ),
        switches=LOW_MACH | VARIABLE | LIMITER, reach=2, solids=True,
    ),
    Kernel(
        "momentum", "transport.cuh", "cells",
        (
            *fields("in", *FLUX, *BEGIN, *VELOCITY, "p", "lift"), RHO, INCREMENT, MU, FLAGS,
            *metrics("d", "rd", "rdf"), SCALARS, DIVISOR, *fields("out", *FLUX_NEW),
        ),
        switches=LOW_MACH | VARIABLE | STAGE | {"LIMITER": (0,)}, solids=True,
    ),
)  # fmt: skip
