// SPDX-License-Identifier: MIT
// Every distribution of scalar parameters by NumPy's name: its parameters with their defaults and limits, and its
// sampler. Callers broadcast the parameters and draw element by element, row-major.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <whest/random/stream.hpp>

namespace whest::random {

// What a parameter must be; the words are NumPy's.
enum class Limit {
  none,
  non_negative,  // -0.0 is refused too, NaN passes
  positive,      // NaN passes
  positive_not_nan,
  probability,           // [0, 1]
  positive_probability,  // (0, 1]
  below_one,             // [0, 1)
  above_one,
  poisson_rate,  // not NaN, not negative, small enough for an int64
};

struct Parameter {
  std::string_view name;
  Limit limit = Limit::none;
  std::optional<double> otherwise = std::nullopt;  // its default
  bool whole = false;                              // an integer (exact to 2^53)
};

struct Distribution {
  std::string_view name;
  std::span<const Parameter> parameters;
  // One of the two; the parameters in order.
  double (*real)(Stream&, const double*) = nullptr;
  std::int64_t (*whole)(Stream&, const double*) = nullptr;
};

// nullptr when there is none of that name. Names: beta binomial chisquare exponential f gamma geometric gumbel
// hypergeometric laplace logistic lognormal logseries negative_binomial noncentral_chisquare noncentral_f normal pareto
// poisson power rayleigh standard_cauchy standard_exponential standard_gamma standard_normal standard_t triangular
// uniform vonmises wald weibull zipf.
const Distribution* find_distribution(std::string_view name);
std::span<const Distribution> distributions();

// Why these parameters cannot be drawn with, in NumPy's words (ValueError, but OverflowError for uniform's range);
// nothing when they can.
std::optional<std::string> refusal(const Distribution& distribution, Algorithms algorithms, const double* parameters);

}  // namespace whest::random
