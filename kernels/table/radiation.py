"""Radiation between the surfaces of a room."""

from kernels.signature import Kernel, array, field, integer
from kernels.table._groups import COUNT, SCALARS, START, per_row

FACE = array("face", "in", "int32")
HEAT = array("heat", "in", "float64")

KERNELS = (
    Kernel(
        "radiative_emission", "radiation.cuh", "list",
        (
            COUNT, START, FACE, array("face_area", "in", "float64"), array("surface", "in", "float64"), SCALARS,
            *per_row("emission", dtype="float64", mode="out"),
        ),
    ),
    Kernel(
        "radiative_irradiation", "radiation.cuh", "list",
        (
            COUNT, array("exchange", "in", "float64"), array("emission", "in", "float64"),
            *per_row("absorbing", "direct", dtype="float64"), integer("patches"),
            *per_row("irradiation", dtype="float64", mode="out"),
        ),
    ),
    Kernel(
        "radiative_surfaces", "radiation.cuh", "list",
        (
            COUNT, *per_row("cell", dtype="int64"), *per_row("patch", dtype="int32"),
            *per_row("absorbing", "film", "back", dtype="float64"), *per_row("node", dtype="int32"),
            *per_row("beyond", dtype="float64"), *per_row("entry", dtype="int32"), array("link_film", "in", "real"),
            array("solid_theta", "in", "float64"), field("theta", "in"),
            array("irradiation", "in", "float64"), SCALARS, integer("move"),
            *per_row("surface", dtype="float64", mode="inout"), *per_row("heat", dtype="float64", mode="out"),
        ),
    ),
    Kernel(
        "radiative_contacts", "radiation.cuh", "list",
        (COUNT, *per_row("face", dtype="int32"), HEAT, *per_row("absorbed", dtype="float64", mode="out")),
    ),
    Kernel(
        "radiative_links", "radiation.cuh", "list",
        (
            COUNT, *per_row("entry", "face", dtype="int32"), *per_row("beyond", dtype="float64"), HEAT,
            array("back", "in", "real"), array("fixed", "inout", "real"),
        ),
    ),
    Kernel(
        "radiative_rows", "radiation.cuh", "list",
        (COUNT, START, FACE, HEAT, *per_row("given", dtype="float64", mode="out")),
    ),
)  # fmt: skip
