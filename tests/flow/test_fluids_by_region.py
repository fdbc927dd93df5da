"""Two fluids in one run, each in regions of its own: air of a room and a liquid in a tank."""

from dataclasses import replace

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.test_liquids import fluid_of
from thermo.case import Schedule
from thermo.flow import Setup, Solver
from thermo.flow.setup import Fluid, Scheme, SurfaceRadiation
from thermo.flow.turbulence import K_EPSILON, LES, SST
from thermo.mesh.builder import MeshBuilder, MeshError, Side
from thermo.mesh.mesh import Material

STEEL = Material("steel", conductivity=15.0, density=7900.0, heat_capacity=480.0)
AIR = Fluid(sutherland=(1.716e-5, 273.15, 110.4), viscosity=1.716e-5)
OIL = replace(fluid_of("mineral_oil"), still_temperature=310.0)
TIGHT = {"tolerance": 1e-12, "relative_tolerance": 1e-12}
COLD, HOT = Side(thermal=("temperature", 293.15)), Side(thermal=("temperature", 313.15))
LINES = np.linspace(0.0, 0.2, 9)


def compartments(material=STEEL, gap: float = 0.0) -> MeshBuilder:
    """Air, a wall of two cells, oil, along x; gap: height above which the wall leaves the compartments joined, m."""
    room = MeshBuilder(np.linspace(0.0, 0.45, 19), LINES, LINES, {"west": COLD, "east": HOT})
    room.solid("wall", ((0.2, 0.0, 0.0), (0.25, 0.2, 0.2 - gap)), material)
    room.liquid("tank", ((0.25, 0.0, 0.0), (0.45, 0.2, 0.2)))
    return room


def setup(gravity: float = -9.81, air: Fluid = AIR, **scheme) -> Setup:
    return Setup(air, Scheme(**(TIGHT | scheme)), gravity, liquids={"tank": OIL})


def test_conduction_through_air_a_wall_and_oil_is_exact():
    """Resistances in series; the exact profile stays, and each wall gives the exact flux."""
    solver = Solver(compartments().build(), setup(0.0, Fluid(), time_step_max=5.0), open_backend("native", "double"))
    resistances = np.array([0.2 / 0.0257, 0.05 / 15.0, 0.2 / OIL.conductivity])
    flux = 20.0 / resistances.sum()
    profile = 293.15 + flux * np.append(0.0, np.cumsum(resistances))
    start = lambda x, y, z: np.interp(x, [0.0, 0.2, 0.25, 0.45], profile) + 0.0 * (y + z)  # noqa: E731
    solver.initialise(start)
    heat = np.zeros(2)
    for _ in range(60):
        solver.advance(np.inf)
    found = solver.field("temperature")[3, 3] + 273.15
    assert found == pytest.approx(start(solver.mesh.x.centres, 0.0, 0.0), abs=1e-6)
    rows = solver.boundaries.lists[0].host["fluid_heat"]
    given = solver.ledger.row_heat()
    at_wall = np.isin(np.arange(len(rows["cell"])), np.searchsorted(rows["cell"], rows["entry_cell"]))
    assert at_wall.all()
    k, rest = np.divmod(rows["cell"], solver.parts[0].extent.sz)
    i = rest % solver.parts[0].extent.sy - 2
    heat = np.array([given[i == 0].sum(), given[i == len(solver.mesh.x.centres) - 1].sum()])
    assert heat == pytest.approx([-flux * 0.04, flux * 0.04], rel=1e-6)
    assert abs(solver.report()["balance"]["heat_imbalance_w"]) < 1e-9


