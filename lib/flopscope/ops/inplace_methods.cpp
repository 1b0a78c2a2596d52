// SPDX-License-Identifier: MIT
// Methods that change their array: only where the model's arrays can be assigned to (0.5); elsewhere ValueError, free.
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/order.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

const Array& changeable(const Call& call) {
  const std::string_view method = call.op.name.substr(call.op.name.find('.') + 1);
  if (!call.model.rule("arrays_can_be_assigned_to"))
    throw_value_error(fmt::format("in-place {} is not supported; flopscope arrays are immutable.", method));
  if (!call.arg(0).is_array()) throw_type_error(fmt::format("{} needs an array", method));
  call.arg(0).as_array().require_writable();
  return call.arg(0).as_array();
}

Result run_fill(Call& call) {
  const Array& a = changeable(call);
  const ArrayRef value = to_array(call.arg(1));
  if (value->size != 1) throw_value_error("fill needs one value");
  copy_into(a, *detail::reshaped(*value, Dims{}));
  call.wrote_into(a);
  return Result::none();
}

Result run_put(Call& call) {
  const Array& a = changeable(call);
  const ArrayRef values = detail::flattened(*contiguous_as(*to_array(call.arg(2)), a.type()));
  std::vector<std::int64_t> index = detail::to_ints(call.arg(1), "indices");
  for (std::int64_t& i : index) i = detail::wrap_index(i, a.size, 0);
  if (values->size == 0) return Result::none();
  ArrayRef flat = copy_of(*detail::flattened(a));
  std::int64_t v = 0;
  for (const std::int64_t i : index)
    copy_into(*detail::at_position(*flat, 0, i), *detail::at_position(*values, 0, v++ % values->size));
  copy_into(a, *detail::reshaped(*flat, a.dims()));
  call.wrote_into(a);
  return Result::none();
}

// sort (variant 0) and partition (1): what the function of that name gives, written back and billed as it.
Result run_ordered(Call& call) {
  const Array& a = changeable(call);
  const bool partition = call.op.variant == 1;
  const std::string_view name = partition ? "partition" : "sort";
  if (a.tag())
    throw_value_error(fmt::format("in-place {} would break the array's symmetry; call the function for a copy", name));
  const int axis = to_axis(call.arg(partition ? 2 : 1), a.ndim, -1);
  const auto length = static_cast<double>(a.shape[axis]);
  const double parts = partition ? static_cast<double>(detail::to_ints(call.arg(1), "kth").size()) : 1;
  call.charge_as(name,
                 {.in = static_cast<double>(a.size),
                  .length = length,
                  .slices = length > 0 ? static_cast<double>(a.size) / length : 1,
                  .parts = parts},
                 a.type());
  const detail::Lines lines = detail::lines_along(a, axis);
  visit_dtype(lines.data->type(), [&]<class T>() {
    T* line = lines.data->mutable_items<T>();
    for (std::int64_t k = 0; k < lines.lines; ++k, line += lines.length) detail::sort_line(line, lines.length);
  });
  copy_into(a, *detail::put_back(lines, lines.data));
  call.wrote_into(a);
  return Result::none();
}

Result run_resize(Call& call) {
  changeable(call);
  throw_value_error("cannot resize this array: it does not own its data");
}

// The same bytes read as another dtype; along the last axis sizes may differ.
Result run_view(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const std::optional<DType> dtype = to_dtype(call.arg(1));
  if (!dtype || *dtype == a->type()) return detail::alias_of(*a);
  Dims shape(a->dims()), strides(a->byte_strides());
  const std::int64_t from = a->item_bytes(), to = item_size(*dtype);
  if (from != to) {
    const int last = a->ndim - 1;
    if (last < 0) throw_value_error("Changing the dtype of a 0d array is only supported if the itemsize is unchanged");
    if (a->size > 0 && strides[last] != from)
      throw_value_error("To change to a dtype of a different size, the last axis must be contiguous");
    if (shape[last] * from % to != 0)
      throw_value_error(
          "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of "
          "the array.");
    shape[last] = shape[last] * from / to;
    strides[last] = to;
  }
  const auto view_as = [&](DType d) { return Array::view(a->storage(), a->items<std::byte>(), d, shape, strides); };
  if (*dtype != DType::bool_) return view_as(*dtype);
  // A byte above 1 counts as true, which no code here could read as a bool: then the view is a copy.
  const ArrayRef bytes = contiguous_as(*view_as(DType::uint8), DType::uint8);
  const auto* first = bytes->items<std::uint8_t>();
  if (std::any_of(first, first + bytes->size, [](std::uint8_t b) { return b > 1; })) return cast(*bytes, *dtype);
  return view_as(*dtype);
}

constexpr Operation method(std::string_view name, std::string_view signature, Kernel run, std::string_view price,
                           int variant = 0) {
  return {.name = name, .signature = signature, .run = run, .formula = price, .variant = variant};
}

constexpr std::string_view k_free = "zero if arrays_can_be_assigned_to else refused";

constexpr Operation k_operations[] = {
    method("method.fill", "a, value", run_fill, k_free),
    method("method.put", "a, indices, values, mode='raise'", run_put, k_free),
    method("method.sort", "a, axis=-1, kind=None, order=None", run_ordered,
           "as sort if arrays_can_be_assigned_to else refused", 0),
    method("method.partition", "a, kth, axis=-1, kind=None, order=None", run_ordered,
           "as partition if arrays_can_be_assigned_to else refused", 1),
    method("method.resize", "a, *args", run_resize, "refused"),
    method("method.view", "a, dtype=None", run_view, "zero"),
};

}  // namespace

detail::Table detail::inplace_method_operations() { return k_operations; }

}  // namespace flopscope
