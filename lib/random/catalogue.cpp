// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>
#include <whest/random/catalogue.hpp>
#include <whest/random/continuous.hpp>
#include <whest/random/discrete.hpp>

namespace whest::random {
namespace {

// The largest rate whose Poisson numbers fit an int64: 2^63 - 1 less ten standard deviations.
const double k_poisson_rate_max = 0x1p63 - std::sqrt(0x1p63) * 10;

constexpr std::array k_location_scale = {Parameter{"loc", Limit::none, 0.0},
                                         Parameter{"scale", Limit::non_negative, 1.0}};
constexpr std::array k_mean_sigma = {Parameter{"mean", Limit::none, 0.0}, Parameter{"sigma", Limit::non_negative, 1.0}};
constexpr std::array k_scale = {Parameter{"scale", Limit::non_negative, 1.0}};
constexpr std::array k_df = {Parameter{"df", Limit::positive}};
constexpr std::array k_positive_a = {Parameter{"a", Limit::positive}};
constexpr std::array k_weibull = {Parameter{"a", Limit::non_negative}};
constexpr std::array k_zipf = {Parameter{"a", Limit::above_one}};
constexpr std::array k_beta = {Parameter{"a", Limit::positive}, Parameter{"b", Limit::positive}};
constexpr std::array k_f = {Parameter{"dfnum", Limit::positive}, Parameter{"dfden", Limit::positive}};
constexpr std::array k_noncentral_f = {Parameter{"dfnum", Limit::positive}, Parameter{"dfden", Limit::positive},
                                       Parameter{"nonc", Limit::non_negative}};
constexpr std::array k_noncentral_chisquare = {Parameter{"df", Limit::positive},
                                               Parameter{"nonc", Limit::non_negative}};
constexpr std::array k_standard_gamma = {Parameter{"shape", Limit::non_negative}};
constexpr std::array k_gamma = {Parameter{"shape", Limit::non_negative}, Parameter{"scale", Limit::non_negative, 1.0}};
constexpr std::array k_triangular = {Parameter{"left"}, Parameter{"mode"}, Parameter{"right"}};
constexpr std::array k_uniform = {Parameter{"low", Limit::none, 0.0}, Parameter{"high", Limit::none, 1.0}};
constexpr std::array k_vonmises = {Parameter{"mu"}, Parameter{"kappa", Limit::non_negative}};
constexpr std::array k_wald = {Parameter{"mean", Limit::positive}, Parameter{"scale", Limit::positive}};
constexpr std::array k_binomial = {Parameter{"n", Limit::non_negative, std::nullopt, true},
                                   Parameter{"p", Limit::probability}};
constexpr std::array k_negative_binomial = {Parameter{"n", Limit::positive_not_nan},
                                            Parameter{"p", Limit::positive_probability}};
constexpr std::array k_geometric = {Parameter{"p", Limit::positive_probability}};
constexpr std::array k_logseries = {Parameter{"p", Limit::below_one}};
constexpr std::array k_poisson = {Parameter{"lam", Limit::poisson_rate, 1.0}};
constexpr std::array k_hypergeometric = {Parameter{"ngood", Limit::non_negative, std::nullopt, true},
                                         Parameter{"nbad", Limit::non_negative, std::nullopt, true},
                                         Parameter{"nsample", Limit::non_negative, std::nullopt, true}};
constexpr std::span<const Parameter> k_no_parameters{};

std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }

const std::array k_distributions = {
    Distribution{"beta", k_beta, [](Stream& s, const double* p) { return beta(s, p[0], p[1]); }},
    Distribution{"binomial", k_binomial, nullptr,
                 [](Stream& s, const double* p) { return binomial(s, whole(p[0]), p[1]); }},
    Distribution{"chisquare", k_df, [](Stream& s, const double* p) { return chisquare(s, p[0]); }},
    Distribution{"exponential", k_scale, [](Stream& s, const double* p) { return p[0] * standard_exponential(s); }},
    Distribution{"f", k_f, [](Stream& s, const double* p) { return f(s, p[0], p[1]); }},
    Distribution{"gamma", k_gamma, [](Stream& s, const double* p) { return p[1] * standard_gamma(s, p[0]); }},
    Distribution{"geometric", k_geometric, nullptr, [](Stream& s, const double* p) { return geometric(s, p[0]); }},
    Distribution{"gumbel", k_location_scale, [](Stream& s, const double* p) { return gumbel(s, p[0], p[1]); }},
    Distribution{"hypergeometric", k_hypergeometric, nullptr,
                 [](Stream& s, const double* p) { return hypergeometric(s, whole(p[0]), whole(p[1]), whole(p[2])); }},
    Distribution{"laplace", k_location_scale, [](Stream& s, const double* p) { return laplace(s, p[0], p[1]); }},
    Distribution{"logistic", k_location_scale, [](Stream& s, const double* p) { return logistic(s, p[0], p[1]); }},
    Distribution{"lognormal", k_mean_sigma, [](Stream& s, const double* p) { return lognormal(s, p[0], p[1]); }},
    Distribution{"logseries", k_logseries, nullptr, [](Stream& s, const double* p) { return logseries(s, p[0]); }},
    Distribution{"negative_binomial", k_negative_binomial, nullptr,
                 [](Stream& s, const double* p) { return negative_binomial(s, p[0], p[1]); }},
    Distribution{"noncentral_chisquare", k_noncentral_chisquare,
                 [](Stream& s, const double* p) { return noncentral_chisquare(s, p[0], p[1]); }},
    Distribution{"noncentral_f", k_noncentral_f,
                 [](Stream& s, const double* p) { return noncentral_f(s, p[0], p[1], p[2]); }},
    Distribution{"normal", k_location_scale, [](Stream& s, const double* p) { return normal(s, p[0], p[1]); }},
    Distribution{"pareto", k_positive_a, [](Stream& s, const double* p) { return pareto(s, p[0]); }},
    Distribution{"poisson", k_poisson, nullptr, [](Stream& s, const double* p) { return poisson(s, p[0]); }},
    Distribution{"power", k_positive_a, [](Stream& s, const double* p) { return power(s, p[0]); }},
    Distribution{"rayleigh", k_scale, [](Stream& s, const double* p) { return rayleigh(s, p[0]); }},
    Distribution{"standard_cauchy", k_no_parameters, [](Stream& s, const double*) { return standard_cauchy(s); }},
    Distribution{"standard_exponential", k_no_parameters,
                 [](Stream& s, const double*) { return standard_exponential(s); }},
    Distribution{"standard_gamma", k_standard_gamma,
                 [](Stream& s, const double* p) { return standard_gamma(s, p[0]); }},
    Distribution{"standard_normal", k_no_parameters, [](Stream& s, const double*) { return standard_normal(s); }},
    Distribution{"standard_t", k_df, [](Stream& s, const double* p) { return standard_t(s, p[0]); }},
    Distribution{"triangular", k_triangular,
                 [](Stream& s, const double* p) { return triangular(s, p[0], p[1], p[2]); }},
    Distribution{"uniform", k_uniform, [](Stream& s, const double* p) { return uniform(s, p[0], p[1]); }},
    Distribution{"vonmises", k_vonmises, [](Stream& s, const double* p) { return vonmises(s, p[0], p[1]); }},
    Distribution{"wald", k_wald, [](Stream& s, const double* p) { return wald(s, p[0], p[1]); }},
    Distribution{"weibull", k_weibull, [](Stream& s, const double* p) { return weibull(s, p[0]); }},
    Distribution{"zipf", k_zipf, nullptr, [](Stream& s, const double* p) { return zipf(s, p[0]); }},
};

// {} when the value is inside the limit; the words behind the parameter's name otherwise ("{}" stands for the name).
std::string_view complaint(Limit limit, double value) {
  switch (limit) {
    case Limit::none:
      return {};
    case Limit::non_negative:
      return !std::isnan(value) && std::signbit(value) ? "{} < 0" : "";
    case Limit::positive_not_nan:
      if (std::isnan(value)) return "{} must not be NaN";
      [[fallthrough]];
    case Limit::positive:
      return value <= 0 ? "{} <= 0" : "";
    case Limit::probability:
      return value >= 0 && value <= 1 ? "" : "{} < 0, {} > 1 or {} is NaN";
    case Limit::positive_probability:
      return value > 0 && value <= 1 ? "" : "{} <= 0, {} > 1 or {} contains NaNs";
    case Limit::below_one:
      return value >= 0 && value < 1 ? "" : "{} < 0, {} >= 1 or {} is NaN";
    case Limit::above_one:
      return value > 1 ? "" : "{} <= 1 or {} is NaN";
    case Limit::poisson_rate:
      if (!(value >= 0)) return "{} < 0 or {} is NaN";
      return value <= k_poisson_rate_max ? "" : "{} value too large";
  }
  return {};
}

std::string with_name(std::string_view words, std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.substr(i, 2) == "{}") {
      out += name;
      ++i;
    } else {
      out += words[i];
    }
  }
  return out;
}

