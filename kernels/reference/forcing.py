"""References of what drives the air."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import store_rows, terms
from kernels.scalars import Scalar


def fluid_velocity(extent, switches, magnitude=None, *, ux, uy, uz, rho, flags, dx, dy, dz, scalars, result):
    """Volume integrals over the fluid, in float64: the velocity at cell centres, and 1/rho."""
    widths = (along(axis, width.astype(np.float64)) for axis, width in zip("xyz", (dx, dy, dz), strict=True))
    volume = np.prod(np.broadcast_arrays(*widths), axis=0)
    volume[(at(flags) & Flag.FLUID) == 0] = 0.0
    for slot, (component, to_high_face) in enumerate(((ux, {"i": 1}), (uy, {"j": 1}), (uz, {"k": 1}))):
        low, high = terms(magnitude, *(at(component, **shift).astype(np.float64) for shift in ({}, to_high_face)))
        store_rows(magnitude, "result", result, slot, (volume * (low + high) / 2).sum())
    density = at(rho).astype(np.float64) if switches["LOW_MACH"] else scalars[Scalar.DENSITY]
    (specific,) = terms(magnitude, volume / density)
    store_rows(magnitude, "result", result, 3, specific.sum())


def hold_velocity(extent, switches, magnitude=None, *, sums, parts, volume, target, held, scalars, memory):
    """Momentum balance of the mean flow, rho dU/dt = f - drag: the drag of the last step gives the force of the next.

    Density is the harmonic mean over the volume: a force common to all air accelerates it by f <1/rho>.
    """
    per_part, wanted, force, before = terms(magnitude, sums.reshape(-1, 4)[:parts], target, memory[:3], memory[3:6])
    density = volume[0] / per_part[:, 3].sum()
    step, last_step = scalars[Scalar.DT], memory[6]
    for axis in np.arange(3):
        mean = per_part[:, axis].sum() / volume[0]
        acceleration = (mean - before[axis]) / last_step if last_step > 0.0 else 0.0
        drag = force[axis] - density * acceleration
        new = drag + density * ((wanted[axis] - mean) / step)
        if held[axis]:
            store_rows(magnitude, "scalars", scalars, Scalar.FORCE_X + axis, new)
        store_rows(magnitude, "memory", memory, axis, new if held[axis] else 0.0)
        store_rows(magnitude, "memory", memory, 3 + axis, mean)
    store_rows(magnitude, "memory", memory, 6, step)
