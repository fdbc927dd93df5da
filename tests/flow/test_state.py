"""A solver restored from its state goes on bit for bit."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kernels import open_backend
from tests.flow.hall import hall, solver_of

FIRST, ALL = 80, 200  # steps
AVERAGE_FROM = 40
ROOT = Path(__file__).resolve().parents[2]


def fresh(sealed: bool, parts=(1, 1, 1)):
    """Single precision, adaptive time step, default tolerances."""
    backend = open_backend("native", "single")
    return solver_of(
        hall(sealed=sealed), backend, parts, time_step=None, tolerance=1e-4, relative_tolerance=1e-3, courant=0.5
    )


def march(solver, until: int):
    """Advance to a step number; the averages begin on the way."""
    while solver.step < until:
        if solver.step == AVERAGE_FROM:
            solver.start_average()
        solver.advance()
    return solver


def assert_same(found: dict, expected: dict):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 1, 1)])
@pytest.mark.parametrize("sealed", [False, True])
def test_interrupted_run_equals_the_uninterrupted(sealed, parts):
    whole = march(fresh(sealed, parts), ALL)
    saved = march(fresh(sealed, parts), FIRST).state()
    resumed = fresh(sealed, parts)
    march(resumed, 3)  # what it held before does not matter
    resumed.restore(saved)
    march(resumed, ALL)
    assert_same(resumed.state(), whole.state())
    assert resumed.report() == whole.report()
    assert resumed.readings() == whole.readings()
    for name in ("temperature", "pressure", "velocity"):
        assert np.array_equal(resumed.field(name), whole.field(name)), name
        assert np.array_equal(resumed.average(name), whole.average(name)), name


def test_taking_the_state_changes_nothing():
    looked_at, left_alone = fresh(False), fresh(False)
    for _ in range(10):
        looked_at.advance()
        looked_at.state()
        left_alone.advance()
    assert_same(looked_at.state(), left_alone.state())


def test_number_of_threads_changes_nothing(tmp_path):
    """The thread number is fixed when a process starts its first parallel loop, so each run has its own process."""
    script = (
        "import sys, numpy as np\n"
        "from tests.flow.test_state import fresh, march\n"
        "np.savez(sys.argv[1], **march(fresh(False), 60).state())\n"
    )
    found = []
    for threads in ("1", "2"):
        path = tmp_path / f"{threads}.npz"
        environment = os.environ | {"OMP_NUM_THREADS": threads}
        subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, env=environment, check=True)
        found.append(dict(np.load(path)))
    assert_same(found[1], found[0])


def test_state_of_another_mesh_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        fresh(True).restore(fresh(False, (2, 1, 1)).state())
