// SPDX-License-Identifier: MIT
// Comparisons within a tolerance and of whole arrays, and clip.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <whest/flopscope/ops/detail/composite.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>
#include <whest/flopscope/symmetry/tag.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

bool all_of(const ArrayRef& truths) {
  const bool yes = true;
  return *fold(k_logical_and, *truths, all_axes(truths->dims()), &yes)->items<bool>();
}

struct Tolerance {
  Input relative, absolute;
  bool equal_nan;
};
Tolerance tolerance_of(const Call& call) {
  const auto or_default = [&](int i, double x) {
    return Input(call.arg(i).is_absent() ? Value::real(x) : call.arg(i));
  };
  return {or_default(2, 1e-5), or_default(3, 1e-8), to_bool(call.arg(4), false)};
}

// |a - b| <= absolute + relative * |b| for finite b; equal infinities are close; NaN only if asked.
ArrayRef close(const Input& a, const Input& b, const Tolerance& t) {
  const Input with_one[] = {b, Input(Value::real(1))};
  const DType floating = result_type(with_one);
  const ArrayRef y = b.is_weak() ? cast(*to_operand(b.scalar()).array, floating) : cast(*b.array(), floating);
  const Input yi(*y);
  const ArrayRef distance = apply(k_absolute, apply(k_subtract, a, yi));
  const ArrayRef scaled = apply(k_multiply, t.relative, Input(*apply(k_absolute, y)));
  const ArrayRef near = apply(k_less_equal, distance, apply(k_add, t.absolute, Input(*scaled)));
  ArrayRef out = apply(k_logical_and, near, apply(k_isfinite, y));
  out = apply(k_logical_or, out, apply(k_equal, a, yi));
  if (!t.equal_nan) return out;
  return apply(k_logical_or, out, apply(k_logical_and, apply(k_isnan, a), apply(k_isnan, y)));
}

// The dtype closeness is computed in: from 0.12 integers count as the float64 they become.
DType closeness_dtype(const Call& call, std::span<const Input> inputs) {
  const DType dtype = result_type(inputs);
  return call.model.prices_dtype_of_loop() && !is_floating(dtype) ? DType::float64 : dtype;
}

// isclose, allclose: (a, b, rtol, atol, equal_nan)
Result run_isclose(Call& call) {
  const Input inputs[] = {Input(call.arg(0)), Input(call.arg(1))};
  const PointwisePrice p = pointwise_price(inputs);
  const Tolerance t = tolerance_of(call);
  call.charge(p.price, closeness_dtype(call, inputs));
  ArrayRef out = close(inputs[0], inputs[1], t);
  if (p.tagged.tag) out->set_tag(p.tagged.tag);
  return out;
}
Result run_allclose(Call& call) {
  const Input inputs[] = {Input(call.arg(0)), Input(call.arg(1))};
  const PointwisePrice p = pointwise_price(inputs);
  const Tolerance t = tolerance_of(call);
  const ArrayRef arrays[] = {to_array(call.arg(0)), to_array(call.arg(1))};
  const Input strong[] = {Input(*arrays[0]), Input(*arrays[1])};
  call.charge(p.price, closeness_dtype(call, strong));  // here a number counts as the array it becomes
  return Result::boolean(all_of(close(inputs[0], inputs[1], t)));
}

bool same_shape(const Array& a, const Array& b) {
  return std::equal(a.dims().begin(), a.dims().end(), b.dims().begin(), b.dims().end());
}
bool broadcasts(const Array& a, const Array& b) {
  for (int i = 1; i <= std::min<int>(a.ndim, b.ndim); ++i) {
    const std::int64_t x = a.shape[a.ndim - i], y = b.shape[b.ndim - i];
    if (x != y && x != 1 && y != 1) return false;
  }
  return true;
}

