"""References of the pressure equation.

The operator is positive: (S x)_c = sum_f c_f (x_c - x_nb) + decay_c x_c, with c_f = A_f / d_f on open faces. Sparse
rows add sum_m coefficient_m (x_c - x_other) to single cells, where other = -1 lies outside the domain and has x = 0.
"""

import numpy as np

from kernels.flags import Flag
from kernels.reference import along, at, record
from kernels.signature import GHOST

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


def _sweep_length(extent, switches, dx, dy, dz, rdxf, rdyf, rdzf, decay):
    """1 / M: M is the sum of the coefficients of all six faces, open or not, plus the decay."""
    all_open = np.full(extent.shape, Flag.OPEN_X | Flag.OPEN_Y | Flag.OPEN_Z, np.uint8)
    total = sum(c for _, c in _face_coefficients(all_open, dx, dy, dz, rdxf, rdyf, rdzf))
    return _inverse_or_zero(total + at(decay) if switches["DECAY"] else total)


def _lengths(extent, switches, arguments):
    names = ("dx", "dy", "dz", "rdxf", "rdyf", "rdzf", "decay")
    return _sweep_length(extent, switches, **{name: arguments[name] for name in names})


def _lines_on_cells(extent, lines, line_y, line_z, lines_y):
    """Padded field with the value of its line in every cell and in the first layer of ghost cells, 0 beyond."""
    stored = lines.reshape(-1, lines_y, extent.sy + 2)
    found = np.zeros(extent.shape, lines.dtype)
    inner = slice(1, -1)
    found[inner, inner, inner] = stored[np.ix_(line_z[inner], line_y[inner], range(2, extent.sy))]
    return found


def _swept(coefficients, decay, length, b, x):
    """x + length (b - S x), and the sum of |terms|; length is given for the interior."""
    product, size = _product(coefficients, decay, x)
    return at(x) + length * (at(b) - product), np.abs(at(x)) + np.abs(length) * (np.abs(at(b)) + size)


def pressure_smooth(
    extent, switches, magnitude=None, *, decay, weights, lines, line_y, line_z, b, x, y, lines_y, sweep, **stencil
):
    """y = x + weights[sweep] (b - S x) / M, where x is corrected by the coarse level first with LINES."""
    length = weights[sweep] * _lengths(extent, switches, stencil | {"decay": decay})
    if switches["LINES"]:
        correction = _lines_on_cells(extent, lines, line_y, line_z, lines_y)
        swept, size = _swept(*_fine(stencil, switches, decay), length, b, x + correction)
        _, of_x = _product(*_fine(stencil, switches, decay), np.abs(x) + np.abs(correction))
        size = size + np.abs(at(x)) + np.abs(at(correction)) + np.abs(length) * of_x
    else:
        swept, size = _swept(*_fine(stencil, switches, decay), length, b, x)
    at(y)[...] = swept
    record(magnitude, "y", y, size)


def pressure_smooth_last(extent, switches, magnitude=None, *, decay, weights, b, x, z, result, **stencil):
    """z = x + weights[1] (b - S x) / M in fluid cells, 0 elsewhere; sum of b z."""
    length = weights[1] * _lengths(extent, switches, stencil | {"decay": decay})
    swept, size = _swept(*_fine(stencil, switches, decay), length, b, x)
    fluid = (at(stencil["flags"]) & Flag.FLUID) != 0
    at(z)[...] = np.where(fluid, swept, 0)
    size = np.where(fluid, size, 0)
    result[0] = np.sum(at(b).astype(np.float64) * at(z))
    record(magnitude, "z", z, size)
    _record_sum(magnitude, result, np.sum(np.abs(at(b)) * size))


def _merged(values, first_z, first_y):
    """Sums over the rows and planes that a coarse cell holds, of an array (z, y, x) padded in y and z."""
    for axis, first in ((0, first_z), (1, first_y)):
        inside = values.take(range(first[0], first[-1]), axis)
        values = np.add.reduceat(inside, first[:-1] - first[0], axis)
    return values


