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
#ifndef LINES
#define LINES 0
#endif
#ifndef SEALED
#define SEALED 0
#endif

// Values of a cell and of its six neighbours.
struct Around {
    real own, west, east, south, north, below, above;
};

BODY Around around(const Extent e, const index c, const real* x)
{
    return {x[c], x[c - 1], x[c + 1], x[c - e.sy], x[c + e.sy], x[c - e.sz], x[c + e.sz]};
}

// Sum over the open faces of c_f (x_c - x_nb). Closed faces are selected away: what lies behind them is never used.
BODY real fine_outflow(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                       const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                       const real* rdzf, const Around x)
{
    // Loads before selections: a load that depends on a flag stops the vectoriser.
    const int own_flags = flags[c];
    const int flags_x = flags[c + 1];
    const int flags_y = flags[c + e.sy];
    const int flags_z = flags[c + e.sz];
    const real to_west = rdxf[i] * (x.own - x.west);
    const real to_east = rdxf[i + 1] * (x.own - x.east);
    const real to_south = rdyf[j] * (x.own - x.south);
    const real to_north = rdyf[j + 1] * (x.own - x.north);
    const real to_below = rdzf[k] * (x.own - x.below);
    const real to_above = rdzf[k + 1] * (x.own - x.above);
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

// 1 / M, by which a sweep multiplies the residual: M is the sum of c_f over all six faces, open or closed, plus the
// decay. It bounds the diagonal of S from above, needs neither flags nor memory, and costs no iterations: at a wall a
// sweep goes 5/6 of the way.
BODY real sweep_length(const int i, const int j, const int k, const index c, const real* dx, const real* dy,
                       const real* dz, const real* rdxf, const real* rdyf, const real* rdzf, const real* decay)
{
    const real x = dy[j] * dz[k] * (rdxf[i] + rdxf[i + 1]);
    const real yz = dx[i] * (dz[k] * (rdyf[j] + rdyf[j + 1]) + dy[j] * (rdzf[k] + rdzf[k + 1]));
    return inverse_or_zero(x + yz + decay_of(c, decay, R(1)));
}

// The line of a coarse correction that holds the row (j, k) of fine cells, which reads it at i. Lines are fields that
// are one cell longer at both ends than the fine rows; lines_y is the padded number of lines along y.
BODY const real* line_of(const Extent e, const int j, const int k, const real* lines, const int* line_y,
                         const int* line_z, const int lines_y)
{
    return lines + 1 + (e.sy + 2) * (line_y[j] + (index)lines_y * line_z[k]);
}

// x + the coarse correction, with LINES, in a cell and its neighbours.
BODY Around corrected(const Extent e, const int i, const int j, const int k, const index c, const real* x,
                      const real* lines, const int* line_y, const int* line_z, const int lines_y)
{
    Around found = around(e, c, x);
    if (LINES) {
        const real* own = line_of(e, j, k, lines, line_y, line_z, lines_y);
        found.own += own[i];
        found.west += own[i - 1];
        found.east += own[i + 1];
        found.south += line_of(e, j - 1, k, lines, line_y, line_z, lines_y)[i];
        found.north += line_of(e, j + 1, k, lines, line_y, line_z, lines_y)[i];
        found.below += line_of(e, j, k - 1, lines, line_y, line_z, lines_y)[i];
        found.above += line_of(e, j, k + 1, lines, line_y, line_z, lines_y)[i];
    }
    return found;
}

// y = x + weights[sweep] (b - S x) / M, where x is corrected by the coarse level first with LINES
BODY void pressure_smooth(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                          const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                          const real* rdzf, const real* decay, const real* weights, const real* lines,
                          const int* line_y, const int* line_z, const real* b, const real* x, real* y, const int lines_y,
                          const int sweep)
{
    const Around values = corrected(e, i, j, k, c, x, lines, line_y, line_z, lines_y);
    const real product = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, values) +
                         decay_of(c, decay, values.own);
    const real length = weights[sweep] * sweep_length(i, j, k, c, dx, dy, dz, rdxf, rdyf, rdzf, decay);
    y[c] = values.own + length * (b[c] - product);
}

