// SPDX-License-Identifier: MIT
// exp, expm1, log, log1p, tanh, sin and cos of float64, and these and more of float32, without branches, so that loops
// over them are vectorised. The arithmetic is written out, fused where it says fma and nowhere else: a result depends
// on neither the vector width nor the instruction set. Errors are below 1 ulp (exp, log, sin, cos), 2.1 ulp (expm1,
// log1p) and 2.5 ulp (tanh); tests/flopscope/elementary_test.cpp measures them. For the kernel sources only: everything
// is in an unnamed namespace, since each of them compiles it with flags of its own.
#pragma once

#include <cstdint>

namespace flopscope::elementary {
namespace {

#define WHEST_INLINE [[gnu::always_inline]] inline

WHEST_INLINE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
// By Horner's rule, the coefficient of the highest power first.
template <class... Coefficients>
WHEST_INLINE double polynomial(double x, double highest, Coefficients... others) {
  double sum = highest;
  ((sum = fma(sum, x, others)), ...);
  return sum;
}
WHEST_INLINE std::uint64_t bits_of(double x) { return __builtin_bit_cast(std::uint64_t, x); }
WHEST_INLINE double from_bits(std::uint64_t b) { return __builtin_bit_cast(double, b); }
WHEST_INLINE double magnitude(double x) { return from_bits(bits_of(x) & 0x7fffffffffffffffU); }
WHEST_INLINE double with_sign_of(double x, double sign) {
  return from_bits((bits_of(x) & 0x7fffffffffffffffU) | (bits_of(sign) & 0x8000000000000000U));
}

constexpr double k_infinity = __builtin_inf();
constexpr double k_log2e = 0x1.71547652b82fep+0;
constexpr double k_ln2 = 0x1.62e42fefa39efp-1, k_ln2_rest = 0x1.abc9e3b39803fp-56;
// ln 2 with zeros at the end: a product with an exponent is exact (fdlibm's split).
constexpr double k_ln2_short = 0x1.62e42feep-1, k_ln2_short_rest = 0x1.a39ef35793c76p-33;
constexpr double k_sqrt_half = 0x1.6a09e667f3bcdp-1;
// Adding it rounds to an integer, which then stands in the low bits.
constexpr double k_round = 0x1.8p52;

// 2^n for an integer n in [-1022, 1023].
WHEST_INLINE double power_of_two(double n) { return from_bits(bits_of(n + (k_round + 1023)) << 52); }

// x = n ln 2 + r with |r| <= 0.35, and exp(r) - 1 to about half an ulp of it: its Taylor polynomial, whose first term
// left out is r^14 / 14! < 5e-18.
struct Reduced {
  double n, growth;
};
WHEST_INLINE Reduced reduced(double x) {
  const double n = fma(x, k_log2e, k_round) - k_round;
  const double r = fma(-n, k_ln2_rest, fma(-n, k_ln2, x));
  const double p = polynomial(r, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                              1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5);
  return {n, fma(r * r, p, r)};
}

// Beyond the bounds the result is 0 or infinite by itself; a NaN passes through the comparisons.
WHEST_INLINE double within(double x, double low, double high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

WHEST_INLINE double exp(double x) {
  const Reduced of = reduced(within(x, -750, 711));
  // In two factors: one alone would leave the range of doubles before the result does.
  const double half = fma(of.n, 0.5, k_round) - k_round;
  return (1 + of.growth) * power_of_two(half) * power_of_two(of.n - half);
}

WHEST_INLINE double expm1(double x) {
  const Reduced of = reduced(within(x, -60, 710));
  const double half_scale = power_of_two(of.n - 1);
  const double y = 2 * fma(of.growth, half_scale, half_scale - 0.5);
  return magnitude(x) < 0x1p-54 ? x : y;  // -0 and what is below the range too
}

// For float32 results: to 1e-9 by fewer terms.
WHEST_INLINE double short_exp(double x) {
  const double limited = within(x, -160, 160);
  const double n = fma(limited, k_log2e, k_round) - k_round;
  const double r = fma(-n, k_ln2, limited);
  const double p = polynomial(r, 1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0);
  return fma(p, r, 1.0) * power_of_two(n);
}

// 2^x for float32 results, x in [-1022, 1023]: the minimax polynomial of (2^r - 1) / r on [-1/2, 1/2], to 2e-14.
WHEST_INLINE double short_power_of_two(double x) {
  const double n = (x + k_round) - k_round, r = x - n;
  const double p = polynomial(r, 0x1.b3de33c9abc05p-24, 0x1.63e6930c390e4p-20, 0x1.ffce2fd03a748p-17,
                              0x1.430897f62fc68p-13, 0x1.5d87fd937cd90p-10, 0x1.3b2ab72410940p-7, 0x1.c6b08d70c887ep-5,
                              0x1.ebfbdff81be12p-3, 0x1.62e42fefa37d1p-1);
  return fma(p, r, 1.0) * power_of_two(n);
}
WHEST_INLINE double short_exp2(double x) { return short_power_of_two(within(x, -160, 160)); }

// log(1 + f) + c + k ln 2 for 1 + f in [sqrt(1/2), sqrt(2)) and a small correction c: fdlibm's e_log.c (Sun
// Microsystems, 1993), s = f / (2 + f), log(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R(s^2))).
WHEST_INLINE double log_of_parts(double k, double f, double c) {
  const double s = f / (2 + f), z = s * s;
  const double r = polynomial(z, 1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01,
                              2.222219843214978396e-01, 2.857142874366239149e-01, 3.999999999940941908e-01,
                              6.666666666666735130e-01);
  const double half_square = 0.5 * f * f;
  return fma(k, k_ln2_short, -((half_square - fma(s, fma(r, z, half_square), fma(k, k_ln2_short_rest, c))) - f));
}

// x = 2^k (1 + f) for a normal positive x.
struct Parts {
  double k, f;
};
WHEST_INLINE Parts parts_of(double x) {
  // The exponent changes at sqrt(1/2) instead of 1.
  const std::uint64_t moved = bits_of(x) + (bits_of(1.0) - bits_of(k_sqrt_half));
  const double k = from_bits(bits_of(0x1p52) | (moved >> 52)) - (0x1p52 + 1023);
  return {k, from_bits((moved & 0x000fffffffffffffU) + bits_of(k_sqrt_half)) - 1};
}

// The logarithm y of x, or what it is of 0, negative numbers, infinity and NaN.
WHEST_INLINE double log_or_special(double x, double y) {
  y = x == 0 ? -k_infinity : y;
  y = x < 0 ? __builtin_nan("") : y;
  return x == k_infinity || x != x ? x : y;
}
WHEST_INLINE double log(double x) {
  const bool tiny = x < 0x1p-1022;
  const Parts p = parts_of(tiny ? x * 0x1p54 : x);
  return log_or_special(x, log_of_parts(tiny ? p.k - 54 : p.k, p.f, 0));
}

// For float32 results: log2 of a positive number that is not subnormal, which a float32 never is as a float64. The
// minimax polynomial in s = f / (2 + f), to 2e-16.
WHEST_INLINE double positive_log2(double x) {
  const Parts q = parts_of(x);
  const double s = q.f / (2 + q.f), z = s * s;
  const double p = polynomial(z, 0x1.f1858ef85506ep-3, 0x1.0bb7b62283140p-2, 0x1.484fac5890c34p-2, 0x1.a617567669a66p-2,
                              0x1.2776c516a9c4fp-1, 0x1.ec709dc39c9e2p-1, 0x1.71547652b82ffp+1);
  return fma(p, s, q.k);
}
WHEST_INLINE double short_log2(double x) { return log_or_special(x, positive_log2(x)); }
WHEST_INLINE double short_log(double x) { return log_or_special(x, positive_log2(x) * k_ln2); }
WHEST_INLINE double short_log10(double x) { return log_or_special(x, positive_log2(x) * 0x1.34413509f79ffp-2); }

WHEST_INLINE double log1p(double x) {
  const double u = 1 + x;
  const Parts p = parts_of(u);
  // What was lost in 1 + x, relative to it.
  const double lost = (p.k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
  const bool near_one = p.k == 0;
  double y = log_of_parts(p.k, near_one ? x : p.f, near_one ? 0 : lost);
  y = u == 0 ? -k_infinity : y;
  y = x < -1 ? __builtin_nan("") : y;
  y = x == 0 ? x : y;
  return x == k_infinity || x != x ? x : y;
}

// 1 - 2 / (expm1(2|x|) + 2) from 1 on, -expm1(-2|x|) / (expm1(-2|x|) + 2) below.
WHEST_INLINE double tanh(double x) {
  const double a = within(magnitude(x), 0, 22);
  const bool large = a >= 1;
  const double t = expm1(large ? 2 * a : -2 * a);
  const double ratio = (large ? 2 : -t) / (t + 2);
  return with_sign_of(large ? 1 - ratio : ratio, x);
}

// For float32 results: the minimax x P(x^2) / Q(x^2) on [-9.02, 9.02], to 4e-14; beyond, 1 is nearest.
WHEST_INLINE double short_tanh(double x) {
  const double a = within(x, -9.02, 9.02), z = a * a;
  const double p = polynomial(z, 0x1.3762284cf8db9p-44, 0x1.989a682bda1ccp-32, 0x1.242444284b12bp-22,
                              0x1.0091b1b1d1869p-14, 0x1.4b86eccbd0addp-8, 0x1.2a1514b054993p-3, 1.0);
  const double q = polynomial(z, 0x1.02014b7996993p-37, 0x1.9a60f0bdcf8a9p-27, 0x1.37b361e3d0050p-18,
                              0x1.49fd7add93c4fp-11, 0x1.00d6edcea2ef0p-5, 0x1.ea5fdfad7e522p-2, 1.0);
  return a * p / q;
}

// ---- sin and cos ----

// Up to here x - n pi/2 is exact in the steps below.
constexpr double k_most_turned = 0x1p20;
constexpr double k_half_pi = 0x1.921fb54442d18p+0, k_half_pi_rest = 0x1.1a62633145c07p-54,
                 k_half_pi_end = -0x1.f1976b7ed8fbcp-110;

// sin(x) (quarter 0) or cos(x) (quarter 1) for |x| <= k_most_turned: x = n pi/2 + r + rest, then fdlibm's k_sin.c and
// k_cos.c (Sun Microsystems, 1993) on r in [-pi/4, pi/4], of which the quarter chooses one and its sign.
WHEST_INLINE double turned(double x, std::uint64_t quarter) {
  const double shifted = fma(x, 0x1.45f306dc9c883p-1, k_round), n = shifted - k_round;
  const double whole = fma(-n, k_half_pi, x);  // exact
  // r + rest is whole - n k_half_pi_rest to twice the precision (Knuth's two-sum).
  const double less = n * k_half_pi_rest, lesser = fma(n, k_half_pi_end, fma(n, k_half_pi_rest, -less));
  const double r = whole - less, taken = whole - r;
  const double rest = ((whole - (r + taken)) + (taken - less)) - lesser;
  const double z = r * r;
  const double s = polynomial(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
                              -1.98412698298579493134e-04, 8.33333333332248946124e-03);
  const double cube = z * r;
  const double sine = r - (fma(z, fma(0.5, rest, -cube * s), -rest) - cube * -1.66666666666666324348e-01);
  const double c = polynomial(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07,
                              2.48015872894767294178e-05, -1.38888888888741095749e-03, 4.16666666666666019037e-02);
  const double half_square = 0.5 * z, most = 1 - half_square;
  const double cosine = most + (((1 - most) - half_square) + fma(z, z * c, -r * rest));
  const std::uint64_t turns = bits_of(shifted) + quarter;
  const double y = (turns & 1) != 0 ? cosine : sine;
  return from_bits(bits_of(y) ^ ((turns & 2) << 62));
}
// For float32 results, to 6e-11: the polynomials of FreeBSD's k_sinf.c and k_cosf.c (Bruce D. Evans).
WHEST_INLINE double short_turned(double x, std::uint64_t quarter) {
  const double shifted = fma(x, 0x1.45f306dc9c883p-1, k_round), n = shifted - k_round;
  const double r = fma(-n, k_half_pi_rest, fma(-n, k_half_pi, x)), z = r * r;
  const double s =
      polynomial(z, 0x16cd878c3b46a7p-71, -0x1a00f9e2cae774p-65, 0x111110896efbb2p-59, -0x15555554cbac77p-55);
  const double sine = fma(z * r, s, r);
  const double c =
      polynomial(z, 0x199342e0ee5069p-68, -0x16c087e80f1e27p-62, 0x155553e1053a42p-57, -0x1ffffffd0c5e81p-54);
  const double cosine = fma(c, z, 1.0);
  const std::uint64_t turns = bits_of(shifted) + quarter;
  const double y = (turns & 1) != 0 ? cosine : sine;
  return from_bits(bits_of(y) ^ ((turns & 2) << 62));
}
WHEST_INLINE double short_sin(double x) { return x == 0 ? x : short_turned(x, 0); }
WHEST_INLINE double short_cos(double x) { return short_turned(x, 1); }

WHEST_INLINE double sin(double x) { return x == 0 ? x : turned(x, 0); }
WHEST_INLINE double cos(double x) { return turned(x, 1); }

// ---- of two numbers, for float32 results ----

// The angle of the point (x, y): of lo / hi in [0, 1] by the minimax polynomial of arctan(t) / t in t^2, to 6e-14,
// then mirrored.
WHEST_INLINE double short_arctan2(double y, double x) {
  const double a = magnitude(x), b = magnitude(y);
  const double low = a < b ? a : b, high = a < b ? b : a;
  double t = low == high ? 1 : low / high;
  t = high == 0 ? 0 : t;
  const double z = t * t;
  const double p = polynomial(z, -0x1.e1e9c442ad7acp-14, 0x1.0fe0755a3b643p-10, -0x1.210111ad05dccp-8,
                              0x1.8550073b130efp-7, -0x1.7bc2cdceaee05p-6, 0x1.2560ab01b1f9ep-5, -0x1.83164ce83528dp-5,
                              0x1.d2828fc3303ddp-5, -0x1.0f101a0bde872p-4, 0x1.3ab2a3aa4eadfp-4, -0x1.745049887bf37p-4,
                              0x1.c71b55620e8b4p-4, -0x1.249241bde65b7p-3, 0x1.9999996757e36p-3, -0x1.55555555193a7p-2);
  double angle = fma(t * z, p, t);
  angle = a < b ? k_half_pi - angle : angle;
  angle = (bits_of(x) >> 63) != 0 ? 2 * k_half_pi - angle : angle;
  return x != x || y != y ? x + y : with_sign_of(angle, y);
}
WHEST_INLINE double short_arctan(double x) { return short_arctan2(x, 1); }

// |x|^y = 2^(y log2 |x|), whose sign is that of x for odd y; NaN of negative x where y is not whole. Not of infinities
// and NaN. Of 0 the logarithm is taken for one so low that every power is 0 or infinite after rounding to float32.
WHEST_INLINE double short_power(double x, double y) {
  const double size = magnitude(x);
  const double log2 = size == 0 ? -0x1p160 : positive_log2(size);
  const double power = short_power_of_two(within(y * log2, -160, 160));
  const double exponent = within(y, -0x1p24, 0x1p24), half = 0.5 * exponent;  // from there on all are even
  const bool whole = (exponent + k_round) - k_round == exponent;
  double sign = (half + k_round) - k_round == half ? 1 : x;
  sign = whole ? sign : 1;
  const double of_negative = whole ? power : __builtin_nan("");
  return with_sign_of(x < 0 ? of_negative : power, sign);
}

#undef WHEST_INLINE

}  // namespace
}  // namespace flopscope::elementary
