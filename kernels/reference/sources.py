"""References of properties, sources and the sums of the ledger."""

import numpy as np

from kernels.reference import at, record
from kernels.reference.terms import store_cells, store_rows, terms
from kernels.scalars import Scalar


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


def liquid_viscosity(extent, switches, magnitude=None, *, theta, law, scalars, mu, diffusivity):
    """mu = (c0 + c1 x + c2 x^2 + c3 x^3)^-4, x = theta/100 within the range of the fit; k/c_p constant."""
    real = theta.dtype.type
    *coefficients, low, high = law.astype(theta.dtype)
    x = np.clip(at(theta), low, high) / 100
    powers = [c * x**n for n, c in enumerate(coefficients)]
    root = sum(powers)
    at(mu)[...] = root**-4
    at(diffusivity)[...] = real(scalars[Scalar.CONDUCTIVITY])
    # the relative error of the sum, four times
    record(magnitude, "mu", mu, 4 * at(mu) * sum(np.abs(power) for power in powers) / np.abs(root))
    record(magnitude, "diffusivity", diffusivity, at(diffusivity))


def volume_force(extent, switches, magnitude=None, *, force, rho, scalars, divisor, stride, stage):
    """stage += dt/divisor force, over the density of the face with VELOCITY."""
    push, level, cell_density = terms(magnitude, at(force), at(stage), rho)
    density = 1
    if switches["VELOCITY"]:
        axis = {1: "i", extent.sy: "j", extent.sz: "k"}[stride]
        density = scalars.astype(force.dtype)[Scalar.DENSITY]
        if switches["LOW_MACH"]:
            density = (at(cell_density) + at(cell_density, **{axis: -1})) / 2
    store_cells(magnitude, "stage", stage, level + scalars.astype(force.dtype)[Scalar.DT] / divisor * push / density)


def volume_heat(extent, switches, magnitude=None, *, q, rho, scalars, divisor, theta_new):
    """d(theta)/dt = q / (rho c_p)."""
    constant = scalars.astype(q.dtype)
    power, level, cell_density = terms(magnitude, at(q), at(theta_new), rho)
    density = at(cell_density) if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    rate = power / (constant[Scalar.HEAT_CAPACITY] * density)
    store_cells(magnitude, "theta_new", theta_new, level + constant[Scalar.DT] / divisor * rate)


def add_heat(
    extent, switches, magnitude=None, *, count, cell, reciprocal_volume, heat_capacity, row_heat, rho, scalars,
    divisor, theta_new,
):  # fmt: skip
    """d(theta)/dt = heat / (V rho c_p) in the cells of the rows."""
    constant = scalars.astype(theta_new.dtype)
    heat, level, cell_density = terms(magnitude, row_heat, theta_new.reshape(-1)[cell], rho.reshape(-1))
    density = cell_density[cell] if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    rate = heat * reciprocal_volume / (heat_capacity * density)
    store_rows(magnitude, "theta_new", theta_new, cell, level + constant[Scalar.DT] / divisor * rate)


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