// The last sweep: z = x + weights[1] (b - S x) / M in fluid cells, 0 elsewhere; sum of b z
BODY Slots<1> pressure_smooth_last(const Extent e, const int i, const int j, const int k, const index c,
                                   const mark* flags, const real* dx, const real* dy, const real* dz, const real* rdxf,
                                   const real* rdyf, const real* rdzf, const real* decay, const real* weights,
                                   const real* b, const real* x, real* z)
{
    const Around values = around(e, c, x);
    const real product = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, values) +
                         decay_of(c, decay, values.own);
    const real length = weights[1] * sweep_length(i, j, k, c, dx, dy, dz, rdxf, rdyf, rdzf, decay);
    const real swept = values.own + length * (b[c] - product);
    const real value = (flags[c] & FLUID) ? swept : R(0);
    z[c] = value;
    return {{(double)b[c] * (double)value}};
}

// lines = sum of b - S x over the one or two by one or two fine cells in y and z that one coarse cell holds. The launch
// extent is the part's share of the coarse level in y and z, and all fine cells in x.
BODY void pressure_residual_lines(const Extent, const int i, const int j, const int k, const index line,
                                  const mark* flags, const real* dx, const real* dy, const real* dz, const real* rdxf,
                                  const real* rdyf, const real* rdzf, const real* decay, const real* b, const real* x,
                                  real* lines, const Extent fine, const int* first_y, const int* first_z)
{
    const auto residual = [=](const int row, const int plane) {
        const index c = i + fine.sy * row + fine.sz * plane;
        const Around values = around(fine, c, x);
        return b[c] - fine_outflow(fine, i, row, plane, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, values) -
               decay_of(c, decay, values.own);
    };
    const int low_y = first_y[j - 2], high_y = first_y[j - 1] - 1;
    const int low_z = first_z[k - 2], high_z = first_z[k - 1] - 1;
    // All four before the choice: a coarse cell that holds one row holds it twice here, and takes it once.
    const real south_below = residual(low_y, low_z), north_below = residual(high_y, low_z);
    const real south_above = residual(low_y, high_z), north_above = residual(high_y, high_z);
    const real below = south_below + (high_y > low_y ? north_below : R(0));
    const real above = south_above + (high_y > low_y ? north_above : R(0));
    lines[line] = below + (high_z > low_z ? above : R(0));
}

// coarse = sum of one or two values of its line; the launch extent is the part's share of the coarse level, which begins
// at (coarse_i, coarse_j, coarse_k) of it
BODY void restrict_lines(const Extent, const int i, const int j, const int k, const index, const real* lines,
                         real* coarse, const Extent lines_extent, const Extent coarse_extent, const int* first_x,
                         const int coarse_i, const int coarse_j, const int coarse_k)
{
    const real* line = lines + lines_extent.sy * j + lines_extent.sz * k;
    const int low = first_x[i - 2], high = first_x[i - 1] - 1;
    const real second = line[high];
    coarse[(coarse_i + i - 2) + coarse_extent.sy * (coarse_j + j - 2) + coarse_extent.sz * (coarse_k + k - 2)] =
        line[low] + (high > low ? second : R(0));
}

// lines = value of the coarse cell that holds the fine cells. The launch extent is one cell longer at both ends in x
// than the fine rows; line (j - 2, k - 2) lies at (coarse_y, coarse_z) of the coarse level, to_x[i] is the coarse index
// of fine i.
BODY void prolong_lines(const Extent, const int i, const int j, const int k, const index line, const real* coarse,
                        real* lines, const Extent coarse_extent, const int* to_x, const int* coarse_y,
                        const int* coarse_z)
{
    lines[line] = coarse[to_x[i - 1] + coarse_extent.sy * coarse_y[j - 2] + coarse_extent.sz * coarse_z[k - 2]];
}

