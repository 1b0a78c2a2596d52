// SPDX-License-Identifier: MIT
// Sorting long runs of numbers by their bits: least significant digit first, 8 or 11 bits at a time, digits that all
// keys share left out. Real numbers in the order of their values, -0 before 0; no NaN among them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace flopscope::detail {

// Below this a comparison sort is faster.
inline constexpr std::int64_t k_radix_from = 256;

// An unsigned number that orders as the element does.
template <class T>
auto radix_key(T x) {
  using U = std::conditional_t<sizeof(T) == 1, std::uint8_t,
                               std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                                  std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  constexpr U k_top = static_cast<U>(U{1} << (8 * sizeof(T) - 1));
  const U bits = std::bit_cast<U>(x);
  if constexpr (std::is_integral_v<T>)
    return std::is_signed_v<T> ? static_cast<U>(bits ^ k_top) : bits;
  else
    return static_cast<U>((bits & k_top) != 0 ? ~bits : bits | k_top);
}

// Sorts by key(item), stably. `items` and `spare` have n elements; the result is in `items`.
template <class Item, class Key>
void radix_sort(Item* items, Item* spare, std::int64_t n, Key key) {
  using U = decltype(key(*items));
  constexpr int k_digit_bits = sizeof(U) > 4 ? 8 : 11,
                k_digits = (8 * static_cast<int>(sizeof(U)) + k_digit_bits - 1) / k_digit_bits;
  constexpr std::size_t k_radix = std::size_t{1} << k_digit_bits;
  const auto digit_of = [](U bits, int digit) {
    return static_cast<std::size_t>(bits >> (digit * k_digit_bits)) & (k_radix - 1);
  };
  std::vector<std::array<std::int64_t, k_radix>> counts(k_digits, std::array<std::int64_t, k_radix>{});
  for (std::int64_t i = 0; i < n; ++i)
    for (int digit = 0; digit < k_digits; ++digit)
      ++counts[static_cast<std::size_t>(digit)][digit_of(key(items[i]), digit)];
  Item *from = items, *to = spare;
  for (int digit = 0; digit < k_digits; ++digit) {
    auto& places = counts[static_cast<std::size_t>(digit)];
    if (places[digit_of(key(from[0]), digit)] == n) continue;
    std::int64_t place = 0;
    for (std::int64_t& p : places) place += std::exchange(p, place);
    for (std::int64_t i = 0; i < n; ++i) to[places[digit_of(key(from[i]), digit)]++] = from[i];
    std::swap(from, to);
  }
  if (from != items) std::copy(from, from + n, items);
}

}  // namespace flopscope::detail
