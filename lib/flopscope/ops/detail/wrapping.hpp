// SPDX-License-Identifier: MIT
// Arithmetic on elements of any dtype as NumPy's: integers wrap, without the overflow that C++ leaves undefined.
#pragma once

#include <type_traits>
#include <whest/flopscope/ops/detail/loops.hpp>

namespace flopscope::ufunc {

// sum + a * b
template <class T>
constexpr T multiply_add(T sum, T a, T b) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    using W = Wrapping<T>;
    return static_cast<T>(static_cast<W>(sum) + static_cast<W>(a) * static_cast<W>(b));
  } else {
    return static_cast<T>(sum + a * b);
  }
}

}  // namespace flopscope::ufunc
