// SPDX-License-Identifier: MIT
// SeedSequence and its entropy against the golden ones.
#include <doctest/doctest.h>

#include "golden_random.hpp"

using namespace whest;
using namespace whest::test;

namespace {

void check_words(const random::SeedSequence& got, const ordered_json& want) {
  CHECK(std::vector<std::uint32_t>(got.pool().begin(), got.pool().end()) ==
        want["pool"].get<std::vector<std::uint32_t>>());
  for (const auto& [n, words] : want["uint32"].items()) {
    CHECK(got.generate_state32(std::stoul(n)) == words.get<std::vector<std::uint32_t>>());
  }
  for (const auto& [n, words] : want["uint64"].items()) {
    std::vector<std::uint64_t> expected;
    for (const auto& word : words) expected.push_back(uint64_of(word));
    CHECK(got.generate_state64(std::stoul(n)) == expected);
  }
}

void check_children(const std::vector<random::SeedSequence>& got, const ordered_json& want) {
  REQUIRE(got.size() == want.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].spawn_key() == spawn_key_of(want[i]["spawn_key"]));
    CHECK(got[i].pool().size() == want[i]["pool_size"].get<std::size_t>());
    check_words(got[i], want[i]);
  }
}

}  // namespace

TEST_CASE("seed sequences, their children and grandchildren equal NumPy's") {
  const ordered_json golden = golden_json("networks/seedseq.json");
  for (const auto& want : golden["cases"]) {
    random::SeedSequence root(entropy_of(want["entropy"]));
    check_words(root, want["root"]);
    std::vector<random::SeedSequence> children = root.spawn(9);
    check_children(children, want["spawn_9"]);
    check_children(root.spawn(2), want["spawn_2_again"]);
    CHECK(root.n_children_spawned() == want["n_children_spawned"].get<std::uint64_t>());
    check_children(children[1].spawn(2), want["grandchildren_of_child_1"]);
  }
  for (const auto& want : golden["with_spawn_key_and_pool_size"]) {
    const random::SeedSequence got(entropy_of(want["entropy"]), spawn_key_of(want["spawn_key"]),
                                   want["pool_size"].get<std::size_t>());
    check_words(got, want);
  }
}

TEST_CASE("entropy reads whole numbers and nothing else") {
  for (const char* text : {"0", "1", "4294967295", "4294967296", "340282366920938463463374607431768211457"}) {
    const auto entropy = random::Entropy::from_decimal(text);
    REQUIRE(entropy.has_value());
    CHECK(entropy->to_decimal() == text);
  }
  CHECK(random::Entropy::from_decimal("18446744073709551615")->words() ==
        random::Entropy(18446744073709551615U).words());
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "1e3", "0x10", "12a", "1.0"}) {
    CHECK_FALSE(random::Entropy::from_decimal(text).has_value());
  }
}

TEST_CASE("the system's entropy differs from draw to draw and can be repeated") {
  const auto a = random::Entropy::from_system();
  CHECK(a.words() != random::Entropy::from_system().words());
  CHECK(random::Entropy::from_decimal(a.to_decimal())->words() == a.words());
}
