// SPDX-License-Identifier: MIT
// Products: einsum and what is made of it, covariances, convolutions.
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy {

// clang-format off
// ---- Products ----
FLOPSCOPE_ARRAY_FUNCTION(ndarray, matmul, "matmul", 2, 2)  // a, b, out=None
FLOPSCOPE_ARRAY_FUNCTION(ndarray, dot, "dot", 2, 2)  // a, b
FLOPSCOPE_ARRAY_FUNCTION(ndarray, inner, "inner", 2, 2)  // a, b
FLOPSCOPE_ARRAY_FUNCTION(ndarray, outer, "outer", 2, 2)  // a, b, out=None
FLOPSCOPE_ARRAY_FUNCTION(ndarray, vdot, "vdot", 2, 2)  // a, b
FLOPSCOPE_FUNCTION(ndarray, vecdot, "vecdot", 2, 2)  // a, b, out=None, *, axis=-1, casting='same_kind', keepdims=False
FLOPSCOPE_FUNCTION(ndarray, matvec, "matvec", 2, 2)  // a, b, out=None, *, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, vecmat, "vecmat", 2, 2)  // a, b, out=None, *, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, tensordot, "tensordot", 2, 3)  // a, b, axes=2
FLOPSCOPE_FUNCTION(ndarray, kron, "kron", 2, 2)  // a, b
FLOPSCOPE_FUNCTION(ndarray, cross, "cross", 2, 3)  // a, b, axisa=-1, axisb=-1, axisc=-1, axis=None
FLOPSCOPE_FUNCTION(ndarray, convolve, "convolve", 2, 3)  // a, v, mode=full
FLOPSCOPE_FUNCTION(ndarray, correlate, "correlate", 2, 3)  // a, v, mode=valid
FLOPSCOPE_FUNCTION(ndarray, cov, "cov", 1, 2)  // m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None
FLOPSCOPE_FUNCTION(ndarray, corrcoef, "corrcoef", 1, 2)  // x, y=None, rowvar=True, *, dtype=None
FLOPSCOPE_FUNCTION(ndarray, trace, "trace", 1, 2)  // a, offset=0, axis1=0, axis2=1, dtype=None, out=None
// clang-format on

// einsum("ij,jk->ik", a, b, kw::optimize = "optimal"): operands, then keywords (out, optimize, symmetry, dtype, order,
// casting).
template <class... A>
ndarray einsum(const Arg& subscripts, const A&... operands) {
  static const detail::Operation k_op("einsum");
  if constexpr ((std::is_same_v<A, ndarray> && ...)) {
    const flopscope_value values[] = {Arg(operands).value()...};
    return k_op(subscripts, Arg(detail::make_sequence(FLOPSCOPE_TUPLE, values, sizeof...(A)))).array();
  }
  return detail::with_variadic(k_op, {subscripts}, {Arg(operands)...}).array();
}

// The order in which einsum contracts, and what that costs before the rates of dtypes.
struct EinsumPath {
  struct Step {
    std::string subscripts;
    double cost = 0, dense_cost = 0;
    std::string source;  // the bound that decided: "per-input", "joint-burnside", "output-burnside"; "dense": none
  };
  std::vector<std::vector<std::int64_t>> path;  // for each step the positions of its operands
  std::vector<Step> steps;
  double naive_cost = 0;      // of the steps without symmetry
  double optimized_cost = 0;  // as einsum charges
  double speedup = 1;
  double largest_intermediate = 0;  // elements
  std::string optimizer;
  std::string table;  // all that as text
};
template <class... A>
EinsumPath einsum_path(const Arg& subscripts, const A&... operands) {
  static const detail::Operation k_op("einsum_path");
  const detail::Outcome outcome = detail::with_variadic(k_op, {subscripts}, {Arg(operands)...});
  const flopscope_value &steps = outcome.value().items[0], &info = outcome.value().items[1];
  flopscope_path_info facts{};
  std::vector<flopscope_path_step> raw(steps.count);
  detail::check(flopscope_path_info_read(info.object, &facts, raw.data(), raw.size()));
  EinsumPath out{.path = {},
                 .steps = {},
                 .naive_cost = facts.naive_cost,
                 .optimized_cost = facts.optimized_cost,
                 .speedup = facts.speedup,
                 .largest_intermediate = facts.largest_intermediate,
                 .optimizer = facts.optimizer,
                 .table = flopscope_object_text(info.object)};
  for (const flopscope_path_step& s : raw) out.steps.push_back({s.subscripts, s.cost, s.dense_cost, s.source});
  for (std::uint32_t i = 0; i < steps.count; ++i) {
    out.path.emplace_back();
    for (std::uint32_t k = 0; k < steps.items[i].count; ++k) out.path.back().push_back(steps.items[i].items[k].i);
  }
  return out;
}

}  // namespace flopscope::numpy
