// SPDX-License-Identifier: MIT
// The kernels' loops over functions.hpp; each instruction set's source includes this with flags of its own.
#pragma once

#include <whest/flopscope/ops/elementary/extremes.hpp>
#include <whest/flopscope/ops/elementary/fft_pass.hpp>
#include <whest/flopscope/ops/elementary/functions.hpp>
#include <whest/flopscope/ops/elementary/kernels.hpp>
#include <whest/flopscope/ops/elementary/sleef.hpp>
#include <whest/flopscope/ops/elementary/truths.hpp>

namespace flopscope::elementary {
namespace {

template <double (*F)(double), class T>
void loop(const T* x, T* y, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(F(static_cast<double>(x[i])));
}

// A function of the C library.
#define WHEST_LIBRARY(name) [](auto... x) { return __builtin_##name(x...); }

// sin and cos: a number that is too large (or not finite) is left to the C library.
template <double (*F)(double), auto Far, class T>
void turning_loop(const T* x, T* y, std::int64_t n) {
  constexpr std::int64_t k_block = 256;
  for (std::int64_t from = 0; from < n; from += k_block, x += k_block, y += k_block) {
    const std::int64_t count = n - from < k_block ? n - from : k_block;
    int far = 0;
    for (std::int64_t i = 0; i < count; ++i) far |= magnitude(static_cast<double>(x[i])) <= k_most_turned ? 0 : 1;
    if (far == 0) {
      loop<F, T>(x, y, count);
      continue;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      const auto a = static_cast<double>(x[i]);
      y[i] = static_cast<T>(magnitude(a) <= k_most_turned ? F(a) : Far(a));
    }
  }
}

template <class T>
void sqrt_loop(const T* x, T* y, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    if constexpr (sizeof(T) == 4)
      y[i] = __builtin_sqrtf(x[i]);
    else
      y[i] = __builtin_sqrt(x[i]);
  }
}

// Rounding to whole numbers, the same in float32: a sum with 2^23 (2^52) has no fraction. Numbers that are too large
// for it, and NaN, are whole.
template <Function F, class T>
void rounding_loop(const T* x, T* y, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) {
    if constexpr (sizeof(T) == 4)
      y[i] = F == Function::ceil    ? __builtin_ceilf(x[i])
             : F == Function::floor ? __builtin_floorf(x[i])
             : F == Function::trunc ? __builtin_truncf(x[i])
                                    : __builtin_rintf(x[i]);
    else
      y[i] = F == Function::ceil    ? __builtin_ceil(x[i])
             : F == Function::floor ? __builtin_floor(x[i])
             : F == Function::trunc ? __builtin_trunc(x[i])
                                    : __builtin_rint(x[i]);
  }
}

template <double (*F)(double, double)>
void loop_of_two(const float* x, const float* y, float* z, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i)
    z[i] = static_cast<float>(F(static_cast<double>(x[i]), static_cast<double>(y[i])));
}

// Powers of infinities and NaN are left to the C library.
void power_loop(const float* x, const float* y, float* z, std::int64_t n) {
  constexpr std::int64_t k_block = 256;
  const auto finite = [](float a, float b) { return (a - a) + (b - b) == 0; };
  for (std::int64_t from = 0; from < n; from += k_block, x += k_block, y += k_block, z += k_block) {
    const std::int64_t count = n - from < k_block ? n - from : k_block;
    int special = 0;
    for (std::int64_t i = 0; i < count; ++i) special |= finite(x[i], y[i]) ? 0 : 1;
    if (special == 0) {
      loop_of_two<short_power>(x, y, z, count);
      continue;
    }
    float powers[k_block];
    loop_of_two<short_power>(x, y, powers, count);
    for (std::int64_t i = 0; i < count; ++i) z[i] = finite(x[i], y[i]) ? powers[i] : __builtin_powf(x[i], y[i]);
  }
}

