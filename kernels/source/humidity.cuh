// Moist air: water vapour is lighter than air, which the virtual temperature T (1 + (1/epsilon - 1) q) expresses, with the
// specific humidity q, kg of vapour per kg of moist air, and epsilon = 0.621945, the ratio of the molar masses. Air of gas
// constant R at the virtual temperature has the density of moist air at its own.

BODY real virtual_of(const real theta, const real q, const double* scalars)
{
    return theta + R(1.0 / 0.621945 - 1.0) * q * (R(scalars[TEMPERATURE_ZERO]) + theta);
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

// The pressure that follows from the heat received knows nothing of vapour: with humidity it is not held against the one
// that follows from the mass.
BODY void follow_pressure(const Extent, const int n, const double* pressure, double* energy_pressure)
{
    energy_pressure[n] = pressure[n];
}
