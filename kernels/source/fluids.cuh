// Several fluids in one run, each filling whole regions: air and liquids in tanks. `fluids` has a row per region, with the
// columns of kernels/fluids.py.

enum : int { F_GAS = 0, F_LIFT, F_STILL, F_LAW, F_VISCOSITY, F_CONDUCTION, F_SUTHERLAND, F_SUTHERLAND_KELVIN,
             F_DIFFUSIVITY_RATIO, F_FIT_0, F_FIT_1, F_FIT_2, F_FIT_3, F_LOWEST, F_HIGHEST, F_HEAT_CAPACITY,
             F_NATURAL, F_COLUMNS };

// Viscosity at theta of the fluid whose row begins at `own`, Pa s: constant, Sutherland's law, or the fit of a liquid within
// its range. What is read of the table is read whatever is chosen: a load under a choice would keep the host from vectors.
BODY real viscosity_of(const double* fluids, const int own, const real theta, const double* scalars)
{
    const real law = R(fluids[own + F_LAW]), constant = R(fluids[own + F_VISCOSITY]);
    const real t = R(scalars[TEMPERATURE_ZERO]) + theta;
    const real sutherland = R(fluids[own + F_SUTHERLAND]) * t * root(t) / (t + R(fluids[own + F_SUTHERLAND_KELVIN]));
    const real x = R(0.01) * rmin(rmax(theta, R(fluids[own + F_LOWEST])), R(fluids[own + F_HIGHEST]));
    const real curved = R(fluids[own + F_FIT_2]) + x * R(fluids[own + F_FIT_3]);
    const real inverse = R(fluids[own + F_FIT_0]) + x * (R(fluids[own + F_FIT_1]) + x * curved);
    const real fitted = R(1) / ((inverse * inverse) * (inverse * inverse));
    const real by_law = law == R(1) ? sutherland : fitted;
    return law == R(0) ? constant : by_law;
}

// Conductivity over heat capacity that goes with a viscosity, kg/(m s).
BODY real diffusivity_of(const double* fluids, const int own, const real viscosity)
{
    const real by_ratio = viscosity * R(fluids[own + F_DIFFUSIVITY_RATIO]), constant = R(fluids[own + F_CONDUCTION]);
    return R(fluids[own + F_LAW]) == R(1) ? by_ratio : constant;
}

// Viscosity and diffusivity of every cell.
BODY void fluid_properties(const Extent, const int, const int, const int, const index c, const real* theta,
                           const mark* region, const double* fluids, const double* scalars, real* mu, real* diffusivity)
{
    const int own = F_COLUMNS * region[c];
    const real viscosity = viscosity_of(fluids, own, theta[c], scalars);
    mu[c] = viscosity;
    diffusivity[c] = diffusivity_of(fluids, own, viscosity);
}

// The same of some cells, those of liquids: a turbulence model has written all of them as if they were air.
BODY void liquid_properties(const Extent, const int n, const index* cell, const real* theta, const mark* region,
                            const double* fluids, const double* scalars, real* mu, real* diffusivity)
{
    const index c = cell[n];
    const int own = F_COLUMNS * region[c];
    const real viscosity = viscosity_of(fluids, own, theta[c], scalars);
    mu[c] = viscosity;
    diffusivity[c] = diffusivity_of(fluids, own, viscosity);
}

// `density` of continuity.cuh where regions hold different fluids: the density of a liquid stays, and its buoyancy is that
// of the Boussinesq form, -rho beta (T - T_still) g.
BODY void density_by_region(const Extent, const int i, const int j, const int k, const index c, const real* theta_new,
                            const mark* flags, const mark* region, const double* fluids, const real* dx,
                            const real* dy, const real* dz, const double* pressure, const double* pressure_old,
                            const double* scalars, real* rho, real* increment, real* defect, real* lift)
{
    const int own = F_COLUMNS * region[c];
    const real zero = R(scalars[TEMPERATURE_ZERO]), constant = R(scalars[GAS_CONSTANT]);
    const real p = R(pressure[region[c]]);
    const real change = R(pressure[region[c]] - pressure_old[region[c]]);
    const real begin = lift[c], end = theta_new[c];
    const real fresh = p / (constant * (zero + end));
    const real before = zero + begin;
    const real grown = change / (constant * before) - fresh * (end - begin) / before;
    const real expands = R(fluids[own + F_GAS]);
    const bool gas = (flags[c] & FLUID) != 0 && expands != R(0);
    const real volume = dx[i] * dy[j] * dz[k];
    const real growth = (R(scalars[RATE_NEW]) * grown - R(scalars[RATE_OLD]) * increment[c]) * volume;
    const real now = gas ? fresh : rho[c], gained = gas ? grown : R(0);
    defect[c] = gas ? growth : R(0);
    increment[c] = gained;
    rho[c] = now;
    lift[c] = R(fluids[own + F_LIFT]) * (R(0.5) * (begin + end) - R(fluids[own + F_STILL])) * (now - R(0.5) * gained);
}

// Films of heat links without friction, of liquids and of the air above their surfaces, W/K: conduction over half a cell,
// or turbulent natural convection where that is more. C along vertical walls is that of the fluid, below a cold surface
// and above a warm one 0.15 (as in `wall_film`). up: 1 where the surface is below the cell, -1 above, 0 beside. place: of the
// link in film and back, far: of the film on the other side, -1 where it does not count.
BODY void natural_film(const Extent, const int n, const int* entry, const int* place, const int* far, const int* alike,
                       const index* cell, const int* up, const real* area, const real* distance, const real* back,
                       const index* other, const real* fixed, const real* theta, const real* rho, const mark* region,
                       const double* fluids, const double* scalars, real* film)
{
    const index c = cell[n];
    const int m = entry[n], own = F_COLUMNS * region[c];
    const real viscosity = viscosity_of(fluids, own, theta[c], scalars);
    const real diffusivity = diffusivity_of(fluids, own, viscosity);
    const real conductivity = diffusivity * R(fluids[own + F_HEAT_CAPACITY]), pull = R(fluids[own + F_LIFT]);
    const real rayleigh = rabs(pull) * rho[c] * rho[c] / (viscosity * diffusivity);  // per K and m3
    const real difference = (other[m] < 0 ? fixed[m] : theta[other[m] < 0 ? c : other[m]]) - theta[c];
    const bool rises = up[n] == 0 || R(up[n]) * difference * pull > R(0);
    const real constant = rises ? (up[n] == 0 ? R(fluids[own + F_NATURAL]) : R(0.15)) : R(0);
    const real beyond = far[n] < 0 ? R(0) : R(1) / film[far[n] < 0 ? place[n] : far[n]];
    film[place[n]] = natural_film_over(area[n] * conductivity / distance[n], area[n] * conductivity * constant, rayleigh,
                                       difference, back[place[n]] + beyond, alike[n] != 0);
}

// Values of some cells times a factor.
BODY void scale_cells(const Extent, const int n, const index* cell, const real* factor, real* values)
{
    values[cell[n]] *= factor[n];
}
