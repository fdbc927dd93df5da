"""Transported scalars: uniform stays uniform, nothing is lost, bounds, orders, exact solutions, continuation, parts."""

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import TIGHT, hall, warm_layers
from thermo.flow import Setup, Solver
from thermo.flow.scalars import CellSource, TransportedScalar, WallValue
from thermo.flow.scalars.block import ScalarBlock
from thermo.flow.setup import Fluid, Scheme
from thermo.mesh.builder import MeshBuilder, Side, box_mesh
from thermo.mesh.patch import FacePatch

UNIFORM = TransportedScalar("uniform", diffusivity=2e-3, initial=0.37, entering=0.37)
SOURCE = CellSource("leak", 0.05, np.array([[2, 6, 5], [3, 6, 5]]), np.array([0.25, 0.75]))


def waves(x, y, z):
    """An initial scalar between 0 and 1 that varies along every axis."""
    return 0.5 + 0.5 * np.sin(3.0 * x) * np.cos(2.0 * y) * np.cos(z)


def everything(mesh) -> TransportedScalar:
    """A scalar with every kind of source and boundary."""
    return TransportedScalar(
        "tracer", diffusivity=1e-2, initial=waves, source=0.01, decay=0.1, entering=1.0,
        outside={"door": 0.2} if mesh.openings else {}, discharged={"B": 0.4}, gains={"A": 0.01}, sources=(SOURCE,),
        walls=(WallValue(mesh.exchanges[0].intake, 0.3),),
    )  # fmt: skip


def solver_with(*scalars, mesh, precision="double", parts=(1, 1, 1), model="boussinesq", **scheme) -> Solver:
    fluid = Fluid(model=model, viscosity=2e-3, conductivity=2.0)
    setup = Setup(fluid, Scheme(**({"time_step": 0.05} | TIGHT | scheme)), scalars=scalars)
    solver = Solver(mesh, setup, open_backend("native", precision), parts)
    solver.initialise(warm_layers)
    return solver


def march(solver: Solver, steps: int) -> Solver:
    for _ in range(steps):
        solver.advance()
    return solver


@pytest.mark.parametrize(
    ("kind", "model", "parts"),
    [("walls", "low_mach", (1, 1, 1)), ("walls", "boussinesq", (2, 1, 1)), ("sealed", "low_mach", (1, 1, 1)),
     ("periodic", "low_mach", (1, 2, 1))],
)  # fmt: skip
def test_uniform_stays_uniform(kind, model, parts):
    """Racks, supply, extract, openings, solids, resisting faces, expanding air, and a loose pressure solution."""
    mesh = hall(periodic=kind == "periodic", sealed=kind == "sealed")
    solver = solver_with(UNIFORM, mesh=mesh, model=model, parts=parts, tolerance=1e-2, relative_tolerance=1e-1)
    march(solver, 40)
    found = solver.field("uniform")
    assert np.all(found[mesh.solid != 0] == 0.0)
    assert found[mesh.solid == 0] == pytest.approx(0.37, abs=1e-14)


@pytest.mark.parametrize(("model", "least"), [("boussinesq", 1e-12), ("low_mach", 3e-5)])
def test_ledger_closes(model, least):
    """To round-off where the density is constant; else to the error in time of the density."""
    mesh = hall()
    solver = march(solver_with(everything(mesh), mesh=mesh, model=model), 60)
    solver.start_average()
    march(solver, 60)
    (found,) = solver.report()["scalars"]
    terms = {key: abs(value) for key, value in found.items() if key.endswith("kg_s") and key != "imbalance_kg_s"}
    assert min(terms.values()) > 1e-3, "every term takes part"
    assert abs(found["imbalance_kg_s"]) < least * max(terms.values())
    assert found["mean"] == pytest.approx(np.average(solver.field("tracer")[mesh.solid == 0], weights=air_mass(solver)))


def air_mass(solver) -> np.ndarray:
    air = solver.mesh.solid == 0
    return solver.mesh.volumes()[air] * solver.field("density")[air]