// array_equal: (a1, a2, equal_nan). Priced by the larger of the two.
Result run_array_equal(Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  PriceInput price;
  price.in = price.out = static_cast<double>(std::max(a->size, b->size));
  call.charge(price, promote(a->type(), b->type()));
  if (!same_shape(*a, *b)) return Result::boolean(false);
  ArrayRef equal = apply(k_equal, a, b);
  if (to_bool(call.arg(2), false))
    equal = apply(k_logical_or, equal, apply(k_logical_and, apply(k_isnan, a), apply(k_isnan, b)));
  return Result::boolean(all_of(equal));
}

// array_equiv: (a1, a2). Priced by the broadcast, where there is one.
Result run_array_equiv(Call& call) {
  const ArrayRef a = to_array(call.arg(0)), b = to_array(call.arg(1));
  const bool fits = broadcasts(*a, *b);
  PriceInput price;
  price.in = price.out =
      static_cast<double>(fits ? element_count(broadcast(a->dims(), b->dims())) : std::max(a->size, b->size));
  call.charge(price, promote(a->type(), b->type()));
  return Result::boolean(fits && all_of(apply(k_equal, a, b)));
}

// A Python int beyond the range of an integer array is no bound at all, unless it leaves nothing in between.
bool bounds_nothing(const Array& a, const Value& bound, bool upper) {
  if (bound.is_absent()) return true;
  if (!bound.is(ValueKind::integer) || !is_integer(a.type())) return false;
  const bool huge = (bound.flags & 1) != 0;
  return visit_dtype(a.type(), [&]<class T>() {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      if (upper)
        return huge ? !std::is_same_v<T, std::uint64_t>
                    : std::cmp_greater_equal(bound.i, std::numeric_limits<T>::max());
      return !huge && std::cmp_less_equal(bound.i, std::numeric_limits<T>::min());
    }
    return false;
  });
}

// An asked dtype must be one that every operand may be cast to; plain numbers take it.
void require_castable(std::span<const Input> operands, DType dtype, Casting casting) {
  if (dtype == DType::bool_) throw_type_error("No loop matching the specified signature was found for ufunc clip");
  for (const Input& in : operands)
    if (!in.is_weak() && !can_cast(in.type(), dtype, casting))
      throw_type_error(fmt::format("Cannot cast ufunc 'clip' input from dtype('{}') to dtype('{}')", name_of(in.type()),
                                   name_of(dtype)));
}

ArrayRef limited(const Ufunc& limit, const ArrayRef& a, const Value& bound) {
  if (!bound.is_array() || bound.as_array().type() == a->type()) return apply(limit, Input(*a), Input(bound));
  return apply(limit, Input(*a), Input(*cast(bound.as_array(), a->type())));
}

// What clip works on. Bounds that bound nothing take part in the shape, not in the dtype.
struct Clipping {
  Input a;
  const Value &low, &high;
  std::vector<Input> all, bounding;
  bool has_low, has_high;

  Clipping(const Value& array, const Value& lowest, const Value& highest)
      : a(to_array(array)), low(lowest), high(highest), all{a}, bounding{a} {
    for (const Value* bound : {&low, &high})
      if (!bound->is_absent()) all.emplace_back(*bound);
    has_low = !bounds_nothing(*a.array(), low, false);
    has_high = !bounds_nothing(*a.array(), high, true);
    if (has_low) bounding.emplace_back(low);
    if (has_high) bounding.emplace_back(high);
  }
  Dims shape() const {
    Dims shape(a.dims());
    for (const Input& in : all) shape = broadcast(shape, in.dims());
    return shape;
  }
  // In `dtype`, and of `shape`, which a buffer or a mask may have stretched.
  ArrayRef clipped(DType dtype, const Dims& shape) const {
    ArrayRef out = a.array()->type() == dtype ? ref_of(*a.array()) : cast(*a.array(), dtype);
    if (has_low) out = limited(k_maximum, out, low);
    if (has_high) out = limited(k_minimum, out, high);
    if (!has_low && !has_high) out = copy_of(*out);
    return std::ranges::equal(shape, out->dims()) ? out : copy_of(*broadcast_view(*out, shape));
  }
};

