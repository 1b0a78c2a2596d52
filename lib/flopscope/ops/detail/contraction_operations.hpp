// SPDX-License-Identifier: MIT
// The code of the contraction family, one function an operation; the table is in contraction.cpp.
#pragma once

#include <span>
#include <whest/flopscope/core/operation.hpp>

namespace flopscope::contract {

// contraction_products.cpp
Result run_matmul(Call& call);
Result run_dot(Call& call);
Result run_inner(Call& call);
Result run_outer(Call& call);
Result run_vdot(Call& call);
Result run_vecdot(Call& call);
Result run_matvec(Call& call);
Result run_vecmat(Call& call);
// contraction_tensordot.cpp
Result run_tensordot(Call& call);
Result run_kron(Call& call);
Result run_multi_dot(Call& call);
// contraction_einsum.cpp
Result run_einsum(Call& call);
Result run_einsum_path(Call& call);
// contraction_signal.cpp
Result run_cross(Call& call);
Result run_convolve(Call& call);
Result run_correlate(Call& call);
// contraction_covariance.cpp
Result run_cov(Call& call);
Result run_corrcoef(Call& call);

// ---- Shared ----

// Throws ValueError unless axis `axis_a` of a and `axis_b` of b have the same extent.
void require_equal_extents(std::string_view op, const Array& a, int axis_a, const Array& b, int axis_b);
// A contiguous array seen with another shape of as many elements.
ArrayRef reshaped(const ArrayRef& a, std::span<const std::int64_t> shape);
// Complex conjugate; `a` itself where it is real.
ArrayRef conjugated(const ArrayRef& a);
// Runs an operation as another entry of the catalogue: its name in the log, its weight.
Result run_as(Call& call, std::string_view name, std::span<const Value> args);

}  // namespace flopscope::contract
