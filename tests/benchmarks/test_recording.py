"""Programs are seen from outside, counted, and left as they were."""

import numpy as np

import kernels
from benchmarks.recording import recorded_programs
from benchmarks.timing import launch_seconds
from kernels import Extent


def test_runs_are_counted_and_the_backend_is_left_as_it_was():
    backend = kernels.open_backend("numpy")
    y, scalars = backend.zeros(4), backend.array([3.0])
    node = backend.bind("fill", Extent(1, 1, 1), count=4, y=y, scalars=scalars, value=0)
    with recorded_programs(backend) as programs:
        program = backend.program([node])
    for _ in range(3):
        program.run()
    other = backend.program([node])
    assert [(p.nodes, p.runs) for p in programs] == [((node,), 3)]
    assert not hasattr(other, "runs") and np.all(y == 3.0)


def test_timing_a_kernel_leaves_its_fields_unchanged():
    backend = kernels.open_backend("numpy")
    y, scalars = backend.array(np.arange(4, dtype=np.float32)), backend.array([3.0])
    node = backend.bind("fill", Extent(1, 1, 1), count=4, y=y, scalars=scalars, value=0)
    assert launch_seconds(backend, node) > 0.0
    assert y.tolist() == [0.0, 1.0, 2.0, 3.0]
