// SPDX-License-Identifier: MIT
// flopscope::numpy::linalg: metered decompositions and solvers.
#pragma once

#include <flopscope/ndarray.hpp>

namespace flopscope::numpy::linalg {

struct EigResult {
  ndarray eigenvalues, eigenvectors;
};
struct SvdResult {
  ndarray U, S, Vh;
};
struct QrResult {
  ndarray Q, R;
};

inline EigResult eigh(const ndarray& a) {
  static const detail::Operation k_op("linalg.eigh", "#0");
  auto parts = k_op(Arg(a)).arrays();
  return {parts.at(0), parts.at(1)};
}
inline ndarray eigvalsh(const ndarray& a) {
  static const detail::Operation k_op("linalg.eigvalsh", "#0");
  return k_op(Arg(a)).array();
}
inline EigResult eig(const ndarray& a) {
  static const detail::Operation k_op("linalg.eig", "#0");
  auto parts = k_op(Arg(a)).arrays();
  return {parts.at(0), parts.at(1)};
}
inline ndarray cholesky(const ndarray& a) {
  static const detail::Operation k_op("linalg.cholesky", "#0");
  return k_op(Arg(a)).array();
}
inline QrResult qr(const ndarray& a) {
  static const detail::Operation k_op("linalg.qr", "#0");
  auto parts = k_op(Arg(a)).arrays();
  return {parts.at(0), parts.at(1)};
}
inline SvdResult svd(const ndarray& a, bool full_matrices = true, std::optional<int> k = {}) {
  static const detail::Operation k_op("linalg.svd", "#0,full_matrices,k");
  auto parts = k_op(Arg(a), Arg(full_matrices), k ? Arg(*k) : Arg()).arrays();
  return {parts.at(0), parts.at(1), parts.at(2)};
}
inline ndarray solve(const ndarray& a, const ndarray& b) {
  static const detail::Operation k_op("linalg.solve", "#0,#1");
  return k_op(Arg(a), Arg(b)).array();
}
inline ndarray inv(const ndarray& a) {
  static const detail::Operation k_op("linalg.inv", "#0");
  return k_op(Arg(a)).array();
}
inline ndarray pinv(const ndarray& a) {
  static const detail::Operation k_op("linalg.pinv", "#0");
  return k_op(Arg(a)).array();
}
inline ndarray det(const ndarray& a) {
  static const detail::Operation k_op("linalg.det", "#0");
  return k_op(Arg(a)).array();
}
inline ndarray norm(const ndarray& a, const Arg& ord = {}, const Axis& axis = {}, bool keepdims = false) {
  static const detail::Operation k_op("linalg.norm", "#0,ord,axis,keepdims");
  return k_op(Arg(a), ord, Arg(axis.value()), keepdims ? Arg(true) : Arg()).array();
}

}  // namespace flopscope::numpy::linalg