@pytest.mark.parametrize("precision", ["single", "double"])
def test_stays_within_its_bounds_at_the_default_courant_number(precision):
    """Noise of 0 and 1 stirred by a lid, on a stretched grid with a solid and a panel, without diffusion."""
    line = np.concatenate([[0.0], np.cumsum(1.12 ** np.arange(14))])
    line /= line[-1]
    room = MeshBuilder(line, line, line[-1] - line[::-1], {"ceiling": Side("moving", (1.0, 0.6, 0.0))})
    room.solid("block", ((line[3], line[2], 0.0), (line[6], line[5], room.axes[2].faces[4])))
    room.panel("panel", 2, room.axes[2].faces[9], ((line[4], line[5]), (line[11], line[12])))
    mesh = room.build()
    noise = np.random.default_rng(3).random((18, 18, 18)) > 0.5
    tracer = TransportedScalar("noise", initial=lambda x, y, z: noise.astype(float))
    setup = Setup(Fluid("boussinesq", viscosity=1e-4, conductivity=0.1), Scheme(), 0.0, scalars=(tracer,))
    solver = Solver(mesh, setup, open_backend("native", precision))
    solver.initialise(velocity=(lambda x, y, z: np.sin(9 * y) * np.cos(7 * z) + 0 * x, 0.0, 0.0))
    air = mesh.solid == 0
    excess = 0.0
    for _ in range(150):
        solver.advance()
        found = solver.field("noise")[air].astype(float)
        excess = max(excess, found.max() - 1.0, -found.min())
    assert solver.courant > 0.9
    assert found.std() < 0.4, "it was stirred"
    assert excess <= 4.0 * np.finfo(solver.backend.real).eps


def orders(errors) -> list[float]:
    return [float(np.log2(a / b)) for a, b in zip(errors, errors[1:], strict=False)]


def translation_errors(limiter: str) -> list[float]:
    """A wave carried once around a periodic square on a diagonal by a uniform flow; the step follows the grid."""
    errors = []
    sides = dict.fromkeys(("west", "east", "south", "north"), "periodic")
    diffusivity = 2e-3
    for n in (16, 32, 64):
        line = np.linspace(0.0, 1.0, n + 1)
        mesh = box_mesh(line, line, [0.0, 1.0], floor=Side("free_slip"), ceiling=Side("free_slip"), **sides)
        fluid = Fluid("boussinesq", viscosity=0.0, conductivity=0.0, density=1.0)
        tracer = TransportedScalar(
            "wave", diffusivity=diffusivity,
            initial=lambda x, y, z: np.sin(2 * np.pi * x) * np.cos(2 * np.pi * y) + 0 * z,
        )  # fmt: skip
        scheme = Scheme(limiter, time_step=0.25 / n, **TIGHT)
        solver = Solver(mesh, Setup(fluid, scheme, 0.0, scalars=(tracer,)), open_backend("native", "double"))
        solver.initialise(velocity=(1.0, 1.0, 0.0))
        exact = solver.field("wave") * np.exp(-8 * np.pi**2 * diffusivity)
        while solver.time < 1.0 - 1e-9:
            solver.advance(1.0)
        error = solver.field("wave") - exact
        errors.append(np.sqrt((error**2).mean()) if limiter == "off" else np.abs(error).mean())
    return errors


def test_order_without_limiter_is_two():
    assert min(orders(translation_errors("off"))) > 1.9


def test_order_with_limiter():
    assert orders(translation_errors("koren"))[-1] > 1.7


def test_follows_the_temperature():
    """In an adiabatic box at constant density both obey one equation, in the same stages."""
    line = np.linspace(0.0, 1.0, 17)
    mesh = box_mesh(line, line, line[:9], ceiling=Side("moving", (1.0, 0.3, 0.0)))
    fluid = Fluid("boussinesq", viscosity=5e-3, conductivity=2.0)

    def warm(x, y, z):
        return np.sin(4 * x) * np.cos(3 * y) + z

    tracer = TransportedScalar("theta", diffusivity=2.0 / fluid.heat_capacity, initial=warm)
    setup = Setup(fluid, Scheme(time_step=0.02, **TIGHT), 0.0, scalars=(tracer,))
    solver = Solver(mesh, setup, open_backend("native", "double"))
    solver.initialise(lambda x, y, z: 293.15 + warm(x, y, z))
    march(solver, 30)
    theta = solver.field("temperature") - 20.0
    assert np.abs(theta - warm(*np.meshgrid(*[a.centres for a in mesh.axes], indexing="ij")).T).max() > 0.1
    assert np.abs(solver.field("theta") - theta).max() < 1e-11


def slab(values: tuple[float, float]):
    """A slab of still air between two walls of given value, along x."""
    x = np.concatenate([[0.0], np.cumsum([1.0, 1.5, 2.0, 1.2, 0.8])]) * 0.1
    mesh = box_mesh(x, [0.0, 1.0], [0.0, 1.0])
    n = mesh.x.n
    ends = [FacePatch(name, 0, np.array([[0, 0, i]], np.int32), np.ones(1), inward, 1.0)
            for name, i, inward in (("low", 0, 1), ("high", n, -1))]  # fmt: skip
    return mesh, tuple(WallValue(patch, value) for patch, value in zip(ends, values, strict=True))