#define WHEST_FUNCTION_OF_FLOATS(name) sleef_loop<WHEST_SLEEF_FLOATS(name), WHEST_LIBRARY(name), float>
#define WHEST_FUNCTION_OF_DOUBLES(name) sleef_loop<WHEST_SLEEF_DOUBLES(name), WHEST_LIBRARY(name), double>

constexpr Kernels kernels_named(std::string_view name) {
  return {name,
          {loop<short_exp, float>,
           loop<expm1, float>,
           loop<short_log, float>,
           loop<log1p, float>,
           loop<short_tanh, float>,
           sqrt_loop<float>,
           turning_loop<short_sin, WHEST_LIBRARY(sin), float>,
           turning_loop<short_cos, WHEST_LIBRARY(cos), float>,
           rounding_loop<Function::ceil, float>,
           rounding_loop<Function::floor, float>,
           rounding_loop<Function::trunc, float>,
           rounding_loop<Function::rint, float>,
           loop<short_exp2, float>,
           loop<short_log2, float>,
           loop<short_log10, float>,
           loop<short_arctan, float>,
           WHEST_FUNCTION_OF_FLOATS(tan),
           WHEST_FUNCTION_OF_FLOATS(asin),
           WHEST_FUNCTION_OF_FLOATS(acos),
           WHEST_FUNCTION_OF_FLOATS(sinh),
           WHEST_FUNCTION_OF_FLOATS(cosh),
           WHEST_FUNCTION_OF_FLOATS(asinh),
           WHEST_FUNCTION_OF_FLOATS(acosh),
           WHEST_FUNCTION_OF_FLOATS(atanh),
           WHEST_FUNCTION_OF_FLOATS(cbrt)},
          {loop<exp, double>,
           loop<expm1, double>,
           loop<log, double>,
           loop<log1p, double>,
           loop<tanh, double>,
           sqrt_loop<double>,
           turning_loop<sin, WHEST_LIBRARY(sin), double>,
           turning_loop<cos, WHEST_LIBRARY(cos), double>,
           rounding_loop<Function::ceil, double>,
           rounding_loop<Function::floor, double>,
           rounding_loop<Function::trunc, double>,
           rounding_loop<Function::rint, double>,
           WHEST_FUNCTION_OF_DOUBLES(exp2),
           WHEST_FUNCTION_OF_DOUBLES(log2),
           WHEST_FUNCTION_OF_DOUBLES(log10),
           WHEST_FUNCTION_OF_DOUBLES(atan),
           WHEST_FUNCTION_OF_DOUBLES(tan),
           WHEST_FUNCTION_OF_DOUBLES(asin),
           WHEST_FUNCTION_OF_DOUBLES(acos),
           WHEST_FUNCTION_OF_DOUBLES(sinh),
           WHEST_FUNCTION_OF_DOUBLES(cosh),
           WHEST_FUNCTION_OF_DOUBLES(asinh),
           WHEST_FUNCTION_OF_DOUBLES(acosh),
           WHEST_FUNCTION_OF_DOUBLES(atanh),
           WHEST_FUNCTION_OF_DOUBLES(cbrt)},
          {power_loop, loop_of_two<short_arctan2>},
          {sleef_loop_of_two<WHEST_SLEEF_DOUBLES(pow), WHEST_LIBRARY(pow), double>,
           sleef_loop_of_two<WHEST_SLEEF_DOUBLES(atan2), WHEST_LIBRARY(atan2), double>},
          fft_pass,
          {k_extremes<float>, k_extremes<double>, k_extremes<std::int32_t>, k_extremes<std::int64_t>},
          {k_comparisons<float>, k_comparisons<double>, k_comparisons<std::int32_t>, k_comparisons<std::int64_t>},
          {k_tests<float>, k_tests<double>}};
}

#undef WHEST_FUNCTION_OF_DOUBLES
#undef WHEST_FUNCTION_OF_FLOATS
#undef WHEST_LIBRARY

}  // namespace
}  // namespace flopscope::elementary
