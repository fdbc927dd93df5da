// Eddy viscosity: what the turbulence that the cells do not resolve adds to the viscosity and the conductivity of the
// air. `mu` and `diffusivity` (conductivity over heat capacity) then hold molecular and eddy part together.

// Molecular viscosity of a cell: constant, or by Sutherland's law.
BODY real molecular_viscosity(const index c, const real* theta, const double* scalars)
{
    const real t = R(scalars[TEMPERATURE_ZERO]) + theta[c];
    const real sutherland = R(scalars[SUTHERLAND]) * t * root(t) / (t + R(scalars[SUTHERLAND_TEMPERATURE]));
    return SUTHERLAND_LAW ? sutherland : R(scalars[VISCOSITY]);
}

// Conductivity over heat capacity that belongs to it.
BODY real molecular_diffusivity(const real viscosity, const double* scalars)
{
    return SUTHERLAND_LAW ? viscosity * R(scalars[RECIPROCAL_PRANDTL]) : R(scalars[CONDUCTIVITY]);
}

// Value on a face between `own` and the cell `beyond`, in which `share` of the distance lies on the own side: straight
// between both where the face is open, 0 at a wall, `own` where there is no shear.
BODY real on_face(const int flags, const int open, const int free, const real share, const real own, const real beyond)
{
    const int face = flags & (open | free);
    const real between = own + share * (beyond - own);
    return face == open ? between : face == 0 ? R(0) : own;
}

// Difference across cell c, along the transverse direction with stride s, of the velocity component whose faces lie sn
// apart. j: padded index along s.
BODY real across_cell(const index c, const index sn, const index s, const int j, const real* u, const mark* flags,
                      const int open, const int free, const real* w, const real* rf)
{
    const real own = u[c] + u[c + sn];
    const real low = on_face(flags[c], open, free, R(0.5) * w[j] * rf[j], own, u[c - s] + u[c - s + sn]);
    const real high = on_face(flags[c + s], open, free, R(0.5) * w[j] * rf[j + 1], own, u[c + s] + u[c + s + sn]);
    return R(0.5) * (high - low);
}

BODY real squared(const real a) { return a * a; }

// Viscosity with the subgrid model of Vreman (2004), Phys. Fluids 16, 3670, eqs. 5-8: nu_t = c sqrt(B / alpha:alpha) with
// alpha_mi = d u_i / d x_m, beta_ij = sum over m of w_m^2 alpha_mi alpha_mj and B the second invariant of beta. With
// d_mi = w_m alpha_mi, the difference of u_i across the cell, beta = d^T d: so B is the sum of the squares of the 2 x 2
// minors of d (Cauchy and Binet), which rounding cannot make negative.
BODY void vreman(const Extent e, const int i, const int j, const int k, const index c, const real* ux, const real* uy,
                 const real* uz, const real* theta, const real* rho, const mark* flags, const real* dx, const real* dy,
                 const real* dz, const real* rdx, const real* rdy, const real* rdz, const real* rdxf, const real* rdyf,
                 const real* rdzf, const double* scalars, real* mu, real* diffusivity)
{
    const real xx = ux[c + 1] - ux[c], yy = uy[c + e.sy] - uy[c], zz = uz[c + e.sz] - uz[c];
    const real xy = across_cell(c, e.sy, 1, i, uy, flags, OPEN_X, FREE_X, dx, rdxf);
    const real xz = across_cell(c, e.sz, 1, i, uz, flags, OPEN_X, FREE_X, dx, rdxf);
    const real yx = across_cell(c, 1, e.sy, j, ux, flags, OPEN_Y, FREE_Y, dy, rdyf);
    const real yz = across_cell(c, e.sz, e.sy, j, uz, flags, OPEN_Y, FREE_Y, dy, rdyf);
    const real zx = across_cell(c, 1, e.sz, k, ux, flags, OPEN_Z, FREE_Z, dz, rdzf);
    const real zy = across_cell(c, e.sy, e.sz, k, uy, flags, OPEN_Z, FREE_Z, dz, rdzf);
    const real invariant = squared(xx * yy - xy * yx) + squared(xy * yz - xz * yy) + squared(xz * yx - xx * yz)
                           + squared(xx * zy - xy * zx) + squared(xy * zz - xz * zy) + squared(xz * zx - xx * zz)
                           + squared(yx * zy - yy * zx) + squared(yy * zz - yz * zy) + squared(yz * zx - yx * zz);
    const real size = squared(rdx[i]) * (xx * xx + xy * xy + xz * xz) + squared(rdy[j]) * (yx * yx + yy * yy + yz * yz)
                      + squared(rdz[k]) * (zx * zx + zy * zy + zz * zz);
    // the least size keeps a flow at rest from 0/0; no flow that has a size comes near it
    const real nu = R(scalars[VREMAN]) * root(invariant / (size + R(1e-30)));
    const real density = cell_density(c, rho, scalars);
    const real eddy = (flags[c] & FLUID) != 0 ? density * nu : R(0);
    const real molecular = molecular_viscosity(c, theta, scalars);
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
}

// The larger of viscosity and diffusivity over the density, times the sum of 1/dx^2, 1/s: what explicit diffusion must
// resolve.
BODY Slots<1> diffusion_rate(const Extent, const int i, const int j, const int k, const index c, const real* mu,
                             const real* diffusivity, const real* rho, const mark* flags, const real* rdx,
                             const real* rdy, const real* rdz, const double* scalars)
{
    const real density = cell_density(c, rho, scalars);
    const real stiffness = squared(rdx[i]) + squared(rdy[j]) + squared(rdz[k]);
    const real rate = rmax(mu[c], diffusivity[c]) / density * stiffness;
    return {{(double)((flags[c] & FLUID) != 0 ? rate : R(0))}};
}

// Time sums of the squares of velocity (at cell centres), temperature and kinematic eddy viscosity.
BODY void accumulate_moments(const Extent e, const int, const int, const int, const index c, const real* ux,
                             const real* uy, const real* uz, const real* theta, const real* mu, const real* rho,
                             const double* scalars, real* sum_xx, real* sum_yy, real* sum_zz, real* sum_tt,
                             real* sum_eddy)
{
    const real dt = R(scalars[DT]);
    const real density = cell_density(c, rho, scalars);
    const real nu = (mu[c] - molecular_viscosity(c, theta, scalars)) / density;
    sum_xx[c] += R(0.25) * dt * squared(ux[c] + ux[c + 1]);
    sum_yy[c] += R(0.25) * dt * squared(uy[c] + uy[c + e.sy]);
    sum_zz[c] += R(0.25) * dt * squared(uz[c] + uz[c + e.sz]);
    sum_tt[c] += dt * squared(theta[c]);
    sum_eddy[c] += dt * squared(nu);
}
