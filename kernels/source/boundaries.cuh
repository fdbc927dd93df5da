// What happens on faces and in cells that the stencils do not know: sparse lists, one row per receiver, so that every
// sum has one writer and a fixed order.

// Settings per device instance: flow, flow kind (0 kg/s, 1 m3/s at the intake, 2 m3/s at the discharge temperature), heat
// W, discharge kind (0 intake + heat/(m c_p), 1 given theta), given theta, heat capacity of the fluid that it moves, and
// its density where that is constant, 0 for a gas.
enum : int { FLOW = 0, FLOW_KIND, HEAT, DISCHARGE_KIND, GIVEN_THETA, CAPACITY, CONSTANT_DENSITY, SETTINGS };

// Velocity at ports: air that leaves has the density of the cell inside, air that enters that of its own temperature
// (the cell's would change the momentum of a cold jet by the ratio of the two). `discharging`: per entry, 1 or 0.
BODY void port_velocity(const Extent, const int n, const int* axis, const index* face, const index* cell,
                        const int* start, const int* instance, const real* weight, const int* discharging,
                        const double* mass_flow, const double* theta_out, const int* discharge_region,
                        const double* settings, const double* pressure, const real* rho, const double* scalars,
                        real* ux, real* uy, real* uz)
{
    const double inside = (double)cell_density(cell[n], rho, scalars);
    double u = 0.0;
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const int k = instance[m];
        const int label = discharge_region[k] < 0 ? 0 : discharge_region[k];
        const double gas = pressure[label] / (scalars[GAS_CONSTANT] * (scalars[TEMPERATURE_ZERO] + theta_out[k]));
        const double constant = settings[SETTINGS * k + CONSTANT_DENSITY];
        const double entering = constant > 0.0 ? constant : gas;
        u += mass_flow[k] * (double)weight[m] / (discharging[m] != 0 ? entering : inside);
    }
    of_axis(axis[n], ux, uy, uz)[face[n]] = R(u);
}

// Velocity at pressure openings: the density is that of the air that flows, outside or inside.
BODY void opening_velocity(const Extent, const int n, const int* axis, const index* face, const index* cell,
                           const real* outward, const real* outside_density, const real* mx, const real* my,
                           const real* mz, const real* rho, const double* scalars, real* ux, real* uy, real* uz)
{
    const index f = face[n];
    const real m = of_axis(axis[n], mx, my, mz)[f];
    const real density = outward[n] * m < R(0) ? outside_density[n] : cell_density(cell[n], rho, scalars);
    of_axis(axis[n], ux, uy, uz)[f] = m / density;
}

// Faces of ports and openings: the first stage takes their velocity over, some lie in ghost layers.
BODY void keep_faces(const Extent, const int n, const int* axis, const index* face, const real* ux, const real* uy,
                     const real* uz, real* ux_new, real* uy_new, real* uz_new)
{
    of_axis(axis[n], ux_new, uy_new, uz_new)[face[n]] = of_axis(axis[n], ux, uy, uz)[face[n]];
}

// State of the device instances at the middle of the step, extrapolated like the mass flux through their ports.
BODY void instances_ahead(const Extent, const int n, const double* mass_flow, const double* theta_in,
                          const double* theta_out, const double* scalars, double* mass_flow_last, double* theta_in_last,
                          double* theta_out_last, double* mass_flow_ahead, double* theta_in_ahead,
                          double* theta_out_ahead)
{
    const double ahead = scalars[AHEAD];
    mass_flow_ahead[n] = mass_flow[n] + ahead * (mass_flow[n] - mass_flow_last[n]);
    theta_in_ahead[n] = theta_in[n] + ahead * (theta_in[n] - theta_in_last[n]);
    theta_out_ahead[n] = theta_out[n] + ahead * (theta_out[n] - theta_out_last[n]);
    mass_flow_last[n] = mass_flow[n];
    theta_in_last[n] = theta_in[n];
    theta_out_last[n] = theta_out[n];
}

// Heat that walls, conducting neighbours and sources give to fluid cells, W.
// Per row: source in W; per entry: conductance in W/K to the padded cell `other`, or to the temperature `fixed` (theta)
// where other is -1. With a variable conductivity the conductance to a wall of given temperature stands for CONDUCTIVITY
// and is scaled to the mean of the cell's and the wall's (`beyond`, relative to CONDUCTIVITY). Where beyond is 0, the link
// has other resistances too, or a second end that must find the same heat: it keeps its conductance.
BODY void heat_rows(const Extent, const int n, const index* cell, const int* start, const double* source,
                    const index* other, const real* conductance, const real* fixed, const real* beyond,
                    const real* diffusivity, const real* theta, const double* scalars, double* row_heat)
{
    const index c = cell[n];
    const real own = theta[c];
    double heat = source[n];
    for (int m = start[n]; m < start[n + 1]; ++m) {
        const index o = other[m] < 0 ? c : other[m];
        const real there = other[m] < 0 ? fixed[m] : theta[o];
        real conductivity = R(1);
        if (VARIABLE) {
            const real relative = diffusivity[c] / R(scalars[CONDUCTIVITY]);
            conductivity = beyond[m] > R(0) ? R(0.5) * (relative + beyond[m]) : R(1);
        }
        heat += (double)(conductance[m] * conductivity * (there - own));
    }
    row_heat[n] = heat;
}

