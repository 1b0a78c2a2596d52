// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <whest/flopscope/core/errors.hpp>
#include <whest/flopscope/ops/detail/quantile.hpp>

namespace flopscope::quantile {
namespace {

constexpr std::array<std::string_view, 13> k_names = {"inverted_cdf",
                                                      "averaged_inverted_cdf",
                                                      "closest_observation",
                                                      "interpolated_inverted_cdf",
                                                      "hazen",
                                                      "weibull",
                                                      "linear",
                                                      "median_unbiased",
                                                      "normal_unbiased",
                                                      "lower",
                                                      "higher",
                                                      "midpoint",
                                                      "nearest"};

std::int64_t clamp_index(double index, std::int64_t n) {
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(index), 0, n - 1);
}

}  // namespace

Method method_of(std::string_view name) {
  const auto at = std::find(k_names.begin(), k_names.end(), name);
  if (at == k_names.end())
    throw_value_error(fmt::format("'{}' is not a valid method. Use one of: {}", name, fmt::join(k_names, ", ")));
  return static_cast<Method>(at - k_names.begin());
}

bool is_discrete(Method m) {
  return m == Method::inverted_cdf || m == Method::closest_observation || m == Method::lower || m == Method::higher ||
         m == Method::nearest;
}

double rounded(double x, DType given) {
  const DType dtype = is_complex(given) ? real_part_of(given) : given;
  if (dtype == DType::float32) return static_cast<double>(static_cast<float>(x));
  if (dtype == DType::float16) return static_cast<double>(static_cast<Half>(x));
  return x;
}

Place place_of(Method m, std::int64_t n, double q, DType dtype) {
  const auto r = [dtype](double x) { return rounded(x, dtype); };
  const auto count = static_cast<double>(n);
  const auto one = [n](double index) {
    const std::int64_t i = clamp_index(index, n);
    return Place{i, i, 0};
  };
  // n*q + (alpha + q*(1 - alpha - beta)) - 1
  const auto fitted = [&](double alpha, double beta) {
    return r(r(r(count * q) + r(alpha + r(q * r(1 - alpha - beta)))) - 1);
  };
  double index = 0;
  switch (m) {
    case Method::lower:
      return one(std::floor(r((count - 1) * q)));
    case Method::higher:
      return one(std::ceil(r((count - 1) * q)));
    case Method::nearest:
      return one(std::nearbyint(r((count - 1) * q)));
    case Method::inverted_cdf: {
      const double at = r(r(count * q) - 1), below = std::floor(at);
      return one(at - below == 0 ? below : below + 1);
    }
    case Method::closest_observation: {
      const double at = r(r(r(count * q) - 1) - 0.5), below = std::floor(at);
      return one(at - below == 0 && std::fmod(below, 2) != 0 ? below : below + 1);
    }
    case Method::midpoint: {
      const double at = r((count - 1) * q);
      index = 0.5 * (std::floor(at) + std::ceil(at));
      break;
    }
    case Method::averaged_inverted_cdf:
      index = r(r(count * q) - 1);
      break;
    case Method::interpolated_inverted_cdf:
      index = fitted(0, 1);
      break;
    case Method::hazen:
      index = fitted(0.5, 0.5);
      break;
    case Method::weibull:
      index = fitted(0, 0);
      break;
    case Method::linear:
      index = r((count - 1) * q);
      break;
    case Method::median_unbiased:
      index = fitted(1.0 / 3, 1.0 / 3);
      break;
    case Method::normal_unbiased:
      index = fitted(3.0 / 8, 3.0 / 8);
      break;
  }
  if (index >= count - 1) return {n - 1, n - 1, 0};
  if (index < 0) return {0, 0, 0};
  const double below = std::floor(index);
  double t = index - below;
  if (m == Method::averaged_inverted_cdf) t = t == 0 ? 0.5 : 1;
  if (m == Method::midpoint) t = t == 0 ? 0 : 0.5;
  return {clamp_index(below, n), clamp_index(below + 1, n), t};
}

double interpolate(double a, double b, double t, DType own, DType dtype, DType stored) {
  const auto r = [dtype](double x) { return rounded(x, dtype); };
  const double gap = rounded(b - a, own);
  const auto s = [stored](double x) { return rounded(x, stored); };
  return t >= 0.5 ? s(s(b) - s(r(gap * r(1 - t)))) : s(r(a + r(gap * r(t))));
}

}  // namespace flopscope::quantile
