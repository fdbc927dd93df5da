"""Layered walls: the U-value of steady conduction, the heat balance outside, and the response to a periodic outside."""

import numpy as np
import pytest
from scipy.optimize import brentq

from kernels import open_backend
from thermo.case.schedule import Schedule
from thermo.flow import Setup, Solver
from thermo.flow.setup import STEFAN_BOLTZMANN, Fluid, Scheme
from thermo.flow.solids.layers import line, widths
from thermo.mesh.builder import MeshBuilder, Side
from thermo.mesh.construction import Construction, Layer, Outside

RENDER = Layer(0.015, 0.9, 1800.0, 900.0)
FOAM = Layer(0.05, 0.035, 30.0, 1400.0)
CONCRETE = Layer(0.08, 1.6, 2300.0, 1000.0)
STEEL = Layer(0.0007, 50.0, 7850.0, 480.0)
GAP = Layer(resistance=0.18)
WALL = Construction("wall", (RENDER, FOAM, GAP, CONCRETE))
AIR = Fluid(model="boussinesq", density=1.2)
ACROSS = np.array([0.0, 0.4])


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def solver_of(room: MeshBuilder, backend, step=1.0, solid_step=10.0, parts=(1, 1, 1)) -> Solver:
    scheme = Scheme(time_step=step, solid_step_max=solid_step, limiter="off")
    return Solver(room.build(), Setup(AIR, scheme, gravity=0.0), backend, parts)


def corridor(outside: Outside | None, cells: int = 4, construction: Construction = WALL) -> MeshBuilder:
    """Air between a layered wall in the west and a wall held at 300 K."""
    wall = Side(thermal=("construction", construction, outside))
    sides = {"west": wall, "east": Side(thermal=("temperature", 300.0))}
    return MeshBuilder(np.linspace(0.0, 0.2, cells + 1), ACROSS, ACROSS, sides)


def heat_through(solver: Solver) -> float:
    """Heat that the air before the wall receives from it in one stage, W."""
    entry = solver.boundaries.lists[0].host["fluid_heat"]["node"] >= 0
    host = solver.backend.to_host
    rows = {name: host(array) for name, array in solver.boundaries.lists[0].device["fluid_heat"].items()}
    theta = host(solver.parts[0].theta[solver.level]).ravel()[rows["entry_cell"][entry]]
    return float((rows["conductance"][entry] * (rows["fixed"][entry] - theta)).sum())


def test_cells_of_layers():
    """The layer's thickness in all, the first cell no wider than what a minute reaches, neighbours alike."""
    for layer in (RENDER, FOAM, CONCRETE, STEEL):
        found = widths(layer)
        assert found.sum() == pytest.approx(layer.thickness)
        assert (found[1:] / found[:-1]).max(initial=1.0) < 1.51
        reach = np.sqrt(layer.conductivity / (layer.density * layer.heat_capacity) * 60.0)
        assert found[0] <= reach or len(found) == 1
    nodes = line(WALL)
    assert nodes.resistance.sum() == pytest.approx(WALL.resistance, rel=1e-14)
    assert nodes.capacity.sum() == pytest.approx(WALL.capacity, rel=1e-14)
    with pytest.raises(ValueError, match="no heat capacity"):
        line(Construction("gap", (GAP, GAP)))


def test_u_value_of_a_single_sheet(backend):
    """A wall of one node: nothing is linked to anything but the two sides."""
    sheet = Construction("sheet", (STEEL,))
    solver = solver_of(corridor(Outside(260.0, film=17.5), construction=sheet), backend)
    solver.initialise(300.0)
    assert solver.solids.count == 1
    flux = 40.0 / (1.0 / 17.5 + sheet.resistance + 0.5 * 0.05 / AIR.conductivity)
    assert heat_through(solver) == pytest.approx(-flux * 0.4 * 0.4, rel=1e-12)


def test_u_value_in_the_steady_state(backend):
    """A wall begins steady: q = (T_i - T_o)/(1/h_o + sum of the layers + film), to round-off; and it stays."""
    solver = solver_of(corridor(Outside(260.0, film=17.5)), backend)
    solver.initialise(300.0)
    film = 0.5 * 0.05 / AIR.conductivity
    flux = 40.0 / (1.0 / 17.5 + WALL.resistance + film)
    area = 0.4 * 0.4
    assert heat_through(solver) == pytest.approx(-flux * area, rel=1e-12)
    before = solver.backend.to_host(solver.solids.theta)
    solver.solids.elapsed = 10.0
    solver.solids.make_step(10.0, solver.level)
    assert solver.solids.heat_given() == pytest.approx(-10.0 * flux * area, rel=1e-12)
    # the air took nothing from its sums yet: the innermost node alone has changed, by the heat it did not give
    lost = solver.backend.to_host(solver.solids.theta) - before
    heat = (lost * solver.boundaries.network.capacity).sum()
    assert heat == pytest.approx(-10.0 * flux * area, rel=1e-9)


def test_u_value_after_a_march(backend):
    """Air and wall from 290 K to their steady state: the flux is that of all resistances in series."""
    thin = Construction("panel", (Layer(0.02, 0.035, 5.0, 1400.0), Layer(resistance=0.1)))
    solver = solver_of(corridor(Outside(260.0, film=17.5), construction=thin), backend, step=10.0)
    solver.initialise(290.0)
    while solver.time < 3 * 3600.0:
        solver.advance(3 * 3600.0)
    total = 1.0 / 17.5 + thin.resistance + 0.2 / AIR.conductivity
    assert heat_through(solver) == pytest.approx(-40.0 / total * 0.16, rel=1e-6)


