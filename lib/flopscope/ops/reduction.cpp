// SPDX-License-Identifier: MIT
// The reduction family: sums, products, extremes, tests and counts. Scans, statistics and order statistics have files
// of their own.
#include <cmath>
#include <limits>
#include <vector>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

// `nan_tests` of a price: one per input element where the operation looks for NaN.
void count_nan_tests(Reduction& r) { r.price.extra = is_floating(r.a->type()) ? r.price.unique_in : 0; }

// sum, prod, nansum, nanprod: (a, axis, dtype, out, keepdims, initial, where)
struct Total {
  const Ufunc* op;
  double identity;
  bool skip_nan;
};
constexpr Total k_totals[] = {{&k_add, 0, false}, {&k_multiply, 1, false}, {&k_add, 0, true}, {&k_multiply, 1, true}};

Result run_total(Call& call) {
  const Total& what = k_totals[call.op.variant];
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(4));
  const std::optional<DType> asked = to_dtype(call.arg(2));
  const DType natural = accumulator_of(r.a->type());
  const ArrayRef mask = where_mask(call.arg(6), *r.a);
  const Array* target = checked_target(call.arg(3), r, what.op->name);
  const DType dtype = folding_dtype(r.a->type(), asked, natural, target);
  const Element start = call.arg(5).is_absent() ? element_of(what.identity, dtype) : element_of(call.arg(5), dtype);
  if (what.skip_nan) count_nan_tests(r);
  call.charge(r.price, priced_dtype(call, r.a->type(), asked, natural, target));

  ArrayRef a = what.skip_nan ? without_nan(*r.a, what.identity) : r.a;
  if (what.op == &k_add && target == nullptr && call.arg(5).is_absent())
    return finish(call, r, sum_of(*a, r.axes, dtype, mask.get()), call.arg(3));
  if (a->type() != dtype) a = cast(*a, dtype);
  return finish(call, r, fold_through(*what.op, r, *a, start.bytes, mask.get(), target), call.arg(3));
}

// max, min, nanmax, nanmin: (a, axis, out, keepdims, initial, where)
constexpr const Ufunc* k_extremes[] = {&k_maximum, &k_minimum, &k_fmax, &k_fmin};

Result run_extreme(Call& call) {
  const Ufunc& op = *k_extremes[call.op.variant];
  const Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(3));
  const ArrayRef mask = where_mask(call.arg(5), *r.a);
  const bool has_initial = !call.arg(4).is_absent();
  const DType natural = r.a->type();
  const Array* target = checked_target(call.arg(2), r, op.name);
  const DType dtype = folding_dtype(r.a->type(), {}, natural, target);
  if (mask && !has_initial)
    throw_value_error("reduction operation '" + std::string(op.name) +
                      "' does not have an identity, so to use a where mask one has to specify 'initial'");
  if (!has_initial && r.axes.count == 0)
    throw_value_error("zero-size array to reduction operation " + std::string(op.name) + " which has no identity");
  const Element start = has_initial ? element_of(call.arg(4), dtype) : Element{};
  call.charge(r.price, priced_dtype(call, r.a->type(), {}, natural, target));

  const ArrayRef a = natural == dtype ? r.a : cast(*r.a, dtype);
  return finish(call, r, fold_through(op, r, *a, has_initial ? start.bytes : nullptr, mask.get(), target), call.arg(2));
}

// any, all: (a, axis, out, keepdims, *, where)
Result run_test(Call& call) {
  const bool all = call.op.variant == 1;
  const Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(3));
  const ArrayRef mask = where_mask(call.arg(4), *r.a);
  const Array* target = checked_target(call.arg(2), r, call.op.name);
  call.charge(r.price, priced_dtype(call, r.a->type(), {}, r.a->type(), target));

  ArrayRef truths = r.a->type() == DType::bool_ ? r.a : cast(*r.a, DType::bool_);
  if (mask) truths = masked(*truths, *mask, &all);
  return finish(call, r, fold(all ? k_logical_and : k_logical_or, *truths, r.axes, &all), call.arg(2));
}

// count_nonzero: (a, axis, *, keepdims). A plain int for the whole array.
Result run_count_nonzero(Call& call) {
  const Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(2));
  call.charge(r.price, r.a->type());
  const ArrayRef truths = r.a->type() == DType::bool_ ? r.a : cast(*r.a, DType::bool_);
  if (r.axes.all && !r.keepdims) {
    const ArrayRef whole = contiguous_copy_if_needed(*truths);
    return Result::integer(detail::count_true(whole->items<bool>(), whole->size));
  }
  return finish(call, r, sum_of(*truths, r.axes, DType::int64), {});
}

