"""The pressure solver keeps its number of iterations on hard rooms; merge lists do what they promise."""

import numpy as np
import pytest
from scipy.ndimage import label

from benchmarks.pressure_rooms import GATES, growth_1_3, heat_source, random_sources
from kernels import open_backend
from thermo.flow.pressure import PressureSolver, rows_of_faces
from thermo.flow.pressure.merge import merge_lists
from thermo.mesh.subdomain import Decomposition

MOST = 8  # iterations to 1e-5


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "single")


def solve(backend, room, b, counts=(1, 1, 1), rows=None):
    decomposition = Decomposition.split(room.axes, counts)
    flags = room.flags_of_parts(backend, decomposition)
    solver = PressureSolver(backend, decomposition, flags, room.regions(), rows=rows)
    for part, array in zip(decomposition.parts, solver.right_hand_side, strict=True):
        backend.upload(array, part.pad(b))
    return solver.solve(1.0, 1e30, 1e-5)


@pytest.mark.parametrize("cells", [2e4, 1e5])
@pytest.mark.parametrize("name", GATES)
def test_gates(backend, name, cells):
    room = GATES[name](cells)
    result = solve(backend, room, random_sources(room))
    assert result.converged
    assert result.iterations <= MOST


def test_a_single_heat_source(backend):
    """A smooth, local right-hand side is what a plume gives: the slowest modes carry it."""
    room = GATES["rack room"](1e5)
    assert solve(backend, room, heat_source(room)).iterations <= MOST


@pytest.mark.parametrize("beta", [1e-4, 1e-2, 0.5])
@pytest.mark.parametrize("plane", [-1, 0])
def test_resisting_faces_and_an_opening(beta, plane):
    """A perforated ceiling across the room, and a small opening above it that takes all the flow.

    In float64: behind beta = 1e-4 the rounding of phi alone leaves a residual of 1e-5 in float32.
    """
    backend = open_backend("native", "double")
    room = GATES["empty"](2e4)
    n, width = room.axes[0].n, 0.1
    faces = [(n // 2 + plane, j, i) for j in range(n) for i in range(n)]
    outer = [(n - 1, j, i) for j in range(3, 6) for i in range(4, 9)]
    decomposition = Decomposition.split(room.axes)
    rows = rows_of_faces(backend, decomposition, faces, np.full(len(faces), 2), outer, np.full(len(outer), 2))
    values = np.concatenate([np.full(len(faces), (beta - 1.0) * width), np.full(len(outer), 2.0 * width)])
    for own in rows:
        backend.upload(own.coefficient, values[own.face])
    b = np.zeros(room.fluid.shape)
    b[2, 5, 5:9] = 1.0
    result = solve(backend, room, b, rows=rows)
    assert result.converged
    assert result.iterations <= MOST


def test_parts_cost_no_iterations(backend):
    room = GATES["rack room"](2e4)
    b = random_sources(room)
    alone, parts = (solve(backend, room, b, counts) for counts in ((1, 1, 1), (2, 2, 1)))
    assert parts.iterations <= alone.iterations + 1


def joined(widths, merge):
    return np.add.reduceat(widths, merge[:-1])


def test_thin_cells_merge_first():
    room = growth_1_3(2e4)
    widths = [axis.widths for axis in room.axes]
    none = [np.zeros(axis.n + 1, bool) for axis in room.axes]
    levels = merge_lists(widths, none, [[], [], []])
    smallest = min(w.min() for w in widths)
    for merges in levels:
        coarse = [joined(w, m) for w, m in zip(widths, merges, strict=True)]
        for fine, whole, merge in zip(widths, coarse, merges, strict=True):
            grown = whole[np.diff(merge) == 2]
            assert np.all(np.diff(merge) <= 2)
            assert whole.sum() == pytest.approx(fine.sum())
            # nothing grows far beyond what the thinnest cells have reached
            assert grown.size == 0 or grown.max() <= 2.0 * 1.3 * max(smallest, min(c.max() for c in coarse))
        widths = coarse
    assert [len(w) for w in widths] == [1, 1, 1]


def test_cells_of_almost_one_width_merge_on_the_same_level():
    widths = [np.full(16, 0.115), np.full(16, 0.117), np.full(16, 0.116)]
    first = merge_lists(widths, [np.zeros(17, bool)] * 3, [[], [], []])[0]
    assert [len(merge) - 1 for merge in first] == [8, 8, 8]


def test_walls_are_straddled_last():
    widths = [np.full(16, 0.1)] * 3
    walls = [np.zeros(17, bool) for _ in range(3)]
    walls[0][[5, 9]] = True
    levels = merge_lists(widths, walls, [[], [], []])
    planes = np.arange(17)
    kept = 0
    for merges in levels:
        planes = planes[merges[0]]
        kept += {5, 9} <= set(planes.tolist())
    assert kept == len(levels) - 2  # three columns are left between the walls, and two more levels merge them
    assert all(len(merge) == 2 for merge in levels[-3][1:])  # by then nothing else was left to merge


def test_the_first_level_never_straddles_a_cut():
    widths = [np.full(10, 0.1)] * 3
    walls = [np.zeros(11, bool)] * 3
    first = merge_lists(widths, walls, [[5], [], [3]])[0]
    assert 5 in first[0]
    assert 3 in first[2]


def test_the_rooms_are_furnished_as_their_names_say():
    ridge = GATES["one-cell ridge"](2e4)
    n = ridge.axes[0].n
    assert np.count_nonzero(~ridge.fluid) == n * (2 * n // 3)
    assert np.unique(np.nonzero(~ridge.fluid)[2]).size == 1
    panels = GATES["four panels on odd planes"](2e4)
    planes = np.nonzero(panels.panels[0].any(axis=(0, 1)))[0]
    assert len(planes) == 4
    assert np.all(planes % 2 == 1)
    racks = GATES["rack room"](2e4)
    assert label((~racks.fluid).any(axis=0))[1] == 4  # two rows, each with one gap between racks
    assert racks.regions().max() == 0  # the aisle is open to the room
