// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <whest/random/binomial.hpp>
#include <whest/random/continuous.hpp>
#include <whest/random/discrete.hpp>
#include <whest/random/hypergeometric.hpp>
#include <whest/random/log_factorial.hpp>

namespace whest::random {
namespace {

constexpr std::int64_t k_int64_max = std::numeric_limits<std::int64_t>::max();

bool legacy(const Stream& stream) { return stream.algorithms == Algorithms::random_state; }
double unit(Stream& stream) { return stream.bits->next_double(); }

// Knuth: multiply uniforms until the product falls below exp(-lam).
std::int64_t poisson_by_product(Stream& stream, double lam) {
  const double bound = std::exp(-lam);
  double product = 1.0;
  for (std::int64_t count = 0;; ++count) {
    product *= unit(stream);
    if (!(product > bound)) return count;
  }
}

// Hormann (1993), "The transformed rejection method for generating Poisson random variables": PTRS.
std::int64_t poisson_ptrs(Stream& stream, double lam) {
  const double log_lam = std::log(lam);
  const double b = 0.931 + 2.53 * std::sqrt(lam);
  const double a = -0.059 + 0.02483 * b;
  const double inv_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = unit(stream) - 0.5;
    const double v = unit(stream);
    const double us = 0.5 - std::fabs(u);
    const auto k = static_cast<std::int64_t>(std::floor((2 * a / us + b) * u + lam + 0.43));
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const auto x = static_cast<double>(k);
    if (std::log(v) + std::log(inv_alpha) - std::log(a / (us * us) + b) <= -lam + x * log_lam - log_gamma(x + 1)) {
      return k;
    }
  }
}

std::int64_t geometric_by_search(Stream& stream, double p) {
  std::int64_t count = 1;
  double sum = p;
  double product = p;
  const double q = 1.0 - p;
  for (const double u = unit(stream); u > sum; ++count) {
    product *= q;
    sum += product;
  }
  return count;
}

std::int64_t geometric_by_inversion(Stream& stream, double p) {
  if (legacy(stream)) return static_cast<std::int64_t>(std::ceil(std::log1p(-unit(stream)) / std::log(1.0 - p)));
  const double z = std::ceil(-standard_exponential(stream) / std::log1p(-p));
  return z >= 0x1p63 ? k_int64_max : static_cast<std::int64_t>(z);
}

}  // namespace

std::int64_t binomial(Stream& stream, std::int64_t n, double p) {
  return legacy(stream) ? draw_legacy_binomial(*stream.bits, n, p) : draw_binomial(*stream.bits, n, p);
}

std::int64_t geometric(Stream& stream, double p) {
  return p >= 0.333333333333333333333333 ? geometric_by_search(stream, p) : geometric_by_inversion(stream, p);
}

std::int64_t hypergeometric(Stream& stream, std::int64_t good, std::int64_t bad, std::int64_t sample) {
  return legacy(stream) ? draw_legacy_hypergeometric(*stream.bits, good, bad, sample)
                        : draw_hypergeometric(*stream.bits, good, bad, sample);
}

// Kemp (1981), "Efficient generation of logarithmically distributed pseudo-random variables": algorithm LK.
std::int64_t logseries(Stream& stream, double p) {
  const double r = legacy(stream) ? std::log(1.0 - p) : std::log1p(-p);
  for (;;) {
    const double v = unit(stream);
    if (v >= p) return 1;
    const double u = unit(stream);
    const double q = legacy(stream) ? 1.0 - std::exp(r * u) : -std::expm1(r * u);
    if (v <= q * q) {
      const double x = std::floor(1 + std::log(v) / std::log(q));
      if (x < 1 || v == 0.0) continue;
      return x >= 0x1p63 ? k_int64_max : static_cast<std::int64_t>(x);
    }
    return v >= q ? 1 : 2;
  }
}

std::int64_t negative_binomial(Stream& stream, double n, double p) {
  const double rate = (1 - p) / p * standard_gamma(stream, n);
  return poisson(stream, rate);
}

std::int64_t poisson(Stream& stream, double lam) {
  if (lam >= 10) return poisson_ptrs(stream, lam);
  return lam == 0 ? 0 : poisson_by_product(stream, lam);
}

// Devroye (1986), Non-Uniform Random Variate Generation, chapter X.6; truncated to what an int64 holds.
std::int64_t zipf(Stream& stream, double a) {
  constexpr auto k_max = static_cast<double>(k_int64_max);
  if (a >= 1025) return 1;  // 2^(a-1) overflows; RandomState of NumPy never returns here
  const double am1 = a - 1.0;
  const double b = std::pow(2.0, am1);
  const double u_min = legacy(stream) ? 0 : std::pow(k_max, -am1);
  for (;;) {
    const double u01 = unit(stream);
    const double u = legacy(stream) ? 1.0 - u01 : u01 * u_min + (1 - u01);
    const double v = unit(stream);
    const double x = std::floor(std::pow(u, -1.0 / am1));
    if (x > k_max || x < 1.0) continue;
    const double t = std::pow(1.0 + 1.0 / x, am1);
    if (v * x * (t - 1.0) / (b - 1.0) <= t / b) return x >= 0x1p63 ? k_int64_max : static_cast<std::int64_t>(x);
  }
}

}  // namespace whest::random
