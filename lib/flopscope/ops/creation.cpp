// SPDX-License-Identifier: MIT
// The creation family of operations: arrays from shapes, values and other arrays.
#include <fmt/format.h>

#include <algorithm>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/finite.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using detail::with_tag;

PriceInput written(double elements) { return {.in = elements, .out = elements}; }
double count(std::span<const std::int64_t> shape) { return static_cast<double>(element_count(shape)); }

template <class T>
void put_ones(std::byte* at, std::int64_t step, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i, at += step) *reinterpret_cast<T*>(at) = T(1);
}

ArrayRef ones_of(DType dtype, std::span<const std::int64_t> shape) {
  ArrayRef a = Array::make(dtype, shape);
  visit_dtype(dtype, [&]<class T>() { put_ones<T>(a->mutable_items<std::byte>(), sizeof(T), a->size); });
  return a;
}

// A new array lies in C or Fortran order: there is none whose order could be kept.
void require_order_of_new(const Value& order) {
  if (const char asked = detail::to_order(order, 'C'); asked != 'C' && asked != 'F')
    throw_value_error("only 'C' or 'F' order is permitted");
}

// ---- zeros, ones, empty, full: one symmetric block for equal axes (C.4) ----

Result run_zeros(Call& call) {
  const Dims shape = to_shape(call.arg(0), "shape");
  const DType dtype = to_dtype(call.arg(1), DType::float64);
  require_order_of_new(call.arg(2));
  call.charge_nothing();
  return with_tag(zeros(dtype, shape), symmetry::automatic(shape));
}

Result run_empty(Call& call) {
  const Dims shape = to_shape(call.arg(0), "shape");
  const DType dtype = to_dtype(call.arg(1), DType::float64);
  require_order_of_new(call.arg(2));
  call.charge_nothing();
  return zeros(dtype, shape);
}

Result run_ones(Call& call) {
  const Dims shape = to_shape(call.arg(0), "shape");
  const DType dtype = to_dtype(call.arg(1), DType::float64);
  require_order_of_new(call.arg(2));
  call.charge(written(count(shape)), dtype);
  return with_tag(ones_of(dtype, shape), symmetry::automatic(shape));
}

// The fill value converted once and spread over the shape.
ArrayRef fill(DType dtype, std::span<const std::int64_t> shape, const Array& value) {
  if (value.ndim == 0) return detail::filled(dtype, shape, value);
  ArrayRef out = Array::make(dtype, shape);
  copy_into(*out, *assigned_view(value, shape));
  return out;
}

Result run_full(Call& call) {
  const Dims shape = to_shape(call.arg(0), "shape");
  const Operand value = to_operand(call.arg(1));
  const DType dtype = to_dtype(call.arg(2), value.type());
  require_order_of_new(call.arg(3));
  ufunc::require_fits(call.arg(1), dtype);
  assigned_view(*value.array, shape);  // refuses
  call.charge(written(count(shape)), dtype);
  ArrayRef out = fill(dtype, shape, *value.array);
  return value.array->ndim == 0 ? with_tag(out, symmetry::automatic(shape)) : out;
}

// ---- the same after the shape, dtype and tag of another array ----

struct Like {
  ArrayRef base;
  DType dtype;
  Dims shape;
};

Like like_of(const Call& call, int dtype_slot, int shape_slot) {
  ArrayRef base = to_array(call.arg(0));
  const DType dtype = to_dtype(call.arg(dtype_slot), base->type());
  const Dims shape = call.arg(shape_slot).is_absent() ? Dims(base->dims()) : to_shape(call.arg(shape_slot), "shape");
  return {std::move(base), dtype, shape};
}

Result run_zeros_like(Call& call) {
  const Like like = like_of(call, 1, 4);
  call.charge_nothing();
  return with_tag(zeros(like.dtype, like.shape), symmetry::like(like.base->tag(), like.shape));
}

Result run_empty_like(Call& call) {
  const Like like = like_of(call, 1, 4);
  call.charge_nothing();
  return zeros(like.dtype, like.shape);
}

Result run_ones_like(Call& call) {
  const Like like = like_of(call, 1, 4);
  call.charge(written(count(like.shape)), like.dtype);
  return with_tag(ones_of(like.dtype, like.shape), symmetry::like(like.base->tag(), like.shape));
}

Result run_full_like(Call& call) {
  const Like like = like_of(call, 2, 5);
  const ArrayRef value = to_array(call.arg(1));
  ufunc::require_fits(call.arg(1), like.dtype);
  assigned_view(*value, like.shape);  // refuses
  call.charge({.in = static_cast<double>(like.base->size), .out = count(like.shape)}, like.dtype);
  ArrayRef out = fill(like.dtype, like.shape, *value);
  return value->ndim == 0 ? with_tag(out, symmetry::like(like.base->tag(), like.shape)) : out;
}

// ---- eye, identity ----

