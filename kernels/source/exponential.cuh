// Exponential functions for kernels on cells: on the host in plain arithmetic, which a loop vectorises, where the
// library's would be one call per cell.

// exp(-a) for a >= 0, down to exp(-80): 2^-n exp(r), n the nearest whole number to a / ln 2, r by its Taylor series.
#ifdef __CUDACC_RTC__
BODY float falling_exponential(const float a) { return expf(-(a < 80.0f ? a : 80.0f)); }
BODY double falling_exponential(const double a) { return exp(-(a < 80.0 ? a : 80.0)); }
#else
BODY float falling_exponential(const float a)
{
    const float x = a < 80.0f ? a : 80.0f;
    const int n = (int)(x * 1.44269504f + 0.5f);
    const float r = ((float)n * 0.693359375f - x) - (float)n * 2.12194440e-4f;  // ln 2 in two parts
    const float series = 1.0f + r * (1.0f + r * (1.0f / 2 + r * (1.0f / 6 + r * (1.0f / 24 + r * (1.0f / 120
                         + r * (1.0f / 720 + r * (1.0f / 5040)))))));
    const union { int bits; float value; } power = {(127 - n) << 23};
    return series * power.value;
}

BODY double falling_exponential(const double a)
{
    const double x = a < 80.0 ? a : 80.0;
    const int n = (int)(x * 1.4426950408889634 + 0.5);
    const double r = ((double)n * 0.693145751953125 - x) + (double)n * 1.42860682030941723212e-6;
    const double series =
        1.0 + r * (1.0 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720
        + r * (1.0 / 5040 + r * (1.0 / 40320 + r * (1.0 / 362880 + r * (1.0 / 3628800 + r * (1.0 / 39916800
        + r * (1.0 / 479001600 + r * (1.0 / 6227020800.0)))))))))))));
    const union { long long bits; double value; } power = {(long long)(1023 - n) << 52};
    return series * power.value;
}
#endif

// exp(a) for 0 <= a <= 80.
BODY real rising_exponential(const real a) { return R(1) / falling_exponential(a); }

// tanh, of either sign.
BODY real hyperbolic_tangent(const real a)
{
    const real falling = falling_exponential(R(2) * rabs(a));
    return unit_with_sign(a) * (R(1) - falling) / (R(1) + falling);
}
