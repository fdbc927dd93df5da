// Pressure equation: a positive operator S with
//     (S x)_c = sum_f c_f (x_c - x_nb) + decay_c x_c + sparse rows,
// solved for S phi = -b by conjugate gradients with a multigrid preconditioner. On the finest level c_f = A_f / d_f on
// the open faces, put together from flags and one-dimensional metrics; coarse levels hold c_f in three fields.

// Every kernel of this file compiles all of it, also those whose table entry lacks a switch.
#ifndef DECAY
#define DECAY 0
#endif
#ifndef VOLUME
#define VOLUME 0
#endif

// Sum over the open faces of c_f (x_c - x_nb). Closed faces are selected away: what lies behind them is never used.
template <class Value>
BODY real fine_outflow(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                       const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                       const real* rdzf, const Value x)
{
    // Loads before selections: a load that depends on a flag stops the vectoriser.
    const int own_flags = flags[c];
    const int flags_x = flags[c + 1];
    const int flags_y = flags[c + e.sy];
    const int flags_z = flags[c + e.sz];
    const real own = x(c);
    const real to_west = rdxf[i] * (own - x(c - 1));
    const real to_east = rdxf[i + 1] * (own - x(c + 1));
    const real to_south = rdyf[j] * (own - x(c - e.sy));
    const real to_north = rdyf[j + 1] * (own - x(c + e.sy));
    const real to_below = rdzf[k] * (own - x(c - e.sz));
    const real to_above = rdzf[k + 1] * (own - x(c + e.sz));
    const real west = (own_flags & OPEN_X) ? to_west : R(0);
    const real east = (flags_x & OPEN_X) ? to_east : R(0);
    const real south = (own_flags & OPEN_Y) ? to_south : R(0);
    const real north = (flags_y & OPEN_Y) ? to_north : R(0);
    const real below = (own_flags & OPEN_Z) ? to_below : R(0);
    const real above = (flags_z & OPEN_Z) ? to_above : R(0);
    return dy[j] * dz[k] * (west + east) + dx[i] * (dz[k] * (south + north) + dy[j] * (below + above));
}

BODY real decay_of(const index c, const real* decay, const real own)
{
    return DECAY ? decay[c] * own : R(0);
}

// Sum over the six faces of c_f (x_c - x_nb), plus the decay, on a coarse level.
template <class Value>
BODY real coarse_product(const Extent e, const index c, const real* cx, const real* cy, const real* cz,
                         const real* decay, const Value x)
{
    const real own = x(c);
    return cx[c] * (own - x(c - 1)) + cx[c + 1] * (own - x(c + 1)) + cy[c] * (own - x(c - e.sy)) +
           cy[c + e.sy] * (own - x(c + e.sy)) + cz[c] * (own - x(c - e.sz)) + cz[c + e.sz] * (own - x(c + e.sz)) +
           decay[c] * own;
}

BODY real inverse_or_zero(const real diagonal)
{
    const real safe = diagonal > R(0) ? diagonal : R(1);
    return diagonal > R(0) ? R(1) / safe : R(0);
}

// --- finest level ---------------------------------------------------------------------------------------------------

// inverse_diagonal = 1 / (sum of c_f over the open faces + decay); 0 in cells without any
BODY void pressure_inverse_diagonal(const Extent e, const int i, const int j, const int k, const index c,
                                    const mark* flags, const real* dx, const real* dy, const real* dz,
                                    const real* rdxf, const real* rdyf, const real* rdzf, const real* decay,
                                    real* inverse_diagonal)
{
    // The indicator of this one cell: its product with S is the diagonal.
    const auto indicator = [=](const index n) { return n == c ? R(1) : R(0); };
    const real diagonal = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, indicator);
    inverse_diagonal[c] = inverse_or_zero(diagonal + decay_of(c, decay, R(1)));
}

