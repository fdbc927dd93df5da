"""References of density, thermodynamic pressure, continuity and the correction of the projection."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import choose, store_cells, store_rows, terms, value_of
from kernels.scalars import Scalar


def _fluid(flags):
    return (at(flags) & Flag.FLUID) != 0


def _volumes(dx, dy, dz):
    return along("x", dx) * along("y", dy) * along("z", dz)


def density_ahead(extent, switches, magnitude=None, *, increment, scalars, rho):
    """rho at the middle of the step, by the straight line through the last two steps."""
    growth, density_now = terms(magnitude, at(increment), at(rho))
    store_cells(magnitude, "rho", rho, density_now + scalars.astype(rho.dtype)[Scalar.AHEAD] * growth)


def _buoyancy(theta, density, constant):
    """(rho - rho_still) g, N/m3: rho_still - rho = rho (T - T_still) / T_still of an ideal gas."""
    return constant[Scalar.BUOYANCY] * (theta - constant[Scalar.THETA_STILL]) * density


def density(
    extent, switches, magnitude=None, *, theta_new, flags, region, dx, dy, dz, pressure, pressure_old, scalars, rho,
    increment, defect, lift,
):  # fmt: skip
    """Ideal gas, rho = p0 / (R T), what it gains over the step, V d(rho)/dt, and the buoyancy halfway through the step.

    With T' and p' of the new level, p'/(R T') - p/(R T) = (p' - p)/(R T) - rho' (T' - T)/T: two small terms, not the
    difference of two densities. d(rho)/dt is second order in time: it weighs this gain and the last one. `lift` comes
    with theta of the old level. Cells that are not fluid keep their density.
    """
    real = theta_new.dtype
    constant, label = scalars.astype(real), at(region)
    fields = terms(magnitude, theta_new, lift, rho, increment)
    new_theta, old_theta, density_now, last = (at(field) for field in fields)
    zero, gas = constant[Scalar.TEMPERATURE_ZERO], constant[Scalar.GAS_CONSTANT]
    change = (pressure - pressure_old).astype(real)[label]
    new = pressure.astype(real)[label] / (gas * (zero + new_theta))
    gained = change / (gas * (zero + old_theta)) - new * (new_theta - old_theta) / (zero + old_theta)
    growth = constant[Scalar.RATE_NEW] * gained - constant[Scalar.RATE_OLD] * last
    fluid, nothing = _fluid(flags), np.zeros_like(value_of(new_theta))
    kept, gained = choose(fluid, new, density_now), choose(fluid, gained, nothing)
    risen = _buoyancy((old_theta + new_theta) / 2, kept - gained / 2, constant)
    store_cells(magnitude, "defect", defect, choose(fluid, growth * _volumes(dx, dy, dz), nothing))
    store_cells(magnitude, "lift", lift, risen)
    store_cells(magnitude, "increment", increment, gained)
    store_cells(magnitude, "rho", rho, kept)


def buoyancy(extent, switches, magnitude=None, *, theta_new, scalars, lift):
    """The same in the Boussinesq form, per theta: `lift` comes with theta of the old level."""
    old_theta, new_theta = (at(field) for field in terms(magnitude, lift, theta_new))
    store_cells(magnitude, "lift", lift, _buoyancy((old_theta + new_theta) / 2, 1, scalars.astype(lift.dtype)))


def volume_over_temperature(
    extent, switches, magnitude=None, *, theta, flags, region, dx, dy, dz, scalars, label, result
):
    """Sum of V/T over the fluid cells of one region, in float64."""
    (warmth,) = terms(magnitude, at(theta).astype(np.float64))
    ratios = _volumes(*(width.astype(np.float64) for width in (dx, dy, dz))) / (
        scalars[Scalar.TEMPERATURE_ZERO] + warmth
    )
    store_rows(magnitude, "result", result, 0, ratios[_fluid(flags) & (at(region) == label)].sum())


def region_pressure(extent, switches, magnitude=None, *, sums, parts, label, mass, scalars, pressure, pressure_old):
    """p0 = M R / sum(V/T) of one sealed region, the sum over the parts of the domain."""
    (reciprocals,) = terms(magnitude, sums[:parts])
    store_rows(magnitude, "pressure_old", pressure_old, label, pressure[label])
    store_rows(magnitude, "pressure", pressure, label, mass[label] * scalars[Scalar.GAS_CONSTANT] / reciprocals.sum())


def region_pressure_rate(
    extent, switches, magnitude=None, *, row_heat, row_region, rows, mass_flow, theta_in, theta_out, intake_region,
    discharge_region, instances, given_heat, label, volume, pressure, scalars, stage, gas_of, gained,
    energy_pressure, pressure_rate,
):  # fmt: skip
    """First law of a sealed region: V/(gamma - 1) dp0/dt = heat + enthalpy discharged into it - drawn from it.

    `energy_pressure` is its integral, a third of the step from each stage, by way of `gained`. Even heat of
    c_p/(c_p - c_v) dp per volume and step raises p0 by dp: a tenth of what p0 lacks of the integral is given so.
    """
    heat, flow, drawn, supplied, besides = terms(
        magnitude, row_heat[:rows], mass_flow[:instances], theta_in[:instances], theta_out[:instances], given_heat
    )
    capacity, gas = scalars[Scalar.HEAT_CAPACITY], gas_of[label]
    zero = scalars[Scalar.TEMPERATURE_ZERO]
    discharged = (flow * capacity * (supplied + zero))[discharge_region[:instances] == label].sum()
    taken = (flow * capacity * (drawn + zero))[intake_region[:instances] == label].sum()
    total = heat[row_region[:rows] == label].sum() + besides[label] + discharged - taken
    ratio_less_one = gas / (capacity - gas)  # gamma - 1
    rate = ratio_less_one * total / volume[label]
    integral, found = (array[label : label + 1] for array in terms(magnitude, energy_pressure, pressure))
    returned = (integral - found) / 10 * scalars[Scalar.RECIPROCAL_DT] * capacity / gas
    store_rows(magnitude, "pressure_rate", pressure_rate, [label], rate + returned)
    (before,) = terms(magnitude, gained)
    sum_of_stages = before[label : label + 1] * (stage > 0) + rate * scalars[Scalar.DT] / 3
    store_rows(magnitude, "gained", gained, [label], sum_of_stages)
    store_rows(magnitude, "energy_pressure", energy_pressure, [label], integral + sum_of_stages * (stage == 2))


def mass_defect(extent, switches, magnitude=None, *, mx, my, mz, flags, dx, dy, dz, defect):
    """Mass that leaves a cell and mass that it gains (in `defect` before), V [div m + d(rho)/dt], kg/s; 0 in solids."""
    m_x, m_y, m_z, growth = terms(magnitude, mx, my, mz, defect)
    found = (
        (at(m_x, i=1) - at(m_x)) * along("y", dy) * along("z", dz)
        + (at(m_y, j=1) - at(m_y)) * along("x", dx) * along("z", dz)
        + (at(m_z, k=1) - at(m_z)) * along("x", dx) * along("y", dy)
    )
    if switches["LOW_MACH"]:
        found = found + at(growth)
    store_cells(magnitude, "defect", defect, choose(_fluid(flags), found, np.zeros_like(at(mx))))


def correct(extent, switches, magnitude=None, *, phi, flags, rdxf, rdyf, rdzf, scalars, mx, my, mz, p):
    """m = m* - grad phi on open faces, p = p + phi/dt in fluid cells."""
    potential, pressure = terms(magnitude, phi, p)
    own, none = at(potential), np.zeros_like(at(phi))
    faces = (
        ("mx", mx, at(potential, i=-1), along("x", rdxf), Flag.OPEN_X),
        ("my", my, at(potential, j=-1), along("y", rdyf), Flag.OPEN_Y),
        ("mz", mz, at(potential, k=-1), along("z", rdzf), Flag.OPEN_Z),
    )
    for name, flux, neighbour, reciprocal_distance, bit in faces:
        (provisional,) = terms(magnitude, at(flux))
        gradient = choose((at(flags) & bit) != 0, (own - neighbour) * reciprocal_distance, none)
        store_cells(magnitude, name, flux, provisional - gradient)
    rise = own * scalars.astype(p.dtype)[Scalar.RECIPROCAL_DT]
    store_cells(magnitude, "p", p, at(pressure) + choose(_fluid(flags), rise, none))
