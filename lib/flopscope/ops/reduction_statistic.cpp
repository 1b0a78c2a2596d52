// SPDX-License-Identifier: MIT
// mean, var, std, average, and the forms that skip NaN.
#include <cmath>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

// The dtype that the sum of a mean accumulates in: half precision in single, unless the caller asks for half.
DType summing(const Call& call, bool skip_nan, DType dtype) {
  return dtype == DType::float16 && !skip_nan && call.arg(2).is_absent() ? DType::float32 : dtype;
}

// How many elements go into each result: a number, or an array where a mask decides.
struct Counts {
  double number = 0;
  ArrayRef array;  // float64, shape of the result; null: `number` everywhere
};
Counts count_elements(const Reduction& r, const ArrayRef& mask) {
  if (!mask) return {static_cast<double>(r.axes.count), nullptr};
  return {0, sum_of(*mask, r.axes, DType::float64)};
}

// a / (counts - ddof), not below 0, in a's dtype.
ArrayRef divide_by_counts(const ArrayRef& a, const Counts& counts, double ddof = 0) {
  ArrayRef out;
  if (!counts.array) {
    out = apply(k_true_divide, a, std::max(counts.number - ddof, 0.0));
  } else {
    const ArrayRef left = apply(k_subtract, counts.array, ddof);
    out = apply(k_true_divide, a, apply(k_maximum, left, 0.0));
  }
  return out->type() == a->type() ? out : cast(*out, a->type());
}

// The elements that take part: `where`, and for the nan forms what is not NaN. Null: all.
ArrayRef participants(const Array& a, const Value& where, bool skip_nan) {
  ArrayRef mask = where_mask(where, a);
  if (skip_nan && is_floating(a.type())) {
    const ArrayRef numbers = not_nan(a);
    mask = mask ? apply(k_logical_and, mask, numbers) : numbers;
  }
  return mask;
}

ArrayRef zero_outside(const ArrayRef& a, const ArrayRef& mask) { return mask ? masked(*a, *mask, Element{}.bytes) : a; }

void refuse_integer_result(bool skip_nan, const Array& a, DType dtype) {
  if (skip_nan && is_floating(a.type()) && !is_floating(dtype))
    throw_type_error("If a is inexact, then dtype must be inexact");
}

bool has_nan(const Value& a) { return is_floating(to_array(a)->type()); }

// mean, nanmean: (a, axis, dtype, out, keepdims, *, where)
Result run_mean(Call& call) {
  const bool skip_nan = call.op.variant == 1;
  if (!skip_nan || !has_nan(call.arg(0))) refuse_axis_of_number(call.arg(0), call.arg(1));
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(4));
  const DType dtype = to_dtype(call.arg(2)).value_or(mean_dtype(r.a->type()));
  refuse_integer_result(skip_nan, *r.a, dtype);
  const Array* target = checked_target(call.arg(3), r, dtype, call.op.name);
  const ArrayRef where = where_mask(call.arg(5), *r.a);
  r.price.extra = skip_nan && is_floating(r.a->type()) ? r.price.unique_in : 0;
  call.charge(r.price, widened_by_out(call, dtype, target));

  const ArrayRef mask = participants(*r.a, call.arg(5), skip_nan);
  const ArrayRef a = skip_nan ? zero_outside(r.a, mask) : r.a;
  const ArrayRef total = sum_of(*a, r.axes, summing(call, skip_nan, dtype), where.get());
  ArrayRef mean = divide_by_counts(total, count_elements(r, mask));
  if (mean->type() != dtype) mean = cast(*mean, dtype);
  return finish(call, r, mean, call.arg(3));
}

// |x|^2 of complex input; plain squares of real input, in whatever dtype was asked for.
ArrayRef squared_size(const ArrayRef& x, bool complex_input) {
  if (!complex_input || !is_complex(x->type())) return apply(k_multiply, x, x);
  return cast(*apply(k_multiply, x, apply(k_conjugate, x)), real_part_of(x->type()));
}

