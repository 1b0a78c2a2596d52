// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <whest/flopscope/ops/detail/curves.hpp>
#include <whest/flopscope/ops/detail/quantile.hpp>

namespace flopscope::stats {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_infinity = std::numeric_limits<double>::infinity();
constexpr double k_pi = std::numbers::pi;

double standard(double x, const CurveParameters& p) { return (x - p.loc) / p.scale; }
double located(double z, const CurveParameters& p) { return p.loc + p.scale * z; }
bool is_probability(double q) { return q >= 0 && q <= 1; }

template <std::size_t n>
double polynomial(const std::array<double, n>& c, double x) {
  double sum = c[0];
  for (std::size_t i = 1; i < n; ++i) sum = sum * x + c[i];
  return sum;
}

// P. J. Acklam's rational approximation of the normal quantile (2003), relative error below 1.15e-9; highest power
// first.
constexpr std::array<double, 6> k_middle_above = {-3.969683028665376e+01, 2.209460984245205e+02,
                                                  -2.759285104469687e+02, 1.383577518672690e+02,
                                                  -3.066479806614716e+01, 2.506628277459239e+00};
constexpr std::array<double, 6> k_middle_below = {-5.447609879822406e+01, 1.615858368580409e+02,
                                                  -1.556989798598866e+02, 6.680131188771972e+01,
                                                  -1.328068155288572e+01, 1.0};
constexpr std::array<double, 6> k_tail_above = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                                                -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
constexpr std::array<double, 5> k_tail_below = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                                                3.754408661907416e+00, 1.0};

double lower_tail(double q) {
  const double r = std::sqrt(-2 * std::log(q));
  return polynomial(k_tail_above, r) / polynomial(k_tail_below, r);
}

double acklam(double q) {
  constexpr double k_tail = 0.02425;
  if (q < k_tail) return lower_tail(q);
  if (q > 1 - k_tail) return -lower_tail(1 - q);
  const double centred = q - 0.5;
  const double r = centred * centred;
  return polynomial(k_middle_above, r) * centred / polynomial(k_middle_below, r);
}

}  // namespace

double normal_density(double z) { return std::exp(-0.5 * z * z) / std::sqrt(2 * k_pi); }
double normal_distribution(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double q) {
  if (!is_probability(q)) return k_nan;
  if (q == 0) return -k_infinity;
  if (q == 1) return k_infinity;
  const double z = acklam(q);
  const double reached = 0.5 * (1 + std::erf(z / std::numbers::sqrt2));
  return z - (reached - q) / normal_density(z);
}

double norm_pdf(double x, const CurveParameters& p) { return normal_density(standard(x, p)) / p.scale; }
double norm_cdf(double x, const CurveParameters& p) { return normal_distribution(standard(x, p)); }
double norm_ppf(double q, const CurveParameters& p) { return located(normal_quantile(q), p); }

double uniform_pdf(double x, const CurveParameters& p) { return x >= p.loc && x <= p.loc + p.scale ? 1 / p.scale : 0; }
double uniform_cdf(double x, const CurveParameters& p) {
  const double z = standard(x, p);
  return std::isnan(z) ? z : std::clamp(z, 0.0, 1.0);
}
double uniform_ppf(double q, const CurveParameters& p) { return is_probability(q) ? located(q, p) : k_nan; }

double expon_pdf(double x, const CurveParameters& p) { return x >= p.loc ? std::exp(-standard(x, p)) / p.scale : 0; }
double expon_cdf(double x, const CurveParameters& p) { return x >= p.loc ? -std::expm1(-standard(x, p)) : 0; }
double expon_ppf(double q, const CurveParameters& p) {
  return is_probability(q) ? p.loc - p.scale * std::log1p(-q) : k_nan;
}

double cauchy_pdf(double x, const CurveParameters& p) {
  const double z = standard(x, p);
  const double width = quantile::rounded(quantile::rounded(k_pi, p.scale_dtype) * p.scale, p.scale_dtype);
  return 1 / (width * (1 + z * z));
}
double cauchy_cdf(double x, const CurveParameters& p) { return std::atan2(1.0, -standard(x, p)) / k_pi; }
double cauchy_ppf(double q, const CurveParameters& p) {
  if (!is_probability(q)) return k_nan;
  if (q == 0 || q == 1) return q == 0 ? -k_infinity : k_infinity;
  // As the packages: in the tails, with q's digits but for those that the subtraction loses.
  return located(std::tan(k_pi * (q - 0.5)), p);
}

double logistic_pdf(double x, const CurveParameters& p) {
  const double e = std::exp(-std::fabs(standard(x, p)));
  return e / (p.scale * (1 + e) * (1 + e));
}
double logistic_cdf(double x, const CurveParameters& p) {
  const double z = standard(x, p);
  const double e = std::exp(-std::fabs(z));
  return z < 0 ? e / (1 + e) : 1 / (1 + e);
}
double logistic_ppf(double q, const CurveParameters& p) {
  return is_probability(q) ? located(std::log(q / (1 - q)), p) : k_nan;
}

double laplace_pdf(double x, const CurveParameters& p) {
  return std::exp(-std::fabs(x - p.loc) / p.scale) / (2 * p.scale);
}
double laplace_cdf(double x, const CurveParameters& p) {
  const double z = standard(x, p);
  return z <= 0 ? 0.5 * std::exp(z) : 1 - 0.5 * std::exp(-z);
}
double laplace_ppf(double q, const CurveParameters& p) {
  if (!is_probability(q)) return k_nan;
  return located(q <= 0.5 ? std::log(2 * q) : -std::log(2 * (1 - q)), p);
}

double lognorm_pdf(double x, const CurveParameters& p) {
  const double y = standard(x, p);
  return y > 0 && y < k_infinity ? normal_density(std::log(y) / p.a) / (p.a * y * p.scale) : 0;
}
double lognorm_cdf(double x, const CurveParameters& p) {
  const double y = standard(x, p);
  return y > 0 ? normal_distribution(std::log(y) / p.a) : 0;
}
double lognorm_ppf(double q, const CurveParameters& p) { return located(std::exp(p.a * normal_quantile(q)), p); }

namespace {

// The probability between two ends, from the tail that both are in.
double normal_between(double low, double high) {
  return low > 0 ? normal_distribution(-low) - normal_distribution(-high)
                 : normal_distribution(high) - normal_distribution(low);
}

}  // namespace

double truncnorm_pdf(double x, const CurveParameters& p) {
  const double z = standard(x, p);
  return z >= p.a && z <= p.b ? normal_density(z) / (normal_between(p.a, p.b) * p.scale) : 0;
}
double truncnorm_cdf(double x, const CurveParameters& p) {
  const double z = standard(x, p);
  if (std::isnan(z)) return z;
  if (z <= p.a) return 0;
  return z >= p.b ? 1 : normal_between(p.a, z) / normal_between(p.a, p.b);
}
double truncnorm_ppf(double q, const CurveParameters& p) {
  if (!is_probability(q) || !(p.a < p.b)) return k_nan;
  const double inside = q * normal_between(p.a, p.b);
  const double z = p.a > 0 ? -normal_quantile(normal_distribution(-p.a) - inside)
                           : normal_quantile(normal_distribution(p.a) + inside);
  return located(std::clamp(z, p.a, p.b), p);
}

}  // namespace flopscope::stats