ArrayRef eye_of(DType dtype, std::int64_t rows, std::int64_t columns, std::int64_t k) {
  ArrayRef out = zeros(dtype, Dims{rows, columns});
  const std::int64_t n = detail::diagonal_length(rows, columns, k);
  if (n == 0) return out;
  const std::int64_t first = k >= 0 ? k : -k * columns;
  visit_dtype(dtype, [&]<class T>() {
    put_ones<T>(out->mutable_items<std::byte>() + first * static_cast<std::int64_t>(sizeof(T)),
                (columns + 1) * static_cast<std::int64_t>(sizeof(T)), n);
  });
  return out;
}

std::int64_t to_size(const Value& v, std::string_view what) {
  const std::int64_t n = to_int(v, what);
  if (n < 0) throw_value_error("negative dimensions are not allowed");
  return n;
}

Result run_eye(Call& call) {
  const std::int64_t rows = to_size(call.arg(0), "N");
  const std::int64_t columns = call.arg(1).is_absent() ? rows : to_size(call.arg(1), "M");
  const std::int64_t k = call.arg(2).is_missing() ? 0 : to_int(call.arg(2), "k");
  const DType dtype = to_dtype(call.arg(3), DType::float64);
  require_order_of_new(call.arg(4));
  const auto length = static_cast<double>(detail::diagonal_length(rows, columns, k));
  call.charge({.out = static_cast<double>(rows) * static_cast<double>(columns), .extra = length}, dtype);
  return with_tag(eye_of(dtype, rows, columns, k),
                  rows == columns && k == 0 ? symmetry::symmetric_pair(0, 1) : TagRef{});
}

Result run_identity(Call& call) {
  const std::int64_t n = to_size(call.arg(0), "n");
  const DType dtype = to_dtype(call.arg(1), DType::float64);
  call.charge({.out = static_cast<double>(n) * static_cast<double>(n), .extra = static_cast<double>(n)}, dtype);
  return with_tag(eye_of(dtype, n, n, 0), symmetry::symmetric_pair(0, 1));
}

// ---- array, asarray ----

ArrayRef at_least_ndim(ArrayRef a, const Value& ndmin) {
  if (ndmin.is_absent()) return a;
  Dims shape(a->dims());
  while (shape.size() < to_int(ndmin, "ndmin")) shape.insert(0, 1);
  return detail::reshaped(*a, shape);
}

// array, by contrast with asarray, always makes new elements; tags are not carried over (C.2).
// copy=False: an error where the array cannot be had without one.
void refuse_needed_copy(const Value& copy, bool needed) {
  if (needed && !copy.is_absent() && !to_bool(copy, true))
    throw_value_error("Unable to avoid copy while creating an array as requested.");
}

Result run_array(Call& call) {
  const Operand from = to_operand(call.arg(0));
  const DType dtype = to_dtype(call.arg(1), from.type());
  refuse_needed_copy(call.arg(2), !call.arg(0).is_array() || dtype != from.type());
  ufunc::require_each_fits(call.arg(0), dtype);
  call.charge(written(static_cast<double>(from.array->size)), dtype);
  return at_least_ndim(cast(*from.array, dtype), call.arg(4));
}

// Free where nothing is copied: another handle on an array of that dtype, without its tag.
Result run_asarray(Call& call) {
  const Operand from = to_operand(call.arg(0));
  const DType dtype = to_dtype(call.arg(1), from.type());
  const bool asked = !call.arg(4).is_absent() && to_bool(call.arg(4), false);
  const bool copies = asked || !detail::lies_in(*from.array, detail::to_order(call.arg(2), 'K'));
  if (call.arg(0).is_array() && dtype == from.type() && !copies) {
    call.charge_nothing(dtype);
    return detail::alias_of(*from.array);
  }
  refuse_needed_copy(call.arg(4), true);
  ufunc::require_each_fits(call.arg(0), dtype);
  call.charge(written(static_cast<double>(from.array->size)), detail::heavier(call.model, from.type(), dtype));
  return dtype == from.type() && !copies ? from.array : cast(*from.array, dtype);
}

Result run_asarray_chkfinite(Call& call) {
  const Operand from = to_operand(call.arg(0));
  const DType dtype = to_dtype(call.arg(1), from.type());
  ufunc::require_each_fits(call.arg(0), dtype);
  if (call.model.rule("results_are_logged")) call.log_shapes = LogShapes::first;
  call.charge(written(static_cast<double>(from.array->size)), from.type());
  if (is_floating(dtype) && !detail::all_finite(*from.array)) throw_value_error("array must not contain infs or NaNs");
  return dtype == from.type() ? detail::alias_of(*from.array) : cast(*from.array, dtype);
}

