// SPDX-License-Identifier: MIT
// Arrays in other shapes, orders and dtypes; joined and split.
#pragma once

#include <flopscope/detail/function.hpp>

namespace flopscope::numpy {

// clang-format off
// ---- Shapes, joins, splits ----
FLOPSCOPE_FUNCTION(ndarray, reshape, "reshape", 2, 2)  // a, shape, order='C', copy=None
FLOPSCOPE_FUNCTION(ndarray, ravel, "ravel", 1, 1)  // a, order='C'
FLOPSCOPE_FUNCTION(ndarray, copy, "copy", 1, 1)  // a, order='K', subok=False
FLOPSCOPE_FUNCTION(ndarray, transpose, "transpose", 1, 2)  // a, axes=None
FLOPSCOPE_FUNCTION(ndarray, permute_dims, "permute_dims", 1, 2)  // a, axes=None
FLOPSCOPE_FUNCTION(ndarray, matrix_transpose, "matrix_transpose", 1, 1)  // x
FLOPSCOPE_FUNCTION(ndarray, swapaxes, "swapaxes", 3, 3)  // a, axis1, axis2
FLOPSCOPE_FUNCTION(ndarray, moveaxis, "moveaxis", 3, 3)  // a, source, destination
FLOPSCOPE_FUNCTION(ndarray, rollaxis, "rollaxis", 2, 3)  // a, axis, start=0
FLOPSCOPE_FUNCTION(ndarray, squeeze, "squeeze", 1, 2)  // a, axis=None
FLOPSCOPE_FUNCTION(ndarray, expand_dims, "expand_dims", 2, 2)  // a, axis
FLOPSCOPE_FUNCTION(ndarray, broadcast_to, "broadcast_to", 2, 2)  // array, shape, subok=False
FLOPSCOPE_FUNCTION(ndarray, flip, "flip", 1, 2)  // m, axis=None
FLOPSCOPE_FUNCTION(ndarray, flipud, "flipud", 1, 1)  // m
FLOPSCOPE_FUNCTION(ndarray, fliplr, "fliplr", 1, 1)  // m
FLOPSCOPE_FUNCTION(ndarray, rot90, "rot90", 1, 3)  // m, k=1, axes=None
FLOPSCOPE_FUNCTION(ndarray, concatenate, "concatenate", 1, 2)  // arrays, axis=0, out=None, dtype=None, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, concat, "concat", 1, 2)  // arrays, axis=0, out=None, dtype=None, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, stack, "stack", 1, 2)  // arrays, axis=0, out=None, dtype=None, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, vstack, "vstack", 1, 1)  // tup, *, dtype=None, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, row_stack, "row_stack", 1, 1)  // tup, *, dtype=None, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, hstack, "hstack", 1, 1)  // tup, *, dtype=None, casting='same_kind'
FLOPSCOPE_FUNCTION(ndarray, dstack, "dstack", 1, 1)  // tup
FLOPSCOPE_FUNCTION(ndarray, column_stack, "column_stack", 1, 1)  // tup
FLOPSCOPE_FUNCTION(ndarray, block, "block", 1, 1)  // arrays
FLOPSCOPE_FUNCTION(ndarray, bmat, "bmat", 1, 1)  // obj, ldict=None, gdict=None
FLOPSCOPE_FUNCTION(ndarray, append, "append", 2, 3)  // arr, values, axis=None
FLOPSCOPE_FUNCTION(ndarray, tile, "tile", 2, 2)  // A, reps
FLOPSCOPE_FUNCTION(ndarray, repeat, "repeat", 2, 3)  // a, repeats, axis=None
FLOPSCOPE_FUNCTION(ndarray, roll, "roll", 2, 3)  // a, shift, axis=None
FLOPSCOPE_FUNCTION(ndarray, resize, "resize", 2, 2)  // a, new_shape
FLOPSCOPE_FUNCTION(ndarray, delete_, "delete", 2, 3)  // arr, obj, axis=None
FLOPSCOPE_FUNCTION(ndarray, insert, "insert", 3, 4)  // arr, obj, values, axis=None
FLOPSCOPE_FUNCTION(ndarray, trim_zeros, "trim_zeros", 1, 3)  // filt, trim='fb', axis=None
FLOPSCOPE_FUNCTION(ndarray, astype, "astype", 2, 2)  // x, dtype, *, copy=True
FLOPSCOPE_FUNCTION(ndarray, require, "require", 1, 2)  // a, dtype=None, requirements=None
FLOPSCOPE_FUNCTION(ndarray, pad, "pad", 2, 4)  // array, pad_width, mode='constant', stat_length=None, constant_values=0, end_values=0, reflect_type='even'
FLOPSCOPE_FUNCTION(Arrays, split, "split", 2, 3)  // ary, indices_or_sections, axis=0
FLOPSCOPE_FUNCTION(Arrays, array_split, "array_split", 2, 3)  // ary, indices_or_sections, axis=0
FLOPSCOPE_FUNCTION(Arrays, vsplit, "vsplit", 2, 2)  // ary, indices_or_sections
FLOPSCOPE_FUNCTION(Arrays, hsplit, "hsplit", 2, 2)  // ary, indices_or_sections
FLOPSCOPE_FUNCTION(Arrays, dsplit, "dsplit", 2, 2)  // ary, indices_or_sections
FLOPSCOPE_FUNCTION(Arrays, unstack, "unstack", 1, 1)  // x, *, axis=0
// clang-format on

// Of one array that array, of several all of them.
// clang-format off
#define FLOPSCOPE_AT_LEAST(name)                                                              \
  inline ndarray name(const Arg& a) {                                                         \
    static const detail::Operation k_op(#name);                                               \
    return detail::with_variadic(k_op, {}, {a}).array();                                   \
  }                                                                                           \
  template <class... A>                                                                       \
  Arrays name(const Arg& a, const Arg& b, const A&... more) {                                 \
    static const detail::Operation k_op(#name);                                               \
    return detail::with_variadic(k_op, {}, {a, b, Arg(more)...}).template as<Arrays>();    \
  }
FLOPSCOPE_AT_LEAST(atleast_1d)
FLOPSCOPE_AT_LEAST(atleast_2d)
FLOPSCOPE_AT_LEAST(atleast_3d)
#undef FLOPSCOPE_AT_LEAST
// clang-format on

template <class... A>
Arrays broadcast_arrays(const A&... args) {
  static const detail::Operation k_op("broadcast_arrays");
  return detail::with_variadic(k_op, {}, {Arg(args)...}).template as<Arrays>();
}
template <class... A>
shape_t broadcast_shapes(const A&... shapes) {
  static const detail::Operation k_op("broadcast_shapes");
  return detail::with_variadic(k_op, {}, {Arg(shapes)...}).template as<shape_t>();
}

}  // namespace flopscope::numpy
