"""References of the eddy viscosity and of the friction at walls."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import (
    choose,
    largest,
    row_sums,
    rows_of_entries,
    size_of,
    square_root,
    store_cells,
    store_rows,
    terms,
    value_of,
)
from kernels.scalars import Scalar

AXES = "xyz"
INDEX = {"x": "i", "y": "j", "z": "k"}


def molecular_properties(theta, switches, scalars, real):
    """Viscosity, Pa s, and conductivity over heat capacity, kg/(m s)."""
    constant = scalars.astype(real)
    if not switches["SUTHERLAND_LAW"]:
        return constant[Scalar.VISCOSITY], constant[Scalar.CONDUCTIVITY]
    kelvin = constant[Scalar.TEMPERATURE_ZERO] + value_of(theta)
    viscosity = constant[Scalar.SUTHERLAND] * kelvin ** real(1.5) / (kelvin + constant[Scalar.SUTHERLAND_TEMPERATURE])
    return viscosity, viscosity * constant[Scalar.RECIPROCAL_PRANDTL]


def gradient_in_cells(u, component, direction, flags, widths, reciprocal_widths, reciprocal_distances):
    """d u_component / d x_direction in the cells, from values on their two faces across `direction`.

    Such a value is interpolated between the neighbouring cells' centres, 0 on a wall, the cell's own without shear.
    """

    def beside(field, cells):
        return at(field, **{INDEX[direction]: cells})

    def centred(cells):
        shift = {INDEX[component]: 1} | ({INDEX[direction]: cells} if cells else {})
        return (at(u, **({INDEX[direction]: cells})) + at(u, **shift)) / 2

    if component == direction:
        return (beside(u, 1) - beside(u, 0)) * along(direction, reciprocal_widths)
    bits = {"x": (Flag.OPEN_X, Flag.FREE_X), "y": (Flag.OPEN_Y, Flag.FREE_Y), "z": (Flag.OPEN_Z, Flag.FREE_Z)}
    is_open, is_free = bits[direction]
    own = centred(0)
    ends = []
    for side, neighbour in ((0, -1), (1, 1)):
        face = beside(flags, side)
        weight = along(direction, widths) / 2 * along(direction, reciprocal_distances, side)
        between = own * (1 - weight) + centred(neighbour) * weight
        closed = choose((face & is_free) != 0, own, np.zeros_like(value_of(own)))
        open_only = ((face & is_open) != 0) & ((face & is_free) == 0)
        ends.append(choose(open_only, between, closed))
    return (ends[1] - ends[0]) * along(direction, reciprocal_widths)


def vreman(
    extent, switches, magnitude=None, *, ux, uy, uz, theta, rho, flags, dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf,
    scalars, mu, diffusivity,
):  # fmt: skip
    """mu = molecular + rho c sqrt(B / (alpha_ij alpha_ij)), Vreman (2004), eqs. 5-8; diffusivity alike, by Pr_t.

    beta_ij = sum_m w_m^2 alpha_mi alpha_mj, alpha_mi = d u_i / d x_m,
    B = b_11 b_22 - b_12^2 + b_11 b_33 - b_13^2 + b_22 b_33 - b_23^2.
    """
    real = ux.dtype.type
    constant = scalars.astype(real)
    widths = dict(zip(AXES, (dx, dy, dz), strict=True))
    reciprocal_widths = dict(zip(AXES, (rdx, rdy, rdz), strict=True))
    reciprocal_distances = dict(zip(AXES, (rdxf, rdyf, rdzf), strict=True))
    velocity = dict(zip(AXES, terms(magnitude, ux, uy, uz), strict=True))
    alpha = {
        (m, i): gradient_in_cells(velocity[i], i, m, flags, widths[m], reciprocal_widths[m], reciprocal_distances[m])
        for m in AXES
        for i in AXES
    }
    square = {m: along(m, widths[m]) ** 2 for m in AXES}
    beta = {(i, j): sum(alpha[m, i] * alpha[m, j] * square[m] for m in AXES) for i in AXES for j in AXES}
    invariant = sum(beta[i, i] * beta[j, j] - beta[i, j] * beta[i, j] for i, j in ("xy", "xz", "yz"))
    invariant = largest(invariant, np.zeros_like(value_of(invariant)))
    norm = sum(alpha[m, i] * alpha[m, i] for m in AXES for i in AXES)
    still = value_of(norm) == 0
    nu = constant[Scalar.VREMAN] * square_root(invariant / choose(still, np.ones_like(value_of(norm)), norm))
    (cell_density,) = terms(magnitude, rho)
    density = at(cell_density) if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    eddy = choose((at(flags) & Flag.FLUID) != 0, nu * density, np.zeros_like(value_of(nu)))
    viscosity, conduction = molecular_properties(at(theta), switches, scalars, real)
    store_cells(magnitude, "mu", mu, eddy + viscosity)
    store_cells(
        magnitude, "diffusivity", diffusivity, eddy * constant[Scalar.RECIPROCAL_PRANDTL_TURBULENT] + conduction
    )


def diffusion_rate(
    extent, switches, magnitude=None, *, mu, diffusivity, rho, flags, rdx, rdy, rdz, scalars, result
):  # fmt: skip
    """Largest over the fluid cells of max(mu, diffusivity) / rho times the sum of 1 / dx^2."""
    density = at(rho) if switches["LOW_MACH"] else scalars.astype(mu.dtype)[Scalar.DENSITY]
    stiffness = along("x", rdx) ** 2 + along("y", rdy) ** 2 + along("z", rdz) ** 2
    rate = np.maximum(at(mu), at(diffusivity)) / density * stiffness
    store_rows(magnitude, "result", result, 0, np.max(rate, where=(at(flags) & Flag.FLUID) != 0, initial=0))


def accumulate_moments(
    extent, switches, magnitude=None, *, ux, uy, uz, theta, mu, rho, scalars, sum_xx, sum_yy, sum_zz, sum_tt, sum_eddy
):  # fmt: skip
    """Each sum grows by dt times the square of a velocity component, of theta, or of nu_t = (mu - molecular)/rho."""
    real = ux.dtype.type
    constant = scalars.astype(real)
    velocity = terms(magnitude, ux, uy, uz)
    warmth, viscosity, cell_density = terms(magnitude, theta, mu, rho)
    molecular, _ = molecular_properties(at(theta), switches, scalars, real)
    nu = (at(viscosity) - molecular) / (at(cell_density) if switches["LOW_MACH"] else constant[Scalar.DENSITY])
    centred = [(at(u) + at(u, **{INDEX[axis]: 1})) / 2 for axis, u in zip(AXES, velocity, strict=True)]
    names = ("sum_xx", "sum_yy", "sum_zz", "sum_tt", "sum_eddy")
    outputs = (sum_xx, sum_yy, sum_zz, sum_tt, sum_eddy)
    for name, output, value in zip(names, outputs, (*centred, at(warmth), nu), strict=True):
        (before,) = terms(magnitude, output)
        store_cells(magnitude, name, output, at(before) + value * value * constant[Scalar.DT])


# --- walls ------------------------------------------------------------------------------------------------------------


def spalding_y_plus(u_plus, kappa, constant):
    """y+ of Spalding (1961) at u+; constant is exp(-kappa B)."""
    x = kappa * u_plus
    return u_plus + constant * (np.exp(x) - 1 - x - x**2 / 2 - x**3 / 6)


def spalding_u_plus(reynolds, kappa, constant):
    """u+ at which u+ y+ is `reynolds`, by bisection in float64."""
    low, high = np.zeros_like(reynolds, np.float64), np.sqrt(reynolds.astype(np.float64))
    high = np.minimum(high, 200.0)
    for _ in range(70):
        middle = (low + high) / 2
        below = middle * spalding_y_plus(middle, kappa, constant) < reynolds
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def wall_friction(
    extent, switches, magnitude=None, *, count, cell, axis, distance, wall_x, wall_y, wall_z, ux, uy, uz, theta, rho,
    scalars, friction, y_plus, u_plus,
):  # fmt: skip
    """tau_w / |u| with tau_w from Spalding's law of the wall at the cell's centre; |u| along the wall."""
    real = ux.dtype.type
    constant = scalars.astype(real)
    square = 0
    for n, (u, wall, step) in enumerate(zip((ux, uy, uz), (wall_x, wall_y, wall_z), (1, extent.sy, extent.sz),
                                            strict=True)):  # fmt: skip
        flat, given = terms(magnitude, u.ravel(), wall)
        speed = (flat[cell] + flat[cell + step]) / 2 - given
        square = square + choose(axis == n, np.zeros_like(wall), speed * speed)
    density = rho.ravel()[cell] if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    viscosity, _ = molecular_properties(theta.ravel()[cell], switches, scalars, real)
    reynolds = largest(square_root(square) * density * distance / viscosity, np.full(count, real(1e-6)))
    value = value_of(reynolds)
    u_found = spalding_u_plus(value, constant[Scalar.KAPPA], constant[Scalar.SPALDING]).astype(real)
    # friction grows at most as fast as the speed, so a relative error of the speed is at most one of the friction
    amplified = size_of(reynolds) / value
    rows = np.arange(count)
    store_rows(magnitude, "friction", friction, rows, viscosity * value / u_found**2 / distance)
    store_rows(magnitude, "y_plus", y_plus, rows, value / u_found)
    store_rows(magnitude, "u_plus", u_plus, rows, u_found)
    if magnitude is not None:
        magnitude["friction"][:] = friction * (1 + amplified)
        magnitude["y_plus"][:] = value / u_found * (1 + amplified)
        magnitude["u_plus"][:] = u_found * (1 + amplified)


def wall_shear(
    extent, switches, magnitude=None, *, count, axis, face, start, wall, share, wall_velocity, cell, distance,
    friction, mu, ux, uy, uz, rho, scalars, divisor, mx_new, my_new, mz_new,
):  # fmt: skip
    """Stage minus dt/divisor times the sum over entries of share (friction - mu/y) (u - u_wall), N/m3.

    Over rho_f with VELOCITY.
    """
    real = ux.dtype
    by_law, viscosity = terms(magnitude, friction, mu.ravel()[cell])
    given = by_law - viscosity / distance
    for n, (name, stage, u, step) in enumerate(zip(
        ("mx_new", "my_new", "mz_new"), (mx_new, my_new, mz_new), (ux, uy, uz), (1, extent.sy, extent.sz), strict=True
    )):  # fmt: skip
        chosen = axis == n
        of_row = rows_of_entries(start)
        own, before = terms(magnitude, u.ravel()[face[of_row]], stage.ravel()[face[chosen]])
        force = row_sums(start, -(own - wall_velocity) * share * given[wall])[chosen]
        density = 1
        if switches["VELOCITY"]:
            density = scalars.astype(real)[Scalar.DENSITY]
            if switches["LOW_MACH"]:
                density = (rho.ravel()[face[chosen]] + rho.ravel()[face[chosen] - step]) / 2
        after = before + force * (scalars.astype(real)[Scalar.DT] / divisor) / density
        store_rows(magnitude, name, stage, face[chosen], after)


def kader_t_plus(y_plus, prandtl, beta):
    """T+ of Kader (1981), eqs. 32-34."""
    blend = np.maximum(0.01 * (prandtl * y_plus) ** 4 / (1 + 5 * prandtl**3 * y_plus), 1e-30)
    return prandtl * y_plus * np.exp(-blend) + (2.12 * np.log(1 + y_plus) + beta) * np.exp(-1 / blend)


def wall_film(
    extent, switches, magnitude=None, *, count, entry, wall, cell, up, panel, area, back, other, fixed, distance,
    y_plus, theta, rho, scalars, film,
):  # fmt: skip
    """h A, h the larger of Kader's film, k/y Pr y+ / T+, and C k (Ra/L^3)^(1/3) of natural convection.

    C is NATURAL beside a wall, 0.15 above a warm or below a cold one, 0 in a stable layer.
    """
    real = theta.dtype.type
    constant = scalars.astype(real)
    viscosity, diffusivity = molecular_properties(theta.ravel()[cell], switches, scalars, real)
    conductivity = diffusivity * constant[Scalar.HEAT_CAPACITY]
    density = rho.ravel()[cell] if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    lift = constant[Scalar.BUOYANCY] if switches["LOW_MACH"] else constant[Scalar.BUOYANCY] / density
    prandtl = viscosity / diffusivity
    y = np.maximum(y_plus[wall], real(1e-6))
    forced = area * conductivity / distance[wall] * prandtl * y / kader_t_plus(y, prandtl, constant[Scalar.KADER])
    back, other = back[entry], other[entry]
    beyond = np.where(other < 0, fixed[entry], theta.ravel()[np.maximum(other, 0)])
    difference = beyond - theta.ravel()[cell]
    rising = (up == 0) | (up * difference * lift > 0)
    coefficient = np.where(rising, np.where(up == 0, constant[Scalar.NATURAL], real(0.15)), 0)
    found = forced
    for _ in range(2):
        behind = back + np.where(panel != 0, 1 / found, 0)
        at_surface = np.abs(difference) / (1 + behind * found)
        per_cube = np.abs(lift) * at_surface * density**2 / (viscosity * diffusivity)
        found = np.maximum(forced, area * conductivity * coefficient * np.cbrt(per_cube))
    store_rows(magnitude, "film", film, entry, found)
    if magnitude is not None:
        # a third of the relative error of the difference, that of theta over what is left of it
        lost = (np.abs(beyond) + np.abs(theta.ravel()[cell])) / np.maximum(np.abs(difference), 1e-30)
        magnitude["film"][entry] = found * (2 + lost / 3)


def film_conductance(extent, switches, magnitude=None, *, count, film, back, far, conductance):
    """Films and what lies between them in series."""
    resistance = 1 / film + back + np.where(far < 0, 0, 1 / film[np.maximum(far, 0)])
    store_rows(magnitude, "conductance", conductance, np.arange(count), 1 / resistance)