std::optional<std::string> refuse_uniform(const double* p, Algorithms algorithms) {
  const double range = p[1] - p[0];
  if (!std::isfinite(range))
    return algorithms == Algorithms::generator ? "high - low range exceeds valid bounds" : "Range exceeds valid bounds";
  if (algorithms == Algorithms::generator && std::signbit(range)) return "high - low < 0";
  return std::nullopt;
}

std::optional<std::string> refuse_triangular(const double* p) {
  if (p[0] > p[1]) return "left > mode";
  if (p[1] > p[2]) return "mode > right";
  if (p[0] == p[2]) return "left == right";
  return std::nullopt;
}

std::optional<std::string> refuse_hypergeometric(const double* p, Algorithms algorithms) {
  constexpr double k_largest = 1e9;  // Generator's sampler loses precision above
  if (algorithms == Algorithms::generator && (p[0] >= k_largest || p[1] >= k_largest)) {
    return "both ngood and nbad must be less than 1000000000";
  }
  if (algorithms == Algorithms::random_state && !(p[2] >= 1)) return "nsample < 1 or nsample is NaN";
  // A total beyond int64 is less than any sample to NumPy, and would never be drawn from.
  if (p[0] + p[1] < p[2] || p[0] + p[1] >= 0x1p63) return "ngood + nbad < nsample";
  return std::nullopt;
}

