// SPDX-License-Identifier: MIT
// Functions of one array that are made of others: rounding to digits, parts of complex numbers, sinc, i0, replaced NaN.
#include <cmath>
#include <limits>
#include <numbers>
#include <whest/flopscope/ops/detail/bessel.hpp>
#include <whest/flopscope/ops/detail/billing.hpp>
#include <whest/flopscope/ops/detail/composite.hpp>
#include <whest/flopscope/ops/detail/families.hpp>
#include <whest/flopscope/ops/detail/finite.hpp>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/reduce.hpp>
#include <whest/flopscope/ops/detail/ufuncs.hpp>

namespace flopscope {
namespace {

using namespace ufunc;

// One array argument, its price and tag.
struct Unary {
  Input input;
  ArrayRef a;
  PointwisePrice p;

  explicit Unary(const Value& v)
      : input(Input(to_array(v))), a(ref_of(*input.array())), p(pointwise_price({&input, 1})) {}
  Result tagged(ArrayRef out) const {
    if (p.tagged.tag) out->set_tag(p.tagged.tag);
    return out;
  }
};

[[noreturn]] void refuse(const Call& call, const Array& a) {
  throw_type_error("ufunc '" + std::string(call.op.name) +
                   "' not supported for the input types: " + std::string(name_of(a.type())));
}

// The caller's buffer, whose dtype takes part in the price `own` of the call; null: none.
struct Buffer {
  const Array* array = nullptr;
  DType billed;

