"""References of the sparse lists: walls, ports, devices, resisting faces, pressure openings.

`axis` and `face` (flat padded index) name a face, `cell` a cell; CSR rows of entries belong to one receiver each.
"""

import numpy as np

from kernels.reference.terms import choose, row_sums, rows_of_entries, store_rows, terms, value_of
from kernels.scalars import Scalar

SETTINGS = 7  # of a device instance, see `instance_law`


def _on_faces(axis, face, x, y, z):
    """Values of a face field, given by its three components, on single faces."""
    x, y, z = (component.reshape(-1)[face] for component in (x, y, z))
    return choose(axis == 0, x, choose(axis == 1, y, z))


def _store_faces(magnitude, names, outputs, axis, face, result):
    for direction, (name, output) in enumerate(zip(names, outputs, strict=True)):
        rows = axis == direction
        store_rows(magnitude, name, output, face[rows], result[rows])


def _cells(field, cell):
    return field.reshape(-1)[cell]


def _density(rho, cell, switches, scalars, real):
    return _cells(rho, cell) if switches["LOW_MACH"] else scalars.astype(real)[Scalar.DENSITY]


def _sums(start, entries, precise=True):
    """Sums of rows, in float64 where the kernel accumulates in it."""
    if precise and isinstance(entries, np.ndarray):
        entries = entries.astype(np.float64)
    return row_sums(start, entries)


def _add_rate(magnitude, cell, rate, scalars, divisor, theta_new):
    """Add dtheta/dt to a stage that the stencil has formed."""
    (stage,) = terms(magnitude, theta_new)
    step = scalars.astype(theta_new.dtype)[Scalar.DT] / divisor
    store_rows(magnitude, "theta_new", theta_new, cell, _cells(stage, cell) + step * rate)


def _held_density(rho, axis, face, extent, switches, scalars, real):
    """What turns a mass flux into what a stage holds: the mean of both cells' density with VELOCITY, else 1."""
    if not switches["VELOCITY"]:
        return 1
    if not switches["LOW_MACH"]:
        return scalars.astype(real)[Scalar.DENSITY]
    return (_cells(rho, face) + _cells(rho, face - np.choose(axis, (1, extent.sy, extent.sz)))) / 2


# --- velocity and heat at walls ---------------------------------------------------------------------------------------


def port_velocity(
    extent, switches, magnitude=None, *, count, axis, face, cell, start, instance, weight, discharging, mass_flow,
    theta_out, discharge_region, settings, pressure, rho, scalars, ux, uy, uz,
):  # fmt: skip
    """u = sum over the instances at the face of their flow times weight / rho.

    rho is that of the cell inside where air leaves; where it enters (`discharging` 1) p0 / (R T_out), or the constant
    density that the last setting of the instance may give.
    """
    flow, supplied, cell_density = terms(magnitude, mass_flow, theta_out, rho)
    inside = _density(cell_density, cell[rows_of_entries(start)], switches, scalars, rho.dtype)
    constant = settings.reshape(-1, SETTINGS)[:, -1]
    p = pressure[np.maximum(discharge_region, 0)]
    gas = p / (scalars[Scalar.GAS_CONSTANT] * (supplied + scalars[Scalar.TEMPERATURE_ZERO]))
    entering = choose(constant > 0, constant, gas)[instance]
    density = choose(discharging != 0, entering, inside)
    speed = _sums(start, flow[instance] * weight / density)
    _store_faces(magnitude, ("ux", "uy", "uz"), (ux, uy, uz), axis, face, speed)


def opening_velocity(
    extent, switches, magnitude=None, *, count, axis, face, cell, outward, outside_density, mx, my, mz, rho, scalars,
    ux, uy, uz,
):  # fmt: skip
    """u = m / rho on pressure openings, rho that of the side the air comes from."""
    *m, cell_density = terms(magnitude, mx, my, mz, rho)
    flux = _on_faces(axis, face, *m)
    enters = value_of(flux) * outward < 0
    density = choose(enters, outside_density, _density(cell_density, cell, switches, scalars, mx.dtype))
    _store_faces(magnitude, ("ux", "uy", "uz"), (ux, uy, uz), axis, face, flux / density)


