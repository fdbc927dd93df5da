// The k-epsilon models: turbulent kinetic energy k (m2/s2) and its dissipation epsilon (m2/s3), production and loss
// of both for the transport of scalars that carries them.

// Constants of the model in `model`.
enum : int { C_MU = 0, C_1 = 1, C_2 = 2, ETA_0 = 3, BETA = 4, LARGEST_RATIO = 5, LAYER_END = 6, LAYER_BLEND = 7 };

// Rate at which epsilon is drawn to its value near walls, over the rate epsilon/k there.
#define HOLD R(100)

// Near walls, one equation: Chen & Patel (1988), AIAA J. 26, 641, eqs. 2-4 (after Wolfshtein 1969).
// epsilon = k^1.5/l_e, nu_t = C_mu k^0.5 l_mu, l = c y [1 - exp(-R_y/A)], R_y = y k^0.5/nu, c = kappa C_mu^(-3/4),
// A_e = 2 c, A_mu = 70.
struct WallLayer {
    real epsilon, nu, reynolds;
};

BODY WallLayer wall_layer(const real k, const real y, const real nu, const double* model, const double* scalars)
{
    const real speed = root(k), reynolds = y * speed / nu;
    const real fourth = root(R(model[C_MU])), c = R(scalars[KAPPA]) / (fourth * root(fourth));
    const real dissipating = c * y * (R(1) - falling_exponential(reynolds / (R(2) * c)));
    const real mixing = c * y * (R(1) - falling_exponential(reynolds * R(1.0 / 70.0)));
    return WallLayer{k * speed / rmax(dissipating, R(1e-20)), R(model[C_MU]) * speed * mixing, reynolds};
}

// Standard k-epsilon model, Launder & Spalding (1974), Comput. Methods Appl. Mech. Eng. 3, 269, eqs. 2.2; with
// RENORMALISED, C_1 less eta (1 - eta/eta_0)/(1 + beta eta^3), eta = S k/epsilon: Yakhot et al. (1992), Phys.
// Fluids A 4, 1510, eq. 24. Production P = nu_t S^2. Buoyancy G = -(nu_t/Pr_t) beta g dT/dz: a source of k in an
// unstable layer, a sink in a stable one, of epsilon by its share C_3 (`mean_flow`). Below R_y of LAYER_END the
// eddy viscosity passes to that of the wall layer, and epsilon is drawn to its: both by lambda = [1 + tanh((R_y -
// LAYER_END)/LAYER_BLEND)]/2, Jongen (1998), thesis 1758, EPF Lausanne. Sinks are implicit, so both quantities stay
// positive.
BODY void k_epsilon(const Extent e, const int i, const int j, const int k, const index c, const real* ux,
                    const real* uy, const real* uz, const real* energy, const real* dissipation, const real* theta,
                    const real* rho, const real* wall_distance, const real* shape, const mark* flags,
                    const double* model, const real* dx, const real* dy, const real* dz, const real* rdx,
                    const real* rdy, const real* rdz, const real* rdxf, const real* rdyf, const real* rdzf,
                    const double* scalars, real* mu, real* diffusivity, real* production_k, real* loss_k,
                    real* production_e, real* loss_e)
{
    const real density = cell_density(c, rho, scalars);
    const MeanFlow flow = mean_flow(e, i, j, k, c, ux, uy, uz, theta, density, shape, flags, dx, dy, dz, rdx, rdy, rdz,
                                    rdxf, rdyf, rdzf, scalars);
    const real molecular = molecular_viscosity(c, theta, scalars);
    const real held = rmax(energy[c], R(1e-12)), lost = rmax(dissipation[c], R(1e-15));
    const WallLayer layer = wall_layer(held, wall_distance[c], molecular / density, model, scalars);
    const real beyond = (layer.reynolds - R(model[LAYER_END])) / R(model[LAYER_BLEND]);
    const real far = R(0.5) + R(0.5) * hyperbolic_tangent(beyond);
    const real most = R(model[LARGEST_RATIO]) * molecular / density;
    const real nu = rmin(far * R(model[C_MU]) * held * held / lost + (R(1) - far) * layer.nu, most);
    const real rate = lost / held, draw = (R(1) - far) * HOLD * layer.epsilon / held;
    const real eta = root(flow.strain) / rate;
    const real less = RENORMALISED ? eta * (R(1) - eta / R(model[ETA_0])) / (R(1) + R(model[BETA]) * eta * eta * eta)
                                   : R(0);
    const real c_1 = R(model[C_1]) - less;
    const real gained = nu * rmax(flow.lift, R(0)), taken = nu * rmax(-flow.lift, R(0));
    const bool air = (flags[c] & FLUID) != 0;
    const real eddy = air ? density * nu : R(0);
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
    const real by_lift = R(model[C_1]) * flow.share;
    const real made_k = nu * flow.strain + gained, lost_k = rate + taken / held;
    const real made_e = rate * (c_1 * nu * flow.strain + by_lift * gained) + draw * layer.epsilon;
    const real lost_e = R(model[C_2]) * rate + by_lift * taken / held + draw;
    production_k[c] = air ? made_k : R(0);
    loss_k[c] = air ? lost_k : R(0);
    production_e[c] = air ? made_e : R(0);
    loss_e[c] = air ? lost_e : R(0);
}

// The cell at a wall, for any distance of its centre: production and eddy viscosity by the law of the wall
// (`wall_profile`, of the wall with the larger production), epsilon that of the wall layer, held there by a rate far
// above all others: C_mu^0.75 k^1.5/(kappa y) far from the wall, 2 nu k/y^2 close to it.
BODY void k_epsilon_walls(const Extent, const int n, const index* cell, const int* start, const int* wall,
                          const real* distance, const real* y_plus, const real* steep, const real* added,
                          const real* energy, const real* theta, const real* rho, const real* wall_distance,
                          const double* model, const double* scalars, real* mu, real* diffusivity, real* production_k,
                          real* loss_k, real* production_e, real* loss_e)
{
    const index c = cell[n];
    const real density = cell_density(c, rho, scalars);
    const real molecular = molecular_viscosity(c, theta, scalars), nu = molecular / density;
    const real held = rmax(energy[c], R(1e-12));
    real made = R(-1), eddy = R(0);
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const int w = wall[m];
        const real found = wall_production(y_plus[w] * nu / distance[w], steep[w], nu);
        eddy = found > made ? molecular * added[w] : eddy;
        made = rmax(made, found);
    }
    const real epsilon = wall_layer(held, wall_distance[c], nu, model, scalars).epsilon;
    mu[c] = molecular + eddy;
    diffusivity[c] = molecular_diffusivity(molecular, scalars) + eddy * R(scalars[RECIPROCAL_PRANDTL_TURBULENT]);
    production_k[c] = rmax(made, R(0));
    loss_k[c] = epsilon / held;
    production_e[c] = R(1e6) * epsilon;
    loss_e[c] = R(1e6);
}
