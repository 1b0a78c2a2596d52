// SPDX-License-Identifier: MIT
// The gather family of operations, those that read: where, take, choose, compress, select and their like.
#include <fmt/format.h>

#include <cstring>
#include <whest/flopscope/core/catalogue.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/positions.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

double size_of(const Array& a) { return static_cast<double>(a.size); }
double size_of(std::span<const std::int64_t> shape) { return static_cast<double>(element_count(shape)); }

// ---- where ----

// One row: bytes of x where the mask is true, else of y. A step of 0 is a scalar.
template <class T>
void choose_row(T* dst, const std::byte* mask, std::int64_t ms, const std::byte* x, std::int64_t xs, const std::byte* y,
                std::int64_t ys, std::int64_t n) {
  const auto at = [](const std::byte* p) { return *reinterpret_cast<const T*>(p); };
  if (ms == 1 && xs == sizeof(T) && ys == sizeof(T)) {
    const T *u = reinterpret_cast<const T*>(x), *v = reinterpret_cast<const T*>(y);
    for (std::int64_t i = 0; i < n; ++i) dst[i] = mask[i] != std::byte{0} ? u[i] : v[i];
  } else if (ms == 1 && xs == sizeof(T) && ys == 0) {
    const T* u = reinterpret_cast<const T*>(x);
    const T v = at(y);
    for (std::int64_t i = 0; i < n; ++i) dst[i] = mask[i] != std::byte{0} ? u[i] : v;
  } else {
    for (std::int64_t i = 0; i < n; ++i, mask += ms, x += xs, y += ys) dst[i] = *mask != std::byte{0} ? at(x) : at(y);
  }
}

template <class T>
void choose_all(const Array& out, const Array& mask, const Array& x, const Array& y) {
  T* dst = out.mutable_items<T>();
  const auto *m = mask.items<std::byte>(), *u = x.items<std::byte>(), *v = y.items<std::byte>();
  if (out.size == 0) return;
  const int nd = out.ndim;
  // Equal, gapless operands are one long row.
  const auto flat = [](const Array& a) { return a.is_contiguous(); };
  if (nd == 0 || (flat(mask) && flat(x) && flat(y)))
    return choose_row<T>(dst, m, 1, u, sizeof(T), v, sizeof(T), out.size);
  std::int64_t index[k_max_dims] = {};
  const std::int64_t n = out.shape[nd - 1];
  for (;;) {
    choose_row<T>(dst, m, mask.strides[nd - 1], u, x.strides[nd - 1], v, y.strides[nd - 1], n);
    dst += n;
    int k = nd - 2;
    for (; k >= 0; --k) {
      const bool more = ++index[k] < out.shape[k];
      const std::int64_t steps = more ? 1 : 1 - out.shape[k];
      m += steps * mask.strides[k];
      u += steps * x.strides[k];
      v += steps * y.strides[k];
      if (more) break;
      index[k] = 0;
    }
    if (k < 0) return;
  }
}

ArrayRef as_dtype(const ArrayRef& a, DType dtype) { return a->type() == dtype ? a : cast(*a, dtype); }

// The result of where on operands of one dtype, broadcast to `shape`.
ArrayRef chosen(const Array& mask, const ArrayRef& x, const ArrayRef& y, DType dtype, const Dims& shape) {
  const auto spread = [&](const ArrayRef& a) {
    return std::equal(a->dims().begin(), a->dims().end(), shape.begin(), shape.end()) ? a : broadcast_view(*a, shape);
  };
  ArrayRef out = Array::make(dtype, shape);
  const ArrayRef m = spread(as_dtype(ref_of(mask), DType::bool_));
  const ArrayRef u = spread(as_dtype(x, dtype));
  const ArrayRef v = spread(as_dtype(y, dtype));
  switch (item_size(dtype)) {
    case 1:
      choose_all<std::uint8_t>(*out, *m, *u, *v);
      break;
    case 2:
      choose_all<std::uint16_t>(*out, *m, *u, *v);
      break;
    case 4:
      choose_all<std::uint32_t>(*out, *m, *u, *v);
      break;
    case 8:
      if (dtype == DType::complex64)
        choose_all<Complex64>(*out, *m, *u, *v);
      else
        choose_all<double>(*out, *m, *u, *v);
      break;
    default:
      choose_all<Complex128>(*out, *m, *u, *v);
  }
  return out;
}

// What operands are billed as. Models before 0.12 read a Python scalar as an array of its default dtype.
DType billed(const CostModel& model, std::span<const Operand> operands) {
  const bool any_weak =
      std::any_of(operands.begin(), operands.end(), [](const Operand& o) { return o.weak.has_value(); });
  if (any_weak && model.rule("bills_weak_scalars_as_arrays")) {
    DType d = operands[0].type();
    for (const Operand& o : operands) d = promote(d, o.type());
    return d;
  }
  return result_type(operands);
}