// --- start, end and check of a solve --------------------------------------------------------------------------------

// Sealed regions are numbered from 1. With SEALED 1 all fluid is the one of them, with 2 `region` holds the number of
// every cell, 0 where it is not sealed.
BODY int region_of(const index c, const mark* flags, const mark* region)
{
    return SEALED == 2 ? (int)region[c] : (SEALED == 1 && (flags[c] & FLUID)) ? 1 : 0;
}

// -(b - V shift[region]) in fluid cells, 0 elsewhere: the right-hand side of S phi = -b made consistent
BODY real consistent_source(const int i, const int j, const int k, const index c, const mark* flags, const real* dx,
                            const real* dy, const real* dz, const mark* region, const double* shift, const real* b)
{
    real source = b[c];
    if (SEALED)
        source -= dx[i] * dy[j] * dz[k] * R(shift[region_of(c, flags, region)]);
    return (flags[c] & FLUID) ? -source : R(0);
}

// sum of r^2 and largest |r| / V
BODY Slots<2> norms(const int i, const int j, const int k, const real* rdx, const real* rdy, const real* rdz,
                    const real r)
{
    return {{(double)r * (double)r, (double)rabs(r * (rdx[i] * rdy[j] * rdz[k]))}};
}

// r = residual of phi = 0, swept = first sweep of a cycle from it, weights[0] r / M; norms of r
BODY Slots<2> pressure_start(const Extent, const int i, const int j, const int k, const index c, const mark* flags,
                             const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                             const real* rdzf, const real* decay, const real* rdx, const real* rdy, const real* rdz,
                             const real* weights, const mark* region, const double* shift, const real* b, real* r,
                             real* swept)
{
    const real value = consistent_source(i, j, k, c, flags, dx, dy, dz, region, shift, b);
    r[c] = value;
    swept[c] = weights[0] * sweep_length(i, j, k, c, dx, dy, dz, rdxf, rdyf, rdzf, decay) * value;
    return norms(i, j, k, rdx, rdy, rdz, value);
}

// r = residual of phi, not counting sparse rows
BODY void pressure_defect(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                          const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                          const real* rdzf, const real* decay, const mark* region, const double* shift, const real* b,
                          const real* phi, real* r)
{
    const Around values = around(e, c, phi);
    r[c] = consistent_source(i, j, k, c, flags, dx, dy, dz, region, shift, b) -
           fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, values) -
           decay_of(c, decay, values.own);
}

// swept = first sweep of a cycle from r, weights[0] r / M; norms of r
BODY Slots<2> pressure_restart(const Extent, const int i, const int j, const int k, const index c, const real* dx,
                               const real* dy, const real* dz, const real* rdxf, const real* rdyf, const real* rdzf,
                               const real* decay, const real* rdx, const real* rdy, const real* rdz,
                               const real* weights, const real* r, real* swept)
{
    swept[c] = weights[0] * sweep_length(i, j, k, c, dx, dy, dz, rdxf, rdyf, rdzf, decay) * r[c];
    return norms(i, j, k, rdx, rdy, rdz, r[c]);
}

// sum of x and of |x| over one region, with VOLUME times the cell volume
BODY Slots<2> region_sums(const Extent, const int i, const int j, const int k, const index c, const mark* flags,
                          const real* dx, const real* dy, const real* dz, const mark* region, const real* x,
                          const int label)
{
    const real weight = VOLUME ? dx[i] * dy[j] * dz[k] : R(1);
    const real inside = weight * x[c];
    const real value = region_of(c, flags, region) == label ? inside : R(0);
    return {{(double)value, (double)rabs(value)}};
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
    const real value = x[c] - weight * R(shift[region_of(c, flags, region)]);
    x[c] = (flags[c] & FLUID) ? value : R(0);
}

