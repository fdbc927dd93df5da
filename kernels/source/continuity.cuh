// Density, the thermodynamic pressure of sealed regions, continuity and the correction of the projection.

// Density at the middle of the step, for the temperature's inertia, from the last increment.
BODY void density_ahead(const Extent, const int, const int, const int, const index c, const real* increment,
                        const double* scalars, real* rho)
{
    rho[c] += R(scalars[AHEAD]) * increment[c];
}

// (rho - rho_still) g, N/m3, from the mean theta and density of both ends of the step; this form avoids the difference of
// two densities, which single precision would lose.
BODY real buoyancy_of(const real theta, const real density, const double* scalars)
{
    return R(scalars[BUOYANCY]) * (theta - R(scalars[THETA_STILL])) * density;
}

// Density of the next level, its increment, and what d(rho)/dt adds to the mass defect, kg/s. The increment is formed
// from the changes of temperature and pressure: the difference of two densities would lose it in single precision.
// lift: theta at the beginning of the step, which nothing needs any more, becomes the buoyancy at its middle.
BODY void density(const Extent, const int i, const int j, const int k, const index c, const real* theta_new,
                  const mark* flags, const mark* region, const real* dx, const real* dy, const real* dz,
                  const double* pressure, const double* pressure_old, const double* scalars, real* rho,
                  real* increment, real* defect, real* lift)
{
    const real zero = R(scalars[TEMPERATURE_ZERO]), gas = R(scalars[GAS_CONSTANT]);
    const real p = R(pressure[region[c]]);
    const real change = R(pressure[region[c]] - pressure_old[region[c]]);
    const real begin = lift[c], end = theta_new[c];
    const real fresh = p / (gas * (zero + end));
    const real before = zero + begin;
    const real grown = change / (gas * before) - fresh * (end - begin) / before;
    const bool fluid = (flags[c] & FLUID) != 0;
    const real volume = dx[i] * dy[j] * dz[k];
    const real growth = (R(scalars[RATE_NEW]) * grown - R(scalars[RATE_OLD]) * increment[c]) * volume;
    const real now = fluid ? fresh : rho[c], gained = fluid ? grown : R(0);
    defect[c] = fluid ? growth : R(0);
    increment[c] = gained;
    rho[c] = now;
    lift[c] = buoyancy_of(R(0.5) * (begin + end), now - R(0.5) * gained, scalars);
}

// The buoyancy of the Boussinesq form; lift: as above.
BODY void buoyancy(const Extent, const int, const int, const int, const index c, const real* theta_new,
                   const double* scalars, real* lift)
{
    lift[c] = buoyancy_of(R(0.5) * (lift[c] + theta_new[c]), R(1), scalars);
}

// Sum of V/T over the fluid cells of one region, m3/K.
BODY Slots<1> volume_over_temperature(const Extent, const int i, const int j, const int k, const index c,
                                      const real* theta, const mark* flags, const mark* region, const real* dx,
                                      const real* dy, const real* dz, const double* scalars, const int label)
{
    const double volume = (double)dx[i] * (double)dy[j] * (double)dz[k];
    const double inside = volume / (scalars[TEMPERATURE_ZERO] + (double)theta[c]);
    return {{(flags[c] & FLUID) != 0 && region[c] == label ? inside : 0.0}};
}

// Thermodynamic pressure of one sealed region from its mass: p0 = M R / sum(V/T). One entry of `sums` per part.
BODY void region_pressure(const Extent, const double* sums, const int parts, const int label, const double* mass,
                          const double* scalars, double* pressure, double* pressure_old)
{
    double sum = 0.0;
    for (int part = 0; part < parts; ++part) sum += sums[part];
    pressure_old[label] = pressure[label];
    pressure[label] = mass[label] * scalars[GAS_CONSTANT] / sum;
}