Result nonzero_of(const Array& a) {
  std::vector<Result> out;
  for (ArrayRef& axis : detail::nonzero_positions(a)) out.emplace_back(std::move(axis));
  return Result::tuple(std::move(out));
}

Result run_where(Call& call) {
  if (call.model.rule("where.logs_condition")) call.log_shapes = LogShapes::first;
  const ArrayRef condition = to_array(call.arg(0));
  const bool no_x = call.arg(1).is_absent(), no_y = call.arg(2).is_absent();
  if (no_x != no_y) throw_value_error("either both or neither of x and y should be given");
  if (no_x) {
    if (condition->ndim == 0) throw_value_error("Calling nonzero on 0d arrays is not allowed.");
    const PriceInput price{.in = size_of(*condition), .out = size_of(*condition)};
    if (call.model.rule("where_of_a_condition_is_nonzero"))
      call.charge_as("nonzero", price, condition->type());
    else
      call.charge(price, condition->type());
    return nonzero_of(*condition);
  }
  const Operand xy[2] = {to_operand(call.arg(1)), to_operand(call.arg(2))};
  const Dims shape = broadcast(condition->dims(), broadcast(xy[0].array->dims(), xy[1].array->dims()));
  call.charge({.in = size_of(*condition), .out = size_of(shape)}, billed(call.model, xy));
  return chosen(*condition, xy[0].array, xy[1].array, result_type(xy), shape);
}

// ---- nonzero ----

Result run_nonzero(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  if (a->ndim == 0)
    throw_value_error("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero()");
  detail::charge_method(call, "nonzero", {.in = size_of(*a)}, a->type());
  return nonzero_of(*a);
}

Result run_flatnonzero(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge({.in = size_of(*a)}, a->type());
  return detail::nonzero_positions(*detail::flattened(*a))[0];
}

Result run_argwhere(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  call.charge({.in = size_of(*a)}, a->type());
  const std::vector<ArrayRef> axes = detail::nonzero_positions(a->ndim == 0 ? *detail::flattened(*a) : *a);
  const std::int64_t n = axes[0]->size;
  ArrayRef out = Array::make(DType::int64, Dims{n, a->ndim});
  for (int d = 0; d < a->ndim; ++d)
    for (std::int64_t i = 0; i < n; ++i)
      out->mutable_items<std::int64_t>()[i * a->ndim + d] = axes[static_cast<std::size_t>(d)]->items<std::int64_t>()[i];
  return out;
}

// ---- take and its like ----

enum class OutOfBounds { raise, wrap, clip };

OutOfBounds to_mode(const Value& v) {
  if (v.is_absent() || v.as_string() == "raise") return OutOfBounds::raise;
  if (v.as_string() == "wrap") return OutOfBounds::wrap;
  if (v.as_string() == "clip") return OutOfBounds::clip;
  throw_value_error("clipmode must be one of 'clip', 'raise', or 'wrap'");
}

void bring_in_bounds(std::vector<std::int64_t>& index, std::int64_t size, int axis, OutOfBounds mode) {
  if (size == 0 && !index.empty()) throw_index_error("cannot do a non-empty take from an empty axes.");
  for (std::int64_t& i : index) {
    if (mode == OutOfBounds::raise)
      i = detail::wrap_index(i, size, axis);
    else if (mode == OutOfBounds::clip)
      i = std::clamp<std::int64_t>(i, 0, size - 1);
    else
      i = ((i % size) + size) % size;
  }
}

void require_integers(const Array& index) {
  const bool nothing = index.size == 0 && !is_integer(index.type());  // an empty list is of any dtype
  if (!nothing && !can_cast_safe(index.type(), DType::int64))
    throw_type_error(
        fmt::format("Cannot cast array data from dtype('{}') to dtype('int64') according to the rule 'safe'",
                    name_of(index.type())));
}

// The elements are gathered in the array's dtype: the buffer's must go into it without loss.
void require_gathering_out(const Value& out, std::span<const std::int64_t> shape, DType dtype) {
  detail::require_out(out, shape);
  if (!out.is_absent() && !can_cast_safe(out.as_array().type(), dtype))
    throw_type_error(fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule 'safe'",
                                 name_of(out.as_array().type()), name_of(dtype)));
}

