// SPDX-License-Identifier: MIT
// Inner loops of float32 and float64 that run the vectorised kernels of ops/elementary. Strided operands pass through a
// buffer, so that a value does not depend on how the array lies.
#pragma once

#include <whest/flopscope/ops/detail/loops.hpp>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::ufunc {

template <elementary::Function F, class T>
void elementary_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  constexpr auto k_at = static_cast<std::size_t>(F);
  const elementary::Kernels& kernels = elementary::best_kernels();
  const auto run = [&](const T* x, T* y, std::int64_t count) {
    if constexpr (std::is_same_v<T, float>)
      kernels.float32[k_at](x, y, count);
    else
      kernels.float64[k_at](x, y, count);
  };
  constexpr std::int64_t k_item = sizeof(T), k_block = 256;
  if (steps[0] == k_item && steps[1] == k_item)
    return run(reinterpret_cast<const T*>(data[0]), reinterpret_cast<T*>(data[1]), n);
  T buffer[k_block];
  for (std::int64_t from = 0; from < n; from += k_block) {
    const std::int64_t count = std::min(k_block, n - from);
    for (std::int64_t i = 0; i < count; ++i) buffer[i] = *reinterpret_cast<const T*>(data[0] + (from + i) * steps[0]);
    run(buffer, buffer, count);
    for (std::int64_t i = 0; i < count; ++i) *reinterpret_cast<T*>(data[1] + (from + i) * steps[1]) = buffer[i];
  }
}

// The table with those two loops exchanged.
template <elementary::Function F, std::size_t N>
constexpr std::array<Loop, N> with_kernels(std::array<Loop, N> loops) {
  for (Loop& loop : loops) {
    if (loop.types[0] == DType::float32) loop.fn = &elementary_loop<F, float>;
    if (loop.types[0] == DType::float64) loop.fn = &elementary_loop<F, double>;
  }
  return loops;
}

}  // namespace flopscope::ufunc
