// Production of a scalar and an implicit sink: ds/dt = production - loss s, loss >= 0 (Patankar 1980, section 7.2-2). A
// positive s stays positive at any step, and the steady state does not depend on the step.
// production: per second, loss: 1/s, fields with FIELDS; decay: the part of the loss that is one number, 1/s.

BODY real loss_rate(const index c, const real* loss, const double* decay)
{
    return FIELDS ? loss[c] + R(decay[0]) : R(decay[0]);
}

// The end of a stage.
BODY void scalar_sink(const Extent, const int, const int, const int, const index c, const real* production,
                      const real* loss, const double* decay, const double* scalars, const int divisor, real* s_new)
{
    const real dt = R(scalars[DT]) / R(divisor);
    const real gained = FIELDS ? s_new[c] + dt * production[c] : s_new[c];
    s_new[c] = gained / (R(1) + dt * loss_rate(c, loss, decay));
}

// What production and loss gave to the air in a stage, s kg per second: the sum of rho V (production - loss s).
BODY Slots<1> scalar_reacted(const Extent, const int i, const int j, const int k, const index c, const real* production,
                             const real* loss, const double* decay, const real* value, const real* rho, const mark* flags,
                             const real* dx, const real* dy, const real* dz, const double* scalars)
{
    const double volume = (double)dx[i] * (double)dy[j] * (double)dz[k];
    const double mass = volume * (double)cell_density(c, rho, scalars);
    const double given = FIELDS ? (double)production[c] : 0.0;
    const double rate = given - (double)loss_rate(c, loss, decay) * (double)value[c];
    return {{(flags[c] & FLUID) != 0 ? mass * rate : 0.0}};
}
