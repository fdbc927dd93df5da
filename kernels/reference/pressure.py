"""References of the pressure equation.

The operator is positive: (S x)_c = sum_f c_f (x_c - x_nb) + decay_c x_c, with c_f = A_f / d_f on open faces. Sparse
rows add sum_m coefficient_m (x_c - x_other) to single cells, where other = -1 lies outside the domain and has x = 0.
"""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at, record

_FACES = (("x", "i", Flag.OPEN_X), ("y", "j", Flag.OPEN_Y), ("z", "k", Flag.OPEN_Z))


def _face_coefficients(flags, dx, dy, dz, rdxf, rdyf, rdzf):
    """Yield (neighbour as a shift, A / d of the face towards it, 0 where it is closed) for the six faces."""
    areas = {
        "x": along("y", dy) * along("z", dz),
        "y": along("x", dx) * along("z", dz),
        "z": along("x", dx) * along("y", dy),
    }
    reciprocals = {"x": rdxf, "y": rdyf, "z": rdzf}
    for axis, index, bit in _FACES:
        for side in (0, 1):  # the low face of the cell, the low face of its high neighbour
            is_open = (at(flags, **{index: side}) & bit) != 0
            conductance = areas[axis] * along(axis, reciprocals[axis], side)
            yield {index: 2 * side - 1}, np.where(is_open, conductance, conductance.dtype.type(0))


def _coarse_coefficients(cx, cy, cz):
    """The same for a coarse level, whose coefficients are stored."""
    for (_, index, _), coefficient in zip(_FACES, (cx, cy, cz), strict=True):
        for side in (0, 1):
            yield {index: 2 * side - 1}, at(coefficient, **{index: side})


def _product(coefficients, decay, x):
    """(S x, sum of |terms|) over the interior for a padded x; decay is None or a padded field."""
    own = at(x)
    total, size = np.zeros_like(own), np.zeros(own.shape)
    for shift, coefficient in coefficients:
        neighbour = np.where(coefficient != 0, at(x, **shift), own)  # what lies behind a closed face does not count
        total += coefficient * (own - neighbour)
        size += np.abs(coefficient * own) + np.abs(coefficient * neighbour)
    if decay is not None:
        total += at(decay) * own
        size += np.abs(at(decay) * own)
    return total, size


def _fine(stencil, switches, decay):
    return list(_face_coefficients(**stencil)), decay if switches["DECAY"] else None


def _inverse_or_zero(diagonal):
    return np.where(diagonal > 0, 1 / np.where(diagonal > 0, diagonal, 1), 0)


def _record_sum(magnitude, result, *sizes):
    """Magnitudes of the slots of a reduction."""
    if magnitude is not None:
        magnitude["result"] = np.zeros(result.shape)
        magnitude["result"][: len(sizes)] = sizes


# --- finest level -----------------------------------------------------------------------------------------------------


def pressure_inverse_diagonal(extent, switches, magnitude=None, *, decay, inverse_diagonal, **stencil):
    """1 / (sum of the face coefficients + decay); 0 in cells without any."""
    coefficients, decay = _fine(stencil, switches, decay)
    diagonal = sum(coefficient for _, coefficient in coefficients)
    if decay is not None:
        diagonal = diagonal + at(decay)
    at(inverse_diagonal)[...] = _inverse_or_zero(diagonal)
    record(magnitude, "inverse_diagonal", inverse_diagonal, at(inverse_diagonal))


def pressure_apply(extent, switches, magnitude=None, *, decay, p, q, **stencil):
    """q = S p."""
    at(q)[...], size = _product(*_fine(stencil, switches, decay), p)
    record(magnitude, "q", q, size)


def pressure_residual(extent, switches, magnitude=None, *, decay, b, x, r, **stencil):
    """r = b - S x."""
    product, size = _product(*_fine(stencil, switches, decay), x)
    at(r)[...] = at(b) - product
    record(magnitude, "r", r, at(b), size)


