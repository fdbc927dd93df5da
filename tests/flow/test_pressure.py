"""The pressure solver against direct solves, and its behaviour at the edges."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import lsqr, spsolve

from benchmarks.pressure_rooms import Room, random_sources
from kernels import GHOST, open_backend
from thermo.flow.exchange import exchange_nodes
from thermo.flow.pressure import PressureError, PressureSolver, SparseRows, multigrid, rows_of_faces
from thermo.mesh.axis import Axis
from thermo.mesh.subdomain import Decomposition

RNG = np.random.default_rng(7)
ALL = slice(None)


@pytest.fixture(scope="module", params=["native", "numpy"])
def backend(request):
    return open_backend(request.param, "double")


def stretched(cells, growth, periodic=False):
    return Axis(np.concatenate([[0.0], np.cumsum(0.1 * growth ** np.arange(cells))]), periodic)


def furnished(periodic=(False, False, False)):
    """A stretched room with a solid, a panel with a gap, and a closed cupboard: two regions."""
    room = Room(stretched(11, 1.1, periodic[0]), stretched(8, 1.0, periodic[1]), stretched(9, 0.9, periodic[2]))
    room.solid(slice(3, 5), slice(2, 5), slice(0, 4))
    room.panel(0, 7, ALL, slice(0, 6))
    room.panel(2, 6, slice(8, 10), slice(5, 7))
    room.panel(2, 8, slice(8, 10), slice(5, 7))
    for plane in (8, 10):
        room.panel(0, plane, slice(5, 7), slice(6, 8))
    for plane in (5, 7):
        room.panel(1, plane, slice(8, 10), slice(6, 8))
    return room


def face_conductance(room, axis, cell):
    """A / d of the low face of a cell (k, j, i) along an axis, m."""
    area = np.prod([room.axes[a].widths[cell[2 - a]] for a in range(3) if a != axis])
    return area / room.axes[axis].centre_distances[cell[2 - axis]]


def matrix(room, inner=(), outer=()):
    """sum c_f (phi_nb - phi_c) as a matrix over all cells; inner (axis, cell, c) and outer (cell, c) add faces."""
    shape, size = room.fluid.shape, room.fluid.size
    number = np.arange(size).reshape(shape)
    here, there, value = [], [], []
    for axis, closed in enumerate(room.closed()):
        low = np.moveaxis(closed, 2 - axis, 0)[:-1]
        for cell in np.argwhere(~np.moveaxis(low, 0, 2 - axis)):
            before = cell.copy()
            before[2 - axis] -= 1  # -1 is the last cell: the neighbour across a periodic boundary
            here.append(number[tuple(cell)])
            there.append(number[tuple(before)])
            value.append(face_conductance(room, axis, cell))
    for axis, cell, conductance in inner:
        before = np.array(cell)
        before[2 - axis] -= 1
        here.append(number[tuple(cell)])
        there.append(number[tuple(before)])
        value.append(conductance)
    links = coo_matrix((value, (here, there)), (size, size)).tocsr()
    links = links + links.T
    diagonal = np.asarray(links.sum(axis=1)).ravel()
    for cell, conductance in outer:
        diagonal[number[tuple(cell)]] += conductance
    return (links - diags(diagonal)).tocsr()


def make_solver(backend, room, counts=(1, 1, 1), **options):
    decomposition = Decomposition.split(room.axes, counts)
    return PressureSolver(
        backend, decomposition, room.flags_of_parts(backend, decomposition), room.regions(), **options
    )


def run(solver, backend, b, decomposition=None, tol_rel=1e-12, **options):
    parts = solver._decomposition.parts
    for part, array in zip(parts, solver.right_hand_side, strict=True):
        backend.upload(array, part.pad(b))
    result = solver.solve(1.0, 1e30, tol_rel, **options)
    return result, solver._decomposition.gather([backend.to_host(array) for array in solver.solution])


@pytest.mark.parametrize("periodic", [(False, False, False), (True, False, True)])
def test_equals_the_direct_solution(backend, periodic):
    room = furnished(periodic)
    b = random_sources(room)
    result, phi = run(make_solver(backend, room), backend, b)
    assert result.converged
    wanted = lsqr(matrix(room), b.ravel(), atol=1e-14, btol=1e-14, iter_lim=5000)[0].reshape(b.shape)
    region, volume = room.regions(), np.ones(b.shape)
    for axis, line in enumerate(room.axes):
        volume = volume * line.widths.reshape([-1 if d == 2 - axis else 1 for d in range(3)])
    assert region.max() == 1
    for label in range(2):
        inside = region == label
        assert abs(np.sum((volume * phi)[inside])) < 1e-12 * np.sum(np.abs(volume * phi)[inside])
        wanted[inside] -= np.sum((volume * wanted)[inside]) / np.sum(volume[inside])
    assert np.abs(phi - wanted)[room.fluid].max() < 1e-9 * np.abs(wanted[room.fluid]).max()
    assert np.all(phi[~room.fluid] == 0.0)


def resisting_room(backend, counts=(1, 1, 1), periodic=(False, False, False)):
    """The furnished room with a resisting plane and an opening to the outside: solver options and the matrix."""
    room = furnished(periodic)
    faces = [(k, j, 5) for k in range(9) for j in range(8) if not room.closed()[0][k, j, 5]]
    beta = RNG.uniform(0.01, 0.9, len(faces))
    conductance = np.array([face_conductance(room, 0, cell) for cell in faces])
    outer = [(8, j, i) for j in range(2, 4) for i in range(3, 6)]
    opening = RNG.uniform(0.001, 0.01, len(outer))
    decomposition = Decomposition.split(room.axes, counts)
    rows = rows_of_faces(backend, decomposition, faces, np.zeros(len(faces)), outer, np.full(len(outer), 2))
    values = np.concatenate([(beta - 1.0) * conductance, opening])
    for own in rows:
        backend.upload(own.coefficient, values[own.face])
    extra = [(0, cell, value) for cell, value in zip(faces, values, strict=False)]
    return room, rows, matrix(room, extra, list(zip(outer, opening, strict=True)))


def solve_consistent(operator, room, b):
    """Direct solution; solids have no equation, the cupboard is sealed: its mean is set to 0 by a rank-one term."""
    region = room.regions().ravel()
    active = np.flatnonzero(region == region.reshape(room.fluid.shape)[-1, 0, 0])
    phi = np.zeros(b.size)
    phi[active] = spsolve(operator[active][:, active].tocsc(), b.ravel()[active])
    return phi.reshape(b.shape), active


@pytest.mark.parametrize("counts", [(1, 1, 1), (2, 2, 1)])
def test_resisting_faces_and_openings(backend, counts):
    room, rows, operator = resisting_room(backend, counts)
    b = np.where(room.fluid, RNG.standard_normal(room.fluid.shape), 0.0)  # the opening takes the surplus
    result, phi = run(make_solver(backend, room, counts, rows=rows), backend, b)
    wanted, active = solve_consistent(operator, room, b)
    assert result.converged
    assert list(result.imbalance) == [1]  # only the cupboard is sealed
    error = np.abs(phi - wanted).ravel()[active]
    assert error.max() < 1e-9 * np.abs(wanted).max()


@pytest.mark.parametrize("counts", [(2, 1, 1), (1, 2, 2)])
@pytest.mark.parametrize("periodic", [False, True])
def test_parts_give_the_single_domain(backend, counts, periodic):
    room = furnished((periodic, periodic, False))
    b = random_sources(room)
    one, single = run(make_solver(backend, room), backend, b, tol_rel=1e-13)
    many, split = run(make_solver(backend, room, counts), backend, b, tol_rel=1e-13)
    assert np.abs(split - single).max() < 1e-10 * np.abs(single).max()
    assert abs(many.iterations - one.iterations) <= 2


@pytest.mark.parametrize("periodic", [False, True])
def test_the_tail_is_the_cycle_that_it_replaces(backend, periodic, monkeypatch):
    """The same iterations and the same phi whether one kernel runs through the coarse levels or many do."""
    room, rows, _ = resisting_room(backend, periodic=(periodic, not periodic, periodic))
    b = random_sources(room)
    together, wanted = run(make_solver(backend, room, rows=rows), backend, b, tol_rel=1e-8)
    monkeypatch.setattr(multigrid, "most_cells", lambda _: 1)
    one_by_one, found = run(make_solver(backend, room, rows=rows), backend, b, tol_rel=1e-8)
    assert one_by_one.iterations == together.iterations
    assert np.abs(found - wanted).max() < 1e-13 * np.abs(wanted).max()


def test_two_dimensional_periodic_room(backend):
    room = Room(stretched(16, 1.0, True), stretched(12, 1.0, True), Axis(np.array([0.0, 0.01]), True))
    x, y = (axis.centres / axis.length for axis in room.axes[:2])
    exact = np.sin(2 * np.pi * x) * np.cos(2 * np.pi * y[:, None])
    b = (matrix(room) @ exact.ravel()).reshape(room.fluid.shape)
    result, phi = run(make_solver(backend, room), backend, b)
    assert result.converged
    assert result.iterations <= 14
    np.testing.assert_allclose(phi[0], exact, atol=1e-10)


@pytest.mark.parametrize("counts", [(1, 1, 1), (2, 1, 2)])
def test_decay_is_implicit_diffusion(backend, counts):
    room, rows, operator = resisting_room(backend, counts)
    values = RNG.uniform(0.0, 0.05, room.fluid.shape) * room.fluid
    parts = Decomposition.split(room.axes, counts).parts
    decay = [backend.array(part.pad(values)) for part in parts]
    solver = make_solver(backend, room, counts, rows=rows, decay=decay)
    b = np.where(room.fluid, RNG.standard_normal(room.fluid.shape), 0.0)
    result, phi = run(solver, backend, b)
    cells = np.flatnonzero(room.fluid.ravel())
    system = (operator - diags(values.ravel()))[cells][:, cells].tocsc()
    assert result.converged
    assert result.imbalance == {}
    assert result.iterations < 20
    np.testing.assert_allclose(phi.ravel()[cells], spsolve(system, b.ravel()[cells]), rtol=1e-9, atol=1e-9)


def test_a_link_joins_two_sealed_regions(backend):
    """An entry between cells that are no neighbours, as a duct gives: one mean for both regions."""
    room = furnished()
    ends = [(0, 1, 1), (6, 5, 8)]  # in the room, in the cupboard
    assert [room.regions()[end] for end in ends] == [0, 1]
    shape = tuple(n + 2 * GHOST for n in room.fluid.shape)
    flat = [np.ravel_multi_index(np.array(end) + GHOST, shape) for end in ends]
    rows = SparseRows(
        cell=np.array(flat, np.int32),
        first=np.array([0, 1, 2], np.int32),
        other=np.array(flat[::-1], np.int32),
        axis=np.zeros(2, np.int8),
        coefficient=backend.array(np.full(2, 0.02)),
        face=np.zeros(2, np.int32),
    )
    b = random_sources(room)
    b[ends[0]] += 1.0
    b[ends[1]] -= 1.0  # only through the link
    result, phi = run(make_solver(backend, room, rows=[rows]), backend, b)
    number = [np.ravel_multi_index(end, room.fluid.shape) for end in ends]
    link = coo_matrix(([0.02, 0.02, -0.02, -0.02], (number * 2, number[::-1] + number)), (b.size, b.size))
    residual = (matrix(room) + link) @ phi.ravel() - b.ravel()
    assert result.converged
    assert list(result.imbalance) == [0]
    assert np.abs(residual).max() < 1e-10
    assert (phi[ends[1]] - phi[ends[0]]) * 0.02 == pytest.approx(1.0)


def test_too_many_sealed_regions_are_refused(backend):
    room = Room(stretched(7, 1.0), stretched(7, 1.0), stretched(7, 1.0))
    for axis in range(3):
        for plane in range(1, 7):
            room.panel(axis, plane, ALL, ALL)
    with pytest.raises(ValueError, match="343 sealed regions"):
        make_solver(backend, room)


def test_changed_resistance_is_followed(backend):
    room, rows, operator = resisting_room(backend)
    solver = make_solver(backend, room, rows=rows)
    closing = backend.to_host(rows[0].coefficient).copy()
    inner = rows[0].other >= 0
    for index in np.flatnonzero(inner):
        cell = np.unravel_index(np.repeat(rows[0].cell, np.diff(rows[0].first))[index], solver.solution[0].shape)
        high = np.array(cell) - GHOST
        if rows[0].other[index] > np.ravel_multi_index(cell, solver.solution[0].shape):
            high[2] += 1
        closing[index] = -0.9999 * face_conductance(room, 0, high)
    backend.upload(rows[0].coefficient, closing)
    b = np.where(room.fluid, RNG.standard_normal(room.fluid.shape), 0.0)
    stale, first = run(solver, backend, b)
    solver.update_coefficients()
    fresh, second = run(solver, backend, b)
    assert stale.converged
    assert fresh.converged
    assert fresh.iterations < stale.iterations
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-8 * np.abs(second).max())


def test_inconsistent_sources_are_reported_and_spread(backend):
    room = furnished()
    b = random_sources(room)
    b[0, 0, 0] += 3.0
    solver = make_solver(backend, room)
    result, phi = run(solver, backend, b)
    assert result.converged
    assert result.imbalance[0] == pytest.approx(3.0, abs=1e-10)
    assert result.inconsistency == pytest.approx(3.0 / np.abs(b[room.regions() == 0]).sum())


def test_an_isolated_cell_and_no_source(backend):
    room = Room(stretched(6, 1.0), stretched(6, 1.0), stretched(6, 1.0))
    room.solid(slice(2, 5), slice(2, 5), slice(2, 5))
    room.fluid[3, 3, 3] = True
    b = random_sources(room)
    b[3, 3, 3] = 0.5
    solver = make_solver(backend, room)
    result, phi = run(solver, backend, b)
    assert result.converged
    assert result.imbalance[1] == 0.5
    assert phi[3, 3, 3] == 0.0
    result, phi = run(solver, backend, 0.0 * b)
    assert result.converged
    assert np.all(phi == 0.0)


def test_a_value_that_is_not_finite_is_an_error(backend):
    room = furnished()
    b = random_sources(room)
    b[-1, -1, -1] = np.nan
    with pytest.raises(PressureError, match="not finite"):
        run(make_solver(backend, room), backend, b)


def test_fixed_iterations_are_read_later(backend):
    room = furnished()
    b = random_sources(room)
    solver = make_solver(backend, room)
    looked_at, phi = run(solver, backend, b, tol_rel=1e-8)
    pending, same = run(solver, backend, b, tol_rel=1e-8, iterations=looked_at.iterations)
    assert pending.wait() == looked_at
    np.testing.assert_array_equal(same, phi)
    too_few, _ = run(solver, backend, b, tol_rel=1e-8, iterations=1)
    assert not too_few.wait().converged


def test_both_tolerances_hold(backend):
    room = furnished()
    b = random_sources(room)
    solver = make_solver(backend, room)
    run(solver, backend, b)
    loose = solver.solve(1.0, 1e30, 1e30)
    assert loose.iterations == 1
    strict = solver.solve(2.0, 1e-5, 1e30)
    assert strict.residual_max * 2.0 <= 1e-5
    assert strict.iterations > loose.iterations


def test_single_precision_stops_at_its_rounding_error():
    backend = open_backend("native", "single")
    room = furnished()
    result, _ = run(make_solver(backend, room), backend, random_sources(room), tol_rel=1e-12)
    assert not result.converged
    assert result.residual_l2 < 1e-6
    assert result.iterations < 40


@pytest.mark.parametrize("counts", [(1, 1, 1), (2, 2, 1)])
@pytest.mark.parametrize("periodic", [False, True])
@pytest.mark.parametrize("with_rows", [False, True])
def test_what_the_arrays_hold_before_does_not_matter(backend, counts, periodic, with_rows):
    """Every array but b is NaN before every solve, ghost layers and solids included; so are b's ghosts and solids."""
    room, rows, _ = resisting_room(backend, counts, (periodic, periodic, False))
    options = {"rows": rows} if with_rows else {}
    b = random_sources(room)
    _, wanted = run(make_solver(backend, room, counts, **options), backend, b)
    parts = Decomposition.split(room.axes, counts).parts
    scratch = [[backend.zeros(part.padded_shape) for _ in range(4)] for part in parts]
    solver = make_solver(backend, room, counts, scratch=scratch, **options)
    for part, array in zip(parts, solver.right_hand_side, strict=True):
        padded = np.full(part.padded_shape, np.nan)
        inside = part.pad(np.where(room.fluid, b, np.nan))[GHOST:-GHOST, GHOST:-GHOST, GHOST:-GHOST]
        padded[GHOST:-GHOST, GHOST:-GHOST, GHOST:-GHOST] = inside
        backend.upload(array, padded)
    for _ in range(2):
        for four, solution in zip(scratch, solver.solution, strict=True):
            for array in (*four, solution):
                backend.upload(array, np.full(array.shape, np.nan))
        result = solver.solve(1.0, 1e30, 1e-12)
        assert result.converged
        found = Decomposition.split(room.axes, counts).gather([backend.to_host(array) for array in solver.solution])
        np.testing.assert_array_equal(found, wanted)


def test_fixed_iterations_need_one(backend):
    with pytest.raises(ValueError, match="at least one"):
        make_solver(backend, furnished()).solve(1.0, 1.0, 1.0, iterations=0)


def test_exchange_fills_edges_and_corners(backend):
    room = Room(stretched(5, 1.0, True), stretched(6, 1.0, True), stretched(1, 1.0, True))
    values = RNG.standard_normal(room.fluid.shape)
    wanted = np.pad(values, GHOST, mode="wrap")
    for counts in ((1, 1, 1), (2, 3, 1)):
        decomposition = Decomposition.split(room.axes, counts)
        parts = [backend.array(part.pad(values)) for part in decomposition.parts]
        backend.program(exchange_nodes(backend, decomposition, parts, GHOST)).run()
        for part, array in zip(decomposition.parts, parts, strict=True):
            box = tuple(slice(o, o + n + 2 * GHOST) for o, n in zip(part.offset, part.shape, strict=True))
            np.testing.assert_array_equal(backend.to_host(array), wanted[box])


def test_parts_thinner_than_the_ghost_layers_are_refused():
    axis = stretched(3, 1.0)
    with pytest.raises(ValueError, match="thinner"):
        Decomposition.split((axis, axis, axis), (2, 1, 1))
