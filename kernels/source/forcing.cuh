// The body force that holds a mean velocity.

// Of the fluid cells: velocity at the cell centre times volume (x, y, z), and volume over density.
BODY Slots<4> fluid_velocity(const Extent e, const int i, const int j, const int k, const index c, const real* ux,
                             const real* uy, const real* uz, const real* rho, const mark* flags, const real* dx,
                             const real* dy, const real* dz, const double* scalars)
{
    const double box = (double)dx[i] * (double)dy[j] * (double)dz[k];
    const double volume = (flags[c] & FLUID) != 0 ? box : 0.0;
    const double density = LOW_MACH ? (double)rho[c] : scalars[DENSITY];
    return {{0.5 * volume * ((double)ux[c] + (double)ux[c + 1]), 0.5 * volume * ((double)uy[c] + (double)uy[c + e.sy]),
             0.5 * volume * ((double)uz[c] + (double)uz[c + e.sz]), volume / density}};
}

// Body force, N/m3, that brings the mean velocity to its target in the coming step, if the drag stays that of the last
// one: f = drag + rho (target - U)/dt, drag = f_before - rho (U - U_before)/dt_before (zero at the first step).
// sums: the slots of `fluid_velocity` of every part. memory: force, mean velocity (3 each) and length of the last step.
BODY void hold_velocity(const Extent, const double* sums, const int parts, const double* volume, const double* target,
                        const int* held, double* scalars, double* memory)
{
    double specific = 0.0;
    for (int part = 0; part < parts; ++part) specific += sums[4 * part + 3];
    const double density = volume[0] / specific;
    const double dt = scalars[DT], before = memory[6];
    for (int axis = 0; axis < 3; ++axis) {
        double flow = 0.0;
        for (int part = 0; part < parts; ++part) flow += sums[4 * part + axis];
        const double mean = flow / volume[0];
        const double gained = before > 0.0 ? (mean - memory[3 + axis]) / before : 0.0;
        const double force = memory[axis] + density * ((target[axis] - mean) / dt - gained);
        scalars[FORCE_X + axis] = held[axis] != 0 ? force : scalars[FORCE_X + axis];
        memory[axis] = held[axis] != 0 ? force : 0.0;
        memory[3 + axis] = mean;
    }
    memory[6] = dt;
}
