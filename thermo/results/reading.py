"""Reading a finished or interrupted run back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import xarray

from thermo.results.directory import RunDirectory
from thermo.results.index import inspect


class Run:
    """A run directory, opened for reading."""

    def __init__(self, path: str | Path):
        """Raises FileNotFoundError if ``path`` does not hold a run."""
        self.directory = RunDirectory(Path(path))
        if not self.directory.holds_a_run():
            raise FileNotFoundError(f"{path} holds no run (there is no {self.directory.case.name})")

    @property
    def report(self) -> dict:
        """The content of ``report.json``."""
        return json.loads(self.directory.report.read_text(encoding="utf-8"))

    @property
    def times(self) -> np.ndarray:
        """Output times, s."""
        return np.array([inspect(path).time for path in self.directory.field_files()])

    def fields(self, time: int | float = -1) -> xarray.Dataset:
        """The fields of one output, in memory; coordinates x, y, z (m) and ``time`` (s).

        ``time``: an integer counts outputs as in a list (-1 is the last); a float is the simulated time in s, and the
        nearest output is taken. Raises IndexError if there is no such output.
        """
        files = self.directory.field_files()
        if not files:
            raise IndexError(f"{self.directory.path} has no output yet")
        number = time if isinstance(time, (int, np.integer)) else int(np.argmin(np.abs(self.times - time)))
        with xarray.open_dataset(files[number], engine="h5netcdf") as dataset:
            return dataset.drop_vars("case").set_coords("time").load()

    def history(self) -> xarray.Dataset:
        """``history.csv`` as variables over ``time`` (s)."""
        with open(self.directory.history, encoding="utf-8", newline="") as stream:
            columns, *rows = csv.reader(stream)
        values = {name: np.array([float(row[n] or "nan") for row in rows]) for n, name in enumerate(columns)}
        time = values.pop("time_s")
        return xarray.Dataset({name: ("time", column) for name, column in values.items()}, coords={"time": time})
