// Transport of heat and momentum on the staggered grid, one Runge-Kutta stage at a time. A stage of the momentum is its
// value at the beginning of the step plus DT / divisor times the rate at the stage before; those of the temperature are
// in stages.cuh. Mass is carried by the flux at the middle of the step, the same in all stages.
//
//        my[c+sy]
//       +---^---+          theta, rho, p, flags : cell centre c
//       |       |          mx, ux               : low x face of c, and so on
//  mx[c]>   c   > mx[c+1]  closed face          : no unknown of the projection; its mass flux is zero (wall, panel,
//       |       |                                 solid) or given (port, pressure opening)
//       +---^---+
//         my[c]

// Momentum carried and diffused, in the + direction, through one side of a momentum volume, per unit of its area.
// side: -1 low, +1 high. Each of its halves l and c has a share of it, a mass flux m, and a viscosity mu or, at a wall,
// wall_mu. own: velocity of this volume; other: of the neighbour beyond the side. An open half carries the mean of both.
// A closed one with flow is a port or an opening: air that leaves takes the volume's own velocity along (mirroring it
// would pile momentum up in front of a suction face), air that enters brings none.
// The halves are summed before they meet the velocities; `condition ? sum + x : sum` is one masked instruction.
BODY real side_flux(const real side, const int flags_l, const int flags_c, const int open, const int free,
                    const real share_l, const real share_c, const real m_l, const real m_c, const real own,
                    const real other, const real mu_l, const real mu_c, const real wall_mu_l, const real wall_mu_c,
                    const real transposed, const real reciprocal_distance, const real reciprocal_width)
{
    const int face_l = flags_l & (open | free), face_c = flags_c & (open | free);
    const bool open_l = face_l == open, open_c = face_c == open;
    const bool wall_l = face_l == 0, wall_c = face_c == 0;
    const bool leaves_l = !open_l && side * m_l > R(0), leaves_c = !open_c && side * m_c > R(0);
    const real half_l = R(0.5) * share_l, half_c = R(0.5) * share_c;
    real carried = open_l ? half_l * m_l : R(0);
    real leaving = leaves_l ? half_l * m_l : R(0);
    real conducting = open_l ? share_l * mu_l : R(0);
    real dragging = wall_l ? share_l * wall_mu_l : R(0);
    carried = open_c ? carried + half_c * m_c : carried;
    leaving = leaves_c ? leaving + half_c * m_c : leaving;
    conducting = open_c ? conducting + share_c * mu_c : conducting;
    dragging = wall_c ? dragging + share_c * wall_mu_c : dragging;
    const real gradient = side * (other - own) * reciprocal_distance;
    return carried * (own + other) - conducting * (VARIABLE ? gradient + transposed : gradient)
           + (own + own) * (leaving + side * dragging * reciprocal_width);
}

// Momentum that leaves the momentum volume at the low face of c through its two sides in a transverse direction, N/m3.
// l, c: the two cells whose halves make the volume; s: stride of the transverse direction; j: its padded index.
// A variable viscosity at an edge is the mean of its four cells by volume, and the transposed gradient counts where all
// four faces at the edge are open: so both components that meet there have the same stress, and the operator is symmetric
// and takes kinetic energy only.
BODY real across_sides(const index c, const index l, const index s, const int n, const int j, const real* mt,
                       const real* un, const real* ut, const mark* flags, const int open_n, const int open,
                       const int free, const real low_share, const real high_share, const real* wt, const real* rnf,
                       const real* rt, const real* rtf, const real viscosity, const real* mu)
{
    real cross_low = R(0), cross_high = R(0);
    real mu_l = viscosity, mu_c = viscosity;
    real mu_l_low = viscosity, mu_c_low = viscosity, mu_l_high = viscosity, mu_c_high = viscosity;
    if (VARIABLE) {
        const real turned_low = (ut[c] - ut[l]) * rnf[n], turned_high = (ut[c + s] - ut[l + s]) * rnf[n];
        const int faces_low = flags[l] & flags[c] & open, faces_high = flags[l + s] & flags[c + s] & open;
        cross_low = faces_low != 0 && (flags[c - s] & open_n) != 0 ? turned_low : R(0);
        cross_high = faces_high != 0 && (flags[c + s] & open_n) != 0 ? turned_high : R(0);
        const real beyond_low = R(0.5) * wt[j - 1] * rtf[j], beyond_high = R(0.5) * wt[j + 1] * rtf[j + 1];
        mu_l = mu[l];
        mu_c = mu[c];
        mu_l_low = mu_l + beyond_low * (mu[l - s] - mu_l);
        mu_c_low = mu_c + beyond_low * (mu[c - s] - mu_c);
        mu_l_high = mu_l + beyond_high * (mu[l + s] - mu_l);
        mu_c_high = mu_c + beyond_high * (mu[c + s] - mu_c);
    }
    const real own = un[c];
    const real low = side_flux(R(-1), flags[l], flags[c], open, free, low_share, high_share, mt[l], mt[c], own,
                               un[c - s], mu_l_low, mu_c_low, mu_l, mu_c, cross_low, rtf[j], rt[j]);
    const real high = side_flux(R(1), flags[l + s], flags[c + s], open, free, low_share, high_share, mt[l + s],
                                mt[c + s], own, un[c + s], mu_l_high, mu_c_high, mu_l, mu_c, cross_high, rtf[j + 1],
                                rt[j]);
    return (high - low) * rt[j];
}

