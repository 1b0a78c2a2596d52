// SPDX-License-Identifier: MIT
// Widths of bins: Sturges 1926, Scott 1979, Freedman and Diaconis 1981, Doane 1976, Stone 1984, and the square-root and
// Rice rules.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/ops/detail/bin_rules.hpp>

namespace flopscope::detail {
namespace {

struct Sample {
  const std::vector<double>& x;
  double n, spread;
  double first, last;
};

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double deviation_of(const std::vector<double>& x) {
  const double m = mean_of(x);
  double sum = 0;
  for (const double v : x) sum += (v - m) * (v - m);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

// Linear interpolation between order statistics.
double percentile(std::vector<double> x, double p) {
  const double at = p / 100 * static_cast<double>(x.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, x.size() - 1);
  std::sort(x.begin(), x.end());
  const double t = at - static_cast<double>(low);
  const double gap = x[high] - x[low];
  return t >= 0.5 ? x[high] - gap * (1 - t) : x[low] + gap * t;
}

double sturges(const Sample& s) { return s.spread / (std::log2(s.n) + 1); }
double square_root(const Sample& s) { return s.spread / std::sqrt(s.n); }
double rice(const Sample& s) { return s.spread / (2 * std::cbrt(s.n)); }
double scott(const Sample& s) { return std::cbrt(24 * std::sqrt(std::numbers::pi) / s.n) * deviation_of(s.x); }
double freedman_diaconis(const Sample& s) { return 2 * (percentile(s.x, 75) - percentile(s.x, 25)) / std::cbrt(s.n); }

double doane(const Sample& s) {
  const double sigma = deviation_of(s.x);
  if (s.n <= 2 || sigma <= 0) return 0;
  const double spread_of_skew = std::sqrt(6 * (s.n - 2) / ((s.n + 1) * (s.n + 3)));
  const double m = mean_of(s.x);
  double skew = 0;
  for (const double v : s.x) skew += std::pow((v - m) / sigma, 3);
  skew /= s.n;
  return s.spread / (1 + std::log2(s.n) + std::log2(1 + std::abs(skew) / spread_of_skew));
}

// The number of bins with the least estimated integrated squared error.
double stone(const Sample& s) {
  if (s.n <= 1 || s.spread == 0) return 0;
  const auto most = std::max<std::int64_t>(100, static_cast<std::int64_t>(std::sqrt(s.n)));
  double best = HUGE_VAL;
  std::int64_t chosen = 1;
  for (std::int64_t bins = 1; bins <= most; ++bins) {
    std::vector<double> count(static_cast<std::size_t>(bins), 0);
    for (const double v : s.x) {
      const double at = (v - s.first) / (s.last - s.first) * static_cast<double>(bins);
      ++count[static_cast<std::size_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(at), 0, bins - 1))];
    }
    double squares = 0;
    for (const double c : count) squares += (c / s.n) * (c / s.n);
    const double error = (2 - (s.n + 1) * squares) / (s.spread / static_cast<double>(bins));
    if (error < best) {
      best = error;
      chosen = bins;
    }
  }
  return s.spread / static_cast<double>(chosen);
}

double automatic(const Sample& s) { return std::min(std::max(freedman_diaconis(s), square_root(s) / 2), sturges(s)); }

struct Rule {
  std::string_view name;
  double (*width)(const Sample&);
  double passes;
};
constexpr Rule k_rules[] = {{"sturges", sturges, 0}, {"sqrt", square_root, 0},     {"rice", rice, 0},
                            {"scott", scott, 4},     {"fd", freedman_diaconis, 1}, {"doane", doane, 6},
                            {"stone", stone, 100},   {"auto", automatic, 1}};

const Rule& rule_of(std::string_view name) {
  for (const Rule& r : k_rules)
    if (r.name == name) return r;
  throw_value_error(fmt::format("'{}' is not a valid estimator for `bins`", name));
}

}  // namespace

std::int64_t bins_by_rule(std::string_view rule, const std::vector<double>& x, double first, double last,
                          bool range_given, bool integers) {
  const Rule& r = rule_of(rule);
  if (x.empty()) return 1;
  const auto [least, most] = std::minmax_element(x.begin(), x.end());
  const Sample s{x, static_cast<double>(x.size()), *most - *least, range_given ? first : *least,
                 range_given ? last : *most};
  double width = r.width(s);
  if (!(width > 0)) return 1;
  if (integers && width < 1) width = 1;
  return static_cast<std::int64_t>(std::ceil((last - first) / width));
}

double passes_of_rule(std::string_view rule, double n) {
  const Rule& r = rule_of(rule);
  return r.name == "stone" ? std::max(100.0, std::floor(std::sqrt(n))) : r.passes;
}

}  // namespace flopscope::detail