def pressure_residual_lines(
    extent, switches, magnitude=None, *, decay, b, x, lines, fine_extent, first_y, first_z, **stencil
):
    """Lines along x of b - S x, summed over the fine cells in y and z that one coarse cell holds."""
    product, size = _product(*_fine(stencil, switches, decay), x)
    residual, sizes = np.zeros(fine_extent.shape, b.dtype), np.zeros(fine_extent.shape)
    at(residual)[...] = at(b) - product
    at(sizes)[...] = np.abs(at(b)) + size
    at(lines)[...] = _merged(residual, first_z, first_y)[..., GHOST:-GHOST]
    record(magnitude, "lines", lines, _merged(sizes, first_z, first_y)[..., GHOST:-GHOST])


# --- start, end and check of a solve ----------------------------------------------------------------------------------


def _region_of(switches, flags, region):
    """Number of the sealed region of every cell, 0 for none."""
    if switches["SEALED"] == 2:
        return at(region)
    fluid = (at(flags) & Flag.FLUID) != 0
    return np.where(fluid & (switches["SEALED"] == 1), 1, 0)


def _consistent_source(switches, flags, dx, dy, dz, region, shift, b):
    """-(b - V shift[region]) in fluid cells, 0 elsewhere, and the sum of |terms|."""
    fluid = (at(flags) & Flag.FLUID) != 0
    removed = along("x", dx) * along("y", dy) * along("z", dz)
    if switches["SEALED"]:
        removed = removed * shift[_region_of(switches, flags, region)].astype(b.dtype)
    else:
        removed = 0 * removed
    return np.where(fluid, removed - at(b), 0), np.abs(removed) + np.abs(at(b))


def _norms(r, size, rdx, rdy, rdz, result, magnitude):
    """Sum of r^2 and largest |r| / V."""
    reciprocal_volume = along("x", rdx) * along("y", rdy) * along("z", rdz)
    result[0] = np.sum(at(r).astype(np.float64) ** 2)
    result[1] = np.max(np.abs(at(r) * reciprocal_volume))
    _record_sum(magnitude, result, np.sum(np.abs(at(r)) * size), np.max(size * reciprocal_volume))


def pressure_start(
    extent, switches, magnitude=None, *, flags, rdx, rdy, rdz, weights, region, shift, b, r, swept, result, **lengths
):
    """Residual r of phi = 0, the first sweep weights[0] r / M, and the norms of r."""
    widths = {name: lengths[name] for name in ("dx", "dy", "dz")}
    at(r)[...], size = _consistent_source(switches, flags, **widths, region=region, shift=shift, b=b)
    length = weights[0] * _lengths(extent, switches, lengths)
    at(swept)[...] = length * at(r)
    record(magnitude, "r", r, size)
    record(magnitude, "swept", swept, length * size)
    _norms(r, size, rdx, rdy, rdz, result, magnitude)


def pressure_defect(extent, switches, magnitude=None, *, decay, region, shift, b, phi, r, **stencil):
    """r = residual of phi, not counting sparse rows."""
    widths = {name: stencil[name] for name in ("dx", "dy", "dz")}
    source, source_size = _consistent_source(switches, stencil["flags"], **widths, region=region, shift=shift, b=b)
    product, size = _product(*_fine(stencil, switches, decay), phi)
    at(r)[...] = source - product
    record(magnitude, "r", r, source_size, size)


def pressure_restart(extent, switches, magnitude=None, *, rdx, rdy, rdz, weights, r, swept, result, **lengths):
    """The first sweep weights[0] r / M, and the norms of r."""
    at(swept)[...] = weights[0] * _lengths(extent, switches, lengths) * at(r)
    record(magnitude, "swept", swept, at(swept))
    _norms(r, np.abs(at(r)), rdx, rdy, rdz, result, magnitude)


def region_sums(extent, switches, magnitude=None, *, flags, dx, dy, dz, region, x, label, result):
    """Sum of x and of |x| over one region, with VOLUME times the cell volume."""
    values = np.where(_region_of(switches, flags, region) == label, at(x), 0).astype(np.float64)
    if switches["VOLUME"]:
        values = values * (along("x", dx) * along("y", dy) * along("z", dz))
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
    before, removed = at(x).copy(), shift[_region_of(switches, flags, region)].astype(x.dtype)
    if switches["VOLUME"]:
        removed = removed * (along("x", dx) * along("y", dy) * along("z", dz))
    at(x)[...] = np.where((at(flags) & Flag.FLUID) != 0, before - removed, 0)
    record(magnitude, "x", x, before, removed)


# --- conjugate gradients: scalars hold r.z, alpha, beta, the iterations since the start -------------------------------