Result run_take(Call& call) {
  ArrayRef a = to_array(call.arg(0));
  const ArrayRef indices = detail::to_indices(call.arg(1));
  require_integers(*indices);
  const OutOfBounds mode = to_mode(call.arg(4));
  if (call.arg(2).is_absent() || a->ndim == 0) a = detail::flattened(*a);
  const int axis = call.arg(2).is_absent() ? 0 : to_axis(call.arg(2), a->ndim, 0);
  std::vector<std::int64_t> index = detail::to_ints(Value(*indices), "indices");
  bring_in_bounds(index, a->shape[axis], axis, mode);
  Dims shape(a->dims());
  shape.erase(axis);
  for (int d = 0; d < indices->ndim; ++d) shape.insert(axis + d, indices->shape[d]);
  require_gathering_out(call.arg(3), shape, a->type());
  detail::charge_method(call, "take", {.in = size_of(*a), .out = size_of(shape)}, a->type());
  const ArrayRef taken =
      detail::into_out(call, call.arg(3), detail::reshaped(*detail::gathered(*a, axis, index), shape));
  return call.arg(3).is_absent() || call.model.rule("take.returns_its_buffer") ? taken : detail::alias_of(*taken);
}

Result run_take_along_axis(Call& call) {
  ArrayRef a = to_array(call.arg(0));
  const ArrayRef indices = to_array(call.arg(1));
  const detail::AlongAxis along = detail::along_axis(a, indices, call.arg(2));
  call.charge({.in = size_of(*a), .out = size_of(along.shape)}, a->type());
  ArrayRef out = Array::make(a->type(), along.shape);
  const std::int64_t item = a->item_bytes();
  std::byte* dst = out->mutable_items<std::byte>();
  for (const std::int64_t offset : along.offsets) {
    std::memcpy(dst, a->items<std::byte>() + offset, static_cast<std::size_t>(item));
    dst += item;
  }
  return out;
}

Result run_choose(Call& call) {
  const ArrayRef selector = detail::to_indices(call.arg(0));
  require_integers(*selector);
  const std::vector<Operand> choices = detail::to_operands(call.arg(1), "choices");
  if (choices.empty()) throw_value_error("must provide at least one choice");
  const OutOfBounds mode = to_mode(call.arg(3));
  Dims shape(selector->dims());
  for (const Operand& c : choices) shape = broadcast(shape, c.array->dims());
  const DType dtype = result_type(choices);
  const auto n = static_cast<std::int64_t>(choices.size());
  std::vector<std::int64_t> which = detail::to_ints(Value(*broadcast_view(*selector, shape)), "choose");
  for (std::int64_t& w : which) {
    if (mode == OutOfBounds::raise && (w < 0 || w >= n)) throw_value_error("invalid entry in choice array");
    w = mode == OutOfBounds::clip ? std::clamp<std::int64_t>(w, 0, n - 1) : ((w % n) + n) % n;
  }
  detail::require_out(call.arg(2), shape);
  const bool in_buffer = call.arg(2).is_array() && call.model.has_complex_factors();
  detail::charge_method(call, "choose", {.in = size_of(*selector), .out = size_of(shape)},
                        in_buffer ? call.arg(2).as_array().type() : dtype);
  ArrayRef out = Array::make(dtype, shape);
  const auto item = static_cast<std::size_t>(item_size(dtype));
  for (std::int64_t c = 0; c < n; ++c) {
    const ArrayRef from =
        contiguous_copy_if_needed(*broadcast_view(*as_dtype(choices[static_cast<std::size_t>(c)].array, dtype), shape));
    for (std::size_t i = 0; i < which.size(); ++i)
      if (which[i] == c)
        std::memcpy(out->mutable_items<std::byte>() + i * item, from->items<std::byte>() + i * item, item);
  }
  return detail::into_out(call, call.arg(2), out);
}

// compress: (condition, a, axis, out); as a method the array comes first.
Result run_compress(Call& call) {
  const bool method = call.op.variant == 1;
  const ArrayRef condition = to_array(call.arg(method ? 1 : 0));
  ArrayRef a = to_array(call.arg(method ? 0 : 1));
  if (condition->ndim != 1) throw_value_error("condition must be a 1-d array");
  if (call.arg(2).is_absent()) a = detail::flattened(*a);
  const int axis = call.arg(2).is_absent() ? 0 : to_axis(call.arg(2), a->ndim, 0);
  const ArrayRef positions = detail::nonzero_positions(*condition)[0];
  const std::span<const std::int64_t> index{positions->items<std::int64_t>(),
                                            static_cast<std::size_t>(positions->size)};
  if (!index.empty()) detail::wrap_index(index.back(), a->shape[axis], axis);
  Dims shape(a->dims());
  shape[axis] = positions->size;
  require_gathering_out(call.arg(3), shape, a->type());
  detail::log_result_shape(call, shape);
  detail::charge_method(call, "compress", {.in = size_of(*a), .out = size_of(shape), .queries = size_of(*condition)},
                        a->type());
  return detail::into_out(call, call.arg(3), detail::gathered(*a, axis, index));
}