// q = S p. The sum of p q is a kernel of its own: with the flags' bytes in one loop with sums in double, the host
// vectorises over 64 cells at a time and runs what is left of each row one by one, 2.4 ns per cell against 0.8 + 0.2.
BODY void pressure_apply(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                         const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                         const real* rdzf, const real* decay, const real* p, real* q)
{
    const auto value = [=](const index n) { return p[n]; };
    q[c] = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, value) + decay_of(c, decay, p[c]);
}

// r = b - S x
BODY void pressure_residual(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                            const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                            const real* rdzf, const real* decay, const real* b, const real* x, real* r)
{
    const auto value = [=](const index n) { return x[n]; };
    r[c] = b[c] - fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, value) - decay_of(c, decay, x[c]);
}

// x after two sweeps from zero: x1 = w0 b / diagonal, x = x1 + w1 (b - S x1) / diagonal
BODY void pressure_smooth_first(const Extent e, const int i, const int j, const int k, const index c,
                                const mark* flags, const real* dx, const real* dy, const real* dz, const real* rdxf,
                                const real* rdyf, const real* rdzf, const real* decay, const real* inverse_diagonal,
                                const real* weights, const real* b, real* x)
{
    const real w = weights[0];
    const auto first = [=](const index n) { return w * inverse_diagonal[n] * b[n]; };
    const real product = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, first) +
                         decay_of(c, decay, first(c));
    x[c] = first(c) + weights[1] * inverse_diagonal[c] * (b[c] - product);
}

// y = x + weights[sweep] (b - S x) / diagonal
BODY void pressure_smooth(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                          const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                          const real* rdzf, const real* decay, const real* inverse_diagonal, const real* weights,
                          const real* b, const real* x, real* y, const int sweep)
{
    const auto value = [=](const index n) { return x[n]; };
    const real product = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, value) +
                         decay_of(c, decay, x[c]);
    y[c] = x[c] + weights[sweep] * inverse_diagonal[c] * (b[c] - product);
}

// --- start, end and check of a solve --------------------------------------------------------------------------------

// -(b - V shift[region]) in fluid cells, 0 elsewhere: the right-hand side of S phi = -b made consistent
BODY real consistent_source(const int i, const int j, const int k, const index c, const mark* flags, const real* dx,
                            const real* dy, const real* dz, const mark* region, const double* shift, const real* b)
{
    const real volume = dx[i] * dy[j] * dz[k];
    const real source = b[c] - volume * R(shift[region[c]]);
    return (flags[c] & FLUID) ? -source : R(0);
}

// phi = 0 and its residual r
BODY void pressure_start(const Extent, const int i, const int j, const int k, const index c, const mark* flags,
                         const real* dx, const real* dy, const real* dz, const mark* region, const double* shift,
                         const real* b, real* phi, real* r)
{
    phi[c] = R(0);
    r[c] = consistent_source(i, j, k, c, flags, dx, dy, dz, region, shift, b);
}

// r = residual of phi, not counting sparse rows
BODY void pressure_defect(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                          const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                          const real* rdzf, const real* decay, const mark* region, const double* shift, const real* b,
                          const real* phi, real* r)
{
    const auto value = [=](const index n) { return phi[n]; };
    r[c] = consistent_source(i, j, k, c, flags, dx, dy, dz, region, shift, b) -
           fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, value) - decay_of(c, decay, phi[c]);
}

BODY Slots<2> norms(const int i, const int j, const int k, const real* rdx, const real* rdy, const real* rdz,
                    const real r)
{
    return {{(double)r * (double)r, (double)rabs(r * (rdx[i] * rdy[j] * rdz[k]))}};
}

// sum of r^2 and largest |r| / V
BODY Slots<2> residual_norms(const Extent, const int i, const int j, const int k, const index c, const real* rdx,
                             const real* rdy, const real* rdz, const real* r)
{
    return norms(i, j, k, rdx, rdy, rdz, r[c]);
}

