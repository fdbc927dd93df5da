// For the bodies of `block` kernels, which run on all threads of one block; on the host there is one thread.

struct Block {
    int thread, threads;
};

// What every thread wrote before is seen by every thread behind it.
BODY void wait_for_all()
{
#ifdef __CUDACC_RTC__
    __syncthreads();
#endif
}

// body(n) for n = 0 ... count - 1, shared among the threads
template <class Body>
BODY void for_each(const Block block, const int count, const Body body)
{
    for (int n = block.thread; n < count; n += block.threads)
        body(n);
}

// body(i, j, k, c) for every cell of an extent, shared among the threads
template <class Body>
BODY void for_cells(const Block block, const Extent e, const Body body)
{
#ifdef __CUDACC_RTC__
    for_each(block, e.nx * e.ny * e.nz, [=](const int n) {
        const int i = n % e.nx + 2, j = n / e.nx % e.ny + 2, k = n / (e.nx * e.ny) + 2;
        body(i, j, k, i + e.sy * j + e.sz * k);
    });
#else
    (void)block;
    for (int k = 2; k < e.nz + 2; ++k)
        for (int j = 2; j < e.ny + 2; ++j) {
            const index row = e.sy * j + e.sz * k;
            #pragma omp simd
            for (int i = 2; i < e.nx + 2; ++i)
                body(i, j, k, row + i);
        }
#endif
}

// body(c) for every cell of an extent, and for ghost cells between its rows: small rows alone would not fill a vector. For
// bodies that write nothing there which is read. On the host plane by plane: the ghost planes of a grid of one cell along
// y would be four fifths of the span.
template <class Body>
BODY void for_span(const Block block, const Extent e, const Body body)
{
    const int begin = (int)(2 + 2 * e.sy + 2 * e.sz), sz = (int)e.sz;
    const int plane = (int)(e.nx + (e.ny - 1) * e.sy), planes = e.nz;
#ifdef __CUDACC_RTC__
    for (int c = begin + block.thread; c < begin + (planes - 1) * sz + plane; c += block.threads)
        body((index)c);
#else
    (void)block;
    for (int first = begin; first < begin + planes * sz; first += sz) {
        #pragma omp simd
        for (int c = first; c < first + plane; ++c)
            body((index)c);
    }
#endif
}
