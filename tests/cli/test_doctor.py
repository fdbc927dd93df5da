"""`thermo doctor`: every backend is listed, and foreign packages under our names are named."""

from __future__ import annotations

import subprocess
import sys

from thermo import doctor
from thermo.cli import main


def test_every_backend_is_listed_with_its_reason(capsys, monkeypatch):
    # the copy rate of a real machine takes seconds to measure; that it is measured is kernels' own test
    found = doctor.kernels.available_backends()
    monkeypatch.setattr(
        doctor.kernels,
        "available_backends",
        lambda bandwidth: [b._replace(details=b.details | {"bandwidth": 12.5e9}) for b in found],
    )
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in ("cuda", "native", "numpy", "12.5"))


def test_a_distribution_that_shadows_an_import_name_is_named(monkeypatch):
    monkeypatch.setattr(
        doctor.metadata,
        "packages_distributions",
        lambda: {"kernels": ["Thermo_Airflow", "kernels"], "thermo": ["thermo"]},
    )
    clashes = doctor.name_clashes()
    assert len(clashes) == 2
    assert "'thermo'" in clashes[0] and "distribution thermo:" in clashes[0]
    assert "'kernels'" in clashes[1] and "distribution kernels:" in clashes[1]


def test_a_package_found_elsewhere_is_named(tmp_path):
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / "__init__.py").touch()
    script = (
        "import sys, kernels; from thermo import doctor; del sys.modules['kernels']; "
        f"sys.path.insert(0, {str(tmp_path)!r}); print(doctor.name_clashes())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert str(tmp_path / "kernels") in done.stdout
