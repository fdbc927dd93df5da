// The shear-stress-transport k-omega model, Menter, Kuntz & Langtry (2003), Turbulence, Heat and Mass Transfer 4,
// 625, eqs. 1-8: turbulent kinetic energy k (m2/s2) and specific dissipation omega (1/s).

// Constants of the model in `model`: those of the layer at walls (1) and of the free stream (2).
enum : int {
    BETA_STAR = 0, SHEAR_STRESS = 1, ALPHA_1 = 2, ALPHA_2 = 3, BETA_1 = 4, BETA_2 = 5, SIGMA_K_1 = 6, SIGMA_K_2 = 7,
    SIGMA_W_1 = 8, SIGMA_W_2 = 9, LARGEST_PRODUCTION = 10, LARGEST_RATIO = 11
};

// Rise of a field along the axis with stride s across cell c, half of it from each side that is open.
BODY real slope_along(const index c, const index s, const int n, const real* field, const mark* flags, const int open,
                      const real* rf)
{
    const real low = (field[c] - field[c - s]) * R(0.5) * rf[n], high = (field[c + s] - field[c]) * R(0.5) * rf[n + 1];
    return ((flags[c] & open) != 0 ? low : R(0)) + ((flags[c + s] & open) != 0 ? high : R(0));
}

BODY real blended(const real one, const real first, const double second)
{
    return R(second) + one * (first - R(second));
}

// nu_t = a_1 k/max(a_1 omega, S F_2); dk/dt = min(nu_t S^2, 10 beta* k omega) + G - beta* k omega; domega/dt =
// alpha (limited P)/nu_t + [(1 + alpha) C_3 - 1] G omega/k - beta omega^2 + 2 (1 - F_1) sigma_w2/omega grad k .
// grad omega. G as in the k-epsilon model, from whose equations its part in that of omega follows. gamma_k,
// gamma_w: diffusivities of k and omega, mu + sigma mu_t, kg/(m s). Sinks are implicit, so both quantities stay
// positive.
BODY void k_omega(const Extent e, const int i, const int j, const int k, const index c, const real* ux, const real* uy,
                  const real* uz, const real* energy, const real* frequency, const real* theta, const real* rho,
                  const real* wall_distance, const real* shape, const mark* flags, const double* model,
                  const real* dx, const real* dy, const real* dz, const real* rdx, const real* rdy, const real* rdz,
                  const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars, real* mu,
                  real* diffusivity, real* gamma_k, real* gamma_w, real* production_k, real* loss_k,
                  real* production_w, real* loss_w)
{
    const real density = cell_density(c, rho, scalars);
    const MeanFlow flow = mean_flow(e, i, j, k, c, ux, uy, uz, theta, density, shape, flags, dx, dy, dz, rdx, rdy, rdz,
                                    rdxf, rdyf, rdzf, scalars);
    const real molecular = molecular_viscosity(c, theta, scalars);
    const real held = rmax(energy[c], R(1e-12)), w = rmax(frequency[c], R(1e-9)), y = rmax(wall_distance[c], R(1e-9));
    const real k_x = slope_along(c, 1, i, energy, flags, OPEN_X, rdxf);
    const real k_y = slope_along(c, e.sy, j, energy, flags, OPEN_Y, rdyf);
    const real k_z = slope_along(c, e.sz, k, energy, flags, OPEN_Z, rdzf);
    const real w_x = slope_along(c, 1, i, frequency, flags, OPEN_X, rdxf);
    const real w_y = slope_along(c, e.sy, j, frequency, flags, OPEN_Y, rdyf);
    const real w_z = slope_along(c, e.sz, k, frequency, flags, OPEN_Z, rdzf);
    const real across = k_x * w_x + k_y * w_y + k_z * w_z;
    const real crossing = R(2) * R(model[SIGMA_W_2]) / w * across;
    const real length = root(held) / (R(model[BETA_STAR]) * w * y);
    const real viscous = R(500) * molecular / (density * y * y * w);
    const real free = R(4) * R(model[SIGMA_W_2]) * held / (rmax(crossing, R(1e-10)) * y * y);
    const real near = rmin(rmin(rmax(length, viscous), free), R(10));
    const real one = hyperbolic_tangent(squared(squared(near)));
    const real two = hyperbolic_tangent(squared(rmin(rmax(R(2) * length, viscous), R(10))));
    const real alpha = blended(one, R(model[ALPHA_1]), model[ALPHA_2]);
    const real beta = blended(one, R(model[BETA_1]), model[BETA_2]);
    const real a_1 = R(model[SHEAR_STRESS]);
    const real slowest = rmax(w, root(flow.strain) * two / a_1);
    const real nu = rmin(held / slowest, R(model[LARGEST_RATIO]) * molecular / density);
    const real lost = R(model[BETA_STAR]) * w;
    const real made = rmin(nu * flow.strain, R(model[LARGEST_PRODUCTION]) * lost * held);
    const real gained = nu * rmax(flow.lift, R(0)), taken = nu * rmax(-flow.lift, R(0));
    const real by_lift = ((R(1) + alpha) * flow.share - R(1)) * (gained - taken);
    const real drift = (R(1) - one) * crossing;
    const bool air = (flags[c] & FLUID) != 0;
    const real eddy = air ? density * nu : R(0);
    const real made_w = alpha * made / nu + rmax(by_lift, R(0)) * w / held + rmax(drift, R(0));
    const real lost_w = beta * w + rmax(-by_lift, R(0)) / held + rmax(-drift, R(0)) / w;
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
    gamma_k[c] = molecular + blended(one, R(model[SIGMA_K_1]), model[SIGMA_K_2]) * eddy;
    gamma_w[c] = molecular + blended(one, R(model[SIGMA_W_1]), model[SIGMA_W_2]) * eddy;
    production_k[c] = air ? made + gained : R(0);
    loss_k[c] = air ? lost + taken / held : R(0);
    production_w[c] = air ? made_w : R(0);
    loss_w[c] = air ? lost_w : R(0);
}

