// SPDX-License-Identifier: MIT
// Arithmetic on elements of any dtype as NumPy's: integers wrap, without the overflow that C++ leaves undefined.
#pragma once

#include <type_traits>
#include <whest/flopscope/ops/detail/loops.hpp>

namespace flopscope::ufunc {

template <class T>
inline constexpr bool wraps = std::is_integral_v<T> && !std::is_same_v<T, bool>;

// sum + a * b
template <class T>
constexpr T multiply_add(T sum, T a, T b) {
  if constexpr (wraps<T>) {
    using W = Wrapping<T>;
    return static_cast<T>(static_cast<W>(sum) + static_cast<W>(a) * static_cast<W>(b));
  } else {
    return static_cast<T>(sum + a * b);
  }
}

template <class T>
constexpr T sum_of(T a, T b) {
  if constexpr (wraps<T>)
    return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
  else
    return static_cast<T>(a + b);
}

template <class T>
constexpr T difference_of(T a, T b) {
  if constexpr (wraps<T>)
    return static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(b));
  else
    return static_cast<T>(a - b);
}

}  // namespace flopscope::ufunc
