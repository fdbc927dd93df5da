"""Grey enclosures: the network against exact fluxes, shadows, and radiation in the march of air and solids."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.test_solids import AIR, CONCRETE, STEEL, run
from thermo.case import Schedule
from thermo.flow import Setup, Solver
from thermo.flow.radiation.enclosure import closed, exchange_matrix, seen_areas
from thermo.flow.radiation.factors import exchange_areas
from thermo.flow.radiation.surfaces import faces_of, patches_of
from thermo.flow.radiation.visibility import visible_shares
from thermo.flow.setup import STEFAN_BOLTZMANN, Fluid, Scheme, SurfaceRadiation
from thermo.mesh.builder import MeshBuilder, Side

UNIT = np.linspace(0.0, 1.0, 5)


@pytest.fixture(scope="module")
def backend():
    return open_backend("native", "double")


def enclosure(x, y, z, emissivity: float, of_side=(), patches: int = 6):
    mesh = MeshBuilder(np.asarray(x, float), np.asarray(y, float), np.asarray(z, float)).build()
    faces = faces_of(mesh, emissivity, dict(of_side))
    patches = patches_of(mesh, faces, np.zeros(len(faces.cell), int), patches)
    seen = seen_areas(mesh, patches)
    return patches, seen, exchange_matrix(seen, patches.area, patches.emissivity)


def side_of(patches, axis: int, facing: int) -> int:
    (found,) = np.flatnonzero((patches.axis == axis) & (patches.facing == facing))
    return int(found)


def test_patches_cover_the_surfaces():
    mesh = MeshBuilder(np.linspace(0, 3, 13), np.linspace(0, 2, 9), np.linspace(0, 2, 9))
    mesh.solid("rack", ((0.5, 0.5, 0.0), (1.0, 1.5, 1.5)))
    mesh.panel("panel", 2, 1.75, ((1.0, 0.0), (3.0, 1.0)))
    mesh = mesh.build()
    faces = faces_of(mesh, 0.9, {"walls.floor": 0.5})
    patches = patches_of(mesh, faces, np.zeros(len(faces.cell), int), 120)
    assert len(patches.area) <= 120
    extent = np.prod(np.where(np.arange(3) == patches.axis[:, None], 1.0, np.ptp(patches.box, axis=2)), axis=1)
    assert patches.area == pytest.approx(extent), "patches are no rectangles"
    assert patches.area.sum() == pytest.approx(2 * (6 + 6 + 4) - 0.5 + (0.5 + 2 * 0.75 + 2 * 1.5) + 2 * 2.0)
    floor = (faces.axis == 2) & (faces.cell[:, 0] == 0) & (faces.side == -1)
    assert np.all(faces.emissivity == np.where(floor, 0.5, 0.9))
    assert np.all(patches.emissivity[patches.of_face] == faces.emissivity)


def test_square_with_adiabatic_sides():
    """Black hot and cold, floor and ceiling one zone each: q/(s (T_h^4 - T_c^4)) = 1/sqrt(2); the ends are far away."""
    patches, _, exchange = enclosure([0, 1], [0, 1e4], [0, 1], 1.0)
    hot = side_of(patches, 0, 1)
    free = [side_of(patches, 2, 1), side_of(patches, 2, -1), side_of(patches, 1, 1), side_of(patches, 1, -1)]
    emission = np.zeros(6)
    emission[hot] = 1.0
    matrix = exchange - np.diag(exchange.sum(axis=1))
    emission[free] = np.linalg.solve(matrix[np.ix_(free, free)], -matrix[free, hot])
    assert -(matrix @ emission)[hot] / patches.area[hot] == pytest.approx(np.sqrt(0.5), rel=3e-4)


@pytest.mark.parametrize(("hot", "cold", "exact"), [(0.9, 0.9, 0.81818182), (0.5, 0.9, 0.47368421)])
def test_parallel_plates(hot, cold, exact):
    """q/(s (T_h^4 - T_c^4)) = 1/(1/e_1 + 1/e_2 - 1); of plates 2 km wide, 1 m apart."""
    sides = (("walls.floor", hot), ("walls.ceiling", cold))
    patches, _, exchange = enclosure([0, 2e3], [0, 2e3], [0, 1], 1e-6, sides)
    floor, ceiling = side_of(patches, 2, 1), side_of(patches, 2, -1)
    assert exchange[floor, ceiling] / patches.area[floor] == pytest.approx(exact, rel=3e-3)


def test_reciprocity_and_rows():
    patches, seen, exchange = enclosure(UNIT, UNIT, UNIT, 0.8, patches=96)
    assert np.array_equal(exchange, exchange.T)
    assert seen.sum(axis=1) == pytest.approx(patches.area, rel=1e-12)
    assert len(patches.area) == 96
    # whole sides see each other as the cube does
    west, east = (np.flatnonzero((patches.axis == 0) & (patches.facing == facing)) for facing in (1, -1))
    assert seen[np.ix_(west, east)].sum() == pytest.approx(0.199825, abs=1e-6)


def test_rows_are_closed_by_symmetric_factors():
    rng = np.random.default_rng(2)
    areas = rng.uniform(0.1, 1.0, (9, 9))
    areas = areas + areas.T
    np.fill_diagonal(areas, 0.0)
    wanted = rng.uniform(4.0, 6.0, 9)
    found = closed(areas, wanted)
    assert found.sum(axis=1) == pytest.approx(wanted, rel=1e-12)
    assert found == pytest.approx(found.T, rel=1e-15)
    # of the form d_i a_ij d_j
    ratio = found / np.where(areas > 0.0, areas, 1.0)
    assert ratio[0, 1] * ratio[2, 3] == pytest.approx(ratio[0, 3] * ratio[2, 1], rel=1e-9)


def test_shadow_of_a_panel():
    """A panel across the lower half of a cube: exchange of the walls it stands between, against an integration."""
    line = np.linspace(0.0, 1.0, 9)
    room = MeshBuilder(line, line, line)
    room.panel("panel", 0, 0.5, ((0.0, 0.0), (1.0, 0.5)))
    mesh = room.build()
    faces = faces_of(mesh, 1.0, {})
    patches = patches_of(mesh, faces, np.zeros(len(faces.cell), int), 250)
    west, east = (
        np.flatnonzero((patches.axis == 0) & (patches.facing == facing) & (np.abs(patches.box[:, 0, 0] - at) < 1e-9))
        for facing, at in ((1, 0.0), (-1, 1.0))
    )
    one, two = (pairs.ravel() for pairs in np.meshgrid(west, east, indexing="ij"))
    areas = exchange_areas(patches.axis, patches.facing, patches.box, one, two)
    found = (areas * visible_shares(mesh, patches, one, two)).sum()
    points = (np.arange(32) + 0.5) / 32
    low, high = points[:, None, None, None], points[None, :, None, None]  # heights of both ends
    aside = points[None, None, :, None] - points[None, None, None, :]
    square = 1.0 + (low - high) ** 2 + aside**2
    exact = (np.heaviside(low + high - 1.0, 0.5) / (np.pi * square**2)).mean()
    assert found == pytest.approx(exact, rel=0.02)
    seen = seen_areas(mesh, patches)
    assert seen.sum(axis=1) == pytest.approx(patches.area, rel=1e-12)
    assert seen[np.ix_(west, east)].sum() == pytest.approx(exact, rel=0.05)


def test_a_closed_panel_hides_everything():
    room = MeshBuilder(UNIT, UNIT, UNIT)
    room.panel("panel", 0, 0.5)
    mesh = room.build()
    faces = faces_of(mesh, 0.9, {})
    patches = patches_of(mesh, faces, np.zeros(len(faces.cell), int), 40)
    seen = seen_areas(mesh, patches)
    left = (patches.box[:, 0].mean(axis=1) < 0.5) | ((patches.axis == 0) & (patches.box[:, 0, 0] == 0.5)
                                                      & (patches.facing == -1))  # fmt: skip
    assert not seen[np.ix_(left, ~left)].any()


# ------------------------------------------------------------------ in the march


def solver_of(room: MeshBuilder, backend, step=1.0, emissivity=0.9, parts=(1, 1, 1), patches=100, fluid=AIR) -> Solver:
    scheme = Scheme(time_step=step, solid_step_max=10.0)
    radiation = SurfaceRadiation(emissivity, patches=patches)
    return Solver(room.build(), Setup(fluid, scheme, gravity=0.0, radiation=radiation), backend, parts)


def furnished(sides=None) -> MeshBuilder:
    """A box with an adiabatic rack, a conducting block and a panel."""
    line = np.linspace(0.0, 2.0, 9)
    room = MeshBuilder(line, line, line, sides)
    room.solid("rack", ((0.5, 0.5, 0.0), (1.0, 1.0, 1.0)))
    room.solid("block", ((1.25, 0.5, 0.0), (1.5, 1.5, 0.5)), CONCRETE)
    room.panel("panel", 2, 1.5, ((0.0, 0.0), (1.0, 2.0)))
    return room


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
def test_heat_is_conserved(backend, parts):
    """A closed room with a hot block: what the block loses by radiation and conduction is in the air, to round-off."""
    solver = solver_of(furnished(), backend, parts=parts)
    solver.initialise(lambda x, y, z: 295.0 + np.where((x > 1.25) & (x < 1.5) & (z < 0.5), 40.0, 0.0) + 0.0 * y)
    assert abs(solver.solids.radiation.heat_of_faces().sum()) < 1e-12 * np.abs(
        solver.solids.radiation.heat_of_faces()
    ).sum()

    def air() -> float:
        inside = solver.mesh.solid == 0
        theta = (solver.field("temperature") - 20.0)[inside]
        return float(1.2 * AIR.heat_capacity * (solver.mesh.volumes()[inside] * theta).sum())

    # what the nodes absorb in the running interval is theirs at its end
    def nodes() -> float:
        return solver.solids.heat() + solver.solids.elapsed * backend.to_host(solver.solids.absorbed).sum()

    before, in_air = air() + nodes(), air()
    for _ in range(35):
        solver.advance()
        assert air() + nodes() == pytest.approx(before, rel=1e-12)
    assert air() - in_air > 2e3, "the air is not warmed by radiation"


def test_isothermal_room_exchanges_nothing(backend):
    solver = solver_of(furnished({"west": Side(thermal=("temperature", 300.0))}), backend)
    solver.initialise(300.0)
    run(solver, 20.0)
    assert np.abs(solver.solids.radiation.heat_of_faces()).max() < 1e-9
    assert solver.field("temperature") == pytest.approx(26.85, abs=1e-9)


def test_radiative_equilibrium_of_adiabatic_sides(backend):
    """Hot and cold sides, the others adiabatic, air that hardly conducts: flux and temperatures of the network."""
    still = Fluid(model="boussinesq", density=1.2, conductivity=1e-6)
    sides = {"west": Side(thermal=("temperature", 350.0)), "east": Side(thermal=("temperature", 290.0))}
    solver = solver_of(MeshBuilder(UNIT, UNIT, UNIT, sides), backend, emissivity=0.8, fluid=still, patches=96)
    solver.initialise(320.0)
    radiation = solver.solids.radiation
    run(solver, 100.0)
    surfaces = radiation.surfaces
    matrix = surfaces.exchange - np.diag(surfaces.exchange.sum(axis=1))
    west, east = (surfaces.patches.axis == 0) & (surfaces.patches.facing == 1), (surfaces.patches.axis == 0) & (
        surfaces.patches.facing == -1
    )
    free = ~(west | east)
    emission = STEFAN_BOLTZMANN * np.where(west, 350.0**4, 290.0**4)
    known = matrix[np.ix_(free, ~free)] @ emission[~free]
    emission[free] = np.linalg.solve(matrix[np.ix_(free, free)], -known)
    heat = np.bincount(surfaces.patches.of_face, radiation.heat_of_faces())
    assert heat[west].sum() == pytest.approx((matrix @ emission)[west].sum(), rel=1e-4)
    found = radiation.temperatures()
    assert found == pytest.approx((emission / STEFAN_BOLTZMANN)[surfaces.patches.of_face] ** 0.25, abs=0.02)


def test_steel_sheets_come_to_one_temperature(backend):
    """Two sheets of steel face to face: their difference decays by the linear exchange of two grey plates."""
    still = Fluid(model="boussinesq", density=1.2, conductivity=1e-6)
    room = MeshBuilder(np.array([0.0, 0.002, 0.5, 0.502]), np.linspace(0.0, 200.0, 5), np.linspace(0.0, 200.0, 5))
    room.solid("low", ((0.0, 0.0, 0.0), (0.002, 200.0, 200.0)), STEEL)
    room.solid("high", ((0.5, 0.0, 0.0), (0.502, 200.0, 200.0)), STEEL)
    solver = solver_of(room, backend, step=5.0, fluid=still, patches=20)
    solver.initialise(lambda x, y, z: 300.0 + np.where(x > 0.25, 10.0, 0.0) + 0.0 * (y + z))
    run(solver, 1500.0)
    theta = solver.backend.to_host(solver.solids.theta)
    exchange = 1.0 / (2.0 / 0.9 - 1.0) * 4.0 * STEFAN_BOLTZMANN * 305.0**3
    rate = 2.0 * exchange / (7850.0 * 480.0 * 0.002)
    assert np.ptp(theta) == pytest.approx(10.0 * np.exp(-rate * 1500.0), rel=0.02)


def test_state_continues_bit_by_bit(backend):
    def steps(solver, count):
        for _ in range(count):
            solver.advance()

    begin = lambda x, y, z: 295.0 + 9.0 * z + 4.0 * np.sin(3.0 * x) + 0.0 * y  # noqa: E731
    whole = solver_of(furnished(), backend, step=3.0)
    whole.initialise(begin)
    steps(whole, 5)
    state = whole.state()
    steps(whole, 9)
    again = solver_of(furnished(), backend, step=3.0)
    again.restore(state)
    steps(again, 9)
    assert np.array_equal(whole.field("temperature"), again.field("temperature"))
    states = whole.state(), again.state()
    for name in whole.solids.arrays():
        assert np.array_equal(*(state[f"shared.{name}"] for state in states)), name


def test_periodic_sides_are_refused(backend):
    with pytest.raises(ValueError, match="periodic"):
        solver_of(MeshBuilder(UNIT, UNIT, UNIT, {"west": "periodic", "east": "periodic"}), backend)


def lamp(room: MeshBuilder, power=600.0, radiant_fraction=0.3) -> MeshBuilder:
    room.air_heat("sources.lamp", ((1.25, 1.25, 1.0), (1.75, 1.75, 1.25)), power, radiant_fraction)
    return room


def test_what_a_source_radiates_arrives_as_by_its_solid_angles(backend):
    """From the middle of a cube a sixth to each black wall, all to grey ones; past a closed panel nothing."""
    line = np.linspace(0.0, 1.0, 6)
    room = MeshBuilder(line, line, line)
    room.air_heat("sources.lamp", ((0.4, 0.4, 0.4), (0.6, 0.6, 0.6)), 100.0, 0.5)
    assert solver_of(room, backend, emissivity=0.4).boundaries.surfaces.direct[0].sum() == pytest.approx(0.5, rel=1e-12)
    surfaces = solver_of(room, backend, emissivity=1.0).boundaries.surfaces
    (share,) = surfaces.direct
    for axis in range(3):
        for facing in (1, -1):
            side = (surfaces.patches.axis == axis) & (surfaces.patches.facing == facing)
            assert share[side].sum() == pytest.approx(0.5 / 6.0, rel=1e-9)
    room.panel("panel", 2, 0.2)
    surfaces = solver_of(room, backend, emissivity=1.0).boundaries.surfaces
    below = surfaces.patches.box[:, 2].max(axis=1) < 0.2 + 1e-9
    below &= ~((surfaces.patches.axis == 2) & (surfaces.patches.facing == 1) & (surfaces.patches.box[:, 2, 0] > 0.1))
    assert below.any() and np.abs(surfaces.direct[0][below]).max() == 0.0


def test_shadow_from_a_point(backend):
    """A panel over half a cube's section: what a lamp above it sends to the floor, against an integration."""
    line = np.linspace(0.0, 1.0, 11)
    room = MeshBuilder(line, line, line)
    room.panel("panel", 2, 0.5, ((0.0, 0.0), (0.5, 1.0)))
    room.air_heat("sources.lamp", ((0.5, 0.5, 0.9), (0.6, 0.6, 1.0)), 1.0, 1.0)
    surfaces = solver_of(room, backend, emissivity=1.0, patches=1200).boundaries.surfaces
    floor = (surfaces.patches.axis == 2) & (surfaces.patches.box[:, 2, 0] == 0.0)
    x, y = np.meshgrid(*[(np.arange(400) + 0.5) / 400] * 2)
    away = np.stack([x - 0.55, y - 0.55, np.full_like(x, -0.95)])
    square = (away**2).sum(axis=0)
    lit = 0.55 + away[0] * 0.45 / 0.95 > 0.5  # where the ray passes the height of the panel
    exact = (lit * 0.95 / square**1.5).mean() / (4.0 * np.pi)
    assert surfaces.direct[0][floor].sum() == pytest.approx(exact, rel=0.02)


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
@pytest.mark.parametrize("power", [600.0, Schedule((0.0, 5.0, 60.0), (0.0, 900.0, 900.0))])
def test_heat_of_a_radiating_source_is_conserved(backend, parts, power):
    """Air and solids of a closed room gain what the source gives, whichever way it goes."""
    solver = solver_of(lamp(furnished(), power), backend, parts=parts)
    solver.initialise(295.0)

    def heat() -> float:
        inside = solver.mesh.solid == 0
        theta = (solver.field("temperature") - 20.0)[inside]
        air = float(1.2 * AIR.heat_capacity * (solver.mesh.volumes()[inside] * theta).sum())
        waiting = solver.solids.elapsed * backend.to_host(solver.solids.absorbed).sum()
        return air + float(solver.solids.heat() + waiting)

    before = heat()
    if not isinstance(power, float):
        # while its power rises, the surfaces are given that of the middle of each of their own steps
        run(solver, 8.0)
        start, before = solver.time, heat()
        run(solver, 20.0)
        assert heat() - before == pytest.approx(900.0 * (solver.time - start), rel=1e-9)
        return
    run(solver, 15.0)
    assert heat() - before == pytest.approx(600.0 * solver.time, rel=1e-9)
    given = float(solver.solids.radiation.heat_of_faces().sum())
    assert given == pytest.approx(0.3 * 600.0, rel=1e-10)