// Per instance and part: share-weighted sums over the intake faces of 1/rho and theta.
BODY void intake_sums(const Extent, const int n, const int* start, const index* cell, const real* share,
                      const real* theta, const real* rho, const double* scalars, double* sums)
{
    double volume = 0.0, heat = 0.0;
    for (int m = start[n]; m < start[n + 1]; ++m) {
        volume += (double)share[m] / (double)cell_density(cell[m], rho, scalars);
        heat += (double)share[m] * (double)theta[cell[m]];
    }
    sums[2 * n] = volume;
    sums[2 * n + 1] = heat;
}

// State of every device instance.
BODY void instance_law(const Extent, const int n, const double* sums, const int parts, const int instances,
                       const double* settings, const int* discharge_region, const double* pressure,
                       const double* scalars, double* mass_flow, double* theta_in, double* theta_out)
{
    double volume = 0.0, heat = 0.0;
    for (int part = 0; part < parts; ++part) {
        volume += sums[(part * instances + n) * 2];
        heat += sums[(part * instances + n) * 2 + 1];
    }
    const double* s = settings + SETTINGS * n;
    const double given = s[GIVEN_THETA];
    const int label = discharge_region[n] < 0 ? 0 : discharge_region[n];
    const double gas = pressure[label] / (scalars[GAS_CONSTANT] * (scalars[TEMPERATURE_ZERO] + given));
    const double supplied = s[CONSTANT_DENSITY] > 0.0 ? s[CONSTANT_DENSITY] : gas;
    const double drawn = volume > 0.0 ? 1.0 / volume : 0.0;
    const double m = s[FLOW] * (s[FLOW_KIND] == 0.0 ? 1.0 : s[FLOW_KIND] == 1.0 ? drawn : supplied);
    const double rise = m > 0.0 ? s[HEAT] / (m * s[CAPACITY]) : 0.0;
    mass_flow[n] = m;
    theta_in[n] = heat;
    theta_out[n] = s[DISCHARGE_KIND] == 0.0 ? heat + rise : given;
}

// Mass flux at the faces of ports: sum over the instances that share a face of flow times share over face area;
// weight is negative where the instance's flow runs against the axis.
BODY void port_faces(const Extent, const int n, const int* axis, const index* face, const int* start,
                     const int* instance, const real* weight, const double* mass_flow, real* mx, real* my, real* mz)
{
    double m = 0.0;
    for (int entry = start[n]; entry < start[n + 1]; ++entry) m += mass_flow[instance[entry]] * (double)weight[entry];
    of_axis(axis[n], mx, my, mz)[face[n]] = R(m);
}

// Heat that the air of discharge ports brings into their cells: m_in (theta_out - theta) / (rho V).
BODY void port_heat(const Extent, const int n, const index* cell, const int* start, const int* instance,
                    const real* share, const real* reciprocal_volume, const double* mass_flow, const double* theta_out,
                    const real* theta, const real* rho, const double* scalars, const int divisor, real* theta_new)
{
    const index c = cell[n];
    double heat = 0.0;
    for (int entry = start[n]; entry < start[n + 1]; ++entry) {
        const int from = instance[entry];
        heat += mass_flow[from] * (double)share[entry] * (theta_out[from] - (double)theta[c]);
    }
    const real rate = R(heat) * reciprocal_volume[n] / cell_density(c, rho, scalars);
    theta_new[c] += R(scalars[DT]) / R(divisor) * rate;
}

// Heat that outside air brings in through pressure openings; leaving air carries the cell's own temperature.
// inward_area: m2, negative where the inside lies on the low side.
BODY void opening_heat(const Extent, const int n, const index* cell, const int* start, const int* axis,
                       const index* face, const real* inward_area, const real* outside, const real* reciprocal_volume,
                       const real* mx, const real* my, const real* mz, const real* theta, const real* rho,
                       const double* scalars, const int divisor, real* theta_new)
{
    const index c = cell[n];
    real heat = R(0);
    for (int entry = start[n]; entry < start[n + 1]; ++entry) {
        const real inflow = of_axis(axis[entry], mx, my, mz)[face[entry]] * inward_area[entry];
        heat += inflow > R(0) ? inflow * (outside[entry] - theta[c]) : R(0);
    }
    const real rate = heat * reciprocal_volume[n] / cell_density(c, rho, scalars);
    theta_new[c] += R(scalars[DT]) / R(divisor) * rate;
}

