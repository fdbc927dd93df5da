"""Writing an HDF5 file so that it appears complete or not at all, and a full disk is an ordinary error."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from thermo.results.atomic import replacing

# HDF5 1.8 layouts where they suffice, nothing newer than 1.10: ParaView 5.11 is built with 1.10.
HDF5_VERSIONS = ("v108", "v110")
# Room beyond the arrays for HDF5's own structures, axes, text, and the small files written next.
SPARE_BYTES = 16 * 2**20


@contextmanager
def new_hdf5(path: Path, arrays: Mapping[str, object]) -> Iterator[h5py.File]:
    """Yield an empty file that replaces ``path`` when complete; ``arrays`` are what will be stored.

    Raises OSError (ENOSPC) before anything is written if the arrays do not fit on the disk. Looking first matters:
    where a disk fills up while HDF5 closes a file, HDF5 may lose the error, or crash the process.
    """
    require_space(path, sum(np.asarray(array).nbytes for array in arrays.values()))
    with replacing(path) as temporary:
        with h5py.File(temporary, "w", libver=HDF5_VERSIONS, track_order=True) as file:
            yield file
        # an error lost on closing shows as a truncated file, which does not open
        h5py.File(temporary, "r").close()


def require_space(path: Path, size: int) -> None:
    """Raise OSError (ENOSPC) if ``size`` bytes, and a little, do not fit on the disk of ``path``."""
    free = shutil.disk_usage(path.parent).free
    if size + SPARE_BYTES > free:
        raise OSError(errno.ENOSPC, f"{size / 1e6:.0f} MB needed, {free / 1e6:.0f} MB free", str(path))
