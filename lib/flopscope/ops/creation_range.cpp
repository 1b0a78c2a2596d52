// SPDX-License-Identifier: MIT
// Creation: numbers in a row (arange, linspace, logspace, geomspace).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <whest/flopscope/ops/detail/layout.hpp>
#include <whest/flopscope/ops/detail/tables.hpp>

namespace flopscope {
namespace {

// ---- arange ----

std::int64_t checked_length(double n) {
  if (std::isnan(n)) throw_value_error("arange: cannot compute length");
  if (!(n < 9.2e18)) throw_value_error("Maximum allowed size exceeded");
  return n <= 0 ? 0 : static_cast<std::int64_t>(n);
}

template <class T>
void fill_range(const Array& out, T start, T delta) {
  T* at = out.mutable_items<T>();
  for (std::int64_t i = 0; i < out.size; ++i) at[i] = static_cast<T>(start + static_cast<T>(i) * delta);
}

// Filled in `dtype` from the first two values, as NumPy does: start and start + step, each converted.
ArrayRef range_of(DType dtype, std::int64_t n, Complex128 start, Complex128 step) {
  ArrayRef out = Array::make(dtype, Dims{n});
  visit_dtype(dtype, [&]<class T>() {
    if constexpr (std::is_same_v<T, bool>) {
      for (std::int64_t i = 0; i < n; ++i) out->mutable_items<bool>()[i] = start + static_cast<double>(i) * step != 0.0;
    } else if constexpr (std::is_same_v<T, Complex64> || std::is_same_v<T, Complex128>) {
      using R = typename T::value_type;
      const T first(static_cast<R>(start.real()), static_cast<R>(start.imag()));
      const Complex128 second = start + step;
      const T delta = T(static_cast<R>(second.real()), static_cast<R>(second.imag())) - first;
      for (std::int64_t i = 0; i < n; ++i)
        out->mutable_items<T>()[i] =
            T(first.real() + static_cast<R>(i) * delta.real(), first.imag() + static_cast<R>(i) * delta.imag());
    } else if constexpr (std::is_same_v<T, Half>) {
      const auto first = static_cast<float>(static_cast<Half>(start.real()));
      const auto delta = static_cast<float>(static_cast<Half>(start.real() + step.real())) - first;
      for (std::int64_t i = 0; i < n; ++i)
        out->mutable_items<Half>()[i] = static_cast<Half>(first + static_cast<float>(i) * delta);
    } else {
      const T first = static_cast<T>(start.real());
      const T second = static_cast<T>(start.real() + step.real());
      fill_range<T>(*out, first, static_cast<T>(second - first));
    }
  });
  return out;
}

Complex128 number(const Operand& o) { return read_complex(*o.array, o.array->items<std::byte>()); }

// NumPy stores the first two values as integers that must fit; those that follow wrap around.
void require_first_fit(DType dtype, std::int64_t n, double start, double step) {
  if (!is_integer(dtype)) return;
  visit_dtype(dtype, [&]<class T>() {
    if constexpr (std::is_integral_v<T>)
      for (std::int64_t i = 0; i < std::min<std::int64_t>(n, 2); ++i) {
        const double value = std::trunc(start + static_cast<double>(i) * step);
        if (value < static_cast<double>(std::numeric_limits<T>::min()) ||
            value > static_cast<double>(std::numeric_limits<T>::max()))
          throw Error(ErrorKind::overflow,
                      fmt::format("Python integer {:.0f} out of bounds for {}", value, name_of(dtype)));
      }
  });
}

Result run_arange(Call& call) {
  std::vector<Operand> given;
  for (int i = 0; i < 3; ++i)
    if (!call.arg(i).is_absent()) given.push_back(to_operand(call.arg(i)));
  if (given.empty()) throw_type_error("arange() requires stop to be specified.");
  for (const Operand& o : given)
    if (o.array->size != 1) throw_value_error("arange: the arguments must be scalars");
  DType natural = DType::int64;  // integers are at least int64
  for (const Operand& o : given) natural = promote(natural, o.type());
  const bool one = call.arg(1).is_absent();
  const Complex128 start = one ? 0.0 : number(to_operand(call.arg(0)));
  const Complex128 stop = number(to_operand(call.arg(one ? 0 : 1)));
  const Complex128 step = call.arg(2).is_absent() ? 1.0 : number(to_operand(call.arg(2)));
  if (step == 0.0) throw Error(ErrorKind::zero_division, "division by zero");
  const Complex128 span = (stop - start) / step;
  const double length = is_complex(natural) ? std::min(std::ceil(span.real()), std::ceil(span.imag()))
                                            : std::ceil((stop.real() - start.real()) / step.real());
  const std::int64_t n = checked_length(length);
  const DType dtype = to_dtype(call.arg(3), natural);
  if (dtype == DType::bool_ && n > 2)
    throw_type_error("arange() is only supported for booleans when the result has at most length 2.");
  require_first_fit(dtype, n, start.real(), step.real());
  call.charge({.out = static_cast<double>(n)}, to_dtype(call.arg(3), result_type(given)));
  return range_of(dtype, n, start, step);
}

// ---- linspace and its like ----

struct Space {
  Operand start, stop;
  std::int64_t num = 50;
  bool endpoint = true;
  DType natural = DType::float64;  // floating
  Dims shape = {};                 // of start and stop together
  int axis = 0;
};

Space space_of(const Call& call, int axis_slot) {
  Space s{.start = to_operand(call.arg(0)), .stop = to_operand(call.arg(1))};
  if (!call.arg(2).is_missing()) s.num = to_int(call.arg(2), "num");
  if (s.num < 0) throw_value_error(fmt::format("Number of samples, {}, must be non-negative.", s.num));
  s.endpoint = to_bool(call.arg(3), true);
  s.natural = promote_weak(result_type({s.start, s.stop}), WeakKind::real);
  s.shape = broadcast(s.start.array->dims(), s.stop.array->dims());
  s.axis = call.arg(axis_slot).is_missing() ? 0 : to_axis(call.arg(axis_slot), s.shape.size() + 1, 0);
  return s;
}

double elements(const Space& s) { return static_cast<double>(element_count(s.shape)) * static_cast<double>(s.num); }

template <class W>
using real_t = std::conditional_t<std::is_same_v<W, float>, float, double>;

struct Spread {
  ArrayRef values;  // num along a new first axis
  ArrayRef step;    // of the shape of start and stop
};

// Computed in the type W; what each operation gives is rounded as the natural dtype rounds it.
template <class W, class Round = std::identity>
Spread spread_as(const Space& s, const Array& start, const Array& stop, Round rounded = {}) {
  const ArrayRef a = contiguous_as(*broadcast_view(start, s.shape), dtype_of<W>);
  const ArrayRef b = contiguous_as(*broadcast_view(stop, s.shape), dtype_of<W>);
  Dims shape = s.shape;
  shape.insert(0, s.num);
  const Spread out{Array::make(dtype_of<W>, shape), Array::make(dtype_of<W>, s.shape)};
  const auto div = static_cast<real_t<W>>(s.endpoint ? s.num - 1 : s.num);
  const std::int64_t m = a->size;
  W* at = out.values->template mutable_items<W>();
  for (std::int64_t k = 0; k < m; ++k) {
    const W from = rounded(a->template items<W>()[k]), to = rounded(b->template items<W>()[k]);
    const W delta = rounded(to - from);
    const W step = div > 0 ? rounded(delta / div) : W{};
    const bool flat = step == W{};
    for (std::int64_t i = 0; i < s.num; ++i) {
      const auto x = rounded(static_cast<real_t<W>>(i));
      // A step that vanishes is replaced by the fraction of the span, so that tiny spans keep their values.
      at[i * m + k] = rounded(rounded(div > 0 ? (flat ? rounded(x / div) * delta : x * step) : x * delta) + from);
    }
    if (s.endpoint && s.num > 1) at[(s.num - 1) * m + k] = to;
    out.step->template mutable_items<W>()[k] = step;
  }
  return out;
}

Spread spread(const Space& s, const Array& start, const Array& stop) {
  if (s.natural == DType::float16)
    return spread_as<float>(s, start, stop, [](float x) { return static_cast<float>(static_cast<Half>(x)); });
  if (s.natural == DType::float32) return spread_as<float>(s, start, stop);
  return is_complex(s.natural) ? spread_as<Complex128>(s, start, stop) : spread_as<double>(s, start, stop);
}

ArrayRef floored(const Array& a) {
  ArrayRef out = cast(a, DType::float64);
  for (std::int64_t i = 0; i < out->size; ++i) out->mutable_items<double>()[i] = std::floor(out->items<double>()[i]);
  return out;
}

ArrayRef moved_to(const ArrayRef& a, int axis) {
  if (axis == 0) return a;
  Dims perm;
  for (int d = 1; d < a->ndim; ++d) perm.push_back(d);
  perm.insert(axis, 0);
  return detail::permuted(*a, perm);
}

Result run_linspace(Call& call) {
  const Space s = space_of(call, 6);
  const DType dtype = to_dtype(call.arg(5), s.natural);
  if (is_complex(s.natural) && is_integer(dtype)) throw_type_error("ufunc 'floor' not supported for complex numbers");
  call.charge({.in = static_cast<double>(s.num), .out = elements(s)}, dtype);
  const Spread line = spread(s, *s.start.array, *s.stop.array);
  ArrayRef wide = line.values;
  if (!is_floating(dtype) && dtype != DType::bool_) wide = floored(*wide);
  const ArrayRef out = moved_to(wide->type() == dtype ? wide : cast(*wide, dtype), s.axis);
  if (!to_bool(call.arg(4), false)) return out;
  // The step that was used: NaN where there is none.
  const bool has_step = s.num > (s.endpoint ? 1 : 0);
  return Result::tuple({out, has_step ? Result(cast(*line.step, s.natural)) : Result::real(std::nan(""))});
}

template <class W>
ArrayRef power_of(const Array& base, const Array& exponents) {  // base broadcast behind the first axis
  ArrayRef out = Array::make(dtype_of<W>, exponents.dims());
  const ArrayRef b = contiguous_as(*broadcast_view(base, exponents.dims()), dtype_of<W>);
  for (std::int64_t i = 0; i < out->size; ++i)
    out->template mutable_items<W>()[i] = std::pow(b->template items<W>()[i], exponents.items<W>()[i]);
  return out;
}

Result run_logspace(Call& call) {
  Space s = space_of(call, 6);
  const Operand base = call.arg(4).is_missing() ? to_operand(Value::real(10)) : to_operand(call.arg(4));
  s.shape = broadcast(s.shape, base.array->dims());
  if (!base.weak) s.natural = promote(s.natural, base.type());
  s.axis = call.arg(6).is_missing() ? 0 : to_axis(call.arg(6), s.shape.size() + 1, 0);
  const DType natural = s.natural, dtype = to_dtype(call.arg(5), natural);
  Dims logged = s.shape;
  logged.insert(0, s.num);
  detail::log_result_shape(call, logged);
  call.charge({.in = static_cast<double>(s.num), .out = elements(s)}, dtype);
  s.natural = promote(s.natural, DType::float64);  // exponents in double: pow would carry their rounding far
  const ArrayRef exponents = spread(s, *s.start.array, *s.stop.array).values;
  const ArrayRef wide = is_complex(exponents->type()) ? power_of<Complex128>(*base.array, *exponents)
                                                      : power_of<double>(*base.array, *exponents);
  const ArrayRef powers = wide->type() == natural ? wide : cast(*wide, natural);
  return moved_to(powers->type() == dtype ? powers : cast(*powers, dtype), s.axis);
}

// Geometric progressions are straight lines of logarithms, turned so that the start is real and positive; the ends are
// put back exactly.
Result run_geomspace(Call& call) {
  Space s = space_of(call, 5);
  s.natural = promote(s.natural, DType::float64);
  const DType dtype = to_dtype(call.arg(4), s.natural);
  const ArrayRef a = contiguous_as(*broadcast_view(*s.start.array, s.shape), DType::complex128);
  const ArrayRef b = contiguous_as(*broadcast_view(*s.stop.array, s.shape), DType::complex128);
  for (std::int64_t k = 0; k < a->size; ++k)
    if (a->items<Complex128>()[k] == 0.0 || b->items<Complex128>()[k] == 0.0)
      throw_value_error("Geometric sequence cannot include zero");
  Dims logged = s.shape;
  logged.insert(0, s.num);
  detail::log_result_shape(call, logged);
  call.charge({.in = static_cast<double>(s.num), .out = elements(s)}, dtype);
  Dims shape = s.shape;
  shape.insert(0, s.num);
  ArrayRef wide = Array::make(DType::complex128, shape);
  const auto div = static_cast<double>(s.endpoint ? s.num - 1 : s.num);
  for (std::int64_t k = 0; k < a->size; ++k) {
    const Complex128 start = a->items<Complex128>()[k], stop = b->items<Complex128>()[k];
    const bool real = !is_complex(s.natural);
    const Complex128 turn = real ? Complex128(start.real() < 0 ? -1 : 1) : start / std::abs(start);
    const double log_start = std::log10((start / turn).real());
    const Complex128 log_stop = real ? Complex128(std::log10((stop / turn).real())) : std::log10(stop / turn);
    for (std::int64_t i = 0; i < s.num; ++i) {
      const Complex128 e = log_start + (div > 0 ? static_cast<double>(i) * ((log_stop - log_start) / div) : 0.0);
      const Complex128 value = real ? Complex128(std::pow(10.0, e.real())) : std::pow(Complex128(10), e);
      wide->mutable_items<Complex128>()[i * a->size + k] = i == 0                         ? start
                                                           : s.endpoint && i == s.num - 1 ? stop
                                                                                          : value * turn;
    }
  }
  return moved_to(cast(*wide, dtype), s.axis);
}

constexpr Operation range(std::string_view name, std::string_view signature, Kernel run, std::string_view formula) {
  return {.name = name, .signature = signature, .run = run, .formula = formula, .log_shapes = LogShapes::none};
}

constexpr Operation k_operations[] = {
    range("arange", "start, stop=None, step=None, dtype=None, *, device=None, like=None", run_arange, "written.twice"),
    range("linspace", "start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None",
          run_linspace, "written.twice"),
    range("logspace", "start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0", run_logspace, "written"),
    range("geomspace", "start, stop, num=50, endpoint=True, dtype=None, axis=0", run_geomspace, "written"),
};

}  // namespace

detail::Table detail::creation_range_operations() { return k_operations; }

}  // namespace flopscope