def keep_faces(extent, switches, magnitude=None, *, count, axis, face, ux, uy, uz, ux_new, uy_new, uz_new):
    """u of single faces, taken over."""
    kept = _on_faces(axis, face, *terms(magnitude, ux, uy, uz))
    _store_faces(magnitude, ("ux_new", "uy_new", "uz_new"), (ux_new, uy_new, uz_new), axis, face, kept)


def instances_ahead(extent, switches, magnitude=None, *, count, scalars, **states):
    """State of the instances at the middle of the step, by the straight line through the last two steps."""
    for name in ("mass_flow", "theta_in", "theta_out"):
        now, last = terms(magnitude, states[name], states[f"{name}_last"])
        ahead = now + scalars[Scalar.AHEAD] * (now - last)
        store_rows(magnitude, f"{name}_ahead", states[f"{name}_ahead"], np.arange(count), ahead)
        store_rows(magnitude, f"{name}_last", states[f"{name}_last"], np.arange(count), now)


def _heat(magnitude, cell, start, source, other, conductance, fixed, theta):
    """Heat that each row receives, W: its source, and G (theta_beyond - theta) from cells or given temperatures."""
    warmth, given, power = terms(magnitude, theta, fixed, source)
    beyond = choose(other < 0, given, _cells(warmth, np.maximum(other, 0)))
    own = _cells(warmth, cell[rows_of_entries(start)])
    return power + _sums(start, conductance * (beyond - own))


def heat_rows(
    extent, switches, magnitude=None, *, count, cell, start, source, other, conductance, fixed, beyond, diffusivity,
    theta, scalars, row_heat,
):  # fmt: skip
    """Heat of fluid cells beside walls, solids and sources, W.

    A variable conductivity scales the conductance to a wall of given temperature, by the mean of the cell's and the
    wall's (`beyond`). Where beyond is 0, the link has other resistances too, or a second end that must find the same
    heat.
    """
    if switches["VARIABLE"]:
        own = diffusivity.reshape(-1)[cell[rows_of_entries(start)]] / theta.dtype.type(scalars[Scalar.CONDUCTIVITY])
        conductance = conductance * np.where(beyond > 0, (own + beyond) / 2, 1)
    heat = _heat(magnitude, cell, start, source, other, conductance, fixed, theta)
    store_rows(magnitude, "row_heat", row_heat, np.arange(count), heat)


# --- devices ----------------------------------------------------------------------------------------------------------


def intake_sums(extent, switches, magnitude=None, *, count, start, cell, share, theta, rho, scalars, sums):
    """Per instance: sums of share / rho and of share theta over the cells in front of its intake."""
    warmth, cell_density, part = terms(magnitude, theta, rho, share)
    density = _density(cell_density, cell, switches, scalars, theta.dtype)
    rows = np.arange(count)
    store_rows(magnitude, "sums", sums, 2 * rows, _sums(start, part / density))
    store_rows(magnitude, "sums", sums, 2 * rows + 1, _sums(start, part * _cells(warmth, cell)))


def instance_law(
    extent, switches, magnitude=None, *, count, sums, parts, instances, settings, discharge_region, pressure, scalars,
    mass_flow, theta_in, theta_out,
):  # fmt: skip
    """Mass flow and temperatures of the instances.

    settings (count, 7): flow; its kind (0 kg/s, 1 m3/s at the intake, 2 m3/s at the discharge temperature); heat,
    W; discharge (0 intake theta + heat / (m c_p), 1 a given theta); that theta; c_p; density of what is no gas, else 0.
    A region of -1 reads the first pressure.
    """
    flow, flow_kind, power, discharge_kind, given, capacity, constant = settings.reshape(count, SETTINGS).T
    (parted,) = terms(magnitude, sums.reshape(parts, instances, 2))
    volume = sum(parted[part, :count, 0] for part in range(parts))  # m3 drawn per kg
    drawn_theta = sum(parted[part, :count, 1] for part in range(parts))
    supplied, supply_flow, heat = terms(magnitude, given, flow, power)

    temperature = supplied + scalars[Scalar.TEMPERATURE_ZERO]
    gas = pressure[np.maximum(discharge_region, 0)] / (scalars[Scalar.GAS_CONSTANT] * temperature)
    supply_density = choose(constant > 0, constant, gas)
    has_intake = value_of(volume) > 0
    intake_density = choose(has_intake, 1 / choose(has_intake, volume, np.ones(count)), np.zeros(count))
    by_volume = choose(flow_kind == 1, intake_density, supply_density)
    m = supply_flow * choose(flow_kind == 0, np.ones(count), by_volume)

    runs = value_of(m) > 0
    rise = choose(runs, heat / (choose(runs, m, np.ones(count)) * capacity), np.zeros(count))
    rows = np.arange(count)
    store_rows(magnitude, "mass_flow", mass_flow, rows, m)
    store_rows(magnitude, "theta_in", theta_in, rows, drawn_theta)
    store_rows(magnitude, "theta_out", theta_out, rows, choose(discharge_kind == 0, drawn_theta + rise, supplied))


