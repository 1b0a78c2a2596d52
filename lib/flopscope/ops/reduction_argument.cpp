// SPDX-License-Identifier: MIT
// argmax and argmin: the first place of an extreme; a NaN counts as the extreme, except in the nan forms.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/extreme.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

template <class T, bool Max>
std::int64_t place(const std::byte* p, std::int64_t step, std::int64_t n) {
  T extreme = *reinterpret_cast<const T*>(p);
  std::int64_t at = 0;
  extreme_of_row<T, Max>(p, step, n, extreme, at);
  return at;
}

using Place = std::int64_t (*)(const std::byte*, std::int64_t, std::int64_t);
Place place_function(DType dtype, bool max) {
  return visit_dtype(dtype, [max]<class T>() -> Place { return max ? &place<T, true> : &place<T, false>; });
}

// argmax, argmin, nanargmax, nanargmin: (a, axis, out, *, keepdims)
Result run_argument(Call& call) {
  const bool max = call.op.variant % 2 == 0;
  const bool skip_nan = call.op.variant >= 2;
  if (call.arg(1).is_sequence()) throw_type_error("'tuple' object cannot be interpreted as an integer");
  Reduction r = make_reduction(call, call.arg(0), call.arg(1), call.arg(3));
  if (r.axes.count == 0)
    throw_value_error(fmt::format("attempt to get {} of an empty sequence", max ? "argmax" : "argmin"));
  const Array* target = checked_target(call.arg(2), r, call.op.name);
  if (target != nullptr && !can_cast_safe(target->type(), DType::int64))
    throw_type_error(
        fmt::format("{}(): Cannot cast array data from dtype('{}') to dtype('int64') according to the "
                    "rule 'safe'",
                    call.op.name, name_of(target->type())));
  r.price.extra = skip_nan && is_floating(r.a->type()) ? r.price.unique_in : 0;
  // A buffer of places has no part in comparing values, where it is not taken for the accumulator.
  const bool priced = target != nullptr && call.model.rule("reduction.out_is_accumulator");
  call.charge(r.price, priced_dtype(call, r.a->type(), {}, r.a->type(), priced ? target : nullptr));

  ArrayRef a = r.a;
  if (skip_nan && is_floating(a->type())) {
    const ArrayRef numbers = not_nan(*a);
    const ArrayRef counts = sum_of(*numbers, r.axes, DType::int64);
    for (std::int64_t i = 0; i < counts->size; ++i)
      if (counts->items<std::int64_t>()[i] == 0) throw_value_error("All-NaN slice encountered");
    a = without_nan(*a, max ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity());
  }
  const Place find = place_function(a->type(), max);
  const ArrayRef out = Array::make(DType::int64, r.axes.shape);
  auto* to = out->mutable_items<std::int64_t>();
  if (r.axes.all || a->ndim == 0) {
    const ArrayRef flat = contiguous_copy_if_needed(*a);
    *to = find(flat->items<std::byte>(), flat->item_bytes(), flat->size);
  } else if (a->size > 0) {
    for_each_lane(
        *a, static_cast<int>(r.axes.reduced[0]),
        [&](const std::byte* p, std::int64_t step, std::int64_t n, std::int64_t lane) { to[lane] = find(p, step, n); });
  }
  return finish(call, r, out, call.arg(2));
}

constexpr std::string_view k_signature = "a, axis=None, out=None, *, keepdims=False";
constexpr Operation k_operations[] = {
    {.name = "argmax", .signature = k_signature, .run = run_argument, .formula = "reduction.folds", .variant = 0},
    {.name = "argmin", .signature = k_signature, .run = run_argument, .formula = "reduction.folds", .variant = 1},
    {.name = "nanargmax", .signature = k_signature, .run = run_argument, .formula = "reduction.folds", .variant = 2},
    {.name = "nanargmin", .signature = k_signature, .run = run_argument, .formula = "reduction.folds", .variant = 3},
};

}  // namespace

std::span<const Operation> argument_operations() { return k_operations; }

}  // namespace flopscope
