// What the two-equation models of the mean flow share: the strain that makes turbulence, the lift that makes or
// takes it, and the corrections of the first cells at walls.

// Strain and lift in a cell. strain: S^2 = 2 S_ij S_ij less the part of the divergence, times `shape`, 1/s2. lift:
// buoyancy -B dtheta/dz of G = nu_t lift, 1/s2, over Pr_t. share: tanh(|w| / horizontal speed) of the lift that
// counts for the dissipation, Henkes et al. (1991), Int. J. Heat Mass Transfer 34, 377.
struct MeanFlow {
    real strain, lift, share;
};

BODY MeanFlow mean_flow(const Extent e, const int i, const int j, const int k, const index c, const real* ux,
                        const real* uy, const real* uz, const real* theta, const real density, const real* shape,
                        const mark* flags,
                        const real* dx, const real* dy, const real* dz, const real* rdx, const real* rdy,
                        const real* rdz, const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars)
{
    const real xx = (ux[c + 1] - ux[c]) * rdx[i], yy = (uy[c + e.sy] - uy[c]) * rdy[j];
    const real zz = (uz[c + e.sz] - uz[c]) * rdz[k];
    const real xy = across_cell(c, 1, e.sy, j, ux, flags, OPEN_Y, FREE_Y, dy, rdyf) * rdy[j]
                    + across_cell(c, e.sy, 1, i, uy, flags, OPEN_X, FREE_X, dx, rdxf) * rdx[i];
    const real xz = across_cell(c, 1, e.sz, k, ux, flags, OPEN_Z, FREE_Z, dz, rdzf) * rdz[k]
                    + across_cell(c, e.sz, 1, i, uz, flags, OPEN_X, FREE_X, dx, rdxf) * rdx[i];
    const real yz = across_cell(c, e.sy, e.sz, k, uy, flags, OPEN_Z, FREE_Z, dz, rdzf) * rdz[k]
                    + across_cell(c, e.sz, e.sy, j, uz, flags, OPEN_Y, FREE_Y, dy, rdyf) * rdy[j];
    const real third = (xx + yy + zz) * R(1.0 / 3.0);
    const real square = R(2) * (squared(xx - third) + squared(yy - third) + squared(zz - third)) + xy * xy + xz * xz
                        + yz * yz;
    const real strain = shape[c] * square;
    const real rise_low = (theta[c] - theta[c - e.sz]) * R(0.5) * rdzf[k];
    const real rise_high = (theta[c + e.sz] - theta[c]) * R(0.5) * rdzf[k + 1];
    const real low = (flags[c] & OPEN_Z) != 0 ? rise_low : R(0);
    const real high = (flags[c + e.sz] & OPEN_Z) != 0 ? rise_high : R(0);
    const real pull = R(scalars[BUOYANCY]) / (LOW_MACH ? R(1) : density);
    const real x = R(0.5) * (ux[c] + ux[c + 1]), y = R(0.5) * (uy[c] + uy[c + e.sy]);
    const real z = R(0.5) * (uz[c] + uz[c + e.sz]);
    const real share = hyperbolic_tangent(rabs(z) / (root(x * x + y * y) + R(1e-10)));
    return MeanFlow{strain, -pull * (low + high) * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]), share};
}

// --- the layer at walls ----------------------------------------------------------------------------------------------
//
// Cells of 5 ... 100 wall units do not follow the curvature of the profile between the first of them. The law of
// the wall tells what a finite volume makes of it there.

// dy+/du+ of Spalding's law less 1: the eddy viscosity over the molecular one where the stress is that of the wall.
BODY real spalding_ratio(const real u_plus, const double* scalars)
{
    const real x = R(scalars[KAPPA]) * u_plus;
    return R(scalars[SPALDING]) * R(scalars[KAPPA]) * (rising_exponential(x) - R(1) - x - R(0.5) * x * x);
}

