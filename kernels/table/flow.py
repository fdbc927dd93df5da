"""Kernels of the flow solver: transport, continuity, boundaries, averages."""

from kernels.signature import Argument, Kernel, array, field, integer, metric

LOW_MACH = {"LOW_MACH": (0, 1)}
VARIABLE = {"VARIABLE": (0, 1)}  # viscosity or diffusivity is a field, not one number
LIMITER = {"LIMITER": (0, 1)}

SCALARS = array("scalars", "in", "float64")


def _fields(mode: str, *names: str, overlaps: tuple[str, ...] = ()) -> tuple[Argument, ...]:
    return tuple(field(name, mode, overlaps=overlaps) for name in names)


def _metrics(*prefixes: str) -> tuple[Argument, ...]:
    """Metrics of all three axes: "d" widths, "df" centre distances, "rd" and "rdf" reciprocals."""
    name = {"d": "d{}", "df": "d{}f", "rd": "rd{}", "rdf": "rd{}f"}
    return tuple(metric(name[prefix].format(axis), axis) for prefix in prefixes for axis in "xyz")


def _arrays(mode: str, dtype: str, *names: str, length: str = "") -> tuple[Argument, ...]:
    return tuple(array(name, mode, dtype, length=length) for name in names)


# The density field exists in the low-Mach form only, a viscosity or diffusivity field only with VARIABLE: an array of
# one element stands for what a variant does not read.
RHO, INCREMENT, MU, DIFFUSIVITY = (array(name, "in", "real") for name in ("rho", "increment", "mu", "diffusivity"))
FLAGS = field("flags", "in", "uint8")
REGION = array("region", "in", "uint8")  # one element in the Boussinesq form
FLUX, FLUX_NEW = ("mx", "my", "mz"), ("mx_new", "my_new", "mz_new")
VELOCITY, TENDENCY = ("ux", "uy", "uz"), ("tendency_x", "tendency_y", "tendency_z")
COUNT, START = integer("count"), array("start", "in", "int32", length="count+1")


def _per_row(*names: str, dtype: str = "real", mode: str = "in") -> tuple[Argument, ...]:
    return _arrays(mode, dtype, *names, length="count")


TRANSPORT = (
    Kernel(
        "velocity", "transport.cuh", "cells",
        (*_fields("in", *FLUX), RHO, FLAGS, *_metrics("d", "rdf"), SCALARS, *_fields("inout", *VELOCITY)),
        switches=LOW_MACH | {"VARIABLE": (0,), "LIMITER": (0,)},
    ),
    Kernel(
        "courant_rate", "transport.cuh", "rows",
        (*_fields("in", *VELOCITY), FLAGS, *_metrics("rd"), array("result", "out", "float64")),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,), "LIMITER": (0,)}, slots=("max",),
    ),
    Kernel(
        "temperature", "transport.cuh", "cells",
        (
            *_fields("in", "theta", *FLUX), RHO, DIFFUSIVITY, FLAGS, REGION, array("pressure_rate", "in", "float64"),
            *_metrics("d", "df", "rd", "rdf"), SCALARS, field("tendency", "inout"), field("theta_new", "out"),
        ),
        switches=LOW_MACH | VARIABLE | LIMITER,
    ),
    Kernel(
        "momentum", "transport.cuh", "cells",
        (
            *_fields("in", *FLUX, *VELOCITY, "p", "theta", "theta_new"), RHO, INCREMENT, MU, FLAGS,
            *_metrics("d", "rd", "rdf"), SCALARS, *_fields("inout", *TENDENCY), *_fields("out", *FLUX_NEW),
        ),
        switches=LOW_MACH | VARIABLE | {"LIMITER": (0,)},
    ),
)  # fmt: skip

