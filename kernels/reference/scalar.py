"""References of the transport of scalars by the air."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import choose, row_sums, rows_of_entries, store_cells, store_rows, terms
from kernels.reference.transport import mean_at_faces, net_gain, stage_base
from kernels.scalars import Scalar


def scalar(
    extent, switches, magnitude=None, *, s, begin, mx, my, mz, rho, eddy, flags, properties, scalars, divisor, s_new,
    **grid,
):  # fmt: skip
    """One stage of SSPRK(3,2) of ds/dt = N (Ketcheson 2008): s + dt/2 N(s), and [begin + 2 s]/3 + dt/3 N(s) at last.

    rho N = -[sum m s_f - s sum m]/V + div(Gamma grad s) + rho source; solids keep what they begin with.
    """
    constant = scalars.astype(s.dtype)
    molecular, eddy_share, source = properties.astype(s.dtype)
    before, first, cell_density, eddy_viscosity = terms(magnitude, s, begin, rho, eddy)

    def diffusivity_at(axis, side):
        if not switches["VARIABLE"]:
            return molecular
        return mean_at_faces(eddy_viscosity, axis, side, grid) * eddy_share + molecular

    m = dict(zip("xyz", terms(magnitude, mx, my, mz), strict=True))
    gain = net_gain(before, m, flags, grid, diffusivity_at, switches["LIMITER"])
    density = at(cell_density) if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    base = stage_base(at(first), at(before), divisor)
    after = base + (gain / density + source) * (constant[Scalar.DT] / divisor)
    is_fluid = (at(flags) & Flag.FLUID) != 0
    store_cells(magnitude, "s_new", s_new, choose(is_fluid, after, at(first)))


def scalars_of_four(extent, switches, magnitude=None, *, properties, **arguments):
    """`scalar` for each of four."""
    names = [f"{name}{n}" for name in ("s", "begin", "new") for n in range(4)]
    shared = {name: value for name, value in arguments.items() if name not in names}
    for n, own in enumerate(properties.reshape(4, -1)):
        size = None if magnitude is None else {}
        scalar(
            extent, switches, size, s=arguments[f"s{n}"], begin=arguments[f"begin{n}"], properties=own,
            s_new=arguments[f"new{n}"], **shared,
        )  # fmt: skip
        if magnitude is not None:
            magnitude[f"new{n}"] = size["s_new"]


def scalar_intakes(extent, switches, magnitude=None, *, count, start, cell, share, s, sums):
    """Share-weighted sum of s over the intake cells of every instance."""
    weights, values = terms(magnitude, share.astype(np.float64), s.ravel().astype(np.float64))
    store_rows(magnitude, "sums", sums, np.arange(count), row_sums(start, weights * values[cell]))


def scalar_discharges(
    extent, switches, magnitude=None, *, count, sums, parts, instances, is_given, given, gain, mass_flow, drawn,
    discharged,
):  # fmt: skip
    """Drawn: the sum over the parts. Discharged: that + gain / mass flow (kg/s), or the given value."""
    of_parts, fixed, added = terms(magnitude, sums.reshape(parts, instances), given, gain)
    mean = sum(of_parts[part] for part in range(parts))
    flows = mass_flow > 0
    rise = choose(flows, added / np.where(flows, mass_flow, 1.0), np.zeros(count))
    store_rows(magnitude, "drawn", drawn, np.arange(count), mean)
    store_rows(magnitude, "discharged", discharged, np.arange(count), choose(is_given != 0, fixed, mean + rise))


def scalar_rows(
    extent, switches, magnitude=None, *, count, cell, start, source, conductance, value, reciprocal_volume, s, rho,
    scalars, divisor, row_gain, s_new,
):  # fmt: skip
    """Source plus conductance (value - s) summed over each row, kg/s, and what it changes in its cell in a stage.

    With VAPOUR the mass of the cell grows by it too: s by (1 - s) of it.
    """
    constant = scalars.astype(s.dtype)
    values, given, through, beyond, before = terms(
        magnitude, s.ravel(), source, conductance, value, s_new.ravel()[cell].copy()
    )
    row = rows_of_entries(start)
    gain = row_sums(start, through * (beyond - values[cell[row]])) + given
    density = constant[Scalar.DENSITY]
    if switches["LOW_MACH"]:
        (cell_density,) = terms(magnitude, rho.ravel())
        density = cell_density[cell]
    store_rows(magnitude, "row_gain", row_gain, np.arange(count), gain)
    if switches["VAPOUR"]:
        gain = gain * (1 - values[cell])
    change = gain * reciprocal_volume / density * (constant[Scalar.DT] / divisor)
    store_rows(magnitude, "s_new", s_new, cell, before + change)


def scalar_sink(extent, switches, magnitude=None, *, production, loss, decay, scalars, divisor, s_new):
    """(s + dt/divisor production) / (1 + dt/divisor loss): the sink at the end of the stage."""
    constant = scalars.astype(s_new.dtype)
    dt = constant[Scalar.DT] / divisor
    (before,) = terms(magnitude, at(s_new).copy())
    rate = decay.astype(s_new.dtype)[0]
    if switches["FIELDS"]:
        given, lost = terms(magnitude, production, loss)
        before, rate = before + at(given) * dt, at(lost) + rate
    store_cells(magnitude, "s_new", s_new, before / (rate * dt + 1))


def scalar_reacted(
    extent, switches, magnitude=None, *, production, loss, decay, value, rho, flags, dx, dy, dz, scalars, result
):
    """Sum over the fluid cells of rho V (production - loss value), in float64."""
    wide = np.float64
    values, given, lost, density = terms(magnitude, value.astype(wide), production.astype(wide), loss, rho)
    mass = along("x", dx.astype(wide)) * along("y", dy) * along("z", dz)
    mass = at(density) * mass if switches["LOW_MACH"] else mass * scalars.astype(rho.dtype)[Scalar.DENSITY]
    rate = decay.astype(value.dtype)[0]
    rate = at(lost) + rate if switches["FIELDS"] else rate
    gained = -(at(values) * rate)
    gained = at(given) + gained if switches["FIELDS"] else gained
    is_fluid = (at(flags) & Flag.FLUID) != 0
    total = choose(is_fluid, mass * gained, np.zeros(is_fluid.shape)).sum()
    store_rows(magnitude, "result", result, 0, total)
