"""Checkpoints: exact round trip, two slots in turn, damage found."""

from __future__ import annotations

import numpy as np
import pytest

from thermo.results.checkpoint import Checkpoint, CheckpointError, CheckpointSlots

STATE = {
    "part0/theta": np.random.default_rng(1).standard_normal((5, 6, 7)).astype(np.float32),
    "p0": np.array([101325.0, np.nan]),
    "empty": np.zeros((0, 3), dtype=np.int32),
    "flags": np.arange(8, dtype=np.uint8),
    "dt": 0.1 + 2**-50,
    "step": 12345678901,
    "averaging": True,
}


def test_round_trip_is_bit_exact(tmp_path):
    header = {"identity": "abc", "time": 1.0 / 3.0}
    CheckpointSlots(tmp_path).write(Checkpoint(header, STATE))
    checkpoint, complaints = CheckpointSlots(tmp_path).read_latest()
    assert complaints == []
    assert checkpoint.header == header
    assert list(checkpoint.state) == list(STATE)
    for name, value in STATE.items():
        read = checkpoint.state[name]
        assert type(read) is type(value)
        if isinstance(value, np.ndarray):
            assert read.dtype == value.dtype and read.shape == value.shape and read.tobytes() == value.tobytes()
        else:
            assert read == value


def test_slots_are_written_in_turn_also_after_reading(tmp_path):
    slots = CheckpointSlots(tmp_path)
    paths = [slots.write(Checkpoint({"n": n}, {})).name for n in range(3)]
    assert paths == ["A.h5", "B.h5", "A.h5"]
    again = CheckpointSlots(tmp_path)
    assert again.read_latest()[0].header == {"n": 2}
    assert again.write(Checkpoint({"n": 3}, {})).name == "B.h5"


def damage(path):
    """Flip one bit of the array data, which HDF5 itself does not notice."""
    content = bytearray(path.read_bytes())
    position = content.find(STATE["part0/theta"].tobytes())
    content[position + 10] ^= 1
    path.write_bytes(content)


def test_a_flipped_bit_makes_the_older_slot_be_used_and_overwrites_the_damaged_one(tmp_path):
    slots = CheckpointSlots(tmp_path)
    slots.write(Checkpoint({"n": 0}, STATE))
    damage(slots.write(Checkpoint({"n": 1}, STATE)))
    again = CheckpointSlots(tmp_path)
    checkpoint, complaints = again.read_latest()
    assert checkpoint.header == {"n": 0}
    assert len(complaints) == 1 and "CRC" in complaints[0] and "B.h5" in complaints[0]
    assert again.write(Checkpoint({"n": 1}, STATE)).name == "B.h5"


def test_nothing_usable(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        CheckpointSlots(tmp_path).read_latest()
    (tmp_path / "A.h5").write_bytes(b"not HDF5")
    with pytest.raises(CheckpointError, match="damaged"):
        CheckpointSlots(tmp_path).read_latest()
