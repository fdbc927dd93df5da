// Elementary operations on fields.

template <class T>
BODY void copy_element(const int i, const int j, const int k, const T* source, T* destination, const Extent from,
                       const Extent to, const int source_i, const int source_j, const int source_k,
                       const int destination_i, const int destination_j, const int destination_k)
{
    // The launch extent is the box; its first cell has the padded index 2.
    const index s = (source_i + i - 2) + from.sy * (source_j + j - 2) + from.sz * (source_k + k - 2);
    const index d = (destination_i + i - 2) + to.sy * (destination_j + j - 2) + to.sz * (destination_k + k - 2);
    destination[d] = source[s];
}

BODY void copy_box(const Extent, const int i, const int j, const int k, const index, const real* source,
                   real* destination, const Extent source_extent, const Extent destination_extent, const int source_i,
                   const int source_j, const int source_k, const int destination_i, const int destination_j,
                   const int destination_k)
{
    copy_element(i, j, k, source, destination, source_extent, destination_extent, source_i, source_j, source_k,
                 destination_i, destination_j, destination_k);
}

BODY void copy_box_marks(const Extent, const int i, const int j, const int k, const index, const mark* source,
                         mark* destination, const Extent source_extent, const Extent destination_extent,
                         const int source_i, const int source_j, const int source_k, const int destination_i,
                         const int destination_j, const int destination_k)
{
    copy_element(i, j, k, source, destination, source_extent, destination_extent, source_i, source_j, source_k,
                 destination_i, destination_j, destination_k);
}

// y = scalars[value], ghost layers included
BODY void fill(const Extent, const int n, real* y, const double* scalars, const int value)
{
    y[n] = R(scalars[value]);
}

// value[n] = x at element cell[n]
BODY void gather(const Extent, const int n, const real* x, const index* cell, double* value)
{
    value[n] = (double)x[cell[n]];
}

// y = scalars[a] x + scalars[b] y
BODY void axpby(const Extent, const int, const int, const int, const index c, const real* x, real* y,
                const double* scalars, const int a, const int b)
{
    y[c] = R(scalars[a]) * x[c] + R(scalars[b]) * y[c];
}

// sum of x y
BODY Slots<1> dot(const Extent, const int, const int, const int, const index c, const real* x, const real* y)
{
    return {{(double)x[c] * (double)y[c]}};
}

// largest |x|
BODY Slots<1> max_abs(const Extent, const int, const int, const int, const index c, const real* x)
{
    return {{(double)rabs(x[c])}};
}
