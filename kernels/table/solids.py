"""Heat in solids and walls: implicit steps of a network of nodes in double precision."""

from kernels.signature import Kernel, array, field, integer
from kernels.table._groups import COUNT, SCALARS, arrays, per_row

NODE = per_row("node", dtype="int32")
ENTRY = per_row("entry", dtype="int32")
CAPACITY = per_row("capacity", dtype="float64")
EDGES = (
    array("edge_start", "in", "int32", length="count+1"), array("edge_node", "in", "int32"),
    array("edge_conductance", "in", "float64"),
)  # fmt: skip
FIXED = (array("fixed_start", "in", "int32", length="count+1"), *arrays("in", "float64", "conductance", "fixed"))
THETA = array("solid_theta", "in", "float64")
STEP = array("step", "in", "float64")

KERNELS = (
    Kernel(
        "contact_heat", "solids.cuh", "list",
        (
            COUNT, *per_row("cell", dtype="int64"), *ENTRY, *arrays("in", "real", "conductance", "fixed"),
            field("theta", "in"), SCALARS, *per_row("exchanged", dtype="float64", mode="inout"),
        ),
    ),
    Kernel(
        "outer_surfaces", "solids.cuh", "list",
        (
            COUNT, *NODE, *per_row("wall", dtype="int32"), *per_row("area", "resistance", dtype="float64"),
            array("weather", "in", "float64"), THETA, SCALARS,
            *per_row("surface", dtype="float64", mode="inout"),
            *per_row("conductance", "fixed", dtype="float64", mode="out"),
        ),
    ),
    Kernel(
        "solid_rates", "solids.cuh", "list",
        (
            COUNT, *CAPACITY, *per_row("source", dtype="float64"), *EDGES, *FIXED,
            array("contact_start", "in", "int32", length="count+1"), array("contact", "in", "int32"),
            *arrays("in", "float64", "exchanged", "absorbed"), THETA, STEP,
            *per_row("rate", "diagonal", "first", "second", dtype="float64", mode="out"),
        ),
    ),
    Kernel(
        "solid_sweep", "solids.cuh", "list",
        (
            COUNT, *per_row("rate", "diagonal", dtype="float64"), *EDGES, *per_row("current", dtype="float64"), STEP,
            integer("sweep"), *per_row("next", dtype="float64", mode="inout"),
        ),
    ),
    Kernel(
        "solid_step", "solids.cuh", "list",
        (
            COUNT, *CAPACITY, *per_row("rate", dtype="float64"), *EDGES, *FIXED,
            *per_row("increment", dtype="float64"), STEP, *per_row("solid_theta", dtype="float64", mode="inout"),
            array("given", "inout", "float64"),
        ),
    ),
    Kernel(
        "solid_surfaces", "solids.cuh", "list",
        (
            COUNT, *NODE, *ENTRY, *per_row("absorbed", dtype="float64"), array("back", "in", "real"), THETA,
            array("fixed", "inout", "real"), *per_row("exchanged", dtype="float64", mode="out"),
        ),
    ),
    Kernel(
        "solid_cells", "solids.cuh", "list",
        (COUNT, *per_row("cell", dtype="int64"), *NODE, THETA, field("theta", "inout")),
    ),
)  # fmt: skip
