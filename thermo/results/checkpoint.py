"""Checkpoints: the raw state of a run in two slots written in turn, every array guarded by a CRC-32.

Two slots, because the newest file may be the one that the disk lost: reading falls back to the older one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from thermo.results.hdf5 import new_hdf5

FORMAT = "thermo checkpoint 1.0"
SLOTS = ("A", "B")


class CheckpointError(Exception):
    """No usable checkpoint, or one that belongs to another case."""


@dataclass(frozen=True)
class Checkpoint:
    """``header``: JSON values of the run (identity, counters); ``state``: raw arrays and numbers of the solver."""

    header: dict
    state: dict[str, np.ndarray | int | float | bool]


class CheckpointSlots:
    """``A.h5`` and ``B.h5`` in one folder."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._sequence = 0

    def write(self, checkpoint: Checkpoint) -> Path:
        """Write the next slot atomically; the other one stays as it is. Raises OSError if the disk is full."""
        path = self._folder / f"{SLOTS[self._sequence % 2]}.h5"
        with new_hdf5(path, checkpoint.state) as file:
            file.attrs["format"] = FORMAT
            file.attrs["sequence"] = self._sequence
            file.attrs["header"] = json.dumps(checkpoint.header)
            _write_state(file, checkpoint.state)
        self._sequence += 1
        return path

    def read_latest(self) -> tuple[Checkpoint, list[str]]:
        """The newest intact checkpoint, and a line for each slot that could not be used.

        Raises CheckpointError if neither slot holds one. Later writes go to the other slot.
        """
        found, complaints = [], []
        for slot in SLOTS:
            path = self._folder / f"{slot}.h5"
            if not path.exists():
                continue
            try:
                found.append(_read(path))
            except (OSError, KeyError, ValueError) as error:
                complaints.append(f"checkpoint {path} is damaged and was passed over: {error}")
        if not found:
            raise CheckpointError("; ".join(complaints) or f"no checkpoint in {self._folder}")
        sequence, checkpoint = max(found, key=lambda entry: entry[0])
        self._sequence = sequence + 1
        return checkpoint, complaints


def _write_state(file: h5py.File, state: Mapping[str, np.ndarray | int | float | bool]) -> None:
    for number, (name, value) in enumerate(state.items()):
        array = np.asarray(value)
        # the name is an attribute: it may hold characters that HDF5 paths reserve
        dataset = file.create_dataset(f"{number:06d}", data=array)
        dataset.attrs["name"] = name
        dataset.attrs["crc32"] = _crc32(array)
        dataset.attrs["number"] = isinstance(value, (bool, int, float))


def _read(path: Path) -> tuple[int, Checkpoint]:
    """Sequence number and content of a slot. Raises OSError, KeyError, ValueError if it is not an intact checkpoint."""
    with h5py.File(path, "r") as file:
        if file.attrs["format"] != FORMAT:
            raise ValueError(f"format {file.attrs['format']!r}, expected {FORMAT!r}")
        state = {}
        for dataset in file.values():
            array, name = dataset[()], dataset.attrs["name"]
            if _crc32(array) != dataset.attrs["crc32"]:
                raise ValueError(f"array {name!r} does not match its CRC")
            state[name] = array.item() if dataset.attrs["number"] else np.asarray(array)
        return int(file.attrs["sequence"]), Checkpoint(json.loads(file.attrs["header"]), state)


def _crc32(array: np.ndarray) -> int:
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8))
