// SPDX-License-Identifier: MIT
// Calls of LAPACK's Fortran interface as OpenBLAS provides it. Text arguments have a hidden length at the end of the
// argument list.
#include <algorithm>
#include <cstddef>
#include <whest/flopscope/ops/detail/lapack.hpp>

extern "C" {
using I = const int*;
using Z = std::complex<double>;
using Len = std::size_t;
void dgesv_(I, I, double*, I, int*, double*, I, int*);
void zgesv_(I, I, Z*, I, int*, Z*, I, int*);
void dgetrf_(I, I, double*, I, int*, int*);
void zgetrf_(I, I, Z*, I, int*, int*);
void dpotrf_(const char*, I, double*, I, int*, Len);
void zpotrf_(const char*, I, Z*, I, int*, Len);
void dsyevd_(const char*, const char*, I, double*, I, double*, double*, I, int*, I, int*, Len, Len);
void zheevd_(const char*, const char*, I, Z*, I, double*, Z*, I, double*, I, int*, I, int*, Len, Len);
void dgeev_(const char*, const char*, I, double*, I, double*, double*, double*, I, double*, I, double*, I, int*, Len,
            Len);
void zgeev_(const char*, const char*, I, Z*, I, Z*, Z*, I, Z*, I, Z*, I, double*, int*, Len, Len);
void dgesdd_(const char*, I, I, double*, I, double*, double*, I, double*, I, double*, I, int*, int*, Len);
void zgesdd_(const char*, I, I, Z*, I, double*, Z*, I, Z*, I, Z*, I, double*, int*, int*, Len);
void dgelsd_(I, I, I, double*, I, double*, I, double*, const double*, int*, double*, I, int*, int*);
void zgelsd_(I, I, I, Z*, I, Z*, I, double*, const double*, int*, Z*, I, double*, int*, int*);
void dgeqrf_(I, I, double*, I, double*, double*, I, int*);
void zgeqrf_(I, I, Z*, I, Z*, Z*, I, int*);
void dorgqr_(I, I, I, double*, I, const double*, double*, I, int*);
void dgemm_(const char*, const char*, I, I, I, const double*, const double*, I, const double*, I, const double*,
            double*, I, Len, Len);
void zgemm_(const char*, const char*, I, I, I, const Z*, const Z*, I, const Z*, I, const Z*, Z*, I, Len, Len);
void zungqr_(I, I, I, Z*, I, const Z*, Z*, I, int*);
}

