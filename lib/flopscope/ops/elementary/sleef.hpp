// SPDX-License-Identifier: MIT
// The elementary functions of the SLEEF library in the registers of the instruction set that this is compiled for, to
// 1.01 ulp (sinh and cosh: 1.6, close to their greatest values) or the smallest subnormal. Of its variants those are
// taken that have the same bits in every width: of registers, those with fused multiplication ("finz"); the scalar
// kernels must do without ("cinz"), and may differ from them in the last bits.
#pragma once

#include <sleef.h>

#include <cstdint>

namespace flopscope::elementary {
namespace {

// WHEST_SLEEF_DOUBLES(sin) is the sine of a register of float64, WHEST_SLEEF_FLOATS(sin) that of one of float32.
#if defined(__AVX512F__)
template <class T>
struct Register {
  typedef T type [[gnu::vector_size(64)]];
};
#define WHEST_SLEEF_DOUBLES(name) Sleef_finz_##name##d8_u10avx512f
#define WHEST_SLEEF_FLOATS(name) Sleef_finz_##name##f16_u10avx512f
#elif defined(__AVX2__)
template <class T>
struct Register {
  typedef T type [[gnu::vector_size(32)]];
};
#define WHEST_SLEEF_DOUBLES(name) Sleef_finz_##name##d4_u10avx2
#define WHEST_SLEEF_FLOATS(name) Sleef_finz_##name##f8_u10avx2
#else
template <class T>
struct Register {
  using type = T;
};
#define WHEST_SLEEF_DOUBLES(name) Sleef_cinz_##name##d1_u10purec
#define WHEST_SLEEF_FLOATS(name) Sleef_cinz_##name##f1_u10purec
#endif

// out[i] = F(x[i]...). `Library` has the word where that is not finite: SLEEF's hyperbolic functions and powers become
// infinite shortly before the range of numbers ends.
template <auto F, auto Library, class T, class... Operand>
void in_registers(std::int64_t n, T* out, const Operand*... x) {
  using Numbers = Register<T>::type;
  constexpr std::int64_t k_block = 256, k_lanes = sizeof(Numbers) / sizeof(T);
  const auto load = [](const T* from, std::int64_t count) {
    Numbers numbers{};
    __builtin_memcpy(&numbers, from, static_cast<std::size_t>(count) * sizeof(T));
    return numbers;
  };
  for (std::int64_t from = 0; from < n; from += k_block) {
    const std::int64_t count = n - from < k_block ? n - from : k_block;
    T results[k_block];  // not `out`, which may be an operand
    const auto apply = [&](std::int64_t at, std::int64_t lanes) {
      const Numbers numbers = F(load(x + from + at, lanes)...);
      __builtin_memcpy(results + at, &numbers, sizeof(numbers));
    };
    std::int64_t at = 0;
    for (; at + k_lanes <= count; at += k_lanes) apply(at, k_lanes);
    if (at < count) apply(at, count - at);
    int special = 0;
    for (std::int64_t i = 0; i < count; ++i) special |= results[i] - results[i] == 0 ? 0 : 1;
    if (special != 0)
      for (std::int64_t i = 0; i < count; ++i)
        if (results[i] - results[i] != 0) results[i] = static_cast<T>(Library(static_cast<double>(x[from + i])...));
    __builtin_memcpy(out + from, results, static_cast<std::size_t>(count) * sizeof(T));
  }
}
template <auto F, auto Library, class T>
void sleef_loop(const T* x, T* y, std::int64_t n) {
  in_registers<F, Library>(n, y, x);
}
template <auto F, auto Library, class T>
void sleef_loop_of_two(const T* x, const T* y, T* z, std::int64_t n) {
  in_registers<F, Library>(n, z, x, y);
}

}  // namespace
}  // namespace flopscope::elementary
