"""The subgrid viscosity for given gradients, friction at walls, and stress with a variable viscosity."""

import numpy as np
import pytest

from kernels import BackendUnavailable, Extent, open_backend
from kernels.reference import along, at
from kernels.scalars import Scalar
from tests.kernels.air import scalars
from tests.kernels.room import metrics, room_flags

EXTENT = Extent(5, 6, 4)
C = 0.07
DENSITY, VISCOSITY = 1.19, 0.37


@pytest.fixture(scope="module")
def backend():
    try:
        return open_backend("native", "double")
    except BackendUnavailable as error:
        pytest.skip(str(error))


def open_flags(extent: Extent) -> np.ndarray:
    """A space without walls: every face of every cell is open."""
    return np.full(extent.shape, 15, np.uint8)


def lines(grid: dict[str, np.ndarray], axis: str) -> tuple[np.ndarray, np.ndarray]:
    """Padded positions of the low faces and of the centres along an axis, for any widths."""
    faces = np.concatenate([[0.0], np.cumsum(grid[f"d{axis}"])[:-1]])
    return faces, faces + grid[f"d{axis}"] / 2


def uniform_grid(extent: Extent, widths) -> dict[str, np.ndarray]:
    found = {}
    for axis, n, width in zip("xyz", (extent.nx, extent.ny, extent.nz), widths, strict=True):
        line = np.full(n + 4, width)
        found |= {f"d{axis}": line, f"d{axis}f": line, f"rd{axis}": 1 / line, f"rd{axis}f": 1 / line}
    return found


def stretched_grid(extent: Extent) -> dict[str, np.ndarray]:
    """Unequal widths, and in the ghost layers true distances: the space goes on there."""
    found = {}
    for axis, n in zip("xyz", (extent.nx, extent.ny, extent.nz), strict=True):
        widths = 0.1 * 1.2 ** np.arange(n + 4)
        between = np.append(widths[0], (widths[1:] + widths[:-1]) / 2)
        found |= {f"d{axis}": widths, f"d{axis}f": between, f"rd{axis}": 1 / widths, f"rd{axis}f": 1 / between}
    return found


def eddy_viscosity(backend, grid, gradient, drift=(0.0, 0.0, 0.0), flags=None) -> np.ndarray:
    """nu_t of the interior cells for u_i = drift_i + sum_m gradient[m, i] x_m."""
    positions = {axis: lines(grid, axis) for axis in "xyz"}
    arguments = {}
    for i, component in enumerate("xyz"):
        u = np.full(EXTENT.shape, drift[i])
        for m, axis in enumerate("xyz"):
            faces, centres = positions[axis]
            line = faces if axis == component else centres
            u += gradient[m, i] * line.reshape({"x": (1, 1, -1), "y": (1, -1, 1), "z": (-1, 1, 1)}[axis])
        arguments[f"u{component}"] = backend.array(u)
    constants = scalars()
    constants[Scalar.VREMAN], constants[Scalar.RECIPROCAL_PRANDTL_TURBULENT] = C, 1.0
    flags = open_flags(EXTENT) if flags is None else flags
    given = {name: backend.array(grid[name]) for a in "xyz" for name in (f"d{a}", f"rd{a}", f"rd{a}f")}
    mu, diffusivity = backend.zeros(EXTENT.shape), backend.zeros(EXTENT.shape)
    node = backend.bind(
        "vreman", EXTENT, {"LOW_MACH": 0, "SUTHERLAND_LAW": 0}, **arguments, **given, theta=backend.zeros(EXTENT.shape),
        rho=backend.zeros(1), flags=backend.array(flags, backend.mark), scalars=backend.array(constants), mu=mu,
        diffusivity=diffusivity,
    )  # fmt: skip
    backend.program([node]).run()
    return (at(backend.to_host(mu)) - VISCOSITY) / DENSITY


def published(gradient, widths) -> float:
    """Vreman (2004), eqs. 5-8."""
    beta = np.einsum("m,mi,mj->ij", np.square(widths), gradient, gradient)
    invariant = sum(beta[i, i] * beta[j, j] - beta[i, j] ** 2 for i, j in ((0, 1), (0, 2), (1, 2)))
    return C * np.sqrt(invariant / np.square(gradient).sum())


def test_known_value_for_a_given_gradient_on_a_stretched_grid(backend):
    gradient = np.random.default_rng(3).normal(size=(3, 3))
    grid = stretched_grid(EXTENT)
    found = eddy_viscosity(backend, grid, gradient)
    for place in ((0, 0, 0), (3, 5, 4), (1, 4, 2)):
        widths = [grid[f"d{axis}"][2 + n] for axis, n in zip("xyz", reversed(place), strict=True)]
        assert found[place] == pytest.approx(published(gradient, widths), rel=1e-10)