@pytest.mark.parametrize("model", ["low_mach", "boussinesq"])
def test_convection_of_each_is_that_of_its_fluid_alone(model):
    """An adiabatic wall between them: as if the other were not there."""
    backend, steps = open_backend("native", "double"), 60
    air = replace(AIR, model=model)
    both = Solver(compartments(Material("adiabatic")).build(), setup(air=air, time_step=0.1), backend)
    tilted = lambda x, y, z: 300.0 + 5.0 * np.sin(9.0 * x) * np.cos(8.0 * z) + 0.0 * y  # noqa: E731
    alone = {}
    for fluid, x, sides in ((air, LINES, {"west": COLD}), (OIL, 0.25 + LINES, {"east": HOT})):
        room = MeshBuilder(x, LINES, LINES, sides).build()
        alone[fluid.model, len(alone)] = Solver(room, Setup(fluid, Scheme(time_step=0.1, **TIGHT)), backend)
    for solver in (both, *alone.values()):
        solver.initialise(tilted)
        for _ in range(steps):
            solver.advance(np.inf)
    for solver, cells in zip(alone.values(), (slice(0, 8), slice(10, 18)), strict=True):
        for name, scale in (("velocity", 1.0), ("temperature", 20.0)):
            found, expected = both.field(name)[:, :, cells], solver.field(name)
            assert np.abs(found - expected).max() < 1e-9 * scale, name
        assert np.abs(solver.field("velocity")).max() > 1e-3


def immersed(turbulence=None, radiation=None) -> tuple:
    """A room of air with a tank of oil, bare at its top, that a heater warms and a pump moves."""
    x, y, z = np.linspace(0.0, 1.6, 17), np.linspace(0.0, 0.8, 9), np.linspace(0.0, 1.2, 13)
    room = MeshBuilder(x, y, z)
    for low, high in (((0.4, 0.2, 0.0), (0.5, 0.6, 0.6)), ((1.1, 0.2, 0.0), (1.2, 0.6, 0.6)),
                      ((0.5, 0.2, 0.0), (1.1, 0.3, 0.6)), ((0.5, 0.5, 0.0), (1.1, 0.6, 0.6))):  # fmt: skip
        room.solid("tank wall", (low, high), STEEL)
    room.liquid("liquids.tank", ((0.5, 0.3, 0.0), (1.1, 0.5, 0.5)))
    room.air_heat("servers", ((0.6, 0.3, 0.1), (0.8, 0.5, 0.3)), 200.0)
    inlet = room.side_port("inlet", "floor", ((0.5, 0.3), (0.7, 0.5)))
    outlet = room.side_port("outlet", "floor", ((0.9, 0.3), (1.1, 0.5)))
    room.supply("cold oil", inlet, 0.05, 300.0, "mass")
    room.extract("warm oil", outlet, 0.05, "mass")
    supply = room.side_port("diffuser", "west", ((0.2, 0.6), (0.6, 1.0)))
    room.supply("air", supply, 0.05, 291.0)
    room.opening("louvre", "east", ((0.2, 0.8), (0.6, 1.2)), loss_in=1.0, loss_out=1.0, temperature=293.15)
    setting = Setup(
        Fluid(), Scheme(**TIGHT, time_step=0.05), turbulence=turbulence, radiation=radiation,
        liquids={"liquids.tank": replace(OIL, still_temperature=300.0)},
    )  # fmt: skip
    return room.build(), setting


def start_of(x, y, z):
    inside = (x > 0.4) & (x < 1.2) & (y > 0.2) & (y < 0.6) & (z < 0.6)
    return np.where(inside, 300.0, 293.15) + 0.3 * z


@pytest.mark.parametrize("turbulence", [None, LES, K_EPSILON, SST])
def test_heat_of_a_tank_in_a_room_balances(turbulence):
    mesh, setting = immersed(turbulence)
    solver = Solver(mesh, setting, open_backend("native", "double"))
    solver.initialise(start_of)
    for _ in range(40):
        solver.advance(np.inf)
    balance = solver.report()["balance"]
    assert abs(balance["heat_imbalance_w"]) < 2e-3 * 200.0
    assert abs(balance["mass_imbalance_kg_s"]) < 1e-5
    (oil,) = (device for device in solver.report()["devices"] if device["name"] == "cold oil")
    assert oil["flow_m3_s"] == pytest.approx(0.05 / OIL.density, rel=1e-12)
    density = solver.field("density")
    assert np.all(density[mesh.in_liquid] == OIL.density)
    surface = next(wall for wall in mesh.walls if wall.patch.name == "liquids.tank.surface")
    assert surface.patch.mesh_area == pytest.approx(0.12)
    assert np.abs(solver.field("velocity")[mesh.in_liquid]).max() > 1e-3
    # no model of the air acts in the liquid: its viscosity is that of its temperature
    mu = solver.decomposition.gather([solver.backend.to_host(part.mu) for part in solver.parts])[mesh.in_liquid]
    warm = solver.field("temperature")[mesh.in_liquid] + 273.15
    assert mu == pytest.approx([OIL.fitted_viscosity(kelvin) for kelvin in warm], rel=1e-2)  # it is half a step older


