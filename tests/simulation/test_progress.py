"""Progress as plain lines and as a live line."""

from __future__ import annotations

import io

from rich.console import Console

from thermo.report.duration import clock_text
from thermo.simulation.progress import ProgressReport


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def shown(terminal: bool) -> str:
    clock, stream = Clock(), io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120)
    with ProgressReport(console, cells=1_000_000, start=0.0, until=100.0, clock=clock) as progress:
        for step in range(1, 101):
            clock.now += 1.0
            progress.update(simulated=0.5 * step, step=step, dt=0.5)
    return stream.getvalue()


def test_plain_lines_every_few_seconds_with_speed_and_time_remaining():
    lines = shown(terminal=False).splitlines()
    assert len(lines) == 20
    assert lines[0] == "2.5 / 100 s, step 5, dt 0.5 s, 0.5 x real time, 1 Mcell-steps/s, 3:15 left"
    assert lines[-1] == "50 / 100 s, step 100, dt 0.5 s, 0.5 x real time, 1 Mcell-steps/s, 1:40 left"


def test_live_line_on_a_terminal():
    text = shown(terminal=True)
    assert "1:40 left" in text and "50%" in text


def test_wall_time_for_people():
    assert [clock_text(s) for s in (0.4, 59.6, 250, 3850)] == ["0:00", "1:00", "4:10", "1:04:10"]


def test_an_end_that_is_only_found_on_the_way():
    clock, stream = Clock(), io.StringIO()
    console = Console(file=stream, width=120)
    with ProgressReport(console, cells=1_000_000, start=0.0, until=1000.0, clock=clock) as progress:
        for step in range(1, 21):
            clock.now += 1.0
            if step == 12:
                progress.expect(20.0, "window 3, racks.A03.inlet may change by 0.2 K")
            progress.update(simulated=0.5 * step, step=step, dt=0.5)
    lines = stream.getvalue().splitlines()
    assert "/ 1000 s" in lines[0] and len(lines) == 4
    assert lines[-1].startswith("10 / 20 s") and "0:20 left, window 3, racks.A03.inlet may" in lines[-1]