// Four times the momentum carried in the + direction through the centre of the cell between a momentum volume (own) and
// the face beyond: the mean of both fluxes carries the mean of both velocities.
// side: of the face beyond, -1 low, +1 high. Where that face is closed but air comes in by it, from a port or an opening,
// the mass given there and the mass that joins it in the cell are told apart: with the mean of both fluxes the power of a
// port would grow with the square of the speed of the jet that it drives. As it is, it is m_beyond u_beyond u_own / 2.
BODY real through_centre(const bool closed, const real side, const real m_own, const real m_beyond, const real own,
                         const real beyond)
{
    const bool enters = closed && side * m_beyond < R(0);
    const real apart = enters ? m_beyond - m_own : R(0);
    return (m_own + m_beyond) * (own + beyond) + apart * beyond;
}

// Viscous and convective rate of momentum at the low face of cell c, N/m3, in the direction with stride sn.
// Verstappen & Veldman (2003), J. Comput. Phys. 187, eq. 13-15: the advecting flux is the half-half mean, which makes
// the convective operator skew-symmetric on any tensor-product grid.
BODY real momentum_rate(const index c, const index sn, const index s1, const index s2, const int n, const int j1,
                        const int j2, const real* mn, const real* m1, const real* m2, const real* un, const real* u1,
                        const real* u2, const mark* flags, const int open, const int open1, const int free1,
                        const int open2, const int free2, const real* wn, const real* w1, const real* w2,
                        const real* rn, const real* rnf, const real* r1, const real* r1f, const real* r2,
                        const real* r2f, const real viscosity, const real* mu)
{
    const index l = c - sn;
    const real low_share = R(0.5) * wn[n - 1] * rnf[n];
    const real high_share = R(0.5) * wn[n] * rnf[n];
    const real gradient_high = (un[c + sn] - un[c]) * rn[n];
    const real gradient_low = (un[c] - un[l]) * rn[n - 1];
    real stress = viscosity * (gradient_high - gradient_low);
    if (VARIABLE) {
        // tau = 2 mu (S - div(u)/3); the shear part keeps the transposed gradient.
        const real divergence_high = gradient_high + (u1[c + s1] - u1[c]) * r1[j1] + (u2[c + s2] - u2[c]) * r2[j2];
        const real divergence_low = gradient_low + (u1[l + s1] - u1[l]) * r1[j1] + (u2[l + s2] - u2[l]) * r2[j2];
        stress = R(2) * (mu[c] * (gradient_high - divergence_high * R(1.0 / 3.0))
                         - mu[l] * (gradient_low - divergence_low * R(1.0 / 3.0)));
    }
    const bool closed_high = (flags[c + sn] & open) == 0, closed_low = (flags[l] & open) == 0;
    const real flux_high = through_centre(closed_high, R(1), mn[c], mn[c + sn], un[c], un[c + sn]);
    const real flux_low = through_centre(closed_low, R(-1), mn[c], mn[l], un[c], un[l]);
    return (stress - R(0.25) * (flux_high - flux_low)) * rnf[n]
           - across_sides(c, l, s1, n, j1, m1, un, u1, flags, open, open1, free1, low_share, high_share, w1, rnf, r1,
                          r1f, viscosity, mu)
           - across_sides(c, l, s2, n, j2, m2, un, u2, flags, open, open2, free2, low_share, high_share, w2, rnf, r2,
                          r2f, viscosity, mu);
}

// Mass flux at the middle of the step, from the beginning of this one and of the last: both conserve mass, and so does
// any straight line through them. A list of all elements, since ports and openings have faces in the ghost layers.
BODY void flux_ahead(const Extent, const int n, const real* mx, const real* my, const real* mz, const real* mx_last,
                     const real* my_last, const real* mz_last, const double* scalars, real* mx_ahead, real* my_ahead,
                     real* mz_ahead)
{
    const real ahead = R(scalars[AHEAD]);
    const real x = mx[n], y = my[n], z = mz[n];
    mx_ahead[n] = x + ahead * (x - mx_last[n]);
    my_ahead[n] = y + ahead * (y - my_last[n]);
    mz_ahead[n] = z + ahead * (z - mz_last[n]);
}

