// SPDX-License-Identifier: MIT
// The bit generators word by word.
#include <doctest/doctest.h>

#include <memory>
#include <whest/random/mt19937.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/philox4x64.hpp>
#include <whest/random/sfc64.hpp>

#include "golden_random.hpp"

using namespace whest;
using namespace whest::test;

namespace {

void check_words(random::BitGenerator& bits, const ordered_json& want) {
  for (const auto& word : want) CHECK(bits.next_raw() == uint64_of(word));
}

void check_state_and_words(random::Pcg64 bits, const ordered_json& want) {
  CHECK(same_state(bits, want));
  check_words(bits, want["raw4"]);
}

std::unique_ptr<random::BitGenerator> make(const std::string& name, const random::SeedSequence& seed) {
  if (name == "PCG64DXSM") return std::make_unique<random::Pcg64Dxsm>(seed);
  if (name == "Philox") return std::make_unique<random::Philox4x64>(seed);
  if (name == "SFC64") return std::make_unique<random::Sfc64>(seed);
  if (name == "MT19937") return std::make_unique<random::Mt19937>(seed);
  throw std::runtime_error("no generator " + name);
}

}  // namespace

TEST_CASE("PCG64: states, words, advance, jumps, the kept half word") {
  const ordered_json golden = golden_json("networks/pcg64.json");
  for (const auto& want : golden["cases"]) {
    const random::Pcg64 fresh(random::SeedSequence(entropy_of(want["entropy"]), spawn_key_of(want["spawn_key"])));
    CHECK(same_state(fresh, want["initial"]));
    random::Pcg64 bits = fresh;
    check_words(bits, want["raw16"]);
    CHECK(same_state(bits, want["after_16"]));
    for (const auto& [delta, after] : want["advance"].items()) {
      bits = fresh;
      bits.advance(uint128_of(ordered_json(delta)));
      check_state_and_words(bits, after);
    }
    bits = fresh;
    for (int i = 0; i < 3; ++i) bits.next_raw();
    bits.advance(10);
    check_state_and_words(bits, want["raw3_then_advance_10"]);
    for (const auto& [jumps, after] : want["jumped"].items())
      check_state_and_words(fresh.jumped(std::stoull(jumps)), after);
    bits = fresh;
    for (int i = 0; i < 3; ++i) bits.next_uint32();
    CHECK(same_state(bits, want["after_3_uint32_draws"]));
    bits.advance(1);
    CHECK(same_state(bits, want["after_3_uint32_draws_then_advance_1"]));
  }
}

TEST_CASE("the other bit generators") {
  std::size_t seen = 0;
  const ordered_json golden = golden_json("networks/pcg64.json");
  for (const auto& want : golden["other_bit_generators"]) {
    const auto bits = make(want["bit_generator"].get<std::string>(), random::SeedSequence(entropy_of(want["entropy"])));
    check_words(*bits, want["raw16"]);
    ++seen;
  }
  CHECK(seen == 8);
}

TEST_CASE("the Mersenne Twister's own seedings: the reference values of its authors and of C++") {
  random::Mt19937 by_integer(5489U);
  std::uint32_t word = 0;
  for (int i = 0; i < 10000; ++i) word = by_integer.next_uint32();
  CHECK(word == 4123659995U);  // [rand.predef]: the 10000th of a default mt19937
  const std::vector<std::uint32_t> key{0x123, 0x234, 0x345, 0x456};
  random::Mt19937 by_array{std::span<const std::uint32_t>(key)};
  CHECK(by_array.next_uint32() == 1067595299U);  // mt19937ar.out
  CHECK(by_array.next_uint32() == 955945823U);
}

TEST_CASE("a clone goes on by itself") {
  random::Pcg64 bits(random::SeedSequence(random::Entropy(3)));
  bits.next_uint32();
  const auto copy = bits.clone();
  CHECK(copy->next_uint32() == bits.next_uint32());
  copy->next_uint64();
  CHECK(copy->next_uint64() != bits.next_uint64());
}
