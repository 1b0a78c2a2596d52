// SPDX-License-Identifier: MIT
// Philox4x32-10: the published known answers; normals that depend on their address alone and are standard normal.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>
#include <whest/random/philox.hpp>

using namespace whest::random;

TEST_CASE("Philox4x32-10 gives the known answers of Random123") {
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32_10({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("slices of a chunk are the chunk") {
  const PhiloxAddress address{1, 2, 3, 4};
  std::vector<float> whole(103);
  fill_philox_normals(address, 0, whole);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{4}, std::size_t{50}, std::size_t{101}}) {
    std::vector<float> parts(whole.size());
    fill_philox_normals(address, 0, std::span(parts).first(cut));
    fill_philox_normals(address, cut, std::span(parts).subspan(cut));
    CHECK(parts == whole);
  }
}

TEST_CASE("every part of the address matters") {
  const auto first = [](const PhiloxAddress& address) { return philox_normals(address, 0)[0]; };
  const float base = first({1, 2, 3, 4});
  CHECK(first({0, 2, 3, 4}) != base);
  CHECK(first({1, 0, 3, 4}) != base);
  CHECK(first({1, 2, 0, 4}) != base);
  CHECK(first({1, 2, 3, 0}) != base);
  CHECK(philox_normals({1, 2, 3, 4}, std::uint64_t{1} << 32)[0] != base);
}

TEST_CASE("moments and Kolmogorov-Smirnov distance of 2^18 normals") {
  std::vector<float> x(1 << 18);
  fill_philox_normals({7, 0, 0, 0}, 0, x);
  const auto n = static_cast<double>(x.size());
  double moment[5] = {};
  for (const float value : x) {
    double power = 1;
    for (double& m : moment) {
      m += power / n;
      power *= value;
    }
  }
  // Bounds of 5 standard errors: variances of x, x^2, x^3, x^4 are 1, 2, 15, 96.
  CHECK(std::abs(moment[1]) < 5 * std::sqrt(1 / n));
  CHECK(std::abs(moment[2] - 1) < 5 * std::sqrt(2 / n));
  CHECK(std::abs(moment[3]) < 5 * std::sqrt(15 / n));
  CHECK(std::abs(moment[4] - 3) < 5 * std::sqrt(96 / n));
  std::ranges::sort(x);
  double distance = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double cdf = 0.5 * std::erfc(-x[i] / std::sqrt(2.0));
    distance = std::max(
        {distance, std::abs(cdf - static_cast<double>(i) / n), std::abs(static_cast<double>(i + 1) / n - cdf)});
  }
  CHECK(distance < 1.95 / std::sqrt(n));  // exceeded with probability 0.001
}
