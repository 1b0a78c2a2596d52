// SPDX-License-Identifier: MIT
// Stacks of matrices as the linalg family reads them: the last two axes are a matrix, the axes before them count them.
#pragma once

#include <whest/flopscope/core/operation.hpp>
#include <whest/flopscope/ops/detail/lapack.hpp>

namespace flopscope::linalg {

using lapack::Complex;

// The shape of a stack: `count` matrices of m x n, `batch` being the leading axes.
struct StackShape {
  Dims batch;
  std::int64_t count = 1, m = 0, n = 0;
};
// Throws LinAlgError for fewer than two axes.
StackShape stack_shape(const Array& a);
// The same, and the last two axes must be equal: LinAlgError.
StackShape square_stack_shape(const Array& a);

// m, n, k = min(m, n), in, and batch (0 where there are no elements) of a price.
PriceInput price_of_stack(const StackShape& shape);

// The dtype of a result: the operands' common floating dtype, float64 where one is of integers or bool; TypeError for
// float16. The work itself is done in float64 or complex128.
DType result_dtype(DType a);
DType result_dtype(DType a, DType b);
inline DType work_dtype(DType result) { return is_complex(result) ? DType::complex128 : DType::float64; }

// Calls f.operator()<T>() with the type of the work, double or Complex.
template <class F>
decltype(auto) visit_work(DType result, F&& f) {
  if (is_complex(result)) return f.template operator()<Complex>();
  return f.template operator()<double>();
}

Dims joined(std::span<const std::int64_t> batch, std::initializer_list<std::int64_t> core);

// Row-major m x n into column-major, and back.
template <class T>
void to_columns(const T* rows, std::int64_t m, std::int64_t n, T* columns) {
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) columns[j * m + i] = rows[i * n + j];
}
template <class T>
void from_columns(const T* columns, std::int64_t m, std::int64_t n, T* rows) {
  to_columns(columns, n, m, rows);
}

// `a` in the work's dtype, rounded to `to` for the caller; no copy where it has that dtype already.
inline ArrayRef rounded(const ArrayRef& a, DType to) { return contiguous_as(*a, to); }

[[noreturn]] inline void throw_lin_alg_error(const std::string& text) { throw Error(ErrorKind::lin_alg_error, text); }

// A side of a matrix as LAPACK takes it; throws ValueError above 2^31 - 1.
lapack::Index lapack_index(std::int64_t n);

// ---- Kernels shared by several operations; arrays contiguous, in the work's dtype ----

// Inverses of n x n matrices; `singular_is_nan` fills with NaN what has no inverse, else LinAlgError.
ArrayRef inverse(const Array& a, const StackShape& shape, bool singular_is_nan = false);
// Solutions for nrhs right-hand sides each (b: count x n x nrhs, row-major); LinAlgError where singular.
ArrayRef solved(const Array& a, const Array& b, const StackShape& shape, std::int64_t nrhs,
                std::span<const std::int64_t> out_shape);

enum class Vectors : std::uint8_t { none, thin, full };
struct Svd {
  ArrayRef u, s, vh;  // row-major; s float64, descending
};
// `hermitian`: from the eigenvalues of the lower triangle. LinAlgError where it does not converge.
Svd svd(const Array& a, const StackShape& shape, Vectors vectors, bool hermitian);

struct Eigh {
  ArrayRef values, vectors;  // float64 ascending; vectors null when not asked for
};
Eigh eigh(const Array& a, const StackShape& shape, char uplo, bool vectors);

// Eigenvalues of general matrices, complex128 (count x n); LinAlgError for elements that are not finite.
ArrayRef eigenvalues(const Array& a, const StackShape& shape, ArrayRef* vectors = nullptr);

// The norm of every matrix of a contiguous stack; order as in norm() ("fro" 0 by `kind`).
enum class MatrixNorm : std::uint8_t { frobenius, one, minus_one, inf, minus_inf, two, minus_two, nuclear };
ArrayRef matrix_norms(const Array& a, const StackShape& shape, MatrixNorm norm);

// Least squares for one m x n matrix, as numpy.linalg.lstsq after its checks.
struct LeastSquares {
  ArrayRef solution;   // n x nrhs
  ArrayRef residuals;  // nrhs, or none
  lapack::Index rank = 0;
  ArrayRef singular_values;
};
LeastSquares least_squares(const Array& a, const Array& b, std::int64_t m, std::int64_t n, std::int64_t nrhs,
                           double rcond);

}  // namespace flopscope::linalg
