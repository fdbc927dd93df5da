"""Time of device work, without what the host spends on starting it where the device has a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from kernels import Backend, Node

REPEATS_MOST = 2000
# A block is as many launches as last about so long: shorter than the slices in which a busy machine gives out its time,
# so that the best of many blocks is one that nothing interrupted.
BLOCK_SECONDS = 0.002
BLOCKS_LEAST, BLOCKS_MOST = 2, 25
BLOCKS_SECONDS = 0.3  # after which no block is begun once the least are made


def run_seconds(backend: Backend, program) -> float:
    """Seconds of one run of a program, waited for: by events on a CUDA device, else by the clock of the host."""
    if backend.name != "cuda":
        start = perf_counter()
        program.run()
        return perf_counter() - start
    import cupy

    begin, end = cupy.cuda.Event(), cupy.cuda.Event()
    begin.record(backend.stream)
    program.run()
    end.record(backend.stream)
    end.synchronize()
    return 1e-3 * cupy.cuda.get_elapsed_time(begin, end)


def launch_seconds(backend: Backend, node: Node) -> float:
    """Seconds of one launch of a node: the best of some blocks of launches, after a warm-up.

    What the node writes is put back afterwards.
    """
    written = [node.arguments[a.name] for a in node.kernel.arguments if a.is_array and a.mode != "in"]
    before = [backend.to_host(array) for array in written]
    try:
        return _best(backend, [node])
    finally:
        for array, values in zip(written, before, strict=True):
            backend.upload(array, values)


def _best(backend: Backend, nodes: Sequence[Node]) -> float:
    once = backend.program(nodes)
    run_seconds(backend, once)  # compiles, links or captures
    repeats = int(min(max(BLOCK_SECONDS / max(run_seconds(backend, once), 1e-9), 1), REPEATS_MOST))
    block = backend.program([*nodes] * repeats)
    run_seconds(backend, block)
    times, begin = [], perf_counter()
    while len(times) < BLOCKS_LEAST or (len(times) < BLOCKS_MOST and perf_counter() - begin < BLOCKS_SECONDS):
        times.append(run_seconds(backend, block))
    return min(times) / repeats
