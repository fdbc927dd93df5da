"""Cases with exact answers, on the grids of their files; the same functions write the scorecard."""

import pytest

from benchmarks import exact, exact_cases
from thermo.case.loss import loss_from_open_fraction


def assert_rows(rows):
    failed = [str(row) for row in rows if not row.passed]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize(("scenario", "heat", "volume", "duration"), [
    (None, 100.0, 10.0, 60.0), ("room_30m3", 1000.0, 30.0, 120.0), ("room_100m3", 5000.0, 100.0, 60.0),
])  # fmt: skip
def test_pressure_of_a_sealed_room(scenario, heat, volume, duration):
    assert_rows(exact_cases.sealed_room(scenario, heat, volume, duration))


@pytest.mark.parametrize(("scenario", "power", "duct_flow", "rack_flow"), [
    (None, 5e3, 0.5, 0.4), ("kw10", 10e3, 0.6, 0.5), ("kw20", 20e3, 1.2, 0.9), ("w400", 400.0, 0.012, 0.010),
])  # fmt: skip
def test_temperature_rise_of_rack_and_duct(scenario, power, duct_flow, rack_flow):
    assert_rows(exact_cases.rack_duct(scenario, power, duct_flow, rack_flow))


@pytest.mark.parametrize("fluid", ["", "boussinesq"])
@pytest.mark.parametrize(("scenario", "heat", "area", "height", "loss_out"), [
    ("", 1000.0, 0.1, 2.0, 0.5), ("kw20", 20e3, 1.0, 4.0, 1.0),
])  # fmt: skip
def test_draught_of_a_heated_duct(scenario, fluid, heat, area, height, loss_out):
    name = "_".join(filter(None, (scenario, fluid))) or None
    assert_rows(exact_cases.stack_duct(name, heat, area, height, loss_out))


@pytest.mark.parametrize("hall", exact_cases.HALLS[:3], ids=lambda hall: hall[0] or "low_mach")
def test_stack_flow_of_a_warm_hall(hall):
    assert_rows(exact_cases.stack_hall(*hall))


@pytest.mark.parametrize(("scenario", "conductivity", "convection"), [
    (None, 0.1, False), ("conducting", 10.0, False), ("convection", 0.1, True), ("convection_conducting", 10.0, True),
])  # fmt: skip
def test_heat_through_a_conducting_wall(scenario, conductivity, convection):
    assert_rows(exact_cases.conjugate_wall(scenario, conductivity, convection))


def test_pressure_drop_of_resistances():
    assert_rows(exact_cases.resistance_duct())


def test_two_rooms_and_their_resistances():
    assert_rows(exact_cases.two_rooms())


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
