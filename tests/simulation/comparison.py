"""Two runs compared bit by bit."""

from __future__ import annotations

import h5py
import numpy as np

from thermo.results.checkpoint import CheckpointSlots


def final_state(directory):
    return CheckpointSlots(directory / "checkpoint").read_latest()[0].state


def assert_same_run(one, other):
    """Bit-identical state, history, and fields."""
    state, expected = final_state(one), final_state(other)
    assert state.keys() == expected.keys()
    for name, value in expected.items():
        assert np.asarray(state[name]).tobytes() == np.asarray(value).tobytes(), name
    assert (one / "history.csv").read_bytes() == (other / "history.csv").read_bytes()
    names = sorted(path.name for path in (other / "fields").iterdir())
    assert sorted(path.name for path in (one / "fields").iterdir()) == names
    for name in names:
        with h5py.File(one / "fields" / name) as a, h5py.File(other / "fields" / name) as b:
            assert a.keys() == b.keys()
            for key in ("time", *a["VTKHDF/CellData"]):
                assert (
                    np.asarray(a.get(key, a["VTKHDF/CellData"].get(key))).tobytes()
                    == np.asarray(b.get(key, b["VTKHDF/CellData"].get(key))).tobytes()
                ), (name, key)
