// SPDX-License-Identifier: MIT
// Small dense matrices in complex double, with arithmetic of their own: what results of linear algebra are checked by.
// Nothing here is shared with the library under test.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>
#include <whest/flopscope/core/array.hpp>

namespace flopscope::replay {

using Json = nlohmann::ordered_json;

struct Matrix {
  std::int64_t rows = 0, cols = 0;
  std::vector<Complex128> x;
  Matrix() = default;
  Matrix(std::int64_t m, std::int64_t n) : rows(m), cols(n), x(static_cast<std::size_t>(m * n)) {}
  Complex128& at(std::int64_t i, std::int64_t j) { return x[static_cast<std::size_t>(i * cols + j)]; }
  Complex128 at(std::int64_t i, std::int64_t j) const { return x[static_cast<std::size_t>(i * cols + j)]; }
};

// The matrices of a stack; `vectors`: its last axis alone, as rows.
std::vector<Matrix> matrices(const Array& a, bool vectors = false);
// Any elements in row-major order as matrices of a shape.
std::vector<Matrix> matrices_shaped(const Array& a, std::int64_t rows, std::int64_t cols);
// The same of a golden array; nullopt where the line lists its head and its tail only.
std::optional<std::vector<Matrix>> golden_matrices(const Json& expected, std::int64_t rows, std::int64_t cols);
// A golden number: real, [re, im], or the text of one that is not finite.
Complex128 golden_number(const Json& j);

// The elements that a golden array of `size` elements or a scalar lists, with their places.
std::vector<std::pair<std::int64_t, Complex128>> listed_numbers(const Json& expected, std::int64_t size);

Matrix identity(std::int64_t n);
Matrix product(const Matrix& a, const Matrix& b);
Matrix adjoint(const Matrix& a);
Matrix first_columns(const Matrix& a, std::int64_t n);
Matrix first_rows(const Matrix& a, std::int64_t n);
Matrix scaled_columns(Matrix a, const Matrix& values);
// The largest distance of two elements; infinite where one is NaN.
double distance(const Matrix& a, const Matrix& b);
double column_norm(const Matrix& a, std::int64_t j);
double frobenius(const Matrix& a);
bool is_finite(const Matrix& a);
// |Q^H Q - I|, the largest element.
double off_orthogonal(const Matrix& q);
double largest_below_diagonal(const Matrix& r);

// A = U diag(s) V^H with min(m, n) values, descending, by one-sided Jacobi rotations: the values are right to a few eps
// of the largest.
struct Svd {
  Matrix u, v;
  std::vector<double> s;
  double largest() const { return s.empty() ? 0 : s.front(); }
  double smallest() const { return s.empty() ? 0 : s.back(); }
};
Svd svd_of(const Matrix& a);

// How far the matrix whose exact factors, solutions or values a stable algorithm gives may be from A: 8 (max(m, n) + 2)
// eps, relative to A's largest singular value. What is proven has a polynomial of n for the factor (Higham, Accuracy
// and Stability of Numerical Algorithms); what is met, with another order of sums and other vector units, is below 4 (n
// + 2).
double backward_error(const Matrix& a, double eps);

}  // namespace flopscope::replay