def _two_sweeps(coefficients, decay, inverse_diagonal, weights, b):
    """x after two sweeps of Jacobi with weights from x = 0, and the sum of |terms|."""
    first = weights[0] * inverse_diagonal * b
    product, size = _product(coefficients, decay, first)
    step = weights[1] * at(inverse_diagonal)
    return at(first) + step * (at(b) - product), np.abs(at(first)) + np.abs(step) * (np.abs(at(b)) + size)


def _sweep(coefficients, decay, inverse_diagonal, weight, b, x):
    """x after one sweep, and the sum of |terms|."""
    product, size = _product(coefficients, decay, x)
    step = weight * at(inverse_diagonal)
    return at(x) + step * (at(b) - product), np.abs(at(x)) + np.abs(step) * (np.abs(at(b)) + size)


def pressure_smooth_first(extent, switches, magnitude=None, *, decay, inverse_diagonal, weights, b, x, **stencil):
    """x after two sweeps from zero."""
    at(x)[...], size = _two_sweeps(*_fine(stencil, switches, decay), inverse_diagonal, weights, b)
    record(magnitude, "x", x, size)


def pressure_smooth(extent, switches, magnitude=None, *, decay, inverse_diagonal, weights, b, x, y, sweep, **stencil):
    """y = x + weights[sweep] (b - S x) / diagonal."""
    at(y)[...], size = _sweep(*_fine(stencil, switches, decay), inverse_diagonal, weights[sweep], b, x)
    record(magnitude, "y", y, size)


# --- start, end and check of a solve ----------------------------------------------------------------------------------


def _consistent_source(flags, dx, dy, dz, region, shift, b):
    """-(b - V shift[region]) in fluid cells, 0 elsewhere, and the sum of |terms|."""
    fluid = (at(flags) & Flag.FLUID) != 0
    removed = along("x", dx) * along("y", dy) * along("z", dz) * shift[at(region)].astype(b.dtype)
    return np.where(fluid, removed - at(b), 0), np.abs(removed) + np.abs(at(b))


def _norms(r, size, rdx, rdy, rdz, result, magnitude):
    """Sum of r^2 and largest |r| / V."""
    reciprocal_volume = along("x", rdx) * along("y", rdy) * along("z", rdz)
    result[0] = np.sum(at(r).astype(np.float64) ** 2)
    result[1] = np.max(np.abs(at(r) * reciprocal_volume))
    _record_sum(magnitude, result, np.sum(np.abs(at(r)) * size), np.max(size * reciprocal_volume))


def pressure_start(extent, switches, magnitude=None, *, flags, dx, dy, dz, region, shift, b, phi, r):
    """phi = 0 and its residual."""
    at(phi)[...] = 0
    at(r)[...], size = _consistent_source(flags, dx, dy, dz, region, shift, b)
    record(magnitude, "phi", phi, 0 * size)
    record(magnitude, "r", r, size)


def pressure_defect(extent, switches, magnitude=None, *, decay, region, shift, b, phi, r, **stencil):
    """r = residual of phi, not counting sparse rows."""
    widths = {name: stencil[name] for name in ("dx", "dy", "dz")}
    source, source_size = _consistent_source(stencil["flags"], **widths, region=region, shift=shift, b=b)
    product, size = _product(*_fine(stencil, switches, decay), phi)
    at(r)[...] = source - product
    record(magnitude, "r", r, source_size, size)


def residual_norms(extent, switches, magnitude=None, *, rdx, rdy, rdz, r, result):
    """Sum of r^2 and largest |r| / V."""
    _norms(r, np.abs(at(r)), rdx, rdy, rdz, result, magnitude)


def region_only(extent, switches, magnitude=None, *, dx, dy, dz, region, x, y, label):
    """y = x in one region, with VOLUME times the cell volume; 0 elsewhere."""
    values = np.where(at(region) == label, at(x), 0)
    if switches["VOLUME"]:
        values = values * (along("x", dx) * along("y", dy) * along("z", dz))
    at(y)[...] = values
    record(magnitude, "y", y, values)


