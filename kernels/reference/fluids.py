"""References of what several fluids in one run need."""

import numpy as np

from kernels.flags import Flag
from kernels.fluids import FluidColumn, ViscosityLaw
from kernels.reference import along, at, record
from kernels.reference.terms import choose, store_cells, store_rows, terms, value_of
from kernels.scalars import Scalar


def _rows(fluids, region, real):
    """Property by column of the fluid of every entry of `region`."""
    table = fluids.reshape(-1, len(FluidColumn))
    return lambda column: table[:, column].astype(real)[region]


def _viscosity(theta, own, scalars):
    """mu by the law of each fluid, and the size of its terms."""
    real = theta.dtype.type
    kelvin = theta + real(scalars[Scalar.TEMPERATURE_ZERO])
    sutherland = own(FluidColumn.SUTHERLAND) * kelvin ** real(1.5) / (kelvin + own(FluidColumn.SUTHERLAND_KELVIN))
    x = np.clip(theta, own(FluidColumn.LOWEST_THETA), own(FluidColumn.HIGHEST_THETA)) / 100
    powers = [own(FluidColumn.FIT_0 + n) * x**n for n in range(4)]
    root = sum(powers)
    law = own(FluidColumn.LAW)
    among = [law == choice for choice in ViscosityLaw]
    mu = np.select(among, [own(FluidColumn.VISCOSITY), sutherland, root**-4])
    # the relative error of the polynomial, four times
    fit_size = 4 * root**-4 * sum(np.abs(power) for power in powers) / np.abs(root)
    return mu, np.select(among, [mu, mu, fit_size])


def _diffusivity(mu, own):
    by_ratio = own(FluidColumn.LAW) == ViscosityLaw.SUTHERLAND
    return np.where(by_ratio, mu * own(FluidColumn.DIFFUSIVITY_RATIO), own(FluidColumn.CONDUCTION))


def fluid_properties(extent, switches, magnitude=None, *, theta, region, fluids, scalars, mu, diffusivity):
    """mu and k/c_p of the fluid that fills the region of each cell."""
    own = _rows(fluids, at(region), theta.dtype)
    at(mu)[...], size = _viscosity(at(theta), own, scalars)
    at(diffusivity)[...] = _diffusivity(at(mu), own)
    record(magnitude, "mu", mu, size)
    record(magnitude, "diffusivity", diffusivity, at(diffusivity))


def liquid_properties(
    extent, switches, magnitude=None, *, count, cell, theta, region, fluids, scalars, mu, diffusivity
):
    """mu and k/c_p of single cells."""
    own = _rows(fluids, region.reshape(-1)[cell], theta.dtype)
    found, size = _viscosity(theta.reshape(-1)[cell], own, scalars)
    for name, output, values, scale in (
        ("mu", mu, found, size), ("diffusivity", diffusivity, _diffusivity(found, own), _diffusivity(size, own)),
    ):  # fmt: skip
        output.reshape(-1)[cell] = values
        if magnitude is not None:
            magnitude[name] = np.zeros(output.shape)
            magnitude[name].reshape(-1)[cell] = np.abs(scale)


def density_by_region(
    extent, switches, magnitude=None, *, theta_new, flags, region, fluids, dx, dy, dz, pressure, pressure_old, scalars,
    rho, increment, defect, lift,
):  # fmt: skip
    """rho of gases by the ideal gas law, of liquids unchanged; d(rho)/dt and buoyancy: see `density`."""
    real = theta_new.dtype
    constant, label = scalars.astype(real), at(region)
    own = _rows(fluids, label, real)
    new_theta, old_theta, density_now, last = (at(array) for array in terms(magnitude, theta_new, lift, rho, increment))
    zero, gas_constant = constant[Scalar.TEMPERATURE_ZERO], constant[Scalar.GAS_CONSTANT]
    change = (pressure - pressure_old).astype(real)[label]
    new = pressure.astype(real)[label] / (gas_constant * (zero + new_theta))
    gained = change / (gas_constant * (zero + old_theta)) - new * (new_theta - old_theta) / (zero + old_theta)
    growth = constant[Scalar.RATE_NEW] * gained - constant[Scalar.RATE_OLD] * last
    gas = ((at(flags) & Flag.FLUID) != 0) & (own(FluidColumn.GAS) != 0)
    nothing = np.zeros_like(value_of(new_theta))
    kept, gained = choose(gas, new, density_now), choose(gas, gained, nothing)
    warmth = (old_theta + new_theta) / 2 - own(FluidColumn.STILL)
    volume = along("x", dx) * along("y", dy) * along("z", dz)
    store_cells(magnitude, "defect", defect, choose(gas, growth * volume, nothing))
    store_cells(magnitude, "lift", lift, warmth * own(FluidColumn.LIFT) * (kept - gained / 2))
    store_cells(magnitude, "increment", increment, gained)
    store_cells(magnitude, "rho", rho, kept)


def natural_film(
    extent, switches, magnitude=None, *, count, entry, place, far, alike, cell, up, area, distance, back, other, fixed,
    theta, rho, region, fluids, scalars, film,
):  # fmt: skip
    """h A, h the larger of k/y and C k (Ra/L^3)^(1/3), C by the fluid beside a wall, 0.15 above or below, else 0."""
    real = theta.dtype.type
    own = _rows(fluids, region.reshape(-1)[cell], theta.dtype)
    here, density = theta.reshape(-1)[cell], rho.reshape(-1)[cell]
    viscosity, _ = _viscosity(here, own, scalars)
    diffusivity = _diffusivity(viscosity, own)
    conductivity, lift = diffusivity * own(FluidColumn.HEAT_CAPACITY), own(FluidColumn.LIFT)
    beyond = np.where(other[entry] < 0, fixed[entry], theta.reshape(-1)[np.maximum(other[entry], 0)])
    difference = beyond - here
    rising = (up == 0) | (up * difference * lift > 0)
    coefficient = np.where(rising, np.where(up == 0, own(FluidColumn.NATURAL), real(0.15)), 0)
    behind = back[place] + np.where(far < 0, 0, 1 / film[np.maximum(far, 0)])
    least = area * conductivity / distance
    found = least
    for _ in range(2):
        at_surface = np.abs(difference) / (1 + (behind + np.where(alike != 0, 1 / found, 0)) * found)
        per_cube = np.abs(lift) * at_surface * density**2 / (viscosity * diffusivity)
        found = np.maximum(least, area * conductivity * coefficient * np.cbrt(per_cube))
    store_rows(magnitude, "film", film, place, found)
    if magnitude is not None:
        # a third of the relative error of the difference, that of theta over what is left of it; viscosity by its fit
        lost = (np.abs(beyond) + np.abs(here)) / np.maximum(np.abs(difference), 1e-30)
        magnitude["film"][place] = found * (4 + lost / 3)


def scale_cells(extent, switches, magnitude=None, *, count, cell, factor, values):
    """values[cell] *= factor."""
    (before,) = terms(magnitude, values.reshape(-1)[cell])
    store_rows(magnitude, "values", values, cell, before * factor)