// var, std, nanvar, nanstd: (a, axis, dtype, out, ddof, keepdims, *, where, mean, correction)
Result run_variance(Call& call) {
  const bool skip_nan = call.op.variant >= 2;
  if (!skip_nan || !has_nan(call.arg(0))) refuse_axis_of_number(call.arg(0), call.arg(1));
  const bool root = call.op.variant % 2 == 1;
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(5));
  const DType dtype = to_dtype(call.arg(2)).value_or(mean_dtype(r.a->type()));
  refuse_integer_result(skip_nan, *r.a, dtype);
  const DType result_dtype = call.arg(2).is_absent() ? real_part_of(dtype) : dtype;
  const Array* target = checked_target(call.arg(3), r, result_dtype, call.op.name);
  if (!call.arg(8).is_absent() && !call.arg(4).is_absent() && to_double(call.arg(4), "ddof") != 0)
    throw_value_error("ddof and correction can't be provided simultaneously.");
  const Value& correction = call.arg(8).is_absent() ? call.arg(4) : call.arg(8);
  const double ddof = correction.is_absent() ? 0 : to_double(correction, "ddof");
  if (root && !is_floating(dtype) && !(r.axes.all && !r.keepdims))
    throw_type_error("Cannot cast ufunc 'sqrt' output to an integer dtype with casting rule 'same_kind'");
  r.price.extra = skip_nan && is_floating(r.a->type()) ? r.price.unique_in : 0;
  call.charge(r.price, widened_by_out(call, dtype, target));

  const ArrayRef mask = participants(*r.a, call.arg(6), skip_nan);
  const Counts counts = count_elements(r, mask);
  const ArrayRef a = skip_nan ? zero_outside(r.a, mask) : r.a, where = where_mask(call.arg(6), *r.a);
  const ArrayRef sum = sum_of(*a, r.axes, dtype, where.get());
  const ArrayRef mean =
      call.arg(7).is_absent() ? with_shape(divide_by_counts(sum, counts), r.axes.kept_shape) : to_array(call.arg(7));
  if (!(broadcast(a->dims(), mean->dims()) == Dims(a->dims())))
    throw_value_error("the given mean does not broadcast to the shape of the array");
  const ArrayRef deviations = apply(k_subtract, a, mean);
  ArrayRef squares = squared_size(deviations, is_complex(r.a->type()));
  if (skip_nan) squares = zero_outside(squares, mask);
  // Asked for by the caller, a complex dtype stays; else the squares of complex numbers are summed as reals.
  const DType summed = call.arg(2).is_absent() ? real_part_of(dtype) : dtype;
  ArrayRef variance = divide_by_counts(sum_of(*squares, r.axes, summed, where.get()), counts, ddof);
  if (skip_nan && counts.array) {  // too few numbers: NaN, not infinity
    const ArrayRef enough = apply(k_greater, counts.array, ddof);
    variance = masked(*variance, *enough, element_of(std::nan(""), variance->type()).bytes);
  }
  if (root) variance = apply(k_sqrt, variance);
  if (variance->type() != result_dtype) variance = cast(*variance, result_dtype);
  return finish(call, r, variance, call.arg(3));
}

// The weights in the shape of the array: the same shape, or one per element of the axis.
ArrayRef spread_weights(const Array& weights, const Array& a, const Axes& axes) {
  if (std::equal(weights.dims().begin(), weights.dims().end(), a.dims().begin(), a.dims().end()))
    return ref_of(weights);
  if (axes.all) throw_type_error("Axis must be specified when shapes of a and weights differ.");
  Dims shape(a.ndim, 1);
  bool fits = weights.ndim == axes.reduced.size();
  for (int d = 0; fits && d < weights.ndim; ++d) {
    const auto axis = static_cast<int>(axes.reduced[d]);
    fits = weights.shape[d] == a.shape[axis];
    shape[axis] = weights.shape[d];
  }
  if (!fits) throw_value_error("Shape of weights must be consistent with shape of a along specified axis.");
  return broadcast_view(*with_shape(ref_of(weights), shape), a.dims());
}

