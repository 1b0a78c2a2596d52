// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <numbers>
#include <whest/random/continuous.hpp>
#include <whest/random/discrete.hpp>
#include <whest/random/ziggurat.hpp>

namespace whest::random {
namespace {

constexpr double k_pi = std::numbers::pi;

bool legacy(const Stream& stream) { return stream.algorithms == Algorithms::random_state; }
double unit(Stream& stream) { return stream.bits->next_double(); }

// Marsaglia's polar method: normals come in pairs, the second waits.
double gauss(Stream& stream) {
  if (stream.has_gauss) {
    stream.has_gauss = false;
    return std::exchange(stream.gauss, 0.0);
  }
  double x1 = 0;
  double x2 = 0;
  double r2 = 0;
  do {
    x1 = 2.0 * unit(stream) - 1.0;
    x2 = 2.0 * unit(stream) - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(r2) / r2);
  stream.gauss = factor * x1;
  stream.has_gauss = true;
  return factor * x2;
}

// What the gamma algorithms draw from, in double or float.
struct DoubleSource {
  Stream& stream;
  using Real = double;
  double uniform() { return unit(stream); }
  double normal() { return standard_normal(stream); }
  double exponential() { return standard_exponential(stream); }
};
struct FloatSource {
  Stream& stream;
  using Real = float;
  float uniform() { return stream.bits->next_float(); }
  float normal() { return standard_normal_f(*stream.bits); }
  float exponential() { return standard_exponential_f(*stream.bits); }
};

// Shape below 1: Ahrens and Dieter's rejection from an exponential and a power.
template <class Source>
typename Source::Real small_gamma(Source source, typename Source::Real shape) {
  using Real = typename Source::Real;
  const Real one = 1;
  for (;;) {
    const Real u = source.uniform();
    const Real v = source.exponential();
    if (u <= one - shape) {
      const Real x = std::pow(u, one / shape);
      if (x <= v) return x;
    } else {
      const Real y = -std::log((one - u) / shape);
      const Real x = std::pow(one - shape + shape * y, one / shape);
      if (x <= v + y) return x;
    }
  }
}

// Shape above 1: Marsaglia and Tsang (2000), "A simple method for generating gamma variables".
template <class Source>
typename Source::Real large_gamma(Source source, typename Source::Real shape) {
  using Real = typename Source::Real;
  const Real one = 1;
  const Real half = Real(0.5);
  const Real b = shape - one / Real(3);
  const Real c = one / std::sqrt(Real(9) * b);
  for (;;) {
    Real x = 0;
    Real v = 0;
    do {
      x = source.normal();
      v = one + c * x;
    } while (v <= 0);
    v = v * v * v;
    const Real u = source.uniform();
    if (u < one - Real(0.0331) * (x * x) * (x * x)) return b * v;
    if (std::log(u) < half * x * x + b * (one - v + std::log(v))) return b * v;
  }
}

template <class Source>
typename Source::Real gamma_of(Source source, typename Source::Real shape) {
  if (shape == 1) return source.exponential();
  if (shape == 0) return 0;
  return shape < 1 ? small_gamma(source, shape) : large_gamma(source, shape);
}

// X / (X + Y) from the logarithms, for powers that underflow.
double ratio_of_logs(double log_x, double log_y, bool is_legacy) {
  if (is_legacy) {
    const double larger = log_x > log_y ? log_x : log_y;
    log_x -= larger;
    log_y -= larger;
    return std::exp(log_x - std::log(std::exp(log_x) + std::exp(log_y)));
  }
  const double delta = log_x - log_y;
  return delta > 0 ? std::exp(-std::log1p(std::exp(-delta))) : std::exp(delta - std::log1p(std::exp(delta)));
}

// Johnk (1964), for a and b at most 1.
double beta_johnk(Stream& stream, double a, double b) {
  const bool is_legacy = legacy(stream);
  for (;;) {
    const double u = unit(stream);
    const double v = unit(stream);
    const double x = std::pow(u, 1.0 / a);
    const double y = std::pow(v, 1.0 / b);
    if (x + y > 1.0) continue;
    if (is_legacy) return x + y > 0 ? x / (x + y) : ratio_of_logs(std::log(u) / a, std::log(v) / b, true);
    if (u + v <= 0.0) continue;
    if (x > 0 && y > 0) return x / (x + y);
    return ratio_of_logs(std::log(u) / a, std::log(v) / b, false);
  }
}

// The s of Best and Fisher (1979); for small kappa its expansion.
double vonmises_s(double kappa) {
  if (kappa < 1e-5) return 1. / kappa + kappa;
  const double r = 1 + std::sqrt(1 + 4 * kappa * kappa);
  const double rho = (r - std::sqrt(2 * r)) / (2 * kappa);
  return (1 + rho * rho) / (2 * rho);
}

}  // namespace

double standard_normal(Stream& stream) { return legacy(stream) ? gauss(stream) : standard_normal(*stream.bits); }

double standard_exponential(Stream& stream) {
  return legacy(stream) ? -std::log(1.0 - unit(stream)) : standard_exponential(*stream.bits);
}

double standard_exponential_by_inversion(BitGenerator& bits) { return -std::log1p(-bits.next_double()); }
float standard_exponential_by_inversion_f(BitGenerator& bits) {
  return static_cast<float>(-std::log1p(-static_cast<double>(bits.next_float())));
}

double standard_gamma(Stream& stream, double shape) { return gamma_of(DoubleSource{stream}, shape); }
float standard_gamma_f(Stream& stream, float shape) { return gamma_of(FloatSource{stream}, shape); }

double beta(Stream& stream, double a, double b) {
  // Both so small that every sample is 0 or 1 in double.
  constexpr double k_tiny = 3e-103;
  if (!legacy(stream) && a < k_tiny && b < k_tiny) return (a + b) * unit(stream) < a ? 1 : 0;
  if (a <= 1.0 && b <= 1.0) return beta_johnk(stream, a, b);
  const double ga = standard_gamma(stream, a);
  const double gb = standard_gamma(stream, b);
  return ga / (ga + gb);
}

double chisquare(Stream& stream, double df) { return 2.0 * standard_gamma(stream, df / 2.0); }

double f(Stream& stream, double dfnum, double dfden) {
  const double numerator = chisquare(stream, dfnum) * dfden;
  return numerator / (chisquare(stream, dfden) * dfnum);
}

double gumbel(Stream& stream, double loc, double scale) {
  for (;;) {
    const double u = 1.0 - unit(stream);
    if (u < 1.0) return loc - scale * std::log(-std::log(u));
  }
}

double laplace(Stream& stream, double loc, double scale) {
  for (;;) {
    const double u = unit(stream);
    if (u >= 0.5) return loc - scale * std::log(2.0 - u - u);
    if (u > 0.0) return loc + scale * std::log(u + u);
  }
}

double logistic(Stream& stream, double loc, double scale) {
  for (;;) {
    const double u = unit(stream);
    if (u > 0.0) return loc + scale * std::log(u / (1.0 - u));
  }
}

double lognormal(Stream& stream, double mean, double sigma) { return std::exp(normal(stream, mean, sigma)); }

double noncentral_chisquare(Stream& stream, double df, double nonc) {
  if (std::isnan(nonc) && !legacy(stream)) return std::numeric_limits<double>::quiet_NaN();
  if (nonc == 0) return chisquare(stream, df);
  if (df > 1) {
    const double chi2 = chisquare(stream, df - 1);
    const double n = standard_normal(stream) + std::sqrt(nonc);
    return chi2 + n * n;
  }
  const std::int64_t i = poisson(stream, nonc / 2.0);
  const double out = chisquare(stream, df + 2 * static_cast<double>(i));
  return std::isnan(nonc) ? std::numeric_limits<double>::quiet_NaN() : out;
}

double noncentral_f(Stream& stream, double dfnum, double dfden, double nonc) {
  const double t = noncentral_chisquare(stream, dfnum, nonc) * dfden;
  return t / (chisquare(stream, dfden) * dfnum);
}

double normal(Stream& stream, double loc, double scale) { return loc + scale * standard_normal(stream); }

double pareto(Stream& stream, double a) {
  const double e = standard_exponential(stream) / a;
  return legacy(stream) ? std::exp(e) - 1 : std::expm1(e);
}

double power(Stream& stream, double a) {
  const double e = -standard_exponential(stream);
  return std::pow(legacy(stream) ? 1 - std::exp(e) : -std::expm1(e), 1. / a);
}

double rayleigh(Stream& stream, double scale) {
  if (legacy(stream)) return scale * std::sqrt(-2.0 * std::log1p(-unit(stream)));
  return scale * std::sqrt(2.0 * standard_exponential(stream));
}

double standard_cauchy(Stream& stream) {
  const double numerator = standard_normal(stream);
  return numerator / standard_normal(stream);
}

double standard_t(Stream& stream, double df) {
  const double numerator = standard_normal(stream);
  const double denominator = standard_gamma(stream, df / 2);
  return std::sqrt(df / 2) * numerator / std::sqrt(denominator);
}

double triangular(Stream& stream, double left, double mode, double right) {
  const double base = right - left;
  const double left_base = mode - left;
  const double u = unit(stream);
  if (u <= left_base / base) return left + std::sqrt(u * (left_base * base));
  return right - std::sqrt((1.0 - u) * ((right - mode) * base));
}

double uniform(Stream& stream, double low, double high) { return low + (high - low) * unit(stream); }

double vonmises(Stream& stream, double mu, double kappa) {
  if (std::isnan(kappa)) return std::numeric_limits<double>::quiet_NaN();
  if (kappa < 1e-8) return k_pi * (2 * unit(stream) - 1);
  if (kappa > 1e6 && !legacy(stream)) {  // a wrapped normal by then
    double out = mu + std::sqrt(1. / kappa) * standard_normal(stream);
    if (out < -k_pi) out += 2 * k_pi;
    if (out > k_pi) out -= 2 * k_pi;
    return out;
  }
  const double s = vonmises_s(kappa);
  // From about 1e16 on every candidate is mu, and none would ever be taken.
  if (!(s > 1)) return std::fmod(std::fabs(mu) + k_pi, 2 * k_pi) - k_pi;
  double w = 0;
  for (;;) {
    const double z = std::cos(k_pi * unit(stream));
    w = (1 + s * z) / (s + z);
    const double y = kappa * (s - w);
    const double v = unit(stream);
    if (y * (2 - y) - v >= 0 || std::log(y / v) + 1 - y >= 0) break;
  }
  double angle = std::acos(w);
  if (unit(stream) < 0.5) angle = -angle;
  angle += mu;
  const double wrapped = std::fmod(std::fabs(angle) + k_pi, 2 * k_pi) - k_pi;
  return angle < 0 ? -wrapped : wrapped;
}

// Michael, Schucany and Haas (1976); Generator's form of the root does not cancel.
double wald(Stream& stream, double mean, double scale) {
  const double n = standard_normal(stream);
  const double y = mean * n * n;
  double x = 0;
  if (legacy(stream)) {
    x = mean + mean / (2 * scale) * (y - std::sqrt(4 * scale * y + y * y));
  } else {
    const double d = 1 + std::sqrt(1 + 4 * scale / y);
    x = mean * (1 - 2 / d);
  }
  return unit(stream) <= mean / (mean + x) ? x : mean * mean / x;
}

double weibull(Stream& stream, double a) {
  if (a == 0.0) return 0.0;
  return std::pow(standard_exponential(stream), 1. / a);
}

}  // namespace whest::random
