// SPDX-License-Identifier: MIT
// Row-major matrix products over the four floating types (BLAS) and integers (plain loops).
#pragma once

#include <cblas.h>

#include <cstdint>
#include <whest/flopscope/core/dtype.hpp>

namespace flopscope::contract {

// A matrix as strides in elements; one of them is 1 where BLAS is to be used.
template <class T>
struct Matrix {
  const T* data = nullptr;
  std::int64_t rows = 0, columns = 0;
  std::int64_t row_stride = 0, column_stride = 0;

  bool by_rows() const {
    return (column_stride == 1 || columns == 1) && (row_stride >= columns || rows == 1) && row_stride >= 0;
  }
  bool by_columns() const {
    return (row_stride == 1 || rows == 1) && (column_stride >= rows || columns == 1) && column_stride >= 0;
  }
  bool fits_blas() const { return by_rows() || by_columns(); }
};

inline CBLAS_TRANSPOSE trans_of(bool by_rows) { return by_rows ? CblasNoTrans : CblasTrans; }
inline blasint blas_int(std::int64_t n) { return static_cast<blasint>(n); }

inline void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k, const float* a,
                      blasint lda, const float* b, blasint ldb, float* c, blasint ldc) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
}
inline void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k, const double* a,
                      blasint lda, const double* b, blasint ldb, double* c, blasint ldc) {
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
}
inline void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k, const Complex64* a,
                      blasint lda, const Complex64* b, blasint ldb, Complex64* c, blasint ldc) {
  const Complex64 one = 1, zero = 0;
  cblas_cgemm(CblasRowMajor, ta, tb, m, n, k, &one, a, lda, b, ldb, &zero, c, ldc);
}
inline void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k, const Complex128* a,
                      blasint lda, const Complex128* b, blasint ldb, Complex128* c, blasint ldc) {
  const Complex128 one = 1, zero = 0;
  cblas_zgemm(CblasRowMajor, ta, tb, m, n, k, &one, a, lda, b, ldb, &zero, c, ldc);
}

// y = A x with A (m, k) by rows of `lda`, or its transpose.
inline void blas_gemv(CBLAS_TRANSPOSE t, blasint m, blasint n, const float* a, blasint lda, const float* x,
                      blasint incx, float* y) {
  cblas_sgemv(CblasRowMajor, t, m, n, 1, a, lda, x, incx, 0, y, 1);
}
inline void blas_gemv(CBLAS_TRANSPOSE t, blasint m, blasint n, const double* a, blasint lda, const double* x,
                      blasint incx, double* y) {
  cblas_dgemv(CblasRowMajor, t, m, n, 1, a, lda, x, incx, 0, y, 1);
}

template <class T>
void naive_product(const Matrix<T>& a, const Matrix<T>& b, T* c) {
  for (std::int64_t i = 0; i < a.rows; ++i) {
    T* row = c + i * b.columns;
    for (std::int64_t j = 0; j < b.columns; ++j) row[j] = T(0);
    for (std::int64_t k = 0; k < a.columns; ++k) {
      const T left = a.data[i * a.row_stride + k * a.column_stride];
      const T* right = b.data + k * b.row_stride;
      for (std::int64_t j = 0; j < b.columns; ++j) row[j] += left * right[j * b.column_stride];
    }
  }
}

// c (a.rows, b.columns), contiguous by rows, = a b. Both fit BLAS unless T is an integer.
template <class T>
void product(const Matrix<T>& a, const Matrix<T>& b, T* c) {
  const std::int64_t m = a.rows, n = b.columns, k = a.columns;
  if (m == 0 || n == 0) return;
  if constexpr (std::is_integral_v<T>) {
    naive_product(a, b, c);
    return;
  } else {
    if (k == 0 || m * n * k <= 64) return naive_product(a, b, c);
    const bool a_rows = a.by_rows(), b_rows = b.by_rows();
    const std::int64_t lda = a_rows ? std::max(a.row_stride, k) : std::max(a.column_stride, m);
    const std::int64_t ldb = b_rows ? std::max(b.row_stride, n) : std::max(b.column_stride, k);
    if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
      if (n == 1 && b.row_stride > 0) {
        if (a_rows)
          return blas_gemv(CblasNoTrans, blas_int(m), blas_int(k), a.data, blas_int(lda), b.data,
                           blas_int(b.row_stride), c);
        return blas_gemv(CblasTrans, blas_int(k), blas_int(m), a.data, blas_int(lda), b.data, blas_int(b.row_stride),
                         c);
      }
      if (m == 1 && a.column_stride > 0) {
        if (b_rows)
          return blas_gemv(CblasTrans, blas_int(k), blas_int(n), b.data, blas_int(ldb), a.data,
                           blas_int(a.column_stride), c);
        return blas_gemv(CblasNoTrans, blas_int(n), blas_int(k), b.data, blas_int(ldb), a.data,
                         blas_int(a.column_stride), c);
      }
    }
    blas_gemm(trans_of(a_rows), trans_of(b_rows), blas_int(m), blas_int(n), blas_int(k), a.data, blas_int(lda), b.data,
              blas_int(ldb), c, blas_int(n));
  }
}

}  // namespace flopscope::contract