@pytest.mark.parametrize("turbulence", [None, K_EPSILON])
def test_a_resumed_run_goes_on_bit_by_bit(turbulence):
    mesh, setting = immersed(turbulence)
    backend = open_backend("native", "single")
    straight, first, second = (Solver(mesh, setting, backend) for _ in range(3))
    for solver in (straight, first):
        solver.initialise(start_of)
        for _ in range(10 if solver is straight else 4):
            solver.advance(np.inf)
    second.restore(first.state())
    for _ in range(6):
        second.advance(np.inf)
    expected, found = straight.state(), second.state()
    assert all(np.array_equal(expected[name], found[name]) for name in expected)


@pytest.mark.parametrize("turbulence", [None, K_EPSILON])
def test_subdomains_find_the_same(turbulence):
    mesh, setting = immersed(turbulence)
    backend = open_backend("native", "double")
    fields = []
    for parts in ((1, 1, 1), (2, 1, 2)):
        solver = Solver(mesh, setting, backend, parts)
        solver.initialise(start_of)
        for _ in range(10):
            solver.advance(np.inf)
        fields.append([solver.field(name) for name in ("temperature", "velocity", "pressure")])
    for one, many in zip(*fields, strict=True):
        assert np.abs(one - many).max() <= 1e-8 * np.abs(one).max()


@pytest.mark.parametrize("hot", [0.0, 8.0])
def test_films_of_a_liquid_are_those_of_natural_convection(hot):
    """Nu = C Ra^(1/3) with the properties of the liquid; conduction over half a cell where nothing rises."""
    sides = {"east": Side(thermal=("temperature", 310.0 + hot)), "ceiling": Side(thermal=("temperature", 310.0 + hot))}
    room = MeshBuilder(np.linspace(0.0, 0.4, 5), np.linspace(0.0, 0.4, 5), np.linspace(0.0, 0.4, 5), sides)
    room.panel("shell", 0, 0.2)
    room.liquid("tank", ((0.2, 0.0, 0.0), (0.4, 0.4, 0.4)))
    solver = Solver(room.build(), replace(setup(), turbulence=K_EPSILON), open_backend("native", "double"))
    solver.initialise(310.0)
    rows, area = solver.boundaries.lists[0].host["fluid_heat"], 0.01
    films = solver.backend.to_host(solver.boundaries.joint_links["film"])
    wet = solver.fluids.liquid[solver.parts[0].labels.ravel()[rows["entry_cell"]]]
    mu, k = OIL.fitted_viscosity(310.0), OIL.conductivity
    prandtl = mu * OIL.heat_capacity / k
    rayleigh = 9.81 * OIL.expansion * hot * OIL.density**2 * OIL.heat_capacity / (mu * k)  # over the cube of the length
    constant = (0.387 / (1.0 + (0.492 / prandtl) ** (9 / 16)) ** (8 / 27)) ** 2
    beside = max(k / 0.05, constant * k * rayleigh ** (1 / 3))
    assert films[wet & (rows["normal"] == 0)] == pytest.approx(beside * area, rel=2e-3)  # C at the viscosity of 40 degC
    assert films[wet & (rows["normal"] == 2)] == pytest.approx(k / 0.05 * area, rel=1e-9)
    assert hot == 0.0 or beside > 10.0 * k / 0.05