// u = m / rho. The density of a face is that of its momentum volume (half of each cell), which keeps a uniform velocity
// uniform under any density. Ports and openings, whose air has another density, write theirs afterwards.
BODY void velocity(const Extent e, const int i, const int j, const int k, const index c, const real* mx, const real* my,
                   const real* mz, const real* rho, const real* dx, const real* dy, const real* dz, const real* rdxf,
                   const real* rdyf, const real* rdzf, const double* scalars, real* ux, real* uy, real* uz)
{
    const real constant = R(scalars[DENSITY]);
    const real x = mx[c] / (LOW_MACH ? R(0.5) * (dx[i - 1] * rho[c - 1] + dx[i] * rho[c]) * rdxf[i] : constant);
    const real y = my[c] / (LOW_MACH ? R(0.5) * (dy[j - 1] * rho[c - e.sy] + dy[j] * rho[c]) * rdyf[j] : constant);
    const real z = mz[c] / (LOW_MACH ? R(0.5) * (dz[k - 1] * rho[c - e.sz] + dz[k] * rho[c]) * rdzf[k] : constant);
    ux[c] = x;
    uy[c] = y;
    uz[c] = z;
}

// Largest sum over the axes of |u|/dx, 1/s: times the time step it is the sum-Courant number.
BODY Slots<1> courant_rate(const Extent e, const int i, const int j, const int k, const index c, const real* ux,
                           const real* uy, const real* uz, const mark* flags, const real* rdx, const real* rdy,
                           const real* rdz)
{
    const real x = rmax(rabs(ux[c]), rabs(ux[c + 1])) * rdx[i];
    const real y = rmax(rabs(uy[c]), rabs(uy[c + e.sy])) * rdy[j];
    const real z = rmax(rabs(uz[c]), rabs(uz[c + e.sz])) * rdz[k];
    const real rate = x + y + z;
    return {{(double)((flags[c] & FLUID) != 0 ? rate : R(0))}};
}

// Heat that the flow and conduction bring through one open face into cell c, per unit of area, over c_p.
BODY real face_heat(const index c, const index s, const int n, const int side, const real* theta, const mark* flags,
                    const int open, const real m, const real* w, const real* rw, const real* df, const real* rdf,
                    const real conduction, const real* diffusivity)
{
    const real share_own = share_at_face(n, side < 0 ? n : n + 1, w, rdf);
    const real k = VARIABLE ? mean_at_face(diffusivity, c, c + side * s, share_own) : conduction;
    return face_gain(c, s, n, side, theta, flags, open, m, w, rw, df, rdf, k);
}

// Temperature of a stage (form B of the mass-flux formulation): theta_t = N with
// rho N = -[sum m theta_f - theta sum m]/V + div(k/c_p grad theta) + (dp0/dt)/c_p. Ports, openings, walls and sources
// are added by lists. theta: of the stage before; begin: of the beginning of the step.
BODY void temperature(const Extent e, const int i, const int j, const int k, const index c, const bool solid,
                      const real* theta, const real* begin, const real* mx, const real* my, const real* mz,
                      const real* rho, const real* diffusivity, const mark* flags, const mark* region,
                      const double* pressure_rate, const real* dx, const real* dy, const real* dz, const real* dxf,
                      const real* dyf, const real* dzf, const real* rdx, const real* rdy, const real* rdz,
                      const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars, const int divisor,
                      real* theta_new)
{
    if (solid) {
        theta_new[c] = begin[c];
        return;
    }
    const real conduction = R(scalars[CONDUCTIVITY]);
    const real x = face_heat(c, 1, i, -1, theta, flags, OPEN_X, mx[c], dx, rdx, dxf, rdxf, conduction, diffusivity)
                   + face_heat(c, 1, i, 1, theta, flags, OPEN_X, mx[c + 1], dx, rdx, dxf, rdxf, conduction,
                               diffusivity);
    const real y = face_heat(c, e.sy, j, -1, theta, flags, OPEN_Y, my[c], dy, rdy, dyf, rdyf, conduction, diffusivity)
                   + face_heat(c, e.sy, j, 1, theta, flags, OPEN_Y, my[c + e.sy], dy, rdy, dyf, rdyf, conduction,
                               diffusivity);
    const real z = face_heat(c, e.sz, k, -1, theta, flags, OPEN_Z, mz[c], dz, rdz, dzf, rdzf, conduction, diffusivity)
                   + face_heat(c, e.sz, k, 1, theta, flags, OPEN_Z, mz[c + e.sz], dz, rdz, dzf, rdzf, conduction,
                               diffusivity);
    const real sum = x * rdx[i] + y * rdy[j] + z * rdz[k];
    const real rate = LOW_MACH ? (sum + R(pressure_rate[region[c]]) / R(scalars[HEAT_CAPACITY])) / rho[c]
                               : sum / R(scalars[DENSITY]);
    const real first = begin[c];
    const real after = stage_base(first, theta[c], divisor) + R(scalars[DT]) / R(divisor) * rate;
    theta_new[c] = (flags[c] & FLUID) != 0 ? after : first;
}

