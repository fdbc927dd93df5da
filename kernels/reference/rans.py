"""References of the two-equation models of the mean flow."""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at
from kernels.reference.terms import (
    choose,
    falling_exponential,
    hyperbolic_tangent,
    largest,
    rows_of_entries,
    smallest,
    square_root,
    store_cells,
    store_rows,
    terms,
    value_of,
)
from kernels.reference.turbulence import AXES, INDEX, gradient_in_cells, molecular_properties, spalding_y_plus
from kernels.scalars import Scalar

HOLD = 100  # rate at which epsilon is drawn to its value in the wall layer, over that rate


def _mean_flow(switches, scalars, velocity, warmth, shape, flags, widths, reciprocal_widths, reciprocal_distances):
    """shape 2 S_ij S_ij of the deviatoric strain, -B dtheta/dz / Pr_t with the buoyancy B per kelvin, tanh|w/u_h|."""
    constant = scalars.astype(value_of(warmth).dtype)
    gradient = {
        (m, i): gradient_in_cells(
            velocity[i], i, m, flags, widths[m], reciprocal_widths[m], reciprocal_distances[m]
        )
        for m in AXES
        for i in AXES
    }  # fmt: skip
    third = sum(gradient[m, m] for m in AXES) / 3
    normal = [gradient[m, m] - third for m in AXES]
    shear = [gradient[m, i] + gradient[i, m] for m, i in ("xy", "xz", "yz")]
    strain = (sum(g * g for g in normal) * 2 + sum(g * g for g in shear)) * at(shape)
    lift = constant[Scalar.BUOYANCY] if switches["LOW_MACH"] else constant[Scalar.BUOYANCY] / constant[Scalar.DENSITY]
    rise = _slope(warmth, "z", flags, reciprocal_distances["z"])
    x, y, z = ((at(velocity[a]) + at(velocity[a], **{INDEX[a]: 1})) / 2 for a in AXES)
    share = hyperbolic_tangent(abs(z) / (square_root(x * x + y * y) + value_of(warmth).dtype.type(1e-10)))
    return strain, -rise * (constant[Scalar.RECIPROCAL_PRANDTL_TURBULENT] * lift), share


def _slope(field, axis, flags, reciprocal_distances):
    """Mean of the gradients on the two faces of a cell across an axis, 0 on closed ones."""
    bit = {"x": Flag.OPEN_X, "y": Flag.OPEN_Y, "z": Flag.OPEN_Z}[axis]
    total = 0
    for side in (0, 1):
        here, there = {INDEX[axis]: side}, {INDEX[axis]: side - 1}
        rise = (at(field, **here) - at(field, **there)) * along(axis, reciprocal_distances, side) / 2
        total = total + choose((at(flags, **here) & bit) != 0, rise, np.zeros_like(value_of(rise)))
    return total


def _store_cells(magnitude, results):
    for name, (output, found) in results.items():
        store_cells(magnitude, name, output, found)


def _prepared(magnitude, velocity, *others):
    return dict(zip(AXES, terms(magnitude, *velocity), strict=True)), *terms(magnitude, *others)


def _wall_layer(k, y, nu, c_mu, kappa):
    """epsilon, nu_t and y k^0.5/nu of the layer of one equation at walls, Chen & Patel (1988), eqs. 2-4."""
    speed = square_root(k)
    reynolds = speed * y / nu
    c = kappa * c_mu**-0.75
    length = (-falling_exponential(reynolds / (2 * c)) + 1) * y * c
    mixing = (-falling_exponential(reynolds / 70) + 1) * y * c
    return k * speed / largest(length, np.full_like(value_of(k), 1e-20)), speed * mixing * c_mu, reynolds


