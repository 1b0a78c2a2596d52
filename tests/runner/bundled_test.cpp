// SPDX-License-Identifier: MIT
// The bundled estimators: their exact FLOPs and the predictions of the packages' own (golden/runs), in both runners.
#include <algorithm>
#include <array>
#include <cstring>
#include <golden.hpp>
#include <map>

#include "support.hpp"

using namespace whest;
using namespace whest::test;
using whest::runner::Outcome;

namespace {

std::vector<float> from_base64(const std::string& text) {
  std::array<int, 256> value{};
  value.fill(-1);
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    value[static_cast<unsigned char>(alphabet[i])] = static_cast<int>(i);
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int v = value[static_cast<unsigned char>(c)];
    if (v < 0) continue;
    bits = bits << 6 | static_cast<unsigned>(v);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  std::vector<float> floats(bytes.size() / 4);
  std::memcpy(floats.data(), bytes.data(), floats.size() * 4);
  return floats;
}

runner::Prediction predicted(const std::string& kind, const std::string& name, const network::Mlp& mlp,
                             const std::string& cost_model) {
  const auto running = make_runner(kind);
  runner::Submission s = submission(name);
  s.cost_model = cost_model;
  s.width = mlp.width;
  s.depth = mlp.depth;
  const auto started = running->start(s, generous());
  if (!started) FAIL(started.error().message);
  REQUIRE(!*started);
  runner::Prediction p = running->predict(mlp, 0);
  INFO(name << " " << kind << ": " << (p.failure ? p.failure->message : ""));
  REQUIRE(p.outcome == Outcome::success);
  check_meter(p.meter);
  return p;
}

// Relative to the expected value, or to 1e-8 where that is smaller: mean Phi + sigma phi cancels in the tail, and its
// absolute error there is that of doubles near 1 (1e-16).
double largest_relative_difference(const std::vector<float>& got, const std::vector<float>& expected) {
  REQUIRE(got.size() == expected.size());
  double largest = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double difference = std::abs(static_cast<double>(got[i]) - static_cast<double>(expected[i]));
    largest = std::max(largest, difference / std::max(std::abs(static_cast<double>(expected[i])), 1e-8));
    if (std::isnan(difference)) return difference;
  }
  return largest;
}

const std::map<std::string, std::string> k_names{
    {"zeros", "zeros"}, {"random", "random"}, {"mean", "mean_propagation"}, {"covariance", "covariance_propagation"}};

void check_against(const std::string& file, const char* kind) {
  const auto golden = golden_json("runs/" + file);
  const auto suite = network::generate_suite(random::Entropy(golden["seed"].get<std::uint64_t>()),
                                             golden["n_mlps"].get<std::size_t>(), 256, 8);
  REQUIRE(suite);
  for (const auto& entry : golden["predictions"]) {
    const std::string estimator = entry["estimator"];
    const auto index = entry["mlp_index"].get<std::size_t>();
    CAPTURE(estimator);
    CAPTURE(index);
    const auto p = predicted(kind, k_names.at(estimator), suite->at(index).mlp, "flopscope-0.5");
    CHECK(p.meter.flops_used == entry["flops_used"].get<std::int64_t>());
    const std::string text = entry["predictions"];
    const std::vector<float> expected = text == "zeros" ? std::vector<float>(8 * 256) : from_base64(text);
    const double difference = largest_relative_difference(p.values, expected);
    const bool to_the_bit = estimator == "zeros" || estimator == "random";
    CHECK(difference <= (to_the_bit ? 0.0 : 1e-4));
  }
}

std::map<std::string, std::pair<std::int64_t, std::int64_t>> split(const runner::MeterReading& meter) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> operations;
  for (const auto& ns : meter.by_namespace) {
    for (const auto& operation : ns.operations) operations[operation.name] = {operation.flop_cost, operation.calls};
  }
  return operations;
}

}  // namespace

TEST_CASE("bundled predictions are those of the packages: local") {
  check_against("truth_256x8_seed0.json", "local");
  check_against("truth_256x8_seed7.json", "local");
}

TEST_CASE("bundled predictions are those of the packages: subprocess") {
  check_against("truth_256x8_seed7.json", "subprocess");
}

