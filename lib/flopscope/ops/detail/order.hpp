// SPDX-License-Identifier: MIT
// NumPy's order of elements: NaN after every number, complex numbers by real part, then imaginary part.
#pragma once

#include <algorithm>
#include <span>
#include <whest/flopscope/core/array.hpp>
#include <whest/flopscope/ops/detail/radix_sort.hpp>

namespace flopscope::detail {

template <class T>
inline constexpr bool k_is_complex_type = std::is_same_v<T, Complex64> || std::is_same_v<T, Complex128>;
template <class T>
inline constexpr bool k_is_real_type = std::is_same_v<T, Half> || std::is_same_v<T, float> || std::is_same_v<T, double>;

template <class T>
bool is_nan(const T& x) {
  if constexpr (k_is_complex_type<T>)
    return x.real() != x.real() || x.imag() != x.imag();
  else if constexpr (k_is_real_type<T>)
    return x != x;
  else
    return false;
}

template <class T>
struct Before {
  bool operator()(const T& a, const T& b) const {
    if constexpr (k_is_complex_type<T>) {
      using R = typename T::value_type;
      const Before<R> before;
      const bool a_imaginary_nan = is_nan(a.imag()), b_imaginary_nan = is_nan(b.imag());
      if (a.real() < b.real()) return !a_imaginary_nan || b_imaginary_nan;
      if (a.real() > b.real()) return b_imaginary_nan && !a_imaginary_nan;
      if (a.real() == b.real() || (is_nan(a.real()) && is_nan(b.real()))) return before(a.imag(), b.imag());
      return is_nan(b.real());
    } else if constexpr (k_is_real_type<T>) {
      return a < b || (b != b && a == a);
    } else {
      return a < b;
    }
  }
};

template <class T>
void sort_line(T* first, std::int64_t n) {
  if constexpr (!k_is_complex_type<T> && !std::is_same_v<T, bool>) {
    T* numbers_end = first + n;
    if constexpr (k_is_real_type<T>) numbers_end = std::partition(first, first + n, [](T x) { return x == x; });
    const std::int64_t numbers = numbers_end - first;
    if (numbers < k_radix_from) {
      std::sort(first, numbers_end);
    } else {
      const ArrayRef spare = Array::make(dtype_of<T>, {&numbers, 1});
      radix_sort(first, spare->mutable_items<T>(), numbers, [](T x) { return radix_key(x); });
    }
  } else {
    std::sort(first, first + n, Before<T>{});
  }
}

// The elements of a line such that each position in `kth` (ascending) holds what a sort would put there.
template <class I, class Less>
void select_positions(I first, I last, std::span<const std::int64_t> kth, Less less) {
  I from = first;
  for (const std::int64_t k : kth) {
    const I at = first + k;
    if (at < from) continue;  // given twice
    if (at == from)
      std::iter_swap(at, std::min_element(from, last, less));
    else
      std::nth_element(from, at, last, less);
    from = at + 1;
  }
}

// The array with one axis last, contiguous, so that lines are runs; and back. `lines` of `length` elements.
struct Lines {
  ArrayRef data;  // a fresh copy
  Dims perm;      // axis i of data is axis perm[i] of the array
  std::int64_t lines = 0, length = 0;
};
Lines lines_along(const Array& a, int axis);
// An array of the shape of `lines.data` with its axes put back (C order).
ArrayRef put_back(const Lines& lines, const ArrayRef& data);

// Positions 0..n-1 in ascending order of the elements of each line; stable.
ArrayRef argsorted(const Lines& lines);

// For each of `queries` the position in the sorted vector `a` (same dtype) where it would be inserted, before equal
// elements or after them.
ArrayRef search_sorted(const Array& a, const Array& queries, bool after_equal);

}  // namespace flopscope::detail
