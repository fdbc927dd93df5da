"""What a case says about driving the air reaches the solver, and is refused where it cannot act."""

from __future__ import annotations

import numpy as np
import pytest

from thermo import CaseError, load_case, run
from thermo.simulation import RunFailed, RunRefused
from thermo.simulation.assembly import assemble
from thermo.simulation.physics import flow_setup

DUCT = """
schema = 1
id = "duct"
[building]
box = [[0, 0, 0], [2, 1, 0.5]]
[walls]
west = { kind = "periodic" }
east = { kind = "periodic" }
south = { kind = "free_slip" }
north = { kind = "free_slip" }
floor = { kind = "free_slip" }
ceiling = { kind = "free_slip" }
[mesh]
size = "250 mm"
[run]
until = "1 s"
"""


@pytest.fixture
def duct(tmp_path):
    """Call with more text: the case."""

    def load(more: str = ""):
        path = tmp_path / "duct.toml"
        path.write_text(DUCT + more)
        return load_case(path)

    return load


def test_a_case_holds_its_bulk_velocity(duct):
    assembly = assemble(duct('[body_force]\nbulk_velocity = ["1.5 m/s", 0, 0]\n'), "native", "double")
    assembly.solver.advance()
    assert assembly.solver.readings()["bulk_velocity_m_s"] == {"x": pytest.approx(1.5, rel=1e-9)}


@pytest.mark.parametrize(
    ("velocity", "message"), [("[1, 0, 0.2]", "walls.floor is not periodic"), ("[0, 0, 0]", "holds no flow")]
)
def test_a_bulk_velocity_needs_periodic_sides(duct, velocity, message):
    with pytest.raises(CaseError, match=message) as refused:
        flow_setup(duct(f"[body_force]\nbulk_velocity = {velocity}\n"))
    assert refused.value.key == "body_force.bulk_velocity" and refused.value.line is not None


def test_a_bulk_velocity_needs_a_passage(duct):
    wall = '[body_force]\nbulk_velocity = [1, 0, 0]\n[panels.wall]\nx = 1.0\nrect = [[0, 0], [1, {top}]]\n'
    with pytest.raises(CaseError, match="no air can flow along x"):
        assemble(duct(wall.format(top=0.5)), "numpy", "double")
    assemble(duct(wall.format(top=0.25)), "numpy", "double")


FAN = "[sources.fan]\nbox = [[0.5, 0, 0], [1, 1, 0.5]]\n"


def test_a_case_blows_with_a_force_and_heats(duct):
    assembly = assemble(duct(FAN + 'heat = "5 W"\nforce = ["2 N", 0, "100 mN"]\n'), "native", "double")
    (blown,), (heated,) = assembly.mesh.momentum_sources, assembly.mesh.heat_sources
    assert blown.name == heated.name == "sources.fan" and blown.force == (2.0, 0.0, 0.1) and heated.power == 5.0
    assembly.solver.advance()
    solver = assembly.solver
    # the duct is periodic and free of shear: F = M dU/dt
    mass = (solver.mesh.volumes() * solver.field("density")).sum()
    assert solver.field("velocity")[..., 0].mean() == pytest.approx(2.0 * solver.time / mass, rel=1e-3)


@pytest.mark.parametrize(
    ("keys", "message", "key"),
    [
        ("", "needs heat, force or moisture", "sources.fan"),
        ("force = [0, 0, 0]", "needs heat, force or moisture", "sources.fan"),
        ('force = ["2 W", 0, 0]', "force", "sources.fan.force"),
    ],
)
def test_a_source_gives_something(duct, keys, message, key):
    with pytest.raises(CaseError, match=message) as refused:
        duct(FAN + keys + "\n")
    assert refused.value.key.startswith(key)


def warmer_above(x, y, z):
    return 290.0 + 10.0 * z


def moving_heat(x, y, z, t):
    return 500.0 * np.exp(-((x - t) ** 2))


def test_a_program_gives_the_initial_state_and_sources(duct, tmp_path):
    found = run(
        duct(), "native", tmp_path / "run", initial={"temperature": warmer_above, "ux": lambda x, y, z: 0.2},
        sources={"temperature": moving_heat, "ux": 0.3}, precision="double",
    )  # fmt: skip
    first, last = found.fields(0.0), found.fields(1.0)
    z = first.z.values
    assert first.temperature.values[:, 1, 3] == pytest.approx(290.0 + 10.0 * z - 273.15, abs=1e-4)
    mass = 1.207  # kg of air at 292.5 K in 1 m3
    assert last.velocity.values[..., 0].mean() == pytest.approx(0.2 + 0.3 * 1.0 / mass, rel=1e-2)
    assert found.report["balance"]["heat_in_w"] > 100.0
    log = (tmp_path / "run" / "run.log").read_text()
    assert "initial temperature, ux from Python" in log and "sources of temperature, ux from Python" in log


def test_a_resumed_run_needs_its_sources_again(duct, tmp_path):
    case = duct('checkpoint_every = "0.5 s"\n')
    directory = tmp_path / "run"
    run(case, "native", directory, sources={"temperature": moving_heat}, precision="double")
    with pytest.raises(RunRefused, match="had sources from Python for temperature, not for nothing"):
        run(case, "native", directory, precision="double", resume=True)
    run(case, "native", directory, sources={"temperature": moving_heat}, precision="double", resume=True)


@pytest.mark.parametrize(
    ("functions", "message"),
    [
        ({"initial": {"velocity": 1.0}}, "no such field; allowed are temperature, ux, uy, uz"),
        ({"initial": {"temperature": lambda x, y, z: 20.0 + z}}, "gives 20 to 20.5; allowed is 100 to 1500 K"),
        ({"initial": {"ux": lambda x, y, z: 0.1 / (x - x)}}, "not finite"),
        ({"initial": {"uz": lambda x, y: 0.1}}, "does not give a number for every place"),
        ({"sources": {"ux": lambda x, y, z, t: np.ones(3)}}, "does not give a number for every place"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_an_unfit_function_is_refused_before_anything_is_written(duct, tmp_path, functions, message):
    with pytest.raises(RunRefused, match=message):
        run(duct(), "native", tmp_path / "run", **functions)
    assert not (tmp_path / "run").exists()


def test_a_source_that_breaks_on_the_way_fails_the_run_and_is_named(duct, tmp_path):
    with pytest.raises(RunFailed, match=r"sources\['ux'\] gives a number that is not finite"):
        run(duct(), "native", tmp_path / "run", sources={"ux": lambda x, y, z, t: np.nan if t > 0.3 else 0.1})