def k_epsilon(
    extent, switches, magnitude=None, *, ux, uy, uz, energy, dissipation, theta, rho, wall_distance, shape, flags,
    model, dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, mu, diffusivity, production_k, loss_k, production_e,
    loss_e,
):  # fmt: skip
    """dk/dt = P + G - eps, deps/dt = eps/k (C_1 P + C_1 C_3 G - C_2 eps) + draw (eps_layer - eps), sinks by rates.

    P = nu_t S^2, G = -(nu_t/Pr_t) B dtheta/dz, C_3 = tanh|w/u_h|. nu_t = lambda C_mu k^2/eps + (1 - lambda) nu_layer,
    draw = (1 - lambda) HOLD eps_layer/k with lambda = [1 + tanh((R_y - LAYER_END)/LAYER_BLEND)]/2.
    With RENORMALISED C_1 of P is less by eta (1 - eta/eta_0)/(1 + beta eta^3), eta = S k/eps.
    """
    real = ux.dtype.type
    constant, (c_mu, c_1, c_2, eta_0, beta, most, end, blend) = scalars.astype(real), model.astype(real)
    velocity, warmth, cell_density, held, lost = _prepared(
        magnitude, (ux, uy, uz), theta, rho, np.maximum(energy, real(1e-12)), np.maximum(dissipation, real(1e-15))
    )
    strain, lift, c_3 = _mean_flow(
        switches, scalars, velocity, warmth, shape, flags, *_metrics(dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf)
    )
    held, lost = at(held), at(lost)
    none = np.zeros_like(value_of(held))
    viscosity, conduction = molecular_properties(value_of(at(warmth)), switches, scalars, real)
    density = at(cell_density) if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    (y,) = terms(magnitude, at(wall_distance))
    epsilon, nu_layer, reynolds = _wall_layer(held, y, viscosity / density, c_mu, constant[Scalar.KAPPA])
    # a cell has one lambda or another by what rounding leaves of R_y - LAYER_END: an error of both, not of their sum
    far = (hyperbolic_tangent((reynolds - end) / blend) + 1) / 2
    nu = smallest(far * held * held * c_mu / lost + (-far + 1) * nu_layer, viscosity / density * most)
    rate, draw = lost / held, (-far + 1) * epsilon / held * HOLD
    less = 0
    if switches["RENORMALISED"]:
        eta = square_root(strain) / rate
        less = eta * (1 - eta / eta_0) / (eta * eta * eta * beta + 1)
    gained, taken = largest(lift, none) * nu, largest(-lift, none) * nu
    air = (at(flags) & Flag.FLUID) != 0
    eddy = choose(air, nu * density, none)
    made_e = (nu * strain * (c_1 - less) + c_3 * gained * c_1) * rate + draw * epsilon
    _store_cells(magnitude, {
        "mu": (mu, eddy + viscosity),
        "diffusivity": (diffusivity, eddy * constant[Scalar.RECIPROCAL_PRANDTL_TURBULENT] + conduction),
        "production_k": (production_k, choose(air, nu * strain + gained, none)),
        "loss_k": (loss_k, choose(air, taken / held + rate, none)),
        "production_e": (production_e, choose(air, made_e, none)),
        "loss_e": (loss_e, choose(air, c_3 * taken * c_1 / held + c_2 * rate + draw, none)),
    })  # fmt: skip


def _metrics(dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf):
    return (dict(zip(AXES, of, strict=True)) for of in ((dx, dy, dz), (rdx, rdy, rdz), (rdxf, rdyf, rdzf)))


