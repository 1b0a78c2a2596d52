// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <whest/flopscope/ops/detail/layout.hpp>

namespace flopscope::detail {

ArrayRef view_of(const Array& a, std::span<const std::int64_t> shape, std::span<const std::int64_t> strides,
                 std::int64_t byte_offset) {
  return Array::view(a.storage(), a.items<std::byte>() + byte_offset, a.type(), shape, strides);
}

ArrayRef alias_of(const Array& a) { return view_of(a, a.dims(), a.byte_strides()); }

ArrayRef permuted(const Array& a, const Dims& perm) {
  Dims shape(perm.size(), 0);
  Dims strides(perm.size(), 0);
  for (int i = 0; i < perm.size(); ++i) {
    shape[i] = a.shape[perm[i]];
    strides[i] = a.strides[perm[i]];
  }
  return view_of(a, shape, strides);
}

ArrayRef reversed_axes(const Array& a) {
  Dims perm(a.ndim, 0);
  for (int i = 0; i < a.ndim; ++i) perm[i] = a.ndim - 1 - i;
  return permuted(a, perm);
}

ArrayRef sliced(const Array& a, int axis, std::int64_t start, std::int64_t count, std::int64_t step) {
  const std::int64_t last = start + (count - 1) * step;
  if (count < 0 || (count > 0 && (std::min(start, last) < 0 || std::max(start, last) >= a.shape[axis])))
    throw_index_error("a slice reaches beyond the array");
  Dims shape(a.dims());
  Dims strides(a.byte_strides());
  const std::int64_t offset = count > 0 ? start * strides[axis] : 0;
  shape[axis] = count;
  strides[axis] *= step;
  return view_of(a, shape, strides, offset);
}

ArrayRef at_position(const Array& a, int axis, std::int64_t position) {
  Dims shape(a.dims());
  Dims strides(a.byte_strides());
  if (position < 0 || position >= a.shape[axis]) throw_index_error("a position beyond the array");
  const std::int64_t offset = position * strides[axis];
  shape.erase(axis);
  strides.erase(axis);
  return view_of(a, shape, strides, offset);
}

ArrayRef with_new_axes(const Array& a, const Dims& positions) {
  Dims shape(a.dims());
  Dims strides(a.byte_strides());
  for (const std::int64_t p : positions) {
    shape.insert(static_cast<int>(p), 1);
    strides.insert(static_cast<int>(p), 0);
  }
  return view_of(a, shape, strides);
}

namespace {

// Strides for the same elements under another shape, if no copy is needed: runs of old axes that step evenly are
// matched with runs of new axes of the same product.
std::optional<Dims> strides_under(const Array& a, std::span<const std::int64_t> shape) {
  Dims old_shape;
  Dims old_strides;
  for (int d = 0; d < a.ndim; ++d)
    if (a.shape[d] != 1) {
      old_shape.push_back(a.shape[d]);
      old_strides.push_back(a.strides[d]);
    }
  const int n_new = static_cast<int>(shape.size());
  const int n_old = old_shape.size();
  Dims strides(n_new, a.item_bytes());
  int oi = 0, ni = 0;
  while (ni < n_new && oi < n_old) {
    int oj = oi + 1, nj = ni + 1;
    std::int64_t np = shape[static_cast<std::size_t>(ni)], op = old_shape[oi];
    while (np != op) {
      if (np < op)
        np *= shape[static_cast<std::size_t>(nj++)];
      else
        op *= old_shape[oj++];
    }
    for (int k = oi; k + 1 < oj; ++k)
      if (old_strides[k] != old_shape[k + 1] * old_strides[k + 1]) return std::nullopt;
    strides[nj - 1] = old_strides[oj - 1];
    for (int k = nj - 1; k > ni; --k) strides[k - 1] = strides[k] * shape[static_cast<std::size_t>(k)];
    oi = oj;
    ni = nj;
  }
  return strides;
}

bool is_fortran_contiguous(const Array& a) { return a.ndim > 1 && !a.is_contiguous() && reversed_axes(a)->contiguous; }

}  // namespace

ArrayRef reshaped(const Array& a, std::span<const std::int64_t> shape) {
  if (a.is_contiguous() || a.size == 0) {
    Dims strides(static_cast<int>(shape.size()), 0);
    std::int64_t step = a.item_bytes();
    for (int d = strides.size() - 1; d >= 0; --d) {
      strides[d] = step;
      step *= std::max<std::int64_t>(shape[static_cast<std::size_t>(d)], 1);
    }
    return view_of(a, shape, strides);
  }
  if (const auto strides = strides_under(a, shape)) return view_of(a, shape, *strides);
  return reshaped(*copy_of(a), shape);
}

ArrayRef reshaped(const Array& a, std::span<const std::int64_t> shape, char order) {
  if (order == 'F' || (order == 'A' && is_fortran_contiguous(a))) {
    Dims back(shape);
    std::reverse(back.begin(), back.end());
    return reversed_axes(*reshaped(*reversed_axes(a), back));
  }
  return reshaped(a, shape);
}

Dims resolve_shape(Dims shape, std::int64_t size) {
  const Dims asked = shape;
  int unknown = -1;
  std::int64_t known = 1;
  bool too_big = false;
  for (int d = 0; d < shape.size(); ++d) {
    if (shape[d] < 0) {
      if (unknown >= 0) throw_value_error("can only specify one unknown dimension");
      unknown = d;
    } else {
      too_big |= __builtin_mul_overflow(known, shape[d], &known);
    }
  }
  if (unknown >= 0 && !too_big && known > 0 && size % known == 0) {
    shape[unknown] = size / known;
    known = size;
  }
  if (too_big || known != size || (unknown >= 0 && shape[unknown] < 0))
    throw_value_error(fmt::format("cannot reshape array of size {} into shape {}", size, shape_text(asked)));
  return shape;
}

Dims resolve_shape(const Value& v, std::int64_t size) {
  Dims shape;
  if (v.is_sequence() || (v.is_array() && v.as_array().ndim == 1))
    for (const std::int64_t d : to_ints(v, "shape")) shape.push_back(d);
  else
    shape.push_back(to_int(v, "shape"));
  return resolve_shape(shape, size);
}

char to_order(const Value& v, char if_absent) {
  if (v.is_absent()) return if_absent;
  if (v.is(ValueKind::string) && v.count == 1) {
    const char c = static_cast<char>(std::toupper(static_cast<unsigned char>(v.as_string()[0])));
    if (c == 'C' || c == 'F' || c == 'A' || c == 'K') return c;
  }
  throw_value_error("order must be one of 'C', 'F', 'A', or 'K'");
}

bool lies_in(const Array& a, char order) {
  if (order == 'K' || a.size == 0) return true;
  const bool by_rows = a.is_contiguous(), by_columns = reversed_axes(a)->is_contiguous();
  return order == 'C' ? by_rows : order == 'F' ? by_columns : by_rows || by_columns;
}

ArrayRef gathered(const Array& a, int axis, std::span<const std::int64_t> index) {
  Dims shape(a.dims());
  shape[axis] = static_cast<std::int64_t>(index.size());
  ArrayRef out = Array::make(a.type(), shape);
  if (out->size == 0) return out;
  const ArrayRef from = contiguous_copy_if_needed(a);
  std::int64_t outer = 1;
  std::int64_t inner = a.item_bytes();
  for (int d = 0; d < axis; ++d) outer *= a.shape[d];
  for (int d = axis + 1; d < a.ndim; ++d) inner *= a.shape[d];
  const std::int64_t row = inner * a.shape[axis];
  const std::byte* src = from->items<std::byte>();
  std::byte* dst = out->mutable_items<std::byte>();
  with_item_size(inner, [&](auto size) {
    for (std::int64_t o = 0; o < outer; ++o, src += row)
      for (const std::int64_t i : index) {
        std::memcpy(dst, src + i * inner, size());
        dst += inner;
      }
  });
  return out;
}

ArrayRef flattened(const Array& a) { return reshaped(a, Dims{a.size}); }

ArrayRef filled(DType dtype, std::span<const std::int64_t> shape, const Array& value) {
  ArrayRef out = Array::make(dtype, shape);
  const ArrayRef one = cast(value, dtype);
  std::byte* at = out->mutable_items<std::byte>();
  const auto bytes = static_cast<std::size_t>(out->item_bytes());
  const auto total = static_cast<std::size_t>(out->size) * bytes;
  if (total == 0) return out;
  std::memcpy(at, one->items<std::byte>(), bytes);
  for (std::size_t done = bytes; done < total; done *= 2) std::memcpy(at + done, at, std::min(done, total - done));
  return out;
}

std::vector<Operand> to_operands(const Value& v, std::string_view what) {
  std::vector<Operand> out;
  if (v.is_sequence()) {
    for (const Value& item : v.as_items()) out.push_back(to_operand(item));
  } else if (v.is_array() && v.as_array().ndim > 0) {
    for (std::int64_t i = 0; i < v.as_array().shape[0]; ++i)
      out.push_back({at_position(v.as_array(), 0, i), std::nullopt});
  } else {
    throw_type_error(fmt::format("{} must be a sequence of arrays", what));
  }
  return out;
}

std::vector<std::int64_t> to_ints(const Value& v, std::string_view what) {
  std::vector<std::int64_t> out;
  if (v.is_array()) {
    const ArrayRef whole = contiguous_as(v.as_array(), DType::int64);
    out.assign(whole->items<std::int64_t>(), whole->items<std::int64_t>() + whole->size);
  } else if (v.is_sequence()) {
    for (const Value& item : v.as_items()) {
      const std::vector<std::int64_t> part = to_ints(item, what);
      out.insert(out.end(), part.begin(), part.end());
    }
  } else {
    out.push_back(to_int(v, what));
  }
  return out;
}

std::int64_t wrap_index(std::int64_t i, std::int64_t size, int axis) {
  if (i < -size || i >= size)
    throw_index_error(fmt::format("index {} is out of bounds for axis {} with size {}", i, axis, size));
  return i < 0 ? i + size : i;
}

DType common_dtype(std::span<const ArrayRef> arrays) {
  std::optional<DType> dtype;
  for (const bool floating : {true, false})
    for (const ArrayRef& a : arrays)
      if (is_floating(a->type()) == floating) dtype = dtype ? promote(*dtype, a->type()) : a->type();
  return *dtype;
}

DType heavier(const CostModel& model, DType a, DType b) { return model.dtype_rate(b) > model.dtype_rate(a) ? b : a; }

std::int64_t diagonal_length(std::int64_t rows, std::int64_t columns, std::int64_t k) {
  return std::max<std::int64_t>(0, k >= 0 ? std::min(rows, columns - k) : std::min(rows + k, columns));
}

ArrayRef diagonal_view(const Array& a, std::int64_t offset, int axis1, int axis2) {
  const std::int64_t length = diagonal_length(a.shape[axis1], a.shape[axis2], offset);
  const std::int64_t start = length == 0 ? 0 : offset >= 0 ? offset * a.strides[axis2] : -offset * a.strides[axis1];
  Dims shape;
  Dims strides;
  for (int d = 0; d < a.ndim; ++d)
    if (d != axis1 && d != axis2) {
      shape.push_back(a.shape[d]);
      strides.push_back(a.strides[d]);
    }
  shape.push_back(length);
  strides.push_back(a.strides[axis1] + a.strides[axis2]);
  return view_of(a, shape, strides, start);
}

void require_out(const Value& out, std::span<const std::int64_t> shape) {
  if (out.is_absent()) return;
  if (!out.is_array()) throw_type_error("return arrays must be of ArrayType");
  const Array& target = out.as_array();
  target.require_writable();
  if (!std::equal(target.dims().begin(), target.dims().end(), shape.begin(), shape.end()))
    throw_value_error(
        fmt::format("Output array has wrong shape: expected {}, got {}", shape_text(shape), shape_text(target.dims())));
}

void log_result_shape(Call& call, std::span<const std::int64_t> shape) {
  if (!call.model.rule("results_are_logged")) return;
  call.state_shape(shape);
}

ArrayRef into_out(const Call& call, const Value& out, ArrayRef result) {
  if (out.is_absent()) return result;
  const Array& target = out.as_array();
  copy_into(target, *result);
  call.wrote_into(target);
  return ref_of(target);
}

}  // namespace flopscope::detail
