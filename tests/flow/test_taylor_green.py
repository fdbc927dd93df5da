"""The decaying Taylor-Green vortex with a passive temperature on a periodic square: order 2.0 +- 0.1 in space and time.

u = sin(kx) cos(kz) F, w = -cos(kx) sin(kz) F, F = exp(-2 nu k^2 t) (G. I. Taylor, A. E. Green 1937), p = rho F^2
(cos 2kx + cos 2kz)/4. T = sin(kx) sin(kz) exp(-2 alpha k^2 t), a stream function, is carried along its own lines and so
is an exact solution of the transport of heat.
"""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import TEMPERATURE_ZERO, Fluid, Scheme
from thermo.mesh.builder import box_mesh

VISCOSITY = 0.02
CONDUCTIVITY = 0.01
END = 0.5
FLUID = Fluid(
    model="boussinesq", density=1.0, expansion=1.0, heat_capacity=1.0, viscosity=VISCOSITY, conductivity=CONDUCTIVITY
)
NAMES = ("u", "w", "T", "p")


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def exact(name, x, z, t):
    flow, heat = np.exp(-2.0 * VISCOSITY * t), np.exp(-2.0 * CONDUCTIVITY * t)
    return {
        "u": lambda: np.sin(x) * np.cos(z) * flow,
        "w": lambda: -np.cos(x) * np.sin(z) * flow,
        "T": lambda: np.sin(x) * np.sin(z) * heat,
        "p": lambda: 0.25 * (np.cos(2.0 * x) + np.cos(2.0 * z)) * flow**2,
    }[name]()


def march(backend, cells: int, dt: float, limiter: str = "off") -> Solver:
    """The vortex at time END, without gravity."""
    edges = np.linspace(0.0, 2.0 * np.pi, cells + 1)
    sides = dict.fromkeys(("west", "east", "floor", "ceiling"), "periodic")
    mesh = box_mesh(edges, np.array([0.0, 1.0]), edges, south="free_slip", north="free_slip", **sides)
    scheme = Scheme(limiter=limiter, time_step=dt, tolerance=1e-12, relative_tolerance=1e-9)
    solver = Solver(mesh, Setup(FLUID, scheme, gravity=0.0), backend)
    solver.initialise(
        lambda x, y, z: TEMPERATURE_ZERO + exact("T", x, z, 0.0),
        (lambda x, y, z: exact("u", x, z, 0.0), 0.0, lambda x, y, z: exact("w", x, z, 0.0)),
        lambda x, y, z: exact("p", x, z, 0.0),
    )
    while solver.time < END:
        solver.advance(END)
    return solver


def fields(solver: Solver) -> dict[str, np.ndarray]:
    velocity = solver.field("velocity")
    pressure = solver.field("pressure")
    return {
        "u": velocity[..., 0], "w": velocity[..., 2], "T": solver.field("temperature") - (TEMPERATURE_ZERO - 273.15),
        "p": pressure - pressure.mean(),
    }  # fmt: skip


def orders(series):
    return {n: [float(np.log2(a[n] / b[n])) for a, b in zip(series, series[1:], strict=False)] for n in NAMES}


def test_second_order_in_space(backend):
    series = []
    for cells in (16, 32, 64):
        solver = march(backend, cells, 0.64 / cells)
        x, z = solver.mesh.x.centres[None, None, :], solver.mesh.z.centres[:, None, None]
        found = fields(solver)
        # the pressure belongs to the middle of the last step
        moment = {name: END - 0.5 * solver.dt if name == "p" else END for name in NAMES}
        series.append({n: float(np.sqrt(np.mean((found[n] - exact(n, x, z, moment[n])) ** 2))) for n in NAMES})
    found = orders(series)
    assert all(1.9 <= order <= 2.1 for name in NAMES for order in found[name]), found


def test_limited_temperature_is_nearly_second_order(backend):
    """A limiter flattens the extrema: measured in L1, which they do not rule."""
    series = []
    for cells in (32, 64, 128):
        solver = march(backend, cells, 0.64 / cells, "koren")
        x, z = solver.mesh.x.centres[None, None, :], solver.mesh.z.centres[:, None, None]
        series.append(float(np.mean(np.abs(fields(solver)["T"] - exact("T", x, z, END)))))
    found = [float(np.log2(a / b)) for a, b in zip(series, series[1:], strict=False)]
    assert min(found) >= 1.7, found


def test_second_order_in_time(backend):
    """On one grid, against the same grid with a time step eight times finer than the finest of the series."""
    fine = fields(march(backend, 24, END / 640))
    series = []
    for steps in (20, 40, 80):
        found = fields(march(backend, 24, END / steps))
        series.append({n: float(np.sqrt(np.mean((found[n] - fine[n]) ** 2))) for n in NAMES})
    found = orders(series)
    assert all(1.9 <= order <= 2.1 for name in ("u", "w", "T") for order in found[name]), found
