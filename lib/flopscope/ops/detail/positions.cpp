// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>

namespace flopscope::detail {

bool is_nonzero(const Array& a, const std::byte* at) {
  return visit_dtype(a.type(), [at]<class T>() { return *reinterpret_cast<const T*>(at) != T{}; });
}

std::vector<ArrayRef> nonzero_positions(const Array& a) {
  const ArrayRef mask = a.type() == DType::bool_ ? contiguous_copy_if_needed(a) : cast(a, DType::bool_);
  const auto* flags = mask->items<std::uint8_t>();
  std::int64_t n = 0;
  for (std::int64_t i = 0; i < mask->size; ++i) n += flags[i] != 0;
  std::vector<ArrayRef> out;
  for (int d = 0; d < a.ndim; ++d) out.push_back(Array::make(DType::int64, Dims{n}));
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < mask->size; ++i) {
    if (flags[i] == 0) continue;
    std::int64_t rest = i;
    for (int d = a.ndim - 1; d >= 0; --d) {
      out[static_cast<std::size_t>(d)]->mutable_items<std::int64_t>()[at] = rest % a.shape[d];
      rest /= a.shape[d];
    }
    ++at;
  }
  return out;
}

std::int64_t offset_of(const Array& a, std::int64_t i) {
  if (a.is_contiguous()) return i * a.item_bytes();
  std::int64_t offset = 0;
  for (int d = a.ndim - 1; d >= 0; --d) {
    offset += (i % a.shape[d]) * a.strides[d];
    i /= a.shape[d];
  }
  return offset;
}

AlongAxis along_axis(ArrayRef& a, const ArrayRef& indices, const Value& axis_value) {
  if (!is_integer(indices->type())) throw_index_error("`indices` must be an integer array");
  if (axis_value.is(ValueKind::none)) {
    if (indices->ndim != 1) throw_value_error("when axis=None, `indices` must have a single dimension.");
    a = flattened(*a);
  }
  const int axis = axis_value.is(ValueKind::none) ? 0 : to_axis(axis_value, a->ndim, -1);
  if (indices->ndim != a->ndim) throw_value_error("`indices` and `arr` must have the same number of dimensions");
  AlongAxis out;
  out.shape = Dims(indices->dims());
  for (int d = 0; d < a->ndim; ++d) {
    if (d == axis || out.shape[d] == a->shape[d]) continue;
    if (out.shape[d] != 1 && a->shape[d] != 1)
      throw_index_error("shape mismatch: indexing arrays could not be broadcast together");
    out.shape[d] = out.shape[d] == 1 ? a->shape[d] : out.shape[d];
  }
  const std::vector<std::int64_t> along = to_ints(Value(*broadcast_view(*indices, out.shape)), "indices");
  out.offsets.reserve(along.size());
  std::int64_t position[k_max_dims] = {};
  for (const std::int64_t i : along) {
    std::int64_t offset = wrap_index(i, a->shape[axis], axis) * a->strides[axis];
    for (int d = 0; d < a->ndim; ++d)
      if (d != axis && a->shape[d] != 1) offset += position[d] * a->strides[d];
    out.offsets.push_back(offset);
    for (int d = a->ndim - 1; d >= 0 && ++position[d] == out.shape[d]; --d) position[d] = 0;
  }
  return out;
}

void charge_method(Call& call, std::string_view function, const PriceInput& price, std::optional<DType> dtype) {
  if (call.op.name == function)
    call.charge(price, dtype);
  else if (call.model.price_of(call.op.index).logged)
    call.charge_as(function, price, dtype);
  else
    call.charge_nothing(dtype);
}

bool logged_as_free(Call& call, const PriceInput& least, std::optional<DType> dtype) {
  const OpPrice& price = call.model.price_of(call.op.index);
  if (price.weight * price.formula->price(least) > 0) return false;
  call.charge_nothing(dtype);
  return true;
}

}  // namespace flopscope::detail
