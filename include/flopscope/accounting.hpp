// SPDX-License-Identifier: MIT
// flopscope::accounting: what an operation would cost under the model in force, from sizes alone. Nothing runs and
// nothing is charged; no dtype is known, so no dtype rate is in it. Arguments as in the Python package, by position or
// by keyword: accounting::svd_cost(256, 64), accounting::einsum_cost("ij,jk->ik", kw::shapes = {{3, 4}, {4, 5}}).
#pragma once

#include <flopscope/call.hpp>
#include <flopscope/keywords.hpp>

namespace flopscope::accounting {

// `name` asks by its name; whole numbers that may pass 2^63.
inline double cost(const char* name, const std::vector<numpy::Arg>& args) {
  std::vector<flopscope_value> values;
  std::vector<const char*> keywords;
  for (const numpy::Arg& arg : args) {
    values.push_back(arg.value());
    keywords.push_back(arg.keyword());
  }
  double cost = 0;
  detail::check(flopscope_query(name, values.data(), keywords.data(), args.size(), &cost));
  return cost;
}

// clang-format off
#define FLOPSCOPE_QUERY(name)                                                                    \
  template <class... More>                                                                       \
  double name(const numpy::Arg& a, const numpy::Arg& b = {}, const More&... more) {              \
    return cost(#name, {a, b, numpy::Arg(more)...});                                             \
  }
FLOPSCOPE_QUERY(bartlett_cost)
FLOPSCOPE_QUERY(blackman_cost)
FLOPSCOPE_QUERY(cholesky_cost)
FLOPSCOPE_QUERY(cond_cost)
FLOPSCOPE_QUERY(det_cost)
FLOPSCOPE_QUERY(eig_cost)
FLOPSCOPE_QUERY(eigh_cost)
FLOPSCOPE_QUERY(eigvals_cost)
FLOPSCOPE_QUERY(eigvalsh_cost)
FLOPSCOPE_QUERY(einsum_cost)
FLOPSCOPE_QUERY(fft_cost)
FLOPSCOPE_QUERY(fftn_cost)
FLOPSCOPE_QUERY(hamming_cost)
FLOPSCOPE_QUERY(hanning_cost)
FLOPSCOPE_QUERY(hfft_cost)
FLOPSCOPE_QUERY(inv_cost)
FLOPSCOPE_QUERY(kaiser_cost)
FLOPSCOPE_QUERY(lstsq_cost)
FLOPSCOPE_QUERY(matrix_norm_cost)
FLOPSCOPE_QUERY(matrix_power_cost)
FLOPSCOPE_QUERY(matrix_rank_cost)
FLOPSCOPE_QUERY(multi_dot_cost)
FLOPSCOPE_QUERY(norm_cost)
FLOPSCOPE_QUERY(pinv_cost)
FLOPSCOPE_QUERY(pointwise_cost)
FLOPSCOPE_QUERY(poly_cost)
FLOPSCOPE_QUERY(polyadd_cost)
FLOPSCOPE_QUERY(polyder_cost)
FLOPSCOPE_QUERY(polydiv_cost)
FLOPSCOPE_QUERY(polyfit_cost)
FLOPSCOPE_QUERY(polyint_cost)
FLOPSCOPE_QUERY(polymul_cost)
FLOPSCOPE_QUERY(polysub_cost)
FLOPSCOPE_QUERY(polyval_cost)
FLOPSCOPE_QUERY(qr_cost)
FLOPSCOPE_QUERY(reduction_cost)
FLOPSCOPE_QUERY(rfft_cost)
FLOPSCOPE_QUERY(rfftn_cost)
FLOPSCOPE_QUERY(roots_cost)
FLOPSCOPE_QUERY(slogdet_cost)
FLOPSCOPE_QUERY(solve_cost)
FLOPSCOPE_QUERY(svd_cost)
FLOPSCOPE_QUERY(svdvals_cost)
FLOPSCOPE_QUERY(tensorinv_cost)
FLOPSCOPE_QUERY(tensorsolve_cost)
FLOPSCOPE_QUERY(trace_cost)
FLOPSCOPE_QUERY(unwrap_cost)
FLOPSCOPE_QUERY(vector_norm_cost)
#undef FLOPSCOPE_QUERY
// clang-format on

}  // namespace flopscope::accounting
