// The stages of a step of what the air carries, temperature and scalars: SSPRK(3,2) of Spiteri & Ruuth (2002), SIAM J.
// Numer. Anal. 40, table 3.1 in the form of Ketcheson (2008), SIAM J. Sci. Comput. 30, eq. 2.4 with s = 3:
//     s1 = s0 + dt/2 N(s0),   s2 = s1 + dt/2 N(s1),   s = [s0 + 2 s2]/3 + dt/3 N(s2).
// All are means of forward steps of dt/2 with positive weights, so that what one such step keeps between its neighbours
// stays there. Each of the three rates has a third of what the step moves. The divisor of a stage is 2, 2, 3.

enum : int { LAST_DIVISOR = 3 };

// Where a stage starts from. As a difference, which keeps what is uniform in time to the last bit.
BODY real stage_base(const real begin, const real before, const int divisor)
{
    return divisor == LAST_DIVISOR ? before + (begin - before) * R(1.0 / 3.0) : before;
}
