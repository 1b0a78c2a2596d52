// SPDX-License-Identifier: MIT
// Norms and condition numbers: sums of sizes are within n eps of themselves, singular values within tau =
// backward_error |A|.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "compare.hpp"
#include "matrix.hpp"

namespace flopscope::replay {
namespace {

bool given(std::span<const Value> args, std::size_t i) { return i < args.size() && !args[i].is_absent(); }

// The sizes of the axes that a norm takes together, and whether as a matrix.
struct Reduced {
  std::vector<double> sizes;
  bool matrix = false;
  double count() const { return std::accumulate(sizes.begin(), sizes.end(), 1.0, std::multiplies<>{}); }
  double longest() const { return sizes.empty() ? 1 : std::ranges::max(sizes); }
  double shortest() const { return sizes.empty() ? 1 : std::ranges::min(sizes); }
};

Reduced reduced_by(const std::string& op, std::span<const Value> args) {
  const Array& a = args[0].as_array();
  Reduced out;
  const bool last_two = op == "linalg.matrix_norm";
  const bool by_axis = !last_two && given(args, 2);
  Dims axes;
  if (by_axis) axes = to_axes(args[2], a.ndim).value();
  for (int d = last_two ? a.ndim - 2 : 0; !by_axis && d < a.ndim; ++d) axes.push_back(d);
  for (const std::int64_t d : axes) out.sizes.push_back(static_cast<double>(a.shape[d]));
  out.matrix = last_two || (op == "linalg.norm" && axes.size() == 2 && given(args, 1));
  return out;
}

std::string compare_norm(const std::string& op, std::span<const Value> args, const Result& got, const Json& expected) {
  const Array& a = args[0].as_array();
  const double eps = result_epsilon(got);
  const Reduced reduced = reduced_by(op, args);
  const bool named = given(args, 1) && args[1].is(ValueKind::string);
  const bool nuclear = named && args[1].as_string() == "nuc";
  const double p = given(args, 1) && !named ? to_double(args[1], "ord") : 2;
  const bool spectral = reduced.matrix && (nuclear || (!named && std::fabs(p) == 2));
  double relative = 0, absolute = 0;
  if (spectral) {  // each value moves by tau <= backward error * the largest of them
    const double moved = 4 * (reduced.longest() + 2) * eps;
    relative = nuclear ? reduced.shortest() * moved : moved;
    double largest = 0;
    for_each_element(a, [&](const std::byte* at) {
      const double x = std::abs(read_complex(a, at));
      if (std::isfinite(x)) largest = std::max(largest, x);
    });
    if (p == -2) absolute = moved * largest * std::sqrt(reduced.count());
  } else if (std::isinf(p) || p == 0) {  // a choice among the sizes, or a count; of a matrix, among their sums
    relative = reduced.matrix ? reduced.longest() * eps : 0;
  } else if (std::fabs(p) == 1 || p == 2) {
    relative = (reduced.matrix && !named ? reduced.longest() : reduced.count()) * eps;
  } else {  // powers of the library, and their sum
    relative = (reduced.count() + 8) * std::max(1.0, 1 / std::fabs(p)) * eps;
  }
  const bool power = !spectral && !std::isinf(p) && p != 0 && std::fabs(p) != 1 && p != 2;
  const auto ours = got.is_array() ? matrices_shaped(*got.array(), 1, 1) : std::vector<Matrix>{};
  return compare_bounded(got, expected, [&](std::int64_t i) {
    const double size = ours.empty() ? 0 : std::abs(ours[static_cast<std::size_t>(i)].x[0]);
    if (!std::isfinite(size)) return 0.0;
    // The exponent 1 / p is rounded too: eps log(x) of the result x.
    const double of_exponent = power && size > 0 ? eps * std::abs(std::log(size)) : 0;
    return (relative + of_exponent) * size + absolute;
  });
}

// ---- Condition numbers ----

// The reciprocal is the distance to the nearest singular matrix, relative to the matrix, and moves by as much as the
// matrix does; in other norms than the spectral by up to n times as much. With smallest sums (p = -1, -inf) it is no
// such distance: the sums of the inverse move by tau / s^2 each.
std::string compare_condition(const Matrix& m, double p, bool spectral, double eps, double ours, double golden) {
  if (ours == golden || (std::isnan(ours) && std::isnan(golden))) return "";
  const Svd svd = svd_of(m);
  const double n = static_cast<double>(std::max(m.rows, m.cols)), relative = backward_error(m, eps);
  bool right = false;
  if (p == -2) {
    right = std::fabs(ours - golden) <= 2 * relative;
  } else if (!spectral && p < 0) {
    const double condition = svd.largest() / svd.smallest();
    right =
        relative * condition >= 0.5 || std::fabs(ours - golden) <= std::pow(n, 1.5) * relative * condition * condition;
  } else {
    right = std::fabs(1 / ours - 1 / golden) <= (spectral ? 2 : n) * relative;
  }
  return right ? "" : fmt::format("{} instead of {}", ours, golden);
}

std::optional<std::string> compare_conditions(std::span<const Value> args, const Result& got, const Json& expected) {
  if (!got.is_array()) return std::nullopt;
  if (std::string s = compare_result(got, expected, {}, true); !s.empty()) return s;
  const auto stack = matrices(args[0].as_array());
  const bool named = given(args, 1) && args[1].is(ValueKind::string);
  const double p = given(args, 1) && !named ? to_double(args[1], "p") : 2;
  const bool spectral = !named && std::fabs(p) == 2;
  const auto ours = matrices_shaped(*got.array(), 1, 1);
  if (stack.size() != ours.size()) return std::nullopt;
  for (const auto& [i, number] : listed_numbers(expected, got.array()->size)) {
    const auto at = static_cast<std::size_t>(i);
    const double have = ours[at].x[0].real(), want = number.real();
    const std::string s =
        is_finite(stack[at]) ? compare_condition(stack[at], named ? 1 : p, spectral, result_epsilon(got), have, want)
        : have == want || (std::isnan(have) && std::isnan(want)) ? ""
                                                                 : fmt::format("{} instead of {}", have, want);
    if (!s.empty()) return fmt::format("element {}: {}", i, s);
  }
  return "";
}

}  // namespace

std::optional<std::string> compare_norms(const std::string& op, std::span<const Value> args, const Result& got,
                                         const Json& expected) {
  if (expected.is_null() || args.empty() || !args[0].is_array()) return std::nullopt;
  if (op == "linalg.norm" || op == "linalg.matrix_norm" || op == "linalg.vector_norm")
    return compare_norm(op, args, got, expected);
  const Array& a = args[0].as_array();
  if (op != "linalg.cond" || a.ndim < 2 || a.size == 0) return std::nullopt;
  return compare_conditions(args, got, expected);
}

}  // namespace flopscope::replay
