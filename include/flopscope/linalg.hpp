// SPDX-License-Identifier: MIT
// flopscope::numpy::linalg: metered decompositions and solvers.
#pragma once

#include <flopscope/detail/function.hpp>
#include <flopscope/keywords.hpp>

namespace flopscope::numpy::linalg {

// clang-format off
// ---- Solvers, norms, products ----
FLOPSCOPE_FUNCTION(ndarray, matmul, "linalg.matmul", 2, 2)  // x1, x2
FLOPSCOPE_FUNCTION(ndarray, outer, "linalg.outer", 2, 2)  // x1, x2
FLOPSCOPE_FUNCTION(ndarray, tensordot, "linalg.tensordot", 2, 2)  // x1, x2, *, axes=2
FLOPSCOPE_FUNCTION(ndarray, vecdot, "linalg.vecdot", 2, 2)  // x1, x2, *, axis=-1
FLOPSCOPE_FUNCTION(ndarray, multi_dot, "linalg.multi_dot", 1, 1)  // arrays, *, out=None
FLOPSCOPE_FUNCTION(ndarray, cross, "linalg.cross", 2, 2)  // x1, x2, *, axis=-1
FLOPSCOPE_FUNCTION(ndarray, solve, "linalg.solve", 2, 2)  // a, b
FLOPSCOPE_FUNCTION(ndarray, inv, "linalg.inv", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, det, "linalg.det", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, cholesky, "linalg.cholesky", 1, 1)  // a, *, upper=False
FLOPSCOPE_FUNCTION(ndarray, tensorsolve, "linalg.tensorsolve", 2, 3)  // a, b, axes=None
FLOPSCOPE_FUNCTION(ndarray, tensorinv, "linalg.tensorinv", 1, 2)  // a, ind=2
FLOPSCOPE_FUNCTION(ndarray, svdvals, "linalg.svdvals", 1, 1)  // x, *, k=None
FLOPSCOPE_FUNCTION(ndarray, eigvalsh, "linalg.eigvalsh", 1, 1)  // a, UPLO=L
FLOPSCOPE_FUNCTION(ndarray, eigvals, "linalg.eigvals", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, pinv, "linalg.pinv", 1, 2)  // a, rcond=None, hermitian=False, *, rtol=None
FLOPSCOPE_FUNCTION(ndarray, matrix_rank, "linalg.matrix_rank", 1, 2)  // A, tol=None, hermitian=False, *, rtol=None
FLOPSCOPE_FUNCTION(ndarray, cond, "linalg.cond", 1, 2)  // x, p=None
FLOPSCOPE_FUNCTION(ndarray, matrix_power, "linalg.matrix_power", 2, 2)  // a, n
FLOPSCOPE_FUNCTION(ndarray, norm, "linalg.norm", 1, 3)  // x, ord=None, axis=None, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, matrix_norm, "linalg.matrix_norm", 1, 2)  // x, ord=fro, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, vector_norm, "linalg.vector_norm", 1, 3)  // x, ord=2, axis=None, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, trace, "linalg.trace", 1, 1)  // x, *, offset=0, dtype=None
FLOPSCOPE_FUNCTION(ndarray, diagonal, "linalg.diagonal", 1, 1)  // x, *, offset=0
FLOPSCOPE_FUNCTION(ndarray, matrix_transpose, "linalg.matrix_transpose", 1, 1)  // x
// clang-format on

struct EigResult {
  ndarray eigenvalues, eigenvectors;
};
struct SvdResult {
  ndarray U, S, Vh;
};
struct QrResult {
  ndarray Q, R;
};
struct SlogdetResult {
  ndarray sign, logabsdet;
};
struct LstsqResult {
  ndarray x, residuals, rank, s;
};

template <class... More>
EigResult eigh(const Arg& a, const More&... more) {  // UPLO='L'
  static const detail::Operation k_op("linalg.eigh");
  auto parts = k_op(a, more...).template as<Tuple<2>>();
  return {std::move(parts[0]), std::move(parts[1])};
}
inline EigResult eig(const Arg& a) {
  static const detail::Operation k_op("linalg.eig");
  auto parts = k_op(a).as<Tuple<2>>();
  return {std::move(parts[0]), std::move(parts[1])};
}
// mode 'reduced' or 'complete'; 'r' gives R alone, 'raw' the reflectors and their factors in Q and R.
template <class... More>
QrResult qr(const Arg& a, const More&... more) {  // mode='reduced'
  static const detail::Operation k_op("linalg.qr");
  auto parts = k_op(a, more...).template as<Arrays>();
  if (parts.size() == 1) return {{}, std::move(parts[0])};
  return {std::move(parts.at(0)), std::move(parts.at(1))};
}
// compute_uv=false gives S alone.
template <class... More>
SvdResult svd(const Arg& a, const Arg& full_matrices = {}, const More&... more) {  // compute_uv, hermitian, *, k
  static const detail::Operation k_op("linalg.svd");
  auto parts = k_op(a, full_matrices, more...).template as<Arrays>();
  if (parts.size() == 1) return {{}, std::move(parts[0]), {}};
  return {std::move(parts.at(0)), std::move(parts.at(1)), std::move(parts.at(2))};
}
// The k largest singular values: a number, where a truth is compute_uv.
SvdResult svd(const Arg& a, std::same_as<bool> auto full_matrices, detail::Whole auto k) {
  return svd(a, full_matrices, kw::k = k);
}
inline SlogdetResult slogdet(const Arg& a) {
  static const detail::Operation k_op("linalg.slogdet");
  auto parts = k_op(a).as<Tuple<2>>();
  return {std::move(parts[0]), std::move(parts[1])};
}
inline LstsqResult lstsq(const Arg& a, const Arg& b, const Arg& rcond = {}) {
  static const detail::Operation k_op("linalg.lstsq");
  auto parts = k_op(a, b, rcond).as<Tuple<4>>();
  return {std::move(parts[0]), std::move(parts[1]), std::move(parts[2]), std::move(parts[3])};
}

}  // namespace flopscope::numpy::linalg
