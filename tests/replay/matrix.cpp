// SPDX-License-Identifier: MIT
#include "matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flopscope::replay {
namespace {

Complex128 inner(const Matrix& a, std::int64_t p, std::int64_t q) {
  Complex128 sum = 0;
  for (std::int64_t i = 0; i < a.rows; ++i) sum += std::conj(a.at(i, p)) * a.at(i, q);
  return sum;
}

void rotate(Matrix& a, std::int64_t p, std::int64_t q, double c, double s, Complex128 unphase) {
  for (std::int64_t i = 0; i < a.rows; ++i) {
    const Complex128 x = a.at(i, p), y = a.at(i, q) * unphase;
    a.at(i, p) = c * x - s * y;
    a.at(i, q) = s * x + c * y;
  }
}

// Makes two columns of `w` orthogonal, `v` along with them; false where they were.
bool orthogonalise(Matrix& w, Matrix& v, std::int64_t p, std::int64_t q) {
  const double a = std::norm(column_norm(w, p)), b = std::norm(column_norm(w, q));
  const Complex128 g = inner(w, p, q);
  const double size = std::abs(g);
  if (size <= 0x1p-51 * std::sqrt(a * b) || size == 0) return false;
  const double zeta = (b - a) / (2 * size);
  const double t = std::copysign(1.0, zeta) / (std::abs(zeta) + std::hypot(1.0, zeta));
  const double c = 1 / std::hypot(1.0, t);
  rotate(w, p, q, c, c * t, std::conj(g) / size);
  rotate(v, p, q, c, c * t, std::conj(g) / size);
  return true;
}

Svd tall_svd(Matrix w) {
  constexpr int k_sweeps = 60;
  Matrix v = identity(w.cols);
  bool moved = true;
  for (int sweep = 0; moved && sweep < k_sweeps; ++sweep) {
    moved = false;
    for (std::int64_t p = 0; p < w.cols; ++p)
      for (std::int64_t q = p + 1; q < w.cols; ++q) moved = orthogonalise(w, v, p, q) || moved;
  }
  std::vector<std::int64_t> order(static_cast<std::size_t>(w.cols));
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, std::greater<>{}, [&](std::int64_t j) { return column_norm(w, j); });
  Svd out{Matrix(w.rows, w.cols), Matrix(v.rows, v.cols), {}};
  for (std::int64_t j = 0; j < w.cols; ++j) {
    const std::int64_t from = order[static_cast<std::size_t>(j)];
    out.s.push_back(column_norm(w, from));
    for (std::int64_t i = 0; i < w.rows; ++i) out.u.at(i, j) = out.s.back() > 0 ? w.at(i, from) / out.s.back() : 0;
    for (std::int64_t i = 0; i < v.rows; ++i) out.v.at(i, j) = v.at(i, from);
  }
  return out;
}

}  // namespace

std::vector<Matrix> matrices_shaped(const Array& a, std::int64_t rows, std::int64_t cols) {
  const ArrayRef c = contiguous_as(a, DType::complex128);
  std::vector<Matrix> out;
  for (std::int64_t b = 0; rows * cols > 0 && b < a.size / (rows * cols); ++b) {
    Matrix m(rows, cols);
    std::copy_n(c->items<Complex128>() + b * rows * cols, rows * cols, m.x.begin());
    out.push_back(std::move(m));
  }
  return out;
}

std::vector<Matrix> matrices(const Array& a, bool vectors) {
  return matrices_shaped(a, vectors ? 1 : a.shape[a.ndim - 2], a.shape[a.ndim - 1]);
}

Complex128 golden_number(const Json& j) {
  const auto part = [](const Json& x) {
    if (x.is_string()) return x == "nan" ? std::nan("") : x == "inf" ? HUGE_VAL : -HUGE_VAL;
    return x.is_boolean() ? (x.get<bool>() ? 1.0 : 0.0) : x.get<double>();
  };
  return j.is_array() ? Complex128(part(j.at(0)), part(j.at(1))) : Complex128(part(j), 0);
}