// y = x in one region, with VOLUME times the cell volume; 0 elsewhere. Summed by field_sums: bytes and sums in double do
// not go well together in one loop, see pressure_apply.
BODY void region_only(const Extent, const int i, const int j, const int k, const index c, const real* dx,
                      const real* dy, const real* dz, const mark* region, const real* x, real* y, const int label)
{
    const real weight = VOLUME ? dx[i] * dy[j] * dz[k] : R(1);
    const real value = weight * x[c];
    y[c] = region[c] == label ? value : R(0);
}

// sum of x and of |x|
BODY Slots<2> field_sums(const Extent, const int, const int, const int, const index c, const real* x)
{
    return {{(double)x[c], (double)rabs(x[c])}};
}

// shift[label] = sum over the parts / volume of the region
BODY void region_mean(const Extent, const double* sums, const double* volume, double* shift, const int parts,
                      const int label)
{
    double sum = 0.0;
    for (int part = 0; part < parts; ++part)
        sum += sums[2 * part];
    shift[label] = sum / volume[label];
}

// x = x - shift[region], with VOLUME times the cell volume, in fluid cells; 0 elsewhere
BODY void region_shift(const Extent, const int i, const int j, const int k, const index c, const mark* flags,
                       const real* dx, const real* dy, const real* dz, const mark* region, const double* shift,
                       real* x)
{
    const real weight = VOLUME ? dx[i] * dy[j] * dz[k] : R(1);
    const real value = x[c] - weight * R(shift[region[c]]);
    x[c] = (flags[c] & FLUID) ? value : R(0);
}

// --- conjugate gradients --------------------------------------------------------------------------------------------
// scalars: 0 r.z, 1 alpha, 2 beta

// A restart forgets the direction: beta becomes 0.
BODY void cg_restart(const Extent, double* scalars)
{
    scalars[0] = 0.0;
}

// r.z of all parts; beta = r.z / (r.z before), 0 after a restart
BODY void cg_beta(const Extent, const double* products, double* scalars, const int parts)
{
    double product = 0.0;
    for (int part = 0; part < parts; ++part)
        product += products[part];
    scalars[2] = scalars[0] > 0.0 ? product / scalars[0] : 0.0;
    scalars[0] = product;
}

// alpha = r.z / p.q; 0 where nothing is left to correct, NaN stays visible
BODY void cg_alpha(const Extent, const double* products, double* scalars, const int parts)
{
    double product = 0.0;
    for (int part = 0; part < parts; ++part)
        product += products[part];
    scalars[1] = product == 0.0 ? 0.0 : scalars[0] / product;
}

// p = z + beta p
BODY void cg_direction(const Extent, const int, const int, const int, const index c, const real* z, real* p,
                       const double* scalars)
{
    const real beta = R(scalars[2]);
    p[c] = beta == R(0) ? z[c] : z[c] + beta * p[c];
}

// phi += alpha p, r -= alpha q; sum of r^2 and largest |r| / V
BODY Slots<2> cg_update(const Extent, const int i, const int j, const int k, const index c, const real* rdx,
                        const real* rdy, const real* rdz, const real* p, const real* q, real* phi, real* r,
                        const double* scalars)
{
    const real alpha = R(scalars[1]);
    const real value = r[c] - alpha * q[c];
    phi[c] = phi[c] + alpha * p[c];
    r[c] = value;
    return norms(i, j, k, rdx, rdy, rdz, value);
}

// --- between levels -------------------------------------------------------------------------------------------------

