"""The suite on a coarse room: parts, files, comparison, command line. Nothing here asks for a speed."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

import kernels
from benchmarks import compare, headline, headline_search, kernel_table, memory, sizes, suite, timing
from benchmarks.arguments import PART_NAMES
from benchmarks.machine import label
from benchmarks.report import load, table
from benchmarks.session import thread_counts, threads
from thermo.cli import main

COARSE = 0.2  # m, 10,800 cells


@pytest.fixture
def coarse(monkeypatch):
    monkeypatch.setattr(kernel_table, "QUICK_CELL", COARSE)
    monkeypatch.setattr(memory, "QUICK_CELL", COARSE)
    monkeypatch.setattr(sizes, "QUICK_CELLS", (COARSE,))
    monkeypatch.setattr(sizes, "QUICK_BLOCKS_SECONDS", 0.0)
    monkeypatch.setattr(kernel_table, "STEP_SECONDS", 0.0)
    monkeypatch.setattr(timing, "BLOCK_SECONDS", 0.0)
    monkeypatch.setattr(timing, "BLOCKS_SECONDS", 0.0)


def test_the_command_offers_every_part():
    assert tuple(suite.PARTS) == PART_NAMES


def test_bench_writes_json_and_markdown_of_the_parts_asked_for(coarse, tmp_path, capsys):
    assert main(["bench", "--backend", "native", "--quick", "-o", str(tmp_path), "kernels", "memory", "sizes"]) == 0
    assert "step" in capsys.readouterr().out
    document = load(tmp_path / "native_single.json")
    assert list(document["parts"]) == ["kernels", "sizes", "memory"]
    text = (tmp_path / "native_single.md").read_text(encoding="utf-8")
    assert "`momentum`" in text and "## Memory" in text

    found = document["parts"]["kernels"]["found"]
    rows = {(row["kernel"], row["where"]): row for row in found["tables"][0]["rows"]}
    assert found["cells"] == 10_800 and found["fluid_cells"] == 8_640
    assert rows["pressure_apply", "finest"]["launches"] >= 1
    assert rows["temperature", "finest"]["elements"] == found["cells"] * rows["temperature", "finest"]["launches"]
    assert all(row["seconds"] > 0.0 and row["bytes"] > 0 for row in rows.values())

    # a part that is not named stays in the file
    assert main(["bench", "--backend", "native", "--quick", "-o", str(tmp_path), "memory"]) == 0
    again = load(tmp_path / "native_single.json")
    assert again["parts"]["kernels"] == document["parts"]["kernels"]


def test_memory_is_what_the_solver_holds(coarse, tmp_path):
    suite.run_suite("numpy", quick=True, directory=tmp_path, parts=["memory"], say=lambda _: None)
    low_mach, averaged, boussinesq, _ = load(tmp_path / "numpy_single.json")["parts"]["memory"]["found"]["rows"]
    # five averages of four bytes; the padded fields have (34 x 28 x 19) / (30 x 24 x 15) as many elements as cells
    assert averaged["measured"] - low_mach["measured"] == pytest.approx(5 * 4 * 34 * 28 * 19 / 10_800, rel=0.1)
    assert boussinesq["measured"] < low_mach["measured"]


def test_one_thread_and_all_are_measured_and_the_number_is_put_back():
    backend = kernels.open_backend("native")
    with threads(backend, 2):
        assert thread_counts(backend) == [1, 2]
        with threads(backend, 1):
            assert thread_counts(backend) == [1]
        assert backend.threads == 2
    assert thread_counts(kernels.open_backend("numpy")) == [None]


def test_an_unknown_part_and_a_foreign_file_are_bad_input(tmp_path, capsys):
    assert main(["bench", "warp", "-o", str(tmp_path)]) == 2
    assert "warp" in capsys.readouterr().err
    (tmp_path / "numpy_single.json").write_text('{"schema": 99}', encoding="utf-8")
    assert main(["bench", "--backend", "numpy", "bandwidth", "-o", str(tmp_path)]) == 2


def _document(seconds: float) -> dict:
    row = {"kernel": "momentum", "where": "finest", "launches": 2.0, "elements": 100.0, "bytes": 100.0}
    row["seconds"] = seconds
    one = {"threads": 1, "step_s": 1.0, "copy_bytes_per_s": 1e9, "iterations": 4, "rows": [row]}
    found = {"cell_m": 0.1, "cells": 100, "fluid_cells": 80, "tables": [one]}
    return {"schema": 1, "backend": "native", "precision": "single", "machine": {"device": "a machine", "label": "a"},
            "parts": {"kernels": {"quick": True, "when": "", "wall_s": 1.0, "text": "", "found": found}}}  # fmt: skip


@pytest.mark.parametrize(("seconds", "code"), [(1.0, 0), (1.05, 0), (1.2, 1)])
def test_compare_flags_a_slower_kernel(tmp_path, monkeypatch, capsys, seconds, code):
    files = []
    for name, document in (("old", _document(1.0)), ("new", _document(seconds))):
        files.append(tmp_path / f"{name}.json")
        suite.write(files[-1], document)
    monkeypatch.setattr("sys.argv", ["compare", *map(str, files)])
    assert compare.main() == code
    lines = [line for line in capsys.readouterr().out.splitlines() if "SLOWER" in line]
    assert len(lines) == code and all("momentum" in line for line in lines)


def test_result_files_round_trip(tmp_path):
    document = _document(1.0)
    suite.write(tmp_path / "native_single.json", deepcopy(document))
    assert load(tmp_path / "native_single.json") == document
    text = (tmp_path / "native_single.md").read_text(encoding="utf-8")
    assert "# a machine" in text and "## Kernels of one step" in text
    assert load(tmp_path / "none.json")["parts"] == {}


@pytest.mark.parametrize(
    ("device", "cores", "gpu", "wanted"),
    [
        ("AMD EPYC 7763 64-Core Processor", 8, False, "amd-epyc-7763-8-cores"),
        ("Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz", 1, False, "intel-xeon-platinum-8370c-1-core"),
        ("NVIDIA H200", 16, True, "nvidia-h200"),
    ],
)
def test_the_label_is_that_of_the_processor(device, cores, gpu, wanted):
    assert label(device, cores, gpu) == wanted


def test_table():
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n|---|---|\n| 1 | 2 |\n"


def test_the_search_keeps_its_runs_and_the_headline_uses_them(tmp_path, monkeypatch):
    monkeypatch.setattr(headline_search, "RESULTS", tmp_path)
    monkeypatch.setattr(headline_search, "UNTIL", 0.25)
    monkeypatch.setattr(headline, "UNTIL", 0.5)
    monkeypatch.setattr(headline, "QUICK_CELLS", (COARSE,))
    search = ["search", "--cell", str(COARSE), "--backend", "native", "--time-steps", "0.025", "0.0125"]
    monkeypatch.setattr("sys.argv", [*search, "--limit", "0"])
    assert headline_search.main() == 1  # out of time
    monkeypatch.setattr("sys.argv", search)
    assert headline_search.main() == 0
    kept = json.loads(headline_search.result_file(COARSE).read_text(encoding="utf-8"))
    assert kept["found"]["rack_difference_k"] < headline_search.LIMIT
    assert kept["found"]["predictable_s"] == 0.25
    assert all(len(values) == len(run["times_s"]) for run in kept["runs"] for values in run["inlets_c"].values())
    monkeypatch.setattr(headline_search, "march", None)  # every run is in the file
    assert headline_search.main() == 0

    suite.run_suite("native", quick=True, directory=tmp_path, parts=["headline"], say=lambda _: None)
    row = load(tmp_path / "native_single.json")["parts"]["headline"]["found"]["rows"][0]
    assert row["time_step"] == kept["found"]["time_step"] and row["simulated_s"] == 0.5