def k_omega(
    extent, switches, magnitude=None, *, ux, uy, uz, energy, frequency, theta, rho, wall_distance, shape, flags, model,
    dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, mu, diffusivity, gamma_k, gamma_w, production_k,
    loss_k, production_w, loss_w,
):  # fmt: skip
    """Menter, Kuntz & Langtry (2003), eqs. 1-8, with G in both equations and sinks by their rates."""
    real = ux.dtype.type
    constant = scalars.astype(real)
    (beta_star, a_1, alpha_1, alpha_2, beta_1, beta_2, sigma_k_1, sigma_k_2, sigma_w_1, sigma_w_2, most_made,
     most) = model.astype(real)  # fmt: skip
    velocity, warmth, cell_density, k, w = _prepared(magnitude, (ux, uy, uz), theta, rho, energy, frequency)
    widths, reciprocal_widths, reciprocal_distances = _metrics(dx, dy, dz, rdx, rdy, rdz, rdxf, rdyf, rdzf)
    strain, lift, c_3 = _mean_flow(
        switches, scalars, velocity, warmth, shape, flags, widths, reciprocal_widths, reciprocal_distances
    )
    crossing = sum(
        _slope(k, a, flags, reciprocal_distances[a]) * _slope(w, a, flags, reciprocal_distances[a]) for a in AXES
    )
    none = np.zeros_like(value_of(at(k)))
    held, w = largest(at(k), none + real(1e-12)), largest(at(w), none + real(1e-9))
    (y,) = terms(magnitude, np.maximum(at(wall_distance), real(1e-9)))
    crossing = crossing / w * (2 * sigma_w_2)
    viscosity, conduction = molecular_properties(value_of(at(warmth)), switches, scalars, real)
    density = at(cell_density) if switches["LOW_MACH"] else constant[Scalar.DENSITY]
    nu_molecular = viscosity / density
    length = square_root(held) / (w * y * beta_star)
    viscous = nu_molecular * 500 / (y * y * w)
    free = held * (4 * sigma_w_2) / (largest(crossing, none + real(1e-10)) * y * y)
    near = smallest(largest(length, viscous), free, none + 10)
    both = smallest(largest(length * 2, viscous), none + 10)
    f_1, f_2 = hyperbolic_tangent(near * near * near * near), hyperbolic_tangent(both * both)
    alpha, beta, sigma_k, sigma_w = (
        f_1 * (first - second) + second
        for first, second in ((alpha_1, alpha_2), (beta_1, beta_2), (sigma_k_1, sigma_k_2), (sigma_w_1, sigma_w_2))
    )
    nu = smallest(held / largest(w, square_root(strain) * f_2 / a_1), nu_molecular * most)
    made = smallest(nu * strain, held * w * (beta_star * most_made))
    gained, taken = largest(lift, none) * nu, largest(-lift, none) * nu
    by_lift = ((alpha + 1) * c_3 - 1) * (gained - taken)
    drift = (-f_1 + 1) * crossing
    made_w = alpha * made / nu + largest(by_lift, none) * w / held + largest(drift, none)
    lost_w = beta * w + largest(-by_lift, none) / held + largest(-drift, none) / w
    air = (at(flags) & Flag.FLUID) != 0
    eddy = choose(air, nu * density, none)
    _store_cells(magnitude, {
        "mu": (mu, eddy + viscosity),
        "diffusivity": (diffusivity, eddy * constant[Scalar.RECIPROCAL_PRANDTL_TURBULENT] + conduction),
        "gamma_k": (gamma_k, sigma_k * eddy + viscosity),
        "gamma_w": (gamma_w, sigma_w * eddy + viscosity),
        "production_k": (production_k, choose(air, made + gained, none)),
        "loss_k": (loss_k, choose(air, w * beta_star + taken / held, none)),
        "production_w": (production_w, choose(air, made_w, none)),
        "loss_w": (loss_w, choose(air, lost_w, none)),
    })  # fmt: skip


# --- walls ------------------------------------------------------------------------------------------------------------


def _ratio(u_plus, constant):
    """dy+/du+ - 1 of Spalding's law."""
    x = constant[Scalar.KAPPA] * u_plus
    return constant[Scalar.KAPPA] * constant[Scalar.SPALDING] * (np.exp(x) - 1 - x - x**2 / 2)


def _spalding_at(y_plus, constant):
    """u+ of Spalding's law at y+, by bisection in float64."""
    low, high = np.zeros_like(y_plus, np.float64), np.minimum(y_plus.astype(np.float64), 60.0)
    for _ in range(60):
        middle = (low + high) / 2
        below = spalding_y_plus(middle, constant[Scalar.KAPPA], constant[Scalar.SPALDING]) < y_plus
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return ((low + high) / 2).astype(y_plus.dtype)


def _first_cells(cell, start, wall, distance, y_plus, steep, theta, rho, switches, scalars):
    """Per entry: P of the law of the wall, u_tau, nu and molecular viscosity."""
    real = theta.dtype.type
    of_row = cell[rows_of_entries(start)]
    viscosity, _ = molecular_properties(theta.ravel()[of_row], switches, scalars, real)
    nu = viscosity / (rho.ravel()[of_row] if switches["LOW_MACH"] else scalars.astype(real)[Scalar.DENSITY])
    u_tau, steep = y_plus[wall] * nu / distance[wall], steep[wall]
    return u_tau**4 / nu * steep / (1 + steep) ** 2, u_tau, nu, viscosity