// coarse = sum of the fine cells that a coarse cell holds: one or two along each axis. The launch extent is the part's
// share of the coarse level, which begins at (coarse_i, coarse_j, coarse_k) of it; first_x[i-2] ... first_x[i-1] - 1 are
// its fine indices in x. No loops over the one or two: their number of passes would change within a row.
BODY void restrict_sum(const Extent, const int i, const int j, const int k, const index, const real* fine, real* coarse,
                       const Extent fine_extent, const Extent coarse_extent, const int* first_x, const int* first_y,
                       const int* first_z, const int coarse_i, const int coarse_j, const int coarse_k)
{
    const int low_x = first_x[i - 2], high_x = first_x[i - 1] - 1;
    const int low_y = first_y[j - 2], high_y = first_y[j - 1] - 1;
    const int low_z = first_z[k - 2], high_z = first_z[k - 1] - 1;
    const auto line = [=](const int jf, const int kf) {
        const real* start = fine + fine_extent.sy * jf + fine_extent.sz * kf;
        const real second = start[high_x];
        return start[low_x] + (high_x > low_x ? second : R(0));
    };
    const real first_plane = line(low_y, low_z) + (high_y > low_y ? line(high_y, low_z) : R(0));
    const real second_plane =
        high_z > low_z ? line(low_y, high_z) + (high_y > low_y ? line(high_y, high_z) : R(0)) : R(0);
    coarse[(coarse_i + i - 2) + coarse_extent.sy * (coarse_j + j - 2) + coarse_extent.sz * (coarse_k + k - 2)] =
        first_plane + second_plane;
}

// x += value of the coarse cell that holds the cell; to_x[i] is the coarse index of fine index i
BODY void prolong_add(const Extent, const int i, const int j, const int k, const index c, const real* coarse, real* x,
                      const Extent coarse_extent, const int* to_x, const int* to_y, const int* to_z)
{
    x[c] = x[c] + coarse[to_x[i] + coarse_extent.sy * to_y[j] + coarse_extent.sz * to_z[k]];
}

// --- coarse levels --------------------------------------------------------------------------------------------------

BODY void coarse_inverse_diagonal(const Extent e, const int, const int, const int, const index c, const real* cx,
                                  const real* cy, const real* cz, const real* decay, real* inverse_diagonal)
{
    inverse_diagonal[c] =
        inverse_or_zero(cx[c] + cx[c + 1] + cy[c] + cy[c + e.sy] + cz[c] + cz[c + e.sz] + decay[c]);
}

BODY void coarse_residual(const Extent e, const int, const int, const int, const index c, const real* cx,
                          const real* cy, const real* cz, const real* decay, const real* b, const real* x, real* r)
{
    const auto value = [=](const index n) { return x[n]; };
    r[c] = b[c] - coarse_product(e, c, cx, cy, cz, decay, value);
}

BODY void coarse_smooth_first(const Extent e, const int, const int, const int, const index c, const real* cx,
                              const real* cy, const real* cz, const real* decay, const real* inverse_diagonal,
                              const real* weights, const real* b, real* x)
{
    const real w = weights[0];
    const auto first = [=](const index n) { return w * inverse_diagonal[n] * b[n]; };
    x[c] = first(c) + weights[1] * inverse_diagonal[c] * (b[c] - coarse_product(e, c, cx, cy, cz, decay, first));
}

BODY void coarse_smooth(const Extent e, const int, const int, const int, const index c, const real* cx, const real* cy,
                        const real* cz, const real* decay, const real* inverse_diagonal, const real* weights,
                        const real* b, const real* x, real* y, const int sweep)
{
    const auto value = [=](const index n) { return x[n]; };
    y[c] = x[c] + weights[sweep] * inverse_diagonal[c] * (b[c] - coarse_product(e, c, cx, cy, cz, decay, value));
}

// --- sparse rows ----------------------------------------------------------------------------------------------------
// Row n adds sum over its entries of coefficient (x_cell - x_other) to S x at cell[n]; other = -1 lies outside, x = 0.

template <class Value>
BODY real row_product(const int n, const int* cell, const int* first, const int* other, const real* coefficient,
                      const Value x)
{
    const real own = x(cell[n]);
    real sum = R(0);
    for (int m = first[n]; m < first[n + 1]; ++m) {
        const int o = other[m];
        sum += coefficient[m] * (own - (o < 0 ? R(0) : x(o < 0 ? 0 : o)));
    }
    return sum;
}

