// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <string_view>
#include <whest/base/sha256.hpp>

TEST_CASE("sha256 of the standard's example message") {
  CHECK(whest::base::sha256_hex(std::string_view("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