def cg_start(extent, switches, magnitude=None, *, scalars):
    """Forget the last direction and the solution."""
    scalars[0] = scalars[3] = 0
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_restart(extent, switches, magnitude=None, *, scalars):
    """Forget the last direction."""
    scalars[0] = 0
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_beta(extent, switches, magnitude=None, *, products, scalars, parts):
    """beta = r.z / (r.z before), 0 after a restart; one iteration more."""
    product = sum(products.reshape(-1)[: 2 * parts])
    scalars[2] = product / scalars[0] if scalars[0] > 0 else 0
    scalars[0] = product
    scalars[3] += 1
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_alpha(extent, switches, magnitude=None, *, products, scalars, parts):
    """alpha = r.z / p.q, 0 where nothing is left to correct."""
    product = sum(products.reshape(-1)[: 2 * parts])
    scalars[1] = scalars[0] / product if product != 0 else 0
    if magnitude is not None:
        magnitude["scalars"] = np.abs(scalars)


def cg_direction(extent, switches, magnitude=None, *, z, p, scalars):
    """p = z + beta p; an unset p is not read when beta is 0."""
    beta = p.dtype.type(scalars[2])
    along_old = beta * at(p) if beta != 0 else np.zeros_like(at(p))
    at(p)[...] = at(z) + along_old
    record(magnitude, "p", p, at(z), along_old)


def pressure_apply(extent, switches, magnitude=None, *, decay, p, q, result, **stencil):
    """q = S p; sum of p q."""
    at(q)[...], size = _product(*_fine(stencil, switches, decay), p)
    result[0] = np.sum(at(p).astype(np.float64) * at(q))
    record(magnitude, "q", q, size)
    _record_sum(magnitude, result, np.sum(np.abs(at(p)) * size))


def cg_update(extent, switches, magnitude=None, *, rdx, rdy, rdz, weights, p, q, phi, r, scalars, result, **lengths):
    """phi += alpha p, which begins from 0 in the first iteration; r -= alpha q; q = weights[0] r / M; norms of r."""
    alpha = phi.dtype.type(scalars[1])
    before = at(phi).copy() if scalars[3] > 1 else np.zeros_like(at(phi))
    terms_phi, terms_r = (before, alpha * at(p)), (at(r).copy(), alpha * at(q))
    at(phi)[...] = before + terms_phi[1]
    at(r)[...] -= terms_r[1]
    length = weights[0] * _lengths(extent, switches, lengths)
    at(q)[...] = length * at(r)
    size = np.abs(terms_r[0]) + np.abs(terms_r[1])
    record(magnitude, "phi", phi, *terms_phi)
    record(magnitude, "r", r, size)
    record(magnitude, "q", q, length * size)
    _norms(r, size, rdx, rdy, rdz, result, magnitude)


# --- between levels ---------------------------------------------------------------------------------------------------


def restrict_lines(
    extent, switches, magnitude=None, *, lines, coarse, lines_extent, coarse_extent, first_x, coarse_i, coarse_j,
    coarse_k,
):  # fmt: skip
    """Coarse cell = sum over the values of its line, for the part's share of the coarse level."""
    box = np.s_[coarse_k : coarse_k + extent.nz, coarse_j : coarse_j + extent.ny, coarse_i : coarse_i + extent.nx]
    inside = lines[GHOST:-GHOST, GHOST:-GHOST, first_x[0] : first_x[-1]]
    coarse[box] = np.add.reduceat(inside, first_x[:-1] - first_x[0], 2)
    if magnitude is not None:
        magnitude["coarse"] = np.abs(coarse.astype(np.float64))
        magnitude["coarse"][box] = np.add.reduceat(np.abs(inside), first_x[:-1] - first_x[0], 2)


def prolong_lines(extent, switches, magnitude=None, *, coarse, lines, coarse_extent, to_x, coarse_y, coarse_z):
    """Lines of the coarse values, one cell longer at both ends than the fine rows."""
    at(lines)[...] = coarse[np.ix_(coarse_z, coarse_y, to_x[1:-1])]
    record(magnitude, "lines", lines, at(lines))


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


