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

SOURCES = ("stages.cuh", "face_transport.cuh", "transport.cuh")

KERNELS = (
    Kernel(
        "flux_ahead", SOURCES, "list",
        (COUNT, *fields("in", *FLUX, *LAST), SCALARS, *fields("out", *AHEAD)),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,), "LIMITER": (0,)},
    ),
    Kernel(
        "velocity", SOURCES, "cells",
        (*fields("in", *FLUX), RHO, *metrics("d", "rdf"), SCALARS, *fields("out", *VELOCITY)),
        switches=LOW_MACH | {"VARIABLE": (0,), "LIMITER": (0,)},
    ),
    Kernel(
        "courant_rate", SOURCES, "rows",
        (*fields("in", *VELOCITY), FLAGS, *metrics("rd"), array("result", "out", "float64")),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,), "LIMITER": (0,)}, slots=("max",),
    ),
    Kernel(
        "temperature", SOURCES, "cells",
        (
            *fields("in", "theta", "begin", *FLUX), RHO, DIFFUSIVITY, FLAGS, REGION,
            array("pressure_rate", "in", "float64"), *metrics("d", "df", "rd", "rdf"), SCALARS, DIVISOR,
            field("theta_new", "out"),
        ),
        switches=LOW_MACH | VARIABLE | LIMITER, reach=2, solids=True,
    ),
    Kernel(
        "momentum", SOURCES, "cells",
        (
            *fields("in", *FLUX, *BEGIN, *VELOCITY, "p", "lift"), RHO, INCREMENT, MU, FLAGS,
            *metrics("d", "rd", "rdf"), SCALARS, DIVISOR, *fields("out", *FLUX_NEW),
        ),
        switches=LOW_MACH | VARIABLE | STAGE | {"LIMITER": (0,)}, solids=True,
    ),
)  # fmt: skip
