// SPDX-License-Identifier: MIT
// cross, convolve and correlate.
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/ops/detail/contraction_operations.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::contract {
namespace {

enum class Mode : std::uint8_t { valid, same, full };

Mode to_mode(const Value& v, Mode if_missing) {
  if (v.is_absent()) return if_missing;
  const std::string_view name = v.is(ValueKind::string) ? v.as_string() : std::string_view("?");
  if (name == "valid") return Mode::valid;
  if (name == "same") return Mode::same;
  if (name == "full") return Mode::full;
  throw_value_error(fmt::format("mode must be one of 'valid', 'same', or 'full' (got '{}')", name));
}

// Sums of products of a sliding second operand: result[i] = sum over j of a[i - offset + j] * v[j].
struct Sliding {
  std::int64_t length = 0, first = 0;  // results, and the index of v[0] under the first of them
};

Sliding sliding(std::int64_t n, std::int64_t m, Mode mode) {
  switch (mode) {
    case Mode::full:
      return {n + m - 1, -(m - 1)};
    case Mode::same:
      return {n, -(m / 2)};
    case Mode::valid:
      break;
  }
  return {n - m + 1, 0};
}

// The products in it, n >= m: m under each place, less what hangs over the ends.
double product_count(std::int64_t n, std::int64_t m, Mode mode) {
  const auto all = static_cast<double>(n) * static_cast<double>(m);
  const auto triangle = [](std::int64_t k) { return static_cast<double>(k) * static_cast<double>(k + 1) / 2; };
  switch (mode) {
    case Mode::full:
      return all;
    case Mode::same:
      return all - triangle(m / 2) - triangle(m - 1 - m / 2);
    case Mode::valid:
      break;
  }
  return static_cast<double>(n - m + 1) * static_cast<double>(m);
}

// `count` results under which all of v lies, each the sum of its products in the order of v; side by side, so that the
// compiler vectorises them.
template <class T>
void slide_inside(const T* a, const T* v, std::int64_t m, std::int64_t count, T* out) {
  constexpr std::int64_t k_block = 512;
  T sums[k_block];
  for (std::int64_t from = 0; from < count; from += k_block) {
    const std::int64_t n = std::min(k_block, count - from);
    std::fill_n(sums, n, T(0));
    for (std::int64_t j = 0; j < m; ++j) {
      const T* const x = a + from + j;
      const T factor = v[j];
      for (std::int64_t i = 0; i < n; ++i) sums[i] += x[i] * factor;
    }
    std::copy_n(sums, n, out + from);
  }
}

template <class T>
void slide(const T* a, std::int64_t n, const T* v, std::int64_t m, const Sliding& s, T* out) {
  const std::int64_t first_inside = std::clamp<std::int64_t>(-s.first, 0, s.length);
  const std::int64_t end_inside = std::clamp<std::int64_t>(n - m + 1 - s.first, first_inside, s.length);
  const auto one = [&](std::int64_t i) {
    const std::int64_t at = s.first + i;
    const std::int64_t begin = std::max<std::int64_t>(0, -at), end = std::min(m, n - at);
    T sum(0);
    for (std::int64_t j = begin; j < end; ++j) sum += a[at + j] * v[j];
    out[i] = sum;
  };
  for (std::int64_t i = 0; i < first_inside; ++i) one(i);
  slide_inside(a + s.first + first_inside, v, m, end_inside - first_inside, out + first_inside);
  for (std::int64_t i = end_inside; i < s.length; ++i) one(i);
}

ArrayRef vector_of(const Value& v, const char* name) {
  const ArrayRef a = to_array(v);
  if (a->ndim > 1) throw_value_error("object too deep for desired array");
  if (a->size == 0) throw_value_error(fmt::format("{} cannot be empty", name));
  return a->ndim == 1 ? a : reshaped(a, {{1}});
}

template <class T>
ArrayRef reversed(const Array& a) {
  ArrayRef result = copy_of(a);
  std::reverse(result->mutable_items<T>(), result->mutable_items<T>() + result->size);
  return result;
}

// `v` is what slides, in the order of its products with a; the longer operand stands still.
template <class T>
ArrayRef slid(const Array& a, const Array& v, const Sliding& s, bool reverse_result) {
  ArrayRef out = Array::make(dtype_of<T>, {{s.length}});
  slide(a.items<T>(), a.size, v.items<T>(), v.size, s, out->mutable_items<T>());
  return reverse_result ? reversed<T>(*out) : out;
}

DType work_type(DType dtype) {
  if (is_complex(dtype)) return DType::complex128;
  return is_floating(dtype) ? DType::float64 : DType::uint64;
}

ArrayRef slid_as(DType work, const Array& a, const Array& v, const Sliding& s, bool reverse_result) {
  const ArrayRef x = contiguous_as(a, work), y = contiguous_as(v, work);
  if (work == DType::complex128) return slid<Complex128>(*x, *y, s, reverse_result);
  if (work == DType::float64) return slid<double>(*x, *y, s, reverse_result);
  return slid<std::uint64_t>(*x, *y, s, reverse_result);
}

ArrayRef reversed_as(DType work, const Array& v) {
  const ArrayRef y = contiguous_as(v, work);
  if (work == DType::complex128) return reversed<Complex128>(*y);
  if (work == DType::float64) return reversed<double>(*y);
  return reversed<std::uint64_t>(*y);
}

void charge_sliding(Call& call, std::int64_t n, std::int64_t m, Mode mode, bool is_convolution, DType dtype) {
  const std::int64_t longer = std::max(n, m), shorter = std::min(n, m);
  const Sliding s = sliding(longer, shorter, mode);
  PriceInput price;
  price.m = static_cast<double>(n);
  price.n = static_cast<double>(m);
  price.parts = is_convolution && mode == Mode::full ? 1 : 0;
  price.extra = 2 * product_count(longer, shorter, mode) - static_cast<double>(s.length);
  call.charge(price, dtype);
}

}  // namespace

Result run_convolve(Call& call) {
  ArrayRef a = vector_of(call.arg(0), "a"), v = vector_of(call.arg(1), "v");
  const Mode mode = to_mode(call.arg(2), Mode::full);
  const DType dtype = promote(a->type(), v->type());
  charge_sliding(call, a->size, v->size, mode, true, dtype);
  if (v->size > a->size) std::swap(a, v);
  const DType work = work_type(dtype);
  Sliding s = sliding(a->size, v->size, mode);
  if (mode == Mode::same) s.first = -((v->size - 1) - (v->size - 1) / 2);
  return cast(*slid_as(work, *a, *reversed_as(work, *v), s, false), dtype);
}

Result run_correlate(Call& call) {
  for (int i = 0; i < 2; ++i)
    if (to_array(call.arg(i))->ndim == 0) throw_value_error("object of too small depth for desired array");
  ArrayRef a = vector_of(call.arg(0), "a"), v = vector_of(call.arg(1), "v");
  const Mode mode = to_mode(call.arg(2), Mode::valid);
  const DType dtype = promote(a->type(), v->type());
  charge_sliding(call, a->size, v->size, mode, false, dtype);
  v = conjugated(v);
  const bool swapped = v->size > a->size;
  if (swapped) std::swap(a, v);
  return cast(*slid_as(work_type(dtype), *a, *v, sliding(a->size, v->size, mode), swapped), dtype);
}

namespace {

// Moves `axis` to the end: a view.
ArrayRef axis_last(const ArrayRef& a, std::int64_t axis) {
  const int at = normalize_axis(axis, a->ndim);
  Dims shape(a->dims()), strides(a->byte_strides());
  const std::int64_t size = shape[at], stride = strides[at];
  shape.erase(at);
  strides.erase(at);
  shape.push_back(size);
  strides.push_back(stride);
  return Array::view(a->storage(), a->items<std::byte>(), a->type(), shape, strides);
}

ArrayRef axis_from_last(const ArrayRef& a, std::int64_t axis) {
  const int at = normalize_axis(axis, a->ndim), last = a->ndim - 1;
  Dims shape(a->dims()), strides(a->byte_strides());
  const std::int64_t size = shape[last], stride = strides[last];
  shape.erase(last);
  strides.erase(last);
  shape.insert(at, size);
  strides.insert(at, stride);
  return copy_of(*Array::view(a->storage(), a->items<std::byte>(), a->type(), shape, strides));
}

struct CrossAxes {
  std::int64_t a = -1, b = -1, result = -1;
};

CrossAxes cross_axes(const Call& call) {
  if (call.op.variant == 1) {
    const std::int64_t axis = call.arg(2).is_absent() ? -1 : to_int(call.arg(2), "axis");
    return {axis, axis, axis};
  }
  CrossAxes axes;
  if (!call.arg(2).is_absent()) axes.a = to_int(call.arg(2), "axisa");
  if (!call.arg(3).is_absent()) axes.b = to_int(call.arg(3), "axisb");
  if (!call.arg(4).is_absent()) axes.result = to_int(call.arg(4), "axisc");
  if (!call.arg(5).is_absent()) axes.a = axes.b = axes.result = to_int(call.arg(5), "axis");
  return axes;
}

// Component i of vectors on the last axis; null where vectors of the plane have none.
ArrayRef component(const ArrayRef& a, int i) {
  const int last = a->ndim - 1;
  if (i >= a->shape[last]) return nullptr;
  Dims shape(a->dims()), strides(a->byte_strides());
  const std::byte* at = a->items<std::byte>() + i * strides[last];
  shape.erase(last);
  strides.erase(last);
  return Array::view(a->storage(), at, a->type(), shape, strides);
}

// x*y' - x'*y, a missing component being 0.
ArrayRef minor(const ArrayRef& x, const ArrayRef& y_of_b, const ArrayRef& y, const ArrayRef& x_of_b) {
  ArrayRef left = x && y_of_b ? ufunc::apply(ufunc::k_multiply, x, y_of_b) : nullptr;
  const ArrayRef right = y && x_of_b ? ufunc::apply(ufunc::k_multiply, y, x_of_b) : nullptr;
  if (left && right) return ufunc::apply(ufunc::k_subtract, left, right);
  if (left) return left;
  return ufunc::apply(ufunc::k_negative, right);
}

}  // namespace

Result run_cross(Call& call) {
  const CrossAxes axes = cross_axes(call);
  const ArrayRef first = to_array(call.arg(0)), second = to_array(call.arg(1));
  if (first->ndim == 0 || second->ndim == 0) throw_value_error("At least one array has zero dimension");
  const ArrayRef a = axis_last(first, axes.a), b = axis_last(second, axes.b);
  const std::int64_t na = a->shape[a->ndim - 1], nb = b->shape[b->ndim - 1];
  if (call.op.variant == 1 && (na != 3 || nb != 3))
    throw_value_error(fmt::format(
        "Both input arrays must be (arrays of) 3-dimensional vectors, but they are {} and {} dimensional instead.", na,
        nb));
  if (na < 2 || na > 3 || nb < 2 || nb > 3)
    throw_value_error("incompatible dimensions for cross product\n(dimension must be 2 or 3)");
  const Dims vectors = broadcast(component(a, 0)->dims(), component(b, 0)->dims());
  const bool plane = na == 2 && nb == 2;
  PriceInput price;
  const auto count = static_cast<double>(element_count(vectors));
  price.in = call.op.variant == 1 ? 3 * count : static_cast<double>(first->size);
  price.extra = count * (plane ? 3 : 9);
  const DType dtype = promote(a->type(), b->type());
  call.charge(price, dtype);
  const ArrayRef ax = component(a, 0), ay = component(a, 1), az = component(a, 2);
  const ArrayRef bx = component(b, 0), by = component(b, 1), bz = component(b, 2);
  const ArrayRef z = minor(ax, by, ay, bx);
  if (plane) return z;
  const ArrayRef parts[] = {minor(ay, bz, az, by), minor(az, bx, ax, bz), z};
  Dims shape = vectors;
  shape.push_back(3);
  const ArrayRef result = Array::make(dtype, shape);
  for (int i = 0; i < 3; ++i) copy_into(*component(result, i), *parts[i]);
  return axis_from_last(result, axes.result);
}

}  // namespace flopscope::contract
