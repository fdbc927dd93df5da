// Two-equation models of the mean flow: eddy viscosity, production and loss of the turbulent kinetic energy k (m2/s2) and
// of its dissipation epsilon (m2/s3), for the transport of scalars that carries both.

// Constants of the model in `model`.
enum : int { C_MU = 0, C_1 = 1, C_2 = 2, ETA_0 = 3, BETA = 4, LARGEST_RATIO = 5 };

// tanh, to 0.024: x (27 + x^2)/(27 + 9 x^2) up to x = 3.
BODY real hyperbolic_tangent(const real x)
{
    const real inside = rmin(x, R(3));
    return inside * (R(27) + inside * inside) / (R(27) + R(9) * inside * inside);
}

// Eddy viscosity nu_t = C_mu k^2 / epsilon, at most LARGEST_RATIO times the molecular one.
BODY real energetic_viscosity(const real k, const real epsilon, const real molecular, const double* model)
{
    return rmin(R(model[C_MU]) * k * k / rmax(epsilon, R(1e-20)), R(model[LARGEST_RATIO]) * molecular);
}

// Standard k-epsilon model, Launder & Spalding (1974), Comput. Methods Appl. Mech. Eng. 3, 269, eqs. 2.2; with
// RENORMALISED, C_1 less eta (1 - eta/eta_0)/(1 + beta eta^3), eta = S k/epsilon: Yakhot et al. (1992), Phys. Fluids A 4,
// 1510, eq. 24. Production P = nu_t S^2, S^2 = 2 S_ij S_ij less the part of the divergence. Buoyancy
// G = -(nu_t/Pr_t) beta g dT/dz: a source of k in an unstable layer, a sink in a stable one, of epsilon by C_3 = tanh(|w| /
// horizontal speed), Henkes et al. (1991), Int. J. Heat Mass Transfer 34, 377. Sinks are implicit, so both stay positive.
BODY void k_epsilon(const Extent e, const int i, const int j, const int k, const index c, const real* ux,
                    const real* uy, const real* uz, const real* energy, const real* dissipation, const real* theta,
                    const real* rho, const mark* flags, const double* model, const real* dx, const real* dy,
                    const real* dz, const real* rdx, const real* rdy, const real* rdz, const real* rdxf,
                    const real* rdyf, const real* rdzf, const double* scalars, real* mu, real* diffusivity,
                    real* production_k, real* loss_k, real* production_e, real* loss_e)
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
    const real strain = R(2) * (squared(xx - third) + squared(yy - third) + squared(zz - third)) + xy * xy + xz * xz
                        + yz * yz;
    const real rise_low = (theta[c] - theta[c - e.sz]) * R(0.5) * rdzf[k];
    const real rise_high = (theta[c + e.sz] - theta[c]) * R(0.5) * rdzf[k + 1];
    const real low = (flags[c] & OPEN_Z) != 0 ? rise_low : R(0);
    const real high = (flags[c + e.sz] & OPEN_Z) != 0 ? rise_high : R(0);
    const real density = cell_density(c, rho, scalars);
    const real molecular = molecular_viscosity(c, theta, scalars);
    const real held = rmax(energy[c], R(1e-12)), lost = rmax(dissipation[c], R(1e-15));
    const real nu = energetic_viscosity(held, lost, molecular / density, model);
    const real rate = lost / held;
    const real lift = R(scalars[BUOYANCY]) / (LOW_MACH ? R(1) : density);
    const real buoyancy = -nu * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]) * lift * (low + high);
    const real x = R(0.5) * (ux[c] + ux[c + 1]), y = R(0.5) * (uy[c] + uy[c + e.sy]);
    const real z = R(0.5) * (uz[c] + uz[c + e.sz]);
    const real c_3 = hyperbolic_tangent(rabs(z) / (root(x * x + y * y) + R(1e-10)));
    const real eta = root(strain) / rate;
    const real less = RENORMALISED ? eta * (R(1) - eta / R(model[ETA_0])) / (R(1) + R(model[BETA]) * eta * eta * eta)
                                   : R(0);
    const real c_1 = R(model[C_1]) - less;
    const real gained = rmax(buoyancy, R(0)), taken = rmax(-buoyancy, R(0));
    const bool air = (flags[c] & FLUID) != 0;
    const real eddy = air ? density * nu : R(0);
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
    const real by_lift = R(model[C_1]) * c_3;
    const real made_k = nu * strain + gained, lost_k = rate + taken / held;
    const real made_e = rate * (c_1 * nu * strain + by_lift * gained);
    const real lost_e = R(model[C_2]) * rate + by_lift * taken / held;
    production_k[c] = air ? made_k : R(0);
    loss_k[c] = air ? lost_k : R(0);
    production_e[c] = air ? made_e : R(0);
    loss_e[c] = air ? lost_e : R(0);
}

