// SPDX-License-Identifier: MIT
// Reductions, scans and statistics along axes.
#pragma once

#include <flopscope/detail/function.hpp>
#include <flopscope/keywords.hpp>

namespace flopscope::numpy {

// clang-format off
// ---- Reductions and scans ----
FLOPSCOPE_FUNCTION(ndarray, sum, "sum", 1, 3)  // a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, prod, "prod", 1, 3)  // a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, nansum, "nansum", 1, 3)  // a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, nanprod, "nanprod", 1, 3)  // a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, max, "max", 1, 2)  // a, axis=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, min, "min", 1, 2)  // a, axis=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, amax, "amax", 1, 2)  // a, axis=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, amin, "amin", 1, 2)  // a, axis=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, nanmax, "nanmax", 1, 2)  // a, axis=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, nanmin, "nanmin", 1, 2)  // a, axis=None, out=None, keepdims=False, initial=None, where=True
FLOPSCOPE_FUNCTION(ndarray, any, "any", 1, 2)  // a, axis=None, out=None, keepdims=False, *, where=True
FLOPSCOPE_FUNCTION(ndarray, all, "all", 1, 2)  // a, axis=None, out=None, keepdims=False, *, where=True
FLOPSCOPE_FUNCTION(ndarray, ptp, "ptp", 1, 2)  // a, axis=None, out=None, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, argmax, "argmax", 1, 2)  // a, axis=None, out=None, *, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, argmin, "argmin", 1, 2)  // a, axis=None, out=None, *, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, nanargmax, "nanargmax", 1, 2)  // a, axis=None, out=None, *, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, nanargmin, "nanargmin", 1, 2)  // a, axis=None, out=None, *, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, cumsum, "cumsum", 1, 3)  // a, axis=None, dtype=None, out=None
FLOPSCOPE_FUNCTION(ndarray, cumprod, "cumprod", 1, 3)  // a, axis=None, dtype=None, out=None
FLOPSCOPE_FUNCTION(ndarray, nancumsum, "nancumsum", 1, 3)  // a, axis=None, dtype=None, out=None
FLOPSCOPE_FUNCTION(ndarray, nancumprod, "nancumprod", 1, 3)  // a, axis=None, dtype=None, out=None
FLOPSCOPE_FUNCTION(ndarray, cumulative_sum, "cumulative_sum", 1, 1)  // x, *, axis=None, dtype=None, out=None, include_initial=False
FLOPSCOPE_FUNCTION(ndarray, cumulative_prod, "cumulative_prod", 1, 1)  // x, *, axis=None, dtype=None, out=None, include_initial=False
FLOPSCOPE_FUNCTION(ndarray, mean, "mean", 1, 3)  // a, axis=None, dtype=None, out=None, keepdims=False, *, where=True
FLOPSCOPE_FUNCTION(ndarray, nanmean, "nanmean", 1, 3)  // a, axis=None, dtype=None, out=None, keepdims=False, *, where=True
FLOPSCOPE_FUNCTION(ndarray, var, "var", 1, 3)  // a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None
FLOPSCOPE_FUNCTION(ndarray, std, "std", 1, 3)  // a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None
FLOPSCOPE_FUNCTION(ndarray, nanvar, "nanvar", 1, 3)  // a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None
FLOPSCOPE_FUNCTION(ndarray, nanstd, "nanstd", 1, 3)  // a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None
FLOPSCOPE_FUNCTION(ndarray, average, "average", 1, 1)  // a, axis=None, weights=None, returned=False (the average and the sum of the weights as two rows), *, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, median, "median", 1, 2)  // a, axis=None, out=None, overwrite_input=False, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, nanmedian, "nanmedian", 1, 2)  // a, axis=None, out=None, overwrite_input=False, keepdims=False
FLOPSCOPE_FUNCTION(ndarray, percentile, "percentile", 2, 3)  // a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None
FLOPSCOPE_FUNCTION(ndarray, quantile, "quantile", 2, 3)  // a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None
FLOPSCOPE_FUNCTION(ndarray, nanpercentile, "nanpercentile", 2, 3)  // a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None
FLOPSCOPE_FUNCTION(ndarray, nanquantile, "nanquantile", 2, 3)  // a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False, *, weights=None
// clang-format on

// Without an axis the count is a plain number, as in Python.
inline std::int64_t count_nonzero(const Arg& a) {
  static const detail::Operation k_op("count_nonzero");
  return k_op(a).as<std::int64_t>();
}
template <class... More>
ndarray count_nonzero(const Arg& a, const Arg& axis, const More&... more) {
  static const detail::Operation k_op("count_nonzero");
  return k_op(a, axis, more...).array();
}
ndarray count_nonzero(const Arg& a, const Arg& axis, std::same_as<bool> auto keepdims) {
  return count_nonzero(a, axis, kw::keepdims = keepdims);
}

// The short forms f(a, axis, keepdims), for true and false alone: a dtype's name is no truth.
// clang-format off
#define FLOPSCOPE_KEEPING(name)                                                            \
  ndarray name(const Arg& a, const Arg& axis, std::same_as<bool> auto keepdims) {          \
    return name(a, axis, kw::keepdims = keepdims);                                         \
  }
FLOPSCOPE_KEEPING(sum)
FLOPSCOPE_KEEPING(prod)
FLOPSCOPE_KEEPING(mean)
FLOPSCOPE_KEEPING(max)
FLOPSCOPE_KEEPING(min)
FLOPSCOPE_KEEPING(amax)
FLOPSCOPE_KEEPING(amin)
FLOPSCOPE_KEEPING(any)
FLOPSCOPE_KEEPING(all)
FLOPSCOPE_KEEPING(median)
FLOPSCOPE_KEEPING(nansum)
FLOPSCOPE_KEEPING(nanprod)
FLOPSCOPE_KEEPING(nanmean)
FLOPSCOPE_KEEPING(nanmax)
FLOPSCOPE_KEEPING(nanmin)
FLOPSCOPE_KEEPING(nanmedian)
FLOPSCOPE_KEEPING(ptp)
#undef FLOPSCOPE_KEEPING
// clang-format on

// The short forms f(a, axis, ddof, keepdims), for whole numbers; a truth after the axis is NumPy's dtype, and none.
template <detail::Whole Ddof, std::same_as<bool> Keepdims = bool>
ndarray var(const Arg& a, const Arg& axis, Ddof ddof, Keepdims keepdims = false) {
  return var(a, axis, kw::ddof = ddof, kw::keepdims = keepdims);
}
template <detail::Whole Ddof, std::same_as<bool> Keepdims = bool>
ndarray std(const Arg& a, const Arg& axis, Ddof ddof, Keepdims keepdims = false) {
  return std(a, axis, kw::ddof = ddof, kw::keepdims = keepdims);
}

}  // namespace flopscope::numpy
