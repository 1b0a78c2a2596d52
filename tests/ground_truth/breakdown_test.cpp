// SPDX-License-Identifier: MIT
// The sampling breakdown against the real packages' reports: every operation's price and calls.
#include <doctest/doctest.h>

#include <golden.hpp>
#include <whest/ground_truth/breakdown.hpp>
#include <whest/ground_truth/simulate.hpp>
#include <whest/network/generate.hpp>

using namespace whest;
using namespace whest::ground_truth;
using nlohmann::ordered_json;

namespace {

void check_report(const std::string& name, SamplingPrices prices) {
  CAPTURE(std::string(name));
  const ordered_json report = test::golden_json(name);
  const auto& config = report.at("run_config");
  const auto width = config.at("width").get<std::int64_t>();
  const auto n_mlps = config.at("n_mlps").get<std::int64_t>();
  const auto& sampling = report.at("results").at("breakdowns").at("sampling");
  const auto& space = sampling.at("by_namespace").at("sampling.sample_layer_statistics");
  const auto& operations = space.at("operations");
  // The report does not say how many samples it took; its normals do: 16 each.
  const auto n_samples =
      operations.at("random.Generator.standard_normal").at("flop_cost").get<std::int64_t>() / (16 * width * n_mlps);

  SamplingBreakdown total;
  for (std::int64_t i = 0; i < n_mlps; ++i) {
    add_breakdown(total, price_sampling(width, config.at("depth").get<std::int64_t>(), n_samples, prices));
  }
  CHECK(total.flops_used == sampling.at("flops_used").get<std::int64_t>());
  CHECK(total.calls == space.at("calls").get<std::int64_t>());
  REQUIRE(total.operations.size() == operations.size());
  std::size_t i = 0;
  for (const auto& [operation, cost] : operations.items()) {
    CAPTURE(operation);
    CHECK(total.operations[i].name == operation);
    CHECK(total.operations[i].flop_cost == cost.at("flop_cost").get<std::int64_t>());
    CHECK(total.operations[i].calls == cost.at("calls").get<std::int64_t>());
    ++i;
  }
}

}  // namespace

TEST_CASE("the sampling breakdown is priced as in the peers' reports") {
  for (const char* name : {"zeros_seed0_local", "mean_seed7_n10_local", "command_smoke_test_json",
                           "full_zeros_seed42_local", "dataset_v10_protocol2_local"}) {
    check_report(std::string("runs/whest10/") + name + ".json", SamplingPrices::by_elements);
  }
  for (const char* name : {"covariance_warmup_local", "covariance_phase1_local", "covariance_phase2_subprocess",
                           "dataset_v16_protocol4_local"}) {
    check_report(std::string("runs/whest16/") + name + ".json", SamplingPrices::dtype_aware);
  }
}

TEST_CASE("one sample of 256 x 8 costs 1,059,328 FLOPs") {
  const auto one = price_sampling(256, 8, 4096, SamplingPrices::by_elements);
  const auto two = price_sampling(256, 8, 8192, SamplingPrices::by_elements);
  CHECK(two.flops_used - one.flops_used == std::int64_t{4096} * 1'059'328);
  CHECK(2 * one.flops_used - two.flops_used == 27 * 256);  // once per network
}

TEST_CASE("times of a run's breakdown add up to its wall") {
  auto suite = network::generate_suite(random::Entropy(3), 1, 16, 2);
  REQUIRE(suite.has_value());
  Options options;
  options.n_samples = 5000;
  const auto truth = simulate((*suite)[0].mlp, (*suite)[0].samples, options);
  REQUIRE(truth.has_value());
  const auto breakdown = sampling_breakdown(*truth, 16, 2, SamplingPrices::by_elements);
  CHECK(
      breakdown.wall_time_s ==
      doctest::Approx(breakdown.backend_time_s + breakdown.overhead_time_s + breakdown.residual_time_s).epsilon(1e-12));
  CHECK(breakdown.residual_time_s >= 0);
  double backend_s = 0;
  for (const auto& operation : breakdown.operations) backend_s += operation.backend_time_s;
  CHECK(backend_s == doctest::Approx(breakdown.backend_time_s));
}