// ptp: (a, axis, out, keepdims)
Result run_ptp(Call& call) {
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(3));
  const DType dtype = r.a->type();
  if (!call.model.rule("reduction.ptp_keeps_tag")) r.tag = nullptr;
  const Array* target = checked_target(call.arg(2), r, call.op.name);
  if (r.axes.count == 0) throw_value_error("zero-size array to reduction operation maximum which has no identity");
  // The maximum is stored in the buffer, the minimum is not: their difference must fit there by kind.
  const Loop& difference = resolve(k_subtract, std::array{Input(target ? *target : *r.a), Input(*r.a)});
  if (target != nullptr && !can_cast_same_kind(difference.types[2], target->type()))
    throw_type_error("Cannot cast ufunc 'subtract' output to the dtype of the out array with casting rule 'same_kind'");
  const bool out_is_free = target == nullptr || call.model.rule("reduction.out_of_ptp_is_free");
  call.charge(r.price, out_is_free ? dtype : priced_dtype(call, r.a->type(), {}, dtype, target));
  const DType folding = folding_dtype(r.a->type(), {}, dtype, target);
  const ArrayRef wide = folding == dtype ? r.a : cast(*r.a, folding);
  const ArrayRef high = as_stored(fold_through(k_maximum, r, *wide, nullptr, nullptr, target), target);
  const ArrayRef low = fold(k_minimum, *r.a, r.axes, nullptr);
  return finish(call, r, apply(k_subtract, high, low), call.arg(2));
}

constexpr std::string_view k_total_signature =
    "a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True";
constexpr std::string_view k_extreme_signature = "a, axis=None, out=None, keepdims=False, initial=None, where=True";
constexpr std::string_view k_test_signature = "a, axis=None, out=None, keepdims=False, *, where=True";
constexpr std::string_view k_fold_price = "reduction.folds";

constexpr Operation k_operations[] = {
    {.name = "sum", .signature = k_total_signature, .run = run_total, .formula = k_fold_price, .variant = 0},
    {.name = "prod", .signature = k_total_signature, .run = run_total, .formula = k_fold_price, .variant = 1},
    {.name = "nansum", .signature = k_total_signature, .run = run_total, .formula = k_fold_price, .variant = 2},
    {.name = "nanprod", .signature = k_total_signature, .run = run_total, .formula = k_fold_price, .variant = 3},
    {.name = "max", .signature = k_extreme_signature, .run = run_extreme, .formula = k_fold_price, .variant = 0},
    {.name = "min", .signature = k_extreme_signature, .run = run_extreme, .formula = k_fold_price, .variant = 1},
    {.name = "amax",
     .signature = k_extreme_signature,
     .run = run_extreme,
     .formula = k_fold_price,
     .variant = 0,
     .canonical = "max"},
    {.name = "amin",
     .signature = k_extreme_signature,
     .run = run_extreme,
     .formula = k_fold_price,
     .variant = 1,
     .canonical = "min"},
    {.name = "nanmax", .signature = k_extreme_signature, .run = run_extreme, .formula = k_fold_price, .variant = 2},
    {.name = "nanmin", .signature = k_extreme_signature, .run = run_extreme, .formula = k_fold_price, .variant = 3},
    {.name = "any", .signature = k_test_signature, .run = run_test, .formula = k_fold_price, .variant = 0},
    {.name = "all", .signature = k_test_signature, .run = run_test, .formula = k_fold_price, .variant = 1},
    {.name = "count_nonzero",
     .signature = "a, axis=None, *, keepdims=False",
     .run = run_count_nonzero,
     .formula = k_fold_price},
    {.name = "ptp", .signature = "a, axis=None, out=None, keepdims=False", .run = run_ptp, .formula = k_fold_price},
};

}  // namespace

std::span<const Operation> reduction_operations() {
  static const std::vector<Operation> k_all = [] {
    std::vector<Operation> out(std::begin(k_operations), std::end(k_operations));
    for (const auto part :
         {argument_operations(), scan_operations(), statistic_operations(), order_statistic_operations()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return k_all;
}

}  // namespace flopscope