@pytest.mark.parametrize("eddy", [None, 0.35])
def test_diffusion_between_walls_is_linear(eddy):
    """Exact for the straight line on any grid. A uniform eddy viscosity adds to the air what the walls have alone."""
    mesh, walls = slab((0.2, 1.4))
    gamma = 0.5
    scalar = TransportedScalar("s", diffusivity=gamma, turbulent_schmidt=0.7, initial=0.7, walls=walls)
    solver = Solver(
        mesh, Setup(Fluid("boussinesq", density=1.0), Scheme(time_step=2e-3), 0.0, scalars=(scalar,)),
        open_backend("native", "double"),
    )  # fmt: skip
    if eddy is not None:
        viscosity = solver.setup.fluid.viscosity + eddy
        fields = [solver.backend.array(np.full(part.extent.shape, viscosity)) for part in solver.parts]
        solver.transported = ScalarBlock(
            solver.backend, mesh, solver.setup, solver.parts, solver.boundaries, solver._bind, solver._exchange,
            solver.ledger.faces, (scalar,), fields,
        )  # fmt: skip
        solver._bind_steps()
    solver.initialise()
    march(solver, 3000)
    # resistances in series: half cells at the walls by the molecular part, the rest by both
    inner = gamma if eddy is None else gamma + eddy / 0.7
    widths, centres = mesh.x.widths, mesh.x.centres
    ends = 0.5 * (widths[0] + widths[-1]) / gamma
    flux = 1.2 / (ends + (centres[-1] - centres[0]) / inner)
    exact = 0.2 + flux * (0.5 * widths[0] / gamma + (centres - centres[0]) / inner)
    assert solver.field("s")[0, 0] == pytest.approx(exact, rel=1e-9)


def test_sink_is_positive_and_its_steady_state_does_not_depend_on_the_step():
    """ds/dt = P - L s by fields, with L dt = 0.05 and 50; decay of smoke against exp(-t/tau)."""
    mesh, _ = slab((0.0, 0.0))
    for step in (1e-3, 1.0):
        reacting = TransportedScalar("k", initial=5.0, reacting=True)
        smoke = TransportedScalar("smoke", initial=1.0, decay=0.02)
        setup = Setup(Fluid("boussinesq"), Scheme(time_step=step), 0.0, scalars=(reacting, smoke))
        solver = Solver(mesh, setup, open_backend("native", "double"))
        production, loss = solver.transported.reaction("k", 0)
        solver.backend.upload(production, np.full(production.shape, 30.0))
        solver.backend.upload(loss, np.full(loss.shape, 50.0))
        solver.initialise()
        least = np.inf
        for _ in range(400):
            solver.advance()
            least = min(least, solver.field("k").min())
        assert least > 0.0
        assert solver.field("k") == pytest.approx(0.6, rel=1e-6)
        assert solver.field("smoke") == pytest.approx(np.exp(-0.02 * solver.time), rel=0.4 * 0.02 * solver.time * step)


def test_interrupted_run_equals_the_uninterrupted():
    def fresh() -> Solver:
        mesh = hall()
        return solver_with(everything(mesh), UNIFORM, mesh=mesh, precision="single", model="low_mach", time_step=None,
                           parts=(2, 1, 1), tolerance=1e-4, relative_tolerance=1e-3)  # fmt: skip

    def run(solver: Solver, until: int) -> Solver:
        while solver.step < until:
            if solver.step == 10:
                solver.start_average()
            solver.advance()
        return solver

    whole, saved = run(fresh(), 41), run(fresh(), 21).state()
    resumed = run(fresh(), 3)
    resumed.restore(saved)
    run(resumed, 41)
    found, expected = resumed.state(), whole.state()
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name
    assert resumed.report() == whole.report()
    assert np.array_equal(resumed.average("tracer"), whole.average("tracer"))


@pytest.mark.parametrize("parts", [(2, 1, 1), (1, 2, 2)])
def test_parts_agree_with_the_whole(parts):
    mesh = hall(periodic=True)
    scalars = (everything(mesh), *(TransportedScalar(f"t{n}", initial=waves, entering=0.2 * n) for n in range(5)))
    whole, cut = (march(solver_with(*scalars, mesh=mesh, parts=p), 15) for p in ((1, 1, 1), parts))
    for scalar in scalars:
        assert cut.field(scalar.name) == pytest.approx(whole.field(scalar.name), abs=1e-9), scalar.name
    for found, expected in zip(cut.report()["scalars"], whole.report()["scalars"], strict=True):
        for key, value in expected.items():
            assert found[key] == (value if key == "name" else pytest.approx(value, rel=1e-7, abs=1e-9)), key


def test_unknown_device_is_refused():
    with pytest.raises(ValueError, match="the mesh has no Z"):
        solver_with(TransportedScalar("s", gains={"Z": 1.0}), mesh=hall())
