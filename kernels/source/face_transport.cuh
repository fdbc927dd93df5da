// Transport of a quantity per mass of air through one face: what temperature and other scalars have in common.

// Value at a face between the centres of cell c and of the one beyond. share_own: width of c over that of both.
BODY real mean_at_face(const real* value, const index c, const index o, const real share_own)
{
    return value[c] + (value[o] - value[c]) * share_own;
}

// Width of cell c over that of both cells at a face. n: padded index of c along the axis, f: of the face.
BODY real share_at_face(const int n, const int f, const real* w, const real* rdf) { return R(0.5) * w[n] * rdf[f]; }

// What the flow and diffusion bring through one open face into cell c, per unit of area.
// side: -1 low face, +1 high face; s: stride; n: padded index along the axis; m: mass flux in the + direction;
// k: diffusivity at the face, kg/(m s).
//
// The value at the face is that of the upwind cell plus share times the limited difference from there to the downwind
// cell: share is the width of the upwind cell over that of both, the limiter that of Koren (1993), kappa = 1/3. With the
// difference d from c to the cell beyond, the upwind value alone brings max(inflow, 0) d, and what the limiter adds is
// -|inflow| share limited sign(d), whichever of the two is the upwind cell.
BODY real face_gain(const index c, const index s, const int n, const int side, const real* value, const mark* flags,
                    const int open, const real m, const real* w, const real* rw, const real* df, const real* rdf,
                    const real k)
{
    const index o = c + side * s;           // the cell beyond the face
    const int f = side < 0 ? n : n + 1;     // padded index of the face
    const real inflow = side < 0 ? m : -m;
    const real own = value[c], other = value[o], difference = other - own;
    const real share_own = share_at_face(n, f, w, rdf);
    real gain = (inflow * share_own + k * rdf[f]) * difference;
    if (LIMITER) {
        const bool enters = inflow > R(0);
        const index behind_own = c - side * s, behind_other = o + side * s;
        const int flags_own = flags[side < 0 ? behind_own : c];
        const int flags_other = flags[side < 0 ? o : behind_other];
        const int f_own = side < 0 ? n + 1 : n, f_other = side < 0 ? n - 1 : n + 2;
        // The difference behind the upwind cell, scaled to the distance across the face; none through a closed face.
        const real rise_own = (own - value[behind_own]) * (df[f] * rdf[f_own]);
        const real rise_other = (value[behind_other] - other) * (df[f] * rdf[f_other]);
        const real back_own = (flags_own & open) != 0 ? rise_own : R(0);
        const real back_other = (flags_other & open) != 0 ? rise_other : R(0);
        const real behind = enters ? back_other : back_own;
        const real share = enters ? R(1) - share_own : share_own;
        // share * bound <= 1 keeps the face value between both cells on a stretched grid too
        const real bound_own = R(2) * rmin(R(1), df[f] * rw[n]), bound_other = R(2) * rmin(R(1), df[f] * rw[n + side]);
        const real bound = enters ? bound_other : bound_own;
        const real sign = unit_with_sign(difference);
        const real up = behind * sign, on = rabs(difference);
        const real limited = rmax(rmin(rmin(R(2) * up, (R(2) * on + up) * R(1.0 / 3.0)), bound * on), R(0));
        gain = (rmax(inflow, R(0)) + k * rdf[f]) * difference - rabs(inflow) * share * limited * sign;
    }
    const bool is_open = (flags[side < 0 ? c : o] & open) != 0;
    return is_open ? gain : R(0);
}
