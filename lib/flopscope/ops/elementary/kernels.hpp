// SPDX-License-Identifier: MIT
// Elementary functions of contiguous floats, their extremes, comparisons and tests, and the passes of Fourier
// transforms, compiled for each instruction set from one source. Results have the same bits on all of them, but for
// those of sleef.hpp on a processor that runs the scalar kernels only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

namespace flopscope::elementary {

enum class Function : std::uint8_t {
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sqrt,
  sin,
  cos,
  ceil,
  floor,
  trunc,
  rint,
  exp2,
  log2,
  log10,
  arctan,
  tan,
  arcsin,
  arccos,
  sinh,
  cosh,
  arcsinh,
  arccosh,
  arctanh,
  cbrt,
};
inline constexpr int k_function_count = 25;
enum class FunctionOfTwo : std::uint8_t { power, arctan2 };
inline constexpr int k_function_of_two_count = 2;

// Of n > 0 numbers. Where NaN is among them the value says nothing; of zeros it may be either.
template <class T>
struct Extreme {
  T value;
  bool nan;
};
template <class T>
struct Extremes {
  Extreme<T> (*least)(const T* x, std::int64_t n);
  Extreme<T> (*greatest)(const T* x, std::int64_t n);
};

// out[i]: whether the comparison holds of a[i] and b[i]; of an operand that repeats, there is one number.
enum class Comparison : std::uint8_t { less, less_equal, equal, not_equal };
inline constexpr int k_comparison_count = 4;
template <class T>
struct Comparisons {
  void (*loops[k_comparison_count])(const T* a, bool a_repeats, const T* b, bool b_repeats, bool* out, std::int64_t n);
};

// out[i]: whether x[i] is that; `negative` looks at the sign alone.
enum class Test : std::uint8_t { nan, infinite, finite, negative, zero };
inline constexpr int k_test_count = 5;
template <class T>
struct Tests {
  void (*loops[k_test_count])(const T* x, bool* out, std::int64_t n);
};

// One pass of a Fourier transform of length n: `parts` times `stride` columns of `radix` complex numbers each.
inline constexpr int k_largest_fft_radix = 47;
struct FftPass {
  int radix;  // 2, 3, 4, 5, 8 or odd
  std::int64_t n, parts, stride;
  const double* roots;     // exp(-2 pi i k / n), k < n
  std::int64_t root_step;  // of the columns of one part to those of the next
};

// y[i] = f(x[i]) and z[i] = f(x[i], y[i]) for i in [0, n); a result may be an operand.
struct Kernels {
  std::string_view instruction_set;
  void (*float32[k_function_count])(const float* x, float* y, std::int64_t n);
  void (*float64[k_function_count])(const double* x, double* y, std::int64_t n);
  void (*float32_of_two[k_function_of_two_count])(const float* x, const float* y, float* z, std::int64_t n);
  void (*float64_of_two[k_function_of_two_count])(const double* x, const double* y, double* z, std::int64_t n);
  void (*fft_pass)(const FftPass& pass, const double* from, double* to);
  std::tuple<Extremes<float>, Extremes<double>, Extremes<std::int32_t>, Extremes<std::int64_t>> extremes;
  std::tuple<Comparisons<float>, Comparisons<double>, Comparisons<std::int32_t>, Comparisons<std::int64_t>> comparisons;
  std::tuple<Tests<float>, Tests<double>> tests;
};

// Those of the widest instruction set of this processor.
const Kernels& best_kernels();
// All that this processor runs, narrowest first.
std::span<const Kernels* const> available_kernels();

}  // namespace flopscope::elementary
