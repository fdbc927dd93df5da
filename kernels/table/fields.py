"""Elementary operations on fields: copy, fill, linear combination, scalar product, maximum."""

from kernels.signature import Argument, Kernel, array, extent, field, integer


def _box_arguments(dtype: str) -> tuple[Argument, ...]:
    # Source and destination may be one array: a periodic exchange copies between disjoint boxes of it.
    return (
        field("source", "in", dtype, on="source_extent"),
        field("destination", "inout", dtype, on="destination_extent", overlaps=("source",)),
        extent("source_extent"),
        extent("destination_extent"),
        *(integer(f"{end}_{axis}") for end in ("source", "destination") for axis in "ijk"),
    )


KERNELS = (
    Kernel("copy_box", "fields.cuh", "cells", _box_arguments("real")),
    Kernel("copy_box_marks", "fields.cuh", "cells", _box_arguments("mark")),
    Kernel(
        "fill",
        "fields.cuh",
        "list",
        (
            integer("count"),
            array("y", "out", "real", length="count"),
            array("scalars", "in", "float64"),
            integer("value"),
        ),
    ),
    Kernel(
        "gather",
        "fields.cuh",
        "list",
        (
            integer("count"),
            field("x", "in"),
            array("cell", "in", "int64", length="count"),
            array("value", "out", "float64", length="count"),
        ),
    ),
    Kernel(
        "axpby",
        "fields.cuh",
        "cells",
        (
            field("x", "in"),
            field("y", "inout"),
            array("scalars", "in", "float64"),
            integer("a"),
            integer("b"),
        ),
    ),
    Kernel(
        "dot",
        "fields.cuh",
        "rows",
        (
            field("x", "in"),
            field("y", "in"),
            array("result", "out", "float64"),
        ),
        slots=("sum",),
    ),
    Kernel(
        "max_abs",
        "fields.cuh",
        "rows",
        (
            field("x", "in"),
            array("result", "out", "float64"),
        ),
        slots=("max",),
    ),
)
