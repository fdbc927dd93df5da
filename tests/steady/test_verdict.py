"""The verdict on series that settle, fluctuate, drift, or are too short."""

from __future__ import annotations

import numpy as np
import pytest

from tests.steady.synthetic import autoregressive, series_of
from thermo.steady.verdict import NOT_ENOUGH, STATISTICALLY_STEADY, STEADY, Monitor, judge

RACK = Monitor("racks.A01.inlet", "degC", 0.1, 0.1)
TIME = np.arange(4000.0)


def first_verdict(values, window, state):
    """The first verdict of a state, and the length of the series then; samples begin anew where it asks for that."""
    samples_from, monitors = 0.0, [RACK] * values.shape[1]
    for end in range(window, len(values) + 1, window):
        verdict = judge(series_of(values[:end]), monitors, float(window), samples_from)
        if verdict.state == state:
            return verdict, end
        if verdict.in_start_up:
            samples_from = float(end)
    return None, None


@pytest.mark.parametrize("constant", [20.0, 60.0, 200.0])
def test_a_decay_is_called_steady_when_no_more_than_the_tolerance_is_left(constant):
    values = 25.0 + 5.0 * np.exp(-TIME / constant)[:, None]
    verdict, _ = first_verdict(values, 100, STEADY)
    (finding,) = verdict.findings
    assert abs(finding.mean - 25.0) <= 0.2 and finding.change <= 0.1
    # and not much later than it could have been
    assert verdict.time < constant * np.log(5.0 / 0.1) + 600


def test_what_would_still_move_is_not_steady_however_slowly():
    """0.06 K in a window, for long."""
    values = 25.0 + 3.0 * np.exp(-TIME / 5000.0)[:, None]
    assert first_verdict(values[:1000], 100, STEADY) == (None, None)


def test_a_fluctuating_series_is_averaged_until_its_interval_is_narrow():
    covered = []
    for seed in range(40):
        values = 25.0 + 0.4 * autoregressive(seed, 4000, 3, 4.0)
        verdict, _ = first_verdict(values, 100, STATISTICALLY_STEADY)
        for finding in verdict.findings:
            assert finding.half_width <= 0.1 and finding.fluctuation == pytest.approx(0.4, rel=0.25)
            covered.append(abs(finding.mean - 25.0) <= finding.half_width)
    # stopping at the first narrow interval costs a little of its 95 %
    assert 0.88 < np.mean(covered) <= 1.0


def test_a_short_series_says_how_much_longer_it_takes():
    values = 25.0 + 0.5 * autoregressive(3, 4000, 1, 8.0)
    (finding,) = judge(series_of(values[:200]), [RACK], 100.0, 100.0).findings
    assert finding.state == NOT_ENOUGH and finding.half_width is None
    verdict, end = first_verdict(values, 100, STATISTICALLY_STEADY)
    # half width 0.1 K of sigma 0.5 K: 2 T (2.1 x 0.5 / 0.1)^2 = 1760 s
    assert 900 < end < 2600
    (finding,) = judge(series_of(values[:800]), [RACK], 100.0, 100.0).findings
    assert finding.state == NOT_ENOUGH and finding.half_width > 0.1
    assert 400 < finding.needed < 2500


def test_samples_that_begin_in_the_start_up_begin_anew():
    values = 25.0 + 5.0 * np.exp(-TIME / 100.0)[:, None] + 0.4 * autoregressive(4, 4000, 1, 4.0)
    early = judge(series_of(values[:1000]), [RACK], 100.0, 0.0)
    assert early.in_start_up and early.state == NOT_ENOUGH
    verdict, _ = first_verdict(values, 100, STATISTICALLY_STEADY)
    (finding,) = verdict.findings
    assert verdict.samples_from >= 200 and abs(finding.mean - 25.0) < 0.2


def test_a_drift_under_the_noise_is_not_averaged_over():
    values = 25.0 + 0.2 * autoregressive(5, 4000, 1, 2.0) + 1e-3 * TIME[:, None]
    verdict = judge(series_of(values), [RACK], 100.0, 2000.0)
    assert verdict.state == NOT_ENOUGH and verdict.needed > 0.0


def test_the_worst_monitor_decides():
    calm, rough = np.full(4000, 22.0), 24.0 + 0.4 * autoregressive(6, 4000, 1, 4.0)[:, 0]
    verdict, _ = first_verdict(np.stack([calm, rough], axis=1), 100, STATISTICALLY_STEADY)
    assert [finding.state for finding in verdict.findings] == [STEADY, STATISTICALLY_STEADY]
    alone, _ = first_verdict(calm[:, None], 100, STEADY)
    assert alone.windows == 2 and alone.needed == 0.0 and alone.all_steady


def test_one_window_is_no_window_to_compare_with():
    verdict = judge(series_of(np.full((100, 1), 22.0)), [RACK], 100.0, 0.0)
    assert verdict.state == NOT_ENOUGH and verdict.findings[0].change is None
