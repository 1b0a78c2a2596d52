// SPDX-License-Identifier: MIT
// Determinants and powers of matrices: what becomes of them when the matrix moves by tau = backward_error |A|, or of
// whole powers by the rounding of their products.
#include <cmath>

#include "compare.hpp"
#include "matrix.hpp"

namespace flopscope::replay {
namespace {

// ---- Powers ----

Matrix sizes_of(Matrix m) {
  for (Complex128& x : m.x) x = std::abs(x);
  return m;
}

std::optional<std::string> compare_power(std::span<const Value> args, const Result& got, const Json& expected) {
  if (args.size() < 2 || !args[1].is(ValueKind::integer) || !got.is_array()) return std::nullopt;
  const std::int64_t power = args[1].i;
  const double eps = result_epsilon(got), times = static_cast<double>(std::abs(power));
  std::vector<double> bounds;
  for (const Matrix& m : matrices(args[0].as_array())) {
    if (!is_finite(m)) return std::nullopt;
    if (power < 0) {  // (A + E)^-1 is within tau / (s - tau) of A^-1, relative to 1 / s
      const double s = svd_of(m).smallest(), tau = backward_error(m, eps) * svd_of(m).largest();
      const double off = s > tau ? std::pow(1 / (s - tau), times) - std::pow(1 / s, times) : HUGE_VAL;
      bounds.insert(bounds.end(), m.x.size(), off + times * backward_error(m, eps) * std::pow(1 / s, times));
      continue;
    }
    Matrix size = identity(m.rows);
    for (std::int64_t k = 0; k < power; ++k) size = product(size, sizes_of(m));
    for (const Complex128& x : size.x)
      bounds.push_back(times * (static_cast<double>(m.rows) + 4) * eps * x.real() * (power > 1 ? 1 : 0));
  }
  return compare_bounded(got, expected, [&](std::int64_t i) { return bounds[static_cast<std::size_t>(i)]; });
}

// ---- Determinants ----

// A and A + E have determinants within prod(s + tau) - prod(s) of each other (Ipsen and Rehman).
double determinant_error(const Matrix& m, double eps) {
  const Svd svd = svd_of(m);
  const double tau = backward_error(m, eps) * svd.largest();
  double moved = 1, exact = 1;
  for (const double s : svd.s) moved *= s + tau, exact *= s;
  return moved - exact + static_cast<double>(m.rows) * eps * exact;
}

// The same of its logarithm; infinite where A + E may be singular.
double log_determinant_error(const Matrix& m, double eps) {
  const Svd svd = svd_of(m);
  const double tau = backward_error(m, eps) * svd.largest();
  double error = 0;
  for (const double s : svd.s) {
    if (s <= tau) return HUGE_VAL;
    error += -std::log1p(-tau / s) + eps * std::abs(std::log(s)) * static_cast<double>(m.rows);
  }
  return error;
}

std::vector<double> each_matrix(const Array& a, double eps, double (*error)(const Matrix&, double)) {
  std::vector<double> out;
  for (const Matrix& m : matrices(a)) out.push_back(is_finite(m) ? error(m, eps) : 0);
  return out;
}

std::optional<std::string> compare_determinant(const Array& a, const Result& got, const Json& expected) {
  const auto errors = each_matrix(a, result_epsilon(got), determinant_error);
  return compare_bounded(got, expected, [&](std::int64_t i) { return errors[static_cast<std::size_t>(i)]; });
}

std::optional<std::string> compare_log_determinant(const Array& a, const Result& got, const Json& expected) {
  if (!expected.contains("tuple") || got.items() == nullptr || got.items()->size() != 2) return std::nullopt;
  const Result &sign = (*got.items())[0], &log = (*got.items())[1];
  const auto errors = each_matrix(a, result_epsilon(log), log_determinant_error);
  // A real sign is right or wrong; a complex one turns as the determinant does.
  const bool turns = sign.is_array() && is_complex(sign.array()->type());
  const auto of_log = [&](std::int64_t i) { return errors[static_cast<std::size_t>(i)]; };
  const auto of_sign = [&](std::int64_t i) { return turns || std::isinf(of_log(i)) ? of_log(i) : 0; };
  std::string s = compare_bounded(sign, expected.at("tuple")[0], of_sign);
  if (!s.empty()) return "the sign: " + s;
  return compare_bounded(log, expected.at("tuple")[1], of_log);
}

}  // namespace

std::optional<std::string> compare_determinants(const std::string& op, std::span<const Value> args, const Result& got,
                                                const Json& expected) {
  if (expected.is_null() || args.empty() || !args[0].is_array() || args[0].as_array().ndim < 2) return std::nullopt;
  const Array& a = args[0].as_array();
  if (op == "linalg.matrix_power") return compare_power(args, got, expected);
  if (op == "linalg.det" && a.size > 0) return compare_determinant(a, got, expected);
  if (op == "linalg.slogdet" && a.size > 0) return compare_log_determinant(a, got, expected);
  return std::nullopt;
}

}  // namespace flopscope::replay
