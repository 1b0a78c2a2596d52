// SPDX-License-Identifier: MIT
// Elements chosen, written, sorted and counted.
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy {

// clang-format off
// ---- Choosing and writing ----
FLOPSCOPE_FUNCTION(Arrays, nonzero, "nonzero", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, flatnonzero, "flatnonzero", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, argwhere, "argwhere", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, take, "take", 2, 3)  // a, indices, axis=None, out=None, mode='raise'
FLOPSCOPE_FUNCTION(ndarray, take_along_axis, "take_along_axis", 2, 3)  // arr, indices, axis=-1
FLOPSCOPE_FUNCTION(ndarray, choose, "choose", 2, 2)  // a, choices, out=None, mode='raise'
FLOPSCOPE_FUNCTION(ndarray, compress, "compress", 2, 3)  // condition, a, axis=None, out=None
FLOPSCOPE_FUNCTION(ndarray, extract, "extract", 2, 2)  // condition, arr
FLOPSCOPE_FUNCTION(ndarray, select, "select", 2, 3)  // condlist, choicelist, default=0
FLOPSCOPE_FUNCTION(void, fill_diagonal, "fill_diagonal", 2, 2)  // a, val, wrap=False
FLOPSCOPE_FUNCTION(void, put, "put", 3, 4)  // a, ind, v, mode='raise'
FLOPSCOPE_FUNCTION(void, place, "place", 3, 3)  // arr, mask, vals
FLOPSCOPE_FUNCTION(void, putmask, "putmask", 3, 3)  // a, mask, values
FLOPSCOPE_FUNCTION(void, put_along_axis, "put_along_axis", 3, 4)  // arr, indices, values, axis=-1
FLOPSCOPE_FUNCTION(void, copyto, "copyto", 2, 2)  // dst, src, casting='same_kind', where=True
FLOPSCOPE_FUNCTION(Arrays, unravel_index, "unravel_index", 2, 2)  // indices, shape, order='C'
FLOPSCOPE_FUNCTION(ndarray, ravel_multi_index, "ravel_multi_index", 2, 3)  // multi_index, dims, mode='raise', order='C'
FLOPSCOPE_FUNCTION(ndarray, packbits, "packbits", 1, 2)  // a, axis=None, bitorder='big'
FLOPSCOPE_FUNCTION(ndarray, unpackbits, "unpackbits", 1, 2)  // a, axis=None, count=None, bitorder='big'

// ---- Sorting and sets ----
FLOPSCOPE_FUNCTION(ndarray, sort, "sort", 1, 2)  // a, axis=-1, kind=None, order=None, *, stable=None
FLOPSCOPE_FUNCTION(ndarray, argsort, "argsort", 1, 2)  // a, axis=-1, kind=None, order=None, *, stable=None
FLOPSCOPE_FUNCTION(ndarray, sort_complex, "sort_complex", 1, 1)  // a
FLOPSCOPE_FUNCTION(ndarray, lexsort, "lexsort", 1, 2)  // keys, axis=-1
FLOPSCOPE_FUNCTION(ndarray, partition, "partition", 2, 3)  // a, kth, axis=-1, kind='introselect', order=None
FLOPSCOPE_FUNCTION(ndarray, argpartition, "argpartition", 2, 3)  // a, kth, axis=-1, kind='introselect', order=None
FLOPSCOPE_FUNCTION(ndarray, searchsorted, "searchsorted", 2, 3)  // a, v, side='left', sorter=None
FLOPSCOPE_FUNCTION(ndarray, digitize, "digitize", 2, 3)  // x, bins, right=False
FLOPSCOPE_FUNCTION(detail::SeveralFrom<0>::Result<More...>, unique, "unique", 1, 1)  // ar, return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True, *, sorted=True
FLOPSCOPE_FUNCTION(Tuple<4>, unique_all, "unique_all", 1, 1)  // x
FLOPSCOPE_FUNCTION(Tuple<2>, unique_counts, "unique_counts", 1, 1)  // x
FLOPSCOPE_FUNCTION(Tuple<2>, unique_inverse, "unique_inverse", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, unique_values, "unique_values", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, union1d, "union1d", 2, 2)  // ar1, ar2
FLOPSCOPE_FUNCTION(detail::SeveralFrom<1>::Result<More...>, intersect1d, "intersect1d", 2, 2)  // ar1, ar2, assume_unique=False, return_indices=False
FLOPSCOPE_FUNCTION(ndarray, setdiff1d, "setdiff1d", 2, 3)  // ar1, ar2, assume_unique=False
FLOPSCOPE_FUNCTION(ndarray, setxor1d, "setxor1d", 2, 3)  // ar1, ar2, assume_unique=False
FLOPSCOPE_FUNCTION(ndarray, isin, "isin", 2, 3)  // element, test_elements, assume_unique=False, invert=False, *, kind=None
FLOPSCOPE_FUNCTION(ndarray, in1d, "in1d", 2, 3)  // ar1, ar2, assume_unique=False, invert=False

// ---- Histograms ----
FLOPSCOPE_FUNCTION(Tuple<2>, histogram, "histogram", 1, 2)  // a, bins=10, range=None, density=None, weights=None
FLOPSCOPE_FUNCTION(ndarray, histogram_bin_edges, "histogram_bin_edges", 1, 2)  // a, bins=10, range=None, weights=None
FLOPSCOPE_FUNCTION(Tuple<3>, histogram2d, "histogram2d", 2, 3)  // x, y, bins=10, range=None, density=None, weights=None
FLOPSCOPE_FUNCTION(ndarray, bincount, "bincount", 1, 3)  // x, weights=None, minlength=0
// clang-format on

inline ndarray where(const Arg& condition, const Arg& x, const Arg& y) {
  static const detail::Operation k_op("where");
  return k_op(condition, x, y).array();
}
inline Arrays where(const Arg& condition) {
  static const detail::Operation k_op("where");
  return k_op(condition).as<Arrays>();
}

struct HistogramDd {
  ndarray hist;
  Arrays edges;  // one for each dimension
};
template <class... More>
HistogramDd histogramdd(const Arg& sample, const Arg& bins = {}, const More&... more) {  // range, density, weights
  static const detail::Operation k_op("histogramdd");
  const detail::Outcome outcome = k_op(sample, bins, more...);
  const flopscope_value* parts = outcome.value().items;
  return {detail::Outcome::arrays_of(parts[0]), detail::Outcome::arrays_of(parts[1])};
}

}  // namespace flopscope::numpy
