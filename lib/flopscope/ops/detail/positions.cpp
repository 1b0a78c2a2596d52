// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>

namespace flopscope::detail {

ArrayRef to_indices(const Value& v) {
  const ArrayRef a = to_array(v);
  return v.is_sequence() && a->type() == DType::uint64 ? cast(*a, DType::int64) : a;
}

bool is_nonzero(const Array& a, const std::byte* at) {
  return visit_dtype(a.type(), [at]<class T>() { return *reinterpret_cast<const T*>(at) != T{}; });
}

namespace {

constexpr std::uint64_t k_ones = 0x0101010101010101U;

// The eight truths at `flags`, a byte of 0 or 1 each.
std::uint64_t eight_truths(const std::uint8_t* flags) {
  std::uint64_t word;
  std::memcpy(&word, flags, sizeof word);
  return (((word & 0x7f * k_ones) + 0x7f * k_ones) | word) >> 7 & k_ones;
}

// Writes the positions of the true among `n` flags, at most `room` of them; how many.
std::int64_t true_positions(const std::uint8_t* flags, std::int64_t n, std::int64_t* to, std::int64_t room) {
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < n && found < room;) {
    if (i + 8 <= n && eight_truths(flags + i) == 0) {
      i += 8;
      continue;
    }
    // Without a branch on the flag, which nobody foresees: a place is written over until its position stays.
    for (const std::int64_t end = std::min(i + 8, n); i < end && found < room; ++i) {
      to[found] = i;
      found += flags[i] != 0;
    }
  }
  return found;
}

}  // namespace

std::int64_t count_true(const bool* truths, std::int64_t n) {
  const auto* flags = reinterpret_cast<const std::uint8_t*>(truths);
  std::int64_t count = 0, i = 0;
  while (i + 8 <= n) {
    // Bytes are added side by side as long as none can overflow.
    const std::int64_t end = std::min(n - 7, i + 8 * 255);
    std::uint64_t sums = 0;
    for (; i < end; i += 8) sums += eight_truths(flags + i);
    for (; sums != 0; sums >>= 8) count += static_cast<std::int64_t>(sums & 0xff);
  }
  for (; i < n; ++i) count += flags[i] != 0;
  return count;
}

std::vector<ArrayRef> nonzero_positions(const Array& a) {
  const ArrayRef mask = a.type() == DType::bool_ ? contiguous_copy_if_needed(a) : cast(a, DType::bool_);
  const std::int64_t n = count_true(mask->items<bool>(), mask->size);
  std::vector<ArrayRef> out;
  for (int d = 0; d < a.ndim; ++d) out.push_back(Array::make(DType::int64, Dims{n}));
  if (n == 0 || a.ndim == 0) return out;
  const auto* flags = mask->items<std::uint8_t>();
  const auto axis = [&](int d) { return out[static_cast<std::size_t>(d)]->mutable_items<std::int64_t>(); };
  const int last = a.ndim - 1;
  std::int64_t index[k_max_dims] = {};
  for (std::int64_t at = 0; at < n; flags += a.shape[last]) {
    const std::int64_t first = at;
    at += true_positions(flags, a.shape[last], axis(last) + at, n - at);
    for (int d = 0; d < last; ++d) std::fill(axis(d) + first, axis(d) + at, index[d]);
    for (int d = last - 1; d >= 0 && ++index[d] == a.shape[d]; --d) index[d] = 0;
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