// dp0/dt of one sealed region from the heat its air receives: (gamma - 1)/V (sum of q + enthalpy of ports). What the heat
// received so far makes of p0 is summed in `energy_pressure`. The p0 that follows from mass and temperature (`pressure`)
// may drift from it, since the temperature is not in conservation form: the rate also holds the even heat that takes a
// tenth of the difference back in a step.
// row_heat: W of each heat row (all parts); an instance adds the enthalpy it discharges and takes what it draws in;
// given_heat: W that each region receives besides. gained: Pa from the heat of the stages so far; stage: 0, 1, 2, each of
// which has a third of the step. gas_of: gas constant of
// the air of each region.
BODY void region_pressure_rate(const Extent, const double* row_heat, const int* row_region, const int rows,
                               const double* mass_flow, const double* theta_in, const double* theta_out,
                               const int* intake_region, const int* discharge_region, const int instances,
                               const double* given_heat, const int label, const double* volume,
                               const double* pressure, const double* scalars, const int stage, const double* gas_of,
                               double* gained, double* energy_pressure, double* pressure_rate)
{
    const double heat_capacity = scalars[HEAT_CAPACITY], zero = scalars[TEMPERATURE_ZERO];
    double heat = given_heat[label];
    for (int row = 0; row < rows; ++row) heat += row_region[row] == label ? row_heat[row] : 0.0;
    for (int n = 0; n < instances; ++n) {
        const double enthalpy = mass_flow[n] * heat_capacity;
        heat += discharge_region[n] == label ? enthalpy * (zero + theta_out[n]) : 0.0;
        heat -= intake_region[n] == label ? enthalpy * (zero + theta_in[n]) : 0.0;
    }
    const double gas = gas_of[label];
    const double rate = gas / (heat_capacity - gas) * heat / volume[label];
    const double drift = energy_pressure[label] - pressure[label];
    pressure_rate[label] = rate + 0.1 * drift * scalars[RECIPROCAL_DT] * heat_capacity / gas;
    const double sum = (stage == 0 ? 0.0 : gained[label]) + scalars[DT] * (1.0 / 3.0) * rate;
    gained[label] = sum;
    energy_pressure[label] += stage == 2 ? sum : 0.0;
}

// Mass defect of the provisional flux, kg/s: V [div m* + d(rho)/dt]; the right-hand side of the projection. In the
// low-Mach form `defect` comes with the second part.
BODY void mass_defect(const Extent e, const int i, const int j, const int k, const index c, const real* mx,
                      const real* my, const real* mz, const mark* flags, const real* dx, const real* dy,
                      const real* dz, real* defect)
{
    const real flow = (mx[c + 1] - mx[c]) * (dy[j] * dz[k]) + (my[c + e.sy] - my[c]) * (dx[i] * dz[k])
                      + (mz[c + e.sz] - mz[c]) * (dx[i] * dy[j]);
    const real sum = LOW_MACH ? defect[c] + flow : flow;
    defect[c] = (flags[c] & FLUID) != 0 ? sum : R(0);
}

// m = m* - grad phi on the open faces, p = p + phi/dt.
BODY void correct(const Extent e, const int i, const int j, const int k, const index c, const real* phi,
                  const mark* flags, const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars,
                  real* mx, real* my, real* mz, real* p)
{
    const int flag = flags[c];
    const real own = phi[c];
    // Sum before choice: else the compiler fuses product and sum in some lanes only, and a uniform phi leaves p uneven.
    const real before = p[c], after = before + own * R(scalars[RECIPROCAL_DT]);
    const real x = (own - phi[c - 1]) * rdxf[i];
    const real y = (own - phi[c - e.sy]) * rdyf[j];
    const real z = (own - phi[c - e.sz]) * rdzf[k];
    mx[c] -= (flag & OPEN_X) != 0 ? x : R(0);
    my[c] -= (flag & OPEN_Y) != 0 ? y : R(0);
    mz[c] -= (flag & OPEN_Z) != 0 ? z : R(0);
    p[c] = (flag & FLUID) != 0 ? after : before;
}