// --- conjugate gradients --------------------------------------------------------------------------------------------
// scalars: 0 r.z, 1 alpha, 2 beta, 3 iterations since the start. Every part gives two products: that of its cells, and
// what its sparse rows add.

// A start forgets the solution: the first update does not read it.
BODY void cg_start(const Extent, double* scalars)
{
    scalars[0] = 0.0;
    scalars[3] = 0.0;
}

// A restart forgets the direction: beta becomes 0.
BODY void cg_restart(const Extent, double* scalars)
{
    scalars[0] = 0.0;
}

BODY double sum_of_products(const double* products, const int parts)
{
    double product = 0.0;
    for (int part = 0; part < parts; ++part)
        product += products[2 * part] + products[2 * part + 1];
    return product;
}

// r.z of all parts; beta = r.z / (r.z before), 0 after a restart
BODY void cg_beta(const Extent, const double* products, double* scalars, const int parts)
{
    const double product = sum_of_products(products, parts);
    scalars[2] = scalars[0] > 0.0 ? product / scalars[0] : 0.0;
    scalars[0] = product;
    scalars[3] += 1.0;
}

// alpha = r.z / p.q; 0 where nothing is left to correct, NaN stays visible
BODY void cg_alpha(const Extent, const double* products, double* scalars, const int parts)
{
    const double product = sum_of_products(products, parts);
    scalars[1] = product == 0.0 ? 0.0 : scalars[0] / product;
}

// p = z + beta p
BODY void cg_direction(const Extent, const int, const int, const int, const index c, const real* z, real* p,
                       const double* scalars)
{
    const real beta = R(scalars[2]);
    p[c] = beta == R(0) ? z[c] : z[c] + beta * p[c];
}

// q = S p; sum of p q
BODY Slots<1> pressure_apply(const Extent e, const int i, const int j, const int k, const index c, const mark* flags,
                             const real* dx, const real* dy, const real* dz, const real* rdxf, const real* rdyf,
                             const real* rdzf, const real* decay, const real* p, real* q)
{
    const Around values = around(e, c, p);
    const real product = fine_outflow(e, i, j, k, c, flags, dx, dy, dz, rdxf, rdyf, rdzf, values) +
                         decay_of(c, decay, values.own);
    q[c] = product;
    return {{(double)values.own * (double)product}};
}

