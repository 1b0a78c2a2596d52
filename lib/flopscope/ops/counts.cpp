// SPDX-License-Identifier: MIT
// The sorting family: counts of small integers (bincount) and sums of diagonals (trace).
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <whest/flopscope/ops/detail/fold.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

Result run_bincount(Call& call) {
  const ArrayRef x = to_array(call.arg(0));
  if (x->ndim != 1) throw_value_error("object too deep for desired array");
  if (x->size > 0 && x->type() != DType::uint64 && !can_cast_safe(x->type(), DType::int64))
    throw_type_error(fmt::format(
        "Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'", name_of(x->type())));
  const std::int64_t least = call.arg(2).is_missing() ? 0 : to_int(call.arg(2), "minlength");
  if (least < 0) throw_value_error("'minlength' must not be negative");
  const ArrayRef whole = contiguous_as(*x, DType::int64);
  const std::span numbers{whole->items<std::int64_t>(), static_cast<std::size_t>(x->size)};
  std::int64_t size = least;
  if (x->size > 0) {
    const auto [low, high] = std::ranges::minmax(numbers);
    if (low < 0) throw_value_error("'list' argument must have no negative elements");
    size = std::max(size, high + 1);
  }
  ArrayRef weights;
  if (!call.arg(1).is_absent()) {
    const ArrayRef given = to_array(call.arg(1));
    if (is_complex(given->type()))
      throw_type_error(
          "Cannot cast array data from dtype('complex128') to dtype('float64') according to the rule 'safe'");
    weights = contiguous_as(*given, DType::float64);
    if (x->size > 0 && weights->size != x->size) throw_value_error("The weights and list don't have the same length.");
  }
  call.charge({.in = static_cast<double>(x->size)}, detail::heavier(call.model, x->type(), DType::int64));
  ArrayRef out = zeros(weights && x->size > 0 ? DType::float64 : DType::int64, Dims{size});
  if (weights) {
    const double* weight = weights->items<double>();
    for (double* sums = out->mutable_items<double>(); const std::int64_t i : numbers) sums[i] += *weight++;
  } else {
    for (std::int64_t* counts = out->mutable_items<std::int64_t>(); const std::int64_t i : numbers) ++counts[i];
  }
  return out;
}

Result run_trace(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim < 2) throw_value_error("diag requires an array of at least two dimensions");
  const std::int64_t offset = call.arg(1).is_missing() ? 0 : to_int(call.arg(1), "offset");
  const int axis1 = to_axis(call.arg(2), a->ndim, 0), axis2 = to_axis(call.arg(3), a->ndim, 1);
  if (axis1 == axis2) throw_value_error("axis1 and axis2 cannot be the same");
  const std::optional<DType> asked = to_dtype(call.arg(4));
  const DType natural = ufunc::accumulator_of(a->type());
  const std::int64_t rows = a->shape[axis1], columns = a->shape[axis2];
  const std::int64_t planes = rows * columns == 0 ? 0 : a->size / (rows * columns);
  const ArrayRef diagonals = detail::diagonal_view(*a, offset, axis1, axis2);
  const std::int64_t length = diagonals->shape[diagonals->ndim - 1];
  const std::span<const std::int64_t> shape = diagonals->dims().first(static_cast<std::size_t>(a->ndim - 2));
  detail::require_out(call.arg(5), shape);
  const Array* target = call.arg(5).is_absent() ? nullptr : &call.arg(5).as_array();
  call.charge({.in = static_cast<double>(a->size),
               .slices = static_cast<double>(planes),
               .n = static_cast<double>(std::min(rows, columns)),
               .extra = static_cast<double>(std::max<std::int64_t>(length, 1))},
              ufunc::priced_dtype(call, a->type(), asked, natural, target));
  const DType dtype = ufunc::folding_dtype(a->type(), asked, natural, target);
  const ArrayRef out = ufunc::sum_of(*diagonals, ufunc::one_axis(diagonals->ndim - 1, diagonals->dims()), dtype);
  return detail::into_out(call, call.arg(5), out);
}

constexpr Operation k_operations[] = {
    {.name = "bincount",
     .signature = "x, weights=None, minlength=0",
     .run = run_bincount,
     .formula = "read.at_least_1"},
    {.name = "trace",
     .signature = "a, offset=0, axis1=0, axis2=1, dtype=None, out=None",
     .run = run_trace,
     .formula = "trace.offset_planes"},
};

}  // namespace

detail::Table detail::count_operations() { return k_operations; }

}  // namespace flopscope
