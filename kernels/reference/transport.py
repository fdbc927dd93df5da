"""References of the transport of heat and momentum on the staggered grid."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import choose, largest, smallest, store_cells, store_rows, terms, value_of
from kernels.scalars import Scalar

AXES = "xyz"
INDEX = {"x": "i", "y": "j", "z": "k"}
OPEN = {"x": Flag.OPEN_X, "y": Flag.OPEN_Y, "z": Flag.OPEN_Z}
FREE = {"x": Flag.FREE_X, "y": Flag.FREE_Y, "z": Flag.FREE_Z}


def _by_axis(x, y, z):
    return {"x": x, "y": y, "z": z}


def _beside(field, axis, cells):
    """The interior shifted by a number of cells along one axis; of a face field, 0 is the low and 1 the high face."""
    return at(field, **{INDEX[axis]: cells})


def _has(flags, bit):
    return (flags & bit) != 0


# --- velocity ---------------------------------------------------------------------------------------------------------


def flux_ahead(
    extent, switches, magnitude=None, *, count, mx, my, mz, mx_last, my_last, mz_last, scalars, mx_ahead, my_ahead,
    mz_ahead,
):  # fmt: skip
    """m at the middle of the step by the straight line through the last two steps, in ghost layers too."""
    ahead = scalars.astype(mx.dtype)[Scalar.AHEAD]
    columns = _by_axis((mx, mx_last, mx_ahead), (my, my_last, my_ahead), (mz, mz_last, mz_ahead))
    for axis, (now, last, output) in columns.items():
        m, before = terms(magnitude, now.ravel(), last.ravel())
        store_rows(magnitude, f"m{axis}_ahead", output, np.arange(count), m + ahead * (m - before))


def _face_density(rho, axis, width, reciprocal_distance):
    """Mean over the momentum volume of the low faces: half of the cell on each side."""
    low, high = along(axis, width, -1) * _beside(rho, axis, -1), along(axis, width) * _beside(rho, axis, 0)
    return (low + high) / 2 * along(axis, reciprocal_distance)


def velocity(extent, switches, magnitude=None, *, mx, my, mz, rho, dx, dy, dz, rdxf, rdyf, rdzf, scalars, ux, uy, uz):
    """u = m / rho_f."""
    outputs, widths, reciprocal_distances = _by_axis(ux, uy, uz), _by_axis(dx, dy, dz), _by_axis(rdxf, rdyf, rdzf)
    (cell_density,) = terms(magnitude, rho)
    for axis, m in _by_axis(*terms(magnitude, mx, my, mz)).items():
        density = scalars.astype(mx.dtype)[Scalar.DENSITY]
        if switches["LOW_MACH"]:
            density = _face_density(cell_density, axis, widths[axis], reciprocal_distances[axis])
        store_cells(magnitude, f"u{axis}", outputs[axis], at(m) / density)


def courant_rate(extent, switches, magnitude=None, *, ux, uy, uz, flags, rdx, rdy, rdz, result):
    """Largest over the fluid cells of the sum over the axes of max(|u_low|, |u_high|) / dx."""
    reciprocal_widths = _by_axis(rdx, rdy, rdz)
    rate = 0
    for axis, u in _by_axis(ux, uy, uz).items():
        fastest = np.maximum(np.abs(at(u)), np.abs(_beside(u, axis, 1)))
        rate = rate + fastest * along(axis, reciprocal_widths[axis])
    store_rows(magnitude, "result", result, 0, np.max(rate, where=_has(at(flags), Flag.FLUID), initial=0))


# --- heat -------------------------------------------------------------------------------------------------------------


def _koren(behind, ahead, share):
    """What the value at a face differs from that of its upwind cell U; D is the cell downwind.

    theta_f = theta_U + share phi(r) (theta_D - theta_U) with the limiter of Koren (1993) for kappa = 1/3,
    phi = max(0, min(2 r, (2 + r)/3, 2)), r = behind / ahead, the ratio of the gradients behind and across the face.
    share is the width of U over that of U and D, 1/2 on a uniform grid. The last bound becomes 1/share where U is the
    wider cell, so that theta_f lies between theta_U and theta_D. Both differences are for the distance across the face.
    """
    direction = np.sign(value_of(ahead))
    up, on = behind * direction, abs(ahead)
    limited = largest(smallest(2 * up, (2 * on + up) / 3, np.minimum(2, 1 / share) * on), np.zeros_like(value_of(on)))
    return share * limited * direction


def _face_temperature(theta, m, flags, axis, side, width, distance, reciprocal_distance, limiter):
    """theta at the low (side 0) or high (side 1) faces of the cells along one axis."""

    def share(cell):
        """Width of one of the two cells at the face over that of both."""
        return along(axis, width, cell) / 2 * along(axis, reciprocal_distance, side)

    low, high = _beside(theta, axis, side - 1), _beside(theta, axis, side)
    if not limiter:
        return low + (high - low) * share(side - 1)

    def behind(cell, difference, face):
        """`difference` across the face behind the upwind cell, scaled to the face; 0 where that one is closed."""
        scale = along(axis, distance, side) * along(axis, reciprocal_distance, face)
        return choose(_has(_beside(flags, axis, face), OPEN[axis]), difference * scale, np.zeros_like(value_of(cell)))

    up = behind(low, low - _beside(theta, axis, side - 2), side - 1)
    down = behind(high, high - _beside(theta, axis, side + 1), side + 1)
    from_low = low + _koren(up, high - low, share(side - 1))
    from_high = high + _koren(down, low - high, share(side))
    return choose(value_of(_beside(m, axis, side)) > 0, from_low, from_high)


def net_gain(value, m, flags, grid, diffusivity_at, limiter):
    """What the flow and diffusion bring into the cells, per volume: -[sum m s_f - s sum m]/V + div(Gamma grad s).

    The sums run over the open faces, m out of the cell. value: s, m: by axis, grid: metrics by name.
    diffusivity_at(axis, side): Gamma at the low (side 0) or high (side 1) faces, kg/(m s).
    """
    own, gain = at(value), 0
    for axis in AXES:
        width, distance = grid[f"d{axis}"], grid[f"d{axis}f"]
        reciprocal_width, reciprocal_distance = grid[f"rd{axis}"], grid[f"rd{axis}f"]
        for side, outward in ((0, -1), (1, 1)):
            low, high = _beside(value, axis, side - 1), _beside(value, axis, side)
            face = _face_temperature(value, m[axis], flags, axis, side, width, distance, reciprocal_distance, limiter)
            outflow = _beside(m[axis], axis, side) * outward
            carried_out = outflow * face - outflow * own
            diffused_in = (
                diffusivity_at(axis, side) * (high - low) * along(axis, reciprocal_distance, side) * outward
            )
            is_open = _has(_beside(flags, axis, side), OPEN[axis])
            net = choose(is_open, diffused_in - carried_out, np.zeros_like(value_of(own)))
            gain = gain + net * along(axis, reciprocal_width)
    return gain


def mean_at_faces(field, axis, side, grid):
    """A cell field at the low (side 0) or high (side 1) faces, by the straight line between both centres."""
    share = along(axis, grid[f"d{axis}"], side - 1) / 2 * along(axis, grid[f"rd{axis}f"], side)
    low, high = _beside(field, axis, side - 1), _beside(field, axis, side)
    return low + (high - low) * share


def stage_base(begin, before, divisor):
    """Where a stage of SSPRK(3,2) starts from: Ketcheson (2008), eq. 2.4 with three stages; the last has divisor 3."""
    return before + (begin - before) / 3 if divisor == 3 else before


def temperature(
    extent, switches, magnitude=None, *, theta, begin, mx, my, mz, rho, diffusivity, flags, region, pressure_rate,
    scalars, divisor, theta_new, **grid,
):  # fmt: skip
    """One stage of SSPRK(3,2) of theta_t = N: theta + dt/2 N(theta) twice, then (begin + 2 theta)/3 + dt/3 N(theta).

    rho N = -[sum m theta_f - theta sum m]/V + div(k/c_p grad theta) + (dp0/dt)/c_p, the sum over the open faces of m
    out of the cell; N is 0 in solids.
    """
    constant = scalars.astype(theta.dtype)
    old_theta, first, cell_density, conduction = terms(magnitude, theta, begin, rho, diffusivity)

    def diffusivity_at(axis, side):
        return mean_at_faces(conduction, axis, side, grid) if switches["VARIABLE"] else constant[Scalar.CONDUCTIVITY]

    # c_p-th part of the heat that a cell receives, per unit of volume
    m = _by_axis(*terms(magnitude, mx, my, mz))
    gain = net_gain(old_theta, m, flags, grid, diffusivity_at, switches["LIMITER"])
    if switches["LOW_MACH"]:
        compression = pressure_rate.astype(theta.dtype)[at(region)] / constant[Scalar.HEAT_CAPACITY]
        rate = (gain + compression) / at(cell_density)
    else:
        rate = gain / constant[Scalar.DENSITY]
    now = choose(_has(at(flags), Flag.FLUID), rate, np.zeros_like(value_of(at(old_theta))))
    after = stage_base(at(first), at(old_theta), divisor) + constant[Scalar.DT] / divisor * now
    store_cells(magnitude, "theta_new", theta_new, choose(_has(at(flags), Flag.FLUID), after, at(first)))


# --- momentum ---------------------------------------------------------------------------------------------------------


def _momentum_rate(n, m, u, mu, viscosity, flags, widths, reciprocal_widths, reciprocal_distances):
    """-div(m u_n) + div(tau)_n at the low faces along axis n, N/m3; mu is None where the viscosity is one number.

    The momentum volume of a face reaches from the centre of cell -1 to the centre of cell 0 along n and is as wide as
    both cells across. The flux through a side is the mean over its two halves, the velocity there the plain mean of the
    two volumes (Verstappen & Veldman 2003), which makes convection skew-symmetric on a stretched grid too. A variable
    viscosity at an edge is the mean of its cells by volume, and the transposed gradient counts where the four faces at
    the edge are open.
    """

    def near(field, cell, t=None, beside=0):
        """The interior shifted by `cell` along n and `beside` along t."""
        return at(field, **({INDEX[n]: cell} | ({INDEX[t]: beside} if t else {})))

    def through_centre(cell):
        """Momentum that crosses the centre of cell -1 or 0 in the + direction: carried, less the normal stress."""
        mean_u = (near(u[n], cell) + near(u[n], cell + 1)) / 2
        carried = (near(m[n], cell) + near(m[n], cell + 1)) / 2 * mean_u
        # Air that enters by a port moves at that mean; what joins it in the cell, at half of the volume's own velocity.
        far, inwards = (1, -1) if cell == 0 else (-1, 1)  # of the face beyond
        given, own = near(m[n], far), near(u[n], 0)
        enters = ~_has(near(flags, far), OPEN[n]) & (value_of(given) * inwards > 0)
        carried = choose(enters, given * mean_u + (near(m[n], 0) - given) / 4 * own, carried)
        gradient = (near(u[n], cell + 1) - near(u[n], cell)) * along(n, reciprocal_widths[n], cell)
        if mu is None:
            return carried - viscosity * gradient
        divergence = gradient
        for t in AXES.replace(n, ""):
            divergence = divergence + (near(u[t], cell, t, 1) - near(u[t], cell, t, 0)) * along(t, reciprocal_widths[t])
        return carried - 2 * near(mu, cell) * (gradient - divergence / 3)

    def through_side(t, side):
        """Momentum that crosses the low (side 0) or high (side 1) side along t in the + direction."""
        outward = 2 * side - 1
        own, beyond = near(u[n], 0), near(u[n], 0, t, outward)
        total = 0
        for cell in (-1, 0):
            bits, mass = near(flags, cell, t, side), near(m[t], cell, t, side)
            gradient = (beyond - own) * outward * along(t, reciprocal_distances[t], side)
            between = beside_wall = viscosity
            if mu is not None:
                turned = (near(u[t], 0, t, side) - near(u[t], -1, t, side)) * along(n, reciprocal_distances[n])
                whole = _has(near(flags, 0, t, side), OPEN[t]) & _has(near(flags, -1, t, side), OPEN[t])
                whole &= _has(near(flags, 0, t, outward), OPEN[n])
                gradient = gradient + choose(whole, turned, np.zeros_like(value_of(own)))
                beside_wall = near(mu, cell)
                inside, outside = (near(mu, cell, t, d) * along(t, widths[t], d) for d in (0, outward))
                between = (inside + outside) / 2 * along(t, reciprocal_distances[t], side)
            through = mass * (own + beyond) / 2 - between * gradient
            # A port: leaving air takes the volume's own velocity along, entering air has none across its direction.
            nothing = np.zeros_like(value_of(own))
            carried = choose(value_of(mass) * outward > 0, mass * own, nothing)
            to_wall = beside_wall * own * outward * 2 * along(t, reciprocal_widths[t])
            drag = choose(_has(bits, FREE[t]), nothing, to_wall)
            share = along(n, widths[n], cell) / 2 * along(n, reciprocal_distances[n])
            total = total + share * choose(_has(bits, OPEN[t]), through, carried + drag)
        return total

    rate = -(through_centre(0) - through_centre(-1)) * along(n, reciprocal_distances[n])
    for t in AXES.replace(n, ""):
        rate = rate - (through_side(t, 1) - through_side(t, 0)) * along(t, reciprocal_widths[t])
    return rate


def momentum(
    extent, switches, magnitude=None, *, mx, my, mz, mx_begin, my_begin, mz_begin, ux, uy, uz, p, lift, rho,
    increment, mu, flags, dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, divisor, mx_new, my_new, mz_new,
):  # fmt: skip
    """One stage: m* = m_begin + dt/divisor [-div(m u) + div(tau) + force + buoyancy - grad p] on open faces.

    With VELOCITY the result is u* = m* / rho, rho at the time of the stage. Closed faces keep u, or m_begin.
    """
    constant = scalars.astype(mx.dtype)
    widths, reciprocal_widths = _by_axis(dx, dy, dz), _by_axis(rdx, rdy, rdz)
    reciprocal_distances = _by_axis(rdxf, rdyf, rdzf)
    m, u = _by_axis(*terms(magnitude, mx, my, mz)), _by_axis(*terms(magnitude, ux, uy, uz))
    begin = _by_axis(*terms(magnitude, mx_begin, my_begin, mz_begin))
    pressure, buoyancy, density, growth, variable = terms(magnitude, p, lift, rho, increment, mu)
    outputs, forces = _by_axis(mx_new, my_new, mz_new), _by_axis(Scalar.FORCE_X, Scalar.FORCE_Y, Scalar.FORCE_Z)

    halves = (at(buoyancy, k=cell) * along("z", dz, cell) for cell in (-1, 0))
    rise = sum(halves) / 2 * along("z", rdzf)  # of the momentum volumes of the low z faces

    for n in AXES:
        rate = _momentum_rate(
            n, m, u, variable if switches["VARIABLE"] else None, constant[Scalar.VISCOSITY], flags, widths,
            reciprocal_widths, reciprocal_distances,
        )  # fmt: skip
        gradient = (at(pressure) - _beside(pressure, n, -1)) * along(n, reciprocal_distances[n])
        push = rate + constant[forces[n]] - gradient
        if n == "z":
            push = push + rise
        found, closed = at(begin[n]) + constant[Scalar.DT] / divisor * push, at(begin[n])
        if switches["VELOCITY"]:
            face_density = constant[Scalar.DENSITY]
            if switches["LOW_MACH"]:
                of_stage = density - growth * (1 - 1 / mx.dtype.type(divisor))
                face_density = _face_density(of_stage, n, widths[n], reciprocal_distances[n])
            found, closed = found / face_density, at(u[n])
        store_cells(magnitude, f"m{n}_new", outputs[n], choose(_has(at(flags), OPEN[n]), found, closed))