def port_faces(extent, switches, magnitude=None, *, count, axis, face, start, instance, weight, mass_flow, mx, my, mz):
    """m = sum over the instances at the face of their flow times weight (share / area, negative against the axis)."""
    (flow,) = terms(magnitude, mass_flow)
    m = _sums(start, flow[instance] * weight)
    _store_faces(magnitude, ("mx", "my", "mz"), (mx, my, mz), axis, face, m)


def port_heat(
    extent, switches, magnitude=None, *, count, cell, start, instance, share, reciprocal_volume, mass_flow, theta_out,
    theta, rho, scalars, divisor, theta_new,
):  # fmt: skip
    """dtheta/dt = sum m_in (theta_out - theta) / (rho V) of the cells that discharges blow into."""
    flow, supplied, warmth, cell_density = terms(magnitude, mass_flow, theta_out, theta, rho)
    own = _cells(warmth, cell[rows_of_entries(start)])
    heat = _sums(start, flow[instance] * share * (supplied[instance] - own))
    rate = heat * reciprocal_volume / _density(cell_density, cell, switches, scalars, theta.dtype)
    _add_rate(magnitude, cell, rate, scalars, divisor, theta_new)


# --- moving walls -----------------------------------------------------------------------------------------------------


def wall_drag(
    extent, switches, magnitude=None, *, count, axis, face, start, cell, drag, mu, rho, scalars, divisor, mx_new,
    my_new, mz_new,
):  # fmt: skip
    """Shear mu drag that moving walls add to the momentum beside them, N/m3; the stencil has taken walls at rest."""
    constant = scalars.astype(drag.dtype)
    variable, pull, cell_density = terms(magnitude, mu, drag, rho)
    viscosity = _cells(variable, cell) if switches["VARIABLE"] else constant[Scalar.VISCOSITY]
    force = _sums(start, viscosity * pull, precise=False)
    fluxes = (mx_new, my_new, mz_new)
    level = _on_faces(axis, face, *terms(magnitude, *fluxes))
    held = _held_density(cell_density, axis, face, extent, switches, scalars, drag.dtype)
    gained = constant[Scalar.DT] / divisor * force / held
    _store_faces(magnitude, ("mx_new", "my_new", "mz_new"), fluxes, axis, face, level + gained)


def face_force(
    extent, switches, magnitude=None, *, count, axis, face, force, rho, scalars, divisor, mx_new, my_new, mz_new
):
    """dm/dt = f on the faces of the rows."""
    fluxes = (mx_new, my_new, mz_new)
    *level, given, cell_density = terms(magnitude, *fluxes, force, rho)
    held = _held_density(cell_density, axis, face, extent, switches, scalars, force.dtype)
    after = _on_faces(axis, face, *level) + scalars.astype(force.dtype)[Scalar.DT] / divisor * given / held
    _store_faces(magnitude, ("mx_new", "my_new", "mz_new"), fluxes, axis, face, after)


# --- resisting faces and pressure openings ----------------------------------------------------------------------------


def _against_loss(provisional, begin, loss, slope, dt):
    """One step of dq/dt = ... - loss(q), linearised about its beginning; slope is d(loss)/dq there, loss its value.

    q = q* - dt [loss + weight slope (q - begin)]. For a linear loss the weight 1/(1 - exp(-z)) - 1/z, z = dt slope, is
    exact; (1 + z/(z + 6))/2 has its value and slope at z = 0 and its limit 1. Returns q and beta = dq/dq*: what of a
    pressure gradient reaches the flux.
    """
    z = dt * slope
    implicit = (1 + z / (z + 6)) / 2 * z
    beta = 1 / (1 + implicit)
    return beta * (provisional - dt * loss + implicit * begin), beta


