// SPDX-License-Identifier: MIT
// Factorisations, whose factors are unique only up to sign, phase or a rotation within equal values: compared by what
// they reconstruct, by their orthogonality and triangles, and by the values that are unique. A stable algorithm gives
// the exact factors of A + E, |E| <= tau = backward_error |A|: singular values and those of Hermitian matrices are
// within tau (Weyl), any eigenvalue z has a singular value of A - z I below tau.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compare.hpp"
#include "matrix.hpp"

namespace flopscope::replay {
namespace {

// One matrix with the bounds of its factors.
struct Factored {
  Matrix a;
  double relative = 0, tau = 0;
  Factored(Matrix m, double eps) : a(std::move(m)), relative(backward_error(a, eps)) {
    tau = relative * svd_of(a).largest();
  }
};

using Stack = std::vector<Factored>;

struct Check {
  std::string text;
  void small(double value, double tolerance, const char* what) {
    if (text.empty() && !(value <= tolerance))
      text = fmt::format("{} is off by {} (tolerance {})", what, value, tolerance);
  }
};

// The lengths of the columns, which eigenvectors have to be 1.
double off_unit_columns(const Matrix& v) {
  double d = 0;
  for (std::int64_t j = 0; j < v.cols; ++j) {
    const double off = std::abs(column_norm(v, j) - 1);
    if (std::isnan(off)) return HUGE_VAL;
    d = std::max(d, off);
  }
  return d;
}

// Values with a bound for each matrix: real ones, in order.
std::string compare_values_of(const Stack& stack, const Array& got, const Json& expected) {
  const std::int64_t each = got.ndim > 0 ? got.shape[got.ndim - 1] : 1;
  return compare_elements(
      got, expected, [&](std::int64_t i) { return 2 * stack[static_cast<std::size_t>(each > 0 ? i / each : 0)].tau; });
}

// ---- Eigenvalues without an order ----

double distance_from_spectrum(const Matrix& a, Complex128 z) {
  Matrix shifted = a;
  for (std::int64_t i = 0; i < a.rows; ++i) shifted.at(i, i) -= z;
  return svd_of(shifted).smallest();
}

// Each is an eigenvalue of a near matrix, and together, where they are all, they have its trace.
std::string check_spectrum(const Factored& f, const std::vector<Complex128>& values) {
  Complex128 sum = 0;
  for (const Complex128 z : values) {
    if (!std::isfinite(z.real()) || !std::isfinite(z.imag())) return "an eigenvalue is not finite";
    const double off = distance_from_spectrum(f.a, z);
    if (!(off <= 2 * f.tau)) return fmt::format("({}, {}) is off an eigenvalue by {}", z.real(), z.imag(), off);
    sum += z;
  }
  if (static_cast<std::int64_t>(values.size()) < f.a.rows) return "";
  for (std::int64_t i = 0; i < f.a.rows; ++i) sum -= f.a.at(i, i);
  const double bound = 2 * f.tau * static_cast<double>(f.a.rows);
  return std::abs(sum) <= bound ? "" : fmt::format("the eigenvalues' sum is off by {}", std::abs(sum));
}

// Those of the result and those expected are paired, each with the nearest that is left. How far the two of a pair may
// be apart follows from the angle of the eigenvectors alone (Bauer and Fike), which are not known here: the root of
// tau, as of a double eigenvalue, where check_spectrum() has seen to the rest.
std::string pair_up(const Factored& f, std::vector<Complex128> left, const std::vector<Complex128>& golden) {
  const double tolerance = 2 * f.tau + svd_of(f.a).largest() * std::sqrt(f.relative);
  for (const Complex128 want : golden) {
    const auto at = std::ranges::min_element(left, {}, [&](Complex128 x) { return std::abs(x - want); });
    if (!(std::abs(*at - want) <= tolerance)) return fmt::format("no eigenvalue ({}, {})", want.real(), want.imag());
    left.erase(at);
  }
  return "";
}

std::string compare_spectra(const Stack& stack, const Array& got, const Json& expected) {
  const std::int64_t n = got.shape[got.ndim - 1];
  const auto ours = matrices(got, true);
  std::vector<std::vector<Complex128>> golden(stack.size());  // as many as the line lists
  for (const auto& [i, z] : listed_numbers(expected, got.size)) golden[static_cast<std::size_t>(i / n)].push_back(z);
  for (std::size_t b = 0; b < stack.size(); ++b) {
    std::string s = check_spectrum(stack[b], ours[b].x);
    if (s.empty()) s = check_spectrum(stack[b], golden[b]);
    if (s.empty()) s = pair_up(stack[b], ours[b].x, golden[b]);
    if (!s.empty()) return s;
  }
  return "";
}

// ---- The factorisations ----

std::string check_cholesky(const Factored& f, const Matrix& factor, bool upper) {
  const Matrix l = upper ? adjoint(factor) : factor;
  Check check;
  const Matrix again = product(l, adjoint(l));
  double off = 0;  // the triangle that is read: the other one counts for nothing
  for (std::int64_t i = 0; i < l.rows; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      const Complex128 want = upper ? std::conj(f.a.at(j, i)) : f.a.at(i, j);
      const double here = std::abs(again.at(i, j) - (i == j ? want.real() : want));
      off = std::isnan(here) ? HUGE_VAL : std::max(off, here);
      if (i == j && !(l.at(i, i).real() > 0)) return "a diagonal element is not positive";
    }
  check.small(off, f.tau, "L L^H - A");
  check.small(largest_below_diagonal(adjoint(l)), 0, "the empty triangle");
  return check.text;
}

std::string check_cholesky(const Stack& stack, const Array& got, const Json& expected, bool upper) {
  const auto ours = matrices(got);
  const auto golden = golden_matrices(expected, got.shape[got.ndim - 1], got.shape[got.ndim - 1]);
  std::vector<double> bounds;
  for (std::size_t b = 0; b < stack.size(); ++b) {
    std::string s = check_cholesky(stack[b], ours[b], upper);
    if (s.empty() && golden) s = check_cholesky(stack[b], (*golden)[b], upper);
    if (!s.empty()) return s;
    // The factor of A + E is within tau |L| / (2 s_n) of that of A, to first order.
    bounds.push_back(2 * stack[b].tau * frobenius(ours[b]) / svd_of(stack[b].a).smallest());
  }
  if (golden) return "";
  const std::int64_t each = got.shape[got.ndim - 1] * got.shape[got.ndim - 2];
  return compare_elements(got, expected, [&](std::int64_t i) { return bounds[static_cast<std::size_t>(i / each)]; });
}

// R alone: R^H R = A^H A
std::string check_r(const Factored& f, const Matrix& r) {
  Check check;
  check.small(distance(product(adjoint(r), r), product(adjoint(f.a), f.a)), 2 * f.tau * frobenius(f.a),
              "R^H R - A^H A");
  check.small(largest_below_diagonal(r), 0, "R below its diagonal");
  return check.text;
}

std::string check_qr(const Factored& f, const Matrix& q, const Matrix& r) {
  Check check;
  check.small(distance(product(q, r), f.a), f.tau, "QR - A");
  check.small(off_orthogonal(q), f.relative, "Q^H Q - I");
  check.small(largest_below_diagonal(r), 0, "R below its diagonal");
  return check.text;
}

// Mode raw: the rows of `h` hold a column of R each and, behind it, the rest of a reflector I - tau w w^H with w = (0,
// .., 1, rest). Reflectors of columns that are zero but for rounding are as rounding has it, so their product is what
// is compared.
std::string check_reflectors(const Factored& f, const Matrix& h, const Matrix& taus) {
  const std::int64_t m = f.a.rows, n = f.a.cols, k = std::min(m, n);
  Matrix q = identity(m), r(m, n);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i <= std::min(j, m - 1); ++i) r.at(i, j) = h.at(j, i);
  for (std::int64_t j = 0; j < k; ++j) {
    Matrix w(m, 1);
    w.at(j, 0) = 1;
    for (std::int64_t i = j + 1; i < m; ++i) w.at(i, 0) = h.at(j, i);
    const Matrix turned = product(product(q, w), adjoint(w));
    for (std::size_t i = 0; i < q.x.size(); ++i) q.x[i] -= taus.at(0, j) * turned.x[i];
  }
  return check_qr(f, q, r);
}

// The factors are open up to phases, so ours and the golden ones are held to the same, where all are listed.
template <class Parts>
std::string check_qr_parts(const Stack& stack, const Parts& parts, bool raw) {
  std::string s;
  for (std::size_t b = 0; b < stack.size() && s.empty(); ++b) {
    if (parts.size() == 1)
      s = check_r(stack[b], parts[0][b]);
    else
      s = raw ? check_reflectors(stack[b], parts[0][b], parts[1][b]) : check_qr(stack[b], parts[0][b], parts[1][b]);
  }
  return s;
}

std::string compare_qr(const Stack& stack, const Result& got, const Json& expected, int ndim) {
  const auto count = static_cast<std::size_t>(got.is_array() ? 1 : got.items()->size());
  std::vector<std::vector<Matrix>> ours, golden;
  bool raw = false;
  for (std::size_t i = 0; i < count; ++i) {
    const Array& part = got.is_array() ? *got.array() : *(*got.items())[i].array();
    raw = part.ndim != ndim;  // the second of two: the factors of reflectors
    ours.push_back(matrices(part, raw));
    const Json& listed = got.is_array() ? expected : expected.at("tuple").at(i);
    const auto all = golden_matrices(listed, raw ? 1 : part.shape[part.ndim - 2], part.shape[part.ndim - 1]);
    if (all) golden.push_back(*all);
  }
  std::string s = check_qr_parts(stack, ours, raw);
  const bool r_alone = count == 2 && !raw && golden.size() == 1 && golden[0][0].cols == ours[1][0].cols &&
                       golden[0][0].rows == ours[1][0].rows;
  if (s.empty() && (golden.size() == count || r_alone)) s = check_qr_parts(stack, golden, raw);
  return s;
}

std::string check_svd(const Stack& stack, const std::vector<Result>& parts, const Json& expected) {
  if (std::string s = compare_values_of(stack, *parts[1].array(), expected.at("tuple")[1]); !s.empty()) return s;
  Check check;
  const auto u = matrices(*parts[0].array()), vh = matrices(*parts[2].array());
  const auto values = matrices(*parts[1].array(), true);
  for (std::size_t b = 0; b < values.size(); ++b) {
    const Factored& f = stack[b];
    const std::int64_t k = values[b].cols;
    check.small(off_orthogonal(u[b]), f.relative, "U^H U - I");
    check.small(off_orthogonal(adjoint(vh[b])), f.relative, "V^H V - I");
    const Matrix scaled = scaled_columns(first_columns(u[b], k), values[b]), rows = first_rows(vh[b], k);
    if (k == std::min(f.a.rows, f.a.cols))
      check.small(distance(product(scaled, rows), f.a), f.tau, "U S V^H - A");
    else
      check.small(distance(product(f.a, adjoint(rows)), scaled), f.tau, "A V - U S");
  }
  return check.text;
}

std::string check_eigenvectors(const Stack& stack, const std::vector<Result>& parts, bool hermitian) {
  Check check;
  const auto v = matrices(*parts[1].array()), values = matrices(*parts[0].array(), true);
  for (std::size_t b = 0; b < values.size(); ++b) {
    const Factored& f = stack[b];
    if (hermitian) check.small(off_orthogonal(v[b]), f.relative, "V^H V - I");
    check.small(off_unit_columns(v[b]), f.relative, "the length of an eigenvector");
    check.small(distance(product(f.a, v[b]), scaled_columns(v[b], values[b])), 2 * f.tau, "A V - V W");
  }
  return check.text;
}

// ---- What the operations take ----

// The Hermitian matrix that one triangle of `a` stands for.
Matrix hermitian_of(const Matrix& a, bool upper) {
  Matrix out = a;
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j <= i; ++j) {
      const Complex128 x = upper ? std::conj(a.at(j, i)) : a.at(i, j);
      out.at(i, j) = i == j ? x.real() : x;
      out.at(j, i) = std::conj(out.at(i, j));
    }
  return out;
}