TEST_CASE("a comparison of predictions rejects a planted error") {
  std::vector<float> expected{1.0F, 2.0F, 3.0F}, got = expected;
  CHECK(largest_relative_difference(got, expected) == 0.0);
  got[1] *= 1.001F;
  CHECK(largest_relative_difference(got, expected) > 1e-4);
  got[1] = NAN;
  CHECK_FALSE(largest_relative_difference(got, expected) <= 1e-4);
}

TEST_CASE("mean and covariance propagation charge exactly, split by operation") {
  using Split = std::map<std::string, std::pair<std::int64_t, std::int64_t>>;
  const network::Mlp mlp = small_network(1);
  CHECK(split(predicted("local", "mean_propagation", mlp, "flopscope-0.5").meter) ==
        Split{{"matmul", {2093056, 16}},
              {"multiply", {538624, 64}},
              {"maximum", {4096, 16}},
              {"sqrt", {2048, 8}},
              {"true_divide", {2048, 8}},
              {"stats.norm.pdf", {32768, 8}},
              {"stats.norm.cdf", {32768, 8}},
              {"add", {6144, 24}},
              {"subtract", {2048, 8}},
              {"stack", {2048, 1}}});
  CHECK(split(predicted("local", "covariance_propagation", mlp, "flopscope-0.5").meter) ==
        Split{{"diag", {16384, 16}},
              {"max", {2040, 8}},
              {"matmul", {1046528, 8}},
              {"einsum", {402390016, 8}},
              {"maximum", {4096, 16}},
              {"sqrt", {2048, 8}},
              {"true_divide", {2048, 8}},
              {"stats.norm.pdf", {32768, 8}},
              {"stats.norm.cdf", {32768, 8}},
              {"multiply", {279552, 72}},
              {"add", {6144, 24}},
              {"subtract", {2048, 8}},
              {"asarray", {0, 16}},
              {"greater", {2048, 8}},
              {"where", {8192, 8}},
              {"array", {2048, 8}},
              {"outer", {263168, 8}},
              {"fill_diagonal", {8192, 8}},
              {"exp", {128, 8}},
              {"stack", {2048, 1}}});
}

TEST_CASE("totals under the later cost models") {
  const network::Mlp mlp = small_network(1);
  const auto flops = [&](const char* name, const char* model) {
    return predicted("local", name, mlp, model).meter.flops_used;
  };
  CHECK(flops("random", "flopscope-0.9") == 16'384);
  CHECK(flops("random", "flopscope-0.12") == 16'384);
  CHECK(flops("mean_propagation", "flopscope-0.9") == 5'083'648);
  CHECK(flops("mean_propagation", "flopscope-0.12") == 5'083'648);
  CHECK(flops("covariance_propagation", "flopscope-0.9") == 808'074'992);
  CHECK(flops("covariance_propagation", "flopscope-0.12") == 1'042'038'512);
}

TEST_CASE("combined chooses by its budget") {
  const network::Mlp mlp = small_network(1);
  for (const auto& [budget, flops] :
       {std::pair<std::int64_t, std::int64_t>{30 * 256 * 256 - 1, -1}, {68'000'000'000, 404'102'264}}) {
    const auto running = make_runner("local");
    runner::Limits limits = generous();
    limits.flop_budget = budget;
    const auto started = running->start(submission("combined"), limits);
    REQUIRE(started);
    const auto p = running->predict(mlp, 0);
    // Below 30 width^2 it is mean propagation, which at this depth is dearer than the budget.
    CHECK(p.outcome == (flops < 0 ? Outcome::budget_exhausted : Outcome::success));
    if (flops > 0) CHECK(p.meter.flops_used == flops);
  }
}

TEST_CASE("monte carlo spends its share and comes near the truth") {
  const auto golden = golden_json("runs/truth_256x8_seed7.json");
  const auto suite = network::generate_suite(random::Entropy(std::uint64_t{7}), 1, 256, 8);
  REQUIRE(suite);
  const auto p = predicted("subprocess", "monte_carlo", suite->at(0).mlp, "flopscope-0.5");
  CHECK(p.meter.flops_used > 5'000'000'000);
  CHECK(p.meter.flops_used < 6'800'000'000);
  const std::vector<float> truth = from_base64(golden["networks"][0]["layer_means"]);
  double squares = 0;
  for (std::size_t i = 7 * 256; i < 8 * 256; ++i) squares += std::pow(static_cast<double>(p.values[i] - truth[i]), 2);
  CHECK(squares / 256 < 2e-4);  // variance of a neuron 0.15 over 5,000 samples and the truth's own 20,000
}