// The packages hand back average and sum of weights as one array with a first axis of 2.
ArrayRef stack_two(const Array& a, const Array& b) {
  Dims shape(a.dims());
  shape.insert(0, 2);
  const ArrayRef out = Array::make(a.type(), shape);
  const auto half = static_cast<std::size_t>(a.size * a.item_bytes());
  std::copy_n(contiguous_copy_if_needed(a)->items<std::byte>(), half, out->mutable_items<std::byte>());
  std::copy_n(contiguous_as(b, a.type())->items<std::byte>(), half, out->mutable_items<std::byte>() + half);
  return out;
}

// average: (a, axis, weights, returned, *, keepdims)
Result run_average(Call& call) {
  refuse_axis_of_number(call.arg(0), call.arg(1));
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(4));
  const bool weighted = !call.arg(2).is_absent();
  const bool returned = to_bool(call.arg(3), false);
  ArrayRef weights = weighted ? spread_weights(*to_array(call.arg(2)), *r.a, r.axes) : nullptr;
  DType dtype = mean_dtype(r.a->type());
  if (weighted) dtype = promote(is_floating(r.a->type()) ? r.a->type() : DType::float64, weights->type());
  r.price.parts = weighted ? 1 : 0;
  call.charge(r.price, dtype);

  ArrayRef average, scale;
  if (weighted) {
    scale = sum_of(*weights, r.axes, dtype);
    const ArrayRef zeros = apply(k_equal, scale, 0.0);
    if (*fold(k_logical_or, *zeros, all_axes(zeros->dims()), Element{}.bytes)->items<bool>())
      throw Error(ErrorKind::zero_division, "Weights sum to zero, can't be normalized");
    const ArrayRef product = apply(k_multiply, cast(*r.a, dtype), cast(*weights, dtype));
    average = apply(k_true_divide, sum_of(*product, r.axes, dtype), scale);
  } else {
    const Counts counts = count_elements(r, nullptr);
    average = divide_by_counts(sum_of(*r.a, r.axes, dtype == DType::float16 ? DType::float32 : dtype), counts);
    if (average->type() != dtype) average = cast(*average, dtype);
    if (returned) scale = cast(*broadcast_view(*scalar_array<double>(counts.number), r.axes.shape), dtype);
  }
  if (!returned) return finish(call, r, average, {});
  return stack_two(*keep_dims(average, r.axes, r.keepdims), *keep_dims(scale, r.axes, r.keepdims));
}

constexpr std::string_view k_mean_signature = "a, axis=None, dtype=None, out=None, keepdims=False, *, where=True";
constexpr std::string_view k_variance_signature =
    "a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None";

constexpr Operation k_operations[] = {
    {.name = "mean", .signature = k_mean_signature, .run = run_mean, .formula = "reduction.accumulations"},
    {.name = "nanmean", .signature = k_mean_signature, .run = run_mean, .formula = "reduction.folds", .variant = 1},
    {.name = "var", .signature = k_variance_signature, .run = run_variance, .formula = "reduction.folds", .variant = 0},
    {.name = "std", .signature = k_variance_signature, .run = run_variance, .formula = "reduction.folds", .variant = 1},
    {.name = "nanvar",
     .signature = k_variance_signature,
     .run = run_variance,
     .formula = "reduction.folds",
     .variant = 2},
    {.name = "nanstd",
     .signature = k_variance_signature,
     .run = run_variance,
     .formula = "reduction.folds",
     .variant = 3},
    {.name = "average",
     .signature = "a, axis=None, weights=None, returned=False, *, keepdims=False",
     .run = run_average,
     .formula = "reduction.folds"},
};

}  // namespace

std::span<const Operation> statistic_operations() { return k_operations; }

}  // namespace flopscope