def _of_most(start, values, *others):
    """Per row, the others at the entry with the largest value; 0 in empty rows."""
    found = [np.zeros(len(start) - 1, values.dtype) for _ in others]
    for n in range(len(start) - 1):
        entries = slice(start[n], start[n + 1])
        if start[n + 1] > start[n]:
            most = np.argmax(values[entries])
            for result, other in zip(found, others, strict=True):
                result[n] = other[entries][most]
    return found


def _store_first_cells(magnitude, theta, cell, switches, scalars, eddy, results, mu, diffusivity):
    real = theta.dtype.type
    share = scalars.astype(real)[Scalar.RECIPROCAL_PRANDTL_TURBULENT]
    molecular, conduction = molecular_properties(theta.ravel()[cell], switches, scalars, real)
    results = {"mu": (mu, molecular + eddy), "diffusivity": (diffusivity, conduction + eddy * share), **results}
    for name, (output, found) in results.items():
        store_rows(magnitude, name, output, cell, found)
        if magnitude is not None:
            magnitude[name].reshape(-1)[cell] = np.abs(found) * 8


def k_epsilon_walls(
    extent, switches, magnitude=None, *, count, cell, start, wall, distance, y_plus, steep, added, energy, theta, rho,
    wall_distance, model, scalars, mu, diffusivity, production_k, loss_k, production_e, loss_e,
):  # fmt: skip
    """P and nu_t by the law of the wall with the largest P, epsilon that of the layer of one equation."""
    real = theta.dtype.type
    constant = scalars.astype(real)
    made, _, _, viscosity = _first_cells(cell, start, wall, distance, y_plus, steep, theta, rho, switches, scalars)
    most_made, eddy = _of_most(start, made, made, viscosity * added[wall])
    held = np.maximum(energy.ravel()[cell], real(1e-12))
    viscosity, _ = molecular_properties(theta.ravel()[cell], switches, scalars, real)
    nu = viscosity / (rho.ravel()[cell] if switches["LOW_MACH"] else constant[Scalar.DENSITY])
    c_mu, kappa, many = model.astype(real)[0], constant[Scalar.KAPPA], real(1e6)
    lost, _, reynolds = _wall_layer(held, wall_distance.ravel()[cell], nu, c_mu, kappa)
    results = {
        "production_k": (production_k, most_made), "loss_k": (loss_k, lost / held),
        "production_e": (production_e, many * lost), "loss_e": (loss_e, np.full(count, many)),
    }  # fmt: skip
    _store_first_cells(magnitude, theta, cell, switches, scalars, eddy, results, mu, diffusivity)
    if magnitude is not None:
        # 1 - exp(-x) of a small x keeps the error of 1
        lose = 8 * (1 + 1 / -np.expm1(-reynolds / (2 * kappa * c_mu**-0.75)))
        for name, size in (("loss_k", lost / held), ("production_e", many * lost)):
            magnitude[name].reshape(-1)[cell] = size * lose


def k_omega_walls(
    extent, switches, magnitude=None, *, count, cell, start, wall, distance, y_plus, steep, added, energy, theta, rho,
    model, scalars, mu, diffusivity, production_k, loss_k, production_w, loss_w,
):  # fmt: skip
    """P, nu_t by the law of the wall with the largest P; omega^2 = [6 nu/(beta_1 y^2)]^2 + [u/(beta*^0.5 kappa y)]^2

    u = max(u_tau, beta*^0.25 k^0.5); of the wall with the largest omega.
    """
    real = theta.dtype.type
    constant, beta_star, beta_1 = scalars.astype(real), *model.astype(real)[[0, 4]]
    made, u_tau, nu, viscosity = _first_cells(cell, start, wall, distance, y_plus, steep, theta, rho, switches, scalars)
    most_made, eddy = _of_most(start, made, made, viscosity * added[wall])
    y = distance[wall]
    speed = np.maximum(u_tau, (beta_star**0.5 * np.maximum(energy.ravel()[cell[rows_of_entries(start)]], 0)) ** 0.5)
    every = np.hypot(6 * nu / (beta_1 * y**2), speed / (beta_star**0.5 * constant[Scalar.KAPPA] * y))
    (w,) = _of_most(start, every, every)
    many = real(1e6)
    results = {
        "production_k": (production_k, most_made), "loss_k": (loss_k, beta_star * w),
        "production_w": (production_w, many * w), "loss_w": (loss_w, np.full(count, many)),
    }  # fmt: skip
    _store_first_cells(magnitude, theta, cell, switches, scalars, eddy, results, mu, diffusivity)