// phi += alpha p, r -= alpha q, and in place of q the first sweep of the next cycle, weights[0] r / M; norms of r
BODY Slots<2> cg_update(const Extent, const int i, const int j, const int k, const index c, const real* dx,
                        const real* dy, const real* dz, const real* rdxf, const real* rdyf, const real* rdzf,
                        const real* decay, const real* rdx, const real* rdy, const real* rdz, const real* weights,
                        const real* p, real* q, real* phi, real* r, const double* scalars)
{
    const real alpha = R(scalars[1]);
    const real value = r[c] - alpha * q[c];
    const real before = scalars[3] > 1.0 ? phi[c] : R(0);
    phi[c] = before + alpha * p[c];
    r[c] = value;
    q[c] = weights[0] * sweep_length(i, j, k, c, dx, dy, dz, rdxf, rdyf, rdzf, decay) * value;
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

struct Place {
    int i, j, k;
};

BODY Place place_of(const Extent e, const int c)
{
    const int sy = (int)e.sy, sz = (int)e.sz;  // divisions of 64 bits take twice as long
    const int k = c / sz, j = (c - sz * k) / sy;
    return {c - sz * k - sy * j, j, k};
}

// Row n of a `rows` kernel, whose launch extent has at least as many cells as there are rows.
BODY int row_number(const Extent e, const int i, const int j, const int k)
{
    return (i - 2) + e.nx * ((j - 2) + e.ny * (k - 2));
}

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

// What of row n the preconditioner knows: not the entries that join cells which are no neighbours. Those may be of any
// size, and the sweeps stay bounded.
template <class Value>
BODY real face_product(const Extent e, const int n, const int* cell, const int* first, const int* other,
                       const real* coefficient, const Value x)
{
    const real own = x(cell[n]);
    real sum = R(0);
    for (int m = first[n]; m < first[n + 1]; ++m) {
        const int o = other[m];
        const index apart = o < cell[n] ? cell[n] - o : o - cell[n];
        const bool face = o < 0 || apart == 1 || apart == e.sy || apart == e.sz;
        sum += face ? coefficient[m] * (own - (o < 0 ? R(0) : x(o < 0 ? 0 : o))) : R(0);
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

// sum of p (rows p): what the rows add to p q
BODY Slots<1> rows_dot(const Extent e, const int i, const int j, const int k, const index, const int* cell,
                       const int* first, const int* other, const real* coefficient, const real* p, const Extent,
                       const int row_count)
{
    const int n = row_number(e, i, j, k), row = n < row_count ? n : 0;
    const auto value = [=](const int c) { return p[c]; };
    const double product = (double)p[cell[row]] * (double)row_product(row, cell, first, other, coefficient, value);
    return {{n < row_count ? product : 0.0}};
}

// b at the cells of the rows, set aside, less the rows of x
BODY void rows_deduct(const Extent e, const int n, const int* cell, const int* first, const int* other,
                      const real* coefficient, const real* x, real* b, real* aside)
{
    const auto value = [=](const int c) { return x[c]; };
    const real before = b[cell[n]];
    aside[n] = before;
    b[cell[n]] = before - face_product(e, n, cell, first, other, coefficient, value);
}

// b at the cells of the rows as it was set aside
BODY void rows_restore(const Extent, const int n, const int* cell, const real* aside, real* b)
{
    b[cell[n]] = aside[n];
}

// The part of the rows in pressure_smooth and pressure_smooth_last, added afterwards.
BODY void rows_smooth(const Extent e, const int n, const int* cell, const int* first, const int* other,
                      const real* coefficient, const real* dx, const real* dy, const real* dz, const real* rdxf,
                      const real* rdyf, const real* rdzf, const real* decay, const real* weights, const real* lines,
                      const int* line_y, const int* line_z, const real* x, real* y, const int lines_y, const int sweep)
{
    const auto value = [=](const int c) {
        if (!LINES)
            return x[c];
        const Place at = place_of(e, c);
        return x[c] + line_of(e, at.j, at.k, lines, line_y, line_z, lines_y)[at.i];
    };
    const Place at = place_of(e, cell[n]);
    const real length = weights[sweep] * sweep_length(at.i, at.j, at.k, cell[n], dx, dy, dz, rdxf, rdyf, rdzf, decay);
    y[cell[n]] -= length * face_product(e, n, cell, first, other, coefficient, value);
}

// sum of b z over what rows_smooth adds to z in the last sweep
BODY Slots<1> rows_smooth_dot(const Extent e, const int i, const int j, const int k, const index, const int* cell,
                              const int* first, const int* other, const real* coefficient, const real* dx,
                              const real* dy, const real* dz, const real* rdxf, const real* rdyf, const real* rdzf,
                              const real* decay, const real* weights, const real* b, const real* x, const Extent fine,
                              const int row_count)
{
    const int n = row_number(e, i, j, k), row = n < row_count ? n : 0;
    const auto value = [=](const int c) { return x[c]; };
    const index c = cell[row];
    const Place at = place_of(fine, cell[row]);
    const real length = weights[1] * sweep_length(at.i, at.j, at.k, c, dx, dy, dz, rdxf, rdyf, rdzf, decay);
    const real less = length * face_product(fine, row, cell, first, other, coefficient, value);
    return {{n < row_count ? -(double)b[c] * (double)less : 0.0}};
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
