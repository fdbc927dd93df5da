// What lists of faces have in common: the field of their axis, and what a stage holds there.

BODY real* of_axis(const int axis, real* x, real* y, real* z) { return axis == 0 ? x : axis == 1 ? y : z; }
BODY const real* of_axis(const int axis, const real* x, const real* y, const real* z)
{
    return axis == 0 ? x : axis == 1 ? y : z;
}

// What turns a mass flux at face f into what a stage holds there: the density with VELOCITY, else 1.
BODY real held_density(const Extent e, const int axis, const index f, const real* rho, const double* scalars)
{
    const index l = f - (axis == 0 ? 1 : axis == 1 ? e.sy : e.sz);
    return VELOCITY ? R(0.5) * (cell_density(f, rho, scalars) + cell_density(LOW_MACH ? l : f, rho, scalars)) : R(1);
}