// y += sign (rows x)
BODY void rows_add(const Extent, const int n, const int* cell, const int* first, const int* other,
                   const real* coefficient, const real* x, real* y, const int sign)
{
    const auto value = [=](const int c) { return x[c]; };
    y[cell[n]] += R(sign) * row_product(n, cell, first, other, coefficient, value);
}

// The part of the rows in pressure_smooth_first, added afterwards.
BODY void rows_smooth_first(const Extent, const int n, const int* cell, const int* first, const int* other,
                            const real* coefficient, const real* inverse_diagonal, const real* weights, const real* b,
                            real* x)
{
    const real w = weights[0];
    const auto value = [=](const int c) { return w * inverse_diagonal[c] * b[c]; };
    x[cell[n]] -= weights[1] * inverse_diagonal[cell[n]] * row_product(n, cell, first, other, coefficient, value);
}

// The part of the rows in pressure_smooth, added afterwards.
BODY void rows_smooth(const Extent, const int n, const int* cell, const int* first, const int* other,
                      const real* coefficient, const real* inverse_diagonal, const real* weights, const real* x,
                      real* y, const int sweep)
{
    const auto value = [=](const int c) { return x[c]; };
    y[cell[n]] -=
        weights[sweep] * inverse_diagonal[cell[n]] * row_product(n, cell, first, other, coefficient, value);
}

// inverse_diagonal = 1 / (stencil's own diagonal + coefficients of the row)
BODY void rows_inverse_diagonal(const Extent, const int n, const int* cell, const int* first, const real* coefficient,
                                const real* diagonal, const real* decay, real* inverse_diagonal)
{
    real sum = diagonal[n] + decay_of(cell[n], decay, R(1));
    for (int m = first[n]; m < first[n + 1]; ++m)
        sum += coefficient[m];
    inverse_diagonal[cell[n]] = inverse_or_zero(sum);
}

// all[offset + n] = part[n]: the coefficients of every part behind one another
BODY void gather_list(const Extent, const int n, const real* part, real* all, const int offset)
{
    all[offset + n] = part[n];
}

// What an entry adds to the coefficient of a coarse face: air path and resistance in series. On the finest level the
// face conducts coefficient + held, of which conductance = A/d would be that of the air alone; on the coarse level the
// air path is `ratio` times as long; held / ratio is already in the coarse coefficient.
BODY real coarse_share(const int m, const int* entry, const real* coefficient, const real* conductance,
                       const real* held, const real* ratio)
{
    const real total = coefficient[entry[m]] + held[m];
    return total / (R(1) + (ratio[m] - R(1)) * total / conductance[m]) - held[m] / ratio[m];
}

// target[place[n]] = base[n] + shares of the entries of the face
BODY void coarse_face_rows(const Extent, const int n, const int* place, const int* first, const int* entry,
                           const real* coefficient, const real* conductance, const real* held, const real* ratio,
                           const real* base, real* target)
{
    real sum = base[n];
    for (int m = first[n]; m < first[n + 1]; ++m)
        sum += coarse_share(m, entry, coefficient, conductance, held, ratio);
    target[place[n]] = rmax(sum, R(0));
}

// The same for a cell's decay, where a decay that stems from the finest level is the base.
BODY void coarse_decay_rows(const Extent, const int n, const int* place, const int* first, const int* entry,
                            const real* coefficient, const real* conductance, const real* held, const real* ratio,
                            real* decay)
{
    real sum = DECAY ? decay[place[n]] : R(0);
    for (int m = first[n]; m < first[n + 1]; ++m)
        sum += coarse_share(m, entry, coefficient, conductance, held, ratio);
    decay[place[n]] = rmax(sum, R(0));
}
