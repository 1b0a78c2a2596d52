// SPDX-License-Identifier: MIT
// Window functions: M points, symmetric, 1 in the middle.
#include <cmath>
#include <numbers>
#include <whest/flopscope/ops/detail/bessel.hpp>
#include <whest/flopscope/ops/detail/polynomial_operations.hpp>

namespace flopscope::polynomial {
namespace {

// The value at the odd-or-even grid point n = 1 - M, 3 - M, ... M - 1.
double value_at(Window kind, double n, double m) {
  const double angle = std::numbers::pi * n / (m - 1);
  switch (kind) {
    case Window::bartlett:
      return n <= 0 ? 1 + n / (m - 1) : 1 - n / (m - 1);
    case Window::blackman:
      return 0.42 + 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
    case Window::hamming:
      return 0.54 + 0.46 * std::cos(angle);
    default:
      return 0.5 + 0.5 * std::cos(angle);
  }
}

double kaiser_at(double i, double m, double beta) {
  const double alpha = (m - 1) / 2, t = (i - alpha) / alpha;
  if (std::isnan(beta)) return beta;
  return detail::bessel_i0(beta * std::sqrt(std::max(0.0, 1 - t * t))) / detail::bessel_i0(beta);
}

}  // namespace

// M[, beta]; M need not be whole.
Result run_window(Call& call) {
  const auto kind = static_cast<Window>(call.op.variant);
  const double m = to_double(call.arg(0), "M");
  const double beta = kind == Window::kaiser ? to_double(call.arg(1), "beta") : 0;
  PriceInput price;
  price.n = m;
  const std::int64_t count = m >= 1 ? static_cast<std::int64_t>(std::ceil(kind == Window::kaiser ? m : m - 0.5)) : 0;
  const auto shown = static_cast<std::int64_t>(m);  // the number given, negative ones too
  call.state_shape({&shown, 1});
  call.charge(price, DType::float64);
  if (count == 0) return Array::make(DType::float64, Dims{0});
  ArrayRef out = Array::make(DType::float64, Dims{count});
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<double>(i);
    out->mutable_items<double>()[i] = m == 1                   ? 1
                                      : kind == Window::kaiser ? kaiser_at(at, m, beta)
                                                               : value_at(kind, 1 - m + 2 * at, m);
  }
  return out;
}

}  // namespace flopscope::polynomial
