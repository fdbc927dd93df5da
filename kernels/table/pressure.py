"""Pressure equation: finest and coarse levels of the multigrid, conjugate gradients, sparse rows."""

from dataclasses import replace

from kernels.signature import Argument, Kernel, array, extent, field, integer, metric

SOURCE = "pressure.cuh"
DECAY = {"DECAY": (0, 1)}
LINES = {"LINES": (0, 1)}
VOLUME = {"VOLUME": (0, 1)}
SEALED = {"SEALED": (0, 1, 2)}

FLAGS = field("flags", "in", "mark")
WIDTHS = (metric("dx", "x"), metric("dy", "y"), metric("dz", "z"))
RECIPROCAL_WIDTHS = (metric("rdx", "x"), metric("rdy", "y"), metric("rdz", "z"))
RECIPROCAL_DISTANCES = (metric("rdxf", "x"), metric("rdyf", "y"), metric("rdzf", "z"))
# A padded field, read with the switch DECAY only: without it an array of one element may stand for it.
DECAYS = array("decay", "in", "real")
LENGTHS = (*WIDTHS, *RECIPROCAL_DISTANCES, DECAYS)
STENCIL = (FLAGS, *LENGTHS)
COARSE_STENCIL = (field("cx", "in"), field("cy", "in"), field("cz", "in"), field("decay", "in"))
WEIGHTS = array("weights", "in", "real")
RESULT = array("result", "out", "float64")
SCALARS = array("scalars", "in", "float64")
# A padded field, read with SEALED = 2 only.
REGION = array("region", "in", "mark")
SHIFT = array("shift", "in", "float64")
# The lines of a coarse correction, read with the switch LINES only.
CORRECTION = (array("lines", "in", "real"), array("line_y", "in", "int32"), array("line_z", "in", "int32"))
COARSE_SMOOTH = (
    field("inverse_diagonal", "in"),
    WEIGHTS,
    field("b", "in"),
    field("x", "in"),
    field("y", "out"),
    integer("sweep"),
)
ROW_POINTERS = (integer("count"), array("cell", "in", "int32", "count"), array("first", "in", "int32", "count+1"))
ENTRIES = (array("other", "in", "int32"), array("coefficient", "in", "real"))
ROWS = (*ROW_POINTERS, *ENTRIES)
# Sums over rows: a `rows` kernel on an extent of at least so many cells.
SUMMED_ROWS = (array("cell", "in", "int32"), array("first_entry", "in", "int32"), *ENTRIES)
COARSE_ROWS = (
    integer("count"),
    array("place", "in", "int32", "count"),
    array("first", "in", "int32", "count+1"),
    array("entry", "in", "int32"),
    array("coefficient", "in", "real"),
    array("conductance", "in", "real"),
    array("held", "in", "real"),
    array("ratio", "in", "real"),
)


def _parts(*, products: str, updated: str, also: tuple[Argument, ...] = ()) -> tuple[Argument, ...]:
    """Arguments of a scalar computed from the sums of every part."""
    return (array(products, "in", "float64"), *also, array(updated, "inout", "float64"), integer("parts"))


def _on(extent_name: str, arguments: tuple[Argument, ...]) -> tuple[Argument, ...]:
    """The arguments, with fields and metrics on another extent than that of the launch."""
    return tuple(replace(one, on=extent_name) if one.kind in ("field", "metric") else one for one in arguments)


