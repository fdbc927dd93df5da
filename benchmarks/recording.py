"""Which kernels a solver launches, seen from outside: the programs that it makes and how often each is run.

The solver is not changed and knows nothing of it, so this holds for any time scheme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kernels import Backend, Node, Program


@dataclass
class Recorded(Program):
    """A program that counts its runs."""

    program: Program
    nodes: tuple[Node, ...]
    runs: int = 0

    def run(self) -> None:
        self.runs += 1
        self.program.run()


@contextmanager
def recorded_programs(backend: Backend) -> Iterator[list[Recorded]]:
    """Collect every program that `backend` makes inside the block; they count their runs also after it."""
    made: list[Recorded] = []
    make = backend.program

    def record(nodes: Sequence[Node]) -> Recorded:
        recorded = Recorded(make(nodes), tuple(nodes))
        made.append(recorded)
        return recorded

    backend.program = record
    try:
        yield made
    finally:
        del backend.program  # the method of the class is seen again