bool is_upper(std::span<const Value> args) {
  if (args.size() < 2) return false;
  if (args[1].is(ValueKind::string)) return args[1].as_string() == "U" || args[1].as_string() == "u";
  return args[1].is(ValueKind::boolean) && args[1].i != 0;
}

DType result_type(const Result& got) {
  return got.is_array() ? got.array()->type() : got.items()->front().array()->type();
}

bool is_of_triangle(const std::string& op) {
  return op == "linalg.eigh" || op == "linalg.eigvalsh" || op == "linalg.cholesky";
}

// Whether all eigenvalues come out real, which decides the dtype, is a matter of rounding where two of them meet: the
// golden result with the dtypes of ours where they differ in that alone.
Json as_real_as(const Result& got, const Json& expected) {
  Json out = expected;
  const auto adopt = [](const Result& ours, Json& golden) {
    const auto want = dtype_from_name(golden.value("dtype", ""));
    if (ours.is_array() && want && real_part_of(*want) == real_part_of(ours.array()->type()))
      golden["dtype"] = name_of(ours.array()->type());
  };
  if (!out.contains("tuple")) adopt(got, out);
  for (std::size_t i = 0; out.contains("tuple") && i < out["tuple"].size() && i < got.items()->size(); ++i)
    adopt((*got.items())[i], out["tuple"][i]);
  return out;
}