CONTINUITY = (
    Kernel(
        "density", "continuity.cuh", "cells",
        (
            *_fields("in", "theta", "theta_new"), FLAGS, field("region", "in", "uint8"),
            *_arrays("in", "float64", "pressure", "pressure_old", "scalars"),
            field("rho", "inout"), field("increment", "out"),
        ),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "volume_over_temperature", "continuity.cuh", "rows",
        (
            field("theta", "in"), FLAGS, field("region", "in", "uint8"), *_metrics("d"), SCALARS, integer("label"),
            array("result", "out", "float64"),
        ),
        switches={"LOW_MACH": (1,)}, slots=("sum",),
    ),
    Kernel(
        "region_pressure", "continuity.cuh", "single",
        (
            array("sums", "in", "float64", length="parts"), integer("parts"), integer("label"),
            array("mass", "in", "float64"), SCALARS, *_arrays("inout", "float64", "pressure", "pressure_old"),
        ),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "region_pressure_rate", "continuity.cuh", "single",
        (
            array("row_heat", "in", "float64"), array("row_region", "in", "int32"), integer("rows"),
            *_arrays("in", "float64", "mass_flow", "theta_in", "theta_out"),
            *_arrays("in", "int32", "intake_region", "discharge_region"), integer("instances"), integer("label"),
            array("volume", "in", "float64"), SCALARS, array("pressure_rate", "inout", "float64"),
        ),
        switches={"LOW_MACH": (1,)},
    ),
    Kernel(
        "mass_defect", "continuity.cuh", "cells",
        (
            *_fields("in", *FLUX), INCREMENT, array("increment_old", "in", "real"), FLAGS, *_metrics("d"), SCALARS,
            field("defect", "out"),
        ),
        switches=LOW_MACH,
    ),
    Kernel(
        "region_sum", "continuity.cuh", "rows",
        (
            field("x", "in"), FLAGS, field("region", "in", "uint8"), integer("label"),
            array("result", "out", "float64"),
        ),
        switches={"LOW_MACH": (0,)}, slots=("sum",),
    ),
    Kernel(
        "correct", "continuity.cuh", "cells",
        (field("phi", "in"), FLAGS, *_metrics("rdf"), SCALARS, *_fields("inout", *FLUX, "p")),
        switches={"LOW_MACH": (0,)},
    ),
)  # fmt: skip

PLACE = _per_row("axis", dtype="int32") + _per_row("face", dtype="int64")
CELL = _per_row("cell", dtype="int64")
ENTRIES = (*_arrays("in", "int64", "other"), *_arrays("in", "real", "conductance", "fixed"))

