"""Studies with exact answers, on the grids of their files: the rows of the scorecard themselves."""

import pytest

from benchmarks.validation import exact
from benchmarks.validation.bench import Bench
from benchmarks.validation.families import balances, radiation, resistances, stacks, walls
from benchmarks.validation.row import Row
from thermo.case.loss import loss_from_open_fraction

SLOW = {f"stack_effect_two_openings/{name}" for name in ("tall_shaft", "rack_chimney")}  # seconds each
FAMILIES = (balances, walls, radiation, resistances, stacks)
STUDIES = [study for family in FAMILIES for study in family.STUDIES if study.name not in SLOW]


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_every_row_is_green(study):
    rows = [found for found in study.measure(Bench(say=lambda _: None)) if isinstance(found, Row)]
    assert rows
    failed = [str(row) for row in rows if not row.passed]
    assert not failed, "\n".join(failed)


def test_formulas_give_the_published_numbers():
    """Reference tables: well-mixed rooms (and the FDS verification case, 3.95 and 4.11 m/s), heated duct, plates."""
    stack = exact.stack_velocities
    assert stack(283.15, 293.15, 95, 2, 2, 1, 1) == pytest.approx((3.95217, 4.09175, 46.67578), rel=1e-5)
    assert stack(293.15, 308.15, 10, 2.69, 2.69, 1, 1) == pytest.approx((1.31564, 1.38296, 4.87527), rel=1e-5)
    assert stack(297.15, 317.15, 3, 2.69, 1, 0.5, 0.3) == pytest.approx((0.81019, 1.4412, 1.42712), rel=1e-5)
    small, large = (
        exact.heated_duct_flow(heat, height, 1e-6, area, 0.0, loss, 298.15, boussinesq=True)
        for heat, height, area, loss in ((1e3, 2.0, 0.1, 0.5), (20e3, 4.0, 1.0, 1.0))
    )
    assert (small, large) == pytest.approx((0.106925, 1.542122), rel=2e-5)
    assert exact.conduction_nusselt(0.5, 0.1) == pytest.approx(0.166667, rel=1e-5)
    assert loss_from_open_fraction(0.25) == pytest.approx(42.7578, rel=1e-5)
