// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>
#include <whest/ground_truth/totals.hpp>

using namespace whest::ground_truth;

TEST_CASE("fixed point holds what 64 bits behind the point can hold") {
  for (const double x : {0.0, 1.0, -1.0, 0.1, -0.1, 12345.678, 0x1p-64, 0x1.fffffffffffffp61, -0x1p61, 0x1p-11}) {
    CHECK(from_fixed(to_fixed(x)) == x);
  }
  CHECK(to_fixed(0x1p-65) == 0);    // a tie, to even
  CHECK(to_fixed(0x1.8p-64) == 2);  // a tie, to even
  CHECK(to_fixed(0x1.4p-64) == 1);
  CHECK(to_fixed(-0x1.8p-64) == -2);
  CHECK(to_fixed(1e-300) == 0);
  CHECK(to_fixed(std::numeric_limits<double>::denorm_min()) == 0);
}

TEST_CASE("exact totals do not depend on the order; running doubles do") {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(std::sin(i) * std::pow(2.0, i % 50));
  const auto total = [&values] {
    ExactTotals totals(1);
    double running = 0;
    for (const double x : values) {
      CHECK(totals.add({&x, 1}));
      running += x;
    }
    return std::pair(totals.cells()[0], running);
  };
  const auto forward = total();
  std::ranges::reverse(values);
  const auto backward = total();
  CHECK(forward.first == backward.first);
  CHECK(forward.second != backward.second);
  CHECK(from_fixed(forward.first) == doctest::Approx(forward.second).epsilon(1e-12));
}

TEST_CASE("exact totals refuse what they cannot hold and stay as they were") {
  ExactTotals totals(2);
  REQUIRE(totals.add(std::vector{1.0, 2.0}));
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 0x1p62, -0x1p63}) {
    CHECK_FALSE(totals.add(std::vector{1.0, bad}));
  }
  CHECK(totals.value(0) == 1.0);
  CHECK(totals.value(1) == 2.0);
  const std::vector<double> large{0.0, 0x1.8p61};
  int added = 0;
  while (totals.add(large)) ++added;
  CHECK(added == 2);  // the third would pass 2^63
}

TEST_CASE("ordered totals add by index") {
  const double small = 0x1p-53;
  OrderedTotals in_order(1);
  in_order.add(0, {1.0});
  in_order.add(1, {small});
  in_order.add(2, {small});
  OrderedTotals shuffled(1);
  shuffled.add(2, {small});
  shuffled.add(1, {small});
  CHECK(shuffled.value(0) == 0.0);  // nothing before chunk 0 has come
  shuffled.add(0, {1.0});
  CHECK(shuffled.value(0) == in_order.value(0));
  CHECK(shuffled.value(0) == 1.0);  // each addition rounds away: the order matters
}
