"""Everything a running simulation writes, in the order that keeps the run directory consistent at any moment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from thermo.results.checkpoint import Checkpoint, CheckpointSlots
from thermo.results.directory import RunDirectory
from thermo.results.fields import Grid, write_fields
from thermo.results.history import History, LineFile
from thermo.results.index import Indexes


class Recorder:
    """Writes fields, indexes, history, log and checkpoints of one run.

    A checkpoint vouches for a number of field files and a length of the history and the log. Resuming cuts the
    directory back to that, so that an interrupted run and an uninterrupted one leave the same files.
    """

    def __init__(self, directory: RunDirectory, grid: Grid, case_text: str, resume_from: Mapping | None = None):
        """``resume_from``: the header of the checkpoint the run continues from; None starts an empty directory."""
        self._directory = directory
        self._grid = grid
        self._case_text = case_text
        resumed = resume_from or {"outputs": 0, "history_bytes": 0, "log_bytes": 0}
        for path in directory.field_files()[resumed["outputs"] :]:
            path.unlink()
        self._indexes = Indexes(directory, grid)
        if self._indexes.count:
            self._indexes.write()
        self._history = History(directory.history, resumed["history_bytes"])
        self._log = LineFile(directory.log, resumed["log_bytes"])

    def fields(self, time: float, fields: Mapping[str, np.ndarray]) -> None:
        """Write the next output file, then the indexes that name it."""
        path = self._directory.field_file(self._indexes.count)
        write_fields(path, self._grid, time, fields, self._case_text)
        self._indexes.append(path)

    def history(self, readings: Mapping) -> None:
        self._history.append(readings)

    def log(self, line: str) -> None:
        self._log.append(line)

    def checkpoint(self, slots: CheckpointSlots, header: Mapping, state: Mapping) -> None:
        """Make history and log durable, then write a checkpoint that vouches for them."""
        counters = {
            "outputs": self._indexes.count,
            "history_bytes": self._history.flush_to_disk(),
            "log_bytes": self._log.flush_to_disk(),
        }
        slots.write(Checkpoint({**header, **counters}, dict(state)))

    def close(self) -> None:
        self._history.close()
        self._log.close()