def field_sums(extent, switches, magnitude=None, *, x, result):
    """Sum of x and of |x|."""
    values = at(x).astype(np.float64)
    result[0], result[1] = np.sum(values), np.sum(np.abs(values))
    _record_sum(magnitude, result, result[1], result[1])


def region_mean(extent, switches, magnitude=None, *, sums, volume, shift, parts, label):
    """shift[label] = mean over the region of the sums of all parts."""
    of_parts = sums.reshape(-1)[0 : 2 * parts : 2]
    shift[label] = sum(of_parts) / volume[label]
    if magnitude is not None:
        magnitude["shift"] = np.abs(shift)
        magnitude["shift"][label] = sum(np.abs(of_parts)) / volume[label]


def region_shift(extent, switches, magnitude=None, *, flags, dx, dy, dz, region, shift, x):
    """x = x - shift[region], with VOLUME times the cell volume, in fluid cells; 0 elsewhere."""
    before, removed = at(x).copy(), shift[at(region)].astype(x.dtype)
    if switches["VOLUME"]:
        removed = removed * (along("x", dx) * along("y", dy) * along("z", dz))
    at(x)[...] = np.where((at(flags) & Flag.FLUID) != 0, before - removed, 0)
    record(magnitude, "x", x, before, removed)


# --- conjugate gradients: scalars hold r.z, alpha, beta ---------------------------------------------------------------


def cg_restart(extent, switches, magnitude=None, *, scalars):
    """Forget the last direction."""
    scalars[0] = 0
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_beta(extent, switches, magnitude=None, *, products, scalars, parts):
    """beta = r.z / (r.z before), 0 after a restart."""
    product = sum(products[:parts])
    scalars[2] = product / scalars[0] if scalars[0] > 0 else 0
    scalars[0] = product
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_alpha(extent, switches, magnitude=None, *, products, scalars, parts):
    """alpha = r.z / p.q, 0 where nothing is left to correct."""
    product = sum(products[:parts])
    scalars[1] = scalars[0] / product if product != 0 else 0
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_direction(extent, switches, magnitude=None, *, z, p, scalars):
    """p = z + beta p; an unset p is not read when beta is 0."""
    beta = p.dtype.type(scalars[2])
    along_old = beta * at(p) if beta != 0 else np.zeros_like(at(p))
    at(p)[...] = at(z) + along_old
    record(magnitude, "p", p, at(z), along_old)


def cg_update(extent, switches, magnitude=None, *, rdx, rdy, rdz, p, q, phi, r, scalars, result):
    """phi += alpha p and r -= alpha q; sum of r^2 and largest |r| / V."""
    alpha = phi.dtype.type(scalars[1])
    terms_phi, terms_r = (at(phi).copy(), alpha * at(p)), (at(r).copy(), alpha * at(q))
    at(phi)[...] += terms_phi[1]
    at(r)[...] -= terms_r[1]
    record(magnitude, "phi", phi, *terms_phi)
    record(magnitude, "r", r, *terms_r)
    _norms(r, np.abs(terms_r[0]) + np.abs(terms_r[1]), rdx, rdy, rdz, result, magnitude)


# --- between levels ---------------------------------------------------------------------------------------------------


def restrict_sum(
    extent, switches, magnitude=None, *, fine, coarse, fine_extent, coarse_extent, first_x, first_y, first_z,
    coarse_i, coarse_j, coarse_k,
):  # fmt: skip
    """Coarse cell = sum over the fine cells it holds, for the part's share of the coarse level."""
    box = np.s_[coarse_k : coarse_k + extent.nz, coarse_j : coarse_j + extent.ny, coarse_i : coarse_i + extent.nx]

    def sums(values):
        for axis, first in ((0, first_z), (1, first_y), (2, first_x)):
            inside = values.take(range(first[0], first[-1]), axis)
            values = np.add.reduceat(inside, first[:-1] - first[0], axis)
        return values

    coarse[box] = sums(fine)
    if magnitude is not None:
        magnitude["coarse"] = np.abs(coarse.astype(np.float64))
        magnitude["coarse"][box] = sums(np.abs(fine))


