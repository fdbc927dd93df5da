// Joined before every kernel source. No includes: NVRTC has no standard headers, and the host build needs none.
// REAL is defined by the generator as float or double, MARK as the integer in which the backend keeps marks of cells.

typedef REAL real;
typedef MARK mark;
typedef long long index;  // signed: unsigned indices stop the host vectoriser

#define R(x) ((real)(x))

// Every kernel compiles the whole of its source file, also the parts that a switch of other kernels changes.
#ifndef VELOCITY
#define VELOCITY 0
#endif

#ifdef __CUDACC_RTC__
#define BODY [[maybe_unused]] static __device__ __forceinline__
#else
#define BODY [[maybe_unused]] static inline __attribute__((always_inline))
#endif

// Cells of a part without ghost layers; sy and sz are the elements between neighbours in y and z of a padded field.
struct Extent {
    int nx, ny, nz;
    index sy, sz;
};

BODY Extent make_extent(const int nx, const int ny, const int nz)
{
    const index sy = nx + 4;
    return Extent{nx, ny, nz, sy, sy * (ny + 4)};
}

// What the body of a `rows` kernel returns.
template <int N>
struct Slots {
    double slot[N];
};

// Neutral element of a maximum: what a cell returns that takes no part.
#define LOWEST (-1.7976931348623157e308)

// fminf and fmaxf are library calls on the host; a ternary vectorises.
template <class T>
BODY T rmin(const T a, const T b) { return a < b ? a : b; }

template <class T>
BODY T rmax(const T a, const T b) { return a > b ? a : b; }

// Maximum that keeps a NaN once it has met one, so that a broken field is seen in every norm.
// Two choices in place of one with an "or", which the host would vectorise for 64 lanes of truth values or not at all.
BODY double max_or_nan(const double a, const double b)
{
    const double larger = b > a ? b : a;
    return b != b ? b : larger;
}

// rabs: absolute value. root: square root. unit_with_sign: 1 or -1. All three are single instructions.
// exponential, logarithm and cube_root are library calls on the host: for lists, whose loops are short.
#ifdef __CUDACC_RTC__
BODY float rabs(const float a) { return fabsf(a); }
BODY double rabs(const double a) { return fabs(a); }
BODY float unit_with_sign(const float a) { return copysignf(1.0f, a); }
BODY double unit_with_sign(const double a) { return copysign(1.0, a); }
BODY float root(const float a) { return sqrtf(a); }
BODY double root(const double a) { return sqrt(a); }
BODY float exponential(const float a) { return expf(a); }
BODY double exponential(const double a) { return exp(a); }
BODY float logarithm(const float a) { return logf(a); }
BODY double logarithm(const double a) { return log(a); }
BODY float cube_root(const float a) { return cbrtf(a); }
BODY double cube_root(const double a) { return cbrt(a); }
#else
BODY float rabs(const float a) { return __builtin_fabsf(a); }
BODY double rabs(const double a) { return __builtin_fabs(a); }
BODY float unit_with_sign(const float a) { return __builtin_copysignf(1.0f, a); }
BODY double unit_with_sign(const double a) { return __builtin_copysign(1.0, a); }
BODY float root(const float a) { return __builtin_sqrtf(a); }
BODY double root(const double a) { return __builtin_sqrt(a); }
BODY float exponential(const float a) { return __builtin_expf(a); }
BODY double exponential(const double a) { return __builtin_exp(a); }
BODY float logarithm(const float a) { return __builtin_logf(a); }
BODY double logarithm(const double a) { return __builtin_log(a); }
BODY float cube_root(const float a) { return __builtin_cbrtf(a); }
BODY double cube_root(const double a) { return __builtin_cbrt(a); }
#endif
