// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <whest/network/names.hpp>

using namespace whest::network;

TEST_CASE("names are slugs, a pure function of the seed, and spread") {
  const std::regex slug("[a-z]+(-[a-z]+)+");
  std::set<std::string> names;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const std::string name = name_of_seed(seed);
    CHECK(std::regex_match(name, slug));
    CHECK(name == name_of_seed(seed));
    names.insert(name);
  }
  // 16,384 names: 2,000 draws meet about 1,883 different ones.
  CHECK(names.size() > 1800);
}

TEST_CASE("names stay what they are: reports are compared by them") {
  CHECK(name_of_seed(0) == "gilded-inlet");
  CHECK(name_of_seed(3241444873) == "frank-nectar");
}

TEST_CASE("repeats in a suite are numbered") {
  std::vector<std::string> names{"a-b", "c-d", "a-b", "a-b", "c-d"};
  number_repeated_names(names);
  CHECK(names == std::vector<std::string>{"a-b", "c-d", "a-b-2", "a-b-3", "c-d-2"});
}