  Buffer(const Call& call, const Unary& u, const Value& out, DType own) : billed(own) {
    if (out.is_absent()) return;
    array = &buffer_of(out, call.op.name, u.p.tagged.tag);
    billed = promoted_with_out(call, own, array);
    refuse_unpriced_complex(call, billed);
  }
  // A larger buffer repeats the result.
  void check(const Call& call, const Unary& u, const Value& out, DType result, Casting casting) const {
    if (array != nullptr)
      checked_out(out, call.op.name, stretched_to(*array, u.p.shape), result, u.p.tagged.tag, casting);
  }
};

Result into(const Call& call, const Unary& u, const ArrayRef& result, const Array* target) {
  return target == nullptr ? u.tagged(result) : Result(write_out(call, *target, *result, u.p.tagged.tag));
}

// 10 to the power |n|.
double power_of_ten(std::int64_t n) { return std::pow(10.0, std::abs(static_cast<double>(n))); }

ArrayRef rounded_parts(const ArrayRef& a, std::int64_t decimals);

// NumPy's rounding to decimals: scale, round half to even, scale back.
ArrayRef rounded(const ArrayRef& a, std::int64_t decimals) {
  const DType dtype = a->type();
  if (is_complex(dtype)) return rounded_parts(a, decimals);
  if (is_integer(dtype) && decimals >= 0) return copy_of(*a);
  if (decimals == 0) return apply(k_rint, a);
  const double scale = power_of_ten(decimals);
  const ArrayRef scaled =
      apply(decimals > 0 ? k_multiply : k_true_divide, is_floating(dtype) ? a : cast(*a, DType::float64), scale);
  const ArrayRef back = apply(decimals > 0 ? k_true_divide : k_multiply, apply(k_rint, scaled), scale);
  return back->type() == dtype ? back : cast(*back, dtype);
}

ArrayRef rounded_parts(const ArrayRef& a, std::int64_t decimals) {
  const ArrayRef out = Array::make(a->type(), a->dims());
  for (const Part part : {Part::real, Part::imaginary})
    copy_into(*part_of(*out, part), *rounded(part_of(*a, part), decimals));
  return out;
}

// The same in the caller's buffer: each step is stored there.
ArrayRef rounded_in(DType stored, const ArrayRef& a, std::int64_t decimals) {
  const bool up = decimals > 0;
  const ArrayRef scaled = apply(up ? k_multiply : k_true_divide, a, power_of_ten(decimals));
  if (!can_cast_same_kind(scaled->type(), stored))
    throw_type_error("Cannot cast ufunc output to the dtype of the out array with casting rule 'same_kind'");
  const ArrayRef whole = apply(k_rint, scaled->type() == stored ? scaled : cast(*scaled, stored));
  return apply(up ? k_true_divide : k_multiply, whole, power_of_ten(decimals));
}

// round, around: (a, decimals, out)
Result run_round(Call& call) {
  const Unary u(call.arg(0));
  const std::int64_t decimals = call.arg(1).is_absent() ? 0 : to_int(call.arg(1), "decimals");
  const DType own = u.a->type(), result = own == DType::bool_ ? DType::float16 : own;
  const Value& out = call.arg(2);
  const Array* target = nullptr;
  if (!out.is_absent()) target = &checked_out(out, call.op.name, u.p.shape, result, u.p.tagged.tag, Casting::unsafe);
  const bool in_place = target != nullptr && !target->tag();  // a tagged one gets a copy of what was computed apart
  const bool in_steps = in_place && decimals != 0 && !is_complex(own) && !(is_integer(own) && decimals > 0);
  if (own == DType::bool_ && decimals != 0 && !in_steps) refuse(call, *u.a);
  if (in_place && is_complex(own) && !is_complex(target->type()))
    throw_type_error("array does not have imaginary part to set");
  if (in_place && !in_steps) checked_out(out, call.op.name, u.p.shape, result, u.p.tagged.tag);
  if (in_steps) rounded_in(target->type(), Array::make(own, Dims{0}), decimals);  // refuses what does not fit
  call.charge(u.p.price, promoted_with_out(call, own, target));
  if (call.arg(0).is(ValueKind::boolean) && target == nullptr)  // Python's own, which makes a float of it
    return Result::real(to_bool(call.arg(0), false) ? 1 : 0);
  return into(call, u, in_steps ? rounded_in(target->type(), u.a, decimals) : rounded(u.a, decimals), target);
}

// fix: (x, out)
Result run_fix(Call& call) {
  const Unary u(call.arg(0));
  const Buffer target(call, u, call.arg(1), u.a->type());
  if (is_complex(u.a->type())) refuse(call, *u.a);
  if (target.array != nullptr)
    target.check(call, u, call.arg(1), u.a->type(), casting_into(*target.array, Casting::same_kind));
  call.charge(u.p.price, target.billed);
  return into(call, u, apply(k_trunc, u.a), target.array);
}

// angle: (z, deg)
Result run_angle(Call& call) {
  const Unary u(call.arg(0));
  const bool complex = is_complex(u.a->type());
  const Input zero(Value::integer(0));
  const Input both[] = {zero, Input(*u.a)};
  DType dtype = complex ? u.a->type() : resolve(k_arctan2, both).types[0];
  if (!call.model.prices_dtype_of_loop() && u.a->type() == DType::bool_) dtype = DType::float16;
  call.charge(u.p.price, dtype);
  ArrayRef angle = complex ? apply(k_arctan2, part_of(*u.a, Part::imaginary), part_of(*u.a, Part::real))
                           : apply(k_arctan2, zero, Input(*u.a));
  if (to_bool(call.arg(1), false)) angle = apply(k_multiply, angle, 180 / std::numbers::pi);
  return u.tagged(std::move(angle));
}

// sinc: (x). sin(pi x) / (pi x), 1 at 0.
Result run_sinc(Call& call) {
  const Unary u(call.arg(0));
  const DType dtype = mean_dtype(u.a->type());
  call.charge(u.p.price, dtype);
  const ArrayRef y = apply(k_multiply, u.a->type() == dtype ? u.a : cast(*u.a, dtype), std::numbers::pi);
  const double tiny = dtype == DType::float64   ? std::numeric_limits<double>::epsilon()
                      : dtype == DType::float32 ? static_cast<double>(std::numeric_limits<float>::epsilon())
                      : dtype == DType::float16 ? 0x1p-10
                                                : 1e-20;
  const ArrayRef safe = masked(*y, *cast(*y, DType::bool_), element_of(tiny, dtype).bytes);
  return u.tagged(apply(k_true_divide, apply(k_sin, safe), safe));
}

// i0: (x). The modified Bessel function of order 0, in float64, rounded to the array's dtype.
Result run_i0(Call& call) {
  const Unary u(call.arg(0));
  if (is_complex(u.a->type())) throw_type_error("i0 not supported for complex values");
  const DType dtype = mean_dtype(u.a->type());
  call.charge(u.p.price, dtype);
  const ArrayRef out = cast(*u.a, DType::float64);
  auto* x = out->mutable_items<double>();
  for (std::int64_t i = 0; i < out->size; ++i)
    x[i] = std::isfinite(x[i]) ? detail::bessel_i0(x[i]) : std::nan("");  // of infinity too, as in NumPy
  return u.tagged(dtype == DType::float64 ? out : cast(*out, dtype));
}

double largest_of(DType real) {
  return real == DType::float64   ? std::numeric_limits<double>::max()
         : real == DType::float32 ? static_cast<double>(std::numeric_limits<float>::max())
                                  : 65504.0;
}

// Replaces NaN and infinities of a real floating array by scalars or arrays.
ArrayRef replaced(const ArrayRef& a, const Value& nan, const Value& high, const Value& low) {
  const auto filler = [&](const Value& v, double otherwise) {
    const ArrayRef x = v.is_absent() ? scalar_array<double>(otherwise) : to_array(v);
    return assigned_view(*cast(*x, a->type()), a->dims());
  };
  const ArrayRef for_nan = filler(nan, 0), for_high = filler(high, largest_of(a->type())),
                 for_low = filler(low, -largest_of(a->type()));
  if (detail::all_finite(*a)) return copy_of(*a);
  const ArrayRef infinite = apply(k_isinf, a), negative = apply(k_signbit, a);
  ArrayRef out = select(*apply(k_isnan, a), *for_nan, *a);
  out = select(*apply(k_logical_and, infinite, apply(k_logical_not, negative)), *for_high, *out);
  return select(*apply(k_logical_and, infinite, negative), *for_low, *out);
}

// nan_to_num: (x, copy, nan, posinf, neginf)
Result run_nan_to_num(Call& call) {
  const Unary u(call.arg(0));
  const bool in_place = call.arg(0).is_array() && !to_bool(call.arg(1), true);
  if (in_place) call.arg(0).as_array().require_writable();
  call.charge(u.p.price, u.a->type());
  const DType dtype = u.a->type();
  ArrayRef out;
  if (!is_floating(dtype)) {
    out = copy_of(*u.a);
  } else if (is_complex(dtype)) {
    out = Array::make(dtype, u.p.shape);
    for (const Part part : {Part::real, Part::imaginary})
      copy_into(*part_of(*out, part),
                *replaced(contiguous_copy_if_needed(*part_of(*u.a, part)), call.arg(2), call.arg(3), call.arg(4)));
  } else {
    out = replaced(u.a, call.arg(2), call.arg(3), call.arg(4));
  }
  if (in_place) {
    const ArrayRef written = write_out(call, call.arg(0).as_array(), *out, u.p.tagged.tag);
    return detail::with_tag(detail::alias_of(*written), written->tag());
  }
  return u.tagged(std::move(out));
}

// isneginf, isposinf: (x, out)
Result run_signed_infinity(Call& call) {
  const Unary u(call.arg(0));
  if (is_complex(u.a->type())) refuse(call, *u.a);
  const bool by_loop = call.model.prices_dtype_of_loop();
  const DType dtype = by_loop ? resolve(k_signbit, {&u.input, 1}).types[0] : u.a->type();
  const Buffer target(call, u, call.arg(1), dtype);
  target.check(call, u, call.arg(1), DType::bool_, Casting::unsafe);
  call.charge(u.p.price, target.billed);
  ArrayRef sign = apply(k_signbit, u.a);
  if (call.op.variant == 1) sign = apply(k_logical_not, sign);
  return into(call, u, apply(k_logical_and, apply(k_isinf, u.a), sign), target.array);
}

// isreal, iscomplex: (x)
Result run_complexity(Call& call) {
  const Unary u(call.arg(0));
  call.charge(u.p.price, u.a->type());
  const bool wants_real = call.op.variant == 1;
  if (is_complex(u.a->type()))
    return u.tagged(apply(wants_real ? k_equal : k_not_equal, part_of(*u.a, Part::imaginary), 0.0));
  return u.tagged(copy_of(*broadcast_view(*scalar_array<bool>(wants_real), u.p.shape)));
}

// real_if_close: (a, tol)
Result run_real_if_close(Call& call) {
  const Unary u(call.arg(0));
  double tolerance = call.arg(1).is_absent() ? 100 : to_double(call.arg(1), "tol");
  call.charge(u.p.price, u.a->type());
  const DType dtype = u.a->type();
  if (!is_complex(dtype)) return u.tagged(copy_of(*u.a));
  if (tolerance > 1)
    tolerance *= dtype == DType::complex128 ? std::numeric_limits<double>::epsilon()
                                            : static_cast<double>(std::numeric_limits<float>::epsilon());
  const ArrayRef close = apply(k_less, apply(k_absolute, part_of(*u.a, Part::imaginary)), tolerance);
  const bool yes = true;
  const bool all = *fold(k_logical_and, *close, all_axes(close->dims()), &yes)->items<bool>();
  return u.tagged(all ? copy_of(*part_of(*u.a, Part::real)) : copy_of(*u.a));
}

// real, imag: (val). A view where there is one.
Result run_part(Call& call) {
  const Unary u(call.arg(0));
  call.charge(u.p.price, u.a->type());
  if (is_complex(u.a->type())) return u.tagged(part_of(*u.a, call.op.variant == 0 ? Part::real : Part::imaginary));
  if (call.op.variant == 0) return detail::with_tag(detail::alias_of(*u.a), u.a->tag());
  return u.tagged(zeros(u.a->type(), u.p.shape));
}

// The attributes of an array: views, free and in no log. Of real numbers the one is the array itself, the other zeros.
Result run_part_of_array(Call& call) {
  const ArrayRef a = to_array(call.arg(0));
  const bool imaginary = call.op.variant == 1;
  call.charge_nothing();
  if (!is_complex(a->type())) return imaginary ? zeros(a->type(), a->dims()) : a;
  return part_of(*a, imaginary ? Part::imaginary : Part::real);
}

constexpr Operation k_operations[] = {
    {.name = "round", .signature = "a, decimals=0, out=None", .run = run_round, .formula = "elements"},
    {.name = "around",
     .signature = "a, decimals=0, out=None",
     .run = run_round,
     .formula = "elements",
     .canonical = "round"},
    {.name = "fix", .signature = "x, out=None", .run = run_fix, .formula = "elements"},
    {.name = "angle", .signature = "z, deg=False", .run = run_angle, .formula = "elements"},
    {.name = "sinc", .signature = "x", .run = run_sinc, .formula = "elements"},
    {.name = "i0", .signature = "x", .run = run_i0, .formula = "elements"},
    {.name = "nan_to_num",
     .signature = "x, copy=True, nan=0.0, posinf=None, neginf=None",
     .run = run_nan_to_num,
     .formula = "elements"},
    {.name = "isneginf", .signature = "x, out=None", .run = run_signed_infinity, .formula = "elements", .variant = 0},
    {.name = "isposinf", .signature = "x, out=None", .run = run_signed_infinity, .formula = "elements", .variant = 1},
    {.name = "iscomplex", .signature = "x", .run = run_complexity, .formula = "elements", .variant = 0},
    {.name = "isreal", .signature = "x", .run = run_complexity, .formula = "elements", .variant = 1},
    {.name = "real_if_close", .signature = "a, tol=100", .run = run_real_if_close, .formula = "elements"},
    {.name = "real", .signature = "val", .run = run_part, .formula = "elements", .variant = 0},
    {.name = "imag", .signature = "val", .run = run_part, .formula = "elements", .variant = 1},
    {.name = "method.real", .signature = "a", .run = run_part_of_array, .formula = "zero", .variant = 0},
    {.name = "method.imag", .signature = "a", .run = run_part_of_array, .formula = "zero", .variant = 1},
};

}  // namespace

std::span<const Operation> unary_composite_operations() { return k_operations; }

}  // namespace flopscope
