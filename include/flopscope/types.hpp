// SPDX-License-Identifier: MIT
// Questions about arrays and dtypes. Free.
#pragma once

#include <flopscope/detail/function.hpp>
#include <limits>
#include <numbers>

namespace flopscope::numpy {

// clang-format off
// ---- Questions ----
FLOPSCOPE_FUNCTION(shape_t, shape, "shape", 1, 1)  // a
FLOPSCOPE_FUNCTION(std::int64_t, size, "size", 1, 2)  // a, axis=None
FLOPSCOPE_FUNCTION(std::int64_t, ndim, "ndim", 1, 1)  // a
FLOPSCOPE_FUNCTION(bool, isscalar, "isscalar", 1, 1)  // element
FLOPSCOPE_FUNCTION(bool, iterable, "iterable", 1, 1)  // y
FLOPSCOPE_FUNCTION(bool, isfortran, "isfortran", 1, 1)  // a
FLOPSCOPE_FUNCTION(bool, may_share_memory, "may_share_memory", 2, 2)  // a, b, max_work=None
FLOPSCOPE_FUNCTION(bool, shares_memory, "shares_memory", 2, 2)  // a, b, max_work=None
FLOPSCOPE_FUNCTION(bool, can_cast, "can_cast", 2, 2)  // from_, to, casting='safe'
FLOPSCOPE_FUNCTION(numpy::dtype, promote_types, "promote_types", 2, 2)  // type1, type2
FLOPSCOPE_FUNCTION(numpy::dtype, min_scalar_type, "min_scalar_type", 1, 1)  // a
FLOPSCOPE_FUNCTION(bool, isdtype, "isdtype", 2, 2)  // dtype, kind
FLOPSCOPE_FUNCTION(std::string, typename_, "typename", 1, 1)  // char
FLOPSCOPE_FUNCTION(bool, iscomplexobj, "iscomplexobj", 1, 1)  // x
FLOPSCOPE_FUNCTION(bool, isrealobj, "isrealobj", 1, 1)  // x
FLOPSCOPE_FUNCTION(bool, issubdtype, "issubdtype", 2, 2)  // arg1, arg2
// clang-format on

inline constexpr double pi = std::numbers::pi, e = std::numbers::e, euler_gamma = std::numbers::egamma;
inline constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();

// The length of the first axis.
inline std::int64_t len(const ndarray& a) {
  if (a.ndim() == 0) throw Error("TypeError", "len() of unsized object");
  return a.shape(0);
}

template <class... A>
numpy::dtype result_type(const A&... arrays_and_dtypes) {
  static const detail::Operation k_op("result_type");
  return detail::with_variadic(k_op, {}, {Arg(arrays_and_dtypes)...}).template as<numpy::dtype>();
}
template <class... A>
numpy::dtype common_type(const A&... arrays) {
  static const detail::Operation k_op("common_type");
  return detail::with_variadic(k_op, {}, {Arg(arrays)...}).template as<numpy::dtype>();
}

}  // namespace flopscope::numpy
