// SPDX-License-Identifier: MIT
// The factorisations of the linalg family over stacks of matrices, in double or complex double as NumPy has them.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <whest/flopscope/ops/detail/finite.hpp>
#include <whest/flopscope/ops/detail/matrix_stack.hpp>

namespace flopscope::linalg {
namespace {

// With room behind the end: complex kernels of OpenBLAS 0.3.21 read (and ignore) a few elements past it.
template <class T>
std::vector<T> work(std::int64_t n) {
  std::vector<T> v;
  v.reserve(static_cast<std::size_t>(n) + 8);
  v.resize(static_cast<std::size_t>(n));
  return v;
}

template <class T>
void fill_nan(T* p, std::int64_t n) {
  std::fill_n(p, n, T(std::numeric_limits<double>::quiet_NaN()));
}

double conjugate(double x) { return x; }
Complex conjugate(Complex x) { return std::conj(x); }

// Singular value decomposition from eigenvalues: s = |w| descending, U = V, V^H = (V sign(w))^H.
template <class T>
Svd hermitian_svd(const Array& a, const StackShape& shape, bool vectors) {
  const std::int64_t n = shape.n;
  const Eigh e = eigh(a, shape, 'L', vectors);
  Svd out;
  out.s = Array::make(DType::float64, e.values->dims());
  if (vectors) {
    out.u = Array::make(a.type(), a.dims());
    out.vh = Array::make(a.type(), a.dims());
  }
  std::vector<std::int64_t> order = work<std::int64_t>(n);
  for (std::int64_t b = 0; b < shape.count; ++b) {
    const double* w = e.values->items<double>() + b * n;
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto i, auto j) { return std::abs(w[i]) > std::abs(w[j]); });
    for (std::int64_t j = 0; j < n; ++j) {
      const std::int64_t from = order[static_cast<std::size_t>(j)];
      out.s->mutable_items<double>()[b * n + j] = std::abs(w[from]);
      if (!vectors) continue;
      const double sign = w[from] > 0 ? 1 : w[from] < 0 ? -1 : 0;
      const T* v = e.vectors->items<T>() + b * n * n;
      T* u = out.u->mutable_items<T>() + b * n * n;
      T* vh = out.vh->mutable_items<T>() + b * n * n;
      for (std::int64_t i = 0; i < n; ++i) {
        u[i * n + j] = v[i * n + from];
        vh[j * n + i] = conjugate(v[i * n + from] * sign);
      }
    }
  }
  return out;
}

template <class T>
Svd general_svd(const Array& a, const StackShape& shape, Vectors vectors) {
  const std::int64_t m = shape.m, n = shape.n, least = std::min(m, n);
  const std::int64_t u_columns = vectors == Vectors::full ? m : least, vh_rows = vectors == Vectors::full ? n : least;
  const char job = vectors == Vectors::none ? 'N' : vectors == Vectors::thin ? 'S' : 'A';
  Svd out;
  out.s = Array::make(DType::float64, joined(shape.batch, {least}));
  if (vectors != Vectors::none) {
    out.u = zeros(a.type(), joined(shape.batch, {m, u_columns}));
    out.vh = zeros(a.type(), joined(shape.batch, {vh_rows, n}));
  }
  std::vector<T> columns = work<T>(m * n), u = work<T>(out.u ? m * u_columns : 1),
                 vh = work<T>(out.vh ? vh_rows * n : 1);
  for (std::int64_t b = 0; b < shape.count; ++b) {
    if (least == 0) {  // nothing to decompose: the bases are identities
      if (out.u)
        for (std::int64_t i = 0; i < u_columns; ++i)
          out.u->mutable_items<T>()[b * m * u_columns + i * u_columns + i] = T(1);
      if (out.vh)
        for (std::int64_t i = 0; i < vh_rows; ++i) out.vh->mutable_items<T>()[b * vh_rows * n + i * n + i] = T(1);
      continue;
    }
    double* s = out.s->mutable_items<double>() + b * least;
    const std::span<const T> matrix(a.items<T>() + b * m * n, static_cast<std::size_t>(m * n));
    // LAPACK may iterate for ever on these: no convergence with a NaN, and an infinity leaves nothing but NaN.
    if (!std::all_of(matrix.begin(), matrix.end(), [](T x) { return x - x == T(0); })) {
      if (std::any_of(matrix.begin(), matrix.end(), [](T x) { return x != x; }))
        throw_lin_alg_error("SVD did not converge");
      fill_nan(s, least);
      if (out.u) fill_nan(out.u->mutable_items<T>() + b * m * u_columns, m * u_columns);
      if (out.vh) fill_nan(out.vh->mutable_items<T>() + b * vh_rows * n, vh_rows * n);
      continue;
    }
    to_columns(matrix.data(), m, n, columns.data());
    if (lapack::gesdd(job, lapack_index(m), lapack_index(n), columns.data(), s, u.data(), vh.data()) != 0)
      throw_lin_alg_error("SVD did not converge");
    if (out.u) from_columns(u.data(), m, u_columns, out.u->mutable_items<T>() + b * m * u_columns);
    if (out.vh) from_columns(vh.data(), vh_rows, n, out.vh->mutable_items<T>() + b * vh_rows * n);
  }
  return out;
}

}  // namespace

