// SPDX-License-Identifier: MIT
// The transform of one line against the sum that defines it, for every small length and some awkward ones.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <whest/flopscope/budget/context.hpp>
#include <whest/flopscope/core/waist.hpp>
#include <whest/flopscope/ops/detail/fft_plan.hpp>

namespace {

using flopscope::fft::Complex;
using flopscope::fft::Plan;

std::vector<Complex> line_of(std::int64_t n) {
  std::vector<Complex> x;
  for (std::int64_t k = 0; k < n; ++k)
    x.emplace_back(std::sin(1.0 + static_cast<double>(k * k % 97)), std::cos(2.0 * static_cast<double>(k % 31)));
  return x;
}

// In long double, with the angle reduced exactly.
std::vector<Complex> by_definition(const std::vector<Complex>& x) {
  const auto n = static_cast<std::int64_t>(x.size());
  std::vector<long double> cosines, sines;
  for (std::int64_t k = 0; k < n; ++k) {
    const long double angle = -2 * std::numbers::pi_v<long double> * static_cast<long double>(k) / n;
    cosines.push_back(std::cos(angle));
    sines.push_back(std::sin(angle));
  }
  std::vector<Complex> out;
  for (std::int64_t k = 0; k < n; ++k) {
    long double re = 0, im = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      const auto root = static_cast<std::size_t>(j * k % n);
      const Complex v = x[static_cast<std::size_t>(j)];
      re += v.real() * cosines[root] - v.imag() * sines[root];
      im += v.real() * sines[root] + v.imag() * cosines[root];
    }
    out.emplace_back(static_cast<double>(re), static_cast<double>(im));
  }
  return out;
}

// The root mean square error relative to that of the values; NaN is infinitely far.
double distance(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += std::norm(a[i] - b[i]);
    size += std::norm(b[i]);
  }
  const double d = std::sqrt(difference / size);
  return std::isnan(d) ? INFINITY : d;
}

}  // namespace

TEST_CASE("every length up to 200 and some above agree with the definition, there and back") {
  std::vector<std::int64_t> lengths;
  for (std::int64_t n = 1; n <= 200; ++n) lengths.push_back(n);
  for (const std::int64_t n : {211, 256, 289, 343, 509, 521, 1009, 1024, 1155}) lengths.push_back(n);
  for (const std::int64_t n : lengths) {
    CAPTURE(n);
    const std::vector<Complex> x = line_of(n);
    std::vector<Complex> y = x;
    Plan plan(n);
    plan.forward(y.data());
    const double tolerance = 4 * 0x1p-52 * (1 + std::log2(static_cast<double>(n)));
    CHECK(distance(y, by_definition(x)) < tolerance);
    plan.backward(y.data());
    for (Complex& v : y) v /= static_cast<double>(n);
    CHECK(distance(y, x) < 2 * tolerance);
  }
}

TEST_CASE("nothing is planned for a transform of nothing, however long") {
  using namespace flopscope;
  BudgetContext context({.flop_budget = 1e18, .quiet = true, .name_space = {}, .wall_time_limit_s = {}});
  context.enter();
  const ArrayRef empty = zeros(DType::float64, {{0, 3}});
  const auto transform = [&](int log2_length) {
    const Value args[] = {Value(empty), Value::integer(std::int64_t{1} << log2_length)};
    return invoke("fft.fft", args, {});
  };
  const Result result = transform(58);
  REQUIRE(result.is_array());
  CHECK(result.array()->shape[1] == std::int64_t{1} << 58);
  // Its rows would not fit 2**63 bytes: refused although there are none, as NumPy does.
  CHECK_THROWS_WITH_AS(transform(62), "array is too big", Error);
  context.exit();
}

TEST_CASE("a planted error is seen") {
  std::vector<Complex> x = line_of(60), y = x;
  Plan(60).forward(y.data());
  y[7] += Complex(1e-12, 0);
  CHECK(distance(y, by_definition(x)) > 4 * 0x1p-52 * (1 + std::log2(60.0)));
}