def prolong_add(extent, switches, magnitude=None, *, coarse, x, coarse_extent, to_x, to_y, to_z):
    """x += the value of the coarse cell that holds the cell."""
    before = at(x).copy()
    added = coarse[np.ix_(to_z[2:-2], to_y[2:-2], to_x[2:-2])]
    at(x)[...] = before + added
    record(magnitude, "x", x, before, added)


# --- coarse levels ----------------------------------------------------------------------------------------------------


def coarse_inverse_diagonal(extent, switches, magnitude=None, *, cx, cy, cz, decay, inverse_diagonal):
    """1 / (sum of the face coefficients + decay); 0 in cells without any."""
    diagonal = sum(coefficient for _, coefficient in _coarse_coefficients(cx, cy, cz)) + at(decay)
    at(inverse_diagonal)[...] = _inverse_or_zero(diagonal)
    record(magnitude, "inverse_diagonal", inverse_diagonal, at(inverse_diagonal))


def coarse_residual(extent, switches, magnitude=None, *, cx, cy, cz, decay, b, x, r):
    """r = b - S x."""
    product, size = _product(_coarse_coefficients(cx, cy, cz), decay, x)
    at(r)[...] = at(b) - product
    record(magnitude, "r", r, at(b), size)


def coarse_smooth_first(extent, switches, magnitude=None, *, cx, cy, cz, decay, inverse_diagonal, weights, b, x):
    """x after two sweeps from zero."""
    at(x)[...], size = _two_sweeps(_coarse_coefficients(cx, cy, cz), decay, inverse_diagonal, weights, b)
    record(magnitude, "x", x, size)


def coarse_smooth(extent, switches, magnitude=None, *, cx, cy, cz, decay, inverse_diagonal, weights, b, x, y, sweep):
    """y = x + weights[sweep] (b - S x) / diagonal."""
    at(y)[...], size = _sweep(_coarse_coefficients(cx, cy, cz), decay, inverse_diagonal, weights[sweep], b, x)
    record(magnitude, "y", y, size)


# --- sparse rows ------------------------------------------------------------------------------------------------------


def _by_row(first, values):
    """Sum of the entries of every row."""
    sums = np.zeros(len(first) - 1, values.dtype)
    np.add.at(sums, np.repeat(np.arange(len(sums)), np.diff(first)), values)
    return sums


def _row_products(cell, first, other, coefficient, x):
    """(rows of S) x, and the sum of |terms|, for every row; x is padded."""
    values = x.reshape(-1)
    own = np.repeat(values[cell], np.diff(first))
    beyond = np.where(other < 0, 0, values[np.maximum(other, 0)])
    size = np.abs(coefficient) * (np.abs(own) + np.abs(beyond))
    return _by_row(first, coefficient * (own - beyond)), _by_row(first, size.astype(np.float64))


def _add_at(y, name, cell, added, size, magnitude):
    """y[cell] += added, with magnitudes."""
    values = y.reshape(-1)
    if magnitude is not None:
        magnitude[name] = np.zeros(y.shape)
        magnitude[name].reshape(-1)[cell] = np.abs(values[cell]) + size
    values[cell] += added


def rows_add(extent, switches, magnitude=None, *, count, cell, first, other, coefficient, x, y, sign):
    """y += sign (rows of S) x."""
    product, size = _row_products(cell, first, other, coefficient, x)
    _add_at(y, "y", cell, sign * product, size, magnitude)


