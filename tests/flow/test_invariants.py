"""What a closed flow keeps: its kinetic energy without viscosity, its heat without walls that conduct."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, Side

TIGHT = {"tolerance": 1e-12, "relative_tolerance": 1e-11}


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def furnished(sides) -> MeshBuilder:
    """A box stretched in every direction, with a solid and a panel."""
    line = np.concatenate([[0.0], np.cumsum(1.15 ** np.arange(10))])
    line /= line[-1]
    room = MeshBuilder(line, line, line[-1] - line[::-1], sides)
    x, y, z = (axis.faces for axis in room.axes)
    room.solid("block", ((x[3], y[2], z[0]), (x[6], y[5], z[4])))
    room.panel("panel", 2, z[7], ((x[2], y[3]), (x[8], y[8])), slip=True)
    return room


def kinetic_energy(solver) -> float:
    """Sum over the momentum volumes of m u / 2 times their size, J."""
    total = 0.0
    for part in solver.parts:
        metrics = {name: solver.backend.to_host(values) for name, values in part.metrics.items()}
        for name in "xyz":
            lengths = [metrics[f"d{d}f" if d == name else f"d{d}"] for d in "xyz"]
            sizes = lengths[2][:, None, None] * lengths[1][None, :, None] * lengths[0][None, None, :]
            m = solver.backend.to_host(part.flux[solver.level][f"m{name}"])
            u = solver.backend.to_host(part.velocity[f"u{name}"])
            total += 0.5 * float((sizes * m * u)[2:-2, 2:-2, 2:-2].sum())
    return total


def test_inviscid_flow_keeps_its_kinetic_energy_to_the_error_in_time(backend):
    """Second order in the step: with half of it a quarter of the change is left; convection itself changes nothing."""
    sides = dict.fromkeys(("west", "east"), "periodic")
    mesh = furnished(sides).build()
    changes = []
    for steps in (40, 80):
        scheme = Scheme(limiter="off", time_step=0.4 / steps, **TIGHT)
        solver = Solver(mesh, Setup(Fluid(model="boussinesq", viscosity=0.0, conductivity=0.0), scheme, 0.0), backend)

        def swirl(x, y, z):
            return np.sin(2 * np.pi * x) * np.cos(3 * y + z) + 0.5 * np.sin(5 * z)

        solver.initialise(
            293.15, (swirl, lambda x, y, z: swirl(x + 0.3, z, y), lambda x, y, z: swirl(x - 0.2, y * y, x * z))
        )
        before = kinetic_energy(solver)
        for _ in range(steps):
            solver.advance()
        changes.append(abs(kinetic_energy(solver) / before - 1.0))
    assert changes[0] < 1e-3
    assert changes[0] > 3.5 * changes[1], changes


@pytest.mark.parametrize("limiter", ["koren", "off"])
def test_adiabatic_box_keeps_its_heat(backend, limiter):
    """Stirred by its lid, with conduction inside: the sum of T over the volume stays."""
    room = furnished({"ceiling": Side("moving", (0.5, 0.2, 0.0))})
    fluid = Fluid(model="boussinesq", viscosity=1e-3, conductivity=1.0)
    scheme = Scheme(limiter=limiter, time_step=0.01, **TIGHT)
    solver = Solver(room.build(), Setup(fluid, scheme), backend)
    solver.initialise(lambda x, y, z: 293.15 + 5.0 * np.sin(4 * x) * np.cos(5 * y) + 3.0 * z)
    air = solver.mesh.solid == 0
    volumes = solver.mesh.volumes()[air]

    def heat() -> float:
        return float((volumes * solver.field("temperature")[air]).sum())

    before, start = heat(), solver.field("temperature")
    for _ in range(100):
        solver.advance()
    assert np.abs(solver.field("temperature") - start)[air].max() > 0.5
    assert heat() == pytest.approx(before, rel=1e-10)
