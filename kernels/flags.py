"""Bits of the `flags` field: what a cell and its three low faces are.

The same names are constants in every kernel source (see `shells.py`).
"""

from enum import IntFlag


class Flag(IntFlag):
    """Meaning of each bit of `flags[k, j, i]`."""

    OPEN_X = 1  # the low x face is open: its mass flux is an unknown of the projection
    OPEN_Y = 2
    OPEN_Z = 4
    FLUID = 8  # the cell is fluid
    FREE_X = 16  # the low x face is closed but free of shear: free-slip wall, symmetry, port, pressure opening
    FREE_Y = 32
    FREE_Z = 64