ArrayRef inverse(const Array& a, const StackShape& shape, bool singular_is_nan) {
  const std::int64_t n = shape.n;
  ArrayRef out = Array::make(a.type(), a.dims());
  visit_work(a.type(), [&]<class T>() {
    std::vector<T> columns = work<T>(n * n), x = work<T>(n * n);
    for (std::int64_t b = 0; b < shape.count && n > 0; ++b) {
      to_columns(a.items<T>() + b * n * n, n, n, columns.data());
      std::fill(x.begin(), x.end(), T(0));
      for (std::int64_t i = 0; i < n; ++i) x[static_cast<std::size_t>(i * n + i)] = T(1);
      T* to = out->mutable_items<T>() + b * n * n;
      if (lapack::gesv(lapack_index(n), lapack_index(n), columns.data(), x.data()) == 0)
        from_columns(x.data(), n, n, to);
      else if (singular_is_nan)
        fill_nan(to, n * n);
      else
        throw_lin_alg_error("Singular matrix");
    }
  });
  return out;
}

ArrayRef solved(const Array& a, const Array& b, const StackShape& shape, std::int64_t nrhs,
                std::span<const std::int64_t> out_shape) {
  const std::int64_t n = shape.n;
  ArrayRef out = Array::make(a.type(), out_shape);
  visit_work(a.type(), [&]<class T>() {
    // One right-hand side at least, without which OpenBLAS does not look at the matrix.
    const std::int64_t sides = std::max<std::int64_t>(nrhs, 1);
    std::vector<T> columns = work<T>(n * n), x = work<T>(n * sides);
    for (std::int64_t i = 0; i < shape.count && n > 0; ++i) {
      to_columns(a.items<T>() + i * n * n, n, n, columns.data());
      to_columns(b.items<T>() + i * n * nrhs, n, nrhs, x.data());
      if (lapack::gesv(lapack_index(n), lapack_index(sides), columns.data(), x.data()) != 0)
        throw_lin_alg_error("Singular matrix");
      from_columns(x.data(), n, nrhs, out->mutable_items<T>() + i * n * nrhs);
    }
  });
  return out;
}

Svd svd(const Array& a, const StackShape& shape, Vectors vectors, bool hermitian) {
  return visit_work(a.type(), [&]<class T>() {
    return hermitian ? hermitian_svd<T>(a, shape, vectors != Vectors::none) : general_svd<T>(a, shape, vectors);
  });
}