std::optional<std::vector<Matrix>> golden_matrices(const Json& expected, std::int64_t rows, std::int64_t cols) {
  if (!expected.contains("values") || rows * cols == 0) return std::nullopt;
  const Json& values = expected.at("values");
  std::vector<Matrix> out;
  for (std::size_t at = 0; at < values.size();) {
    Matrix m(rows, cols);
    for (Complex128& x : m.x) x = golden_number(values.at(at++));
    out.push_back(std::move(m));
  }
  return out;
}

std::vector<std::pair<std::int64_t, Complex128>> listed_numbers(const Json& expected, std::int64_t size) {
  if (expected.contains("scalar")) return {{0, golden_number(expected.at("scalar"))}};
  std::vector<std::pair<std::int64_t, Complex128>> out;
  for (const char* part : {"values", "head", "tail"}) {
    if (!expected.contains(part)) continue;
    const Json& list = expected.at(part);
    std::int64_t at = std::string_view(part) == "tail" ? size - static_cast<std::int64_t>(list.size()) : 0;
    for (const Json& j : list) out.emplace_back(at++, golden_number(j));
  }
  return out;
}

Matrix identity(std::int64_t n) {
  Matrix out(n, n);
  for (std::int64_t i = 0; i < n; ++i) out.at(i, i) = 1;
  return out;
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix out(a.rows, b.cols);
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t k = 0; k < a.cols; ++k)
      for (std::int64_t j = 0; j < b.cols; ++j) out.at(i, j) += a.at(i, k) * b.at(k, j);
  return out;
}

Matrix adjoint(const Matrix& a) {
  Matrix out(a.cols, a.rows);
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j) out.at(j, i) = std::conj(a.at(i, j));
  return out;
}

Matrix first_columns(const Matrix& a, std::int64_t n) {
  Matrix out(a.rows, n);
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < n; ++j) out.at(i, j) = a.at(i, j);
  return out;
}

Matrix first_rows(const Matrix& a, std::int64_t n) {
  Matrix out(n, a.cols);
  std::copy_n(a.x.begin(), n * a.cols, out.x.begin());
  return out;
}

Matrix scaled_columns(Matrix a, const Matrix& values) {
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < a.cols; ++j) a.at(i, j) *= values.at(0, j);
  return a;
}

double distance(const Matrix& a, const Matrix& b) {
  double d = 0;
  for (std::size_t i = 0; i < a.x.size(); ++i) {
    const double here = std::abs(a.x[i] - b.x[i]);
    if (std::isnan(here)) return HUGE_VAL;
    d = std::max(d, here);
  }
  return d;
}

double column_norm(const Matrix& a, std::int64_t j) {
  double norm = 0;
  for (std::int64_t i = 0; i < a.rows; ++i) norm = std::hypot(norm, std::abs(a.at(i, j)));
  return norm;
}

double frobenius(const Matrix& a) {
  double norm = 0;
  for (const Complex128& x : a.x) norm = std::hypot(norm, std::abs(x));
  return norm;
}

bool is_finite(const Matrix& a) {
  return std::ranges::all_of(a.x, [](Complex128 v) { return std::isfinite(v.real()) && std::isfinite(v.imag()); });
}

double off_orthogonal(const Matrix& q) { return distance(product(adjoint(q), q), identity(q.cols)); }

double largest_below_diagonal(const Matrix& r) {
  double d = 0;
  for (std::int64_t i = 0; i < r.rows; ++i)
    for (std::int64_t j = 0; j < std::min(i, r.cols); ++j) d = std::max(d, std::abs(r.at(i, j)));
  return d;
}

Svd svd_of(const Matrix& a) {
  if (a.rows >= a.cols) return tall_svd(a);
  Svd turned = tall_svd(adjoint(a));
  std::swap(turned.u, turned.v);
  return turned;
}

double backward_error(const Matrix& a, double eps) {
  return 8 * (static_cast<double>(std::max(a.rows, a.cols)) + 2) * eps;
}

}  // namespace flopscope::replay
