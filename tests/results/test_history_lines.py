"""The history: exact numbers, whole lines, cutting back."""

from __future__ import annotations

import pytest

from thermo.results.history import History, LineFile


def test_numbers_read_back_exactly_and_nested_readings_become_columns(tmp_path):
    path = tmp_path / "history.csv"
    history = History(path)
    history.append({"time": 0.1 + 0.2, "iterations": 3, "p0": [101325.0, 5e-324], "probes": {"a, b": 1e300}})
    history.close()
    header, line = path.read_text().splitlines()
    assert header == 'time,iterations,p0.0,p0.1,"probes.a, b"'
    assert [float(cell) for cell in line.split(",")] == [0.1 + 0.2, 3, 101325.0, 5e-324, 1e300]


def test_a_missing_reading_leaves_its_cell_empty_and_a_new_one_is_refused(tmp_path):
    history = History(tmp_path / "history.csv")
    history.append({"time": 0.0, "dt": 1.0})
    history.append({"time": 0.5})
    assert (tmp_path / "history.csv").read_text().splitlines()[-1] == "0.5,"
    with pytest.raises(ValueError, match="courant"):
        history.append({"time": 1.0, "courant": 1.0})
    history.close()


def test_cut_back_on_resume_leaves_the_file_of_an_uninterrupted_run(tmp_path):
    def line(n):
        return {"time": float(n), "dt": 0.1 * n}

    whole = History(tmp_path / "whole.csv")
    for n in range(6):
        whole.append(line(n))
    whole.close()

    path = tmp_path / "history.csv"
    history = History(path)
    for n in range(3):
        history.append(line(n))
    length = history.flush_to_disk()
    history.append(line(3))
    history.close()
    with open(path, "a") as stream:
        stream.write("4.0,0.")

    history = History(path, length)
    for n in range(3, 6):
        history.append(line(n))
    history.close()
    assert path.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_line_cut_short_is_dropped(tmp_path):
    path = tmp_path / "run.log"
    path.write_text("one\ntw")
    log = LineFile(path)
    log.append("three")
    log.close()
    assert path.read_text() == "one\nthree\n"
