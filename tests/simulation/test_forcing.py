"""What a case says about driving the air reaches the solver, and is refused where it cannot act."""

from __future__ import annotations

import pytest

from thermo import CaseError, load_case
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
        ("", "needs heat or force", "sources.fan"),
        ("force = [0, 0, 0]", "needs heat or force", "sources.fan"),
        ('force = ["2 W", 0, 0]', "force", "sources.fan.force"),
    ],
)
def test_a_source_gives_something(duct, keys, message, key):
    with pytest.raises(CaseError, match=message) as refused:
        duct(FAN + keys + "\n")
    assert refused.value.key.startswith(key)
