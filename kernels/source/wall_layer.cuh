// The layer of air at walls that the cells do not resolve: friction by the law of the wall, valid from the viscous
// sublayer to the logarithmic layer, so that any distance of the first cell is right; and the film that it is to heat.

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

// Friction at a wall face, per unit of area and of velocity: tau_w / |u|, kg/(m2 s), with distance and speed of the
// cell's centre in wall units.
BODY void wall_friction(const Extent e, const int n, const index* cell, const int* axis, const real* distance,
                        const real* wall_x, const real* wall_y, const real* wall_z, const real* ux, const real* uy,
                        const real* uz, const real* theta, const real* rho, const double* scalars, real* friction,
                        real* y_plus, real* u_plus)
{
    const index c = cell[n];
    const real x = axis[n] == 0 ? R(0) : slip(c, 1, ux, wall_x[n]);
    const real y = axis[n] == 1 ? R(0) : slip(c, e.sy, uy, wall_y[n]);
    const real z = axis[n] == 2 ? R(0) : slip(c, e.sz, uz, wall_z[n]);
    const real density = cell_density(c, rho, scalars);
    const real viscosity = molecular_viscosity(c, theta, scalars);
    // air at rest has friction too, once it moves: that of the sublayer
    const real reynolds = rmax(density * root(x * x + y * y + z * z) * distance[n] / viscosity, R(1e-6));
    const real found = spalding(reynolds, R(scalars[KAPPA]), R(scalars[SPALDING]));
    friction[n] = viscosity * reynolds / (found * found) / distance[n];
    y_plus[n] = reynolds / found;
    u_plus[n] = found;
}

// Friction on the velocities beside walls, in place of what the stencil has taken, with the viscosity of the cell over
// its distance. Per entry: the wall face, the half-volume share over the width of the cell across, and the velocity of the
// wall. cell, distance and friction are those of the wall faces.
BODY void wall_shear(const Extent e, const int n, const int* axis, const index* face, const int* start, const int* wall,
                     const real* share, const real* wall_velocity, const index* cell, const real* distance,
                     const real* friction, const real* mu, const real* ux, const real* uy, const real* uz,
                     const real* rho, const double* scalars, const int divisor, real* mx_new, real* my_new,
                     real* mz_new)
{
    const index f = face[n];
    const real own = of_axis(axis[n], ux, uy, uz)[f];
    real force = R(0);
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const int w = wall[m];
        force -= share[m] * (friction[w] - mu[cell[w]] / distance[w]) * (own - wall_velocity[m]);
    }
    of_axis(axis[n], mx_new, my_new, mz_new)[f] +=
        R(scalars[DT]) / R(divisor) * force / held_density(e, axis[n], f, rho, scalars);
}

// T+ at y+ of Kader (1981), Int. J. Heat Mass Transfer 24, 1541, eqs. 32-34: from the conducting sublayer to the
// logarithmic layer. kader: beta(Pr).
BODY real kader_temperature(const real y_plus, const real prandtl, const real kader)
{
    const real conducting = prandtl * y_plus;
    const real fourth = squared(squared(conducting));
    const real blend = rmax(R(0.01) * fourth / (R(1) + R(5) * squared(prandtl) * conducting), R(1e-30));
    return conducting * exponential(-blend)
           + (R(2.12) * logarithm(R(1) + y_plus) + kader) * exponential(R(-1) / blend);
}

// Conductance of the air between a cell's centre and a surface, W/K. The larger of two films: that of the stream along
// the wall, by Kader's law at the y+ of the friction, which becomes conduction over the distance where y+ is small; and
// that of turbulent natural convection, Nu = C Ra^(1/3), which knows no length. C along vertical walls: Churchill & Chu
// (1975), Int. J. Heat Mass Transfer 18, 1323, eq. 9 for large Ra; above warm floors and below cold ceilings 0.15, Lloyd &
// Moran (1974), J. Heat Transfer 96, 443. A stable layer has the first alone.
// The surface's temperature divides the difference to what lies beyond by the film, in two steps.
// entry: place of the link in back, other, fixed and film. up: 1 where the wall is below the cell, -1 above, 0 beside. back: K/W from the surface to what lies beyond. panel: there
// the air of the other side has a film like this one.
BODY void wall_film(const Extent, const int n, const int* entry, const int* wall, const index* cell, const int* up, const int* panel,
                    const real* area, const real* back, const index* other, const real* fixed, const real* distance,
                    const real* y_plus, const real* theta, const real* rho, const double* scalars, real* film)
{
    const index c = cell[n];
    const real viscosity = molecular_viscosity(c, theta, scalars);
    const real diffusivity = molecular_diffusivity(viscosity, scalars);
    const real conductivity = diffusivity * R(scalars[HEAT_CAPACITY]);
    const real density = cell_density(c, rho, scalars);
    const real prandtl = viscosity / diffusivity;
    const real y = rmax(y_plus[wall[n]], R(1e-6));
    const real forced = area[n] * conductivity / distance[wall[n]] * prandtl * y
                        / kader_temperature(y, prandtl, R(scalars[KADER]));
    const real pull = R(scalars[BUOYANCY]) / (LOW_MACH ? R(1) : density);
    const real rayleigh = rabs(pull) * density * density / (viscosity * diffusivity);  // per K and m3
    const int m = entry[n];
    const real difference = (other[m] < 0 ? fixed[m] : theta[other[m] < 0 ? c : other[m]]) - theta[c];
    const bool rises = up[n] == 0 || R(up[n]) * difference * pull > R(0);
    const real constant = rises ? (up[n] == 0 ? R(scalars[NATURAL]) : R(0.15)) : R(0);
    film[m] = natural_film_over(forced, area[n] * conductivity * constant, rayleigh, difference, back[m], panel[n] != 0);
}

// Conductance of a link: its film, what is behind it and, of panels, the film on the other side.
BODY void film_conductance(const Extent, const int n, const real* film, const real* back, const int* far,
                           real* conductance)
{
    const real near = R(1) / film[n];
    const real beyond = far[n] < 0 ? R(0) : R(1) / film[far[n] < 0 ? n : far[n]];
    conductance[n] = R(1) / (back[n] + (near + beyond));
}
