// SPDX-License-Identifier: MIT
// Where a quantile lies in a sorted lane, by NumPy's thirteen methods (Hyndman and Fan's nine, and four of NumPy's).
#pragma once

#include <cstdint>
#include <string_view>
#include <whest/flopscope/core/dtype.hpp>

namespace flopscope::quantile {

enum class Method : std::uint8_t {
  inverted_cdf,
  averaged_inverted_cdf,
  closest_observation,
  interpolated_inverted_cdf,
  hazen,
  weibull,
  linear,
  median_unbiased,
  normal_unbiased,
  lower,
  higher,
  midpoint,
  nearest,
};
Method method_of(std::string_view name);  // throws ValueError

// A method that takes an element as it is, so that the result keeps the dtype of the array.
bool is_discrete(Method m);

// Between element `below` and element `above`, `t` of the way.
struct Place {
  std::int64_t below = 0, above = 0;
  double t = 0;
};
// The q-quantile of n sorted elements (n > 0); arithmetic is rounded to `dtype` at each step, as NumPy's is.
Place place_of(Method m, std::int64_t n, double q, DType dtype);

// a + (b - a) * t, from the nearer end: the difference rounded to the array's own dtype, the rest to the result's, and
// what is stored to `stored`; the way back from b is taken in that one.
double interpolate(double a, double b, double t, DType own, DType dtype, DType stored);

// To the precision of `given` (of its parts, where it is complex); unchanged for float64 and integers.
double rounded(double x, DType given);

}  // namespace flopscope::quantile