// u+ of Spalding's law at y+, by Newton's steps on a convex function from above: five reach 1e-7 up to y+ of 1e4, one
// more double precision.
BODY real spalding_at(const real y_plus, const double* scalars)
{
    const real fourth = root(root(y_plus));
    real u = rmin(rmin(y_plus, R(5.5) * fourth), R(9.4) * root(fourth));
    for (int step = 0; step < (sizeof(real) == 8 ? 6 : 5); ++step) {
        const real x = R(scalars[KAPPA]) * u, cube = x * x * x * R(1.0 / 6.0);
        const real ratio = spalding_ratio(u, scalars);
        const real y = u + ratio / R(scalars[KAPPA]) - R(scalars[SPALDING]) * cube;
        u -= (y - y_plus) / (R(1) + ratio);
    }
    return u;
}

// What the first three cells before a wall face, with centres at the distances y, `second` and `third` (0: none),
// make of the law of the wall. steep: dy+/du+ - 1 in the first. added: eddy over molecular viscosity there with which
// the mean over the face to the second cell carries the stress of the law, as far as that is not below the molecular
// one. shape: what is left of the square of the gradient in the second cell, which is too large by [u+(third) -
// u+(y)] / [y+(third) - y+(y)] over du+/dy+. All in plain arithmetic: the loop over the walls is one of vectors.
BODY void wall_profile(const Extent, const int n, const real* distance, const real* second, const real* third,
                       const real* y_plus, const real* u_plus, const double* scalars, real* steep, real* added,
                       real* shape)
{
    const real y = y_plus[n], u = u_plus[n], unit = y / distance[n];
    const real y_2 = rmax(unit * second[n], R(1.01) * y), y_3 = rmax(unit * third[n], R(1.02) * y);
    const real u_2 = spalding_at(y_2, scalars), u_3 = spalding_at(y_3, scalars);
    const real ratio = spalding_ratio(u, scalars), ratio_2 = spalding_ratio(u_2, scalars);
    const real corrected = rmax(R(2) * (y_2 - y) / (u_2 - u) - ratio_2 - R(2), R(0));
    const real kept = rmin(squared((y_3 - y) / ((u_3 - u) * (R(1) + ratio_2))), R(1));
    steep[n] = ratio;
    added[n] = second[n] > R(0) ? corrected : ratio;
    shape[n] = third[n] > R(0) ? kept : R(1);
}

// Production of k in the first cell, P = u_tau^4 s (1 - s)/nu with the slope s = du+/dy+ of the law: u_tau^3/(kappa
// y) in the logarithmic layer and nothing in the sublayer, m2/s3.
BODY real wall_production(const real u_tau, const real steep, const real nu)
{
    return squared(squared(u_tau)) * steep / (squared(R(1) + steep) * nu);
}

// `shape` of the second cells at walls: of several walls in sight that with the most effect counts.
BODY void wall_shape(const Extent, const int n, const index* cell, const int* start, const int* wall,
                     const real* shape_of_wall, real* shape)
{
    real kept = R(1);
    for (int m = start[n]; m < start[n + 1]; ++m) kept = rmin(kept, shape_of_wall[wall[m]]);
    shape[cell[n]] = kept;
}

// Turbulence of the air that comes in by pressure openings, at its speed u there: k = 3/2 (intensity u)^2 with u =
// m/rho of the still air outside, at least LEAST_ENERGY; epsilon = BY_LENGTH k^1.5/length or, without
// OF_DISSIPATION, omega = BY_LENGTH k^0.5/length. A face through which air leaves has it too: nothing reads it
// there. entry: place of the face in what it is to fill.
enum : int { BY_LENGTH = 0, LEAST_ENERGY = 1, OF_DISSIPATION = 2 };

BODY void inflow_turbulence(const Extent, const int n, const int* entry, const int* axis, const index* face,
                            const real* intensity, const real* length, const real* mx, const real* my, const real* mz,
                            const double* law, const double* scalars, real* outside_k, real* outside_other)
{
    const real speed = intensity[n] * of_axis(axis[n], mx, my, mz)[face[n]] / R(scalars[DENSITY]);
    const real k = rmax(R(1.5) * speed * speed, R(law[LEAST_ENERGY]));
    const real power = law[OF_DISSIPATION] != 0.0 ? k * root(k) : root(k);
    outside_k[entry[n]] = k;
    outside_other[entry[n]] = R(law[BY_LENGTH]) * power / length[n];
}
