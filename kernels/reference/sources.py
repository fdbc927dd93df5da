"""References of properties, sources and the sums of the ledger."""

import numpy as np

from kernels.reference import at, record
from kernels.scalars import Scalar


def _advance(magnitude, names, arrays, rate, step):
    """tendency += rate and level += step * rate."""
    for name, array, factor in zip(names, arrays, (1.0, step), strict=True):
        change = array.dtype.type(factor) * rate
        record(magnitude, name, array, at(array), change)
        at(array)[...] += change


def _step(scalars):
    return scalars[Scalar.DT] * scalars[Scalar.WEIGHT_NEW]


def sutherland(extent, switches, magnitude=None, *, theta, scalars, mu, diffusivity):
    """mu = C T^1.5 / (T + S), Sutherland's law; k/c_p = mu / Pr."""
    real = theta.dtype.type
    kelvin = real(scalars[Scalar.TEMPERATURE_ZERO]) + at(theta)
    constant = real(scalars[Scalar.SUTHERLAND_TEMPERATURE])
    viscosity = real(scalars[Scalar.SUTHERLAND]) * kelvin ** real(1.5) / (kelvin + constant)
    at(mu)[...] = viscosity
    at(diffusivity)[...] = viscosity * real(scalars[Scalar.RECIPROCAL_PRANDTL])
    record(magnitude, "mu", mu, viscosity)
    record(magnitude, "diffusivity", diffusivity, at(diffusivity))


def volume_source(extent, switches, magnitude=None, *, rate, scalars, tendency, level):
    """A given rate, added to the tendency and to the new level."""
    _advance(magnitude, ("tendency", "level"), (tendency, level), at(rate), _step(scalars))


def volume_heat(extent, switches, magnitude=None, *, q, rho, scalars, tendency, theta_new):
    """d(theta)/dt = q / (rho c_p)."""
    density = at(rho) if switches["LOW_MACH"] else scalars[Scalar.DENSITY]
    rate = (at(q) / (scalars[Scalar.HEAT_CAPACITY] * density)).astype(q.dtype)
    _advance(magnitude, ("tendency", "theta_new"), (tendency, theta_new), rate, _step(scalars))


def add_heat(
    extent, switches, magnitude=None, *, count, cell, reciprocal_volume, row_heat, rho, scalars, tendency, theta_new,
):  # fmt: skip
    """d(theta)/dt = heat / (V rho c_p) in the cells of the rows."""
    density = rho.reshape(-1)[cell] if switches["LOW_MACH"] else scalars[Scalar.DENSITY]
    rate = (row_heat * reciprocal_volume / (scalars[Scalar.HEAT_CAPACITY] * density)).astype(theta_new.dtype)
    for name, array, factor in (("tendency", tendency, 1.0), ("theta_new", theta_new, _step(scalars))):
        change = array.dtype.type(factor) * rate
        if magnitude is not None:
            magnitude[name] = np.zeros(array.shape)
            magnitude[name].reshape(-1)[cell] = np.abs(array.reshape(-1)[cell]) + np.abs(change)
        array.reshape(-1)[cell] += change


def accumulate_instances(extent, switches, magnitude=None, *, count, mass_flow, theta_in, theta_out, scalars, sums):
    """Time sums of m, m theta_in and m theta_out."""
    added = scalars[Scalar.DT] * np.stack([mass_flow, mass_flow * theta_in, mass_flow * theta_out], axis=-1)
    if magnitude is not None:
        magnitude["sums"] = np.abs(sums) + np.abs(added).reshape(sums.shape)
    sums += added.reshape(sums.shape)


def accumulate_rows(extent, switches, magnitude=None, *, count, value, scalars, sum):
    """Time sum of one number per row."""
    added = scalars[Scalar.DT] * value
    if magnitude is not None:
        magnitude["sum"] = np.abs(sum) + np.abs(added)
    sum += added


def opening_flows(
    extent, switches, magnitude=None, *, count, start, axis, face, cell, outward, area, outside, mx, my, mz, theta,
    scalars, flows, sums,
):  # fmt: skip
    """Mass flow in and out of every opening, and both times theta of the air that flows."""
    fluxes = np.stack([m.reshape(-1) for m in (mx, my, mz)]).astype(np.float64)
    leaving = outward.astype(np.float64) * fluxes[axis, face] * area
    out, into = np.maximum(leaving, 0.0), np.maximum(-leaving, 0.0)
    columns = np.stack([into, out, into * outside, out * theta.reshape(-1)[cell].astype(np.float64)], axis=-1)
    opening = np.repeat(np.arange(count), np.diff(start))
    totals, scale = np.zeros((count, 4)), np.zeros((count, 4))
    np.add.at(totals, opening, columns)
    np.add.at(scale, opening, np.abs(columns))
    flows[...] = totals.reshape(flows.shape)
    if magnitude is not None:
        magnitude["flows"] = scale.reshape(flows.shape)
        magnitude["sums"] = np.abs(sums) + scalars[Scalar.DT] * scale.reshape(sums.shape)
    sums += scalars[Scalar.DT] * flows.reshape(sums.shape)
