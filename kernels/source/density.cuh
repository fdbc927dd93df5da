// Density of the air in a cell, kg/m3: constant in the Boussinesq form.
BODY real cell_density(const index c, const real* rho, const double* scalars)
{
    return LOW_MACH ? rho[c] : R(scalars[DENSITY]);
}
