"""The suite runs where the packages that read case files are missing, as on a bare GPU machine."""

import subprocess
import sys

MISSING = ("pydantic", "pint", "tomlkit", "vtk", "rich", "h5py", "xarray", "matplotlib")


def test_the_suite_needs_no_case_format(tmp_path):
    script = (
        "import runpy, sys\n"
        f"sys.modules.update(dict.fromkeys({MISSING}))\n"
        f"sys.argv[1:] = ['--backend', 'numpy', '-o', {str(tmp_path)!r}, 'bandwidth']\n"
        "runpy.run_module('benchmarks', run_name='__main__')\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "numpy_single.json").exists()