// Shear of moving walls on the velocities beside them. drag: half-volume share times 2 / width^2 times the wall's
// velocity, 1/(m s); the stencil has already taken the shear of a wall at rest.
BODY void wall_drag(const Extent e, const int n, const int* axis, const index* face, const int* start,
                    const index* cell, const real* drag, const real* mu, const real* rho, const double* scalars,
                    const int divisor, real* mx_new, real* my_new, real* mz_new)
{
    real force = R(0);
    for (int entry = start[n]; entry < start[n + 1]; ++entry) {
        force += (VARIABLE ? mu[cell[entry]] : R(scalars[VISCOSITY])) * drag[entry];
    }
    of_axis(axis[n], mx_new, my_new, mz_new)[face[n]] +=
        R(scalars[DT]) / R(divisor) * force / held_density(e, axis[n], face[n], rho, scalars);
}

// A steady force on single faces, N/m3, added to a stage.
BODY void face_force(const Extent e, const int n, const int* axis, const index* face, const real* force,
                     const real* rho, const double* scalars, const int divisor, real* mx_new, real* my_new,
                     real* mz_new)
{
    of_axis(axis[n], mx_new, my_new, mz_new)[face[n]] +=
        R(scalars[DT]) / R(divisor) * force[n] / held_density(e, axis[n], face[n], rho, scalars);
}

// A flux q after dq/dt = ... - loss(q), linearised about the beginning of the step (Newton), of which the share `weight`
// is taken at its end: the exact one for a linear loss of rate `slope` is 1/(1 - exp(-z)) - 1/z with z = dt slope; this
// one is near it, 1/2 + z/12 where the step resolves the loss, for second order, and 1 where it does not, for stability.
struct Implicit {
    real beta;  // dq/d(provisional q)
    real q;
};

BODY Implicit against_loss(const real provisional, const real begin, const real loss, const real slope, const real dt)
{
    const real z = dt * slope;
    const real implicit = R(0.5) * (R(1) + z / (z + R(6))) * z;
    const real beta = R(1) / (R(1) + implicit);
    return Implicit{beta, beta * (provisional - dt * loss + implicit * begin)};
}

// Faces that the air crosses against dp = (K m |m| / (2 rho) + a m / rho), implicit in the projection.
// The operator changes by (beta - 1) A/d; `low` and `high` say where its two entries stand. In each stage: without its
// loss the pressure drop would drive the face to any speed.
BODY void resistance_predict(const Extent, const int n, const int* axis, const index* face, const index* stride,
                             const real* forward, const real* backward, const real* linear, const real* distance,
                             const real* area, const int* low, const int* high, const real* mx, const real* my,
                             const real* mz, const real* rho, const double* scalars, const int divisor, real* mx_new,
                             real* my_new, real* mz_new, real* beta, real* coefficients)
{
    const index f = face[n];
    const real before = of_axis(axis[n], mx, my, mz)[f];
    const real density = R(0.5) * (cell_density(f, rho, scalars) + cell_density(f - stride[n], rho, scalars));
    const real loss = before > R(0) ? forward[n] : backward[n];
    const real inertia = density * distance[n];
    const real size = rabs(before);
    real* m = of_axis(axis[n], mx_new, my_new, mz_new);
    const real held = VELOCITY ? density : R(1);
    const Implicit found = against_loss(m[f] * held, before, (R(0.5) * loss * size + linear[n]) * before / inertia,
                                        (loss * size + linear[n]) / inertia, R(scalars[DT]) / R(divisor));
    m[f] = found.q / held;
    beta[n] = found.beta;
    coefficients[low[n]] = (found.beta - R(1)) * area[n] / distance[n];
    coefficients[high[n]] = (found.beta - R(1)) * area[n] / distance[n];
}

// What `correct` took too much from a resisting face: it subtracted grad phi, the face yields beta grad phi.
BODY void resistance_correct(const Extent, const int n, const int* axis, const index* face, const index* stride,
                             const real* distance, const real* beta, const real* phi, real* mx, real* my, real* mz)
{
    const index f = face[n];
    of_axis(axis[n], mx, my, mz)[f] += (R(1) - beta[n]) * (phi[f] - phi[f - stride[n]]) / distance[n];
}

