"""No half-written file ever stands under a final name."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time

import h5py
import numpy as np
import pytest

from thermo.results.atomic import replacing, sweep, write_text
from thermo.results.hdf5 import SPARE_BYTES, new_hdf5

WRITER = """
import sys
from pathlib import Path
import numpy as np
from thermo.results.fields import Grid, write_fields
n = 64
faces = np.linspace(0.0, 1.0, n + 1)
grid = Grid(faces, faces, faces, np.zeros((n, n, n), np.uint8))
field = np.ones((n, n, n), np.float32)
print("ready", flush=True)
for output in range(1_000_000):
    write_fields(Path(sys.argv[1]) / f"{output % 3}.vtkhdf", grid, float(output), {"temperature": field * output}, "")
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_writer_leaves_only_complete_files(tmp_path):
    complete = 0
    for trial in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        writer.stdout.readline()
        time.sleep(0.05 + 0.0173 * trial)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        for path in tmp_path.glob("*.vtkhdf"):
            with h5py.File(path) as file:
                assert (file["temperature"][...] == file["time"][()]).all()
            complete += 1
    assert complete > 0
    sweep(tmp_path)
    assert list(tmp_path.glob("*.tmp")) == []


def test_a_failing_writer_keeps_the_old_file(tmp_path):
    path = tmp_path / "report.json"
    write_text(path, "old")
    with pytest.raises(OSError), replacing(path) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("short", [0, 1])
def test_a_file_is_not_begun_if_the_disk_cannot_hold_it(tmp_path, monkeypatch, short):
    array = np.ones(1000)
    usage = shutil.disk_usage(tmp_path)._replace(free=SPARE_BYTES + array.nbytes - short)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)

    def write():
        with new_hdf5(tmp_path / "A.h5", {"array": array}) as file:
            file["array"] = array

    if short:
        with pytest.raises(OSError) as caught:
            write()
        assert caught.value.errno == errno.ENOSPC
        assert list(tmp_path.iterdir()) == []
    else:
        write()
        assert (tmp_path / "A.h5").exists()


def test_a_truncated_file_does_not_take_the_final_name(tmp_path):
    path = tmp_path / "A.h5"
    with pytest.raises(OSError), new_hdf5(path, {}) as file:
        file["array"] = np.ones(1000)
        file.close()
        os.truncate(path.with_name("A.h5.tmp"), 1000)
    assert list(tmp_path.iterdir()) == []
