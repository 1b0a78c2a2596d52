// SPDX-License-Identifier: MIT
// Typed inner loops. A functor `F` has a static `apply` for the element types it is instantiated with; the loops walk
// plain memory where they can (contiguous operands, a repeated scalar), so that the compiler vectorises them.
#pragma once

#include <whest/flopscope/core/half.hpp>
#include <whest/flopscope/ops/detail/ufunc.hpp>

namespace flopscope::ufunc {

// A result as an element of the array that takes it.
template <class R, class T>
constexpr R stored(T x) {
  if constexpr (std::is_same_v<R, Half> && (std::is_same_v<T, float> || std::is_same_v<T, double>))
    return half_of(x);
  else
    return static_cast<R>(x);
}

template <class F, class A, class R>
void unary_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  const std::byte* a = data[0];
  std::byte* r = data[1];
  if (steps[0] == sizeof(A) && steps[1] == sizeof(R)) {
    const A* x = reinterpret_cast<const A*>(a);
    R* y = reinterpret_cast<R*>(r);
    for (std::int64_t i = 0; i < n; ++i) y[i] = stored<R>(F::apply(x[i]));
    return;
  }
  for (std::int64_t i = 0; i < n; ++i, a += steps[0], r += steps[1])
    *reinterpret_cast<R*>(r) = stored<R>(F::apply(*reinterpret_cast<const A*>(a)));
}

// Into one element: kept in a register on the way.
template <class F, class A, class B>
void folding_loop(A* into, const std::byte* b, std::int64_t step, std::int64_t n) {
  A so_far = *into;
  if (step == sizeof(B))
    for (std::int64_t i = 0; i < n; ++i) so_far = stored<A>(F::apply(so_far, reinterpret_cast<const B*>(b)[i]));
  else
    for (std::int64_t i = 0; i < n; ++i)
      so_far = stored<A>(F::apply(so_far, *reinterpret_cast<const B*>(b + i * step)));
  *into = so_far;
}

template <class F, class A, class B, class R>
void binary_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  const std::byte* a = data[0];
  const std::byte* b = data[1];
  std::byte* r = data[2];
  if constexpr (std::is_same_v<A, R>)
    if (a == r && steps[0] == 0 && steps[2] == 0) return folding_loop<F, A, B>(reinterpret_cast<A*>(r), b, steps[1], n);
  if (steps[2] == sizeof(R)) {
    R* z = reinterpret_cast<R*>(r);
    const A* x = reinterpret_cast<const A*>(a);
    const B* y = reinterpret_cast<const B*>(b);
    if (steps[0] == sizeof(A) && steps[1] == sizeof(B)) {
      if constexpr (std::is_same_v<A, R>)
        if (a == r) {  // into the first operand: said so that it is vectorised too
          for (std::int64_t i = 0; i < n; ++i) z[i] = stored<R>(F::apply(z[i], y[i]));
          return;
        }
      for (std::int64_t i = 0; i < n; ++i) z[i] = stored<R>(F::apply(x[i], y[i]));
      return;
    }
    if (steps[0] == sizeof(A) && steps[1] == 0) {
      const B y0 = *y;
      if constexpr (std::is_same_v<A, R>)
        if (a == r) {
          for (std::int64_t i = 0; i < n; ++i) z[i] = stored<R>(F::apply(z[i], y0));
          return;
        }
      for (std::int64_t i = 0; i < n; ++i) z[i] = stored<R>(F::apply(x[i], y0));
      return;
    }
    if (steps[0] == 0 && steps[1] == sizeof(B)) {
      const A x0 = *x;
      for (std::int64_t i = 0; i < n; ++i) z[i] = stored<R>(F::apply(x0, y[i]));
      return;
    }
  }
  for (std::int64_t i = 0; i < n; ++i, a += steps[0], b += steps[1], r += steps[2])
    *reinterpret_cast<R*>(r) = stored<R>(F::apply(*reinterpret_cast<const A*>(a), *reinterpret_cast<const B*>(b)));
}

// Tables of loops over lists of element types. `R` void: the result has the operands' type.
template <class R, class T>
using ResultOf = std::conditional_t<std::is_void_v<R>, T, R>;

