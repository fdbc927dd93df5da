"""Faces and cells beyond the stencils, as sparse lists: walls, ports, devices, resistances, pressure openings."""

from kernels.signature import Kernel, array, field, integer
from kernels.table._groups import (
    COUNT,
    DIFFUSIVITY,
    DIVISOR,
    FLUX,
    FLUX_NEW,
    LOW_MACH,
    MU,
    RHO,
    SCALARS,
    STAGE,
    START,
    VARIABLE,
    VELOCITY,
    arrays,
    fields,
    per_row,
)

SOURCES = ("density.cuh", "faces.cuh", "boundaries.cuh")
PLACE = per_row("axis", dtype="int32") + per_row("face", dtype="int64")
CELL = per_row("cell", dtype="int64")
ENTRIES = (*arrays("in", "int64", "other"), *arrays("in", "real", "conductance", "fixed"))

INSTANCE = ("mass_flow", "theta_in", "theta_out")
AHEAD = tuple(f"{name}_ahead" for name in FLUX)
VELOCITY_NEW = ("ux_new", "uy_new", "uz_new")

KERNELS = (
    Kernel(
        "port_velocity", SOURCES, "list",
        (
            COUNT, *PLACE, *CELL, START, array("instance", "in", "int32"), array("weight", "in", "real"),
            array("discharging", "in", "int32"), *arrays("in", "float64", "mass_flow", "theta_out"),
            array("discharge_region", "in", "int32"), *arrays("in", "float64", "settings", "pressure"), RHO, SCALARS,
            *fields("inout", *VELOCITY),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "opening_velocity", SOURCES, "list",
        (
            COUNT, *PLACE, *CELL, *per_row("outward", "outside_density"), *fields("in", *FLUX), RHO, SCALARS,
            *fields("inout", *VELOCITY),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "keep_faces", SOURCES, "list",
        (COUNT, *PLACE, *fields("in", *VELOCITY), *fields("inout", *VELOCITY_NEW)),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "instances_ahead", SOURCES, "list",
        (
            COUNT, *per_row(*INSTANCE, dtype="float64"), SCALARS,
            *per_row(*(f"{name}_last" for name in INSTANCE), dtype="float64", mode="inout"),
            *per_row(*(f"{name}_ahead" for name in INSTANCE), dtype="float64", mode="out"),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "heat_rows", SOURCES, "list",
        (
            COUNT, *CELL, START, *per_row("source", dtype="float64"), *ENTRIES, array("beyond", "in", "real"),
            DIFFUSIVITY, field("theta", "in"), SCALARS, *per_row("row_heat", dtype="float64", mode="out"),
        ),
        switches={"LOW_MACH": (0,)} | VARIABLE,
    ),
    Kernel(
        "intake_sums", SOURCES, "list",
        (
            COUNT, START, array("cell", "in", "int64"), array("share", "in", "real"), field("theta", "in"), RHO,
            SCALARS, array("sums", "out", "float64"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "instance_law", SOURCES, "list",
        (
            COUNT, array("sums", "in", "float64"), integer("parts"), integer("instances"),
            array("settings", "in", "float64"), *per_row("discharge_region", dtype="int32"),
            array("pressure", "in", "float64"), SCALARS,
            *per_row("mass_flow", "theta_in", "theta_out", dtype="float64", mode="out"),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "port_faces", SOURCES, "list",
        (
            COUNT, *PLACE, START, array("instance", "in", "int32"), array("weight", "in", "real"),
            array("mass_flow", "in", "float64"), *fields("inout", *FLUX),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "port_heat", SOURCES, "list",
        (
            COUNT, *CELL, START, array("instance", "in", "int32"), array("share", "in", "real"),
            *per_row("reciprocal_volume"), *arrays("in", "float64", "mass_flow", "theta_out"), field("theta", "in"),
            RHO, SCALARS, DIVISOR, field("theta_new", "inout"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "opening_heat", SOURCES, "list",
        (
            COUNT, *CELL, START, array("axis", "in", "int32"), array("face", "in", "int64"),
            *arrays("in", "real", "inward_area", "outside"), *per_row("reciprocal_volume"), *fields("in", *FLUX),
            field("theta", "in"), RHO, SCALARS, DIVISOR, field("theta_new", "inout"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "wall_drag", SOURCES, "list",
        (
            COUNT, *PLACE, START, array("cell", "in", "int64"), array("drag", "in", "real"), MU, RHO, SCALARS,
            DIVISOR, *fields("inout", *FLUX_NEW),
        ),
        switches=LOW_MACH | VARIABLE | STAGE,
    ),
    Kernel(
        "face_force", SOURCES, "list",
        (COUNT, *PLACE, *per_row("force"), RHO, SCALARS, DIVISOR, *fields("inout", *FLUX_NEW)),
        switches=LOW_MACH | STAGE | {"VARIABLE": (0,)},
    ),
    Kernel(
        "resistance_predict", SOURCES, "list",
        (
            COUNT, *PLACE, *per_row("stride", dtype="int64"),
            *per_row("forward", "backward", "linear", "distance", "area"), *per_row("low", "high", dtype="int32"),
            *fields("in", *FLUX), RHO, SCALARS, DIVISOR, *fields("inout", *FLUX_NEW), *per_row("beta", mode="out"),
            array("coefficients", "inout", "real"),
        ),
        switches=LOW_MACH | STAGE | {"VARIABLE": (0,)},
    ),
    Kernel(
        "resistance_correct", SOURCES, "list",
        (
            COUNT, *PLACE, *per_row("stride", dtype="int64"), *per_row("distance", "beta"), field("phi", "in"),
            *fields("inout", *FLUX),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "opening_friction", SOURCES, "list",
        (
            COUNT, *PLACE, *CELL, *per_row("outward", "outside_density"), START, array("beside", "in", "int64"),
            array("wall", "in", "int32"), *arrays("in", "real", "share", "reciprocal_distance", "given"),
            *fields("in", *AHEAD), MU, array("friction", "in", "real"), RHO, SCALARS,
            *per_row("drag", "pull", mode="out"),
        ),
        switches=LOW_MACH | VARIABLE,
    ),
    Kernel(
        "opening_predict", SOURCES, "list",
        (
            COUNT, *PLACE, *CELL,
            *per_row("outward", "loss_out", "loss_in", "outside_density", "outside_pressure", "distance", "area"),
            *per_row("position", dtype="int32"),
            *fields("in", *FLUX, *AHEAD, "p", "lift"), *per_row("drag", "pull"), RHO, SCALARS,
            *fields("inout", *FLUX_NEW), *per_row("beta", mode="out"),
            array("coefficients", "inout", "real"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "opening_correct", SOURCES, "list",
        (
            COUNT, *PLACE, *CELL, *per_row("outward", "distance", "beta"), field("phi", "in"),
            *fields("inout", *FLUX),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "add_to_rows", SOURCES, "list",
        (COUNT, *per_row("given", dtype="float64"), *per_row("row_heat", dtype="float64", mode="inout")),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
)  # fmt: skip
