// SPDX-License-Identifier: MIT
// The `numpy` sampler against the real package's ground truth, to the bit (golden/networks/ground_truth.json).
#include <doctest/doctest.h>

#include <cstring>
#include <golden.hpp>
#include <whest/base/sha256.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;
using nlohmann::ordered_json;

namespace {

network::GeneratedNetwork case_network(const ordered_json& golden) {
  auto suite = network::generate_suite(random::Entropy::from_decimal(golden.at("seed").get<std::string>()).value(),
                                       golden.at("n_mlps").get<std::size_t>(), golden.at("width").get<std::int64_t>(),
                                       golden.at("depth").get<std::int64_t>());
  REQUIRE(suite.has_value());
  return std::move((*suite)[golden.at("mlp_index").get<std::size_t>()]);
}

GroundTruth run_case(const ordered_json& golden, Isa isa, int threads) {
  const auto network = case_network(golden);
  Options options;
  options.n_samples = golden.at("n_samples").get<std::int64_t>();
  options.sampler = Sampler::numpy;
  options.isa = isa;
  options.threads = threads;
  auto truth = simulate(network.mlp, network.samples, options);
  REQUIRE(truth.has_value());
  return std::move(*truth);
}

// Every cell given, in full rows or the first of a row, and the hash over all of them.
bool agrees(const GroundTruth& truth, const ordered_json& golden) {
  const auto bytes = std::as_bytes(std::span(truth.layer_means));
  bool same = base::sha256_hex(bytes) == golden.at("layer_means_sha256").get<std::string>();
  const auto width = golden.at("width").get<std::size_t>();
  for (std::size_t layer = 0; layer < golden.at("layer_means").size(); ++layer) {
    const auto& row = golden.at("layer_means")[layer];
    for (std::size_t column = 0; column < row.size(); ++column) {
      same = same && static_cast<double>(truth.layer_means[layer * width + column]) ==
                         test::hex_float(row[column].get<std::string>());
    }
  }
  return same && truth.avg_variance == test::hex_float(golden.at("avg_variance").get<std::string>());
}

}  // namespace

TEST_CASE("the numpy sampler equals the peers' ground truth to the bit") {
  const ordered_json golden = test::golden_json("networks/ground_truth.json");
  REQUIRE(golden.at("cases").size() >= 20);
  for (const auto& item : golden.at("cases")) {
    CAPTURE(item.at("width").get<int>());
    CAPTURE(item.at("seed").get<std::string>());
    const GroundTruth truth = run_case(item, best_isa(), 2);
    CHECK(truth.n_samples == item.at("n_samples").get<std::int64_t>());
    CHECK(agrees(truth, item));
  }
}

TEST_CASE("so it does on every instruction set and with one thread") {
  const ordered_json golden = test::golden_json("networks/ground_truth.json");
  for (const Isa isa : k_all_isas) {
    if (!isa_available(isa)) continue;
    CAPTURE(isa_name(isa));
    for (const auto& item : golden.at("cases")) {
      if (item.at("width").get<int>() > 100) continue;  // the same code, long in scalar
      CHECK(agrees(run_case(item, isa, 1), item));
    }
  }
}

TEST_CASE("the comparison rejects a difference in the last bit") {
  const ordered_json golden = test::golden_json("networks/ground_truth.json");
  const auto& item = golden.at("cases")[0];
  GroundTruth truth = run_case(item, best_isa(), 1);
  REQUIRE(agrees(truth, item));
  truth.layer_means.back() = std::nextafter(truth.layer_means.back(), 2.0F);
  CHECK_FALSE(agrees(truth, item));
}

TEST_CASE("chunks are the peers'") {
  const ordered_json golden = test::golden_json("networks/ground_truth.json");
  for (const auto& [width, rows] : golden.at("chunk_rows_by_width").items()) {
    CHECK(peer_chunk_rows(std::stoll(width)) == rows.get<std::int64_t>());
  }
  for (const auto& item : golden.at("chunk_count")) {
    const auto rows = chunk_rows(Sampler::numpy, item.at("width").get<std::int64_t>());
    CHECK((item.at("n_samples").get<std::int64_t>() + rows - 1) / rows == item.at("chunks").get<std::int64_t>());
  }
}
