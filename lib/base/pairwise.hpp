// SPDX-License-Identifier: MIT
// NumPy's sum of contiguous floats, to the bit: the aggregates of a report are defined by it.
#pragma once

#include <cstddef>
#include <span>

namespace whest::base {

// NumPy's pairwise summation (its add.reduce over a contiguous axis): below 8 numbers left to right; up to 128, eight
// running sums over i mod 8, joined in pairs, then the rest one by one; above, two halves, the first rounded down to a
// multiple of 8. Every operation is in the type of the numbers.
template <class T>
T pairwise_sum(std::span<const T> values) {
  const std::size_t n = values.size();
  if (n < 8) {
    T sum{0};
    for (const T value : values) sum += value;
    return sum;
  }
  if (n <= 128) {
    T r[8];
    for (std::size_t j = 0; j < 8; ++j) r[j] = values[j];
    std::size_t i = 8;
    for (; i + 8 <= n; i += 8) {
      for (std::size_t j = 0; j < 8; ++j) r[j] += values[i + j];
    }
    T sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    for (; i < n; ++i) sum += values[i];
    return sum;
  }
  const std::size_t half = n / 2 - (n / 2) % 8;
  return pairwise_sum(values.first(half)) + pairwise_sum(values.subspan(half));
}

// The pairwise sum over n, in the type of the numbers; `values` must not be empty.
template <class T>
T pairwise_mean(std::span<const T> values) {
  return pairwise_sum(values) / static_cast<T>(values.size());
}

}  // namespace whest::base
