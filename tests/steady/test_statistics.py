"""Integral time, confidence interval, trend and start-up of synthetic series whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from tests.steady.synthetic import autoregressive, series_of
from thermo.steady.batches import BATCHES, batch_means, least_span
from thermo.steady.correlation import integral_times
from thermo.steady.startup import start_up
from thermo.steady.windows import change_after_two, remaining_change, windows_left

COLUMNS = 1000


def batched(values, integral_time):
    length = len(values) // BATCHES
    means = values[: BATCHES * length].reshape(BATCHES, length, -1).mean(axis=1)
    return batch_means(means, float(length), integral_time)


@pytest.mark.parametrize("time", [1.0, 4.0, 10.0])
def test_the_integral_time_of_an_autoregressive_series(time):
    found = integral_times(autoregressive(1, 4000, 100, time), 1.0)
    assert found.mean() == pytest.approx(time, rel=0.1)
    assert found.std() < 0.35 * time


def test_the_integral_time_has_the_unit_of_the_interval_and_forgets_the_mean():
    values = autoregressive(2, 500, 3, 5.0)
    np.testing.assert_allclose(integral_times(values + 1e3, 0.2), 0.2 * integral_times(values, 1.0), rtol=1e-8)


def test_white_noise_and_constants():
    assert integral_times(autoregressive(3, 2000, 50, 0.5), 1.0).mean() == pytest.approx(0.5, abs=0.1)
    np.testing.assert_array_equal(integral_times(np.full((20, 2), 23.1), 1.0), 0.0)


@pytest.mark.parametrize("time", [2.0, 10.0])
@pytest.mark.parametrize("integral_times_in_series", [60, 200])
def test_the_interval_covers_the_mean_in_95_of_100_cases(time, integral_times_in_series):
    values = autoregressive(4, int(integral_times_in_series * time), COLUMNS, time)
    found = batched(values, integral_times(values, 1.0))
    coverage = np.mean(np.abs(found.mean) <= found.half_width)
    assert 0.93 <= coverage <= 0.97


def test_coverage_of_what_just_suffices_is_not_far_below():
    """Of the shortest series that are accepted, whose integral time is itself poorly known."""
    values = autoregressive(5, 400, 2 * COLUMNS, 10.0)
    times = integral_times(values, 1.0)
    accepted = least_span(times) <= 400
    found = batched(values, times)
    assert 0.5 < accepted.mean() < 0.8  # forty integral times: the estimate decides
    assert np.mean((np.abs(found.mean) <= found.half_width)[accepted]) > 0.90


def test_the_interval_falls_with_the_square_root_of_the_span():
    short, long = (batched(autoregressive(6, n, 200, 4.0), np.full(200, 4.0)).half_width.mean() for n in (800, 7200))
    assert short / long == pytest.approx(3.0, rel=0.1)
    # the interval of so many integral times is that of the exact variance, 2 T / span
    assert long == pytest.approx(2.093 * np.sqrt(2.0 * 4.0 / 7200.0), rel=0.05)


def test_a_stationary_series_is_rarely_called_drifting():
    values = autoregressive(7, 1000, 2 * COLUMNS, 10.0)
    alarms = np.mean(batched(values, integral_times(values, 1.0)).drift != 0.0)
    assert alarms < 0.03  # asked for is 1 in 100


def test_a_drift_is_found_and_measured():
    values = autoregressive(8, 2000, COLUMNS, 10.0)
    # the mean has the standard error sqrt(2 T / span) = 0.1, a rise over the span sqrt(12) as much: 2 is six of them
    rise = 2.0 * np.linspace(-0.5, 0.5, 2000)[:, None]
    found = batched(values + rise, integral_times(values, 1.0)).drift
    assert np.mean(found > 0.0) > 0.98
    assert found.mean() == pytest.approx(2.0, rel=0.03)


def test_the_start_up_is_cut_where_its_remainder_drowns_in_the_noise():
    noise = autoregressive(9, 1000, 200, 3.0)
    decay = 8.0 * np.exp(-np.arange(1000) / 40.0)[:, None]
    found = np.array([start_up(noise[:, n : n + 1] + decay, np.ones(1)) for n in range(200)])
    bias = np.array([decay[round(1000 * share) :].mean() for share in found])
    standard_error = np.sqrt(2.0 * 3.0 / (1000.0 * (1.0 - found)))
    assert decay.mean() > 3.0 * standard_error.max()
    assert np.mean(bias < standard_error) > 0.9 and bias.mean() < 0.6 * standard_error.mean()
    assert np.mean(found < 0.2) > 0.9


def test_one_moment_ends_the_start_up_of_all_monitors():
    noise = autoregressive(10, 1000, 20, 3.0)
    late = noise.copy()
    late[:300, 7] += 10.0
    assert start_up(late, np.ones(20)) == pytest.approx(0.3, abs=0.03)
    # in units of its tolerance it does not matter
    scale = np.ones(20)
    scale[7] = 1e3
    assert start_up(late, scale) < 0.25


def test_stationary_series_lose_little():
    noise = autoregressive(11, 1000, 400, 3.0)
    found = np.array([start_up(noise[:, n : n + 1], np.ones(1)) for n in range(400)])
    assert np.mean(found > 0.3) < 0.02
    # with twenty monitors the chance minimum of one of them does not count
    together = np.array([start_up(noise[:, n : n + 20], np.ones(20)) for n in range(0, 400, 20)])
    assert np.mean(together > 0.1) < 0.02


def test_a_straight_rise_has_no_end_of_its_start_up():
    assert start_up(np.linspace(0.0, 1.0, 200)[:, None], np.ones(1)) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("ratio", [0.6, 0.8])
def test_what_is_left_of_an_exponential_is_known_from_three_windows(ratio):
    means = 3.0 + 2.0 * ratio ** np.arange(6.0)[:, None]
    assert remaining_change(means) == pytest.approx(means[-1] - 3.0)
    left = windows_left(means, np.array([0.01]))
    assert remaining_change(3.0 + 2.0 * ratio ** (np.arange(6.0) + left)[:, None]) == pytest.approx(0.01, rel=1e-6)


def test_two_windows_do_not_tell_how_fast_a_disturbance_dies_away():
    assert remaining_change(np.array([[1.0], [1.1]])) == pytest.approx(0.9)
    # what alternates, or falls at once, has its last change as measure
    assert remaining_change(np.array([[1.0], [1.1], [1.0]])) == pytest.approx(0.1)
    assert remaining_change(np.array([[1.0], [2.0], [2.1]])) == pytest.approx(0.1)
    assert remaining_change(np.array([[1.0], [1.0], [1.0]])) == 0.0


@pytest.mark.parametrize("ratio", [0.7, 0.9])
def test_the_halves_of_two_windows_tell_how_fast_a_disturbance_dies_away(ratio):
    halves = 3.0 + 0.1 * ratio ** np.arange(4.0)[:, None]
    halves[0] = 7.0  # where a march begins it may do anything
    left = change_after_two(halves)
    assert left >= 0.1 * ratio**3 - 1e-12
    # the change between the windows, of which the beginning is part, counts for itself
    assert left == pytest.approx(max(0.1 * ratio**3, 0.5 * (7.0 + halves[1] - halves[2] - halves[3]).item()))


def test_means_of_a_series_do_not_depend_on_how_its_intervals_lie():
    generator = np.random.default_rng(12)
    edges = np.sort(np.append(generator.uniform(0.0, 10.0, 40), 10.0))
    fine = series_of(generator.normal(size=(1000, 2)), 0.01)
    coarse = type(fine)(2)
    before = 0.0
    for edge in edges:
        coarse.append(edge, fine.mean(before, edge))
        before = edge
    np.testing.assert_allclose(coarse.mean(edges[3], 10.0), fine.mean(edges[3], 10.0), rtol=1e-10)
    np.testing.assert_allclose(fine.bins(2.0, 8.0, 3).mean(axis=0), fine.mean(2.0, 8.0))
    with pytest.raises(ValueError, match="reaches from"):
        coarse.mean(0.0, 10.1)
    again = type(fine)(2)
    again.restore(coarse.state())
    np.testing.assert_array_equal(again.mean(0.0, 10.0), coarse.mean(0.0, 10.0))
    assert again.samples(0.0, 10.0) == 41