Eigh eigh(const Array& a, const StackShape& shape, char uplo, bool vectors) {
  const std::int64_t n = shape.n;
  Eigh out;
  out.values = Array::make(DType::float64, joined(shape.batch, {n}));
  if (vectors) out.vectors = Array::make(a.type(), a.dims());
  visit_work(a.type(), [&]<class T>() {
    std::vector<T> columns = work<T>(n * n);
    for (std::int64_t b = 0; b < shape.count && n > 0; ++b) {
      to_columns(a.items<T>() + b * n * n, n, n, columns.data());
      double* w = out.values->mutable_items<double>() + b * n;
      if (lapack::heevd(vectors ? 'V' : 'N', uplo, lapack_index(n), columns.data(), w) != 0)
        throw_lin_alg_error("Eigenvalues did not converge");
      if (vectors) from_columns(columns.data(), n, n, out.vectors->mutable_items<T>() + b * n * n);
    }
  });
  return out;
}

ArrayRef eigenvalues(const Array& a, const StackShape& shape, ArrayRef* vectors) {
  const std::int64_t n = shape.n;
  ArrayRef values = Array::make(DType::complex128, joined(shape.batch, {n}));
  if (vectors != nullptr) *vectors = Array::make(DType::complex128, a.dims());
  visit_work(a.type(), [&]<class T>() {
    const T* items = a.items<T>();
    if (!detail::all_finite(a)) throw_lin_alg_error("Array must not contain infs or NaNs");
    std::vector<T> columns = work<T>(n * n);
    std::vector<Complex> v = work<Complex>(vectors != nullptr ? n * n : 0);
    for (std::int64_t b = 0; b < shape.count && n > 0; ++b) {
      to_columns(items + b * n * n, n, n, columns.data());
      Complex* w = values->mutable_items<Complex>() + b * n;
      if (lapack::geev(lapack_index(n), columns.data(), w, vectors != nullptr ? v.data() : nullptr) != 0)
        throw_lin_alg_error("Eigenvalues did not converge");
      if (vectors != nullptr) from_columns(v.data(), n, n, (*vectors)->mutable_items<Complex>() + b * n * n);
    }
  });
  return values;
}

LeastSquares least_squares(const Array& a, const Array& b, std::int64_t m, std::int64_t n, std::int64_t nrhs,
                           double rcond) {
  const std::int64_t rows = std::max(m, n), least = std::min(m, n);
  LeastSquares out;
  out.solution = zeros(a.type(), Dims{n, nrhs});
  out.singular_values = Array::make(DType::float64, Dims{least});
  visit_work(a.type(), [&]<class T>() {
    // LAPACK would complain on the standard error stream and not converge.
    if (!detail::all_finite(a)) throw_lin_alg_error("SVD did not converge in Linear Least Squares");
    std::vector<T> columns = work<T>(m * n), x = work<T>(rows * std::max<std::int64_t>(nrhs, 1));
    to_columns(a.items<T>(), m, n, columns.data());
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < nrhs; ++j) x[static_cast<std::size_t>(j * rows + i)] = b.items<T>()[i * nrhs + j];
    if (least > 0) {
      // LAPACK wants at least one right-hand side.
      const lapack::Index columns_b = lapack_index(std::max<std::int64_t>(nrhs, 1));
      if (lapack::gelsd(lapack_index(m), lapack_index(n), columns_b, columns.data(), x.data(),
                        out.singular_values->mutable_items<double>(), rcond, &out.rank) != 0)
        throw_lin_alg_error("SVD did not converge in Linear Least Squares");
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < nrhs; ++j)
          out.solution->mutable_items<T>()[i * nrhs + j] = x[static_cast<std::size_t>(j * rows + i)];
    }
    // Residuals are known only where the solution is unique and the system overdetermined.
    const bool known = out.rank == n && m > n;
    out.residuals = zeros(DType::float64, Dims{known ? nrhs : 0});
    for (std::int64_t j = 0; known && j < nrhs; ++j)
      for (std::int64_t i = n; i < m; ++i)
        out.residuals->mutable_items<double>()[j] += std::norm(x[static_cast<std::size_t>(j * rows + i)]);
  });
  return out;
}

}  // namespace flopscope::linalg