// An array of one axis from a list of numbers; `count` of them, or all.
Result run_fromiter(Call& call) {
  if (!call.arg(0).is_sequence()) throw_type_error("fromiter needs a list of numbers");
  const std::optional<DType> dtype = to_dtype(call.arg(1));
  if (!dtype) throw_type_error("fromiter needs a dtype");
  auto items = call.arg(0).as_items();
  const std::int64_t asked = call.arg(2).is_missing() ? -1 : to_int(call.arg(2), "count");
  if (asked > static_cast<std::int64_t>(items.size()))
    throw_value_error("iterator too short: Expected more items than the list has");
  if (asked >= 0) items = items.first(static_cast<std::size_t>(asked));
  ufunc::require_each_fits(call.arg(0), *dtype);
  call.charge(written(static_cast<double>(items.size())), dtype);
  return items.empty() ? zeros(*dtype, Dims{0}) : cast(*to_array(Value::list(items)), *dtype);
}

// What frombuffer reads: text, or an array without gaps.
std::span<const std::byte> bytes_of(const Value& buffer) {
  if (buffer.is(ValueKind::string)) return std::as_bytes(std::span(buffer.as_string()));
  if (!buffer.is_array()) throw_type_error("a bytes-like object is required");
  const Array& a = buffer.as_array();
  if (a.contiguous == 0) throw_value_error("ndarray is not C-contiguous");
  return {a.items<std::byte>(), static_cast<std::size_t>(a.size * a.item_bytes())};
}

// The numbers that bytes spell, from `offset` on; `count` of them, or all. A copy: a byte is no aligned number, nor
// every byte a bool.
Result run_frombuffer(Call& call) {
  const std::span<const std::byte> buffer = bytes_of(call.arg(0));
  const DType dtype = to_dtype(call.arg(1), DType::float64);
  const std::int64_t count = call.arg(2).is_missing() ? -1 : to_int(call.arg(2), "count");
  const std::int64_t offset = call.arg(3).is_missing() ? 0 : to_int(call.arg(3), "offset");
  const auto bytes = static_cast<std::int64_t>(buffer.size()), item = static_cast<std::int64_t>(item_size(dtype));
  if (offset < 0 || offset > bytes)
    throw_value_error(fmt::format("offset must be non-negative and no greater than buffer length ({})", bytes));
  const std::int64_t rest = bytes - offset;
  if (count < 0 && rest % item != 0) throw_value_error("buffer size must be a multiple of element size");
  if (count > rest / item) throw_value_error("buffer is smaller than requested size");
  call.charge_nothing(dtype);
  const std::int64_t n = count < 0 ? rest / item : count;
  ArrayRef out = Array::make(dtype, Dims{n});
  auto* at = out->mutable_items<std::byte>();
  std::copy_n(buffer.data() + offset, n * item, at);
  if (dtype == DType::bool_)
    for (std::int64_t i = 0; i < n; ++i) at[i] = std::byte{at[i] != std::byte{0}};
  return out;
}

constexpr Operation creation(std::string_view name, std::string_view signature, Kernel run, std::string_view formula,
                             LogShapes shapes = LogShapes::none) {
  return {.name = name, .signature = signature, .run = run, .formula = formula, .log_shapes = shapes};
}
constexpr std::string_view k_shape_signature = "shape, dtype=None, order=None, device=None, like=None";
constexpr std::string_view k_like_signature = "a, dtype=None, order=None, subok=None, shape=None, device=None";

constexpr Operation k_operations[] = {
    creation("zeros", k_shape_signature, run_zeros, "zero"),
    creation("ones", k_shape_signature, run_ones, "written"),
    creation("empty", k_shape_signature, run_empty, "zero"),
    creation("full", "shape, fill_value, dtype=None, order=None, device=None, like=None", run_full, "written"),
    creation("zeros_like", k_like_signature, run_zeros_like, "zero", LogShapes::first),
    creation("ones_like", k_like_signature, run_ones_like, "written"),
    creation("empty_like", k_like_signature, run_empty_like, "zero", LogShapes::first),
    creation("full_like", "a, fill_value, dtype=None, order=None, subok=None, shape=None, device=None", run_full_like,
             "read.at_least_1"),
    creation("eye", "N, M=None, k=0, dtype=None, order=None, device=None, like=None", run_eye, "touched"),
    creation("identity", "n, dtype=None, like=None", run_identity, "touched"),
    creation("array", "object, dtype=None, copy=None, order=None, ndmin=None, subok=None, like=None", run_array,
             "read.at_least_1", LogShapes::first),
    creation("asarray", "a, dtype=None, order=None, device=None, copy=None, like=None", run_asarray, "written",
             LogShapes::first),
    creation("fromiter", "iter, dtype, count=-1, *, like=None", run_fromiter, "written"),
    creation("frombuffer", "buffer, dtype=float64, count=-1, offset=0, *, like=None", run_frombuffer, "zero"),
    creation("asarray_chkfinite", "a, dtype=None, order=None", run_asarray_chkfinite, "written"),
};

}  // namespace

std::span<const Operation> creation_operations() {
  static const auto k_all =
      detail::joined({k_operations, detail::creation_matrix_operations(), detail::creation_range_operations()});
  return k_all;
}

}  // namespace flopscope