def test_roof_under_sun_and_sky(backend):
    """h (T_a - T) + e F s (T_sky^4 - T^4) + e (1 - F) s (T_a^4 - T^4) + q + (T_in - T)/R = 0, by a root finder."""
    outside = Outside(303.0, film=13.6, sky_temperature=288.0, sky_factor=0.7, emissivity=0.9, absorbed=630.0)
    solver = solver_of(corridor(outside), backend)
    solver.initialise(300.0)
    resistance = WALL.resistance + 0.025 / AIR.conductivity

    def balance(t: float) -> float:
        sky = 0.9 * 0.7 * STEFAN_BOLTZMANN * (288.0**4 - t**4)
        ground = 0.9 * 0.3 * STEFAN_BOLTZMANN * (303.0**4 - t**4)
        return 13.6 * (303.0 - t) + sky + ground + 630.0 + (300.0 - t) / resistance

    surface = brentq(balance, 200.0, 500.0, xtol=1e-12)
    assert heat_through(solver) == pytest.approx((surface - 300.0) / resistance * 0.16, rel=1e-9)
    for _ in range(30):
        solver.advance()
    assert backend.to_host(solver.solids.outer["surface"]) + 293.15 == pytest.approx(surface, abs=2e-3)


def transfer(layers, omega: float) -> np.ndarray:
    """(T, q) at the last face from that at the first: product of the layers' matrices (EN ISO 13786, eq. 14)."""
    matrix = np.eye(2, dtype=complex)
    for layer in layers:
        if layer.conductivity is None:
            matrix = np.array([[1.0, -layer.resistance], [0.0, 1.0]]) @ matrix
            continue
        wave = np.sqrt(1j * omega * layer.density * layer.heat_capacity / layer.conductivity)
        through, x = layer.conductivity * wave, wave * layer.thickness
        matrix = np.array([[np.cosh(x), -np.sinh(x) / through], [-through * np.sinh(x), np.cosh(x)]]) @ matrix
    return matrix


def amplitude(times, values, omega: float) -> complex:
    """Of the harmonic, beside a mean and a drift."""
    columns = np.stack([np.ones_like(times), times, np.cos(omega * times), np.sin(omega * times)], axis=1)
    _, _, real, imaginary = np.linalg.lstsq(columns, np.asarray(values), rcond=None)[0]
    return complex(real, -imaginary)


def test_periodic_outside_temperature(backend):
    """10 K every three hours outside: amplitude and phase within, behind render, foam, a gap and concrete."""
    period = 3 * 3600.0
    omega = 2.0 * np.pi / period
    slab = Layer(0.03, 1.6, 2300.0, 1000.0)
    wall = Construction("wall", (RENDER, Layer(0.01, 0.035, 30.0, 1400.0), Layer(resistance=0.05), slab))
    times = np.linspace(0.0, 3 * period, 721)
    sine = Schedule(tuple(times), tuple(300.0 + 10.0 * np.sin(omega * times)))
    solver = solver_of(corridor(Outside(sine), construction=wall), backend, 10.0, 10.0)
    solver.initialise(300.0)
    inner = backend.to_host(solver.boundaries.network.surfaces[0][0].node)[0]
    at, found = [], []
    while solver.time < times[-1]:
        solver.advance(times[-1])
        if solver.time > 2 * period:
            at.append(solver.time)
            found.append(backend.to_host(solver.solids.theta)[inner])
    outside = -10.0j
    air = Layer(0.2, AIR.conductivity, 1.2, AIR.heat_capacity)
    whole = transfer((*wall.layers, air), omega)
    flux = -whole[0, 0] / whole[0, 1] * outside  # into the wall, so that nothing oscillates at the far end of the air
    depth = slab.thickness - line(wall).resistance[-1] * slab.conductivity  # of the innermost node
    before = (*wall.layers[:-1], Layer(depth, slab.conductivity, slab.density, slab.heat_capacity))
    exact = (transfer(before, omega) @ np.array([outside, flux]))[0]
    assert abs(exact) < 2.0, "the wall damps nothing"
    assert amplitude(np.array(at), found, omega) == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
def test_layered_panel_between_two_airs(backend, parts):
    """Steady heat through a panel of two boards and a gap with a heat capacity of its own; the same in parts."""
    light = Layer(0.01, 0.035, 30.0, 140.0)
    sandwich = Construction("sandwich", (light, Layer(resistance=0.1), light))
    sides = {"west": Side(thermal=("temperature", 310.0)), "east": Side(thermal=("temperature", 290.0))}
    room = MeshBuilder(np.linspace(0.0, 0.02, 5), ACROSS, ACROSS, sides)
    room.panel("panel", 0, 0.01, construction=sandwich)
    solver = solver_of(room, backend, 0.2, 10.0, parts)
    solver.initialise(300.0)
    while solver.time < 1500.0:
        solver.advance(1500.0)
    flux = 20.0 / (0.02 / AIR.conductivity + sandwich.resistance)
    found = solver.field("temperature")[0, 0] + 273.15
    distance = 0.02 * np.array([0.125, 0.375]) / AIR.conductivity
    assert found == pytest.approx(np.concatenate([310.0 - flux * distance, 290.0 + flux * distance[::-1]]), abs=1e-4)
