// Properties that follow the temperature, sources given per cell, and the sums of the ledger.

// Sutherland's law: mu = C T^1.5 / (T + S); the diffusivity field is k/c_p = mu / Pr.
BODY void sutherland(const Extent, const int, const int, const int, const index c, const real* theta,
                     const double* scalars, real* mu, real* diffusivity)
{
    const real t = R(scalars[TEMPERATURE_ZERO]) + theta[c];
    const real viscosity = R(scalars[SUTHERLAND]) * t * root(t) / (t + R(scalars[SUTHERLAND_TEMPERATURE]));
    mu[c] = viscosity;
    diffusivity[c] = viscosity * R(scalars[RECIPROCAL_PRANDTL]);
}

// Viscosity of a liquid, mu = (c0 + c1 x + c2 x^2 + c3 x^3)^-4 with x = theta / 100 K within the range of the fit: `law`
// holds c0 ... c3 and the range of theta. The diffusivity k/c_p is one number.
BODY void liquid_viscosity(const Extent, const int, const int, const int, const index c, const real* theta,
                           const double* law, const double* scalars, real* mu, real* diffusivity)
{
    const real within = rmin(rmax(theta[c], R(law[4])), R(law[5]));
    const real x = R(0.01) * within;
    const real root_of_root = R(law[0]) + x * (R(law[1]) + x * (R(law[2]) + x * R(law[3])));
    const real squared = root_of_root * root_of_root;
    mu[c] = R(1) / (squared * squared);
    diffusivity[c] = R(scalars[CONDUCTIVITY]);
}

// A force given on the faces of one axis (stride: elements between their two cells), N/m3, added to a stage: to its
// mass flux, or with VELOCITY to its velocity.
BODY void volume_force(const Extent, const int, const int, const int, const index c, const real* force,
                       const real* rho, const double* scalars, const int divisor, const int stride, real* stage)
{
    const real density = LOW_MACH ? R(0.5) * (rho[c] + rho[c - stride]) : R(scalars[DENSITY]);
    stage[c] += R(scalars[DT]) / R(divisor) * force[c] / (VELOCITY ? density : R(1));
}

// Volumetric heat q in W/m3, as a rate of the temperature.
BODY void volume_heat(const Extent, const int, const int, const int, const index c, const real* q, const real* rho,
                      const double* scalars, const int divisor, real* theta_new)
{
    const real density = cell_density(c, rho, scalars);
    const real rate = q[c] / (R(scalars[HEAT_CAPACITY]) * density);
    theta_new[c] += R(scalars[DT]) / R(divisor) * rate;
}

// The heat of rows (W) as a rate of the temperature of their fluid cells.
BODY void add_heat(const Extent, const int n, const index* cell, const real* reciprocal_volume,
                   const real* heat_capacity, const double* row_heat, const real* rho, const double* scalars,
                   const int divisor, real* theta_new)
{
    const index c = cell[n];
    const real density = cell_density(c, rho, scalars);
    const real rate = R(row_heat[n]) * reciprocal_volume[n] / (heat_capacity[n] * density);
    theta_new[c] += R(scalars[DT]) / R(divisor) * rate;
}

// Time sums per instance: m, m theta_in, m theta_out (times s).
BODY void accumulate_instances(const Extent, const int n, const double* mass_flow, const double* theta_in,
                               const double* theta_out, const double* scalars, double* sums)
{
    const double mass = scalars[DT] * mass_flow[n];
    sums[3 * n] += mass;
    sums[3 * n + 1] += mass * theta_in[n];
    sums[3 * n + 2] += mass * theta_out[n];
}

// Time sum of one number per row.
BODY void accumulate_rows(const Extent, const int n, const double* value, const double* scalars, double* sum)
{
    sum[n] += scalars[DT] * value[n];
}

// Per pressure opening, of its faces in this part: mass flow in and out, kg/s, and the same times theta, K kg/s (inflow:
// of the outside air, outflow: of the cell). flows: now, sums: over time.
BODY void opening_flows(const Extent, const int n, const int* start, const int* axis, const index* face,
                        const index* cell, const real* outward, const real* area, const real* outside, const real* mx,
                        const real* my, const real* mz, const real* theta, const double* scalars, double* flows,
                        double* sums)
{
    double in = 0.0, out = 0.0, heat_in = 0.0, heat_out = 0.0;
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const real* flux = axis[m] == 0 ? mx : axis[m] == 1 ? my : mz;
        const double flow = (double)outward[m] * (double)flux[face[m]] * (double)area[m];
        const double leaving = flow > 0.0 ? flow : 0.0, entering = flow > 0.0 ? 0.0 : -flow;
        in += entering;
        out += leaving;
        heat_in += entering * (double)outside[m];
        heat_out += leaving * (double)theta[cell[m]];
    }
    flows[4 * n] = in;
    flows[4 * n + 1] = out;
    flows[4 * n + 2] = heat_in;
    flows[4 * n + 3] = heat_out;
    for (int slot = 0; slot < 4; ++slot) sums[4 * n + slot] += scalars[DT] * flows[4 * n + slot];
}