def test_the_surface_of_a_warm_bath_gives_its_heat_through_both_films():
    mesh, setting = immersed(K_EPSILON)
    solver = Solver(mesh, setting, open_backend("native", "double"))
    solver.initialise(lambda x, y, z: np.where(z < 0.5, 320.0, 293.0) + 0.0 * (x + y))
    solver.advance(np.inf)
    lines = {line["name"]: line for line in solver.report()["surfaces"]}
    air, oil = lines["liquids.tank.surface"], lines["liquids.tank.surface in liquids.tank"]
    assert air["heat_to_air_w"] == pytest.approx(-oil["heat_to_air_w"], rel=1e-9)
    assert air["temperature_mean_c"] == pytest.approx(oil["temperature_mean_c"], abs=1e-6)
    # Lloyd & Moran's film of air alone, 0.15 k (g dT / (T nu alpha))^(1/3), less what the oil's film takes
    alone = 0.15 * 0.0257 * (9.81 * 27.0 / 293.0 / (1.51e-5 * 2.12e-5)) ** (1 / 3)
    found = air["heat_to_air_w"] / air["area_m2"] / 27.0
    assert 0.8 * alone < found < alone


def test_a_bare_surface_radiates_at_the_temperature_of_its_liquid():
    """A bath under a cold ceiling as large as itself, insulated sides: two black plates, and what the ceiling loses."""
    lines = np.linspace(0.0, 0.4, 5)
    room = MeshBuilder(lines, lines, lines, {"ceiling": Side(thermal=("temperature", 290.0))})
    room.liquid("tank", ((0.0, 0.0, 0.0), (0.4, 0.4, 0.2)))
    mesh = room.build()
    solver = Solver(mesh, replace(setup(), radiation=SurfaceRadiation(1.0)), open_backend("native", "double"))
    solver.initialise(lambda x, y, z: np.where(z < 0.2, 330.0, 300.0) + 0.0 * (x + y))
    radiation = solver.solids.radiation
    faces, heat = radiation.surfaces.faces, radiation.heat_of_faces()
    surface = (faces.axis == 2) & (faces.side < 0)
    assert surface.sum() == 16 and not mesh.in_liquid[tuple(faces.cell.T)].any()
    # the sides, of the air's temperature but for what they give out again, take part of it
    black = 5.670374419e-8 * (330.0**4 - 290.0**4) * 0.16
    assert -black < heat[surface].sum() < -0.5 * black
    assert heat.sum() == pytest.approx(0.0, abs=1e-9 * black)
    assert radiation.temperatures()[surface] == pytest.approx(330.0, abs=0.5)
    for _ in range(20):
        solver.advance(np.inf)
    assert abs(solver.report()["balance"]["heat_imbalance_w"]) < 1e-6 * black


def test_a_vent_that_shuts_closes_the_room_and_not_the_tank():
    """The cold and the hot wall change the pressure of the air alone."""
    room = compartments()
    vent = Schedule((0.0, 0.4, 0.5), (1.0, 1.0, 0.0))
    room.opening("vent", "west", ((0.0, 0.1), (0.1, 0.2)), loss_in=1.0, loss_out=1.0, temperature=293.15, state=vent)
    solver = Solver(room.build(), setup(time_step=0.05), open_backend("native", "double"))
    solver.initialise(300.0)
    pressures = []
    for _ in range(40):
        solver.advance(np.inf)
        pressures.append(solver.backend.to_host(solver.sealed.pressure).copy())
    air, oil = np.transpose(pressures)
    assert np.all(oil == AIR.pressure)
    assert np.all(air[:8] == AIR.pressure) and air[-1] < air[15] < AIR.pressure - 0.1
    assert abs(solver.report()["balance"]["heat_imbalance_w"]) < 0.02


def test_an_open_path_between_two_fluids_is_refused_with_its_place():
    with pytest.raises(MeshError, match=r"tank.*open path.*air.*x, y, z = 0\.25, 0\.0125, 0\.1\d+ m"):
        compartments(gap=0.05).build()


def test_what_would_join_fluids_is_refused():
    room = compartments()
    room.opening("louvre", "east", ((0.0, 0.0), (0.1, 0.1)), loss_in=1.0, loss_out=1.0, temperature=293.15)
    with pytest.raises(MeshError, match="louvre.*cannot lie in a liquid"):
        room.build()
    with pytest.raises(ValueError, match="no liquid tank"):
        Solver(compartments().build(), Setup(AIR), open_backend("native", "double"))