// clip: (a, a_min, a_max, out, *, min, max, where, casting, dtype, order, subok)
Result run_clip(Call& call) {
  const bool by_name = !call.arg(4).is_absent() || !call.arg(5).is_absent();
  if (by_name && (!call.arg(1).is_absent() || !call.arg(2).is_absent()))
    throw_value_error("Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.");
  Clipping c(call.arg(0), call.arg(by_name ? 4 : 1), call.arg(by_name ? 5 : 2));
  Dims shape = c.shape();
  const auto elements = static_cast<double>(element_count(shape));
  Tagged tagged = pointwise_tag(c.all, shape, elements);
  if (tagged.tag && tagged.tag->group().is_trivial()) tagged.tag = nullptr;  // not so in functions of two operands
  const ArrayRef mask = mask_of(call.arg(6));
  const Casting casting = to_casting(call.arg(7));
  DType priced = result_type(c.bounding);
  const DType dtype = to_dtype(call.arg(8), priced);
  if (!call.arg(8).is_absent()) require_castable(c.bounding, dtype, casting);
  PriceInput price;
  price.in = static_cast<double>(c.a.array()->size);
  price.out = elements;
  price.unique_out = tagged.unique;
  price.unique_in = elements == price.in ? tagged.unique : price.in;
  // A buffer by position is counted like a bound where they are.
  const bool counts_out = call.arg(3).is_array() && (call.arg(3).flags & k_by_position) != 0 &&
                          call.model.rule("clip.counts_positional_out");
  price.parts = static_cast<double>(c.all.size() - 1 + (counts_out ? 1 : 0));
  const Dims logged = shape;
  if (call.model.rule("clip.logs_its_result")) call.state_shape(logged);

  if (mask) shape = broadcast(shape, mask->dims());
  const Value& out = call.arg(3);
  const Array* target = out.is_absent() ? nullptr : &buffer_of(out, "clip", tagged.tag);
  if (target != nullptr) {
    checked_out(out, "clip", stretched_to(*target, shape), dtype, tagged.tag, casting_into(*target, casting));
    c.bounding.emplace_back(*target);
    if (call.model.has_complex_factors()) priced = result_type(c.bounding);
  }
  call.charge(price, priced);

  ArrayRef clipped = c.clipped(dtype, shape);
  if (target != nullptr) return write_out(call, *target, *clipped, tagged.tag, mask.get());
  if (tagged.tag) clipped->set_tag(tagged.tag);
  return clipped;
}

constexpr std::string_view k_close_signature = "a, b, rtol=1e-05, atol=1e-08, equal_nan=False";
constexpr Operation k_operations[] = {
    {.name = "isclose",
     .signature = k_close_signature,
     .run = run_isclose,
     .formula = "elements",
     .log_shapes = LogShapes::first_two},
    {.name = "allclose",
     .signature = k_close_signature,
     .run = run_allclose,
     .formula = "elements.whole",
     .log_shapes = LogShapes::first_two},
    {.name = "array_equal",
     .signature = "a1, a2, equal_nan=False",
     .run = run_array_equal,
     .formula = "elements.whole",
     .log_shapes = LogShapes::first_two},
    {.name = "array_equiv",
     .signature = "a1, a2",
     .run = run_array_equiv,
     .formula = "elements.whole",
     .log_shapes = LogShapes::first_two},
    {.name = "clip",
     .signature = "a, a_min=None, a_max=None, out=None, *, min=None, max=None, where=True, casting='same_kind', "
                  "dtype=None, order='K', subok=True",
     .run = run_clip,
     .formula = "clip.input"},
};

}  // namespace

std::span<const Operation> comparison_operations() { return k_operations; }

}  // namespace flopscope
