"""Eddy viscosity, what it asks of the time step, and the friction at walls."""

from kernels.signature import Kernel, array, field
from kernels.table._groups import (
    COUNT,
    DIVISOR,
    FLAGS,
    FLUX_NEW,
    LOW_MACH,
    RHO,
    SCALARS,
    STAGE,
    START,
    VELOCITY,
    fields,
    metrics,
    per_row,
)

EDDY = ("density.cuh", "turbulence.cuh")
WALL_LAYER = (*EDDY, "faces.cuh", "natural.cuh", "wall_layer.cuh")
SUTHERLAND = {"SUTHERLAND_LAW": (0, 1)}  # molecular viscosity by Sutherland's law, else constant
PLACE = per_row("axis", dtype="int32") + per_row("face", dtype="int64")

KERNELS = (
    Kernel(
        "vreman", EDDY, "cells",
        (
            *fields("in", *VELOCITY, "theta"), RHO, FLAGS, *metrics("d", "rd", "rdf"), SCALARS,
            *fields("out", "mu", "diffusivity"),
        ),
        switches=LOW_MACH | SUTHERLAND,
    ),
    Kernel(
        "diffusion_rate", EDDY, "rows",
        (*fields("in", "mu", "diffusivity"), RHO, FLAGS, *metrics("rd"), SCALARS, array("result", "out", "float64")),
        switches=LOW_MACH | {"SUTHERLAND_LAW": (0,)}, slots=("max",),
    ),
    Kernel(
        "accumulate_moments", EDDY, "cells",
        (
            *fields("in", *VELOCITY, "theta", "mu"), RHO, SCALARS,
            *fields("inout", "sum_xx", "sum_yy", "sum_zz", "sum_tt", "sum_eddy"),
        ),
        switches=LOW_MACH | SUTHERLAND,
    ),
    Kernel(
        "wall_friction", WALL_LAYER, "list",
        (
            COUNT, *per_row("cell", dtype="int64"), *per_row("axis", dtype="int32"),
            *per_row("distance", "wall_x", "wall_y", "wall_z"), *fields("in", *VELOCITY, "theta"), RHO,
            SCALARS, *per_row("friction", "y_plus", "u_plus", mode="out"),
        ),
        switches=LOW_MACH | SUTHERLAND,
    ),
    Kernel(
        "wall_shear", WALL_LAYER, "list",
        (
            COUNT, *PLACE, START, array("wall", "in", "int32"),
            *(array(name, "in", "real") for name in ("share", "wall_velocity")), array("cell", "in", "int64"),
            *(array(name, "in", "real") for name in ("distance", "friction")), *fields("in", "mu", *VELOCITY), RHO,
            SCALARS, DIVISOR, *fields("inout", *FLUX_NEW),
        ),
        switches=LOW_MACH | STAGE | {"SUTHERLAND_LAW": (0,)},
    ),
    Kernel(
        "wall_film", WALL_LAYER, "list",
        (
            COUNT, *per_row("entry", "wall", dtype="int32"), *per_row("cell", dtype="int64"),
            *per_row("up", "panel", dtype="int32"), *per_row("area"), array("back", "in", "real"),
            array("other", "in", "int64"), *(array(name, "in", "real") for name in ("fixed", "distance", "y_plus")),
            field("theta", "in"), RHO, SCALARS, array("film", "inout", "real"),
        ),
        switches=LOW_MACH | SUTHERLAND,
    ),
    Kernel(
        "film_conductance", WALL_LAYER, "list",
        (COUNT, *per_row("film", "back"), *per_row("far", dtype="int32"), *per_row("conductance", mode="out")),
        switches={"LOW_MACH": (0,), "SUTHERLAND_LAW": (0,)},
    ),
)  # fmt: skip
