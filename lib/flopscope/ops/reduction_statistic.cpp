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

// The dtype that NumPy asks the sums of a mean for: the caller's; integers in double precision, and halves in single
// (but where NaN is passed over, and in variances).
std::optional<DType> summing(const Array& a, std::optional<DType> asked, bool halves_in_single) {
  if (asked) return asked;
  if (!is_floating(a.type())) return DType::float64;
  if (a.type() == DType::float16 && halves_in_single) return DType::float32;
  return std::nullopt;
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

// a / (counts - ddof), not below 0, in a's dtype. A complex sum, and one that lies in the caller's buffer, is divided
// by a 64-bit number.
ArrayRef divide_by_counts(const ArrayRef& a, const Counts& counts, double ddof = 0, bool in_buffer = false) {
  ArrayRef out;
  if (!counts.array && (in_buffer || is_complex(a->type()))) {
    out = apply(k_true_divide, a, scalar_array<double>(std::max(counts.number - ddof, 0.0)));
  } else if (!counts.array) {
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

void refuse_integer_result(bool skip_nan, const Array& a, DType dtype, const Array* out) {
  if (!skip_nan || !is_floating(a.type())) return;
  if (!is_floating(dtype)) throw_type_error("If a is inexact, then dtype must be inexact");
  if (out != nullptr && !is_floating(out->type())) throw_type_error("If a is inexact, then out must be inexact");
}

// Whether the elements are counted by the lengths of axes, which must then exist, not by a mask.
bool counts_along_axes(const Call& call, const Value& where, bool skip_nan) {
  return !where.is_array() && !(skip_nan && is_floating(to_array(call.arg(0))->type()));
}

// mean, nanmean: (a, axis, dtype, out, keepdims, *, where)
Result run_mean(Call& call) {
  const bool skip_nan = call.op.variant == 1;
  if (counts_along_axes(call, call.arg(5), skip_nan)) refuse_axis_of_number(call.arg(0), call.arg(1));
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(4));
  const std::optional<DType> asked = to_dtype(call.arg(2));
  const DType natural = mean_dtype(r.a->type()), dtype = asked.value_or(natural);
  const Array* target = checked_target(call.arg(3), r, call.op.name);
  refuse_integer_result(skip_nan, *r.a, dtype, target);
  const ArrayRef where = where_mask(call.arg(5), *r.a);
  r.price.extra = skip_nan && is_floating(r.a->type()) ? r.price.unique_in : 0;
  call.charge(r.price, priced_dtype(call, r.a->type(), asked, natural, target));

  const ArrayRef mask = participants(*r.a, call.arg(5), skip_nan);
  const ArrayRef a = skip_nan ? zero_outside(r.a, mask) : r.a;
  const DType folding = folding_dtype(r.a->type(), summing(*r.a, asked, !skip_nan), natural, target);
  const ArrayRef total = as_stored(sum_of(*a, r.axes, folding, where.get()), target);
  ArrayRef mean = divide_by_counts(total, count_elements(r, mask), 0, target != nullptr);
  if (target == nullptr && mean->type() != dtype) mean = cast(*mean, dtype);
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
  if (counts_along_axes(call, call.arg(6), skip_nan)) refuse_axis_of_number(call.arg(0), call.arg(1));
  const bool root = call.op.variant % 2 == 1;
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(5));
  const std::optional<DType> asked = to_dtype(call.arg(2));
  const DType natural = mean_dtype(r.a->type()), dtype = asked.value_or(natural);
  // A mean that is given takes part in the promotion.
  const bool given = !call.arg(7).is_absent();
  const DType deviating = given ? promote(dtype, to_array(call.arg(7))->type()) : dtype;
  const DType result_dtype = asked ? dtype : real_part_of(deviating);
  const Array* target = checked_target(call.arg(3), r, call.op.name);
  refuse_integer_result(skip_nan, *r.a, dtype, target);
  if (!call.arg(8).is_absent() && !call.arg(4).is_absent() && to_double(call.arg(4), "ddof") != 0)
    throw_value_error("ddof and correction can't be provided simultaneously.");
  const Value& correction = call.arg(8).is_absent() ? call.arg(4) : call.arg(8);
  const double ddof = correction.is_absent() ? 0 : to_double(correction, "ddof");
  const bool root_in_integers = target ? !is_floating(target->type()) : !is_floating(dtype);
  const bool is_number = target == nullptr && (r.keepdims ? r.axes.kept_shape : r.axes.shape).empty();
  if (root && root_in_integers && !is_number)
    throw_type_error("Cannot cast ufunc 'sqrt' output to an integer dtype with casting rule 'same_kind'");
  r.price.extra = skip_nan && is_floating(r.a->type()) ? r.price.unique_in : 0;
  call.charge(r.price, priced_dtype(call, r.a->type(), asked, natural, target));

  const ArrayRef mask = participants(*r.a, call.arg(6), skip_nan);
  const Counts counts = count_elements(r, mask);
  const ArrayRef a = skip_nan ? zero_outside(r.a, mask) : r.a, where = where_mask(call.arg(6), *r.a);
  const ArrayRef sum = sum_of(*a, r.axes, dtype, where.get());
  const ArrayRef mean =
      call.arg(7).is_absent() ? with_shape(divide_by_counts(sum, counts), r.axes.kept_shape) : to_array(call.arg(7));
  if (!(broadcast(a->dims(), mean->dims()) == Dims(a->dims())))
    throw_value_error("the given mean does not broadcast to the shape of the array");
  ArrayRef deviations = apply(k_subtract, a, mean);
  if (skip_nan && is_floating(r.a->type()) && deviations->type() != r.a->type())
    deviations = cast(*deviations, r.a->type());  // NumPy puts them in the place of the input
  ArrayRef squares = squared_size(deviations, is_complex(r.a->type()));
  if (skip_nan) squares = zero_outside(squares, mask);
  // Asked for by the caller, a complex dtype stays; else the squares of complex numbers are summed as reals.
  DType summed = result_dtype;
  if (target != nullptr && !summing(*r.a, asked, false)) summed = promote(target->type(), squares->type());
  const ArrayRef total = as_stored(sum_of(*squares, r.axes, summed, where.get()), target);
  ArrayRef variance = divide_by_counts(total, counts, ddof, target != nullptr);
  if (skip_nan && counts.array && is_floating(r.a->type())) {  // too few numbers: NaN, not infinity
    const ArrayRef enough = apply(k_greater, counts.array, ddof);
    variance = masked(*variance, *enough, element_of(std::nan(""), variance->type()).bytes);
  }
  if (root) variance = apply(k_sqrt, variance);
  if (target == nullptr && variance->type() != result_dtype) variance = cast(*variance, result_dtype);
  return finish(call, r, variance, call.arg(3));
}

// The weights so that they broadcast to the array: of its shape, or one per element of the axis (or axes).
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
  return with_shape(ref_of(weights), shape);
}

// Weights of the axis alone are added alone, and the sum goes for every line.
ArrayRef sum_of_weights(const Array& weights, const Array& a, const Axes& axes, DType dtype) {
  if (weights.size == a.size) return sum_of(weights, axes, dtype);
  return broadcast_view(*sum_of(weights, all_axes(weights.dims()), dtype), axes.shape);
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

ArrayRef in_dtype(const ArrayRef& a, DType dtype) { return a->type() == dtype ? a : cast(*a, dtype); }

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
    scale = sum_of_weights(*weights, *r.a, r.axes, dtype);
    const ArrayRef zeros = apply(k_equal, scale, 0.0);
    if (*fold(k_logical_or, *zeros, all_axes(zeros->dims()), Element{}.bytes)->items<bool>())
      throw Error(ErrorKind::zero_division, "Weights sum to zero, can't be normalized");
    const ArrayRef product = apply(k_multiply, in_dtype(r.a, dtype), in_dtype(weights, dtype));
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