std::optional<Stack> stack_of(const std::string& op, std::span<const Value> args, const Result& got) {
  static constexpr const char* k_ops[] = {"linalg.svd",  "linalg.svdvals",  "linalg.eig", "linalg.eigvals",
                                          "linalg.eigh", "linalg.eigvalsh", "linalg.qr",  "linalg.cholesky"};
  if (std::ranges::find(k_ops, op) == std::end(k_ops) || args.empty() || !args[0].is_array()) return std::nullopt;
  const Array& input = args[0].as_array();
  if (input.ndim < 2 || input.size == 0) return std::nullopt;
  Stack out;
  for (const Matrix& m : matrices(input)) {
    if (!is_finite(m)) return std::nullopt;
    out.emplace_back(is_of_triangle(op) ? hermitian_of(m, is_upper(args)) : m, epsilon_of(result_type(got)));
  }
  return out;
}

}  // namespace

std::optional<std::string> compare_factors(const std::string& op, std::span<const Value> args, const Result& got,
                                           const Json& expected) {
  const bool listed = expected.is_object() && (expected.contains("tuple") || expected.contains("shape"));
  if (!listed || (!got.is_array() && got.items() == nullptr)) return std::nullopt;
  const auto stack = stack_of(op, args, got);
  if (!stack) return std::nullopt;
  const Json shapes = op == "linalg.eig" || op == "linalg.eigvals" ? as_real_as(got, expected) : expected;
  if (std::string s = compare_result(got, shapes, {}, true); !s.empty()) return s;
  if (op == "linalg.cholesky") return check_cholesky(*stack, *got.array(), expected, is_upper(args));
  if (op == "linalg.eigvals") return compare_spectra(*stack, *got.array(), expected);
  if (op == "linalg.qr") return compare_qr(*stack, got, expected, args[0].as_array().ndim);
  if (!expected.contains("tuple")) return compare_values_of(*stack, *got.array(), expected);
  const std::vector<Result>& parts = *got.items();
  if (op == "linalg.svd") return check_svd(*stack, parts, expected);
  const bool hermitian = op == "linalg.eigh";
  const Json& values = expected.at("tuple")[0];
  std::string s = hermitian ? compare_values_of(*stack, *parts[0].array(), values)
                            : compare_spectra(*stack, *parts[0].array(), values);
  return s.empty() ? check_eigenvectors(*stack, parts, hermitian) : s;
}

}  // namespace flopscope::replay
