// Moist air: water vapour is lighter than air, which the virtual temperature T (1 + (1/epsilon - 1) q) expresses, with the
// specific humidity q, kg of vapour per kg of moist air, and epsilon the ratio of the molar masses. Air of gas
// constant R at the virtual temperature has the density of moist air at its own.

#define MOLAR_MASSES 0.621945  // epsilon, of water over dry air

BODY real virtual_of(const real theta, const real q, const double* scalars)
{
    return theta + R(1.0 / MOLAR_MASSES - 1.0) * q * (R(scalars[TEMPERATURE_ZERO]) + theta);
}

BODY void virtual_theta(const Extent, const int, const int, const int, const index c, const real* theta, const real* q,
                        const double* scalars, real* warm)
{
    warm[c] = virtual_of(theta[c], q[c], scalars);
}

// The same in place.
BODY void to_virtual_theta(const Extent, const int, const int, const int, const index c, const real* q,
                           const double* scalars, real* theta)
{
    theta[c] = virtual_of(theta[c], q[c], scalars);
}

// Vapour is mass: what sources in cells and walls give of it, kg/s, belongs to the continuity of the air. Of each of the three
// stages of a step a third.
BODY void vapour_stage(const Extent, const int n, const double* gain, double* given) { given[n] += gain[n] * (1.0 / 3.0); }

// The vapour given in a step taken off the mass defect of its cells, in the second-order difference in time of the density.
// last: kg of the step before. `given` begins anew.
BODY void vapour_defect(const Extent, const int n, const index* cell, const double* scalars, double* given, double* last,
                        real* defect)
{
    const double mass = scalars[DT] * given[n];
    defect[cell[n]] -= R(scalars[RATE_NEW] * mass - scalars[RATE_OLD] * last[n]);
    last[n] = mass;
    given[n] = 0.0;
}

// The same in the mass and the pressure of shut groups of zones: vapour that enters at the temperature of its cell adds its
// own pressure, m R T/(epsilon V). closed: zones that may be shut. heat: sum of c_p m theta of all vapour given, J.
BODY void vapour_of_zones(const Extent, const index* cell, const int* region, const int rows, const double* given,
                          const real* theta, const int zones, const int* closed, const int* group, const int* vented,
                          const double* volume, const double* scalars, double* mass, double* energy_pressure,
                          double* vapour_pressure, double* heat)
{
    for (int row = 0; row < rows; ++row) {
        const double gained = scalars[DT] * given[row], own = (double)theta[cell[row]];
        const double part = gained * scalars[GAS_CONSTANT] / MOLAR_MASSES * (scalars[TEMPERATURE_ZERO] + own);
        const int r = region[row];
        const bool shut = closed[r] != 0 && vented[group[r]] == 0;
        double space = 0.0;
        for (int z = 0; z < zones; ++z) space += group[z] == group[r] ? volume[z] : 0.0;
        for (int z = 0; z < zones; ++z) {
            const bool joined = shut && group[z] == group[r];
            mass[z] += joined ? gained : 0.0;
            energy_pressure[z] += joined ? part / space : 0.0;
            vapour_pressure[z] += joined ? part / space : 0.0;
        }
        heat[0] += scalars[HEAT_CAPACITY] * gained * own;
    }
}

// Volume integral of the specific humidity in one zone, m3.
BODY Slots<1> vapour_volume(const Extent, const int i, const int j, const int k, const index c, const real* q,
                            const mark* flags, const mark* region, const real* dx, const real* dy, const real* dz,
                            const int label)
{
    const double inside = (double)dx[i] * (double)dy[j] * (double)dz[k] * (double)q[c];
    return {{(flags[c] & FLUID) != 0 && region[c] == label ? inside : 0.0}};
}

// Gas constant of the moist air of one zone, R [1 + (1/epsilon - 1) q] at its mean humidity. One entry of `sums` per part.
BODY void moist_gas(const Extent, const double* sums, const int parts, const int label, const double* volume,
                    const double* scalars, double* gas)
{
    double sum = 0.0;
    for (int part = 0; part < parts; ++part) sum += sums[part];
    gas[label] = scalars[GAS_CONSTANT] * (1.0 + (1.0 / MOLAR_MASSES - 1.0) * sum / volume[label]);
}