// The cell at a wall, for any distance y of its centre: production and eddy viscosity by the law of the wall
// (`wall_profile`, of the wall with the larger production); omega the root of the squares of its values in the
// viscous, 6 nu/(beta_1 y^2), and in the logarithmic layer, u/(beta*^0.5 kappa y), u the larger of u_tau and
// beta*^0.25 k^0.5: Menter et al., eqs. 13-15. The largest of several walls; held by a rate far above all others.
BODY void k_omega_walls(const Extent, const int n, const index* cell, const int* start, const int* wall,
                        const real* distance, const real* y_plus, const real* steep, const real* added,
                        const real* energy, const real* theta, const real* rho, const double* model,
                        const double* scalars, real* mu, real* diffusivity, real* production_k, real* loss_k,
                        real* production_w, real* loss_w)
{
    const index c = cell[n];
    const real density = cell_density(c, rho, scalars);
    const real molecular = molecular_viscosity(c, theta, scalars), nu = molecular / density;
    const real half = root(R(model[BETA_STAR])), speed = root(half * rmax(energy[c], R(0)));
    real made = R(-1), eddy = R(0), w = R(0);
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const int at = wall[m];
        const real y = distance[at];
        const real u_tau = y_plus[at] * nu / y, found = wall_production(u_tau, steep[at], nu);
        const real logarithmic = rmax(u_tau, speed) / (half * R(scalars[KAPPA]) * y);
        w = rmax(w, root(squared(R(6) * nu / (R(model[BETA_1]) * y * y)) + squared(logarithmic)));
        eddy = found > made ? molecular * added[at] : eddy;
        made = rmax(made, found);
    }
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
    production_k[c] = rmax(made, R(0));
    loss_k[c] = R(model[BETA_STAR]) * w;
    production_w[c] = R(1e6) * w;
    loss_w[c] = R(1e6);
}