Result run_extract(Call& call) {
  const ArrayRef condition = to_array(call.arg(0));
  const ArrayRef a = to_array(call.arg(1));
  const ArrayRef positions = detail::nonzero_positions(*detail::flattened(*condition))[0];
  const std::span<const std::int64_t> index{positions->items<std::int64_t>(),
                                            static_cast<std::size_t>(positions->size)};
  if (!index.empty()) detail::wrap_index(index.back(), a->size, 0);
  call.charge({.in = size_of(*a)}, a->type());
  return detail::gathered(*detail::flattened(*a), 0, index);
}

Result run_select(Call& call) {
  const std::vector<Operand> conditions = detail::to_operands(call.arg(0), "condlist");
  std::vector<Operand> choices = detail::to_operands(call.arg(1), "choicelist");
  if (conditions.size() != choices.size()) throw_value_error("list of cases must be same length as list of conditions");
  if (conditions.empty()) throw_value_error("select with an empty condition list is not possible");
  const Operand fallback = call.arg(2).is_missing() ? to_operand(Value::integer(0)) : to_operand(call.arg(2));
  PriceInput price{.parts = static_cast<double>(conditions.size())};
  for (const Operand& c : choices) price.in = std::max(price.in, size_of(*c.array));
  choices.push_back(fallback);
  const DType dtype = result_type(choices);
  // Plain numbers among the choices are billed as arrays; the default is not.
  std::vector<Operand> billed_choices = choices;
  for (std::size_t i = 0; i + 1 < billed_choices.size(); ++i) billed_choices[i].weak.reset();
  for (const Operand& c : billed_choices)  // and stored as such
    if (!c.weak && !can_cast_same_kind(c.type(), dtype))
      throw_type_error(
          fmt::format("Cannot cast array data from dtype('{}') to dtype('{}') according to the rule 'same_kind'",
                      name_of(c.type()), name_of(dtype)));
  Dims shape;
  for (const Operand& c : conditions) {
    if (c.type() != DType::bool_) throw_type_error("invalid entry in condlist: should be boolean ndarray");
    shape = broadcast(shape, c.array->dims());
  }
  for (const Operand& c : choices) shape = broadcast(shape, c.array->dims());
  price.out = size_of(shape);
  call.charge(price, result_type(billed_choices));
  ArrayRef out = detail::filled(dtype, shape, *fallback.array);
  for (std::size_t i = conditions.size(); i-- > 0;)
    out = chosen(*conditions[i].array, choices[i].array, out, dtype, shape);
  return out;
}

constexpr Operation k_operations[] = {
    {.name = "where",
     .signature = "condition, x=None, y=None",
     .run = run_where,
     .formula = "written.at_least_1",
     .log_shapes = LogShapes::first_three},
    {.name = "nonzero", .signature = "a", .run = run_nonzero, .formula = "read"},
    {.name = "method.nonzero", .signature = "a", .run = run_nonzero, .formula = "read"},
    {.name = "flatnonzero", .signature = "a", .run = run_flatnonzero, .formula = "read"},
    {.name = "argwhere", .signature = "a", .run = run_argwhere, .formula = "read"},
    {.name = "take",
     .signature = "a, indices, axis=None, out=None, mode='raise'",
     .run = run_take,
     .formula = "written",
     .log_shapes = LogShapes::none},
    {.name = "take_along_axis",
     .signature = "arr, indices, axis=-1",
     .run = run_take_along_axis,
     .formula = "written",
     .log_shapes = LogShapes::none},
    {.name = "choose",
     .signature = "a, choices, out=None, mode='raise'",
     .run = run_choose,
     .formula = "written",
     .log_shapes = LogShapes::none},
    {.name = "method.choose",
     .signature = "a, choices, out=None, mode='raise'",
     .run = run_choose,
     .formula = "written",
     .log_shapes = LogShapes::none},
    {.name = "method.compress",
     .signature = "a, condition, axis=None, out=None",
     .run = run_compress,
     .formula = "gather.index",
     .variant = 1,
     .log_shapes = LogShapes::none},
    {.name = "compress",
     .signature = "condition, a, axis=None, out=None",
     .run = run_compress,
     .formula = "gather.index",
     .log_shapes = LogShapes::none},
    {.name = "extract", .signature = "condition, arr", .run = run_extract, .formula = "read"},
    {.name = "select",
     .signature = "condlist, choicelist, default=0",
     .run = run_select,
     .formula = "gather.select",
     .log_shapes = LogShapes::none},
};

}  // namespace

std::span<const Operation> gather_operations() {
  static const auto k_all =
      detail::joined({k_operations, detail::gather_write_operations(), detail::gather_bits_operations()});
  return k_all;
}

}  // namespace flopscope
