// SPDX-License-Identifier: MIT
// NumPy's pairwise sum where its order matters: numbers whose sum depends on it. The golden scores test it at length.
#include <doctest/doctest.h>

#include <vector>
#include <whest/base/pairwise.hpp>

using whest::base::pairwise_mean;
using whest::base::pairwise_sum;

TEST_CASE("eight running sums: a large number meets only its own column") {
  // Column 0 sums 2^24 and 1 (lost in float32); the other seven columns give 7 + 7, joined in pairs.
  std::vector<float> values(16, 1.0f);
  values[0] = 16777216.0f;
  CHECK(pairwise_sum(std::span<const float>(values)) == 16777216.0f + 14.0f);
  float left_to_right = 0.0f;
  for (const float value : values) left_to_right += value;
  CHECK(left_to_right == 16777216.0f);
}

TEST_CASE("above 128 numbers the halves are summed apart") {
  std::vector<float> values(257, 1.0f);
  CHECK(pairwise_sum(std::span<const float>(values)) == 257.0f);
  values[0] = 16777216.0f;
  const std::span<const float> all(values);
  CHECK(pairwise_sum(all) == pairwise_sum(all.first(128)) + pairwise_sum(all.subspan(128)));
}

TEST_CASE("a mean of few numbers") {
  const std::vector<double> values = {1.0, 2.0, 4.5};
  CHECK(pairwise_mean(std::span<const double>(values)) == 2.5);
}
