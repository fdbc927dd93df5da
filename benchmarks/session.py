"""What every part of the benchmark suite receives: the backend, how much time it may take, and where it reports to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from time import perf_counter

from kernels import Backend


@dataclass
class Session:
    """A run of the suite.

    quick: smaller rooms and fewer of them. say: prints a progress line. deadline: value of `perf_counter` by which
    the part that runs should be done; a part looks at it before it begins anything long.
    """

    backend: Backend
    quick: bool
    say: Callable[[str], None]
    deadline: float = inf

    def remaining(self) -> float:
        """Seconds that are left to the part."""
        return self.deadline - perf_counter()


def thread_counts(backend: Backend) -> list[int | None]:
    """Numbers of threads to measure with: one, and all that the backend was opened with; None where it has no say."""
    most = backend.details().get("threads")
    return [None] if most is None else sorted({1, most})


@contextmanager
def threads(backend: Backend, count: int | None) -> Iterator[None]:
    """Run with `count` threads; None changes nothing."""
    if count is None:
        yield
        return
    before, backend.threads = backend.threads, count
    try:
        yield
    finally:
        backend.threads = before


def threads_text(count: int | None) -> str:
    """The number of threads in a table."""
    return "all" if count is None else str(count)
