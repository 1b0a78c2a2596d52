// SPDX-License-Identifier: MIT
// Typed numbers: the whole text is one number within its bounds, or an error.
#include <doctest/doctest.h>

#include <whest/base/parse.hpp>

using namespace whest::base;

TEST_CASE("integers: plain, grouped, and whole floats") {
  CHECK(parse_integer("n", "42", 1).value() == 42);
  CHECK(parse_integer("n", "68_000_000_000", 1).value() == 68'000'000'000);
  CHECK(parse_integer("n", "68e9", 1).value() == 68'000'000'000);
  CHECK(parse_integer("n", "-3", -5).value() == -3);
}

TEST_CASE("integers: what is not one is refused") {
  for (const char* bad : {"", " 1", "1 ", "1x", "0x10", "1.5", "nan", "inf", "_1", "1_", "1__0", "1e400",
                          "9223372036854775808", "1e18", "+1", "--1"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_integer("n", bad, 0).has_value());
  }
}

TEST_CASE("integers: bounds, with the reason") {
  CHECK(parse_integer("--n-mlps", "0", 1).error().message == "--n-mlps must be positive, got 0.");
  CHECK(parse_integer("--n", "-1", 0).error().message == "--n must not be negative, got -1.");
  CHECK(parse_integer("--n", "9", 1, 8).error().message == "--n must be at most 8, got 9.");
}

TEST_CASE("seeds cover 64 bits and nothing below zero") {
  CHECK(parse_seed("--seed", "18446744073709551615").value() == 18446744073709551615ull);
  CHECK(parse_seed("--seed", "-1").error().message == "--seed must not be negative, got -1.");
  CHECK_FALSE(parse_seed("--seed", "1.5").has_value());
  CHECK_FALSE(parse_seed("--seed", "18446744073709551616").has_value());
}

TEST_CASE("reals: finite and within the bound") {
  CHECK(parse_real("x", "1e11", Bound::positive).value() == 1e11);
  CHECK(parse_real("x", "0", Bound::non_negative).value() == 0.0);
  CHECK_FALSE(parse_real("x", "0", Bound::positive).has_value());
  for (const char* bad : {"nan", "NaN", "inf", "-inf", "-1", "1s", "abc", "", "1e999", "-1e-300"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_real("x", bad, Bound::positive).has_value());
    CHECK_FALSE(parse_real("x", bad, Bound::non_negative).has_value());
  }
}

TEST_CASE("bytes with a unit") {
  CHECK(parse_bytes("m", "8G").value() == 8589934592);
  CHECK(parse_bytes("m", "512MiB").value() == 536870912);
  CHECK(parse_bytes("m", "4096").value() == 4096);
  for (const char* bad : {"0", "-1G", "G", "8X", "1.5G", "", "9999999T"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_bytes("m", bad).has_value());
  }
}
