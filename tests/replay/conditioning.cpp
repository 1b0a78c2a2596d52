// SPDX-License-Identifier: MIT
// Operations that magnify errors. Those that invert a matrix: the error of a backward stable method is eps times the
// condition number, so that of a nearly singular matrix every digit may differ. Normal quantiles: the packages take one
// step from their distribution function, whose last digit is divided by the density.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compare.hpp"

namespace flopscope::replay {
namespace {

double largest_of(const Json& j) {
  if (j.is_array()) {
    double m = 0;
    for (const Json& x : j) m = std::max(m, largest_of(x));
    return m;
  }
  return j.is_number() ? std::fabs(j.get<double>()) : 0;
}

double largest_of(const Array& a) {
  double m = 0;
  for_each_element(a, [&](const std::byte* at) { m = std::max(m, std::abs(read_complex(a, at))); });
  return m;
}

double largest_result(const Json& expected) {
  double m = 0;
  for (const char* part : {"values", "head", "tail"})
    if (expected.contains(part)) m = std::max(m, largest_of(expected.at(part)));
  return m;
}

bool inverts(const std::string& op, std::span<const Value> args) {
  if (op == "linalg.matrix_power") return args.size() > 1 && args[1].is(ValueKind::integer) && args[1].i < 0;
  return op == "linalg.inv" || op == "linalg.solve" || op == "linalg.tensorinv" || op == "linalg.tensorsolve" ||
         op == "linalg.pinv";
}

// |A| |A^-1|, the right-hand side of a solution taken out; 0 where the operation inverts nothing.
double condition_of(const std::string& op, std::span<const Value> args, const Json& expected) {
  if (!inverts(op, args) || args.empty() || !args[0].is_array() || expected.is_null()) return 0;
  const Array& a = args[0].as_array();
  double of_rhs = 1;
  if (op.ends_with("solve") && args.size() > 1 && args[1].is_array()) of_rhs = largest_of(args[1].as_array());
  return std::max(1.0, std::sqrt(static_cast<double>(a.size)) * largest_of(a) * largest_result(expected) /
                           std::max(of_rhs, 1e-300));
}

// What the error of a probability is multiplied by, in ulps of 1: the density at a quantile is at least about the
// probability beyond it. 0 where no normal quantile is taken.
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

}  // namespace

bool is_singular_but_for_rounding(const std::string& op, std::span<const Value> args, const Json& expected) {
  const double condition = condition_of(op, args, expected);
  if (condition == 0) return false;
  return condition * (real_part_of(args[0].as_array().type()) == DType::float32 ? 0x1p-23 : 0x1p-52) >= 1;
}

Tolerance conditioned(const Tolerance& t, const std::string& op, std::span<const Value> args, const Json& expected) {
  if (const double magnified = magnification(op, args); magnified > 0)
    return {.ulps = t.ulps, .scale = t.scale + magnified * std::max(1.0, largest_result(expected))};
  const double condition = condition_of(op, args, expected);
  if (condition == 0) return t;
  const double order = std::sqrt(static_cast<double>(args[0].as_array().size));
  return {.ulps = t.ulps, .scale = t.scale + order * condition * largest_result(expected)};
}

std::optional<std::string> compare_condition_number(const std::string& op, const Array& input, const Result& got,
                                                    const Json& expected) {
  if (op != "linalg.cond" || !expected.contains("scalar") || !got.is_array()) return std::nullopt;
  const Json& number = expected.at("scalar");
  const double want =
      number.is_number() ? number.get<double>() : std::strtod(number.get<std::string>().c_str(), nullptr);
  const double have = item_double(*got.array());
  if (name_of(got.array()->type()) != expected.at("type").get<std::string>()) return "another dtype";
  // The distance to the nearest singular matrix, relative to the matrix, is known to a few ulps of 1.
  const double eps = real_part_of(input.type()) == DType::float32 ? 0x1p-23 : 0x1p-52;
  const double tolerance = 100 * static_cast<double>(input.shape[input.ndim - 1]) * eps;
  if (std::fabs(1 / have - 1 / want) <= tolerance) return "";
  return fmt::format("{} instead of {}", have, want);
}

}  // namespace flopscope::replay
