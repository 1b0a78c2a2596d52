// SPDX-License-Identifier: MIT
// Inner loops that run the vectorised kernels of ops/elementary. Strided operands of functions pass through a buffer,
// so that a value does not depend on how the array lies; comparisons and tests of them, which are exact, take plain
// loops.
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

// A number that repeats fills a buffer once.
template <elementary::FunctionOfTwo F, class T>
void elementary_loop_of_two(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  constexpr std::int64_t k_item = sizeof(T), k_block = 256;
  const auto run = [] {
    if constexpr (std::is_same_v<T, float>)
      return elementary::best_kernels().float32_of_two[static_cast<std::size_t>(F)];
    else
      return elementary::best_kernels().float64_of_two[static_cast<std::size_t>(F)];
  }();
  T buffers[3][k_block];
  const auto element = [&](int k, std::int64_t i) { return reinterpret_cast<T*>(data[k] + i * steps[k]); };
  const auto read = [&](int k, std::int64_t from, std::int64_t count) -> const T* {
    if (steps[k] == k_item) return element(k, from);
    if (steps[k] != 0 || from == 0)
      for (std::int64_t i = 0; i < count; ++i) buffers[k][i] = *element(k, from + i);
    return buffers[k];
  };
  for (std::int64_t from = 0; from < n; from += k_block) {
    const std::int64_t count = std::min(k_block, n - from);
    const T *a = read(0, from, count), *b = read(1, from, count);
    if (steps[2] == k_item) {
      run(a, b, element(2, from), count);
      continue;
    }
    run(a, b, buffers[2], count);
    for (std::int64_t i = 0; i < count; ++i) *element(2, from + i) = buffers[2][i];
  }
}

// `Turned`: of b and a.
template <class F, elementary::Comparison C, bool Turned, class T>
void comparison_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  constexpr std::int64_t k_item = sizeof(T);
  const auto regular = [](std::int64_t step) { return step == k_item || step == 0; };
  if (steps[2] != 1 || !regular(steps[0]) || !regular(steps[1]) || (steps[0] == 0 && steps[1] == 0))
    return binary_loop<F, T, T, bool>(data, steps, n);
  constexpr int k_left = Turned ? 1 : 0, k_right = 1 - k_left;
  const auto& comparisons = std::get<elementary::Comparisons<T>>(elementary::best_kernels().comparisons);
  comparisons.loops[static_cast<std::size_t>(C)](reinterpret_cast<const T*>(data[k_left]), steps[k_left] == 0,
                                                 reinterpret_cast<const T*>(data[k_right]), steps[k_right] == 0,
                                                 reinterpret_cast<bool*>(data[2]), n);
}

template <class F, elementary::Test K, class T>
void test_loop(std::byte* const* data, const std::int64_t* steps, std::int64_t n) {
  if (steps[0] != sizeof(T) || steps[1] != 1) return unary_loop<F, T, bool>(data, steps, n);
  const auto& tests = std::get<elementary::Tests<T>>(elementary::best_kernels().tests);
  tests.loops[static_cast<std::size_t>(K)](reinterpret_cast<const T*>(data[0]), reinterpret_cast<bool*>(data[1]), n);
}

// The tables with the loops exchanged for which there are kernels.
template <elementary::Function F, std::size_t N>
constexpr std::array<Loop, N> with_kernels(std::array<Loop, N> loops) {
  for (Loop& loop : loops) {
    if (loop.types[0] == DType::float32) loop.fn = &elementary_loop<F, float>;
    if (loop.types[0] == DType::float64) loop.fn = &elementary_loop<F, double>;
  }
  return loops;
}
template <elementary::FunctionOfTwo F, std::size_t N>
constexpr std::array<Loop, N> with_kernels(std::array<Loop, N> loops) {
  for (Loop& loop : loops) {
    if (loop.types[0] == DType::float32) loop.fn = &elementary_loop_of_two<F, float>;
    if (loop.types[0] == DType::float64) loop.fn = &elementary_loop_of_two<F, double>;
  }
  return loops;
}
template <class F, elementary::Comparison C, bool Turned, std::size_t N>
constexpr std::array<Loop, N> with_comparisons(std::array<Loop, N> loops) {
  for (Loop& loop : loops) {
    if (loop.types[0] != loop.types[1]) continue;
    if (loop.types[0] == DType::float32) loop.fn = &comparison_loop<F, C, Turned, float>;
    if (loop.types[0] == DType::float64) loop.fn = &comparison_loop<F, C, Turned, double>;
    if (loop.types[0] == DType::int32) loop.fn = &comparison_loop<F, C, Turned, std::int32_t>;
    if (loop.types[0] == DType::int64) loop.fn = &comparison_loop<F, C, Turned, std::int64_t>;
  }
  return loops;
}
template <class F, elementary::Test K, std::size_t N>
constexpr std::array<Loop, N> with_tests(std::array<Loop, N> loops) {
  for (Loop& loop : loops) {
    if (loop.types[0] == DType::float32) loop.fn = &test_loop<F, K, float>;
    if (loop.types[0] == DType::float64) loop.fn = &test_loop<F, K, double>;
  }
  return loops;
}

}  // namespace flopscope::ufunc
