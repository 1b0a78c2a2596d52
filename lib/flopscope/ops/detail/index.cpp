// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstring>
#include <whest/flopscope/ops/detail/index.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>

namespace flopscope::detail {
namespace {

using symmetry::IndexItem;

// An index array as given: a list becomes an array, an empty list one of integers.
ArrayRef index_array(const Value& v) {
  if (v.is_array()) return ref_of(v.as_array());
  const ArrayRef a = to_array(v);
  return a->size == 0 ? cast(*a, DType::int64) : a;
}

bool is_array_like(const Value& v) { return v.is_array() || v.is_sequence(); }

// Axes of the array that an entry consumes.
int axes_of(const Value& v) {
  if (v.is(ValueKind::none) || v.is(ValueKind::ellipsis) || v.is(ValueKind::boolean)) return 0;
  if (v.is_array() && v.as_array().type() == DType::bool_) return v.as_array().ndim;
  if (v.is_sequence()) {
    const ArrayRef a = index_array(v);
    return a->type() == DType::bool_ ? a->ndim : 1;
  }
  return 1;
}

// A list without elements, which is seen as no array until it is looked up in.
bool is_empty_list(const Value& v) { return v.is_sequence() && to_array(v)->size == 0; }

// Whether arrays take part; then integers are arrays too.
bool gathers(const Value& v) { return is_array_like(v) || v.is(ValueKind::boolean); }

std::vector<std::int64_t> strided_offsets(const Dims& shape, const Dims& strides) {
  std::vector<std::int64_t> out{0};
  for (int d = 0; d < shape.size(); ++d) {
    std::vector<std::int64_t> next;
    next.reserve(out.size() * static_cast<std::size_t>(shape[d]));
    for (const std::int64_t o : out)
      for (std::int64_t i = 0; i < shape[d]; ++i) next.push_back(o + i * strides[d]);
    out = std::move(next);
  }
  return out;
}

Dims part_of(const Dims& d, int from, int to) {
  return Dims(std::span<const std::int64_t>(d.begin() + from, static_cast<std::size_t>(to - from)));
}

}  // namespace

Index::Index(const Array& a, const Value& key) : m_array(a) {
  const std::span<const Value> parts = key.is(ValueKind::tuple) ? key.as_items() : std::span(&key, 1);
  int consumed = 0, ellipses = 0;
  for (const Value& p : parts) {
    consumed += axes_of(p);
    ellipses += p.is(ValueKind::ellipsis) ? 1 : 0;
    m_gathers = m_gathers || gathers(p);
    m_is_billed = m_is_billed || (gathers(p) && !is_empty_list(p));
  }
  if (ellipses > 1) throw_index_error("an index can only have a single ellipsis ('...')");
  if (consumed > a.ndim)
    throw_index_error(
        fmt::format("too many indices for array: array is {}-dimensional, but {} were indexed", a.ndim, consumed));
  m_ellipsis_axes = a.ndim - consumed;
  for (const Value& p : parts) add(p);
  if (ellipses == 0)
    while (m_axis < a.ndim) pass_axis();
  place_picked();
}

void Index::add(const Value& part) {
  switch (part.what()) {
    case ValueKind::integer:
      if (m_gathers) return pick(scalar_array<std::int64_t>(part.i), m_array.strides[m_axis], m_array.shape[m_axis]);
      return add_integer(part.i);
    case ValueKind::boolean:
      return add_bool(part.i != 0);
    case ValueKind::none:
      mark_separator();
      m_rest_shape.push_back(1);
      m_rest_strides.push_back(0);
      m_items.push_back(IndexItem::new_axis);
      return;
    case ValueKind::ellipsis:
      return add_ellipsis();
    case ValueKind::slice:
      return add_slice(part);
    case ValueKind::array:
    case ValueKind::list:
    case ValueKind::tuple:
      return add_array(*index_array(part));
    default:
      throw_index_error(
          "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are "
          "valid indices");
  }
}

void Index::add_integer(std::int64_t i) {
  m_start += wrap_index(i, m_array.shape[m_axis], m_axis) * m_array.strides[m_axis];
  ++m_axis;
  m_items.push_back(IndexItem::integer);
}

// Python's slice.indices on the axis.
void Index::add_slice(const Value& slice) {
  mark_separator();
  const std::int64_t n = m_array.shape[m_axis];
  const auto three = slice.as_items();
  const std::int64_t step = three[2].is_absent() ? 1 : to_int(three[2], "slice step");
  if (step == 0) throw_value_error("slice step cannot be zero");
  const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? n : n - 1;
  const auto bound = [&](const Value& v, std::int64_t if_absent) {
    if (v.is_absent()) return if_absent;
    const std::int64_t i = to_int(v, "slice index");
    return std::clamp(i < 0 ? i + n : i, low, high);
  };
  const std::int64_t start = bound(three[0], step > 0 ? low : high), stop = bound(three[1], step > 0 ? high : low);
  const std::int64_t span = step > 0 ? stop - start : start - stop;
  // A step may be as large as a number can be.
  const std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
  const std::int64_t count =
      span <= 0 ? 0 : static_cast<std::int64_t>((static_cast<std::uint64_t>(span) - 1) / stride) + 1;
  if (count > 0) m_start += start * m_array.strides[m_axis];
  m_rest_shape.push_back(count);
  m_rest_strides.push_back(count > 1 ? step * m_array.strides[m_axis] : m_array.strides[m_axis]);
  m_items.push_back(count == n && start == 0 && step == 1 ? IndexItem::full_slice : IndexItem::partial_slice);
  ++m_axis;
}

void Index::add_ellipsis() {
  mark_separator();
  for (int i = 0; i < m_ellipsis_axes; ++i) pass_axis();
}

void Index::pass_axis() {
  mark_separator();
  m_rest_shape.push_back(m_array.shape[m_axis]);
  m_rest_strides.push_back(m_array.strides[m_axis]);
  m_items.push_back(IndexItem::full_slice);
  ++m_axis;
}

void Index::add_bool(bool b) {
  m_masked += 1;
  pick(b ? zeros(DType::int64, Dims{1}) : zeros(DType::int64, Dims{0}), 0, 1);
  --m_axis;  // a bare bool consumes no axis
}

void Index::add_array(const Array& index) {
  if (index.type() == DType::bool_) return add_mask(index);
  if (!is_integer(index.type())) throw_index_error("arrays used as indices must be of integer (or boolean) type");
  pick(contiguous_as(index, DType::int64), m_array.strides[m_axis], m_array.shape[m_axis]);
}

void Index::add_mask(const Array& mask) {
  if (mask.ndim == 0) return add_bool(*mask.items<bool>());
  for (int d = 0; d < mask.ndim; ++d)
    if (mask.shape[d] != m_array.shape[m_axis + d])
      throw_index_error(
          fmt::format("boolean index did not match indexed array along axis {}; size of axis is {} but size of "
                      "corresponding boolean axis is {}",
                      m_axis + d, m_array.shape[m_axis + d], mask.shape[d]));
  m_masked += static_cast<double>(mask.size);
  for (const ArrayRef& positions : nonzero_positions(mask))
    pick(positions, m_array.strides[m_axis], m_array.shape[m_axis]);
}

// One more array; `size` bounds its values.
void Index::pick(const ArrayRef& positions, std::int64_t stride, std::int64_t size) {
  ArrayRef wrapped = Array::make(DType::int64, positions->dims());
  for (std::int64_t i = 0; i < positions->size; ++i)
    wrapped->mutable_items<std::int64_t>()[i] = wrap_index(positions->items<std::int64_t>()[i], size, m_axis);
  m_picked.push_back({wrapped, stride});
  if (m_run == Run::none) {
    m_run = Run::open;
    m_place = m_rest_shape.size();
  } else if (m_run == Run::closed) {
    m_run = Run::broken;
    m_place = 0;
  }
  m_items.push_back(IndexItem::gather);
  ++m_axis;
}

void Index::mark_separator() {
  if (m_run == Run::open) m_run = Run::closed;
}

void Index::place_picked() {
  m_shape = m_rest_shape;
  if (!m_gathers) return;
  try {
    for (const Picked& p : m_picked) m_picked_shape = broadcast(m_picked_shape, p.positions->dims());
  } catch (const Error&) {
    throw_index_error("shape mismatch: indexing arrays could not be broadcast together");
  }
  for (int d = 0; d < m_picked_shape.size(); ++d) m_shape.insert(m_place + d, m_picked_shape[d]);
}

ArrayRef Index::view() const { return view_of(m_array, m_rest_shape, m_rest_strides, m_start); }

std::vector<std::int64_t> Index::picked_offsets() const {
  std::vector<std::int64_t> out(static_cast<std::size_t>(element_count(m_picked_shape)), m_start);
  for (const Picked& p : m_picked) {
    std::size_t k = 0;
    for_each_element(*broadcast_view(*p.positions, m_picked_shape),
                     [&](const std::byte* at) { out[k++] += *reinterpret_cast<const std::int64_t*>(at) * p.stride; });
  }
  return out;
}

std::vector<std::int64_t> Index::offsets() const {
  if (!m_gathers) {
    std::vector<std::int64_t> out = strided_offsets(m_rest_shape, m_rest_strides);
    for (std::int64_t& o : out) o += m_start;
    return out;
  }
  const int n = m_rest_shape.size();
  const auto before = strided_offsets(part_of(m_rest_shape, 0, m_place), part_of(m_rest_strides, 0, m_place));
  const auto after = strided_offsets(part_of(m_rest_shape, m_place, n), part_of(m_rest_strides, m_place, n));
  const auto picked = picked_offsets();
  std::vector<std::int64_t> out;
  out.reserve(before.size() * picked.size() * after.size());
  for (const std::int64_t b : before)
    for (const std::int64_t p : picked)
      for (const std::int64_t a : after) out.push_back(b + p + a);
  return out;
}

ArrayRef Index::gather() const {
  ArrayRef out = Array::make(m_array.type(), m_shape);
  if (out->size == 0) return out;
  const int n = m_rest_shape.size();
  const auto before = strided_offsets(part_of(m_rest_shape, 0, m_place), part_of(m_rest_strides, 0, m_place));
  const ArrayRef block = view_of(m_array, part_of(m_rest_shape, m_place, n), part_of(m_rest_strides, m_place, n));
  const bool whole = block->is_contiguous();  // what stands behind the picked axes is one run of bytes
  const auto after = whole ? std::vector<std::int64_t>{0}
                           : strided_offsets(part_of(m_rest_shape, m_place, n), part_of(m_rest_strides, m_place, n));
  const std::int64_t run = whole ? block->size * m_array.item_bytes() : m_array.item_bytes();
  const auto picked = picked_offsets();
  const std::byte* src = m_array.items<std::byte>();
  std::byte* dst = out->mutable_items<std::byte>();
  with_item_size(run, [&](auto size) {
    for (const std::int64_t b : before)
      for (const std::int64_t p : picked)
        for (const std::int64_t a : after) {
          std::memcpy(dst, src + b + p + a, size());
          dst += run;
        }
  });
  return out;
}

}  // namespace flopscope::detail
