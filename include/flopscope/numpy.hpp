// SPDX-License-Identifier: MIT
// flopscope::numpy: the metered functions that participants call, under NumPy's names. Each call is one record to the
// library: priced, charged, run, logged. Keyword arguments are the trailing parameters; `{}` leaves one out.
#pragma once

#include <flopscope/ndarray.hpp>

namespace flopscope::numpy {

namespace detail {

// A parameter that is left out, or an integer or text.
inline Arg optional_int(const std::optional<int>& i) { return i ? Arg(*i) : Arg(); }
inline Arg optional_dtype(const std::optional<numpy::dtype>& d) { return d ? Arg(*d) : Arg(); }
inline Arg arg(const Axis& axis) { return Arg(axis.value()); }
inline Arg arg(const Ints& ints) { return Arg(ints.value()); }

// Arrays as a list argument (stack, concatenate, einsum operands); keeps the values.
class Arrays {
 public:
  Arrays(const std::vector<ndarray>& arrays) {
    for (const ndarray& a : arrays) m_values.push_back(Arg(a).value());
  }
  Arg value() const { return Arg(make_sequence(FLOPSCOPE_LIST, m_values.data(), m_values.size())); }

 private:
  std::vector<flopscope_value> m_values;
};

}  // namespace detail

// clang-format off
#define FLOPSCOPE_UNARY(name)                                          \
  inline ndarray name(const Arg& x) {                                  \
    static const detail::Operation k_op(#name, "#0");                  \
    return k_op(x).array();                                            \
  }
#define FLOPSCOPE_BINARY(name)                                         \
  inline ndarray name(const Arg& x1, const Arg& x2) {                  \
    static const detail::Operation k_op(#name, "#0,#1");               \
    return k_op(x1, x2).array();                                       \
  }
#define FLOPSCOPE_REDUCTION(name)                                      \
  inline ndarray name(const Arg& a, const Axis& axis = {}, bool keepdims = false) { \
    static const detail::Operation k_op(#name, "#0,axis,keepdims");    \
    return k_op(a, detail::arg(axis), keepdims ? Arg(true) : Arg()).array(); \
  }
#define FLOPSCOPE_SCAN(name)                                           \
  inline ndarray name(const Arg& a, std::optional<int> axis = {}) {    \
    static const detail::Operation k_op(#name, "#0,axis");             \
    return k_op(a, detail::optional_int(axis)).array();                \
  }

// ---- Elementwise ----
FLOPSCOPE_UNARY(abs)
FLOPSCOPE_UNARY(absolute)
FLOPSCOPE_UNARY(negative)
FLOPSCOPE_UNARY(positive)
FLOPSCOPE_UNARY(sqrt)
FLOPSCOPE_UNARY(square)
FLOPSCOPE_UNARY(cbrt)
FLOPSCOPE_UNARY(reciprocal)
FLOPSCOPE_UNARY(exp)
FLOPSCOPE_UNARY(exp2)
FLOPSCOPE_UNARY(expm1)
FLOPSCOPE_UNARY(log)
FLOPSCOPE_UNARY(log2)
FLOPSCOPE_UNARY(log10)
FLOPSCOPE_UNARY(log1p)
FLOPSCOPE_UNARY(sin)
FLOPSCOPE_UNARY(cos)
FLOPSCOPE_UNARY(tan)
FLOPSCOPE_UNARY(arcsin)
FLOPSCOPE_UNARY(arccos)
FLOPSCOPE_UNARY(arctan)
FLOPSCOPE_UNARY(sinh)
FLOPSCOPE_UNARY(cosh)
FLOPSCOPE_UNARY(tanh)
FLOPSCOPE_UNARY(arcsinh)
FLOPSCOPE_UNARY(arccosh)
FLOPSCOPE_UNARY(arctanh)
FLOPSCOPE_UNARY(degrees)
FLOPSCOPE_UNARY(radians)
FLOPSCOPE_UNARY(deg2rad)
FLOPSCOPE_UNARY(rad2deg)
FLOPSCOPE_UNARY(sign)
FLOPSCOPE_UNARY(signbit)
FLOPSCOPE_UNARY(fabs)
FLOPSCOPE_UNARY(ceil)
FLOPSCOPE_UNARY(floor)
FLOPSCOPE_UNARY(rint)
FLOPSCOPE_UNARY(trunc)
FLOPSCOPE_UNARY(fix)
FLOPSCOPE_UNARY(isnan)
FLOPSCOPE_UNARY(isinf)
FLOPSCOPE_UNARY(isfinite)
FLOPSCOPE_UNARY(isneginf)
FLOPSCOPE_UNARY(isposinf)
FLOPSCOPE_UNARY(isreal)
FLOPSCOPE_UNARY(iscomplex)
FLOPSCOPE_UNARY(logical_not)
FLOPSCOPE_UNARY(invert)
FLOPSCOPE_UNARY(conj)
FLOPSCOPE_UNARY(conjugate)
FLOPSCOPE_UNARY(real)
FLOPSCOPE_UNARY(imag)
FLOPSCOPE_UNARY(angle)
FLOPSCOPE_UNARY(sinc)
FLOPSCOPE_UNARY(i0)
FLOPSCOPE_UNARY(spacing)
FLOPSCOPE_UNARY(bitwise_count)
FLOPSCOPE_UNARY(nan_to_num)

FLOPSCOPE_BINARY(add)
FLOPSCOPE_BINARY(subtract)
FLOPSCOPE_BINARY(multiply)
FLOPSCOPE_BINARY(divide)
FLOPSCOPE_BINARY(true_divide)
FLOPSCOPE_BINARY(floor_divide)
FLOPSCOPE_BINARY(power)
FLOPSCOPE_BINARY(float_power)
FLOPSCOPE_BINARY(remainder)
FLOPSCOPE_BINARY(mod)
FLOPSCOPE_BINARY(fmod)
FLOPSCOPE_BINARY(maximum)
FLOPSCOPE_BINARY(minimum)
FLOPSCOPE_BINARY(fmax)
FLOPSCOPE_BINARY(fmin)
FLOPSCOPE_BINARY(logaddexp)
FLOPSCOPE_BINARY(logaddexp2)
FLOPSCOPE_BINARY(arctan2)
FLOPSCOPE_BINARY(hypot)
FLOPSCOPE_BINARY(copysign)
FLOPSCOPE_BINARY(nextafter)
FLOPSCOPE_BINARY(heaviside)
FLOPSCOPE_BINARY(greater)
FLOPSCOPE_BINARY(greater_equal)
FLOPSCOPE_BINARY(less)
FLOPSCOPE_BINARY(less_equal)
FLOPSCOPE_BINARY(equal)
FLOPSCOPE_BINARY(not_equal)
FLOPSCOPE_BINARY(logical_and)
FLOPSCOPE_BINARY(logical_or)
FLOPSCOPE_BINARY(logical_xor)
FLOPSCOPE_BINARY(bitwise_and)
FLOPSCOPE_BINARY(bitwise_or)
FLOPSCOPE_BINARY(bitwise_xor)
FLOPSCOPE_BINARY(left_shift)
FLOPSCOPE_BINARY(right_shift)
FLOPSCOPE_BINARY(gcd)
FLOPSCOPE_BINARY(lcm)

// ---- Reductions and scans ----
FLOPSCOPE_REDUCTION(sum)
FLOPSCOPE_REDUCTION(prod)
FLOPSCOPE_REDUCTION(mean)
FLOPSCOPE_REDUCTION(max)
FLOPSCOPE_REDUCTION(min)
FLOPSCOPE_REDUCTION(amax)
FLOPSCOPE_REDUCTION(amin)
FLOPSCOPE_REDUCTION(any)
FLOPSCOPE_REDUCTION(all)
FLOPSCOPE_REDUCTION(median)
FLOPSCOPE_REDUCTION(nansum)
FLOPSCOPE_REDUCTION(nanprod)
FLOPSCOPE_REDUCTION(nanmean)
FLOPSCOPE_REDUCTION(nanmax)
FLOPSCOPE_REDUCTION(nanmin)
FLOPSCOPE_REDUCTION(nanmedian)
FLOPSCOPE_REDUCTION(ptp)
FLOPSCOPE_SCAN(argmax)
FLOPSCOPE_SCAN(argmin)
FLOPSCOPE_SCAN(nanargmax)
FLOPSCOPE_SCAN(nanargmin)
FLOPSCOPE_SCAN(cumsum)
FLOPSCOPE_SCAN(cumprod)
FLOPSCOPE_SCAN(nancumsum)
FLOPSCOPE_SCAN(nancumprod)

#undef FLOPSCOPE_UNARY
#undef FLOPSCOPE_BINARY
#undef FLOPSCOPE_REDUCTION
#undef FLOPSCOPE_SCAN
// clang-format on

inline ndarray var(const Arg& a, const Axis& axis = {}, int ddof = 0, bool keepdims = false) {
  static const detail::Operation k_op("var", "#0,axis,ddof,keepdims");
  return k_op(a, detail::arg(axis), ddof == 0 ? Arg() : Arg(ddof), keepdims ? Arg(true) : Arg()).array();
}
inline ndarray std(const Arg& a, const Axis& axis = {}, int ddof = 0, bool keepdims = false) {
  static const detail::Operation k_op("std", "#0,axis,ddof,keepdims");
  return k_op(a, detail::arg(axis), ddof == 0 ? Arg() : Arg(ddof), keepdims ? Arg(true) : Arg()).array();
}
inline ndarray average(const Arg& a, const Axis& axis = {}, const Arg& weights = {}) {
  static const detail::Operation k_op("average", "#0,axis,weights");
  return k_op(a, detail::arg(axis), weights).array();
}
inline ndarray quantile(const Arg& a, const Arg& q, const Axis& axis = {}) {
  static const detail::Operation k_op("quantile", "#0,#1,axis");
  return k_op(a, q, detail::arg(axis)).array();
}
inline ndarray percentile(const Arg& a, const Arg& q, const Axis& axis = {}) {
  static const detail::Operation k_op("percentile", "#0,#1,axis");
  return k_op(a, q, detail::arg(axis)).array();
}
inline ndarray clip(const Arg& a, const Arg& a_min, const Arg& a_max) {
  static const detail::Operation k_op("clip", "#0,#1,#2");
  return k_op(a, a_min, a_max).array();
}
inline ndarray round(const Arg& a, int decimals = 0) {
  static const detail::Operation k_op("round", "#0,#1");
  return k_op(a, decimals == 0 ? Arg() : Arg(decimals)).array();
}
inline ndarray diff(const Arg& a, int n = 1, int axis = -1) {
  static const detail::Operation k_op("diff", "#0,n,axis");
  return k_op(a, n, axis).array();
}

// Without an axis the count is a plain number, as in Python.
inline std::int64_t count_nonzero(const Arg& a) {
  static const detail::Operation k_op("count_nonzero", "#0");
  return k_op(a).value().i;
}
inline ndarray count_nonzero(const Arg& a, const Axis& axis, bool keepdims = false) {
  static const detail::Operation k_op("count_nonzero", "#0,axis,keepdims");
  return k_op(a, detail::arg(axis), keepdims ? Arg(true) : Arg()).array();
}

// ---- Creation ----
inline ndarray zeros(const detail::Ints& shape, numpy::dtype d = float64) {
  static const detail::Operation k_op("zeros", "#0,dtype");
  return k_op(detail::arg(shape), Arg(d)).array();
}
inline ndarray ones(const detail::Ints& shape, numpy::dtype d = float64) {
  static const detail::Operation k_op("ones", "#0,dtype");
  return k_op(detail::arg(shape), Arg(d)).array();
}
inline ndarray empty(const detail::Ints& shape, numpy::dtype d = float64) {
  static const detail::Operation k_op("empty", "#0,dtype");
  return k_op(detail::arg(shape), Arg(d)).array();
}
inline ndarray full(const detail::Ints& shape, const Arg& fill_value, std::optional<numpy::dtype> d = {}) {
  static const detail::Operation k_op("full", "#0,#1,dtype");
  return k_op(detail::arg(shape), fill_value, detail::optional_dtype(d)).array();
}
inline ndarray zeros_like(const Arg& a) {
  static const detail::Operation k_op("zeros_like", "#0");
  return k_op(a).array();
}
inline ndarray ones_like(const Arg& a) {
  static const detail::Operation k_op("ones_like", "#0");
  return k_op(a).array();
}
inline ndarray full_like(const Arg& a, const Arg& fill_value) {
  static const detail::Operation k_op("full_like", "#0,#1");
  return k_op(a, fill_value).array();
}
inline ndarray eye(std::int64_t n, numpy::dtype d = float64) {
  static const detail::Operation k_op("eye", "#0,dtype");
  return k_op(Arg(n), Arg(d)).array();
}
inline ndarray identity(std::int64_t n, numpy::dtype d = float64) {
  static const detail::Operation k_op("identity", "#0,dtype");
  return k_op(Arg(n), Arg(d)).array();
}
inline ndarray arange(const Arg& stop) {
  static const detail::Operation k_op("arange", "#0");
  return k_op(stop).array();
}
inline ndarray arange(const Arg& start, const Arg& stop, const Arg& step = 1) {
  static const detail::Operation k_op("arange", "#0,#1,#2");
  return k_op(start, stop, step).array();
}
inline ndarray linspace(const Arg& start, const Arg& stop, std::int64_t num = 50) {
  static const detail::Operation k_op("linspace", "#0,#1,#2");
  return k_op(start, stop, Arg(num)).array();
}
// A counted copy: of an array (another dtype if asked for), or of numbers in C order with a shape.
inline ndarray array(const Arg& a, std::optional<numpy::dtype> d = {}) {
  static const detail::Operation k_op("array", "#0,dtype");
  return k_op(a, detail::optional_dtype(d)).array();
}
template <class V>
ndarray array(const std::vector<V>& values, const shape_t& shape) {
  std::int64_t n = 1;
  for (const std::int64_t s : shape) n *= s;
  if (n != static_cast<std::int64_t>(values.size()))
    throw Error("ValueError", "the shape does not hold that many values");
  detail::Outcome outcome;
  detail::check(flopscope_array_from(values.data(), static_cast<std::uint8_t>(detail::dtype_of_v<V>), shape.data(),
                                     static_cast<std::int32_t>(shape.size()), outcome.out()));
  return std::move(outcome).array();
}
template <class V>
ndarray array(const std::vector<V>& values) {
  return array(values, {static_cast<std::int64_t>(values.size())});
}
template <class V>
requires std::is_arithmetic_v<V> ndarray array(std::initializer_list<V> values) {
  return array(std::vector<V>(values));
}
inline ndarray asarray(const Arg& a, std::optional<numpy::dtype> d = {}) {
  static const detail::Operation k_op("asarray", "#0,dtype");
  return k_op(a, detail::optional_dtype(d)).array();
}
inline ndarray diag(const Arg& v, int k = 0) {
  static const detail::Operation k_op("diag", "#0,#1");
  return k_op(v, k == 0 ? Arg() : Arg(k)).array();
}
inline ndarray diagonal(const Arg& a, int offset = 0) {
  static const detail::Operation k_op("diagonal", "#0,#1");
  return k_op(a, offset == 0 ? Arg() : Arg(offset)).array();
}
// Writes `value` on the diagonal of `a`, in place, as NumPy does.
inline void fill_diagonal(const ndarray& a, const Arg& value) {
  static const detail::Operation k_op("fill_diagonal", "#0,#1");
  k_op(a, value);
}
inline ndarray tril(const Arg& a, int k = 0) {
  static const detail::Operation k_op("tril", "#0,#1");
  return k_op(a, Arg(k)).array();
}
inline ndarray triu(const Arg& a, int k = 0) {
  static const detail::Operation k_op("triu", "#0,#1");
  return k_op(a, Arg(k)).array();
}

// ---- Shape and order ----
inline ndarray reshape(const Arg& a, const detail::Ints& shape) {
  static const detail::Operation k_op("reshape", "#0,#1");
  return k_op(a, detail::arg(shape)).array();
}
inline ndarray ravel(const Arg& a) {
  static const detail::Operation k_op("ravel", "#0");
  return k_op(a).array();
}
inline ndarray copy(const Arg& a) {
  static const detail::Operation k_op("copy", "#0");
  return k_op(a).array();
}
inline ndarray transpose(const Arg& a) {
  static const detail::Operation k_op("transpose", "#0");
  return k_op(a).array();
}
inline ndarray transpose(const Arg& a, const detail::Ints& axes) {
  static const detail::Operation k_op("transpose", "#0,axes");
  return k_op(a, detail::arg(axes)).array();
}
inline ndarray swapaxes(const Arg& a, int axis1, int axis2) {
  static const detail::Operation k_op("swapaxes", "#0,#1,#2");
  return k_op(a, axis1, axis2).array();
}
inline ndarray moveaxis(const Arg& a, int source, int destination) {
  static const detail::Operation k_op("moveaxis", "#0,#1,#2");
  return k_op(a, source, destination).array();
}
inline ndarray squeeze(const Arg& a, const Axis& axis = {}) {
  static const detail::Operation k_op("squeeze", "#0,axis");
  return k_op(a, detail::arg(axis)).array();
}
inline ndarray expand_dims(const Arg& a, int axis) {
  static const detail::Operation k_op("expand_dims", "#0,#1");
  return k_op(a, axis).array();
}
inline ndarray broadcast_to(const Arg& a, const detail::Ints& shape) {
  static const detail::Operation k_op("broadcast_to", "#0,#1");
  return k_op(a, detail::arg(shape)).array();
}
inline ndarray flip(const Arg& a, const Axis& axis = {}) {
  static const detail::Operation k_op("flip", "#0,axis");
  return k_op(a, detail::arg(axis)).array();
}
inline ndarray roll(const Arg& a, std::int64_t shift, const Axis& axis = {}) {
  static const detail::Operation k_op("roll", "#0,#1,axis");
  return k_op(a, Arg(shift), detail::arg(axis)).array();
}
inline ndarray repeat(const Arg& a, std::int64_t repeats, std::optional<int> axis = {}) {
  static const detail::Operation k_op("repeat", "#0,#1,axis");
  return k_op(a, Arg(repeats), detail::optional_int(axis)).array();
}
inline ndarray tile(const Arg& a, const detail::Ints& reps) {
  static const detail::Operation k_op("tile", "#0,#1");
  return k_op(a, detail::arg(reps)).array();
}
inline ndarray astype(const Arg& a, numpy::dtype d) {
  static const detail::Operation k_op("astype", "#0,#1");
  return k_op(a, Arg(d)).array();
}
inline ndarray stack(const std::vector<ndarray>& arrays, int axis = 0) {
  static const detail::Operation k_op("stack", "#0,axis");
  return k_op(detail::Arrays(arrays).value(), Arg(axis)).array();
}
inline ndarray concatenate(const std::vector<ndarray>& arrays, int axis = 0) {
  static const detail::Operation k_op("concatenate", "#0,axis");
  return k_op(detail::Arrays(arrays).value(), Arg(axis)).array();
}
inline ndarray vstack(const std::vector<ndarray>& arrays) {
  static const detail::Operation k_op("vstack", "#0");
  return k_op(detail::Arrays(arrays).value()).array();
}
inline ndarray hstack(const std::vector<ndarray>& arrays) {
  static const detail::Operation k_op("hstack", "#0");
  return k_op(detail::Arrays(arrays).value()).array();
}

// ---- Choosing, sorting, counting ----
inline ndarray where(const Arg& condition, const Arg& x, const Arg& y) {
  static const detail::Operation k_op("where", "#0,#1,#2");
  return k_op(condition, x, y).array();
}
inline std::vector<ndarray> where(const Arg& condition) {
  static const detail::Operation k_op("where", "#0");
  return k_op(condition).arrays();
}
inline std::vector<ndarray> nonzero(const Arg& a) {
  static const detail::Operation k_op("nonzero", "#0");
  return k_op(a).arrays();
}
inline ndarray take(const Arg& a, const Arg& indices, std::optional<int> axis = {}) {
  static const detail::Operation k_op("take", "#0,#1,axis");
  return k_op(a, indices, detail::optional_int(axis)).array();
}
inline ndarray take_along_axis(const Arg& a, const Arg& indices, int axis) {
  static const detail::Operation k_op("take_along_axis", "#0,#1,axis");
  return k_op(a, indices, Arg(axis)).array();
}
inline void put_along_axis(const ndarray& a, const Arg& indices, const Arg& values, int axis) {
  static const detail::Operation k_op("put_along_axis", "#0,#1,#2,axis");
  k_op(a, indices, values, Arg(axis));
}
inline std::vector<ndarray> ix_(const std::vector<ndarray>& sequences) {
  static const detail::Operation k_op("ix_", "#0");
  return k_op(detail::Arrays(sequences).value()).arrays();
}
inline ndarray sort(const Arg& a, int axis = -1) {
  static const detail::Operation k_op("sort", "#0,axis");
  return k_op(a, Arg(axis)).array();
}
inline ndarray argsort(const Arg& a, int axis = -1) {
  static const detail::Operation k_op("argsort", "#0,axis");
  return k_op(a, Arg(axis)).array();
}
inline ndarray partition(const Arg& a, std::int64_t kth, int axis = -1) {
  static const detail::Operation k_op("partition", "#0,#1,axis");
  return k_op(a, Arg(kth), Arg(axis)).array();
}
inline ndarray argpartition(const Arg& a, std::int64_t kth, int axis = -1) {
  static const detail::Operation k_op("argpartition", "#0,#1,axis");
  return k_op(a, Arg(kth), Arg(axis)).array();
}
inline ndarray searchsorted(const Arg& a, const Arg& v, const char* side = "left") {
  static const detail::Operation k_op("searchsorted", "#0,#1,side");
  return k_op(a, v, Arg(side)).array();
}
inline ndarray unique(const Arg& a) {
  static const detail::Operation k_op("unique", "#0");
  return k_op(a).array();
}
inline ndarray bincount(const Arg& x, const Arg& weights = {}, std::int64_t minlength = 0) {
  static const detail::Operation k_op("bincount", "#0,weights,minlength");
  return k_op(x, weights, Arg(minlength)).array();
}

// ---- Contractions ----
inline ndarray matmul(const Arg& a, const Arg& b) {
  static const detail::Operation k_op("matmul", "#0,#1");
  return k_op(a, b).array();
}
inline ndarray dot(const Arg& a, const Arg& b) {
  static const detail::Operation k_op("dot", "#0,#1");
  return k_op(a, b).array();
}
inline ndarray inner(const Arg& a, const Arg& b) {
  static const detail::Operation k_op("inner", "#0,#1");
  return k_op(a, b).array();
}
inline ndarray outer(const Arg& a, const Arg& b) {
  static const detail::Operation k_op("outer", "#0,#1");
  return k_op(a, b).array();
}
inline ndarray tensordot(const Arg& a, const Arg& b, int axes = 2) {
  static const detail::Operation k_op("tensordot", "#0,#1,axes");
  return k_op(a, b, Arg(axes)).array();
}
inline ndarray trace(const Arg& a) {
  static const detail::Operation k_op("trace", "#0");
  return k_op(a).array();
}
template <class... A>
ndarray einsum(const char* subscripts, const A&... operands) {
  static const detail::Operation k_op("einsum", "#0,#1");
  const flopscope_value values[] = {Arg(operands).value()...};
  return k_op(Arg(subscripts), Arg(detail::make_sequence(FLOPSCOPE_TUPLE, values, sizeof...(A)))).array();
}

// ---- Operators ----
inline ndarray operator+(const ndarray& a, const Arg& b) { return add(a, b); }
inline ndarray operator-(const ndarray& a, const Arg& b) { return subtract(a, b); }
inline ndarray operator*(const ndarray& a, const Arg& b) { return multiply(a, b); }
inline ndarray operator/(const ndarray& a, const Arg& b) { return true_divide(a, b); }
inline ndarray operator%(const ndarray& a, const Arg& b) { return mod(a, b); }
inline ndarray operator<(const ndarray& a, const Arg& b) { return less(a, b); }
inline ndarray operator<=(const ndarray& a, const Arg& b) { return less_equal(a, b); }
inline ndarray operator>(const ndarray& a, const Arg& b) { return greater(a, b); }
inline ndarray operator>=(const ndarray& a, const Arg& b) { return greater_equal(a, b); }
inline ndarray operator&(const ndarray& a, const Arg& b) { return bitwise_and(a, b); }
inline ndarray operator|(const ndarray& a, const Arg& b) { return bitwise_or(a, b); }
inline ndarray operator^(const ndarray& a, const Arg& b) { return bitwise_xor(a, b); }
inline ndarray operator-(const ndarray& a) { return negative(a); }
inline ndarray operator~(const ndarray& a) { return invert(a); }
template <class S>
concept Number = std::is_arithmetic_v<S>;
template <Number S>
ndarray operator+(S a, const ndarray& b) {
  return add(a, b);
}
template <Number S>
ndarray operator-(S a, const ndarray& b) {
  return subtract(a, b);
}
template <Number S>
ndarray operator*(S a, const ndarray& b) {
  return multiply(a, b);
}
template <Number S>
ndarray operator/(S a, const ndarray& b) {
  return true_divide(a, b);
}

// ---- Methods ----
inline ndarray ndarray::T() const {
  static const detail::Operation k_op("transpose", "#0");
  return k_op(Arg(*this)).array();
}
inline ndarray ndarray::transpose() const { return T(); }
inline ndarray ndarray::transpose(const shape_t& axes) const { return numpy::transpose(*this, axes); }
inline ndarray ndarray::reshape(const shape_t& to) const { return numpy::reshape(*this, to); }
inline ndarray ndarray::ravel() const { return numpy::ravel(*this); }
inline ndarray ndarray::flatten() const {
  static const detail::Operation k_op("flatten", "#0");
  return k_op(Arg(*this)).array();
}
inline ndarray ndarray::copy() const { return numpy::copy(*this); }
inline ndarray ndarray::astype(numpy::dtype d) const { return numpy::astype(*this, d); }
inline ndarray ndarray::squeeze() const { return numpy::squeeze(*this); }
inline ndarray ndarray::swapaxes(int a, int b) const { return numpy::swapaxes(*this, a, b); }
inline ndarray ndarray::diagonal(int offset) const { return numpy::diagonal(*this, offset); }
inline ndarray ndarray::sum(const Axis& axis, bool keepdims) const { return numpy::sum(*this, axis, keepdims); }
inline ndarray ndarray::mean(const Axis& axis, bool keepdims) const { return numpy::mean(*this, axis, keepdims); }
inline ndarray ndarray::max(const Axis& axis, bool keepdims) const { return numpy::max(*this, axis, keepdims); }
inline ndarray ndarray::min(const Axis& axis, bool keepdims) const { return numpy::min(*this, axis, keepdims); }
inline ndarray ndarray::prod(const Axis& axis, bool keepdims) const { return numpy::prod(*this, axis, keepdims); }
inline ndarray ndarray::var(const Axis& axis, int ddof, bool keepdims) const {
  return numpy::var(*this, axis, ddof, keepdims);
}
inline ndarray ndarray::std(const Axis& axis, int ddof, bool keepdims) const {
  return numpy::std(*this, axis, ddof, keepdims);
}
inline ndarray ndarray::any(const Axis& axis) const { return numpy::any(*this, axis); }
inline ndarray ndarray::all(const Axis& axis) const { return numpy::all(*this, axis); }
inline ndarray ndarray::argmax(std::optional<int> axis) const { return numpy::argmax(*this, axis); }
inline ndarray ndarray::argmin(std::optional<int> axis) const { return numpy::argmin(*this, axis); }
inline ndarray ndarray::argsort(int axis) const { return numpy::argsort(*this, axis); }
inline ndarray ndarray::cumsum(std::optional<int> axis) const { return numpy::cumsum(*this, axis); }
inline ndarray ndarray::clip(const Arg& lo, const Arg& hi) const { return numpy::clip(*this, lo, hi); }
inline ndarray ndarray::dot(const ndarray& other) const { return numpy::dot(*this, other); }
inline ndarray ndarray::take(const ndarray& indices, std::optional<int> axis) const {
  return numpy::take(*this, indices, axis);
}
inline std::vector<ndarray> ndarray::nonzero() const { return numpy::nonzero(*this); }

}  // namespace flopscope::numpy

#include <flopscope/budget.hpp>
#include <flopscope/files.hpp>
#include <flopscope/linalg.hpp>
#include <flopscope/random.hpp>
#include <flopscope/stats.hpp>
#include <flopscope/symmetry.hpp>
