// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <numbers>
#include <whest/flopscope/ops/detail/bessel.hpp>

namespace flopscope::detail {

// I0 to the last place: its power series (all terms positive), far out the asymptotic one, whose smallest term at 30 is
// below 1e-26 (DLMF 10.25.2, 10.40.1).
double bessel_i0(double x) {
  constexpr double k_far = 30;
  const long double z = std::fabs(static_cast<long double>(x));
  if (std::isinf(x)) return std::numeric_limits<double>::infinity();
  long double term = 1, sum = 1;
  if (z <= k_far) {
    const long double quarter = z * z / 4;
    for (int k = 1; term > sum * 1e-20L; ++k) sum += term *= quarter / (static_cast<long double>(k) * k);
    return static_cast<double>(sum);
  }
  for (int k = 1; term > 1e-20L && k < 60; ++k) {
    const long double odd = 2 * k - 1;
    sum += term *= odd * odd / (8 * k * z);
  }
  return static_cast<double>(std::exp(z) / std::sqrt(2 * std::numbers::pi_v<long double> * z) * sum);
}

}  // namespace flopscope::detail
