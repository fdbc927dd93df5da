// The layer of air at walls that the cells do not resolve: friction by the law of the wall, valid from the viscous
// sublayer to the logarithmic layer, so that any distance of the first cell is right.

// u+ of Spalding (1961), J. Appl. Mech. 28, 455: y+ = u+ + e^(-kappa B) (e^x - 1 - x - x^2/2 - x^3/6), x = kappa u+, at
// a given product u+ y+ = u y / nu ("reynolds"). Newton's steps on ln(u+ y+), from the power law of the outer layer or
// the viscous sublayer: 3 reach 1e-11 for all reynolds up to 1e8, one more double precision.
BODY real spalding(const real reynolds, const real kappa, const real spalding_constant)
{
    const real viscous = root(reynolds);
    real u = rmin(viscous, R(6) * root(root(viscous)));
    for (int step = 0; step < (sizeof(real) == 8 ? 4 : 3); ++step) {
        const real x = kappa * u;
        const real e = exponential(x) - R(1) - x - R(0.5) * x * x;
        const real y = u + spalding_constant * (e - x * x * x * R(1.0 / 6.0));
        const real slope = R(1) + spalding_constant * kappa * e;
        u -= logarithm(u * y / reynolds) * u * y / (y + u * slope);
    }
    return u;
}

// Component of the air at the centre of cell c along the faces that lie s apart, against the wall.
BODY real slip(const index c, const index s, const real* u, const real wall) { return R(0.5) * (u[c] + u[c + s]) - wall; }

// Friction at a wall face, per unit of area and of velocity, less what the stencil of the momentum takes with the
// viscosity of the cell: tau_w / |u| - mu / y, kg/(m2 s). y: distance of the cell's centre; viscosity: molecular, over
// the temperature of the cell.
BODY void wall_friction(const Extent e, const int n, const index* cell, const int* axis, const real* distance,
                        const real* wall_x, const real* wall_y, const real* wall_z, const real* ux, const real* uy,
                        const real* uz, const real* theta, const real* rho, const real* mu, const double* scalars,
                        real* excess, real* y_plus)
{
    const index c = cell[n];
    const real x = axis[n] == 0 ? R(0) : slip(c, 1, ux, wall_x[n]);
    const real y = axis[n] == 1 ? R(0) : slip(c, e.sy, uy, wall_y[n]);
    const real z = axis[n] == 2 ? R(0) : slip(c, e.sz, uz, wall_z[n]);
    const real density = LOW_MACH ? rho[c] : R(scalars[DENSITY]);
    const real viscosity = molecular_viscosity(c, theta, scalars);
    // air at rest has friction too, once it moves: that of the sublayer
    const real reynolds = rmax(density * root(x * x + y * y + z * z) * distance[n] / viscosity, R(1e-6));
    const real u_plus = spalding(reynolds, R(scalars[KAPPA]), R(scalars[SPALDING]));
    excess[n] = (viscosity * reynolds / (u_plus * u_plus) - mu[c]) / distance[n];
    y_plus[n] = reynolds / u_plus;
}

// Friction on the velocities beside walls, in place of what the stencil has taken. Per entry: the wall face, the
// half-volume share over the width of the cell across, and the velocity of the wall.
BODY void wall_shear(const Extent e, const int n, const int* axis, const index* face, const int* start, const int* wall,
                     const real* share, const real* wall_velocity, const real* excess, const real* ux, const real* uy,
                     const real* uz, const real* rho, const double* scalars, const int divisor, real* mx_new,
                     real* my_new, real* mz_new)
{
    const index f = face[n];
    const real own = (axis[n] == 0 ? ux : axis[n] == 1 ? uy : uz)[f];
    real force = R(0);
    for (int m = start[n]; m < start[n + 1]; ++m) force -= share[m] * excess[wall[m]] * (own - wall_velocity[m]);
    const index l = f - (axis[n] == 0 ? 1 : axis[n] == 1 ? e.sy : e.sz);
    const real mean = LOW_MACH ? R(0.5) * (rho[f] + rho[l]) : R(scalars[DENSITY]);
    (axis[n] == 0 ? mx_new : axis[n] == 1 ? my_new : mz_new)[f] +=
        R(scalars[DT]) / R(divisor) * force / (VELOCITY ? mean : R(1));
}
