// SPDX-License-Identifier: MIT
// The tables byte by byte: the hash of each is NumPy's.
#include <doctest/doctest.h>

#include <span>
#include <whest/base/sha256.hpp>
#include <whest/random/ziggurat_tables.hpp>

#include "golden_random.hpp"

using namespace whest::random;

TEST_CASE("the ziggurat tables hash as NumPy's") {
  const auto golden = whest::test::golden_json("networks/distributions.json")["ziggurat_tables"];
  std::size_t seen = 0;
  const auto check = [&](const char* name, const auto& table) {
    CHECK_MESSAGE(whest::base::sha256_hex(std::as_bytes(std::span(table))) == golden[name]["sha256"].get<std::string>(),
                  name);
    ++seen;
  };
  check("ki_double", k_ki_double);
  check("wi_double", k_wi_double);
  check("fi_double", k_fi_double);
  check("ki_float", k_ki_float);
  check("wi_float", k_wi_float);
  check("fi_float", k_fi_float);
  check("ke_double", k_ke_double);
  check("we_double", k_we_double);
  check("fe_double", k_fe_double);
  check("ke_float", k_ke_float);
  check("we_float", k_we_float);
  check("fe_float", k_fe_float);
  CHECK(seen == golden.size());
}
