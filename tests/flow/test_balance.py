"""The ledger closes: what moved against what is there, from independent sums, in a furnished hall."""

import pytest

from kernels import open_backend
from tests.flow.hall import hall, solver_of


@pytest.mark.parametrize("precision", ["single", "double"])
@pytest.mark.parametrize("sealed", [False, True])
def test_mass_and_heat_close_at_the_default_tolerance(sealed, precision):
    """1.8 kW of racks, air through ports and openings, walls of a conducting plinth, an unsteady flow."""
    backend = open_backend("native", precision)
    solver = solver_of(
        hall(sealed=sealed), backend, time_step=None, courant=0.5, tolerance=1e-4, relative_tolerance=1e-3
    )
    while solver.time < 30.0:
        solver.advance(30.0)
    solver.start_average()
    while solver.time < 90.0:
        solver.advance(90.0)
    found = solver.report()["balance"]
    assert found["heat_in_w"] > 1790.0
    assert abs(found["heat_imbalance_w"]) < 1e-3 * found["heat_in_w"]
    assert abs(found["mass_imbalance_kg_s"]) < 1e-5 * found["mass_in_kg_s"]
    # the closure is a test of both sums: one per cent of either is far more than it leaves
    for term in ("heat_in_w", "heat_out_w"):
        assert abs(0.01 * found[term]) > 5.0 * abs(found["heat_imbalance_w"]), term