def wall_profile(
    extent, switches, magnitude=None, *, count, distance, second, third, y_plus, u_plus, scalars, steep, added, shape
):
    """What Spalding's law makes of the first three cells at a wall.

    steep: dy+/du+ - 1 in the first. added: 2 (y+_2 - y+_1)/(u+_2 - u+_1) - (steep_2 + 1) - 1, at least 0. shape:
    [du+/dy+_2 (y+_3 - y+_1)/(u+_3 - u+_1)]^2, at most 1.
    """
    constant, real = scalars.astype(y_plus.dtype), y_plus.dtype.type
    y_2 = np.maximum(y_plus / distance * second, real(1.01) * y_plus)
    y_3 = np.maximum(y_plus / distance * third, real(1.02) * y_plus)
    u_2, u_3 = _spalding_at(y_2, constant), _spalding_at(y_3, constant)
    ratio, ratio_2 = _ratio(u_plus, constant), _ratio(u_2, constant)
    face, mean = (y_2 - y_plus) / (u_2 - u_plus), (y_3 - y_plus) / (u_3 - u_plus)
    results = {
        "steep": (steep, ratio),
        "added": (added, np.where(second > 0, np.maximum(2 * face - ratio_2 - 2, 0), ratio)),
        "shape": (shape, np.where(third > 0, np.minimum((mean / (1 + ratio_2)) ** 2, 1), 1)),
    }
    # an error of u+ is one of the differences, and grows with u+ in the ratios; 1 + x + x^2/2 is taken from exp(x)
    x = constant[Scalar.KAPPA] * u_plus
    own = constant[Scalar.KAPPA] * constant[Scalar.SPALDING] * np.exp(x) * (2 + x)
    near, far = (np.abs((u + u_plus) / (u - u_plus)) for u in (u_2, u_3))
    of_face = 2 * np.abs(face) * (1 + near) + (1 + ratio_2) * (2 + u_2)
    sizes = {"steep": own, "added": np.where(second > 0, of_face, own), "shape": 1 + 2 * far + 2 * u_2}
    for name, (output, found) in results.items():
        store_rows(magnitude, name, output, np.arange(count), found)
        if magnitude is not None:
            magnitude[name][:] = sizes[name]


def wall_shape(extent, switches, magnitude=None, *, count, cell, start, wall, shape_of_wall, shape):
    """The least of the walls in sight, at most 1."""
    least = np.ones(count, shape.dtype)
    np.minimum.at(least, rows_of_entries(start), shape_of_wall[wall])
    store_rows(magnitude, "shape", shape, cell, least)


def inflow_turbulence(
    extent, switches, magnitude=None, *, count, entry, axis, face, intensity, length, mx, my, mz, law, scalars,
    outside_k, outside_other,
):  # fmt: skip
    """k = 3/2 (intensity m/rho)^2, at least the given one, and c k^1.5/length or c k^0.5/length."""
    flux = np.choose(axis, [m.ravel()[face] for m in (mx, my, mz)])
    by_length, least, dissipation = law.astype(mx.dtype)
    k = np.maximum((intensity * flux / scalars.astype(mx.dtype)[Scalar.DENSITY]) ** 2 * mx.dtype.type(1.5), least)
    other = by_length * k ** (1.5 if dissipation else 0.5) / length
    for name, output, found in (("outside_k", outside_k, k), ("outside_other", outside_other, other)):
        store_rows(magnitude, name, output, entry, found)
