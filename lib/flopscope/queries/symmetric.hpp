// SPDX-License-Identifier: MIT
// Queries that count orbits: pointwise operations, reductions, contractions. Unweighted; `operation` is set to the name
// whose weight applies.
#pragma once

#include <string_view>
#include <whest/flopscope/queries/arguments.hpp>

namespace flopscope::queries {

inline constexpr std::string_view k_pointwise_signature = "op_name, *, shape, symmetry=None";
inline constexpr std::string_view k_reduction_signature = "op_name, *, input_shape, axis=None, symmetry=None";
inline constexpr std::string_view k_einsum_signature =
    "subscripts, shapes, operand_symmetries=None, identity_pattern=None";

// One per distinct element of a result of this shape.
double pointwise_cost(const Arguments& a, std::string_view& operation);
// Accumulation events less the distinct results, one formula for every name.
double reduction_cost(const Arguments& a, std::string_view& operation);
// `axis` as sorted axes; taken modulo the rank, so that none is out of range. Absent: all.
std::vector<int> reduced_axes(const Value& axis, int ndim);
// Of a contraction of `shapes`, with groups and objects that are the same.
double einsum_cost(const Arguments& a, std::string_view& operation);

}  // namespace flopscope::queries
