// SPDX-License-Identifier: MIT
// The kernels' loops over functions.hpp; each instruction set's source includes this with flags of its own.
#pragma once

#include <whest/flopscope/ops/elementary/functions.hpp>
#include <whest/flopscope/ops/elementary/kernels.hpp>

namespace flopscope::elementary {
namespace {

template <double (*F)(double), class T>
void loop(const T* x, T* y, std::int64_t n) {
#pragma GCC ivdep
  for (std::int64_t i = 0; i < n; ++i) y[i] = static_cast<T>(F(static_cast<double>(x[i])));
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

constexpr Kernels kernels_named(std::string_view name) {
  return {name,
          {loop<short_exp, float>, loop<expm1, float>, loop<log, float>, loop<log1p, float>, loop<short_tanh, float>,
           sqrt_loop<float>},
          {loop<exp, double>, loop<expm1, double>, loop<log, double>, loop<log1p, double>, loop<tanh, double>,
           sqrt_loop<double>}};
}

}  // namespace
}  // namespace flopscope::elementary