BOUNDARIES = (
    Kernel(
        "boundary_velocity", "boundaries.cuh", "list",
        (COUNT, *PLACE, *CELL, *_fields("in", *FLUX), RHO, SCALARS, *_fields("inout", *VELOCITY)),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "heat_rows", "boundaries.cuh", "list",
        (
            COUNT, *CELL, START, *_per_row("source", dtype="float64"), *ENTRIES, *_per_row("reciprocal_volume"),
            field("theta", "in"), RHO, SCALARS, *_fields("inout", "tendency", "theta_new"),
            *_per_row("row_heat", dtype="float64", mode="out"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "solid_rows", "boundaries.cuh", "list",
        (
            COUNT, *CELL, START, *_per_row("source", dtype="float64"), *ENTRIES,
            *_per_row("reciprocal_capacity", dtype="float64"), field("theta", "in"), SCALARS,
            *_per_row("solid_tendency", "solid_theta", dtype="float64", mode="inout"), field("theta_new", "inout"),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "intake_sums", "boundaries.cuh", "list",
        (
            COUNT, START, array("cell", "in", "int64"), array("share", "in", "real"), field("theta", "in"), RHO,
            SCALARS, array("sums", "out", "float64"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "instance_law", "boundaries.cuh", "list",
        (
            COUNT, array("sums", "in", "float64"), integer("parts"), integer("instances"),
            array("settings", "in", "float64"), *_per_row("discharge_region", dtype="int32"),
            array("pressure", "in", "float64"), SCALARS,
            *_per_row("mass_flow", "theta_in", "theta_out", dtype="float64", mode="out"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "port_faces", "boundaries.cuh", "list",
        (
            COUNT, *PLACE, START, array("instance", "in", "int32"), array("weight", "in", "real"),
            array("mass_flow", "in", "float64"), *_fields("inout", *FLUX),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "port_heat", "boundaries.cuh", "list",
        (
            COUNT, *CELL, START, array("instance", "in", "int32"), array("share", "in", "real"),
            *_per_row("reciprocal_volume"), *_arrays("in", "float64", "mass_flow", "theta_out"), field("theta", "in"),
            RHO, SCALARS, *_fields("inout", "tendency", "theta_new"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "opening_heat", "boundaries.cuh", "list",
        (
            COUNT, *CELL, START, array("axis", "in", "int32"), array("face", "in", "int64"),
            *_arrays("in", "real", "inward_area", "outside"), *_per_row("reciprocal_volume"), *_fields("in", *FLUX),
            field("theta", "in"), RHO, SCALARS, *_fields("inout", "tendency", "theta_new"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "wall_drag", "boundaries.cuh", "list",
        (
            COUNT, *PLACE, START, array("cell", "in", "int64"), array("drag", "in", "real"), MU, SCALARS,
            *_fields("inout", *TENDENCY), *_fields("inout", *FLUX_NEW),
        ),
        switches={"LOW_MACH": (0,)} | VARIABLE,
    ),
    Kernel(
        "resistance_predict", "boundaries.cuh", "list",
        (
            COUNT, *PLACE, *_per_row("stride", dtype="int64"),
            *_per_row("forward", "backward", "linear", "distance", "area"), *_per_row("low", "high", dtype="int32"),
            *_fields("in", *FLUX), RHO, SCALARS, *_fields("inout", *FLUX_NEW), *_per_row("beta", mode="out"),
            array("coefficients", "inout", "real"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "resistance_correct", "boundaries.cuh", "list",
        (
            COUNT, *PLACE, *_per_row("stride", dtype="int64"), *_per_row("distance", "beta"), field("phi", "in"),
            *_fields("inout", *FLUX),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "opening_predict", "boundaries.cuh", "list",
        (
            COUNT, *PLACE, *CELL,
            *_per_row("outward", "loss_out", "loss_in", "outside_density", "outside_pressure", "distance", "area"),
            *_per_row("position", dtype="int32"), *_fields("in", *FLUX, "p", "theta", "theta_new"), RHO, INCREMENT,
            SCALARS, *_fields("inout", *FLUX_NEW), *_per_row("beta", mode="out"),
            array("coefficients", "inout", "real"),
        ),
        switches=LOW_MACH | {"VARIABLE": (0,)},
    ),
    Kernel(
        "opening_correct", "boundaries.cuh", "list",
        (
            COUNT, *PLACE, *CELL, *_per_row("outward", "distance", "beta"), field("phi", "in"),
            *_fields("inout", *FLUX),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
    Kernel(
        "opening_outflow", "boundaries.cuh", "single",
        (
            *_arrays("in", "int32", "axis"), *_arrays("in", "int64", "face"), *_arrays("in", "real", "outward", "area"),
            array("face_region", "in", "int32"), integer("faces"), integer("label"), *_fields("in", *FLUX),
            array("sums", "out", "float64"),
        ),
        switches={"LOW_MACH": (0,), "VARIABLE": (0,)},
    ),
)  # fmt: skip

AVERAGES = (
    Kernel("accumulate", "averages.cuh", "cells", (field("x", "in"), SCALARS, field("sum", "inout"))),
    Kernel(
        "accumulate_velocity", "averages.cuh", "cells",
        (*_fields("in", *VELOCITY), SCALARS, *_fields("inout", "sum_x", "sum_y", "sum_z")),
    ),
)  # fmt: skip

KERNELS = (*TRANSPORT, *CONTINUITY, *BOUNDARIES, *AVERAGES)
