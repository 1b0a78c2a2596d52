// SPDX-License-Identifier: MIT
// What the counted reductions share: their axes and counts, their price, the `out` and `where` arguments, and NaN.
#pragma once

#include <whest/flopscope/core/operation.hpp>
#include <whest/flopscope/ops/detail/fold.hpp>

namespace flopscope::ufunc {

// A reduction's input with what shapes and tags decide.
struct Reduction {
  ArrayRef a;
  Axes axes;
  bool keepdims = false;
  PriceInput price;  // in, out, unique_in, unique_out, alpha, length
  TagRef tag;        // of the result
};
// A mean, a variance or a quantile of a number has no axis to name (a plain reduction would take 0 or -1): AxisError.
void refuse_axis_of_number(const Value& a, const Value& axis);

Reduction make_reduction(const Call& call, const Value& a, const Value& axis, const Value& keepdims);

// The result in its final shape: keepdims, tag, `out`. `result` has the shape without keepdims.
Result finish(Call& call, const Reduction& r, const ArrayRef& result, const Value& out);
// Tests `out` before the charge; null when absent.
const Array* checked_target(const Value& out, const Reduction& r, DType dtype, std::string_view name);

// A `where` mask, or null where it is absent or plainly true. Throws where it cannot be broadcast to the input.
ArrayRef where_mask(const Value& where, const Array& a);

// The dtype sums and products accumulate in: bool and small integers go to 64 bits.
DType accumulator_of(DType dtype);
// The dtype of means: integers and bool go to float64.
DType mean_dtype(DType dtype);

// An element, in any dtype; 16 bytes.
struct Element {
  alignas(16) std::byte bytes[16] = {};
};
Element element_of(double value, DType dtype);
// A caller's `initial`, converted; throws as NumPy does for values that do not fit.
Element element_of(const Value& value, DType dtype);

// Elements that are not NaN.
ArrayRef not_nan(const Array& a);
// The input with NaN replaced; the array itself where its dtype has none.
ArrayRef without_nan(const Array& a, double filler);

}  // namespace flopscope::ufunc
