// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/core/value.hpp>

namespace flopscope {
namespace {

bool weak_kind_of(const Value& v, WeakKind& out) {
  switch (v.what()) {
    case ValueKind::boolean:
      out = WeakKind::boolean;
      return true;
    case ValueKind::integer:
      out = WeakKind::integer;
      return true;
    case ValueKind::real:
      out = WeakKind::real;
      return true;
    case ValueKind::complex:
      out = WeakKind::complex;
      return true;
    default:
      return false;
  }
}

// What all plain numbers of nested sequences say of their dtype; 0 where they differ. Sequences that say it themselves
// are left out.
void find_common_element(const Value& v, std::optional<std::uint16_t>& common) {
  if (v.is_sequence() && v.element == 0)
    for (const Value& item : v.as_items()) find_common_element(item, common);
  else if (v.is_scalar())
    common = !common || *common == v.element ? v.element : 0;
}

// The shape and dtype of nested sequences.
struct Nested {
  Dims shape;
  DType dtype = DType::float64;
  bool any = false;
  int leaf_depth = -1;  // of the numbers; all are equally deep
};

[[noreturn]] void refuse_uneven(int depth) {
  throw_value_error("setting an array element with a sequence. The requested array has an inhomogeneous shape after " +
                    std::to_string(depth) + " dimensions.");
}

void take_leaf(Nested& n, int depth) {
  if (n.leaf_depth >= 0 && n.leaf_depth != depth) refuse_uneven(std::min(n.leaf_depth, depth));
  n.leaf_depth = depth;
}

void take_dtype(Nested& n, DType d) {
  n.dtype = n.any ? promote(n.dtype, d) : d;
  n.any = true;
}

DType dtype_of_number(const Value& v, WeakKind kind, std::uint16_t element) {
  if (element != 0) return static_cast<DType>(element - 1);
  return v.is(ValueKind::integer) && (v.flags & 1) ? DType::uint64 : default_dtype(kind);
}

void measure(const Value& v, int depth, std::uint16_t element, Nested& n) {
  const auto expect_size = [&](std::int64_t size) {
    if (depth == n.shape.size())
      n.shape.push_back(size);
    else if (n.shape[depth] != size)
      refuse_uneven(depth);
  };
  WeakKind weak{};
  if (v.is_sequence()) {
    expect_size(static_cast<std::int64_t>(v.count));
    if (v.count == 0) take_leaf(n, depth + 1);
    if (v.count == 0 && v.element != 0) take_dtype(n, static_cast<DType>(v.element - 1));
    for (const Value& item : v.as_items()) measure(item, depth + 1, v.element != 0 ? v.element : element, n);
  } else if (v.is_array()) {
    for (int d = 0; d < v.as_array().ndim; ++d) {
      if (depth + d == n.shape.size())
        n.shape.push_back(v.as_array().shape[d]);
      else if (n.shape[depth + d] != v.as_array().shape[d])
        throw_value_error("setting an array element with a sequence.");
    }
    take_leaf(n, depth + v.as_array().ndim);
    take_dtype(n, v.as_array().type());
  } else if (weak_kind_of(v, weak)) {
    if (depth != n.shape.size())
      throw_value_error("setting an array element with a sequence. The requested array has an inhomogeneous shape.");
    take_leaf(n, depth);
    take_dtype(n, dtype_of_number(v, weak, element));
  } else {
    throw_type_error("an array element must be a number or an array");
  }
}

ArrayRef scalar_of(const Value& v) {
  switch (v.what()) {
    case ValueKind::boolean:
      return scalar_array<bool>(v.i != 0);
    case ValueKind::integer:
      return (v.flags & 1) ? scalar_array<std::uint64_t>(static_cast<std::uint64_t>(v.i))
                           : scalar_array<std::int64_t>(v.i);
    case ValueKind::real:
      return scalar_array<double>(v.f);
    default:
      return scalar_array<Complex128>({v.c[0], v.c[1]});
  }
}

void fill(const Value& v, const Array& out, std::byte*& at) {
  if (v.is_sequence()) {
    for (const Value& item : v.as_items()) fill(item, out, at);
    return;
  }
  const ArrayRef part = v.is_array() ? ref_of(v.as_array()) : scalar_of(v);
  const ArrayRef converted = contiguous_as(*part, out.type());
  const std::int64_t bytes = converted->size * converted->item_bytes();
  std::copy_n(converted->items<std::byte>(), bytes, at);
  at += bytes;
}

ArrayRef nested_array(const Value& v) {
  Nested n;
  std::optional<std::uint16_t> element;
  find_common_element(v, element);
  measure(v, 0, element.value_or(0), n);
  ArrayRef out = Array::make(n.dtype, n.shape);
  std::byte* at = out->mutable_items<std::byte>();
  fill(v, *out, at);
  return out;
}

}  // namespace

const std::vector<Result>* Result::items() const {
  if (const auto* t = std::get_if<Tuple>(&m_value)) return &t->items;
  if (const auto* l = std::get_if<List>(&m_value)) return &l->items;
  return nullptr;
}

std::int64_t to_int(const Value& v, std::string_view what) {
  if (v.is(ValueKind::integer) || v.is(ValueKind::boolean)) return v.i;
  if (v.is_array() && v.as_array().size == 1 &&
      (is_integer(v.as_array().type()) || v.as_array().type() == DType::bool_))
    return item_int64(v.as_array());
  throw_type_error(fmt::format("{} must be an integer", what));
}

std::int64_t to_whole(const Value& v, std::string_view what) {
  if (!v.is(ValueKind::real)) return to_int(v, what);
  if (std::isnan(v.f)) throw_value_error(fmt::format("{}: cannot convert float NaN to integer", what));
  if (!(std::fabs(v.f) < 0x1p63)) throw Error(ErrorKind::overflow, fmt::format("{} is too large", what));
  return static_cast<std::int64_t>(v.f);
}

double to_double(const Value& v, std::string_view what) {
  if (v.is(ValueKind::real)) return v.f;
  if (v.is(ValueKind::integer))
    return (v.flags & 1) ? static_cast<double>(static_cast<std::uint64_t>(v.i)) : static_cast<double>(v.i);
  if (v.is(ValueKind::boolean)) return static_cast<double>(v.i);
  if (v.is_array() && v.as_array().size == 1 && !is_complex(v.as_array().type())) return item_double(v.as_array());
  throw_type_error(fmt::format("{} must be a real number", what));
}

bool to_bool(const Value& v, bool if_missing) {
  if (v.is_absent()) return if_missing;
  if (v.is(ValueKind::boolean) || v.is(ValueKind::integer)) return v.i != 0;
  if (v.is_array()) return item_double(v.as_array()) != 0;
  throw_type_error("expected a boolean");
}

std::optional<DType> to_dtype(const Value& v) {
  if (v.is_absent()) return std::nullopt;
  if (v.is(ValueKind::dtype)) return static_cast<DType>(v.i);
  if (v.is(ValueKind::string))
    if (const auto d = dtype_from_name(v.as_string())) return d;
  throw_type_error(v.is(ValueKind::string) ? fmt::format("data type '{}' not understood", v.as_string())
                                           : "dtype must be a data type");
}

DType to_dtype(const Value& v, DType if_absent) { return to_dtype(v).value_or(if_absent); }

Dims to_shape(const Value& v, std::string_view what) {
  Dims shape;
  if (v.is_missing()) return shape;  // fnp::zeros({}): what a call must give is there, and it has no axes
  if (v.is_sequence()) {
    for (const Value& item : v.as_items()) shape.push_back(to_int(item, what));
  } else if (v.is_array() && v.as_array().ndim == 1) {
    for_each_element(v.as_array(), [&](const std::byte* at) { shape.push_back(read_int64(v.as_array(), at)); });
  } else {
    shape.push_back(to_int(v, what));
  }
  for (const std::int64_t d : shape)
    if (d < 0) throw_value_error("negative dimensions are not allowed");
  return shape;
}

std::optional<Dims> to_axes(const Value& v, int ndim) {
  if (v.is_absent()) return std::nullopt;
  Dims axes;
  if (v.is_sequence()) {
    for (const Value& item : v.as_items()) axes.push_back(normalize_axis(to_int(item, "axis"), ndim));
  } else {
    axes.push_back(normalize_axis(to_int(v, "axis"), ndim));
  }
  Dims sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) throw_value_error("duplicate value in 'axis'");
  return axes;
}

