// SPDX-License-Identifier: MIT
// The greatest or least of contiguous numbers, in several vectors side by side; each instruction set's source includes
// this with flags of its own.
#pragma once

#include <cstring>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::elementary {
namespace {

template <class T, bool Greatest>
Extreme<T> extreme(const T* x, std::int64_t n) {
  constexpr bool k_real = sizeof(T) > 0 && T(0.5) != T(0);
  constexpr int k_vectors = 4, k_lanes = 64 / sizeof(T);
  using Vector [[gnu::vector_size(64)]] = T;
  Extreme<T> out{x[0], false};
  const auto see = [&out](T v) {
    if constexpr (k_real) out.nan = out.nan || v != v;
    if (Greatest ? v > out.value : v < out.value) out.value = v;
  };
  std::int64_t i = 0;
  if (n >= k_vectors * k_lanes) {
    Vector best[k_vectors];
    std::memcpy(best, x, sizeof best);
    auto numbers = best[0] == best[0];
    for (; i + k_vectors * k_lanes <= n; i += k_vectors * k_lanes)
      for (int k = 0; k < k_vectors; ++k) {
        Vector v;
        std::memcpy(&v, x + i + k * k_lanes, sizeof v);
        if constexpr (k_real) numbers &= v == v;
        best[k] = (Greatest ? v > best[k] : v < best[k]) ? v : best[k];
      }
    for (int lane = 0; lane < k_lanes; ++lane) {
      if (numbers[lane] == 0) out.nan = true;
      for (int k = 0; k < k_vectors; ++k) see(best[k][lane]);
    }
  }
  for (; i < n; ++i) see(x[i]);
  return out;
}

template <class T>
constexpr Extremes<T> k_extremes = {extreme<T, false>, extreme<T, true>};

}  // namespace
}  // namespace flopscope::elementary