// The cell at a wall, for any distance y of its centre: production of k from the slope s = du+/dy+ of the law of the
// wall, P = u_tau^4 s (1 - s)/nu, which is u_tau^3/(kappa y) in the logarithmic layer and vanishes in the sublayer;
// epsilon the larger of P, the equilibrium of the first, and of 2 nu k/y^2, the value in the second. The eddy viscosity is
// that of the law too, nu_t = nu (1/s - 1). Where a cell has several walls, that of the largest epsilon counts. epsilon is
// held by a rate far above all others.
BODY void k_epsilon_walls(const Extent, const int n, const index* cell, const int* start, const int* wall,
                          const real* distance, const real* y_plus, const real* u_plus, const real* energy,
                          const real* theta, const real* rho, const double* scalars, real* mu, real* diffusivity,
                          real* production_k, real* loss_k, real* production_e, real* loss_e)
{
    const index c = cell[n];
    const real density = cell_density(c, rho, scalars);
    const real molecular = molecular_viscosity(c, theta, scalars), nu = molecular / density;
    const real held = rmax(energy[c], R(1e-12));
    real made = R(0), lost = R(0), added = R(0);
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const int w = wall[m];
        const real y = distance[w], u_tau = y_plus[w] * nu / y;
        const real x = R(scalars[KAPPA]) * u_plus[w];
        const real ratio = R(scalars[SPALDING]) * R(scalars[KAPPA]) * (exponential(x) - R(1) - x - R(0.5) * x * x);
        const real p = squared(squared(u_tau)) * ratio / (squared(R(1) + ratio) * nu);
        const real epsilon = rmax(p, R(2) * nu * held / (y * y));
        made = epsilon > lost ? p : made;
        added = epsilon > lost ? molecular * ratio : added;
        lost = rmax(lost, epsilon);
    }
    mu[c] = molecular + added;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + added * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
    production_k[c] = made;
    loss_k[c] = lost / held;
    production_e[c] = R(1e6) * lost;
    loss_e[c] = R(1e6);
}

// Cells behind the first ones at walls: these equations know no viscous damping, so their eddy viscosity is not more than
// nu_t = nu ((1 + 4 (kappa y+ D)^2)^(1/2) - 1)/2, D = 1 - exp(-y+/26), of a layer of constant stress with the mixing length
// of van Driest (1956), J. Aeronaut. Sci. 23, 1007, and makes so much less k and epsilon. Entries: walls in sight along the axes, `away`: distance from each.
BODY void wall_damping(const Extent, const int n, const index* cell, const int* start, const int* wall, const real* away,
                       const real* distance, const real* y_plus, const real* theta, const double* scalars, real* mu,
                       real* diffusivity, real* production_k, real* production_e)
{
    const index c = cell[n];
    const real molecular = molecular_viscosity(c, theta, scalars), before = rmax(mu[c] - molecular, R(0));
    real eddy = before;
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const real y = y_plus[wall[m]] * away[m] / distance[wall[m]];
        const real length = R(scalars[KAPPA]) * y * (R(1) - exponential(-y * R(1.0 / 26.0)));
        eddy = rmin(eddy, R(0.5) * molecular * (root(R(1) + R(4) * squared(length)) - R(1)));
    }
    const real kept = before > R(0) ? eddy / before : R(1);
    production_k[c] *= kept;
    production_e[c] *= kept;
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
}
