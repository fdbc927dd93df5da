"""Closed panels, ports and the bounds of temperature."""

import numpy as np
import pytest

from kernels import open_backend
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, Side
from thermo.mesh.patch import Exchange


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_closed_panel_leaks_nothing(axis, precision):
    """Behind a panel through the whole room nothing stirs while a heated jet plays on its other side."""
    backend = open_backend("native", precision)
    lines = [np.linspace(0.0, 0.8, 7)] * 3
    lines[axis] = np.linspace(0.0, 1.2, 9)
    room = MeshBuilder(*lines)
    room.panel("panel", axis, lines[axis][4])
    near = ("west", "south", "floor")[axis]
    other = ("south", "west", "west")[axis]
    line = [lines[d] for d in range(3) if d != axis]
    supply = room.side_port("jet", near, ((line[0][2], line[1][2]), (line[0][4], line[1][4])))
    room.supply("supply", supply, 0.05, 303.15)
    rect = [[lines[d][0], lines[d][3]] for d in range(3) if d != (1, 0, 0)[axis]]
    room.opening("vent", other, tuple(zip(*rect, strict=True)), loss_in=1.0, loss_out=1.0)
    mesh = room.build()
    solver = Solver(mesh, Setup(Fluid(conductivity=2.0)), backend)
    solver.initialise(293.15)
    beyond = np.moveaxis(np.zeros(mesh.shape, bool), 2 - axis, 0)
    beyond[4:] = True
    beyond = np.moveaxis(beyond, 0, 2 - axis)
    before = {name: solver.field(name) for name in ("temperature", "density", "velocity")}
    for _ in range(100):
        solver.advance()
    after = {name: solver.field(name) for name in before}
    assert np.abs(after["velocity"]).max() > 0.1
    assert after["temperature"][~beyond].max() > before["temperature"].max() + 1.0
    for name, field in before.items():
        assert np.array_equal(after[name][beyond], field[beyond]), name
    face = np.moveaxis(backend.to_host(solver.parts[0].flux[solver.level][("mx", "my", "mz")[axis]]), 2 - axis, 0)
    assert np.all(face[2 + 4] == 0.0)


def suction_room():
    """A rack that fills much of its room: intake on one side, exhaust on the other."""
    x, y, z = np.linspace(0.0, 1.2, 9), np.linspace(0.0, 0.6, 5), np.linspace(0.0, 0.9, 7)
    room = MeshBuilder(x, y, z)
    room.solid("rack", ((x[4], y[1], z[0]), (x[6], y[3], z[4])))
    rect = ((y[1], z[1]), (y[3], z[3]))
    intake, exhaust = room.port("in", 0, x[4], rect, -1), room.port("out", 0, x[6], rect, 1)
    room.exchange(Exchange("rack", "rack", intake, exhaust, 0.06, "volume", 0.0))
    return room.build(), 0.06 / intake.mesh_area


def test_no_momentum_piles_up_at_a_suction_face():
    """Ten thousand steps in front of a rack's intake and of its exhaust, two cells wide, which blows at a near wall."""
    mesh, port_speed = suction_room()
    setup = Setup(Fluid(viscosity=1e-3))
    solver = Solver(mesh, setup, open_backend("native", "single"))
    solver.initialise(293.15)
    before_intake = (slice(1, 3), slice(1, 3), slice(0, 4))  # k, j, i
    fastest, fastest_there, energy = [], [], []
    for step in range(10_000):
        solver.advance()
        if step % 50 == 49:
            velocity = solver.field("velocity")
            fastest.append(np.abs(velocity).max())
            fastest_there.append(np.abs(velocity[before_intake]).max())
            energy.append((velocity**2).mean())
    assert max(fastest) < 1.8 * port_speed
    assert max(fastest_there) < 1.5 * port_speed
    assert np.mean(energy[150:]) < 1.2 * np.mean(energy[50:100])


def test_jet_carries_its_momentum_into_the_room():
    """The flux of momentum of a free jet stays what the port gives it: m U, over four port widths."""
    edges = np.linspace(0.0, 2.0, 21)
    room = MeshBuilder(np.linspace(0.0, 3.0, 31), edges, edges, {"south": "free_slip", "north": "free_slip"})
    rect = ((0.8, 0.8), (1.2, 1.2))
    room.supply("jet", room.side_port("nozzle", "west", rect), 0.16, 293.15)
    room.opening("vent", "east")
    fluid = Fluid(viscosity=2e-4)
    solver = Solver(room.build(), Setup(fluid), open_backend("native", "double"))
    solver.initialise(293.15)
    while solver.time < 2.5:
        solver.advance(2.5)
    part = solver.parts[0]
    host = solver.backend.to_host
    u, m, p = host(part.velocity["ux"]), host(part.flux[solver.level]["mx"]), host(part.p)
    inside = (slice(2, -2), slice(2, -2))
    pressure = 0.5 * (p[..., 2 + 10] + p[..., 2 + 9])[inside]
    # what the wall around the nozzle takes and the pressure across the jet differ by the entrained air's thrust
    found = float(((m * u)[..., 2 + 10][inside] + pressure - p[..., 2][inside]).sum() * 0.01)
    assert found == pytest.approx(0.16 * fluid.still_density * 1.0, rel=0.1)


def test_extract_takes_its_flow():
    room = MeshBuilder(*(np.linspace(0.0, 1.0, 7) for _ in range(3)))
    room.extract("extract", room.side_port("grille", "ceiling", ((0.1, 0.2), (0.6, 0.6))), 0.05)
    room.opening("vent", "west", temperature=288.15)
    solver = Solver(room.build(), Setup(Fluid()), open_backend("native", "double"))
    solver.initialise(288.15)
    for _ in range(50):
        solver.advance()
    (extract,), (vent,) = solver.report()["devices"], solver.report()["openings"]
    assert extract["flow_kg_s"] == pytest.approx(0.05 * Fluid().density_at(288.15), rel=1e-9)
    assert vent["flow_in_kg_s"] - vent["flow_out_kg_s"] == pytest.approx(extract["flow_kg_s"], rel=1e-3)


@pytest.mark.parametrize("precision", ["double", "single"])
def test_limited_temperature_keeps_its_bounds(precision):
    """A cold supply into a warm hall past sharp edges, at Courant 1.5 and without conduction: no value outside."""
    edges = np.linspace(0.0, 2.0, 13)
    room = MeshBuilder(np.linspace(0.0, 3.0, 17) ** 1.1, edges, edges, {"ceiling": Side("free_slip")})
    room.solid("block", ((room.axes[0].faces[5], edges[3], edges[0]), (room.axes[0].faces[8], edges[8], edges[5])))
    room.supply("supply", room.side_port("grille", "west", ((edges[4], edges[2]), (edges[8], edges[5]))), 0.3, 285.15)
    room.opening("vent", "east", loss_out=0.5, loss_in=0.5, temperature=290.15)
    setup = Setup(Fluid(conductivity=0.0, viscosity=1e-4), Scheme(courant=1.5))
    solver = Solver(room.build(), setup, open_backend("native", precision))
    solver.initialise(lambda x, y, z: np.where(x + 0.0 * (y + z) < 1.0, 288.15, 293.15))
    air = solver.mesh.solid == 0
    lowest, highest = np.inf, -np.inf
    for _ in range(200):
        solver.advance()
        temperature = solver.field("temperature")[air] + 273.15
        lowest, highest = min(lowest, temperature.min()), max(highest, temperature.max())
    slack = 1e-6 if precision == "double" else 1e-3
    assert lowest < 286.0
    assert lowest >= 285.15 - slack
    assert highest <= 293.15 + slack
