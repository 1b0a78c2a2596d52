// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <whest/flopscope/ops/detail/counted.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope::ufunc {

void refuse_axis_of_number(const Value& a, const Value& axis) {
  if (!axis.is_absent() && !axis.is_sequence() && to_array(a)->ndim == 0)
    throw Error(ErrorKind::axis_error,
                fmt::format("axis {} is out of bounds for array of dimension 0", to_int(axis, "axis")));
}

Reduction make_reduction(const Call& call, const Value& a, const Value& axis, const Value& keepdims) {
  Reduction r;
  r.a = to_array(a);
  r.axes = make_axes(axis, r.a->dims());
  r.keepdims = to_bool(keepdims, false);
  const ReducedTag counts = reduced_tag(call.model, *r.a, r.axes, r.keepdims);
  r.tag = counts.tag;
  r.price.in = static_cast<double>(r.a->size);
  r.price.out = static_cast<double>(element_count(r.axes.shape));
  r.price.unique_in = std::max(counts.unique_in, 1.0);
  r.price.unique_out = counts.orbits_out;
  r.price.alpha = counts.alpha;
  r.price.length = static_cast<double>(r.axes.count);
  return r;
}

const Array* checked_target(const Value& out, const Reduction& r, std::string_view name, bool repeats) {
  if (out.is_absent()) return nullptr;
  const Array& target = buffer_of(out, name, r.tag);
  const Dims& shape = r.keepdims ? r.axes.kept_shape : r.axes.shape;
  checked_out(out, name, repeats ? stretched_to(target, shape) : shape, r.a->type(), r.tag, Casting::unsafe);
  return &target;
}

DType folding_dtype(DType own, std::optional<DType> asked, DType natural, const Array* out) {
  if (asked) return *asked;
  return out == nullptr ? natural : promote(out->type(), own);
}

DType priced_dtype(const Call& call, DType own, std::optional<DType> asked, DType natural, const Array* out) {
  if (asked) return *asked;
  if (!call.model.has_complex_factors()) return natural;
  const auto dearer = [&](DType x, DType y) { return detail::heavier(call.model, x, y); };
  if (out == nullptr) return dearer(natural, own);
  const DType stored = out->type();
  if (call.model.rule("reduction.out_is_accumulator")) return dearer(stored, own);
  const DType dearest = dearer(dearer(natural, stored), own);
  if (is_complex(dearest)) return dearest;
  if (is_complex(natural) || is_complex(own)) return promote(dearest, is_complex(natural) ? natural : own);
  return is_complex(stored) ? dearer(stored, dearest) : dearest;
}

ArrayRef fold_through(const Ufunc& op, const Reduction& r, const Array& a, const void* start, const Array* mask,
                      const Array* out) {
  if (out == nullptr || out->type() == a.type() || a.size == 0) return fold(op, a, r.axes, start, mask);
  if (start == nullptr) {
    const ArrayRef first = cast(*as_stored(first_elements(*r.a, r.axes), out), a.type());
    return fold_onto(op, a, r.axes, first, all_but_first(a, r.axes).get());
  }
  Element through;
  const ArrayRef one = Array::make(a.type(), Dims{});
  std::copy_n(static_cast<const std::byte*>(start), a.item_bytes(), one->mutable_items<std::byte>());
  const ArrayRef stored = cast(*as_stored(one, out), a.type());
  std::copy_n(stored->items<std::byte>(), a.item_bytes(), through.bytes);
  return fold(op, a, r.axes, through.bytes, mask);
}

ArrayRef as_stored(const ArrayRef& result, const Array* out) {
  return out == nullptr || out->type() == result->type() ? result : cast(*result, out->type());
}

Result finish(Call& call, const Reduction& r, const ArrayRef& result, const Value& out) {
  ArrayRef shaped = keep_dims(result, r.axes, r.keepdims);
  if (!out.is_absent()) return write_out(call, out.as_array(), *shaped, r.tag);
  if (r.tag) shaped->set_tag(r.tag);
  return shaped;
}

ArrayRef where_mask(const Value& where, const Array& a) {
  if (where.is_absent() || (where.is(ValueKind::boolean) && where.i != 0)) return nullptr;
  ArrayRef mask = to_array(where);
  if (mask->type() != DType::bool_) throw_type_error("where must be an array of booleans");
  return broadcast_view(*mask, a.dims());
}

DType accumulator_of(DType d) {
  if (d == DType::bool_ || (is_signed_integer(d) && item_size(d) < 8)) return DType::int64;
  if (is_unsigned_integer(d) && item_size(d) < 8) return DType::uint64;
  return d;
}

DType mean_dtype(DType d) { return is_floating(d) ? d : DType::float64; }

Element element_of(const Value& value, DType dtype) {
  Element e;
  // Among integers a real number counts without its fraction.
  const bool whole = value.is(ValueKind::real) && is_integer(dtype) && std::abs(value.f) < 0x1p63;
  const Input in(whole ? Value::integer(static_cast<std::int64_t>(value.f)) : value);
  if (!in.is_weak() && in.array()->size != 1) throw_value_error("Input object to FillWithScalar is not a scalar");
  in.store_scalar(dtype, e.bytes);
  return e;
}

Element element_of(double value, DType dtype) {
  Element e;
  Input(Value::real(value)).store_scalar(dtype, e.bytes);
  return e;
}

void require_fits(const Value& value, DType dtype) {
  if (value.is(ValueKind::integer) && is_integer(dtype)) element_of(value, dtype);
}

void require_each_fits(const Value& value, DType dtype) {
  if (!is_integer(dtype)) return;
  if (value.is_sequence())
    for (const Value& item : value.as_items()) require_each_fits(item, dtype);
  else if (value.is(ValueKind::integer))
    element_of(value, dtype);
  else if (value.is(ValueKind::real) && std::isnan(value.f))
    throw_value_error("cannot convert float NaN to integer");
  else if (value.is(ValueKind::real) && !(std::abs(value.f) < (dtype == DType::uint64 ? 0x1p64 : 0x1p63)))
    throw Error(ErrorKind::overflow, "a number is too large for an integer");
  else if (value.is(ValueKind::real) && std::abs(value.f) < 0x1p63)
    element_of(value, dtype);
}

ArrayRef not_nan(const Array& a) { return apply(k_logical_not, apply(k_isnan, Input(a))); }

ArrayRef without_nan(const Array& a, double filler) {
  if (!is_floating(a.type())) return ref_of(a);
  const Element e = element_of(filler, a.type());
  return masked(a, *not_nan(a), e.bytes);
}

}  // namespace flopscope::ufunc
