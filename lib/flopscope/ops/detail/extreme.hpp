// SPDX-License-Identifier: MIT
// The extremes of rows of numbers: the first NaN, else the first of the greatest or least. Contiguous rows go through
// the kernels of ops/elementary.
#pragma once

#include <algorithm>
#include <whest/flopscope/ops/detail/loops.hpp>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::ufunc {

template <class T>
inline constexpr bool has_extreme_kernel = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                                           std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t>;

template <class T, bool Max>
bool is_beyond(const T& x, const T& best) {
  if constexpr (is_complex_element<T>)
    return Max ? complex_less(best, x) : complex_less(x, best);
  else
    return Max ? work(x) > work(best) : work(x) < work(best);
}

// Passes over the elements of a row in order, `best` so far being no NaN: `at` is left at the last that was beyond what
// came before it, or at the first NaN; unchanged where there is none.
template <class T, bool Max>
void find_extreme(const std::byte* p, std::int64_t step, std::int64_t first, std::int64_t end, T& best,
                  std::int64_t& at) {
  for (std::int64_t i = first; i < end; ++i) {
    const T x = *reinterpret_cast<const T*>(p + i * step);
    if (!is_beyond<T, Max>(x, best) && !is_nan(x)) continue;
    best = x;
    at = i;
    if (is_nan(x)) return;
  }
}

// The same for a whole row. A block is searched only where its extreme shows that there is something to find.
template <class T, bool Max>
void extreme_of_row(const std::byte* p, std::int64_t step, std::int64_t n, T& best, std::int64_t& at) {
  if (is_nan(best)) return;
  if constexpr (has_extreme_kernel<T>) {
    constexpr std::int64_t k_block = 512, k_least_row = 32;
    const auto& kernels = std::get<elementary::Extremes<T>>(elementary::best_kernels().extremes);
    const auto extreme = Max ? kernels.greatest : kernels.least;
    if (step == sizeof(T) && n >= k_least_row) {
      const T* x = reinterpret_cast<const T*>(p);
      for (std::int64_t i = 0; i < n; i += k_block) {
        const std::int64_t end = std::min(n, i + k_block);
        const elementary::Extreme<T> found = extreme(x + i, end - i);
        if (found.nan) return find_extreme<T, Max>(p, step, i, end, best, at);
        if (!is_beyond<T, Max>(found.value, best)) continue;
        at = std::find(x + i, x + end, found.value) - x;
        best = x[at];
      }
      return;
    }
  }
  find_extreme<T, Max>(p, step, 0, n, best, at);
}

}  // namespace flopscope::ufunc
