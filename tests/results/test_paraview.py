"""ParaView itself reads the XDMF index at every time (where pvpython is installed; tested with 5.11)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.results.known_fields import SHAPE, known_fields
from tests.results.test_field_files import TIMES, write_run

PVPYTHON = shutil.which("pvpython")


@pytest.mark.skipif(PVPYTHON is None, reason="needs ParaView (pvpython)")
@pytest.mark.parametrize("reader", ["XDMFReader", "Xdmf3ReaderS", "Xdmf3ReaderT"])
def test_paraview_reads_the_xdmf_index(tmp_path, grid, reader):
    directory = write_run(tmp_path, grid, TIMES)
    script = Path(__file__).with_name("read_in_paraview.py")
    done = subprocess.run([PVPYTHON, script, directory.xdmf, reader], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout.splitlines()[-1])["outputs"]
    assert [output["time"] for output in outputs] == list(TIMES)
    for time, output in zip(TIMES, outputs, strict=True):
        for axis, faces in (("x", grid.x), ("y", grid.y), ("z", grid.z)):
            np.testing.assert_array_equal(output[axis], faces)
        expected = known_fields(grid, time)
        np.testing.assert_array_equal(np.reshape(output["temperature"], SHAPE), expected["temperature"])
        np.testing.assert_array_equal(np.reshape(output["velocity"], (*SHAPE, 3)), expected["velocity"])
        np.testing.assert_array_equal(np.reshape(output["visible"], SHAPE) == 0, grid.solid == 1)
