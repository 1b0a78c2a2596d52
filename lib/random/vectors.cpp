// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>
#include <vector>
#include <whest/random/binomial.hpp>
#include <whest/random/continuous.hpp>
#include <whest/random/vectors.hpp>

namespace whest::random {
namespace {

void break_stick(Stream& stream, std::span<const double> alpha, std::span<double> out) {
  std::vector<double> sum_from(alpha.size());
  std::partial_sum(alpha.rbegin(), alpha.rend(), sum_from.rbegin());
  if (sum_from[0] == 0) return;  // every alpha is 0
  double rest = 1;
  for (std::size_t j = 0; j + 1 < alpha.size(); ++j) {
    const double v = beta(stream, alpha[j], sum_from[j + 1]);
    out[j] = rest * v;
    rest *= 1 - v;
    if (sum_from[j + 1] == 0) break;
  }
  out.back() = rest;
}

}  // namespace

std::optional<std::string> refuse_dirichlet(Algorithms algorithms, std::span<const double> alpha) {
  if (algorithms == Algorithms::random_state) {
    if (std::ranges::any_of(alpha, [](double a) { return a <= 0; })) return "alpha <= 0";
  } else if (std::ranges::any_of(alpha, [](double a) { return !(a >= 0); })) {
    return "alpha < 0";
  }
  return std::nullopt;
}

std::optional<std::string> refuse_multinomial(std::int64_t n, std::span<const double> p) {
  if (n < 0) return "n < 0";
  if (p.empty()) return "pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.";
  if (std::ranges::any_of(p, [](double x) { return !(x >= 0 && x <= 1); })) {
    return "pvals < 0, pvals > 1 or pvals contains NaNs";
  }
  double sum = 0;
  double correction = 0;
  for (const double x : p.first(p.size() - 1)) {
    const double y = x - correction;
    const double t = sum + y;
    correction = (t - sum) - y;
    sum = t;
  }
  if (sum > 1.0 + 1e-12) return "sum(pvals[:-1]) > 1.0";
  return std::nullopt;
}

std::optional<std::string> refuse_multivariate_hypergeometric(std::span<const std::int64_t> colours,
                                                              std::int64_t sample) {
  std::int64_t total = 0;
  for (const std::int64_t c : colours) {
    if (c < 0) return "colors must contain only nonnegative integers.";
    if (__builtin_add_overflow(total, c, &total)) return "sum(colors) exceeds the range of an int64";
  }
  if (sample < 0) return "nsample must be nonnegative";
  if (sample > total) return "nsample > sum(colors)";
  return std::nullopt;
}

void dirichlet(Stream& stream, std::span<const double> alpha, std::span<double> out) {
  std::ranges::fill(out, 0);
  if (alpha.empty()) return;
  if (stream.algorithms == Algorithms::generator && std::ranges::max(alpha) < 0.1) {
    return break_stick(stream, alpha, out);
  }
  double sum = 0;
  for (std::size_t j = 0; j < alpha.size(); ++j) sum += out[j] = standard_gamma(stream, alpha[j]);
  const double inverse = 1 / sum;
  for (double& x : out) x *= inverse;
}

void multinomial(Stream& stream, std::int64_t n, std::span<const double> p, std::span<std::int64_t> out) {
  std::ranges::fill(out, 0);
  double rest = 1;
  for (std::size_t j = 0; j + 1 < p.size() && n > 0; ++j) {
    out[j] = draw_binomial(*stream.bits, n, p[j] / rest);
    n -= out[j];
    rest -= p[j];
  }
  if (n > 0) out.back() = n;
}

}  // namespace whest::random
