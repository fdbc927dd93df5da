// Time sums for averages, in blocks that the host folds into double precision.

BODY void accumulate(const Extent, const int, const int, const int, const index c, const real* x,
                     const double* scalars, real* sum)
{
    sum[c] += R(scalars[DT]) * x[c];
}

// A field on faces, some of which lie in the ghost layers.
BODY void accumulate_faces(const Extent, const int n, const real* x, const double* scalars, real* sum)
{
    sum[n] += R(scalars[DT]) * x[n];
}

// Velocity at cell centres.
BODY void accumulate_velocity(const Extent e, const int, const int, const int, const index c, const real* ux,
                              const real* uy, const real* uz, const double* scalars, real* sum_x, real* sum_y,
                              real* sum_z)
{
    const real half = R(0.5) * R(scalars[DT]);
    sum_x[c] += half * (ux[c] + ux[c + 1]);
    sum_y[c] += half * (uy[c] + uy[c + e.sy]);
    sum_z[c] += half * (uz[c] + uz[c + e.sz]);
}
