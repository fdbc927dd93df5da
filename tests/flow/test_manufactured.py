"""Order of accuracy on manufactured solutions: reference cases A and B, and our own with variable properties."""

import numpy as np
import pytest
import sympy as sp

from benchmarks.validation import manufactured
from benchmarks.validation.manufactured import KELVIN, Solution, boussinesq_fluid
from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, Side

GRAVITY = -1.0
CELSIUS = 273.15


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def scheme(dt):
    return Scheme(limiter="off", time_step=dt, tolerance=1e-11, relative_tolerance=1e-8)


def errors(mesh, setup: Setup, exact: Solution, backend, end: float, uneven: float = 0.0) -> dict[str, float]:
    """L2 errors at time `end` of the fields at cell centres, started from the exact fields at time 0.

    uneven: every second step is shorter than the scheme's by this share.
    The pressure carries the flow from the level before to this one, and so belongs to the moment half a step earlier.
    """
    solver = Solver(mesh, setup, backend)
    for field, source in (("ux", "source_x"), ("uz", "source_z"), ("temperature", "heat")):
        solver.source(field, getattr(exact, source))
    solver.initialise(exact.at("temperature", 0.0), (exact.at("u", 0.0), 0.0, exact.at("w", 0.0)), exact.at("p", 0.0))
    while solver.time < end - 1e-9:
        share = 1.0 - uneven if solver.step % 2 else 1.0
        solver.advance(min(solver.time + share * setup.scheme.time_step, end))
    air = mesh.solid == 0
    volumes = mesh.volumes()[air] / mesh.volumes()[air].sum()
    centres = (mesh.x.centres[None, None, :], mesh.y.centres[None, :, None], mesh.z.centres[:, None, None])

    def norm(found, name, time, mean_removed=False):
        wrong = (found - getattr(exact, name)(*centres, time))[air]
        wrong = wrong - (volumes * wrong).sum() if mean_removed else wrong
        return float(np.sqrt((volumes * wrong**2).sum()))

    velocity = solver.field("velocity")
    return {
        "u": norm(velocity[..., 0], "u", end),
        "w": norm(velocity[..., 2], "w", end),
        "T": norm(solver.field("temperature") + CELSIUS, "temperature", end),
        "p": norm(solver.field("pressure"), "p", end - 0.5 * solver.dt, mean_removed=True),
    }


def orders(series: list[dict[str, float]]) -> dict[str, list[float]]:
    """Observed orders of successive grids, each twice as fine."""
    return {
        name: [float(np.log2(a[name] / b[name])) for a, b in zip(series, series[1:], strict=False)]
        for name in series[0]
    }


def box(cells: int, growth: float = 1.0, sides=None):
    """The unit box in x and z, one cell wide in y. growth: of the widths over a whole side, at any number of cells."""
    edge = np.linspace(0.0, 1.0, cells + 1)
    faces = edge if growth == 1.0 else (growth**edge - 1.0) / (growth - 1.0)
    wide = np.array([0.0, 0.25])
    plane = {"south": "free_slip", "north": "free_slip"}
    return MeshBuilder(faces, wide, faces, plane | (sides or {}))


HEATED = {"west": Side(thermal=("temperature", KELVIN + 1.0)), "east": Side(thermal=("temperature", KELVIN))}


def reference_errors(f: str, viscosity: float, growth: float, end: float, cells: int, backend) -> dict[str, float]:
    fluid = boussinesq_fluid(viscosity)
    exact = manufactured.reference_box({"1": sp.Integer(1), "cos t": sp.cos(manufactured.t)}[f], fluid, GRAVITY)
    mesh = box(cells, growth, HEATED).build()
    dt = 0.08 / cells if growth == 1.0 else 0.02 / cells  # explicit diffusion in the narrowest cell
    return errors(mesh, Setup(fluid, scheme(dt), GRAVITY), exact, backend, end)


@pytest.mark.parametrize(
    ("f", "viscosity", "growth", "end"),
    [
        pytest.param("1", 0.01, 1.0, 0.5, id="A"),
        pytest.param("1", 0.001, 1.0, 0.5, id="A, thin layers"),
        pytest.param("cos t", 0.01, 1.0, 0.5, id="B"),
        # 1.05 from cell to cell on 32 cells
        pytest.param("1", 0.01, 1.05**32, 0.2, id="A, stretched"),
        pytest.param("cos t", 0.01, 1.05**32, 0.2, id="B, stretched"),
    ],
)
def test_reference_solutions_are_met_at_second_order(f, viscosity, growth, end, backend):
    found = orders([reference_errors(f, viscosity, growth, end, cells, backend) for cells in (16, 32, 64)])
    assert min(found["u"] + found["w"] + found["T"]) >= 1.9, found
    assert min(found["p"]) >= 1.8, found


def test_second_order_beside_an_immersed_block(backend):
    fluid = boussinesq_fluid(0.01)
    exact = manufactured.box_with_block(sp.cos(manufactured.t), fluid, GRAVITY)
    cold = Side(thermal=("temperature", KELVIN))
    sides = {"west": cold, "east": cold, "floor": cold, "ceiling": cold, "south": "free_slip", "north": "free_slip"}
    series = []
    for cells in (24, 48, 96):
        faces = np.linspace(0.0, 1.5, cells + 1)
        room = MeshBuilder(faces, np.array([0.0, 0.25]), faces, sides)
        room.solid("block", ((0.5, 0.0, 0.5), (1.0, 0.25, 1.0)), temperature=KELVIN)
        setup = Setup(fluid, scheme(0.12 / cells), GRAVITY)
        series.append(errors(room.build(), setup, exact, backend, 0.5))
    found = orders(series)
    assert min(found["u"] + found["w"] + found["T"]) >= 1.9, found
    assert min(found["p"]) >= 1.8, found


@pytest.mark.parametrize("uneven", [0.0, 0.5])
def test_gas_of_changing_density_and_viscosity_at_second_order(backend, uneven):
    """Low-Mach constraint, Sutherland's law and buoyancy together, with a density that swings by 30 %."""
    fluid = Fluid(sutherland=(0.01, KELVIN, 110.0), still_temperature=KELVIN)
    exact = manufactured.breathing_gas(0.3, fluid, GRAVITY)
    sides = dict.fromkeys(("west", "east", "floor", "ceiling"), "free_slip")
    series = []
    for cells in (16, 32, 64):
        setup = Setup(fluid, scheme(0.08 / cells), GRAVITY)
        series.append(errors(box(cells, sides=sides).build(), setup, exact, backend, 0.4, uneven))
    found = orders(series)
    assert min(found["u"] + found["w"] + found["T"]) >= 1.9, found
    assert min(found["p"]) >= 1.8, found
