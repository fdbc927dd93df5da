"""Output times follow from the simulated time alone."""

from __future__ import annotations

import pytest

from thermo.simulation.timetable import Timetable


@pytest.mark.parametrize("every", [0.1, 0.3, 1.0 / 3.0, 7.0, 60.0])
def test_every_multiple_is_met_exactly_once(every):
    timetable = Timetable(until=1000 * every, fields_every=every)
    time, outputs = 0.0, []
    while not timetable.finished(time):
        before, time = time, timetable.next_stop(time)
        assert time > before
        if timetable.fields_due(before, time):
            outputs.append(time)
    assert outputs == pytest.approx([n * every for n in range(1, 1001)], rel=1e-9)


def test_history_does_not_shorten_steps_but_averaging_does():
    timetable = Timetable(until=10.0, history_every=0.5, checkpoint_every=2.0, average_from=3.0)
    assert timetable.next_stop(1.0) == 3.0
    assert timetable.next_stop(3.0) == 10.0
    assert timetable.averaging_begins(2.0, 3.0) and not timetable.averaging_begins(3.0, 4.0)
    assert not timetable.averages_exist(3.0) and timetable.averages_exist(3.1)
    assert timetable.history_due(0.2, 0.9) and not timetable.history_due(0.6, 0.9)
    assert timetable.checkpoint_due(1.9, 2.3) and not timetable.checkpoint_due(2.3, 3.9)


def test_without_intervals_every_step_has_a_line_and_the_end_has_the_fields():
    timetable = Timetable(until=10.0)
    assert timetable.history_due(0.1, 0.2)
    assert not timetable.fields_due(0.1, 9.9) and timetable.fields_due(9.9, 10.0)
    assert not timetable.checkpoint_due(0.1, 10.0)