KERNELS = (
    # finest level
    Kernel(
        "pressure_smooth",
        SOURCE,
        "cells",
        (
            *STENCIL,
            WEIGHTS,
            *CORRECTION,
            field("b", "in"),
            field("x", "in"),
            field("y", "out"),
            integer("lines_y"),
            integer("sweep"),
        ),
        switches=DECAY | LINES,
    ),
    Kernel(
        "pressure_smooth_last",
        SOURCE,
        "rows",
        (*STENCIL, WEIGHTS, field("b", "in"), field("x", "in"), field("z", "out"), RESULT),
        switches=DECAY,
        slots=("sum",),
    ),
    Kernel(
        "pressure_residual_lines",
        SOURCE,
        "cells",
        (
            *_on("fine_extent", (*STENCIL, field("b", "in"), field("x", "in"))),
            field("lines", "out"),
            extent("fine_extent"),
            array("first_y", "in", "int32"),
            array("first_z", "in", "int32"),
        ),
        switches=DECAY,
    ),
    # start, end and check of a solve
    Kernel(
        "pressure_start",
        SOURCE,
        "rows",
        (
            *STENCIL,
            *RECIPROCAL_WIDTHS,
            WEIGHTS,
            REGION,
            SHIFT,
            field("b", "in"),
            field("r", "out"),
            field("swept", "out"),
            RESULT,
        ),
        switches=DECAY | SEALED,
        slots=("sum", "max"),
    ),
    Kernel(
        "pressure_defect",
        SOURCE,
        "cells",
        (*STENCIL, REGION, SHIFT, field("b", "in"), field("phi", "in"), field("r", "out")),
        switches=DECAY | SEALED,
    ),
    Kernel(
        "pressure_restart",
        SOURCE,
        "rows",
        (*LENGTHS, *RECIPROCAL_WIDTHS, WEIGHTS, field("r", "in"), field("swept", "out"), RESULT),
        switches=DECAY,
        slots=("sum", "max"),
    ),
    Kernel(
        "region_sums",
        SOURCE,
        "rows",
        (FLAGS, *WIDTHS, REGION, field("x", "in"), integer("label"), RESULT),
        switches=VOLUME | SEALED,
        slots=("sum", "sum"),
    ),
    Kernel(
        "region_mean",
        SOURCE,
        "single",
        (
            *_parts(products="sums", updated="shift", also=(array("volume", "in", "float64"),)),
            integer("label"),
        ),
    ),
    Kernel(
        "region_shift",
        SOURCE,
        "cells",
        (FLAGS, *WIDTHS, REGION, SHIFT, field("x", "inout")),
        switches=VOLUME | SEALED,
    ),
    # conjugate gradients
    Kernel("cg_start", SOURCE, "single", (array("scalars", "inout", "float64"),)),
    Kernel("cg_restart", SOURCE, "single", (array("scalars", "inout", "float64"),)),
    Kernel("cg_beta", SOURCE, "single", _parts(products="products", updated="scalars")),
    Kernel("cg_alpha", SOURCE, "single", _parts(products="products", updated="scalars")),
    Kernel("cg_direction", SOURCE, "cells", (field("z", "in"), field("p", "inout"), SCALARS)),
    Kernel(
        "pressure_apply",
        SOURCE,
        "rows",
        (*STENCIL, field("p", "in"), field("q", "out"), RESULT),
        switches=DECAY,
        slots=("sum",),
    ),
    Kernel(
        "cg_update",
        SOURCE,
        "rows",
        (
            *LENGTHS,
            *RECIPROCAL_WIDTHS,
            WEIGHTS,
            field("p", "in"),
            field("q", "inout"),
            field("phi", "inout"),
            field("r", "inout"),
            SCALARS,
            RESULT,
        ),
        switches=DECAY,
        slots=("sum", "max"),
    ),
    # between levels
    Kernel(
        "restrict_lines",
        SOURCE,
        "cells",
        (
            field("lines", "in", on="lines_extent"),
            field("coarse", "inout", on="coarse_extent"),
            extent("lines_extent"),
            extent("coarse_extent"),
            array("first_x", "in", "int32"),
            *(integer(f"coarse_{index}") for index in "ijk"),
        ),
        vectorised=False,  # the cells of a coarse cell lie at indices from a list
    ),
    Kernel(
        "prolong_lines",
        SOURCE,
        "cells",
        (
            field("coarse", "in", on="coarse_extent"),
            field("lines", "out"),
            extent("coarse_extent"),
            *(array(name, "in", "int32") for name in ("to_x", "coarse_y", "coarse_z")),
        ),
    ),
    Kernel(
        "restrict_sum",
        SOURCE,
        "cells",
        (
            field("fine", "in", on="fine_extent"),
            field("coarse", "inout", on="coarse_extent"),
            extent("fine_extent"),
            extent("coarse_extent"),
            *(array(f"first_{axis}", "in", "int32") for axis in "xyz"),
            *(integer(f"coarse_{index}") for index in "ijk"),
        ),
        vectorised=False,  # the cells of a coarse cell lie at indices from a list; scalar it takes 0.2 ns per fine cell
    ),
    Kernel(
        "prolong_add",
        SOURCE,
        "cells",
        (
            field("coarse", "in", on="coarse_extent"),
            field("x", "inout"),
            extent("coarse_extent"),
            *(array(f"to_{axis}", "in", "int32") for axis in "xyz"),
        ),
    ),
    # coarse levels
    Kernel("coarse_inverse_diagonal", SOURCE, "cells", (*COARSE_STENCIL, field("inverse_diagonal", "out"))),
    Kernel(
        "coarse_residual", SOURCE, "cells", (*COARSE_STENCIL, field("b", "in"), field("x", "in"), field("r", "out"))
    ),
    Kernel(
        "coarse_smooth_first",
        SOURCE,
        "cells",
        (*COARSE_STENCIL, field("inverse_diagonal", "in"), WEIGHTS, field("b", "in"), field("x", "out")),
    ),
    Kernel("coarse_smooth", SOURCE, "cells", (*COARSE_STENCIL, *COARSE_SMOOTH)),
    Kernel(
        "coarse_tail",
        ("block.cuh", SOURCE, "coarse_tail.cuh"),
        "block",
        (
            array("levels", "in", "int32"),
            array("maps", "in", "int32"),
            WEIGHTS,
            array("store", "inout", "real"),
            integer("level_count"),
        ),
    ),
    # sparse rows
    Kernel("rows_add", SOURCE, "list", (*ROWS, field("x", "in"), field("y", "inout"), integer("sign"))),
    Kernel(
        "rows_dot",
        SOURCE,
        "rows",
        (
            *SUMMED_ROWS,
            field("p", "in", on="fine_extent"),
            extent("fine_extent"),
            integer("row_count"),
            RESULT,
        ),
        slots=("sum",),
        vectorised=False,  # as all sparse rows
    ),
    Kernel(
        "rows_deduct",
        SOURCE,
        "list",
        (*ROWS, field("x", "in"), field("b", "inout"), array("aside", "out", "real", "count")),
    ),
    Kernel(
        "rows_restore",
        SOURCE,
        "list",
        (
            integer("count"),
            array("cell", "in", "int32", "count"),
            array("aside", "in", "real", "count"),
            field("b", "inout"),
        ),
    ),
    Kernel(
        "rows_smooth",
        SOURCE,
        "list",
        (
            *ROWS,
            *LENGTHS,
            WEIGHTS,
            *CORRECTION,
            field("x", "in"),
            field("y", "inout"),
            integer("lines_y"),
            integer("sweep"),
        ),
        switches=DECAY | LINES,
    ),
    Kernel(
        "rows_smooth_dot",
        SOURCE,
        "rows",
        (
            *SUMMED_ROWS,
            *_on("fine_extent", (*LENGTHS, WEIGHTS, field("b", "in"), field("x", "in"))),
            extent("fine_extent"),
            integer("row_count"),
            RESULT,
        ),
        switches=DECAY,
        slots=("sum",),
        vectorised=False,
    ),
    Kernel(
        "gather_list",
        SOURCE,
        "list",
        (integer("count"), array("part", "in", "real"), array("all", "inout", "real"), integer("offset")),
    ),
    Kernel(
        "coarse_face_rows",
        SOURCE,
        "list",
        (*COARSE_ROWS, array("base", "in", "real", "count"), field("target", "inout")),
    ),
    Kernel("coarse_decay_rows", SOURCE, "list", (*COARSE_ROWS, field("decay", "inout")), switches=DECAY),
)