@pytest.mark.parametrize("entries", [
    [(1, 0)], [(2, 0)], [(0, 1)], [(1, 0), (2, 0)], [(2, 0), (2, 1)], [(0, 0)], [(0, 0), (0, 1), (0, 2)],
])  # fmt: skip
def test_flows_without_subgrid_stress_have_none(backend, entries):
    """Shear between plates, in any direction of one plane, and flows in one direction that vary along one axis."""
    gradient = np.zeros((3, 3))
    for n, entry in enumerate(entries):
        gradient[entry] = 3.0 - n
    assert np.abs(eddy_viscosity(backend, uniform_grid(EXTENT, (0.1, 0.1, 0.1)), gradient)).max() < 1e-14


def test_neither_a_drift_nor_a_rotation_of_the_axes_changes_it(backend):
    rng = np.random.default_rng(4)
    gradient, grid = rng.normal(size=(3, 3)), uniform_grid(EXTENT, (0.1, 0.1, 0.1))
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    expected = eddy_viscosity(backend, grid, gradient)
    assert expected.min() > 1e-3
    assert eddy_viscosity(backend, grid, gradient, (7.0, -3.0, 2.0)) == pytest.approx(expected, rel=1e-10)
    assert eddy_viscosity(backend, grid, rotation.T @ gradient @ rotation) == pytest.approx(expected, rel=1e-10)


def test_stress_of_a_variable_viscosity_takes_kinetic_energy_and_makes_none(backend):
    """In a room with solids and panels the operator is symmetric and has no positive eigenvalue."""
    rng = np.random.default_rng(5)
    extent = Extent(4, 5, 4)
    flags, grid = room_flags(extent), metrics(rng, extent, np.float64)
    mu = np.exp(3.0 * rng.normal(size=extent.shape))
    constants = scalars()
    for scalar in (Scalar.BUOYANCY, Scalar.FORCE_X, Scalar.FORCE_Y, Scalar.FORCE_Z):
        constants[scalar] = 0
    constants[Scalar.DT] = 1.0
    zeros = {name: backend.zeros(extent.shape) for name in (
        "mx", "my", "mz", "p", "lift", "mx_begin", "my_begin", "mz_begin"
    )}  # fmt: skip
    new = {name: backend.zeros(extent.shape) for name in ("mx_new", "my_new", "mz_new")}
    velocity = {name: backend.zeros(extent.shape) for name in ("ux", "uy", "uz")}
    unread = {name: backend.zeros(1) for name in ("rho", "increment")}
    given = {name: backend.array(grid[name]) for a in "xyz" for name in (f"d{a}", f"rd{a}", f"rd{a}f")}
    node = backend.bind(
        "momentum", extent, {"LOW_MACH": 0, "VARIABLE": 1, "LIMITER": 0, "VELOCITY": 0}, divisor=1, **zeros, **new,
        **velocity, **unread, **given, mu=backend.array(mu), flags=backend.array(flags, backend.mark),
        scalars=backend.array(constants),
    )  # fmt: skip
    program = backend.program([node])
    places, volumes = [], []
    for n, axis in enumerate("xyz"):
        lengths = [along(other, grid[f"d{other}"]) for other in "xyz" if other != axis]
        volume = np.broadcast_to(lengths[0] * lengths[1] / along(axis, grid[f"rd{axis}f"]), at(flags).shape)
        is_open = (at(flags) & (1, 2, 4)[n]) != 0
        places += [(axis, place) for place in np.argwhere(is_open) + 2]
        volumes.append(volume[is_open])
    matrix = np.empty((len(places), len(places)))
    for column, (axis, place) in enumerate(places):
        unit = np.zeros(extent.shape)
        unit[tuple(place)] = 1.0
        backend.upload(velocity[f"u{axis}"], unit)
        program.run()
        backend.upload(velocity[f"u{axis}"], np.zeros(extent.shape))
        pushed = {a: backend.to_host(new[f"m{a}_new"]) for a in "xyz"}
        matrix[:, column] = [pushed[a][tuple(p)] for a, p in places]
    power = np.concatenate(volumes)[:, None] * matrix
    assert np.abs(power - power.T).max() < 1e-12 * np.abs(power).max()
    eigenvalues = np.linalg.eigvalsh(0.5 * (power + power.T))
    assert eigenvalues.max() < 1e-12 * np.abs(eigenvalues).max()