template <class F, class R, class... T>
constexpr std::array<Loop, sizeof...(T)> unary_loops() {
  return {Loop{{dtype_of<T>, dtype_of<ResultOf<R, T>>}, &unary_loop<F, T, ResultOf<R, T>>}...};
}
template <class F, class R, class... T>
constexpr std::array<Loop, sizeof...(T)> binary_loops() {
  return {Loop{{dtype_of<T>, dtype_of<T>, dtype_of<ResultOf<R, T>>}, &binary_loop<F, T, T, ResultOf<R, T>>}...};
}
template <std::size_t A, std::size_t B>
constexpr std::array<Loop, A + B> join(const std::array<Loop, A>& a, const std::array<Loop, B>& b) {
  std::array<Loop, A + B> out{};
  for (std::size_t i = 0; i < A; ++i) out[i] = a[i];
  for (std::size_t i = 0; i < B; ++i) out[A + i] = b[i];
  return out;
}

// The opposite of a bool, which is 0 or 1: of bytes, since loops of bools that turn them are not vectorised.
struct FlippedByte {
  static std::uint8_t apply(std::uint8_t a) { return a ^ 1; }
};
inline constexpr std::array<Loop, 1> k_not_loop = {
    Loop{{DType::bool_, DType::bool_}, &unary_loop<FlippedByte, std::uint8_t, std::uint8_t>}};

// The element types in the order in which NumPy searches them.
template <class F, class R>
constexpr auto unary_integer_loops() {
  return unary_loops<F, R, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                     std::int64_t, std::uint64_t>();
}
template <class F, class R>
constexpr auto unary_real_loops() {
  return unary_loops<F, R, Half, float, double>();
}
template <class F, class R>
constexpr auto unary_complex_loops() {
  return unary_loops<F, R, Complex64, Complex128>();
}
template <class F, class R>
constexpr auto binary_integer_loops() {
  return binary_loops<F, R, std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                      std::int64_t, std::uint64_t>();
}
template <class F, class R>
constexpr auto binary_real_loops() {
  return binary_loops<F, R, Half, float, double>();
}
template <class F, class R>
constexpr auto binary_complex_loops() {
  return binary_loops<F, R, Complex64, Complex128>();
}

// ---- Elements ----

template <class T>
inline constexpr bool is_complex_element = std::is_same_v<T, Complex64> || std::is_same_v<T, Complex128>;

// Unsigned arithmetic that wraps without overflow, also for types that C++ widens to int.
template <class T>
using Wrapping = std::conditional_t<(sizeof(T) < 4), std::uint32_t, std::make_unsigned_t<T>>;

// The type that real arithmetic on T is done in: half precision works in float and rounds once.
template <class T>
using Working = std::conditional_t<std::is_same_v<T, Half>, float, T>;
template <class T>
constexpr Working<T> work(T x) {
  if constexpr (std::is_same_v<T, Half>)
    return float_of(x);
  else
    return x;
}

template <class T>
bool is_nan(T x) {
  if constexpr (is_complex_element<T>)
    return is_nan(x.real()) || is_nan(x.imag());
  else if constexpr (std::is_integral_v<T>)
    return false;
  else
    return work(x) != work(x);
}

// NumPy's order of complex numbers: by the real part, then by the imaginary part; NaN last.
template <class T>
bool complex_less(const T& a, const T& b) {
  if (a.real() < b.real()) return !is_nan(a.imag()) || is_nan(b.imag());
  if (a.real() > b.real()) return is_nan(b.imag()) && !is_nan(a.imag());
  if (a.real() == b.real() || (is_nan(a.real()) && is_nan(b.real())))
    return a.imag() < b.imag() || (is_nan(b.imag()) && !is_nan(a.imag()));
  return is_nan(b.real());
}

// Truth of an element.
template <class T>
constexpr bool truth(T x) {
  if constexpr (is_complex_element<T>)
    return x.real() != 0 || x.imag() != 0;
  else if constexpr (std::is_same_v<T, Half>)
    return float_of(x) != 0;
  else
    return x != 0;
}

// Complex arithmetic as NumPy does it: the plain product, Smith's division.
template <class C>
C complex_multiply(const C& a, const C& b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}
template <class C>
C complex_divide(const C& a, const C& b) {
  using R = typename C::value_type;
  const R br = b.real(), bi = b.imag();
  const R abs_r = br < 0 ? -br : br, abs_i = bi < 0 ? -bi : bi;
  if (abs_r >= abs_i) {
    if (abs_r == 0 && abs_i == 0) return {a.real() / abs_r, a.imag() / abs_r};
    const R ratio = bi / br, scale = R{1} / (br + bi * ratio);
    return {(a.real() + a.imag() * ratio) * scale, (a.imag() - a.real() * ratio) * scale};
  }
  const R ratio = br / bi, scale = R{1} / (bi + br * ratio);
  return {(a.real() * ratio + a.imag()) * scale, (a.imag() * ratio - a.real()) * scale};
}

}  // namespace flopscope::ufunc
