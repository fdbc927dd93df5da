// Heat in solids and walls: a network of nodes with heat capacity, in double precision, that makes own implicit steps.
//
// step[0] is its time step, s; step[1 + m] the weight of sweep m. Edges, fixed links and contacts are rows by node: edges
// to other nodes, links to given temperatures, and contacts with the air, whose heat was summed up by the air's steps.

// Heat that went through the contacts into the air, J, summed in each stage of the air's temperature, which has a third
// of the step (stages.cuh): the very products that `heat_rows` adds to the air, so that what one side loses the other gains.
BODY void contact_heat(const Extent, const int n, const index* cell, const int* entry, const real* conductance,
                       const real* fixed, const real* theta, const double* scalars, double* exchanged)
{
    const int m = entry[n];
    exchanged[n] += scalars[DT] * (1.0 / 3.0) * (double)(conductance[m] * (fixed[m] - theta[cell[n]]));
}

// Outer surfaces of walls: no capacity, so h_c (T_air - T) + h_sky (T_sky - T) + h_ground (T_air - T) + q + (T_node - T)/R = 0
// with the radiative coefficients of the surface temperature of the step before, h = e s (T^2 + T_o^2)(T + T_o).
// weather, six numbers per wall: theta of the air, convective coefficient, theta of the sky, emissivity times view factor
// of sky and of ground, absorbed solar heat, W/m2. Leaves the wall with one conductance to one temperature.
BODY void outer_surfaces(const Extent, const int n, const int* node, const int* wall, const double* area,
                         const double* resistance, const double* weather, const double* solid_theta,
                         const double* scalars, double* surface, double* conductance, double* fixed)
{
    const double boltzmann = 5.670374419e-8;  // W/(m2 K4), CODATA 2018
    const double* w = weather + 6 * wall[n];
    const double zero = scalars[TEMPERATURE_ZERO];
    const double own = surface[n] + zero, air = w[0] + zero, sky = w[2] + zero;
    const double to_sky = w[3] * boltzmann * (own * own + sky * sky) * (own + sky);
    const double to_air = w[1] + w[4] * boltzmann * (own * own + air * air) * (own + air);
    const double film = to_air + to_sky;
    const double beyond = (to_air * w[0] + to_sky * w[2] + w[5]) / film;
    const double outward = 1.0 / (film * area[n]);
    const double through = 1.0 / (outward + resistance[n]);
    conductance[n] = through;
    fixed[n] = beyond;
    surface[n] = beyond + (solid_theta[node[n]] - beyond) * (through * outward);
}

// Right-hand side and diagonal of the implicit step for the increment x: (C/dt) x_n + sum G (x_n - x_o) = rate, the heat
// that the node receives at the old temperatures, W. absorbed: radiation into contacts, W. first, second: the first two
// iterates, one Jacobi sweep from zero and zero.
BODY void solid_rates(const Extent, const int n, const double* capacity, const double* source, const int* edge_start,
                      const int* edge_node, const double* edge_conductance, const int* fixed_start,
                      const double* conductance, const double* fixed, const int* contact_start, const int* contact,
                      const double* exchanged, const double* absorbed, const double* solid_theta, const double* step,
                      double* rate, double* diagonal, double* first, double* second)
{
    const double own = solid_theta[n], per_time = 1.0 / step[0];
    double heat = source[n], sum = capacity[n] * per_time;
    for (int m = edge_start[n]; m < edge_start[n + 1]; ++m) {
        heat += edge_conductance[m] * (solid_theta[edge_node[m]] - own);
        sum += edge_conductance[m];
    }
    for (int m = fixed_start[n]; m < fixed_start[n + 1]; ++m) {
        heat += conductance[m] * (fixed[m] - own);
        sum += conductance[m];
    }
    for (int m = contact_start[n]; m < contact_start[n + 1]; ++m) {
        heat += absorbed[contact[m]] - exchanged[contact[m]] * per_time;
    }
    rate[n] = heat;
    diagonal[n] = sum;
    first[n] = heat / sum;
    second[n] = 0.0;
}

// One sweep of the Chebyshev semi-iterative method on Jacobi's (Golub & Varga 1961, Numer. Math. 3, 147, eq. 2.13):
// x_next = x_last + weight (x_Jacobi - x_last); it needs no inner products, so no sum over the network.
BODY void solid_sweep(const Extent, const int n, const double* rate, const double* diagonal, const int* edge_start,
                      const int* edge_node, const double* edge_conductance, const double* current, const double* step,
                      const int sweep, double* next)
{
    double heat = rate[n];
    for (int m = edge_start[n]; m < edge_start[n + 1]; ++m) heat += edge_conductance[m] * current[edge_node[m]];
    const double last = next[n];
    next[n] = last + step[1 + sweep] * (heat / diagonal[n] - last);
}

// The step in the form of fluxes at the new temperatures: what leaves one node enters another however far the sweeps have
// converged, so the network keeps its heat to round-off. given: time sum of the heat of every fixed link, J.
BODY void solid_step(const Extent, const int n, const double* capacity, const double* rate, const int* edge_start,
                     const int* edge_node, const double* edge_conductance, const int* fixed_start,
                     const double* conductance, const double* fixed, const double* increment, const double* step,
                     double* solid_theta, double* given)
{
    const double own = increment[n], before = solid_theta[n];
    double heat = rate[n];
    for (int m = edge_start[n]; m < edge_start[n + 1]; ++m) {
        heat += edge_conductance[m] * (increment[edge_node[m]] - own);
    }
    for (int m = fixed_start[n]; m < fixed_start[n + 1]; ++m) {
        heat -= conductance[m] * own;
        given[m] += step[0] * conductance[m] * (fixed[m] - before - own);
    }
    solid_theta[n] = before + step[0] / capacity[n] * heat;
}

// What the air meets at its contacts from now on: the temperature of the node, raised by what radiation adds on the way
// to it (absorbed q behind the film: (T_node + q back - T_air)/(1/film + back) goes into the air, the rest inwards).
BODY void solid_surfaces(const Extent, const int n, const int* node, const int* entry, const double* absorbed,
                         const real* back, const double* solid_theta, real* fixed, double* exchanged)
{
    const int m = entry[n];
    fixed[m] = R(solid_theta[node[n]] + absorbed[n] * (double)back[m]);
    exchanged[n] = 0.0;
}

// Temperature of conducting cells, as the fields show it.
BODY void solid_cells(const Extent, const int n, const index* cell, const int* node, const double* solid_theta,
                      real* theta)
{
    theta[cell[n]] = R(solid_theta[node[n]]);
}
