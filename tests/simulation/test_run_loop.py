"""The run loop on a fake solver: what is written when, interruption, resume, refusals and failures."""

from __future__ import annotations

import errno
import os
import signal

import numpy as np
import pytest

from tests.simulation.comparison import assert_same_run
from tests.simulation.fake_solver import FakeCase, FakeSolver, fake_assemble
from thermo.flow import FlowError
from thermo.flow.pressure import PressureError
from thermo.results.checkpoint import CheckpointSlots
from thermo.results.reading import Run
from thermo.simulation import RunFailed, RunInterrupted, RunRefused, entry, run


@pytest.fixture
def assembled(monkeypatch):
    """Call with the events of the next run."""

    def use(events=None, **options):
        monkeypatch.setattr(entry, "assemble", fake_assemble(events, **options))
        monkeypatch.setattr(entry, "object_boxes", lambda case: {})

    use()
    return use


def send(number):
    return lambda: os.kill(os.getpid(), number)


def test_a_run_writes_what_the_timetable_says(tmp_path, assembled):
    result = run(FakeCase(planes=("middle",)), directory=tmp_path / "run")
    np.testing.assert_array_equal(result.times, [0, 1, 2, 3, 4, 5, 6, 6.3])
    assert "mean_temperature" not in result.fields(2.0) and "mean_temperature" in result.fields(3.0)
    lines = result.history().time.values
    passed = np.floor(lines / 0.5 + 1e-9)
    np.testing.assert_array_equal(np.unique(passed), np.arange(13))
    assert lines[-1] == 6.3
    report = result.report
    assert report["schema"] == "thermo report 1" and report["converged"] is True
    assert report["simulated_s"] == 6.3 and report["cells"] == 60
    assert report["devices"][0]["inlet_mean_c"] is None
    assert report["warnings"] == ["racks.A01 moved by 4 mm"]
    assert (tmp_path / "run" / "pictures" / "middle.png").exists()
    assert "finished at 6.3 s" in (tmp_path / "run" / "run.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", [0, 5, 23])
def test_a_signal_leaves_a_checkpoint_and_resuming_is_bit_exact(tmp_path, assembled, number, step):
    run(FakeCase(), directory=tmp_path / "whole")
    assembled({step: send(number)})
    handler = signal.getsignal(number)
    with pytest.raises(RunInterrupted, match=number.name):
        run(FakeCase(), directory=tmp_path / "run")
    assert signal.getsignal(number) == handler
    assert Run(tmp_path / "run").report["converged"] is False
    assembled()
    run(FakeCase(), directory=tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_checkpoints_at_every_step_change_nothing_and_a_crash_is_continued_bit_exactly(tmp_path, assembled):
    run(FakeCase(), directory=tmp_path / "whole")

    class Killed(BaseException):
        """Stands for a process death: nothing may handle it."""

    def die():
        raise Killed

    assembled({30: die}, checkpoint_every=1e-6)
    with pytest.raises(Killed):
        run(FakeCase(), directory=tmp_path / "run")
    # outputs and lines after the checkpoint, as left by a process that lived on a little after it
    (tmp_path / "run" / "fields" / "000099.vtkhdf").write_bytes(b"")
    with open(tmp_path / "run" / "history.csv", "a") as stream:
        stream.write("1.0,2.0\n3.")
    assembled(checkpoint_every=1e-6)
    run(FakeCase(), directory=tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_a_finished_run_can_be_extended(tmp_path, assembled):
    run(FakeCase(until=3.0), directory=tmp_path / "run")
    run(FakeCase(until=6.3), directory=tmp_path / "run", resume=True)
    run(FakeCase(until=6.3), directory=tmp_path / "whole")
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_another_case_is_not_continued(tmp_path, assembled):
    run(FakeCase(), directory=tmp_path / "run")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*")}
    with pytest.raises(RunRefused, match="another case"):
        run(FakeCase(power=2000.0), directory=tmp_path / "run", resume=True)
    with pytest.raises(RunRefused, match="precision"):
        run(FakeCase(), directory=tmp_path / "run", resume=True, precision="double")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*")} == before


def test_nothing_to_resume(tmp_path, assembled):
    with pytest.raises(RunRefused, match="no checkpoint"):
        run(FakeCase(), directory=tmp_path / "run", resume=True)
    assert not (tmp_path / "run").exists()


def test_an_earlier_run_is_not_overwritten(tmp_path, assembled):
    run(FakeCase(), directory=tmp_path / "run")
    with pytest.raises(RunRefused, match="already holds a run"):
        run(FakeCase(), directory=tmp_path / "run")


def test_a_run_that_died_before_its_first_checkpoint_is_simply_started_again(tmp_path, assembled):
    run(FakeCase(), directory=tmp_path / "whole")

    class Killed(BaseException):
        """Stands for a process death: nothing may handle it."""

    def die():
        raise Killed

    assembled({20: die})
    with pytest.raises(Killed):
        run(FakeCase(), directory=tmp_path / "run")
    assembled()
    run(FakeCase(), directory=tmp_path / "run")
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_a_place_that_cannot_be_written_to(tmp_path, assembled):
    (tmp_path / "file").touch()
    with pytest.raises(RunRefused, match="cannot write to"):
        run(FakeCase(), directory=tmp_path / "file" / "run")


def test_controllers_are_refused_until_they_work(tmp_path, assembled):
    with pytest.raises(RunRefused, match="not yet supported"):
        run(FakeCase(), directory=tmp_path / "run", controllers=[object()])


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FloatingPointError("dt is nan"), "diverged.*dt is nan.*lower.*courant.*--resume"),
        (FlowError("the velocity is no longer finite"), "diverged.*no longer finite.*lower.*courant.*--resume"),
        (PressureError("the residual is not finite"), "diverged.*not finite.*lower.*courant.*--resume"),
        (MemoryError("arena"), "out of memory.*coarser mesh.*--resume"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full.*free space.*--resume"),
    ],
)
def test_a_failure_says_what_to_do_and_can_be_continued(tmp_path, assembled, error, message):
    run(FakeCase(), directory=tmp_path / "whole")

    def fail():
        raise error

    assembled({20: fail}, checkpoint_every=1e-6)
    with pytest.raises(RunFailed, match=message):
        run(FakeCase(), directory=tmp_path / "run")
    assembled()
    run(FakeCase(), directory=tmp_path / "run", resume=True)
    assert_same_run(tmp_path / "run", tmp_path / "whole")


def test_a_diverged_state_is_never_saved(tmp_path, assembled, monkeypatch):
    readings = FakeSolver.readings
    monkeypatch.setattr(
        FakeSolver, "readings", lambda self: readings(self) | ({"dt": float("nan")} if self.step >= 10 else {})
    )
    assembled(checkpoint_every=1e-6)
    with pytest.raises(RunFailed, match="no longer finite: dt"):
        run(FakeCase(), directory=tmp_path / "run")
    assert CheckpointSlots(tmp_path / "run" / "checkpoint").read_latest()[0].header["step"] == 9