def resistance_predict(
    extent, switches, magnitude=None, *, count, axis, face, stride, forward, backward, linear, distance, area, low,
    high, mx, my, mz, rho, scalars, divisor, mx_new, my_new, mz_new, beta, coefficients,
):  # fmt: skip
    """m* of faces with dp = K m |m| / (2 rho) + a m / rho; the operator changes there by (beta - 1) A / d.

    Both directions of a face have their K. The change is written at the positions `low` and `high`, for the two cells.
    With VELOCITY it is m*/rho that is held, rho the mean of both cells.
    """
    real = mx.dtype
    *m, cell_density = terms(magnitude, mx, my, mz, rho)
    before = _on_faces(axis, face, *m)
    density = _density(cell_density, face, switches, scalars, real)
    if switches["LOW_MACH"]:
        density = (density + _cells(cell_density, face - stride)) / 2
    loss, proportional = terms(magnitude, np.where(value_of(before) > 0, forward, backward), linear)
    provisional = _on_faces(axis, face, *terms(magnitude, mx_new, my_new, mz_new))
    inertia = density * distance
    dt = scalars.astype(real)[Scalar.DT] / divisor
    held = density if switches["VELOCITY"] else 1
    lost = (loss * abs(before) / 2 + proportional) * before / inertia
    slope = (loss * abs(before) + proportional) / inertia
    after, implicit = _against_loss(provisional * held, before, lost, slope, dt)
    _store_faces(magnitude, ("mx_new", "my_new", "mz_new"), (mx_new, my_new, mz_new), axis, face, after / held)
    store_rows(magnitude, "beta", beta, np.arange(count), implicit)
    change = (implicit - 1) * area / distance
    store_rows(magnitude, "coefficients", coefficients, low, change)
    store_rows(magnitude, "coefficients", coefficients, high, change)


def resistance_correct(extent, switches, magnitude=None, *, count, axis, face, stride, distance, beta, phi, mx, my, mz):
    """m = m* - beta grad phi, where the stencil has subtracted the whole of grad phi."""
    *m, potential, implicit = terms(magnitude, mx, my, mz, phi, beta)
    gradient = (_cells(potential, face) - _cells(potential, face - stride)) / distance
    after = _on_faces(axis, face, *m) + (1 - implicit) * gradient
    _store_faces(magnitude, ("mx", "my", "mz"), (mx, my, mz), axis, face, after)


def opening_friction(
    extent, switches, magnitude=None, *, count, axis, face, cell, outward, outside_density, start, beside, wall, share,
    reciprocal_distance, given, mx_ahead, my_ahead, mz_ahead, mu, friction, rho, scalars, drag, pull,
):  # fmt: skip
    """Sum over the sides of the half cell of share k (u_side - u), apart for u (drag, per density) and for the sides.

    k is the friction of the wall layer or mu over the distance; u is the mass flux over the density that flows.
    """
    real = mx_ahead.dtype
    constant = scalars.astype(real)
    *m, viscosity, layer, speed, cell_density = terms(magnitude, mx_ahead, my_ahead, mz_ahead, mu, friction, given, rho)
    row = rows_of_entries(start)
    leaves = value_of(_on_faces(axis, face, *m)) * outward >= 0
    density = choose(leaves, _density(cell_density, cell, switches, scalars, real), outside_density)
    if switches["VARIABLE"]:
        rubbing = choose(wall >= 0, layer[np.maximum(wall, 0)],
                         _cells(viscosity, cell)[row] * reciprocal_distance) * share  # fmt: skip
    else:
        rubbing = share * (constant[Scalar.VISCOSITY] * reciprocal_distance)
    flux = _on_faces(axis[row], np.where(beside < 0, face[row], beside), *m)
    sides = choose(beside < 0, speed, flux / density[row])
    store_rows(magnitude, "drag", drag, np.arange(count), _sums(start, rubbing, False) / density)
    store_rows(magnitude, "pull", pull, np.arange(count), _sums(start, rubbing * sides, False))


