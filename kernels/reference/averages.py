"""References of the time sums."""

import numpy as np

from kernels.reference import at
from kernels.reference.terms import store_cells, store_rows, terms
from kernels.scalars import Scalar


def accumulate(extent, switches, magnitude=None, *, x, scalars, sum):
    """sum = sum + dt x."""
    before, values = terms(magnitude, sum, x)
    store_cells(magnitude, "sum", sum, at(before) + scalars.astype(x.dtype)[Scalar.DT] * at(values))


def accumulate_faces(extent, switches, magnitude=None, *, count, x, scalars, sum):
    """sum = sum + dt x, in ghost layers too."""
    before, values = terms(magnitude, sum.ravel().copy(), x.ravel())
    total = before + scalars.astype(x.dtype)[Scalar.DT] * values
    store_rows(magnitude, "sum", sum, np.arange(count), total)


def accumulate_velocity(extent, switches, magnitude=None, *, ux, uy, uz, scalars, sum_x, sum_y, sum_z):
    """sum = sum + dt u, with u at the cell centres the mean of the two faces."""
    dt = scalars.astype(ux.dtype)[Scalar.DT]
    steps = (("sum_x", sum_x, ux, {"i": 1}), ("sum_y", sum_y, uy, {"j": 1}), ("sum_z", sum_z, uz, {"k": 1}))
    for name, output, component, to_high_face in steps:
        before, u = terms(magnitude, output, component)
        store_cells(magnitude, name, output, at(before) + dt * (at(u) + at(u, **to_high_face)) / 2)
