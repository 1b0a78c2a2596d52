// SPDX-License-Identifier: MIT
// What the counted reductions share: their axes and counts, their price, the `out` and `where` arguments, and NaN.
#pragma once

#include <optional>
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
// Tests `out` before the charge; null when absent. A reduction stores into any dtype, whatever it loses by that.
// `repeats`: a larger one repeats the result.
const Array* checked_target(const Value& out, const Reduction& r, std::string_view name, bool repeats = false);

// The dtype that a reduction of `own` folds in, as NumPy picks it: the one asked for; else, with a buffer, the one that
// the buffer and the input have in common; else the function's own.
DType folding_dtype(DType own, std::optional<DType> asked, DType natural, const Array* out);
// The dtype that prices it: the one asked for; else the dearest of the input, the function's own and the buffer's.
// Under `reduction.out_is_accumulator` the buffer stands in the place of the function's own; else what is complex
// stays complex.
DType priced_dtype(const Call& call, DType own, std::optional<DType> asked, DType natural, const Array* out);
// Folds `a` (the input in the folding dtype) as fold() does; what it starts from has been in the buffer.
ArrayRef fold_through(const Ufunc& op, const Reduction& r, const Array& a, const void* start, const Array* mask,
                      const Array* out);
// As what the buffer holds after it was stored there.
ArrayRef as_stored(const ArrayRef& result, const Array* out);

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

// Refuses, as NumPy does, a plain integer that an integer dtype does not hold.
void require_fits(const Value& value, DType dtype);
// The same for what becomes elements of that dtype one by one, where a list's numbers count each for itself and real
// ones without their fraction.
void require_each_fits(const Value& value, DType dtype);

// Elements that are not NaN.
ArrayRef not_nan(const Array& a);
// The input with NaN replaced; the array itself where its dtype has none.
ArrayRef without_nan(const Array& a, double filler);

}  // namespace flopscope::ufunc
