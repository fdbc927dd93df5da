"""Snapping of edges to lines, and cells between lines."""

import numpy as np
import pytest

from thermo.mesh import MeshError
from thermo.mesh.lines import Edge, given_lines, merge_edges
from thermo.mesh.spacing import Refinement, fill_axis, tanh_faces


def merge(*edges, tolerance=0.025, minimum=0.0094):
    return merge_edges("x", list(edges), 0.0, 6.0, lambda s: tolerance, lambda s: minimum)


def test_near_edges_merge_and_the_larger_object_stays():
    lines = merge(Edge(2.0, "small", 1.0), Edge(2.02, "large", 5.0), Edge(3.0, "far", 1.0))
    np.testing.assert_allclose(lines.positions, [0.0, 2.02, 3.0, 6.0])
    assert lines(2.0) == 2.02 and lines(2.02) == 2.02
    assert lines.moves == [("small", 2.0, 2.02)]


def test_edges_beyond_the_tolerance_stay():
    lines = merge(Edge(2.0, "a", 1.0), Edge(2.026, "b", 5.0))
    np.testing.assert_allclose(lines.positions, [0.0, 2.0, 2.026, 6.0])
    assert lines.moves == []


def test_edges_near_the_ends_of_the_domain_move_there():
    lines = merge(Edge(0.02, "a", 1.0), Edge(5.99, "b", 1e9))
    np.testing.assert_allclose(lines.positions, [0.0, 6.0])
    assert lines(0.02) == 0.0 and lines(5.99) == 6.0


def test_an_opening_keeps_its_place_within_the_tolerance():
    # 15 mm off a larger object's edge: an ordinary edge would move, an opening gets a line of its own
    lines = merge(Edge(2.0, "rack", 5.0), Edge(2.015, "openings.o", 1.0, opening_width=0.5))
    np.testing.assert_allclose(lines.positions, [0.0, 2.0, 2.015, 6.0])


def test_an_opening_moves_a_little():
    lines = merge(Edge(2.0, "rack", 5.0), Edge(2.008, "openings.o", 1.0, opening_width=0.5))
    assert lines(2.008) == 2.0


@pytest.mark.parametrize(("shift", "width"), [(0.015, 1.0), (0.006, 0.1)])
def test_an_opening_that_would_move_too_far_is_refused(shift, width):
    with pytest.raises(MeshError, match="openings.o.*may move by"):
        merge(Edge(2.0, "rack", 5.0), Edge(2.0 + shift, "openings.o", 1.0, opening_width=width), minimum=0.02)


def test_given_cells_take_edges_at_their_faces_only():
    faces = np.linspace(0.0, 6.0, 13)
    assert given_lines("x", [Edge(2.49, "a", 1.0)], faces, 0.025)(2.49) == 2.5
    with pytest.raises(MeshError, match="nearest face"):
        given_lines("x", [Edge(2.3, "a", 1.0)], faces, 0.025)


def test_cells_fill_lines_at_the_wanted_size():
    lines = np.array([0.0, 0.6, 1.8, 2.43])
    faces = fill_axis(lines, 0.1, [], 1.3)
    assert set(np.round(lines, 12)) <= set(np.round(faces, 12))
    widths = np.diff(faces)
    assert widths.max() <= 0.1 * 1.15 and widths.min() > 0.08
    # 0.6 m are six cells, not seven for a rounding error
    assert (faces < 0.6 - 1e-9).sum() == 6


@pytest.mark.parametrize("growth", [1.1, 1.2, 1.3])
def test_no_neighbours_differ_by_more_than_the_growth(growth):
    random = np.random.default_rng(5)
    lines = np.concatenate([[0.0, 0.011], np.sort(random.uniform(0.1, 7.9, 12)), [8.0]])
    faces = fill_axis(lines, 0.15, [Refinement(3.0, 3.5, 0.03)], growth)
    widths = np.diff(faces)
    assert (widths > 0).all()
    ratio = np.maximum(widths[1:] / widths[:-1], widths[:-1] / widths[1:])
    assert ratio.max() <= growth * 1.01
    inside = (faces[:-1] >= 3.0) & (faces[1:] <= 3.5)
    assert widths[inside].max() <= 0.03 * 1.15
    assert widths.max() > 0.1, "the refinement must not spread over the whole axis"


def test_mirrored_lines_give_mirrored_faces():
    lines = np.array([0.0, 0.3, 0.34, 1.7, 3.1, 4.0])
    faces = fill_axis(lines, 0.12, [Refinement(2.0, 2.2, 0.04)], 1.25)
    mirrored = fill_axis(4.0 - lines[::-1], 0.12, [Refinement(1.8, 2.0, 0.04)], 1.25)
    np.testing.assert_allclose(mirrored, 4.0 - faces[::-1], atol=1e-12)


def test_growth_one_means_equal_cells_between_lines():
    widths = np.diff(fill_axis(np.array([0.0, 1.0, 1.02, 2.0]), 0.25, [], 1.0))
    np.testing.assert_allclose(widths, [0.25] * 4 + [0.02] + [0.245] * 4)


def test_tanh_faces_pack_towards_both_ends():
    faces = tanh_faces(1.0, 3.0, 10, 2.0)
    assert faces[0] == 1.0 and faces[-1] == 3.0 and faces[5] == pytest.approx(2.0)
    assert np.diff(faces)[0] < 0.3 * np.diff(faces)[5]
    np.testing.assert_allclose(tanh_faces(0.0, 1.0, 4, 0.0), [0.0, 0.25, 0.5, 0.75, 1.0])