// Density of a cell at the stage that lies DT / divisor after the beginning of the step.
BODY real stage_density(const index c, const real* rho, const real* increment, const int divisor)
{
    return rho[c] - increment[c] * (R(1) - R(1) / R(divisor));
}

// Provisional mass flux of a stage, m* = m + DT/divisor [convection + viscous stress + buoyancy + force - grad p] on the
// open faces. m_begin: of the beginning of the step; m: at its middle, what carries; u: of the stage before. With VELOCITY
// the result is m* over the density of the stage, for the next one. Closed faces keep the velocity or mass flux they have.
BODY void momentum(const Extent e, const int i, const int j, const int k, const index c, const bool solid,
                   const real* mx, const real* my, const real* mz, const real* mx_begin, const real* my_begin,
                   const real* mz_begin, const real* ux, const real* uy, const real* uz, const real* p,
                   const real* lift, const real* rho, const real* increment, const real* mu,
                   const mark* flags, const real* dx, const real* dy, const real* dz, const real* rdx, const real* rdy,
                   const real* rdz, const real* rdxf, const real* rdyf, const real* rdzf, const double* scalars,
                   const int divisor, real* mx_new, real* my_new, real* mz_new)
{
    const real closed_x = VELOCITY ? ux[c] : mx_begin[c];
    const real closed_y = VELOCITY ? uy[c] : my_begin[c];
    const real closed_z = VELOCITY ? uz[c] : mz_begin[c];
    if (solid) {
        mx_new[c] = closed_x;
        my_new[c] = closed_y;
        mz_new[c] = closed_z;
        return;
    }
    const real viscosity = R(scalars[VISCOSITY]);
    const real dt = R(scalars[DT]) / R(divisor);
    const int flag = flags[c];
    const real nx = momentum_rate(c, 1, e.sy, e.sz, i, j, k, mx, my, mz, ux, uy, uz, flags, OPEN_X, OPEN_Y, FREE_Y, OPEN_Z,
                                  FREE_Z, dx, dy, dz, rdx, rdxf, rdy, rdyf, rdz, rdzf, viscosity, mu);
    const real ny = momentum_rate(c, e.sy, 1, e.sz, j, i, k, my, mx, mz, uy, ux, uz, flags, OPEN_Y, OPEN_X, FREE_X, OPEN_Z,
                                  FREE_Z, dy, dx, dz, rdy, rdyf, rdx, rdxf, rdz, rdzf, viscosity, mu);
    const real nz = momentum_rate(c, e.sz, 1, e.sy, k, i, j, mz, mx, my, uz, ux, uy, flags, OPEN_Z, OPEN_X, FREE_X, OPEN_Y,
                                  FREE_Y, dz, dx, dy, rdz, rdzf, rdx, rdxf, rdy, rdyf, viscosity, mu);
    const real rise = R(0.5) * rdzf[k] * (dz[k - 1] * lift[c - e.sz] + dz[k] * lift[c]);
    real x = mx_begin[c] + dt * (nx + R(scalars[FORCE_X]) - (p[c] - p[c - 1]) * rdxf[i]);
    real y = my_begin[c] + dt * (ny + R(scalars[FORCE_Y]) - (p[c] - p[c - e.sy]) * rdyf[j]);
    real z = mz_begin[c] + dt * (nz + R(scalars[FORCE_Z]) + (rise - (p[c] - p[c - e.sz]) * rdzf[k]));
    if (VELOCITY) {
        real density_x = R(scalars[DENSITY]), density_y = density_x, density_z = density_x;
        if (LOW_MACH) {
            const real own = stage_density(c, rho, increment, divisor);
            const real west = stage_density(c - 1, rho, increment, divisor);
            const real south = stage_density(c - e.sy, rho, increment, divisor);
            const real below = stage_density(c - e.sz, rho, increment, divisor);
            density_x = R(0.5) * (dx[i - 1] * west + dx[i] * own) * rdxf[i];
            density_y = R(0.5) * (dy[j - 1] * south + dy[j] * own) * rdyf[j];
            density_z = R(0.5) * (dz[k - 1] * below + dz[k] * own) * rdzf[k];
        }
        x = x / density_x;
        y = y / density_y;
        z = z / density_z;
    }
    mx_new[c] = (flag & OPEN_X) != 0 ? x : closed_x;
    my_new[c] = (flag & OPEN_Y) != 0 ? y : closed_y;
    mz_new[c] = (flag & OPEN_Z) != 0 ? z : closed_z;
}