int to_axis(const Value& v, int ndim, int if_missing) {
  return normalize_axis(v.is_missing() ? if_missing : to_int(v, "axis"), ndim);
}

Operand to_operand(const Value& v) {
  if (v.is_array()) return {ref_of(v.as_array()), std::nullopt};
  WeakKind weak{};
  if (weak_kind_of(v, weak)) return {scalar_of(v), (v.flags & 1) ? std::nullopt : std::optional(weak)};
  if (v.is_sequence()) return {nested_array(v), std::nullopt};
  throw_type_error("expected an array, a number or a sequence of numbers");
}

ArrayRef to_array(const Value& v) { return to_operand(v).array; }

DType result_type(std::span<const Operand> operands) {
  std::optional<DType> strong;
  std::optional<WeakKind> weak;
  for (const Operand& o : operands)
    if (o.weak) weak = weak ? std::max(*weak, *o.weak) : *o.weak;
  for (const bool floating : {true, false})  // floats first: float32, with int16 and uint16, stays float32
    for (const Operand& o : operands)
      if (!o.weak && is_floating(o.type()) == floating) strong = strong ? promote(*strong, o.type()) : o.type();
  if (!strong) return default_dtype(weak.value_or(WeakKind::real));
  return weak ? promote_weak(*strong, *weak) : *strong;
}

}  // namespace flopscope
