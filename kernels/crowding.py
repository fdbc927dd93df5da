"""How many threads the loops of the native backend use while other programs want the same cores.

All threads of a loop wait for the last one. One that shares its core with another program therefore holds up all of
them, hundreds of times per step, and where they spin meanwhile the system may even put two of them on one core: with a
busy loop beside it on one of two cores a run took seven times as long. One thread per core that is really free is never
much slower than what these cores allow. Linux counts what is needed to find their number: for how long each thread was
ready to run and had to wait for a core, and for how long each core was idle.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from time import perf_counter, process_time

WINDOW = 0.5  # s between two looks
# Waiting threads, in the mean over a window, from which on there is one thread less. Two threads lose a third of their
# speed by it, about as much as by going on with one of them; a machine that is otherwise idle stays below 0.05.
CROWDED = 0.3
FREE = 0.8  # of a core, idle over a window, from which on there is one thread more
LONGEST_PATIENCE = 32.0  # s
TASKS, CORES = Path("/proc/self/task"), Path("/proc/stat")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
NANOSECOND = 1e-9


@dataclass(frozen=True)
class Usage:
    """What Linux has counted so far, s."""

    time: float
    worked: float  # of all threads of this process, on a core
    idle: float  # of all cores that this process may use
    waited: dict[str, float]  # by thread of this process: ready to run, without a core

    def waited_since(self, before: Usage) -> float:
        """Waiting of all threads that are still there, s."""
        return sum(waited - before.waited.get(thread, 0.0) for thread, waited in self.waited.items())


def usage() -> Usage:
    """The present `Usage`. Raises OSError or ValueError where the system does not tell it."""
    waited = {}
    for task in TASKS.iterdir():
        try:
            waited[task.name] = int((task / "schedstat").read_bytes().split()[1]) * NANOSECOND
        except (FileNotFoundError, ProcessLookupError):  # the thread has just ended, or the kernel keeps no such file
            continue
    if not waited:
        raise OSError("this kernel does not tell how long threads wait for a core")
    mine = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    ticks = 0
    for line in CORES.read_text(encoding="ascii").splitlines():
        name, *counts = line.split()
        if name in mine:
            ticks += int(counts[3]) + int(counts[4])  # idle, and idle while a disk is waited for
    return Usage(perf_counter(), process_time(), ticks / TICKS_PER_SECOND, waited)


class Crowding:
    """The number of threads, from one window to the next: fewer when threads wait for cores, more when cores are idle.

    A rise that had to be taken back at once is tried again after twice the time, so that two runs beside each other do
    not chase each other's threads.
    """

    def __init__(self, most: int, look: Callable[[], Usage] = usage) -> None:
        """`most`: threads on an idle machine. Raises what `look` raises."""
        self.most = self.count = most
        self._look = look
        self._last = look()
        self._raised = self._lowered = float("-inf")  # times of the last rise and fall, s
        self._patience = 0.0  # s from a fall to the next rise

    def follow(self) -> int:
        """The number of threads of the next loops; called often, looks once per `WINDOW`."""
        if perf_counter() >= self._last.time + WINDOW:
            try:
                now = self._look()
            except (OSError, ValueError):  # all file handles in use, say: look again after a window
                self._last = Usage(perf_counter(), self._last.worked, self._last.idle, self._last.waited)
                return self.count
            self._judge(now, self._last)
            self._last = now
        return self.count

    def _judge(self, now: Usage, before: Usage) -> None:
        elapsed = now.time - before.time
        waiting = now.waited_since(before) / elapsed
        # Cores that the threads of this process leave idle, between two loops or while a file is written, are not free.
        own = max(0.0, self.count - (now.worked - before.worked) / elapsed)
        free = (now.idle - before.idle) / elapsed - own
        if waiting > CROWDED and self.count > 1:
            in_vain = now.time - self._raised < 4 * WINDOW
            self._patience = min(2 * max(self._patience, WINDOW), LONGEST_PATIENCE) if in_vain else 0.0
            self.count = max(1, self.count - ceil(waiting))
            self._lowered = now.time
        elif free > FREE and self.count < self.most and now.time - self._lowered >= self._patience:
            self.count = min(self.most, self.count + int(free + 1 - FREE))
            self._raised = now.time
