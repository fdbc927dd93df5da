// The V-cycle on all levels that are small: one launch in place of ten for each of them.
//
// In ghost cells the inverse diagonal is 0, or they are copies across a periodic boundary that `wrap` renews: a sweep over
// a span leaves nothing there.

// A level of the tail. Its eight fields lie behind one another in one store.
struct Level {
    Extent e;
    const real *cx, *cy, *cz, *decay, *inverse_diagonal;
    real *b, *x, *work;
    int pairs;        // of sweeps, one or two, before and after the correction from the next level
    int periodic;     // bits 0, 1, 2: the ghost cells along x, y, z are copies
    const int* maps;  // to the next coarser level: first_x, first_y, first_z, then to_x, to_y, to_z
};

enum : int { LEVEL_NUMBERS = 8 };  // nx, ny, nz, first element, elements per field, pairs, periodic, first map

BODY Level level_of(const int number, const int* levels, const int* maps, real* store)
{
    const int* n = levels + LEVEL_NUMBERS * number;
    real* const field = store + n[3];
    const index size = n[4];
    return Level{make_extent(n[0], n[1], n[2]), field,            field + size,     field + 2 * size,
                 field + 3 * size,              field + 4 * size, field + 5 * size, field + 6 * size,
                 field + 7 * size,              n[5],             n[6],             maps + n[7]};
}

// Copies across periodic boundaries. Edges and corners are not read.
BODY void wrap(const Block block, const Level level, real* x)
{
    const Extent e = level.e;
    wait_for_all();
    if (!level.periodic)
        return;
    const auto copy = [=](const index first, const index stride, const int cells) {
        x[first - stride] = x[first + (cells - 1) * stride];
        x[first + cells * stride] = x[first];
    };
    if (level.periodic & 1)
        for_each(block, e.ny * e.nz, [=](const int n) {
            copy(2 + e.sy * (n % e.ny + 2) + e.sz * (n / e.ny + 2), 1, e.nx);
        });
    if (level.periodic & 2)
        for_each(block, e.nx * e.nz, [=](const int n) {
            copy(n % e.nx + 2 + e.sy * 2 + e.sz * (n / e.nx + 2), e.sy, e.ny);
        });
    if (level.periodic & 4)
        for_each(block, e.nx * e.ny, [=](const int n) {
            copy(n % e.nx + 2 + e.sy * (n / e.nx + 2) + e.sz * 2, e.sz, e.nz);
        });
    wait_for_all();
}

// The weights of one pair of sweeps stand before those of two.
BODY const real* weights_of(const Level level, const real* weights)
{
    return weights + level.pairs * (level.pairs - 1);
}

// Two sweeps, from x over work to x.
BODY void tail_sweeps(const Block block, const Level level, const real* weights, const int pair)
{
    for (int sweep = 2 * pair; sweep < 2 * pair + 2; ++sweep) {
        const real* const from = sweep % 2 ? level.work : level.x;
        real* const to = sweep % 2 ? level.x : level.work;
        for_span(block, level.e, [=](const index c) {
            coarse_smooth(level.e, 0, 0, 0, c, level.cx, level.cy, level.cz, level.decay, level.inverse_diagonal,
                          weights_of(level, weights), level.b, from, to, sweep);
        });
        wrap(block, level, to);
    }
}

// Down to the next level: x from zero, and the sum of what it leaves in b of that level.
BODY void tail_down(const Block block, const Level level, const Level next, const bool last, const real* weights)
{
    wrap(block, level, level.b);
    for_span(block, level.e, [=](const index c) {
        coarse_smooth_first(level.e, 0, 0, 0, c, level.cx, level.cy, level.cz, level.decay, level.inverse_diagonal,
                            weights_of(level, weights), level.b, level.x);
    });
    wrap(block, level, level.x);
    for (int pair = 1; pair < level.pairs; ++pair)
        tail_sweeps(block, level, weights, pair);
    if (last)
        return;
    for_span(block, level.e, [=](const index c) {
        coarse_residual(level.e, 0, 0, 0, c, level.cx, level.cy, level.cz, level.decay, level.b, level.x, level.work);
    });
    wait_for_all();
    const int* const first_x = level.maps;
    const int* const first_y = first_x + next.e.nx + 1;
    const int* const first_z = first_y + next.e.ny + 1;
    for_cells(block, next.e, [=](const int i, const int j, const int k, const index c) {
        restrict_sum(next.e, i, j, k, c, level.work, next.b, level.e, next.e, first_x, first_y, first_z, 2, 2, 2);
    });
}

// Up again: the correction of the next level, and the sweeps after it.
BODY void tail_up(const Block block, const Level level, const Level next, const bool last, const real* weights)
{
    if (!last) {
        const int* const to_x = level.maps + next.e.nx + next.e.ny + next.e.nz + 3;
        const int* const to_y = to_x + level.e.nx + 4;
        const int* const to_z = to_y + level.e.ny + 4;
        for_cells(block, level.e, [=](const int i, const int j, const int k, const index c) {
            prolong_add(level.e, i, j, k, c, next.x, level.x, next.e, to_x, to_y, to_z);
        });
        wrap(block, level, level.x);
    }
    for (int pair = 0; pair < level.pairs; ++pair)
        tail_sweeps(block, level, weights, pair);
}

// x of the first level ~ S^-1 b by one V-cycle over all levels of the store
BODY void coarse_tail(const Extent, const Block block, const int* levels, const int* maps, const real* weights,
                      real* store, const int level_count)
{
    for (int n = 0; n < level_count; ++n) {
        const int next = n + 1 < level_count ? n + 1 : n;
        tail_down(block, level_of(n, levels, maps, store), level_of(next, levels, maps, store), next == n, weights);
    }
    for (int n = level_count - 1; n >= 0; --n) {
        const int next = n + 1 < level_count ? n + 1 : n;
        tail_up(block, level_of(n, levels, maps, store), level_of(next, levels, maps, store), next == n, weights);
    }
}
