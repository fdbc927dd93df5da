"""Moist air: its density, its buoyancy, rest in layers, sealed rooms, latent heat."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import CONCRETE, TIGHT
from thermo.flow import Setup, Solver
from thermo.flow.scalars import CellSource, TransportedScalar
from thermo.flow.setup import HUMIDITY, Fluid, Scheme, virtual_temperature
from thermo.mesh.builder import MeshBuilder

LINE = np.linspace(0.0, 1.2, 9)
VAPOUR_GAS_CONSTANT = 461.5  # J/(kg K)


def solver_of(mesh, humidity, temperature, still_humidity=0.0, model="low_mach", sources=(), **scheme) -> Solver:
    """Air with a specific humidity (number or function), adiabatic, without diffusion."""
    vapour = TransportedScalar(HUMIDITY, initial=humidity, entering=still_humidity, sources=sources)
    fluid = Fluid(model, viscosity=1e-3, conductivity=1e-6, still_humidity=still_humidity)
    setup = Setup(fluid, Scheme(**({"time_step": 0.02} | TIGHT | scheme)), scalars=(vapour,))
    solver = Solver(mesh, setup, open_backend("native", "double"))
    solver.initialise(temperature)
    return solver


def open_room():
    room = MeshBuilder(LINE, LINE, LINE)
    room.opening("door", "west", ((LINE[2], LINE[0]), (LINE[6], LINE[2])), loss_in=0.5, loss_out=0.5)
    return room.build()


def test_density_is_that_of_the_mixture():
    fluid = Fluid()
    gas = (1.0 - 0.015) * fluid.gas_constant + 0.015 * VAPOUR_GAS_CONSTANT
    solver = solver_of(open_room(), 0.015, 303.15)
    assert solver.field("density") == pytest.approx(fluid.pressure / (gas * 303.15), rel=1e-5)


@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_moist_layers_stay_at_rest(model):
    """The lighter, moister air above."""
    room = MeshBuilder(LINE, LINE, LINE).build()
    solver = solver_of(room, lambda x, y, z: 0.01 + 0.005 * z + 0 * x, 293.15, 0.01, model)
    for _ in range(50):
        solver.advance()
    assert np.abs(solver.field("velocity")).max() < 1e-12


def test_moist_air_rises_as_warm_air_of_the_same_density_does():
    """A bubble of air with 20 g/kg more vapour and one 3.6 K warmer: one flow, to the error in time of the scalars."""
    def bubble(x, y, z):
        return np.exp(-20.0 * ((x - 0.6) ** 2 + (y - 0.6) ** 2 + (z - 0.4) ** 2))

    def warm(x, y, z):
        return virtual_temperature(293.15, 0.02 * bubble(x, y, z))

    found = {}
    for kind, humidity, temperature in (("moist", lambda *p: 0.02 * bubble(*p), 293.15), ("warm", 0.0, warm)):
        solver = solver_of(open_room(), humidity, temperature, time_step=0.01, limiter="off")
        for _ in range(60):
            solver.advance()
        found[kind] = solver.field("velocity")
    fastest = np.abs(found["warm"]).max()
    assert fastest > 0.02
    assert np.abs(found["moist"] - found["warm"]).max() < 5e-3 * fastest


def test_vapour_released_in_a_sealed_room_raises_its_pressure_and_no_temperature():
    """Dalton: vapour at the temperature of the room adds its own pressure, m R T/(0.622 V), and its mass."""
    mesh = MeshBuilder(LINE, LINE, LINE).build()
    cells = np.argwhere(mesh.solid == 0)
    air = mesh.volumes().sum() * 101325.0 / (287.05 * 293.15)
    source = CellSource("steam", 1e-3 * air, cells, np.full(len(cells), 1.0 / len(cells)))
    solver = solver_of(mesh, 0.0, 293.15, sources=(source,))
    for _ in range(100):
        solver.advance()
    gained = 1e-3 * solver.time
    assert solver.field(HUMIDITY) == pytest.approx(gained / (1.0 + gained), rel=1e-6)
    p0 = solver.readings()["p0_pa"]["0"]
    assert p0 == pytest.approx(101325.0 * (1.0 + gained / 0.621945), rel=1e-9)
    # the error in time of q is one of p0, which is given back as heat
    assert solver.field("temperature") == pytest.approx(20.0, abs=1e-6)
    # the stages find the growing lift before the pressure does
    assert np.abs(solver.field("velocity")).max() < 1e-6
    (vapour,) = solver.report()["scalars"]
    assert vapour["latent_sources_w"] == pytest.approx(2.501e6 * 1e-3 * air, rel=1e-9)
    # that of q and of the growing mass of the air, of which each has its error in time
    assert vapour["latent_storage_w"] == pytest.approx(vapour["latent_sources_w"], rel=1e-6)


def test_a_humidifier_in_a_sealed_heated_room_closes_both_balances_and_keeps_both_pressures_together():
    """Vapour in one corner, heat in the other: the pressure that follows from the heat stays with that of the mass."""
    room = MeshBuilder(LINE, LINE, LINE)
    room.air_heat("heater", ((LINE[5], LINE[5], 0.0), (LINE[7], LINE[7], LINE[2])), 60.0)
    mesh = room.build()
    cells = np.array([[1, 1, 1], [1, 1, 2]])
    source = CellSource("steam", 2e-5, cells, np.array([0.5, 0.5]))
    solver = solver_of(mesh, 0.012, 293.15, 0.012, sources=(source,))
    volumes = mesh.volumes().ravel()
    mass = solver.field("density").ravel() @ volumes
    for _ in range(150):
        solver.advance()
    balance = solver.report()["balance"]
    assert balance["mass_in_kg_s"] == pytest.approx(2e-5, rel=1e-9)
    assert solver.field("density").ravel() @ volumes == pytest.approx(mass + 2e-5 * solver.time, rel=1e-10)
    assert abs(balance["mass_imbalance_kg_s"]) < 1e-11
    assert abs(balance["heat_imbalance_w"]) < 2e-3 * 60.0
    (vapour,) = solver.report()["scalars"]
    assert abs(vapour["imbalance_kg_s"]) < 1e-4 * 2e-5
    (from_mass,), (from_heat,) = (solver.backend.to_host(array) for array in (
        solver.sealed.pressure, solver.sealed.energy_pressure))  # fmt: skip
    gas, capacity, volume = 287.05 * virtual_temperature(1.0, 0.0121), solver.setup.fluid.heat_capacity, 1.2**3
    heated = gas / (capacity - gas) * 60.0 * solver.time / volume
    moistened = 2e-5 * solver.time * 287.05 / 0.621945 * 293.3 / volume
    assert from_mass - 101325.0 == pytest.approx(heated + moistened, rel=1e-3)
    assert abs(from_mass - from_heat) < 0.02


def test_humidity_does_not_reach_solids():
    """A block in moist air of one temperature keeps it, as the air does: only air has a virtual temperature."""
    room = MeshBuilder(LINE, LINE, LINE)
    room.solid("block", ((LINE[2], LINE[2], 0.0), (LINE[5], LINE[5], LINE[3])), CONCRETE)
    mesh = room.build()
    solver = solver_of(mesh, 0.02, 298.15)
    for _ in range(20):
        solver.advance()
    assert solver.field("temperature") == pytest.approx(25.0, abs=1e-9)
    assert np.all(solver.field(HUMIDITY)[mesh.solid != 0] == 0.0)
