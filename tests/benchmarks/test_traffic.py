"""Bytes counted from the signature table, against counts by hand."""

import numpy as np
import pytest

import kernels
from benchmarks.traffic import bytes_moved, entries, grid
from kernels import Extent, Node
from kernels.signature import Kernel, array, extent, field, integer, metric

EXTENT = Extent(5, 4, 3)
CELLS = 60


@pytest.fixture(scope="module")
def backend():
    return kernels.open_backend("numpy")


def test_axpby_reads_two_fields_and_writes_one(backend):
    x, y, scalars = backend.zeros(EXTENT.shape), backend.zeros(EXTENT.shape), backend.zeros(2, np.float64)
    node = backend.bind("axpby", EXTENT, x=x, y=y, scalars=scalars, a=0, b=1)
    assert bytes_moved(node) == CELLS * 4 * (1 + 2) + 2 * 8


def test_a_copied_box_counts_the_box_and_not_its_fields(backend):
    whole = Extent(20, 20, 20)
    fields = {"source": backend.zeros(whole.shape), "destination": backend.zeros(whole.shape)}
    corner = {f"{end}_{index}": 2 for end in fields for index in "ijk"}
    box = backend.bind("copy_box", EXTENT, source_extent=whole, destination_extent=whole, **fields, **corner)
    assert bytes_moved(box) == CELLS * 4 * 3  # the destination is an inout of the table


STENCIL = Kernel(
    "stencil", "none.cuh", "cells",
    (field("flags", "in", "uint8"), metric("rdx", "x"), field("decay", "in"), array("rho", "in", "real"),
     field("x", "in"), field("y", "inout")),
    switches={"DECAY": (0, 1)},
)  # fmt: skip


@pytest.mark.parametrize(("decay", "bytes_per_cell"), [(0, 1 + 4 + 8), (1, 1 + 4 + 4 + 8)])
def test_a_field_that_a_variant_does_not_read_costs_nothing(backend, decay, bytes_per_cell):
    arguments = {name: backend.zeros(EXTENT.shape) for name in ("decay", "x", "y")}
    arguments |= {"flags": backend.zeros(EXTENT.shape, np.uint8), "rdx": backend.zeros(9), "rho": backend.zeros(1)}
    node = Node(STENCIL, EXTENT, {"DECAY": decay}, arguments)
    assert bytes_moved(node) == CELLS * bytes_per_cell + 9 * 4 + 4


def test_restriction_works_on_the_finer_grid(backend):
    kernel = Kernel(
        "restrict", "none.cuh", "cells",
        (field("fine", "in", on="fine_extent"), extent("fine_extent"), field("coarse", "out")),
    )  # fmt: skip
    fine = Extent(10, 8, 6)
    arguments = {"fine": backend.zeros(fine.shape), "fine_extent": fine, "coarse": backend.zeros(EXTENT.shape)}
    node = Node(kernel, EXTENT, {}, arguments)
    assert grid(node) == fine and entries(node) is None
    assert bytes_moved(node) == 4 * (480 + 60)


def test_a_sum_over_sparse_rows_is_a_list(backend):
    kernel = Kernel(
        "rows_sum", "none.cuh", "rows",
        (array("cell", "in", "int32"), field("x", "in", on="fine_extent"), extent("fine_extent"), integer("row_count"),
         array("result", "out", "float64")),
        slots=("sum",),
    )  # fmt: skip
    arguments = {"cell": backend.zeros(7, np.int32), "x": backend.zeros(EXTENT.shape), "fine_extent": EXTENT,
                 "row_count": 7, "result": backend.zeros(1, np.float64)}  # fmt: skip
    node = Node(kernel, Extent(8, 1, 1), {}, arguments)
    assert entries(node) == 7
    assert bytes_moved(node) == 7 * (4 + 4) + 8


def test_a_list_touches_one_element_of_a_field_per_entry(backend):
    kernel = Kernel(
        "rows", "none.cuh", "list",
        (integer("count"), array("cell", "in", "int64", "count"), array("first", "in", "int32", "count+1"),
         field("x", "in"), array("rho", "in", "real"), field("y", "inout")),
    )  # fmt: skip
    fields = {name: backend.zeros(EXTENT.shape) for name in ("x", "rho", "y")}
    lists = {"cell": backend.zeros(7, np.int64), "first": backend.zeros(8, np.int32)}
    node = Node(kernel, EXTENT, {}, {"count": 7, **lists, **fields})
    assert bytes_moved(node) == 7 * 8 + 8 * 4 + 7 * 4 + 7 * 4 + 7 * 4 * 2
