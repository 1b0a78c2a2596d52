// SPDX-License-Identifier: MIT
// How far a result may be from the golden one, by operation: what follows from the order of its sums and from the
// library functions in it.
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "compare.hpp"

namespace flopscope::replay {

double epsilon_of(DType d) {
  switch (real_part_of(d)) {
    case DType::float16:
      return 0x1p-10;
    case DType::float32:
      return 0x1p-23;
    default:
      return 0x1p-52;
  }
}

namespace {

double largest(const Value& v) {
  double m = 0;
  if (v.is_array()) {
    for_each_element(v.as_array(), [&](const std::byte* at) {
      const double x = std::abs(read_complex(v.as_array(), at));
      if (std::isfinite(x)) m = std::max(m, x);
    });
  } else if (v.is(ValueKind::integer) || v.is(ValueKind::real)) {
    const double x = std::fabs(to_double(v, "argument"));
    if (std::isfinite(x)) m = x;
  } else if (v.is_sequence()) {
    for (const Value& item : v.as_items()) m = std::max(m, largest(item));
  }
  return m;
}

double elements(const Value& v) {
  double n = 0;
  if (v.is_array()) n = static_cast<double>(v.as_array().size);
  if (v.is_sequence())
    for (const Value& item : v.as_items()) n = std::max(n, elements(item));
  return n;
}

bool has_complex(const Value& v) {
  if (v.is_array()) return is_complex(v.as_array().type());
  if (v.is_sequence()) return std::ranges::any_of(v.as_items(), has_complex);
  return v.is(ValueKind::complex);
}

// Products summed in an order that the library beneath chooses, of which compare_sums() has no bound.
bool sums_products(const std::string& group, const std::string& op) {
  static const std::set<std::string> k_polynomials = {"polymul", "polydiv", "poly", "polyval", "polyfit"};
  static const std::set<std::string> k_none = {"outer", "kron", "cross", "einsum_path"};
  return (group == "contractions" && !k_none.contains(op)) || k_polynomials.contains(op);
}

// Functions of the mathematical library, which differ in the last bits between machines.
bool is_library_function(const std::string& op) {
  static const std::set<std::string> k_names = {
      "acos", "acosh",     "angle",      "arccos",      "arccosh", "arcsin",  "arcsinh",  "arctan", "arctan2",
      "asin", "asinh",     "arctanh",    "atan",        "atan2",   "atanh",   "cbrt",     "cos",    "cosh",
      "exp",  "exp2",      "expm1",      "float_power", "hypot",   "i0",      "log",      "log10",  "log1p",
      "log2", "logaddexp", "logaddexp2", "pow",         "power",   "sin",     "sinc",     "sinh",   "tan",
      "tanh", "geomspace", "logspace",   "vander",      "hanning", "hamming", "blackman", "kaiser"};
  return k_names.contains(op);
}

// Of the numbers that a golden result lists.
double largest_of(const Json& j) {
  double m = 0;
  if (j.is_array() || j.is_object())
    for (const Json& x : j) m = std::max(m, largest_of(x));
  return j.is_number() ? std::fabs(j.get<double>()) : m;
}

double largest_result(const Json& expected) {
  double m = 0;
  for (const char* part : {"values", "head", "tail"})
    if (expected.contains(part)) m = std::max(m, largest_of(expected.at(part)));
  return m;
}

// Normal quantiles: the packages take one step from their distribution function, whose last digit is divided by the
// density, and the density at a quantile is at least about the probability beyond it: what an error of the probability
// is multiplied by, in ulps of 1. 0 where no normal quantile is taken.
double magnification(const std::string& op, std::span<const Value> args) {
  if (op != "stats.norm.ppf" && op != "stats.lognorm.ppf" && op != "stats.truncnorm.ppf") return 0;
  double thinnest = 0.5;
  const auto look = [&](double q) {
    if (q > 0 && q < 1) thinnest = std::min({thinnest, q, 1 - q});
  };
  if (!args.empty() && args[0].is_array())
    for_each_element(args[0].as_array(), [&](const std::byte* at) { look(read_double(args[0].as_array(), at)); });
  else if (!args.empty() && args[0].is(ValueKind::real))
    look(args[0].f);
  return 2 / thinnest;
}

// A histogram with weights: counts are differences of running sums in the order of a sort that is not stable. n
// roundings of sums up to S, the sum of the weights' sizes, have a standard deviation below sqrt(n / 12) eps S: three
// of them are allowed. A density is divided by the sum of the weights, and may be wider than they are.
std::optional<Tolerance> of_weighted_histogram(const std::string& op, std::span<const Value> args,
                                               const Json& expected) {
  if (op != "histogram" || args.size() < 5 || !args[4].is_array() || !is_floating(args[4].as_array().type()))
    return std::nullopt;
  const Array& weights = args[4].as_array();
  double sizes = 0;
  Complex128 sum = 0;
  for_each_element(weights, [&](const std::byte* at) {
    const Complex128 w = read_complex(weights, at);
    sizes += std::abs(w);
    sum += w;
  });
  const double roundings = std::sqrt(static_cast<double>(weights.size));
  if (!to_bool(args[3], false)) return Tolerance{.ulps = 0, .scale = roundings * sizes};
  const double coarser = epsilon_of(weights.type()) / epsilon_of(DType::float64);
  const double largest = expected.contains("tuple") ? largest_result(expected.at("tuple").at(0)) : 0;
  return Tolerance{.ulps = 4, .scale = coarser * (4 + roundings * sizes / std::abs(sum)) * largest};
}

// An operation of numpy.linalg that is another name.
std::string plain_name(const std::string& op) {
  static const std::set<std::string> k_aliases = {"linalg.outer", "linalg.cross", "linalg.diagonal",
                                                  "linalg.matrix_transpose"};
  return k_aliases.contains(op) ? op.substr(std::string_view("linalg.").size()) : op;
}

// Within the rounding of the result's own dtype.
Tolerance within_result(const std::string& group, const std::string& op, std::span<const Value> args) {
  const std::string own = plain_name(op);
  if (own != op) return within_result(own == "outer" || own == "cross" ? "contractions" : "movement", own, args);
  double size = 1, count = 1;
  for (const Value& v : args) {
    size = std::max(size, largest(v));
    count = std::max(count, elements(v));
  }
  const bool shifts = op.ends_with("shift") || op.ends_with("freq");
  if (sums_products(group, op) || (group == "fft" && !shifts)) return {.ulps = count, .scale = count * size * size};
  if (is_library_function(op)) return {.ulps = 4, .scale = 0};
  // The packages' erf is off by up to 3.2e-15 near 1.25: 16 eps in a probability, and that over the density (0.048 at
  // the 2% point) times the scale in a quantile.
  if (op == "stats.truncnorm.cdf") return {.ulps = 64, .scale = 64};  // a quotient of two differences of it
  if (group == "stats" && op.ends_with(".cdf")) return {.ulps = 64, .scale = 16};
  if (group == "stats" && op.ends_with(".ppf")) return {.ulps = 64, .scale = 512};
  if (group == "stats") return {.ulps = 64, .scale = 1e-3};
  if (op == "roots") return {.ulps = 16 * count, .scale = 16 * size};
  // A factorisation of the covariance stands between the stream and its numbers.
  const bool factored = op.ends_with("multivariate_normal");
  // What is left of linear algebra: arguments that are empty or not finite.
  if (group == "linalg" || factored) return {.ulps = 50 * count, .scale = 50 * count * size};
  // A product of complex numbers is rounded once or twice per term, as the machine has it.
  const bool complex = std::ranges::any_of(args, has_complex);
  if (complex && op == "interp") return {.ulps = 4, .scale = 4 * size};        // a sum with such a product
  if (complex && op == "cross") return {.ulps = 4, .scale = 4 * size * size};  // differences of such products
  if (complex && group == "reductions") return {.ulps = count, .scale = count * size * size};
  if (complex && group != "movement" && group != "gather") return {.ulps = 4, .scale = 0};
  // Movement, integers, random streams, and arithmetic in the order that NumPy takes.
  return {};
}

}  // namespace

Tolerance tolerance_for(const std::string& group, const std::string& op, std::span<const Value> args,
                        const Json& expected) {
  if (const auto weighted = of_weighted_histogram(op, args, expected)) return *weighted;
  const Tolerance t = within_result(group, op, args);
  const double magnified = magnification(op, args);
  return {.ulps = t.ulps, .scale = t.scale + magnified * std::max(1.0, largest_result(expected))};
}

}  // namespace flopscope::replay
