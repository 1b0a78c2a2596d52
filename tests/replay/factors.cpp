// SPDX-License-Identifier: MIT
// Factorisations whose factors are unique only up to sign, phase or a rotation within equal values: compared by what
// they reconstruct and by their orthogonality.
#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "compare.hpp"

namespace flopscope::replay {
namespace {

// One matrix of a stack, in complex double.
struct Matrix {
  std::int64_t rows = 0, cols = 0;
  std::vector<Complex128> x;
  Complex128& at(std::int64_t i, std::int64_t j) { return x[static_cast<std::size_t>(i * cols + j)]; }
  Complex128 at(std::int64_t i, std::int64_t j) const { return x[static_cast<std::size_t>(i * cols + j)]; }
};

std::vector<Matrix> matrices(const Array& a, bool vectors = false) {
  const ArrayRef c = contiguous_as(a, DType::complex128);
  const std::int64_t cols = a.shape[a.ndim - 1], rows = vectors ? 1 : a.shape[a.ndim - 2];
  std::vector<Matrix> out;
  for (std::int64_t b = 0; rows * cols > 0 && b < a.size / (rows * cols); ++b) {
    const auto* first = c->items<Complex128>() + b * rows * cols;
    out.push_back({rows, cols, {first, first + rows * cols}});
  }
  return out;
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix out{a.rows, b.cols, std::vector<Complex128>(static_cast<std::size_t>(a.rows * b.cols))};
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t k = 0; k < a.cols; ++k)
      for (std::int64_t j = 0; j < b.cols; ++j) out.at(i, j) += a.at(i, k) * b.at(k, j);
  return out;
}

Matrix adjoint(const Matrix& a) {
  Matrix out{a.cols, a.rows, std::vector<Complex128>(a.x.size())};
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j) out.at(j, i) = std::conj(a.at(i, j));
  return out;
}

Matrix columns(const Matrix& a, std::int64_t n) {
  Matrix out{a.rows, n, std::vector<Complex128>(static_cast<std::size_t>(a.rows * n))};
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < n; ++j) out.at(i, j) = a.at(i, j);
  return out;
}

Matrix rows_of(const Matrix& a, std::int64_t n) { return {n, a.cols, {a.x.begin(), a.x.begin() + n * a.cols}}; }

Matrix scaled_columns(Matrix a, const Matrix& values) {
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j) a.at(i, j) *= values.at(0, j);
  return a;
}

double distance(const Matrix& a, const Matrix& b) {
  double d = 0;
  for (std::size_t i = 0; i < a.x.size(); ++i) d = std::max(d, std::abs(a.x[i] - b.x[i]));
  return std::isnan(d) ? INFINITY : d;
}

double largest(const Matrix& a) {
  double d = 0;
  for (const Complex128& v : a.x) d = std::max(d, std::abs(v));
  return d;
}

double orthogonality(const Matrix& q) {
  const Matrix gram = product(adjoint(q), q);
  double d = 0;
  for (std::int64_t i = 0; i < gram.rows; ++i)
    for (std::int64_t j = 0; j < gram.cols; ++j) d = std::max(d, std::abs(gram.at(i, j) - (i == j ? 1.0 : 0.0)));
  return d;
}

// The lengths of the columns, which eigenvectors have to be 1.
double off_unit_columns(const Matrix& v) {
  double d = 0;
  for (std::int64_t j = 0; j < v.cols; ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < v.rows; ++i) sum += std::norm(v.at(i, j));
    d = std::max(d, std::abs(std::sqrt(sum) - 1));
  }
  return std::isnan(d) ? INFINITY : d;
}

double largest_below_diagonal(const Matrix& r) {
  double d = 0;
  for (std::int64_t i = 0; i < r.rows; ++i)
    for (std::int64_t j = 0; j < std::min(i, r.cols); ++j) d = std::max(d, std::abs(r.at(i, j)));
  return d;
}

struct Check {
  double tolerance;
  std::string text;
  void small(double value, const char* what) {
    if (text.empty() && !(value <= tolerance))
      text = fmt::format("{} is off by {} (tolerance {})", what, value, tolerance);
  }
};

double tolerance_of(const Array& input) {
  double size = 1;
  for (const Matrix& m : matrices(input)) size = std::max(size, largest(m));
  const DType d = real_part_of(input.type());
  return 200 * size * static_cast<double>(std::max(input.shape[input.ndim - 1], input.shape[input.ndim - 2])) *
         (d == DType::float32 ? 0x1p-23 : 0x1p-52);
}

// The part that is unique (singular values, eigenvalues): compared by value.
std::string compare_unique(const Result& got, const Json& expected, double scale) {
  return compare_result(got, expected, {.ulps = 200, .scale = scale}, false);
}

// Eigenvalues of a matrix that is not Hermitian come in no particular order: those of the result and those expected
// are paired, each with the nearest that is left, matrix by matrix.
std::string compare_unordered(const Array& got, const Json& expected, std::int64_t per_matrix, double tolerance) {
  if (!expected.contains("values")) return "eigenvalues in another order";
  const ArrayRef c = contiguous_as(got, DType::complex128);
  const Json& values = expected.at("values");
  const auto number = [](const Json& j) {
    return j.is_array() ? Complex128(j[0].get<double>(), j[1].get<double>()) : Complex128(j.get<double>());
  };
  for (std::int64_t first = 0; first < got.size; first += per_matrix) {
    std::vector<Complex128> left(c->items<Complex128>() + first, c->items<Complex128>() + first + per_matrix);
    for (std::int64_t i = 0; i < per_matrix; ++i) {
      const Complex128 want = number(values[static_cast<std::size_t>(first + i)]);
      const auto at = std::ranges::min_element(left, {}, [&](Complex128 x) { return std::abs(x - want); });
      if (!(std::abs(*at - want) <= tolerance)) return fmt::format("no eigenvalue ({}, {})", want.real(), want.imag());
      left.erase(at);
    }
  }
  return "";
}