def _two_sweeps(coefficients, decay, inverse_diagonal, weights, b):
    """x after two sweeps of Jacobi with weights from x = 0, and the sum of |terms|."""
    first = weights[0] * inverse_diagonal * b
    product, size = _product(coefficients, decay, first)
    step = weights[1] * at(inverse_diagonal)
    return at(first) + step * (at(b) - product), np.abs(at(first)) + np.abs(step) * (np.abs(at(b)) + size)


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
    at(y)[...], size = _swept(_coarse_coefficients(cx, cy, cz), decay, weights[sweep] * at(inverse_diagonal), b, x)
    record(magnitude, "y", y, size)


class _TailLevel:
    """A level of the tail: its fields, which are views of the store, and the maps to the next coarser level."""

    def __init__(self, numbers, maps, store):
        nx, ny, nz, first, size, self.pairs, self.periodic, self.first_map = (int(number) for number in numbers)
        self.shape = (nz + 2 * GHOST, ny + 2 * GHOST, nx + 2 * GHOST)
        fields = [store[first + n * size :][: np.prod(self.shape)].reshape(self.shape) for n in range(8)]
        *self.coefficients, self.decay, self.inverse_diagonal, self.b, self.x, self.work = fields
        self.maps = maps[self.first_map :]

    def wrap(self, field):
        """Copy across periodic boundaries."""
        for axis, dimension in enumerate((2, 1, 0)):
            if self.periodic >> axis & 1:
                line = np.moveaxis(field, dimension, 0)
                line[1], line[-2] = line[-3], line[2]

    def sweep(self, x, weight):
        """x + weight (b - S x) / diagonal, inside; 0 in the ghost cells."""
        product, _ = _product(_coarse_coefficients(*self.coefficients), self.decay, x)
        swept = np.zeros_like(x)
        at(swept)[...] = at(x) + weight * at(self.inverse_diagonal) * (at(self.b) - product)
        self.wrap(swept)
        return swept

    def sweeps(self, weights):
        """Two sweeps; they leave the first in `work`."""
        at(self.work)[...] = at(self.sweep(self.x, weights[0]))
        self.wrap(self.work)
        at(self.x)[...] = at(self.sweep(self.work, weights[1]))
        self.wrap(self.x)

    def weights(self, weights):
        """The weights of the level in pairs: those of one pair of sweeps stand before those of two."""
        begin = self.pairs * (self.pairs - 1)
        return weights[begin : begin + 2 * self.pairs].reshape(-1, 2)

    def next_cells(self, coarser):
        """Per axis x, y, z: the first cell of every coarse cell, and the coarse cell of every cell; padded indices."""
        n = [size - 2 * GHOST for size in coarser.shape[::-1]]
        sizes = [*(cells + 1 for cells in n), *self.shape[::-1]]
        ends = np.cumsum(sizes)
        pieces = [self.maps[end - size : end] for end, size in zip(ends, sizes, strict=True)]
        return pieces[:3], [piece[GHOST:-GHOST] for piece in pieces[3:]]


def coarse_tail(extent, switches, magnitude=None, *, levels, maps, weights, store, level_count):
    """x of the first level ~ S^-1 b by one V-cycle over the levels of the store."""
    tail = [_TailLevel(numbers, maps, store) for numbers in levels.reshape(-1, 8)[:level_count]]
    scale = np.abs(store).max() if magnitude is not None else 0.0
    for level, coarser in zip(tail, [*tail[1:], None], strict=True):
        first_pair, *more_pairs = level.weights(weights)
        level.wrap(level.b)
        level.x[...] = 0
        at(level.x)[...] = first_pair[0] * at(level.inverse_diagonal) * at(level.b)
        level.wrap(level.x)
        at(level.x)[...] = at(level.sweep(level.x, first_pair[1]))
        level.wrap(level.x)
        for pair in more_pairs:
            level.sweeps(pair)
        if coarser is not None:
            product, _ = _product(_coarse_coefficients(*level.coefficients), level.decay, level.x)
            at(level.work)[...] = at(level.b) - product
            first, _ = level.next_cells(coarser)
            values = level.work
            for dimension, begins in zip((2, 1, 0), first, strict=True):
                inside = values.take(range(begins[0], begins[-1]), dimension)
                values = np.add.reduceat(inside, begins[:-1] - begins[0], dimension)
            at(coarser.b)[...] = values
    for level, coarser in zip(tail[::-1], [None, *tail[:0:-1]], strict=True):
        if coarser is not None:
            _, to = level.next_cells(coarser)
            at(level.x)[...] += coarser.x[np.ix_(to[2], to[1], to[0])]
            level.wrap(level.x)
        for pair in level.weights(weights):
            level.sweeps(pair)
    if magnitude is not None:
        # A cycle is a long sum with terms of every size up to those of its largest value.
        magnitude["store"] = np.full(store.shape, max(scale, np.abs(store).max()))