namespace flopscope::lapack {
namespace {

double real_of(double x) { return x; }
double real_of(Complex x) { return x.real(); }

template <class T>
std::vector<T> buffer(double elements) {
  return std::vector<T>(static_cast<std::size_t>(std::max(elements, 1.0)));
}

Index at_least_1(Index n) { return std::max(n, 1); }

// Asks a driver for its workspace (length -1), then runs it: call(work, lwork) must pass both on.
template <class T, class F>
void with_workspace(F&& call) {
  T size{};
  call(&size, -1);
  const double elements = std::max(real_of(size), 1.0);
  std::vector<T> work = buffer<T>(elements);
  call(work.data(), static_cast<Index>(elements));
}

}  // namespace

Index gesv(Index n, Index nrhs, double* a, double* b) {
  std::vector<Index> pivots = buffer<Index>(n);
  Index info = 0;
  const Index ld = at_least_1(n);
  dgesv_(&n, &nrhs, a, &ld, pivots.data(), b, &ld, &info);
  return info;
}
Index gesv(Index n, Index nrhs, Complex* a, Complex* b) {
  std::vector<Index> pivots = buffer<Index>(n);
  Index info = 0;
  const Index ld = at_least_1(n);
  zgesv_(&n, &nrhs, a, &ld, pivots.data(), b, &ld, &info);
  return info;
}

Index getrf(Index n, double* a, Index* pivots) {
  Index info = 0;
  const Index ld = at_least_1(n);
  dgetrf_(&n, &n, a, &ld, pivots, &info);
  return info;
}
Index getrf(Index n, Complex* a, Index* pivots) {
  Index info = 0;
  const Index ld = at_least_1(n);
  zgetrf_(&n, &n, a, &ld, pivots, &info);
  return info;
}

Index potrf(char uplo, Index n, double* a) {
  Index info = 0;
  const Index ld = at_least_1(n);
  dpotrf_(&uplo, &n, a, &ld, &info, 1);
  return info;
}
Index potrf(char uplo, Index n, Complex* a) {
  Index info = 0;
  const Index ld = at_least_1(n);
  zpotrf_(&uplo, &n, a, &ld, &info, 1);
  return info;
}

Index heevd(char jobz, char uplo, Index n, double* a, double* w) {
  Index info = 0, liwork = -1, lwork = -1, integers = 0;
  const Index ld = at_least_1(n);
  double size = 0;
  dsyevd_(&jobz, &uplo, &n, a, &ld, w, &size, &lwork, &integers, &liwork, &info, 1, 1);
  std::vector<double> work = buffer<double>(size);
  std::vector<Index> iwork = buffer<Index>(integers);
  lwork = static_cast<Index>(work.size());
  liwork = static_cast<Index>(iwork.size());
  dsyevd_(&jobz, &uplo, &n, a, &ld, w, work.data(), &lwork, iwork.data(), &liwork, &info, 1, 1);
  return info;
}
Index heevd(char jobz, char uplo, Index n, Complex* a, double* w) {
  Index info = 0, liwork = -1, lwork = -1, lrwork = -1, integers = 0;
  const Index ld = at_least_1(n);
  Complex size = 0;
  double reals = 0;
  zheevd_(&jobz, &uplo, &n, a, &ld, w, &size, &lwork, &reals, &lrwork, &integers, &liwork, &info, 1, 1);
  std::vector<Complex> work = buffer<Complex>(size.real());
  std::vector<double> rwork = buffer<double>(reals);
  std::vector<Index> iwork = buffer<Index>(integers);
  lwork = static_cast<Index>(work.size());
  lrwork = static_cast<Index>(rwork.size());
  liwork = static_cast<Index>(iwork.size());
  zheevd_(&jobz, &uplo, &n, a, &ld, w, work.data(), &lwork, rwork.data(), &lrwork, iwork.data(), &liwork, &info, 1, 1);
  return info;
}

Index geev(Index n, double* a, Complex* w, Complex* vectors) {
  const char left = 'N', right = vectors != nullptr ? 'V' : 'N';
  const Index ld = at_least_1(n);
  Index info = 0;
  std::vector<double> re = buffer<double>(n), im = buffer<double>(n);
  std::vector<double> v = buffer<double>(vectors != nullptr ? static_cast<double>(n) * n : 1);
  with_workspace<double>([&](double* work, Index lwork) {
    dgeev_(&left, &right, &n, a, &ld, re.data(), im.data(), nullptr, &ld, v.data(), &ld, work, &lwork, &info, 1, 1);
  });
  for (Index j = 0; j < n; ++j) w[j] = {re[static_cast<std::size_t>(j)], im[static_cast<std::size_t>(j)]};
  if (vectors == nullptr) return info;
  // A conjugate pair shares two real columns: real part, imaginary part.
  for (Index j = 0; j < n; ++j) {
    const double* col = v.data() + static_cast<std::ptrdiff_t>(j) * n;
    Complex* out = vectors + static_cast<std::ptrdiff_t>(j) * n;
    if (w[j].imag() == 0) {
      std::copy(col, col + n, out);
      continue;
    }
    for (Index i = 0; i < n; ++i) {
      out[i] = {col[i], col[n + i]};
      out[n + i] = {col[i], -col[n + i]};
    }
    ++j;
  }
  return info;
}
Index geev(Index n, Complex* a, Complex* w, Complex* vectors) {
  const char left = 'N', right = vectors != nullptr ? 'V' : 'N';
  const Index ld = at_least_1(n);
  Index info = 0;
  std::vector<double> rwork = buffer<double>(2.0 * n);
  with_workspace<Complex>([&](Complex* work, Index lwork) {
    zgeev_(&left, &right, &n, a, &ld, w, nullptr, &ld, vectors, &ld, work, &lwork, rwork.data(), &info, 1, 1);
  });
  return info;
}

Index gesdd(char jobz, Index m, Index n, double* a, double* s, double* u, double* vt) {
  const Index least = std::min(m, n), lda = at_least_1(m), ldu = lda, ldvt = at_least_1(jobz == 'S' ? least : n);
  Index info = 0;
  std::vector<Index> iwork = buffer<Index>(8.0 * least);
  with_workspace<double>([&](double* work, Index lwork) {
    dgesdd_(&jobz, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, iwork.data(), &info, 1);
  });
  return info;
}
Index gesdd(char jobz, Index m, Index n, Complex* a, double* s, Complex* u, Complex* vt) {
  const Index least = std::min(m, n), lda = at_least_1(m), ldu = lda, ldvt = at_least_1(jobz == 'S' ? least : n);
  Index info = 0;
  const double b = least, c = std::max(m, n);
  std::vector<double> rwork =
      buffer<double>(jobz == 'N' ? 7 * b : std::max(5 * b * b + 7 * b, 2 * c * b + 2 * b * b + b));
  std::vector<Index> iwork = buffer<Index>(8.0 * least);
  with_workspace<Complex>([&](Complex* work, Index lwork) {
    zgesdd_(&jobz, &m, &n, a, &lda, s, u, &ldu, vt, &ldvt, work, &lwork, rwork.data(), iwork.data(), &info, 1);
  });
  return info;
}

Index gelsd(Index m, Index n, Index nrhs, double* a, double* b, double* s, double rcond, Index* rank) {
  const Index lda = at_least_1(m), ldb = at_least_1(std::max(m, n));
  Index info = 0, lwork = -1, integers = 0;
  double size = 0;
  dgelsd_(&m, &n, &nrhs, a, &lda, b, &ldb, s, &rcond, rank, &size, &lwork, &integers, &info);
  std::vector<double> work = buffer<double>(size);
  std::vector<Index> iwork = buffer<Index>(integers);
  lwork = static_cast<Index>(work.size());
  dgelsd_(&m, &n, &nrhs, a, &lda, b, &ldb, s, &rcond, rank, work.data(), &lwork, iwork.data(), &info);
  return info;
}
Index gelsd(Index m, Index n, Index nrhs, Complex* a, Complex* b, double* s, double rcond, Index* rank) {
  const Index lda = at_least_1(m), ldb = at_least_1(std::max(m, n));
  Index info = 0, lwork = -1, integers = 0;
  Complex size = 0;
  double reals = 0;
  zgelsd_(&m, &n, &nrhs, a, &lda, b, &ldb, s, &rcond, rank, &size, &lwork, &reals, &integers, &info);
  std::vector<Complex> work = buffer<Complex>(size.real());
  std::vector<double> rwork = buffer<double>(reals);
  std::vector<Index> iwork = buffer<Index>(integers);
  lwork = static_cast<Index>(work.size());
  zgelsd_(&m, &n, &nrhs, a, &lda, b, &ldb, s, &rcond, rank, work.data(), &lwork, rwork.data(), iwork.data(), &info);
  return info;
}

Index geqrf(Index m, Index n, double* a, double* tau) {
  Index info = 0;
  const Index ld = at_least_1(m);
  with_workspace<double>([&](double* work, Index lwork) { dgeqrf_(&m, &n, a, &ld, tau, work, &lwork, &info); });
  return info;
}
Index geqrf(Index m, Index n, Complex* a, Complex* tau) {
  Index info = 0;
  const Index ld = at_least_1(m);
  with_workspace<Complex>([&](Complex* work, Index lwork) { zgeqrf_(&m, &n, a, &ld, tau, work, &lwork, &info); });
  return info;
}

Index orgqr(Index m, Index n, Index k, double* a, const double* tau) {
  Index info = 0;
  const Index ld = at_least_1(m);
  with_workspace<double>([&](double* work, Index lwork) { dorgqr_(&m, &n, &k, a, &ld, tau, work, &lwork, &info); });
  return info;
}
Index orgqr(Index m, Index n, Index k, Complex* a, const Complex* tau) {
  Index info = 0;
  const Index ld = at_least_1(m);
  with_workspace<Complex>([&](Complex* work, Index lwork) { zungqr_(&m, &n, &k, a, &ld, tau, work, &lwork, &info); });
  return info;
}

// Row-major matrices are the transposes of column-major ones: C^T = B^T A^T.
void multiply(Index m, Index k, Index n, const double* a, const double* b, double* c) {
  const double one = 1, zero = 0;
  const Index lda = at_least_1(k), ldb = at_least_1(n);
  dgemm_("N", "N", &n, &m, &k, &one, b, &ldb, a, &lda, &zero, c, &ldb, 1, 1);
}
void multiply(Index m, Index k, Index n, const Complex* a, const Complex* b, Complex* c) {
  const Complex one = 1, zero = 0;
  const Index lda = at_least_1(k), ldb = at_least_1(n);
  zgemm_("N", "N", &n, &m, &k, &one, b, &ldb, a, &lda, &zero, c, &ldb, 1, 1);
}

}  // namespace flopscope::lapack