def opening_predict(
    extent, switches, magnitude=None, *, count, axis, face, cell, outward, loss_out, loss_in, outside_density,
    outside_pressure, distance, area, position, mx, my, mz, mx_ahead, my_ahead, mz_ahead, p, lift, rho, scalars,
    mx_new, my_new, mz_new, beta, coefficients, drag, pull,
):  # fmt: skip
    """m* at pressure openings; d is half a cell, q the flux out of the room:

    dq/dt = (p + head - p_out - K q |q| / (2 rho)) / d + outward (buoyancy + pull) - drag q; K, rho of the side the air
    comes from.
    The head is |m|^2 / (2 rho) at the cell centre and the middle of the step when air leaves, else 0: the total
    pressure of the air that converges on the opening drives it out. Inside the operator the face is a coefficient
    beta A / d towards phi = 0.
    """
    real = mx.dtype
    constant = scalars.astype(real)
    *m, pressure, buoyancy, cell_density = terms(magnitude, mx, my, mz, p, lift, rho)
    middle = terms(magnitude, mx_ahead, my_ahead, mz_ahead)
    before = _on_faces(axis, face, *m) * outward
    leaves = value_of(before) > 0
    density = choose(leaves, _density(cell_density, cell, switches, scalars, real), outside_density)
    steps = (1, extent.sy, extent.sz)
    centred = [(_cells(flux, cell) + _cells(flux, cell + step)) / 2 for flux, step in zip(middle, steps, strict=True)]
    head = (centred[0] * centred[0] + centred[1] * centred[1] + centred[2] * centred[2]) / 2 / density
    push = (_cells(pressure, cell) + choose(leaves, head, np.zeros_like(distance)) - outside_pressure) / distance
    slowed, pulled = terms(magnitude, drag, pull)
    push = push + choose(axis == 2, _cells(buoyancy, cell) * outward, np.zeros_like(distance)) + pulled * outward
    dt = constant[Scalar.DT]
    loss = np.where(leaves, loss_out, loss_in)
    slope = abs(before) * loss / density / distance
    lost = (slope / 2 + slowed) * before
    after, implicit = _against_loss(before + dt * push, before, lost, slope + slowed, dt)
    _store_faces(magnitude, ("mx_new", "my_new", "mz_new"), (mx_new, my_new, mz_new), axis, face, after * outward)
    store_rows(magnitude, "beta", beta, np.arange(count), implicit)
    store_rows(magnitude, "coefficients", coefficients, position, implicit * area / distance)


def opening_correct(
    extent, switches, magnitude=None, *, count, axis, face, cell, outward, distance, beta, phi, mx, my, mz
):
    """q = q* + beta phi / d with q outward."""
    *m, potential = terms(magnitude, mx, my, mz, phi)
    step = _cells(potential, cell) * beta / distance
    after = _on_faces(axis, face, *m) + step * outward
    _store_faces(magnitude, ("mx", "my", "mz"), (mx, my, mz), axis, face, after)


def opening_heat(
    extent, switches, magnitude=None, *, count, cell, start, axis, face, inward_area, outside, reciprocal_volume,
    mx, my, mz, theta, rho, scalars, divisor, theta_new,
):  # fmt: skip
    """dtheta/dt = sum of inflow (theta_out - theta) / (rho V) at pressure openings; outflow changes nothing."""
    *m, warmth, cell_density, beyond = terms(magnitude, mx, my, mz, theta, rho, outside)
    inflow = _on_faces(axis, face, *m) * inward_area
    gain = inflow * (beyond - _cells(warmth, cell[rows_of_entries(start)]))
    heat = _sums(start, choose(value_of(inflow) > 0, gain, np.zeros_like(outside)), precise=False)
    rate = heat * reciprocal_volume / _density(cell_density, cell, switches, scalars, theta.dtype)
    _add_rate(magnitude, cell, rate, scalars, divisor, theta_new)


def add_to_rows(extent, switches, magnitude=None, *, count, given, row_heat):
    """row_heat + given."""
    heat, more = terms(magnitude, row_heat, given)
    store_rows(magnitude, "row_heat", row_heat, np.arange(count), heat + more)