std::string shapes_only(const Result& got, const Json& expected) { return compare_result(got, expected, {}, true); }

double tolerance_in_ulps(const Array& input) {
  return tolerance_of(input) / (real_part_of(input.type()) == DType::float32 ? 0x1p-23 : 0x1p-52);
}

std::string check_eigenvalues(const Array& input, const Result& got, const Json& expected) {
  if (std::string s = shapes_only(got, expected); !s.empty()) return s;
  return compare_unordered(*got.array(), expected, input.shape[input.ndim - 1], tolerance_of(input));
}

// R alone: R^H R = A^H A
std::string check_r(const Array& input, const Result& got, const Json& expected) {
  if (std::string s = shapes_only(got, expected); !s.empty()) return s;
  Check check{tolerance_of(input) * 10, ""};
  const auto a = matrices(input), r = matrices(*got.array());
  for (std::size_t b = 0; b < a.size(); ++b) {
    check.small(distance(product(adjoint(r[b]), r[b]), product(adjoint(a[b]), a[b])), "R^H R - A^H A");
    check.small(largest_below_diagonal(r[b]), "R below its diagonal");
  }
  return check.text;
}

std::string check_qr(const Array& input, const std::vector<Result>& parts) {
  Check check{tolerance_of(input), ""};
  const auto a = matrices(input), q = matrices(*parts[0].array()), r = matrices(*parts[1].array());
  for (std::size_t b = 0; b < a.size(); ++b) {
    check.small(distance(product(q[b], r[b]), a[b]), "QR - A");
    check.small(orthogonality(q[b]), "Q^H Q - I");
    check.small(largest_below_diagonal(r[b]), "R below its diagonal");
  }
  return check.text;
}

std::string check_svd(const Array& input, const std::vector<Result>& parts, const Json& expected) {
  if (std::string s = compare_unique(parts[1], expected.at("tuple")[1], tolerance_in_ulps(input)); !s.empty()) return s;
  Check check{tolerance_of(input), ""};
  const auto a = matrices(input), u = matrices(*parts[0].array()), vh = matrices(*parts[2].array());
  const auto values = matrices(*parts[1].array(), true);
  for (std::size_t b = 0; b < values.size(); ++b) {
    const std::int64_t k = values[b].cols;
    check.small(orthogonality(u[b]), "U^H U - I");
    check.small(orthogonality(adjoint(vh[b])), "V^H V - I");
    const bool whole = k == std::min(a[b].rows, a[b].cols);
    if (whole)
      check.small(distance(product(scaled_columns(columns(u[b], k), values[b]), rows_of(vh[b], k)), a[b]),
                  "U S V^H - A");
    else
      check.small(distance(product(a[b], adjoint(rows_of(vh[b], k))), scaled_columns(columns(u[b], k), values[b])),
                  "A V - U S");
  }
  return check.text;
}

std::string check_eigenvectors(const Array& input, const std::vector<Result>& parts, const Json& expected,
                               bool hermitian) {
  const Json& expected_values = expected.at("tuple")[0];
  const double tolerance = tolerance_of(input);
  std::string s = compare_unique(parts[0], expected_values, tolerance_in_ulps(input));
  if (!s.empty() && !hermitian)
    s = compare_unordered(*parts[0].array(), expected_values, input.shape[input.ndim - 1], tolerance);
  if (!s.empty()) return s;
  Check check{tolerance, ""};
  const auto a = matrices(input), v = matrices(*parts[1].array());
  const auto values = matrices(*parts[0].array(), true);
  for (std::size_t b = 0; b < values.size(); ++b) {
    if (hermitian) check.small(orthogonality(v[b]), "V^H V - I");
    check.small(off_unit_columns(v[b]), "the length of an eigenvector");
    check.small(distance(product(a[b], v[b]), scaled_columns(v[b], values[b])), "A V - V W");
  }
  return check.text;
}

}  // namespace

std::optional<std::string> compare_factors(const std::string& op, const Array& input, const Result& got,
                                           const Json& expected) {
  const bool is_svd = op == "linalg.svd", is_eig = op == "linalg.eig", is_eigh = op == "linalg.eigh",
             is_qr = op == "linalg.qr", is_eigvals = op == "linalg.eigvals";
  if (!is_svd && !is_eig && !is_eigh && !is_qr && !is_eigvals) return std::nullopt;
  if (input.ndim < 2 || expected.is_null() || input.size == 0) return std::nullopt;
  if (is_eigvals) {
    if (!expected.contains("values") || !got.is_array()) return std::nullopt;
    return check_eigenvalues(input, got, expected);
  }
  if (!expected.contains("tuple"))
    return is_qr ? check_r(input, got, expected) : compare_unique(got, expected, tolerance_in_ulps(input));
  if (std::string s = shapes_only(got, expected); !s.empty()) return s;
  const auto& parts = *got.items();
  if (is_svd) return check_svd(input, parts, expected);
  if (!is_qr) return check_eigenvectors(input, parts, expected, is_eigh);
  // qr's mode raw gives reflectors and their factors, which are unique.
  if (parts[1].array()->ndim != input.ndim) return std::nullopt;
  return check_qr(input, parts);
}

}  // namespace flopscope::replay
