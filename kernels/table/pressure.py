"""Pressure equation: finest and coarse levels of the multigrid, conjugate gradients, sparse rows."""

from kernels.signature import Argument, Kernel, array, extent, field, integer, metric

SOURCE = "pressure.cuh"
DECAY = {"DECAY": (0, 1)}
VOLUME = {"VOLUME": (0, 1)}

FLAGS = field("flags", "in", "mark")
WIDTHS = (metric("dx", "x"), metric("dy", "y"), metric("dz", "z"))
RECIPROCAL_WIDTHS = (metric("rdx", "x"), metric("rdy", "y"), metric("rdz", "z"))
RECIPROCAL_DISTANCES = (metric("rdxf", "x"), metric("rdyf", "y"), metric("rdzf", "z"))
# Without the switch DECAY the field is not read, and any field of the right shape may stand for it.
STENCIL = (FLAGS, *WIDTHS, *RECIPROCAL_DISTANCES, field("decay", "in"))
COARSE_STENCIL = (field("cx", "in"), field("cy", "in"), field("cz", "in"), field("decay", "in"))
INVERSE_DIAGONAL = field("inverse_diagonal", "in")
WEIGHTS = array("weights", "in", "real")
RESULT = array("result", "out", "float64")
SCALARS = array("scalars", "in", "float64")
REGION = field("region", "in", "mark")
SHIFT = array("shift", "in", "float64")
SMOOTH = (INVERSE_DIAGONAL, WEIGHTS, field("b", "in"), field("x", "in"), field("y", "out"), integer("sweep"))
ROW_POINTERS = (integer("count"), array("cell", "in", "int32", "count"), array("first", "in", "int32", "count+1"))
ROWS = (*ROW_POINTERS, array("other", "in", "int32"), array("coefficient", "in", "real"))
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


KERNELS = (
    # finest level
    Kernel(
        "pressure_inverse_diagonal",
        SOURCE,
        "cells",
        (*STENCIL, field("inverse_diagonal", "out", overlaps=("decay",))),
        switches=DECAY,
    ),
    Kernel("pressure_apply", SOURCE, "cells", (*STENCIL, field("p", "in"), field("q", "out")), switches=DECAY),
    Kernel(
        "pressure_residual",
        SOURCE,
        "cells",
        (*STENCIL, field("b", "in"), field("x", "in"), field("r", "out")),
        switches=DECAY,
    ),
    Kernel(
        "pressure_smooth_first",
        SOURCE,
        "cells",
        (*STENCIL, INVERSE_DIAGONAL, WEIGHTS, field("b", "in"), field("x", "out")),
        switches=DECAY,
    ),
    Kernel("pressure_smooth", SOURCE, "cells", (*STENCIL, *SMOOTH), switches=DECAY),
    # start, end and check of a solve
    Kernel(
        "pressure_start",
        SOURCE,
        "cells",
        (FLAGS, *WIDTHS, REGION, SHIFT, field("b", "in"), field("phi", "out"), field("r", "out")),
    ),
    Kernel(
        "pressure_defect",
        SOURCE,
        "cells",
        (*STENCIL, REGION, SHIFT, field("b", "in"), field("phi", "in"), field("r", "out")),
        switches=DECAY,
    ),
    Kernel("residual_norms", SOURCE, "rows", (*RECIPROCAL_WIDTHS, field("r", "in"), RESULT), slots=("sum", "max")),
    Kernel(
        "region_only",
        SOURCE,
        "cells",
        (*WIDTHS, REGION, field("x", "in"), field("y", "out"), integer("label")),
        switches=VOLUME,
    ),
    Kernel("field_sums", SOURCE, "rows", (field("x", "in"), RESULT), slots=("sum", "sum")),
    Kernel(
        "region_mean",
        SOURCE,
        "single",
        (
            *_parts(products="sums", updated="shift", also=(array("volume", "in", "float64"),)),
            integer("label"),
        ),
    ),
    Kernel("region_shift", SOURCE, "cells", (FLAGS, *WIDTHS, REGION, SHIFT, field("x", "inout")), switches=VOLUME),
    # conjugate gradients
    Kernel("cg_restart", SOURCE, "single", (array("scalars", "inout", "float64"),)),
    Kernel("cg_beta", SOURCE, "single", _parts(products="products", updated="scalars")),
    Kernel("cg_alpha", SOURCE, "single", _parts(products="products", updated="scalars")),
    Kernel("cg_direction", SOURCE, "cells", (field("z", "in"), field("p", "inout"), SCALARS)),
    Kernel(
        "cg_update",
        SOURCE,
        "rows",
        (
            *RECIPROCAL_WIDTHS,
            field("p", "in"),
            field("q", "in"),
            field("phi", "inout"),
            field("r", "inout"),
            SCALARS,
            RESULT,
        ),
        slots=("sum", "max"),
    ),
    # between levels
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
        (*COARSE_STENCIL, INVERSE_DIAGONAL, WEIGHTS, field("b", "in"), field("x", "out")),
    ),
    Kernel("coarse_smooth", SOURCE, "cells", (*COARSE_STENCIL, *SMOOTH)),
    # sparse rows
    Kernel("rows_add", SOURCE, "list", (*ROWS, field("x", "in"), field("y", "inout"), integer("sign"))),
    Kernel(
        "rows_smooth_first",
        SOURCE,
        "list",
        (*ROWS, INVERSE_DIAGONAL, WEIGHTS, field("b", "in"), field("x", "inout")),
    ),
    Kernel(
        "rows_smooth",
        SOURCE,
        "list",
        (*ROWS, INVERSE_DIAGONAL, WEIGHTS, field("x", "in"), field("y", "inout"), integer("sweep")),
    ),
    Kernel(
        "rows_inverse_diagonal",
        SOURCE,
        "list",
        (
            *ROW_POINTERS,
            array("coefficient", "in", "real"),
            array("diagonal", "in", "real", "count"),
            field("decay", "in"),
            field("inverse_diagonal", "inout", overlaps=("decay",)),
        ),
        switches=DECAY,
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
