// Transport of scalars, per mass of air, by the flow and by diffusion; what is carried through one face, and its limiter,
// is in face_transport.cuh; the stages of a step are in stages.cuh.

// Three numbers per scalar in `properties`.
enum : int { DIFFUSIVITY = 0, EDDY_SHARE = 1, SOURCE = 2, PROPERTIES = 3 };

struct Place {
    index c, s;
    int n;
};

// Both faces of a cell along one axis.
BODY real axis_gain(const Place at, const real* s, const mark* flags, const int open, const real* m, const real* w,
                    const real* rw, const real* df, const real* rdf, const real diffusivity, const real eddy_share,
                    const real* eddy)
{
    real low = diffusivity, high = diffusivity;
    if (VARIABLE) {
        low += eddy_share * mean_at_face(eddy, at.c, at.c - at.s, share_at_face(at.n, at.n, w, rdf));
        high += eddy_share * mean_at_face(eddy, at.c, at.c + at.s, share_at_face(at.n, at.n + 1, w, rdf));
    }
    return (face_gain(at.c, at.s, at.n, -1, s, flags, open, m[at.c], w, rw, df, rdf, low)
            + face_gain(at.c, at.s, at.n, 1, s, flags, open, m[at.c + at.s], w, rw, df, rdf, high)) * rw[at.n];
}

// One stage of ds/dt = (1/rho){-[sum m s_f - s sum m]/V + div(Gamma grad s)} + source, with
// Gamma = DIFFUSIVITY + EDDY_SHARE eddy. A uniform s stays uniform whatever defect the projection left. Ports, openings,
// walls and sources in single cells are added by lists. s: of the stage before; begin: of the beginning of the step.
BODY real stage_of(const Extent e, const int i, const int j, const int k, const index c, const real* s,
                   const real* begin, const real* mx, const real* my, const real* mz, const real* rho, const real* eddy, const mark* flags,
                   const double* properties, const real* dx, const real* dy, const real* dz, const real* dxf,
                   const real* dyf, const real* dzf, const real* rdx, const real* rdy, const real* rdz,
                   const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars, const int divisor)
{
    const real diffusivity = R(properties[DIFFUSIVITY]), eddy_share = R(properties[EDDY_SHARE]);
    const real x = axis_gain(Place{c, 1, i}, s, flags, OPEN_X, mx, dx, rdx, dxf, rdxf, diffusivity, eddy_share, eddy);
    const real y = axis_gain(Place{c, e.sy, j}, s, flags, OPEN_Y, my, dy, rdy, dyf, rdyf, diffusivity, eddy_share, eddy);
    const real z = axis_gain(Place{c, e.sz, k}, s, flags, OPEN_Z, mz, dz, rdz, dzf, rdzf, diffusivity, eddy_share, eddy);
    const real rate = (x + y + z) / cell_density(c, rho, scalars) + R(properties[SOURCE]);
    const real first = begin[c];
    const real after = stage_base(first, s[c], divisor) + R(scalars[DT]) / R(divisor) * rate;
    return (flags[c] & FLUID) != 0 ? after : first;
}

BODY void scalar(const Extent e, const int i, const int j, const int k, const index c, const bool solid, const real* s,
                 const real* begin, const real* mx, const real* my, const real* mz, const real* rho, const real* eddy, const mark* flags,
                 const double* properties, const real* dx, const real* dy, const real* dz, const real* dxf,
                 const real* dyf, const real* dzf, const real* rdx, const real* rdy, const real* rdz,
                 const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars, const int divisor, real* s_new)
{
    if (solid) {
        s_new[c] = begin[c];
        return;
    }
    s_new[c] = stage_of(e, i, j, k, c, s, begin, mx, my, mz, rho, eddy, flags, properties, dx, dy, dz, dxf, dyf, dzf,
                        rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, divisor);
}

// Four scalars at one reading of the flow, the marks and the metrics.
BODY void scalars_of_four(const Extent e, const int i, const int j, const int k, const index c, const bool solid,
                          const real* s0, const real* s1, const real* s2, const real* s3, const real* begin0,
                          const real* begin1, const real* begin2, const real* begin3, const real* mx, const real* my, const real* mz, const real* rho, const real* eddy, const mark* flags,
                          const double* properties, const real* dx, const real* dy, const real* dz, const real* dxf,
                          const real* dyf, const real* dzf, const real* rdx, const real* rdy, const real* rdz,
                          const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars, const int divisor,
                          real* new0, real* new1, real* new2, real* new3)
{
    if (solid) {
        new0[c] = begin0[c];
        new1[c] = begin1[c];
        new2[c] = begin2[c];
        new3[c] = begin3[c];
        return;
    }
    new0[c] = stage_of(e, i, j, k, c, s0, begin0, mx, my, mz, rho, eddy, flags, properties, dx,
                       dy, dz, dxf, dyf, dzf, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, divisor);
    new1[c] = stage_of(e, i, j, k, c, s1, begin1, mx, my, mz, rho, eddy, flags, properties + PROPERTIES, dx,
                       dy, dz, dxf, dyf, dzf, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, divisor);
    new2[c] = stage_of(e, i, j, k, c, s2, begin2, mx, my, mz, rho, eddy, flags, properties + 2 * PROPERTIES, dx,
                       dy, dz, dxf, dyf, dzf, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, divisor);
    new3[c] = stage_of(e, i, j, k, c, s3, begin3, mx, my, mz, rho, eddy, flags, properties + 3 * PROPERTIES, dx,
                       dy, dz, dxf, dyf, dzf, rdx, rdy, rdz, rdxf, rdyf, rdzf, scalars, divisor);
}

// Per instance, of its intake faces in this part: the mean of s that it draws in, weighted with their shares.
BODY void scalar_intakes(const Extent, const int n, const int* start, const index* cell, const real* share,
                         const real* s, double* sums)
{
    double drawn = 0.0;
    for (int m = start[n]; m < start[n + 1]; ++m) drawn += (double)share[m] * (double)s[cell[m]];
    sums[n] = drawn;
}

// What each instance draws in and discharges: the same with what it adds (kg/s, `gain`), or `given` where that is its law.
BODY void scalar_discharges(const Extent, const int n, const double* sums, const int parts, const int instances,
                            const int* is_given, const double* given, const double* gain, const double* mass_flow,
                            double* drawn, double* discharged)
{
    double mean = 0.0;
    for (int part = 0; part < parts; ++part) mean += sums[part * instances + n];
    const double rise = mass_flow[n] > 0.0 ? gain[n] / mass_flow[n] : 0.0;
    drawn[n] = mean;
    discharged[n] = is_given[n] != 0 ? given[n] : mean + rise;
}

// Sources in kg/s and what walls of given value let through, conductance (value - s) in kg/s, on the cells of a stage.
// row_gain: kg/s, for the ledger. With VAPOUR the scalar is part of the mass of the air, which then grows too: what is
// given raises s by its share of what is not s already.
BODY void scalar_rows(const Extent, const int n, const index* cell, const int* start, const double* source,
                      const real* conductance, const real* value, const real* reciprocal_volume, const real* s,
                      const real* rho, const double* scalars, const int divisor, double* row_gain, real* s_new)
{
    const index c = cell[n];
    double gain = source[n];
    for (int m = start[n]; m < start[n + 1]; ++m) gain += (double)(conductance[m] * (value[m] - s[c]));
    const real given = VAPOUR ? R(gain) * (R(1) - s[c]) : R(gain);
    const real rate = given * reciprocal_volume[n] / cell_density(c, rho, scalars);
    row_gain[n] = gain;
    s_new[c] += R(scalars[DT]) / R(divisor) * rate;
}
