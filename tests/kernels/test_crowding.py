"""Threads of the native backend while other programs use the cores."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernels import crowding
from kernels.crowding import WINDOW, Crowding, Usage

CORES = 4


class Machine:
    """Four cores, of which other programs hold some; what is shared makes threads wait half of the time."""

    def __init__(self, monkeypatch) -> None:
        self.time = self.worked = self.idle = self.waited = 0.0
        self.others = 0
        monkeypatch.setattr(crowding, "perf_counter", lambda: self.time)

    def look(self) -> Usage:
        return Usage(self.time, self.worked, self.idle, {"1": self.waited})

    def run(self, threads: Crowding, seconds: float) -> list[int]:
        counts = []
        for _ in range(round(seconds / WINDOW)):
            self.time += WINDOW
            shared = max(0, threads.count + self.others - CORES)
            self.worked += WINDOW * (threads.count - shared / 2)
            self.waited += WINDOW * shared / 2
            self.idle += WINDOW * max(0, CORES - threads.count - self.others)
            counts.append(threads.follow())
        return counts


@pytest.fixture
def machine(monkeypatch) -> Machine:
    return Machine(monkeypatch)


def test_one_thread_per_free_core(machine):
    threads = Crowding(CORES, machine.look)
    assert set(machine.run(threads, 5)) == {4}
    machine.others = 1
    assert set(machine.run(threads, 5)) == {3}
    machine.others = 3
    assert machine.run(threads, 5)[-1] == 1
    machine.others = 0
    assert set(machine.run(threads, 5)[2:]) == {4}


def test_one_thread_is_left_on_a_full_machine(machine):
    machine.others = 40
    threads = Crowding(CORES, machine.look)
    assert machine.run(threads, 10)[-1] == 1


def test_pauses_of_our_own_threads_are_no_free_cores(machine):
    threads = Crowding(CORES, machine.look)
    machine.others = 2
    assert machine.run(threads, 5)[-1] == 2
    for _ in range(10):  # one of our two threads does nothing: its core is idle, and is needed by the next loop
        machine.time += WINDOW
        machine.worked += WINDOW
        machine.idle += WINDOW
        assert threads.follow() == 2


def test_rises_in_vain_become_rare(machine):
    threads = Crowding(CORES, machine.look)
    rises = []
    for _ in range(100):
        for others in (2, 1):  # a program that stops whenever we have made room for it
            machine.others = others
            before = threads.count
            rises.append(machine.run(threads, 2 * WINDOW)[-1] > before)
    assert 1 <= sum(rises[100:]) <= 4


def test_the_system_counts_what_is_needed():
    try:
        first = crowding.usage()
    except (OSError, AttributeError) as error:
        pytest.skip(str(error))
    code = "import os; [os.sched_yield() for _ in range(20000)]"
    subprocess.run([sys.executable, "-c", code], check=True)
    second = crowding.usage()
    assert str(os.getpid()) in second.waited
    assert second.time > first.time
    assert second.worked >= first.worked
    assert second.waited_since(first) >= 0
    assert 0 <= second.idle - first.idle <= (second.time - first.time + 0.1) * len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("variables", "followed"), [({}, True), ({"OMP_DYNAMIC": "false"}, False)])
def test_a_users_own_setting_wins(variables, followed):
    if not Path("/proc/self/schedstat").exists():
        pytest.skip("not counted here")
    code = (
        "import kernels; b = kernels.open_backend('native'); print(b.compiler.openmp, b._crowding is not None);"
        "b.threads = 2; print(b._crowding is None, b.threads)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OMP_DYNAMIC"}
    environment |= {"OMP_NUM_THREADS": "3", "PYTHONPATH": os.pathsep.join(sys.path)} | variables
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    if "BackendUnavailable" in result.stderr or result.stdout.startswith("False"):
        pytest.skip("no compiler with OpenMP")
    assert result.stdout.split() == ["True", str(followed), "True", "2"]
