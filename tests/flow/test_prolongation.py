"""Fields carried to a finer grid: what they conserve, and that the march goes on from them."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.prolongation import _along_faces, _face_velocity, _linear, start_from
from thermo.flow.report import contents
from thermo.flow.scalars import TransportedScalar
from thermo.flow.setup import Fluid
from thermo.mesh.axis import Axis
from thermo.mesh.builder import MeshBuilder

SIZE = (3.2, 1.6, 1.6)


def room(cells: int, *, opening: bool = True, panel: bool = True):
    """Cells of 1.6 m / `cells`: a warm block, a supply, an opening, and a panel that the air passes at its end."""
    builder = MeshBuilder(*(np.linspace(0.0, length, round(length * cells / 1.6) + 1) for length in SIZE))
    builder.solid("block", ((2.0, 0.4, 0.0), (2.4, 0.8, 0.8)))
    if panel:
        builder.panel("panel", 0, 1.6, ((0.0, 0.0), (1.2, 1.6)))
    if opening:
        floor = builder.side_port("supply", "floor", ((0.4, 0.4), (0.8, 1.2)))
        builder.supply("supply", floor, 0.1, 288.0)
        builder.opening("window", "east", ((0.4, 0.4), (1.2, 1.2)), temperature=293.0)
    return builder.build()


def solver_on(mesh, parts=(1, 1, 1), scalars=()):
    setup = Setup(Fluid(viscosity=5e-3, conductivity=5.0), scalars=scalars)
    return Solver(mesh, setup, open_backend("native", "double"), parts)


def marched(mesh, steps=60, **options):
    solver = solver_on(mesh, **options)
    solver.initialise(lambda x, y, z: 293.0 + 4.0 * z + np.sin(2.0 * x) + 0.0 * y)
    for _ in range(steps):
        solver.advance()
    return solver


def divided(mesh, values_at, number=2):
    """The mean over every cell of a function, taken on cells a `number`-th as large."""
    lines = [Axis(np.interp(np.arange(number * axis.n + 1) / number, np.arange(axis.n + 1), axis.faces))
             for axis in mesh.axes]  # fmt: skip
    x, y, z = lines
    values = values_at(x.centres[None, None, :], y.centres[None, :, None], z.centres[:, None, None])
    nz, ny, nx = mesh.shape
    return values.reshape(nz, number, ny, number, nx, number).mean(axis=(1, 3, 5)), values


def test_a_field_keeps_the_mean_of_every_cell_and_makes_no_new_extremes():
    mesh = room(8)
    values = np.random.default_rng(1).normal(size=mesh.shape)
    means, fine = divided(mesh, _linear(mesh, values))
    np.testing.assert_allclose(means, values, atol=1e-12)
    assert fine.max() <= values.max() and fine.min() >= values.min()


def test_a_linear_field_stays_linear():
    mesh = room(8)
    x, y, z = np.meshgrid(*(axis.centres for axis in mesh.axes), indexing="ij")
    linear = _linear(mesh, (2.0 * x - y + 3.0 * z).transpose(2, 1, 0))
    point = (np.array([[[1.13]]]), np.array([[[0.57]]]), np.array([[[0.91]]]))
    assert linear(*point).item() == pytest.approx(2.0 * 1.13 - 0.57 + 3.0 * 0.91)


def test_nothing_passes_a_panel():
    mesh = room(8)
    values = np.where(mesh.x.centres < 1.6, 20.0, 35.0) + np.zeros(mesh.shape)
    _, fine = divided(mesh, _linear(mesh, values))
    assert set(np.unique(fine)) == {20.0, 35.0}


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 2)])
def test_a_velocity_without_divergence_has_none_on_cells_that_divide_it(parts):
    coarse = marched(room(8), parts=parts)
    mesh, flux = coarse.mesh, []
    lines = [np.interp(np.arange(2 * axis.n + 1) / 2, np.arange(axis.n + 1), axis.faces) for axis in mesh.axes]
    for axis in range(3):
        at = _along_faces(mesh, axis, _face_velocity(coarse, axis))
        x, y, z = (line if d == axis else 0.5 * (line[1:] + line[:-1]) for d, line in enumerate(lines))
        flux.append(np.diff(at(x[None, None, :], y[None, :, None], z[:, None, None]), axis=2 - axis))
    width = mesh.x.widths[0] / 2.0
    divergence = sum(flux) / width
    largest = max(np.abs(_face_velocity(coarse, axis)).max() for axis in range(3))
    # what is left is the expansion of the heated air and the tolerance of the coarse pressure
    assert np.abs(divergence).max() < 0.02 * largest / width


def test_a_finer_grid_goes_on_with_the_flow():
    coarse, fine = marched(room(8), 150), solver_on(room(16))
    start_from(fine, coarse)
    mean = [float(np.mean(solver.field("temperature")[solver.mesh.solid == 0])) for solver in (coarse, fine)]
    assert mean[1] == pytest.approx(mean[0], abs=0.05)
    speed = [np.sqrt((solver.field("velocity") ** 2).sum(axis=-1).mean()) for solver in (coarse, fine)]
    assert speed[1] == pytest.approx(speed[0], rel=0.1)
    column = [solver.field("pressure")[:, 4 * n, 0] for n, solver in ((1, coarse), (2, fine))]
    assert np.ptp(column[1]) == pytest.approx(np.ptp(column[0]), rel=0.2)
    before = np.abs(fine.field("velocity")).max()
    for _ in range(10):
        fine.advance()
    assert np.abs(fine.field("velocity")).max() < 1.5 * before


def test_scalars_go_along():
    scalars = (TransportedScalar("smoke", 1e-3), TransportedScalar("age_of_air", 1e-3, source=1.0))
    coarse, fine = (solver_on(room(n), scalars=scalars) for n in (8, 16))
    coarse.initialise(293.0, scalars={"smoke": lambda x, y, z: x + 0.0 * y * z})
    for _ in range(30):
        coarse.advance()
    start_from(fine, coarse)
    for name in ("smoke", "age_of_air"):
        means = [solver.field(name)[solver.mesh.solid == 0].mean() for solver in (coarse, fine)]
        assert means[1] == pytest.approx(means[0], rel=1e-3) and means[0] > 0.1


def test_a_closed_room_keeps_its_mass_though_it_grew_warmer():
    coarse = solver_on(room(8, opening=False, panel=False))
    coarse.initialise(293.0)
    coarse.source("temperature", lambda x, y, z, t: 200.0 + 0.0 * x * y * z)
    for _ in range(40):
        coarse.advance()
    fine = solver_on(room(16, opening=False, panel=False))
    start_from(fine, coarse)
    assert fine.readings()["p0_pa"]["0"] > 101325.0 + 100.0
    volume = [solver.mesh.volumes()[solver.mesh.solid == 0].sum() for solver in (coarse, fine)]
    assert volume[0] == pytest.approx(volume[1])
    assert contents(fine)[0] == pytest.approx(contents(coarse)[0], rel=1e-9)