// Friction on the half cell at a pressure opening, of the air that flows through it against what is beside it: the flow in
// the same plane (`beside`, a face) or a wall with the speed `given` along the flow. A wall of the wall layer (`wall`) rubs
// with its friction, all else with the viscosity of the cell over the distance. share: 1 over the width of the cell across.
// drag: rate at which its own flow is slowed down, 1/s; pull: what the others give, N/m3, along the axis.
BODY void opening_friction(const Extent, const int n, const int* axis, const index* face, const index* cell,
                           const real* outward, const real* outside_density, const int* start, const index* beside,
                           const int* wall, const real* share, const real* reciprocal_distance, const real* given,
                           const real* mx_ahead, const real* my_ahead, const real* mz_ahead, const real* mu,
                           const real* friction, const real* rho, const double* scalars, real* drag, real* pull)
{
    const index c = cell[n];
    const real* m = of_axis(axis[n], mx_ahead, my_ahead, mz_ahead);
    const real density = outward[n] * m[face[n]] < R(0) ? outside_density[n] : cell_density(c, rho, scalars);
    const real viscosity = VARIABLE ? mu[c] : R(scalars[VISCOSITY]);
    real slowed = R(0), pulled = R(0);
    for (int entry = start[n]; entry < start[n + 1]; ++entry) {
        const bool law = VARIABLE && wall[entry] >= 0;
        const real rubbing = share[entry] * (law ? friction[law ? wall[entry] : 0] : viscosity * reciprocal_distance[entry]);
        const real speed = beside[entry] < 0 ? given[entry] : m[beside[entry] < 0 ? face[n] : beside[entry]] / density;
        slowed += rubbing;
        pulled += rubbing * speed;
    }
    drag[n] = slowed / density;
    pull[n] = pulled;
}

// Pressure openings: half a cell between the cell centre and still outside air. With q the outward mass flux,
// dq/dt = (p + |m|^2/(2 rho) - p_out - loss_out q^2/(2 rho))/d at outflow, m at the cell centre: the total pressure of the
// air that converges on the opening drives it, whatever part of the convergence the cells resolve. At inflow
// dq/dt = (p - p_out + loss_in q^2/(2 rho_out))/d. Both losses are 1 + K of the element; with the outward buoyancy and the
// friction of `opening_friction`, and linearised as above. `position` is the entry of the operator. m is that of the beginning of the step at the face, and
// that of its middle (`ahead`) at the cell centre.
BODY void opening_predict(const Extent e, const int n, const int* axis, const index* face, const index* cell,
                          const real* outward, const real* loss_out, const real* loss_in, const real* outside_density,
                          const real* outside_pressure, const real* distance, const real* area, const int* position,
                          const real* mx, const real* my, const real* mz, const real* mx_ahead, const real* my_ahead,
                          const real* mz_ahead, const real* p, const real* lift, const real* drag,
                          const real* pull, const real* rho, const double* scalars, real* mx_new, real* my_new, real* mz_new, real* beta,
                          real* coefficients)
{
    const index f = face[n], c = cell[n];
    const real before = outward[n] * of_axis(axis[n], mx, my, mz)[f];
    const real density = cell_density(c, rho, scalars);
    const real x = R(0.5) * (mx_ahead[c] + mx_ahead[c + 1]);
    const real y = R(0.5) * (my_ahead[c] + my_ahead[c + e.sy]);
    const real z = R(0.5) * (mz_ahead[c] + mz_ahead[c + e.sz]);
    const real head = before > R(0) ? R(0.5) * (x * x + y * y + z * z) / density : R(0);
    const real size = rabs(before);
    const real loss = before > R(0) ? loss_out[n] / density : loss_in[n] / outside_density[n];
    const real push = (p[c] + head - outside_pressure[n]) / distance[n]
                      + outward[n] * ((axis[n] == 2 ? lift[c] : R(0)) + pull[n]);
    const Implicit found = against_loss(before + R(scalars[DT]) * push, before,
                                        (R(0.5) * loss * size / distance[n] + drag[n]) * before,
                                        loss * size / distance[n] + drag[n], R(scalars[DT]));
    of_axis(axis[n], mx_new, my_new, mz_new)[f] = outward[n] * found.q;
    beta[n] = found.beta;
    coefficients[position[n]] = found.beta * area[n] / distance[n];
}

// q = q* + beta phi / d, q outward.
BODY void opening_correct(const Extent, const int n, const int* axis, const index* face, const index* cell,
                          const real* outward, const real* distance, const real* beta, const real* phi, real* mx,
                          real* my, real* mz)
{
    of_axis(axis[n], mx, my, mz)[face[n]] += outward[n] * beta[n] * phi[cell[n]] / distance[n];
}

// Heat that rows receive besides that of their links and sources, W.
BODY void add_to_rows(const Extent, const int n, const double* given, double* row_heat) { row_heat[n] += given[n]; }