# --- sparse rows ------------------------------------------------------------------------------------------------------


def _by_row(first, values):
    """Sum of the entries of every row."""
    sums = np.zeros(len(first) - 1, values.dtype)
    np.add.at(sums, np.repeat(np.arange(len(sums)), np.diff(first)), values)
    return sums


def _row_products(cell, first, other, coefficient, x, faces=None):
    """(rows of S) x, and the sum of |terms|, for every row; x is padded. `faces` masks the entries that count."""
    values = x.reshape(-1)
    own = np.repeat(values[cell], np.diff(first))
    beyond = np.where(other < 0, 0, values[np.maximum(other, 0)])
    if faces is not None:
        coefficient = np.where(faces, coefficient, 0)
    size = np.abs(coefficient) * (np.abs(own) + np.abs(beyond))
    return _by_row(first, coefficient * (own - beyond)), _by_row(first, size.astype(np.float64))


def _of_faces(extent, cell, first, other):
    """Which entries lead outside or to one of the six neighbours."""
    apart = np.abs(other - np.repeat(cell, np.diff(first)))
    return (other < 0) | np.isin(apart, (1, extent.sy, extent.sz))


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


def rows_dot(
    extent, switches, magnitude=None, *, cell, first_entry, other, coefficient, p, fine_extent, row_count, result
):
    """Sum of p (rows of S) p."""
    product, size = _row_products(cell, first_entry, other, coefficient, p)
    own = p.reshape(-1)[cell].astype(np.float64)
    result[0] = np.sum(own * product)
    _record_sum(magnitude, result, np.sum(np.abs(own) * size))


def rows_deduct(extent, switches, magnitude=None, *, count, cell, first, other, coefficient, x, b, aside):
    """b -= (rows of S) x, as far as the entries are faces; b before is set aside."""
    aside[...] = b.reshape(-1)[cell]
    product, size = _row_products(cell, first, other, coefficient, x, _of_faces(extent, cell, first, other))
    _add_at(b, "b", cell, -product, size, magnitude)
    if magnitude is not None:
        magnitude["aside"] = np.abs(aside)


def rows_restore(extent, switches, magnitude=None, *, count, cell, aside, b):
    """b in the cells of the rows as it was set aside."""
    b.reshape(-1)[cell] = aside
    if magnitude is not None:
        magnitude["b"] = np.abs(b)


def rows_smooth(
    extent, switches, magnitude=None, *, count, cell, first, other, coefficient, weights, lines, line_y, line_z, x, y,
    lines_y, sweep, **lengths,
):  # fmt: skip
    """What the rows add to one sweep."""
    faces = _of_faces(extent, cell, first, other)
    correction = _lines_on_cells(extent, lines, line_y, line_z, lines_y) if switches["LINES"] else np.zeros_like(x)
    product, _ = _row_products(cell, first, other, coefficient, x + correction, faces)
    _, size = _row_products(cell, first, other, coefficient, np.abs(x) + np.abs(correction), faces)
    length = np.zeros_like(x)
    at(length)[...] = weights[sweep] * _lengths(extent, switches, lengths)
    step = length.reshape(-1)[cell]
    _add_at(y, "y", cell, -step * product, np.abs(step) * size, magnitude)


def rows_smooth_dot(
    extent, switches, magnitude=None, *, cell, first_entry, other, coefficient, weights, b, x, fine_extent, row_count,
    result, **lengths,
):  # fmt: skip
    """Sum of b z over what the rows add to z in the last sweep."""
    faces = _of_faces(fine_extent, cell, first_entry, other)
    product, size = _row_products(cell, first_entry, other, coefficient, x, faces)
    length = np.zeros_like(x)
    at(length)[...] = weights[1] * _lengths(fine_extent, switches, lengths)
    step, own = length.reshape(-1)[cell], b.reshape(-1)[cell].astype(np.float64)
    result[0] = -np.sum(own * step * product)
    _record_sum(magnitude, result, np.sum(np.abs(own * step) * size))


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
