"""The script for GPU machines: its arguments and its skipping, with stand-ins for the programs it calls."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "gpu_check.sh"

# Stands for Python: nothing can be imported, every benchmark passes but `headline`.
STAND_IN = """#!/bin/sh
case "$*" in
    -c*) shift 2; echo "$@" ;;
    *headline) echo "no time step"; exit 1 ;;
    *) echo "$@" ;;
esac
"""


@pytest.fixture
def stand_in(tmp_path):
    python = tmp_path / "python"
    python.write_text(STAND_IN, encoding="ascii")
    python.chmod(0o755)
    return {**os.environ, "PYTHON": str(python)}


def run(environment, *arguments):
    return subprocess.run(
        ["bash", str(SCRIPT), *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_missing_packages_skip_their_parts_and_a_failure_is_told(tmp_path, stand_in):
    result = run(stand_in, "-o", str(tmp_path / "out"), "--backend", "native", "--validate", "rack_duct")
    assert result.returncode == 1
    rows = {line.split()[0]: line for line in (tmp_path / "out" / "table.txt").read_text().splitlines()}
    assert "skipped: pytest not installed" in rows["tests"]
    assert "skipped: pydantic pint tomlkit not installed" in rows["rack_duct"]
    assert "FAILED (1)" in rows["headline"]
    assert all("passed" in rows[name] for name in ("bandwidth", "kernels", "sizes", "memory", "giant"))
    assert result.stdout.rstrip().endswith(rows["rack_duct"].rstrip())  # the table comes last


def test_an_unknown_argument_is_refused(stand_in):
    assert run(stand_in, "--warp").returncode == 2
