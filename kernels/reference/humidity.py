"""References of moist air."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import store_cells, store_rows, terms
from kernels.scalars import Scalar

MOLAR_MASSES = 0.621945  # of water over dry air


def _virtual(theta, q, scalars):
    """(T0 + theta) (1 + (1/epsilon - 1) q) - T0."""
    vapour = np.float64(1 / MOLAR_MASSES - 1).astype(scalars.dtype)
    return theta + q * vapour * scalars[Scalar.TEMPERATURE_ZERO] + theta * (q * vapour)


def virtual_theta(extent, switches, magnitude=None, *, theta, q, scalars, warm):
    """Virtual temperature over 293.15 K."""
    own, vapour = terms(magnitude, at(theta), at(q))
    store_cells(magnitude, "warm", warm, _virtual(own, vapour, scalars.astype(theta.dtype)))


def to_virtual_theta(extent, switches, magnitude=None, *, q, scalars, theta):
    """Virtual temperature over 293.15 K in place of the temperature."""
    own, vapour = terms(magnitude, at(theta).copy(), at(q))
    store_cells(magnitude, "theta", theta, _virtual(own, vapour, scalars.astype(theta.dtype)))


def vapour_stage(extent, switches, magnitude=None, *, count, gain, given):
    """given + gain/3."""
    before, more = terms(magnitude, given, gain)
    store_rows(magnitude, "given", given, np.arange(count), before + more / 3)


def vapour_defect(extent, switches, magnitude=None, *, count, cell, scalars, given, last, defect):
    """defect - (RATE_NEW m - RATE_OLD m_last) with m = dt given; then m_last is m, and given 0."""
    rows = np.arange(count)
    flow, old, before = terms(magnitude, given.copy(), last.copy(), defect.ravel()[cell].copy())
    mass = flow * scalars[Scalar.DT]
    change = mass * scalars[Scalar.RATE_NEW] - old * scalars[Scalar.RATE_OLD]
    store_rows(magnitude, "defect", defect, cell, before - change)
    store_rows(magnitude, "last", last, rows, mass)
    store_rows(magnitude, "given", given, rows, flow * 0)


def vapour_of_zones(
    extent, switches, magnitude=None, *, cell, region, rows, given, theta, zones, closed, group, vented, volume,
    scalars, mass, energy_pressure, vapour_pressure, heat,
):  # fmt: skip
    """m of vapour adds m to the mass of its shut group, m R T/(epsilon V) to its pressure, and brings c_p m theta."""
    flow, own = terms(magnitude, given[:rows], theta.ravel()[cell[:rows]].astype(float))
    gained = flow * scalars[Scalar.DT]
    work = gained * (own + scalars[Scalar.TEMPERATURE_ZERO]) * (scalars[Scalar.GAS_CONSTANT] / MOLAR_MASSES)
    joined = group[region[:rows], None] == group[None, :zones]
    space = joined @ volume[:zones]
    shut = (closed[region[:rows]] != 0) & (vented[group[region[:rows]]] == 0)
    for name, output, values in (
        ("mass", mass, gained), ("energy_pressure", energy_pressure, work / space),
        ("vapour_pressure", vapour_pressure, work / space),
    ):  # fmt: skip
        (before,) = terms(magnitude, output[:zones].copy())
        for zone in range(zones):
            mine = joined[:, zone] & shut
            store_rows(magnitude, name, output, [zone], before[zone : zone + 1] + values[mine].sum())
    (before,) = terms(magnitude, heat.copy())
    store_rows(magnitude, "heat", heat, [0], before + (gained * own * scalars[Scalar.HEAT_CAPACITY]).sum())


def vapour_volume(extent, switches, magnitude=None, *, q, flags, region, dx, dy, dz, label, result):
    """Sum of V q over the fluid cells of one zone."""
    inside = ((at(flags) & Flag.FLUID) != 0) & (at(region) == label)
    widths = (along(axis, width).astype(float) for axis, width in (("x", dx), ("y", dy), ("z", dz)))
    (vapour,) = terms(magnitude, at(q).astype(float) * np.prod(np.broadcast_arrays(*widths), axis=0) * inside)
    store_rows(magnitude, "result", result, [0], vapour.sum())


def moist_gas(extent, switches, magnitude=None, *, sums, parts, label, volume, scalars, gas):
    """R (1 + (1/epsilon - 1) q) at the mean q of one zone, the sum of V q over the parts over its volume."""
    (vapour,) = terms(magnitude, sums[:parts])
    mixture = vapour.sum() / volume[label] * (1 / MOLAR_MASSES - 1) + 1
    store_rows(magnitude, "gas", gas, label, mixture * scalars[Scalar.GAS_CONSTANT])
