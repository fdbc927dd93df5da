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
