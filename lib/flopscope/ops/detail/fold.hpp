// SPDX-License-Identifier: MIT
// Folding axes of an array by an elementwise function, as NumPy's ufunc.reduce does: pairwise sums along contiguous
// rows, whole rows added where the kept axis is the inner one. Uncounted; the reductions and other families use it.
#pragma once

#include <optional>
#include <span>
#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {

// The axes a reduction works on, and the shapes that follow.
struct Axes {
  Dims reduced;            // ascending, normalised
  bool all = false;        // axis=None
  Dims shape;              // of the result, without keepdims
  Dims kept_shape;         // of the result, sizes of 1 in place of the reduced axes
  std::int64_t count = 1;  // elements folded into one

  bool holds(int axis) const;
};
// `axis` as the caller gave it: absent (all), int or tuple. Throws AxisError or ValueError.
Axes make_axes(const Value& axis, std::span<const std::int64_t> shape);
Axes all_axes(std::span<const std::int64_t> shape);
Axes one_axis(int axis, std::span<const std::int64_t> shape);

// Folds `a` (already of the dtype to fold in) by `op`. Starts from `start` (an element of that dtype), or, when null,
// from the first element along the reduced axes: then they must not be empty. Result without keepdims. Elements where
// `mask` (bool, of a's shape) is false are passed over; a start must be given with it.
ArrayRef fold(const Ufunc& op, const Array& a, const Axes& axes, const void* start, const Array* mask = nullptr);

// The same into `so_far`, of a's dtype and the result's shape, which holds what the folding starts from.
ArrayRef fold_onto(const Ufunc& op, const Array& a, const Axes& axes, ArrayRef so_far, const Array* mask = nullptr);
// Of the elements along the reduced axes the first, and a mask of all others.
ArrayRef first_elements(const Array& a, const Axes& axes);
ArrayRef all_but_first(const Array& a, const Axes& axes);

// Sums and their like with the identity of the function; `a` is converted to `dtype` first.
ArrayRef sum_of(const Array& a, const Axes& axes, DType dtype, const Array* mask = nullptr);

// The same data under another shape of equal size (both contiguous).
ArrayRef with_shape(const ArrayRef& a, std::span<const std::int64_t> shape);
inline ArrayRef keep_dims(const ArrayRef& a, const Axes& axes, bool keepdims) {
  return keepdims ? with_shape(a, axes.kept_shape) : a;
}

// Elements of `a` where the mask holds, else `filler` (an element of a's dtype); contiguous.
ArrayRef masked(const Array& a, const Array& mask, const void* filler);

// Calls f(first, step, length, number) for every lane along `axis`, lanes numbered in C order of the other axes.
template <class F>
void for_each_lane(const Array& a, int axis, F&& f) {
  const std::int64_t length = a.shape[axis], step = a.strides[axis];
  const std::byte* p = a.items<std::byte>();
  std::int64_t index[k_max_dims] = {};
  std::int64_t lanes = 1;
  for (int d = 0; d < a.ndim; ++d)
    if (d != axis) lanes *= a.shape[d];
  for (std::int64_t lane = 0; lane < lanes; ++lane) {
    f(p, step, length, lane);
    for (int d = a.ndim - 1; d >= 0; --d) {
      if (d == axis) continue;
      p += a.strides[d];
      if (++index[d] < a.shape[d]) break;
      p -= a.strides[d] * a.shape[d];
      index[d] = 0;
    }
  }
}

// A view with the axes in another order: axis i of the result is axis order[i].
ArrayRef reordered(const Array& a, std::span<const std::int64_t> order);
// The reduced axes moved to the end and joined into one: contiguous, shape kept + {count}.
ArrayRef lanes_last(const Array& a, const Axes& axes, DType dtype);

}  // namespace flopscope::ufunc
