// SPDX-License-Identifier: MIT
// Comparisons and tests of contiguous numbers, whose results are bools; each instruction set's source includes this
// with flags of its own.
#pragma once

#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::elementary {
namespace {

template <Comparison C, class T>
bool holds(T a, T b) {
  if constexpr (C == Comparison::less) return a < b;
  if constexpr (C == Comparison::less_equal) return a <= b;
  if constexpr (C == Comparison::equal) return a == b;
  return a != b;
}

template <Comparison C, class T>
void compare(const T* a, bool a_repeats, const T* b, bool b_repeats, bool* out, std::int64_t n) {
  if (a_repeats) {
    const T first = *a;
    for (std::int64_t i = 0; i < n; ++i) out[i] = holds<C, T>(first, b[i]);
  } else if (b_repeats) {
    const T first = *b;
    for (std::int64_t i = 0; i < n; ++i) out[i] = holds<C, T>(a[i], first);
  } else {
    for (std::int64_t i = 0; i < n; ++i) out[i] = holds<C, T>(a[i], b[i]);
  }
}

template <class T>
constexpr Comparisons<T> k_comparisons = {{compare<Comparison::less, T>, compare<Comparison::less_equal, T>,
                                           compare<Comparison::equal, T>, compare<Comparison::not_equal, T>}};

// The bits of a number, of which the sign is above the rest: as an integer that any instruction set compares.
template <class T>
auto signed_bits(T x) {
  if constexpr (sizeof(T) == 4)
    return __builtin_bit_cast(std::int32_t, x);
  else
    return __builtin_bit_cast(std::int64_t, x);
}

template <Test K, class T>
bool passes(T x) {
  constexpr T k_infinite = __builtin_inf();
  const T size = x < 0 ? -x : x;
  if constexpr (K == Test::nan) return x != x;
  if constexpr (K == Test::infinite) return size == k_infinite;
  if constexpr (K == Test::finite) return size < k_infinite;
  if constexpr (K == Test::negative) return signed_bits(x) < 0;
  return x == 0;
}

template <Test K, class T>
void test(const T* x, bool* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = passes<K, T>(x[i]);
}

template <class T>
constexpr Tests<T> k_tests = {
    {test<Test::nan, T>, test<Test::infinite, T>, test<Test::finite, T>, test<Test::negative, T>, test<Test::zero, T>}};

}  // namespace
}  // namespace flopscope::elementary