// The Poisson rate behind a negative binomial must fit, with ten standard deviations to spare.
std::optional<std::string> refuse_negative_binomial(const double* p, Algorithms algorithms) {
  if (algorithms == Algorithms::random_state) return std::nullopt;
  const double largest = (1 - p[1]) / p[1] * (p[0] + 10 * std::sqrt(p[0]));
  if (largest > k_poisson_rate_max) {
    return "n too large or p too small, see Generator.negative_binomial Notes";
  }
  return std::nullopt;
}

}  // namespace

std::span<const Distribution> distributions() { return k_distributions; }

const Distribution* find_distribution(std::string_view name) {
  const auto found = std::ranges::find(k_distributions, name, &Distribution::name);
  return found == k_distributions.end() ? nullptr : &*found;
}

std::optional<std::string> refusal(const Distribution& distribution, Algorithms algorithms, const double* parameters) {
  for (std::size_t i = 0; i < distribution.parameters.size(); ++i) {
    const Parameter& parameter = distribution.parameters[i];
    const std::string_view words = complaint(parameter.limit, parameters[i]);
    if (!words.empty()) return with_name(words, parameter.name);
  }
  if (distribution.name == "uniform") return refuse_uniform(parameters, algorithms);
  if (distribution.name == "triangular") return refuse_triangular(parameters);
  if (distribution.name == "hypergeometric") return refuse_hypergeometric(parameters, algorithms);
  if (distribution.name == "negative_binomial") return refuse_negative_binomial(parameters, algorithms);
  return std::nullopt;
}

}  // namespace whest::random