def rows_smooth_first(
    extent, switches, magnitude=None, *, count, cell, first, other, coefficient, inverse_diagonal, weights, b, x
):
    """What the rows add to two sweeps from zero."""
    swept = weights[0] * inverse_diagonal * b
    product, size = _row_products(cell, first, other, coefficient, swept)
    step = weights[1] * inverse_diagonal.reshape(-1)[cell]
    _add_at(x, "x", cell, -step * product, np.abs(step) * size, magnitude)


def rows_smooth(
    extent, switches, magnitude=None, *, count, cell, first, other, coefficient, inverse_diagonal, weights, x, y, sweep
):
    """What the rows add to one sweep."""
    product, size = _row_products(cell, first, other, coefficient, x)
    step = weights[sweep] * inverse_diagonal.reshape(-1)[cell]
    _add_at(y, "y", cell, -step * product, np.abs(step) * size, magnitude)


def rows_inverse_diagonal(
    extent, switches, magnitude=None, *, count, cell, first, coefficient, diagonal, decay, inverse_diagonal
):
    """1 / (diagonal of the stencil + coefficients of the row)."""
    total = diagonal + _by_row(first, coefficient)
    size = np.abs(diagonal) + _by_row(first, np.abs(coefficient))
    if switches["DECAY"]:
        total = total + decay.reshape(-1)[cell]
        size = size + np.abs(decay.reshape(-1)[cell])
    inverse_diagonal.reshape(-1)[cell] = _inverse_or_zero(total)
    if magnitude is not None:
        magnitude["inverse_diagonal"] = np.zeros(inverse_diagonal.shape)
        # an error of the sum enters its reciprocal with the square of the reciprocal
        magnitude["inverse_diagonal"].reshape(-1)[cell] = size * _inverse_or_zero(total) ** 2


def gather_list(extent, switches, magnitude=None, *, count, part, all, offset):
    """all[offset + n] = part[n]."""
    all[offset : offset + count] = part[:count]
    if magnitude is not None:
        magnitude["all"] = np.zeros(all.shape)


def _coarse_shares(first, entry, coefficient, conductance, held, ratio):
    """Sum per row of what the entries add to a coarse coefficient, and the sum of |terms|.

    Air path and resistance conduct in series: the face conducts `total` over the fine distance, where the air alone
    would conduct `conductance`; over `ratio` times the distance it conducts total / (1 + (ratio - 1) total /
    conductance). The coarse coefficient already holds held / ratio.
    """
    total = coefficient[entry] + held
    factor = 1 / (1 + (ratio - 1) * total / conductance)
    size = (np.abs(coefficient[entry]) + np.abs(held)) * factor + np.abs(held / ratio)
    return _by_row(first, total * factor - held / ratio), _by_row(first, size.astype(np.float64))


def coarse_face_rows(
    extent, switches, magnitude=None, *, count, place, first, entry, coefficient, conductance, held, ratio, base, target
):
    """target[place] = base + shares of the entries, not below 0."""
    share, size = _coarse_shares(first, entry, coefficient, conductance, held, ratio)
    target.reshape(-1)[place] = np.maximum(base + share, 0)
    if magnitude is not None:
        magnitude["target"] = np.zeros(target.shape)
        magnitude["target"].reshape(-1)[place] = np.abs(base) + size


def coarse_decay_rows(
    extent, switches, magnitude=None, *, count, place, first, entry, coefficient, conductance, held, ratio, decay
):
    """decay[place] = shares of the entries, on top of the decay that stems from the finest level (DECAY)."""
    share, size = _coarse_shares(first, entry, coefficient, conductance, held, ratio)
    base = decay.reshape(-1)[place] if switches["DECAY"] else np.zeros(len(place), decay.dtype)
    decay.reshape(-1)[place] = np.maximum(base + share, 0)
    if magnitude is not None:
        magnitude["decay"] = np.zeros(decay.shape)
        magnitude["decay"].reshape(-1)[place] = np.abs(base) + size
