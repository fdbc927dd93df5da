"""Two-equation models of the mean flow: production and loss of their quantities, and the first cells at walls."""

from kernels.signature import Kernel, array, field
from kernels.table._groups import COUNT, FLAGS, FLUX, LOW_MACH, RHO, SCALARS, START, VELOCITY, fields, metrics, per_row
from kernels.table.turbulence import SUTHERLAND, WALL_LAYER

RANS = (*WALL_LAYER, "exponential.cuh", "rans.cuh")
K_EPSILON, K_OMEGA = (*RANS, "k_epsilon.cuh"), (*RANS, "k_omega.cuh")
DISTANCE = field("wall_distance", "in")
MODEL = array("model", "in", "float64")
OF_EPSILON = ("production_k", "loss_k", "production_e", "loss_e")
OF_OMEGA = ("production_k", "loss_k", "production_w", "loss_w")
FIRST_CELLS = (
    COUNT, *per_row("cell", dtype="int64"), START, array("wall", "in", "int32"),
    *(array(name, "in", "real") for name in ("distance", "y_plus", "steep", "added")),
    *fields("in", "energy", "theta"), RHO,
)  # fmt: skip

KERNELS = (
    Kernel(
        "k_epsilon", K_EPSILON, "cells",
        (
            *fields("in", *VELOCITY, "energy", "dissipation", "theta"), RHO,
            *fields("in", "wall_distance", "shape"), FLAGS, MODEL,
            *metrics("d", "rd", "rdf"), SCALARS, *fields("out", "mu", "diffusivity", *OF_EPSILON),
        ),
        switches=LOW_MACH | SUTHERLAND | {"RENORMALISED": (0, 1)},
    ),
    Kernel(
        "k_epsilon_walls", K_EPSILON, "list",
        (
            *FIRST_CELLS, DISTANCE, MODEL, SCALARS,
            *fields("inout", "mu", "diffusivity", *OF_EPSILON),
        ),
        switches=LOW_MACH | SUTHERLAND | {"RENORMALISED": (0,)},
    ),
    Kernel(
        "k_omega", K_OMEGA, "cells",
        (
            *fields("in", *VELOCITY, "energy", "frequency", "theta"), RHO,
            *fields("in", "wall_distance", "shape"), FLAGS, MODEL,
            *metrics("d", "rd", "rdf"), SCALARS,
            *fields("out", "mu", "diffusivity", "gamma_k", "gamma_w", *OF_OMEGA),
        ),
        switches=LOW_MACH | SUTHERLAND,
    ),
    Kernel(
        "k_omega_walls", K_OMEGA, "list",
        (*FIRST_CELLS, MODEL, SCALARS, *fields("inout", "mu", "diffusivity", *OF_OMEGA)),
        switches=LOW_MACH | SUTHERLAND,
    ),
    Kernel(
        "wall_profile", RANS, "list",
        (
            COUNT, *per_row("distance", "second", "third", "y_plus", "u_plus"), SCALARS,
            *per_row("steep", "added", "shape", mode="out"),
        ),
        switches={"LOW_MACH": (0,), "SUTHERLAND_LAW": (0,)},
    ),
    Kernel(
        "wall_shape", RANS, "list",
        (
            COUNT, *per_row("cell", dtype="int64"), START, array("wall", "in", "int32"),
            array("shape_of_wall", "in", "real"), field("shape", "inout"),
        ),
        switches={"LOW_MACH": (0,), "SUTHERLAND_LAW": (0,)},
    ),
    Kernel(
        "inflow_turbulence", RANS, "list",
        (
            COUNT, *per_row("entry", dtype="int32"), *per_row("axis", dtype="int32"), *per_row("face", dtype="int64"),
            *per_row("intensity", "length"), *fields("in", *FLUX), array("law", "in", "float64"), SCALARS,
            *(array(name, "inout", "real") for name in ("outside_k", "outside_other")),
        ),
        switches={"LOW_MACH": (0,), "SUTHERLAND_LAW": (0,)},
    ),
)  # fmt: skip
