// SPDX-License-Identifier: MIT
// Networks, sample streams and hashes against the golden live runs.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cmath>
#include <golden.hpp>
#include <limits>
#include <string>
#include <whest/base/sha256.hpp>
#include <whest/network/generate.hpp>
#include <whest/network/inspect.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/ziggurat.hpp>

using nlohmann::ordered_json;
using namespace whest;

namespace {

std::vector<float> floats(const ordered_json& values) {
  std::vector<float> out;
  for (const auto& value : values) out.push_back(static_cast<float>(test::hex_float(value.get<std::string>())));
  return out;
}

std::string text_of(const ordered_json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

void check_layer(const std::vector<float>& got, const ordered_json& want) {
  REQUIRE(got.size() == want["count"].get<std::size_t>());
  CHECK(network::layer_sha256(got) == want["sha256"].get<std::string>());
  const auto first = floats(want["first"]);
  CHECK(std::vector<float>(got.begin(), got.begin() + static_cast<std::ptrdiff_t>(first.size())) == first);
}

}  // namespace

TEST_CASE("generated networks and their sample streams equal the golden live runs") {
  const ordered_json golden = test::golden_json("networks/weights.json");
  std::size_t networks = 0;
  for (const auto& want : golden["networks"]) {
    const auto seed = random::Entropy::from_decimal(text_of(want["seed"]));
    REQUIRE(seed.has_value());
    const auto seeds =
        network::suite_seeds(*seed, want["n_mlps"].get<std::size_t>()).at(want["mlp_index"].get<std::size_t>());
    const auto width = want["width"].get<std::int64_t>();
    const auto mlp = network::generate_network(seeds, width, want["depth"].get<std::int64_t>());
    CHECK(mlp.seed == want["mlp_seed"].get<std::uint32_t>());
    REQUIRE(mlp.weights.size() == want["layers"].size());
    for (std::size_t layer = 0; layer < mlp.weights.size(); ++layer)
      check_layer(mlp.weights[layer], want["layers"][layer]);
    if (want.contains("all_weights")) {
      for (std::size_t layer = 0; layer < mlp.weights.size(); ++layer) {
        CHECK(mlp.weights[layer] == floats(want["all_weights"][layer]));
      }
    }
    random::Pcg64 bits(seeds.samples);
    std::vector<float> samples(want["sample_stream"]["count"].get<std::size_t>());
    CHECK(samples.size() == want["sample_stream"]["rows"].get<std::size_t>() * static_cast<std::size_t>(width));
    for (float& x : samples) x = random::standard_normal_f(bits);
    check_layer(samples, want["sample_stream"]);
    ++networks;
  }
  CHECK(networks > 0);
}

TEST_CASE("a suite is its networks one by one") {
  const auto suite = network::generate_suite(random::Entropy(7), 3, 4, 2);
  REQUIRE(suite.has_value());
  const auto seeds = network::suite_seeds(random::Entropy(7), 3);
  REQUIRE(suite->size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK((*suite)[i].mlp.weights == network::generate_weights(seeds[i].weights, 4, 2));
    CHECK((*suite)[i].mlp.name == seeds[i].name);
    CHECK((*suite)[i].samples.spawn_key() == std::vector<std::uint64_t>{3 * i + 1});
  }
  CHECK((*suite)[0].mlp.weights != (*suite)[1].mlp.weights);
}

TEST_CASE("a dataset row's network is network 0 of a suite of one with that seed") {
  const auto row = network::row_seeds(123456789012345678);
  const auto suite = network::suite_seeds(random::Entropy(123456789012345678), 1);
  CHECK(row.mlp_seed == suite[0].mlp_seed);
  CHECK(network::generate_weights(row.weights, 3, 1) == network::generate_weights(suite[0].weights, 3, 1));
}

TEST_CASE("shapes that cannot be meant are usage errors") {
  for (const auto& [width, depth] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {0, 1}, {-1, 1}, {1, 0}, {4, -3}, {65537, 1}, {65536, 100}, {1, std::numeric_limits<std::int64_t>::max()}}) {
    const auto suite = network::generate_suite(random::Entropy(1), 1, width, depth);
    REQUIRE_FALSE(suite.has_value());
    CHECK(suite.error().kind == base::ErrorKind::usage);
  }
}

// The sanitizers fill the address space themselves.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a network that memory does not hold is one sentence") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_AS, &before) == 0);
  const rlimit tight{rlim_t{2} << 30, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_AS, &tight) == 0);
  const auto suite = network::generate_suite(random::Entropy(1), 1, 32768, 1);
  REQUIRE(setrlimit(RLIMIT_AS, &before) == 0);
  REQUIRE_FALSE(suite.has_value());
  CHECK(suite.error().kind == base::ErrorKind::grader);
  CHECK(suite.error().message ==
        "there is not enough memory for a network of width 32768 and depth 1: its weights take 4.0 GiB.");
}
#endif

TEST_CASE("layer statistics") {
  const std::vector<float> weights{1, 2, 3, 6};
  const auto got = network::layer_statistics(weights);
  CHECK(got.mean == 3);
  CHECK(got.std == std::sqrt(3.5));
  CHECK(got.min == 1);
  CHECK(got.max == 6);
  const auto broken = network::layer_statistics(std::vector<float>{1, std::nanf(""), 2});
  CHECK(std::isnan(broken.mean));
  CHECK(std::isnan(broken.std));
  CHECK(std::isnan(broken.min));
}
