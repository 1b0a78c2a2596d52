// SPDX-License-Identifier: MIT
// The golden scores, to the bit: errors, single networks (every check and failure), suites.
#include <doctest/doctest.h>

#include <cmath>
#include <golden.hpp>
#include <map>
#include <whest/contest/aggregates.hpp>
#include <whest/contest/scoring.hpp>
#include <whest/random/pcg64.hpp>
#include <whest/random/seed_sequence.hpp>

using namespace whest;
using nlohmann::ordered_json;
using runner::Outcome;
using whest::test::golden_json;

namespace {

// numpy.random.default_rng(seed).random((depth, width), float32)
std::vector<float> uniform(std::uint64_t seed, std::int64_t count) {
  random::Pcg64 generator{random::SeedSequence(random::Entropy(seed))};
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = generator.next_float();
  return values;
}

// A number of a golden file: as it is, or a hex string.
double number(const ordered_json& value) {
  return value.is_string() ? test::hex_float(value.get<std::string>()) : value.get<double>();
}

std::vector<double> numbers(const ordered_json& list) {
  std::vector<double> values;
  for (const auto& value : list) values.push_back(number(value));
  return values;
}

std::optional<double> limit(const ordered_json& value) {
  return value.is_null() ? std::nullopt : std::optional<double>(number(value));
}

// What predict returned or raised, as a runner would say it.
runner::Prediction prediction_of(const std::string& name, const std::string& answer, const std::vector<float>& base) {
  runner::Prediction prediction;
  prediction.outcome = Outcome::success;
  static const std::map<std::string, Outcome> k_raised = {{"BudgetExhaustedError", Outcome::budget_exhausted},
                                                          {"TimeExhaustedError", Outcome::time_exhausted},
                                                          {"RunnerError", Outcome::predict_error},
                                                          {"KeyError", Outcome::predict_error},
                                                          {"NoneType", Outcome::bad_shape},
                                                          {"list", Outcome::bad_shape}};
  if (const auto raised = k_raised.find(answer); raised != k_raised.end()) {
    prediction.outcome = raised->second;
  } else if (!answer.ends_with("[2, 4]")) {
    prediction.outcome = Outcome::bad_shape;
  }
  if (prediction.outcome != Outcome::success) {
    prediction.failure = runner::Failure{.code = {}, .message = "raised", .details_json = {}, .traceback = "trace"};
    return prediction;
  }
  for (const float value : base) {
    float given = value;
    if (name.starts_with("nan")) given = std::nanf("");
    if (name.starts_with("inf")) given = INFINITY;
    if (name.starts_with("too large"))
      given = static_cast<float>(static_cast<double>(value) * 1e39);
    else if (answer.starts_with("float64"))
      given = static_cast<float>(static_cast<double>(value) + 1e-9);
    if (answer.starts_with("int64")) given = std::trunc(value * 10.0f);
    if (answer.starts_with("bool")) given = value > 0.5f ? 1.0f : 0.0f;
    prediction.values.push_back(given);
  }
  return prediction;
}

runner::MeterReading meter_of(const ordered_json& meter) {
  runner::MeterReading reading;
  reading.flops_used = meter["flops_used"];
  reading.wall_s = number(meter["wall_time_s"]);
  reading.backend_s = number(meter["flopscope_backend_time_s"]);
  reading.overhead_s = number(meter["flopscope_overhead_time_s"]);
  reading.residual_s = number(meter["residual_wall_time_s"]);
  return reading;
}

void check_failures(const contest::FailureCounts& ours, const ordered_json& golden) {
  CHECK(ours.budget_exhausted == golden["budget_exhausted"]);
  CHECK(ours.time_exhausted == golden["time_exhausted"]);
  CHECK(ours.residual_wall_time_exhausted == golden["residual_wall_time_exhausted"]);
  CHECK(ours.combined_budget_exhausted == golden["combined_budget_exhausted"]);
  CHECK(ours.error == golden["error"]);
}

void check_score(const contest::NetworkScore& ours, const ordered_json& golden) {
  CHECK(ours.errors.final_layer_mse == number(golden["final_layer_mse"]));
  CHECK(ours.errors.all_layers_mse == number(golden["all_layers_mse"]));
  CHECK(ours.adjusted_final_layer_score == number(golden["adjusted_final_layer_score"]));
  CHECK(ours.effective_compute == number(golden["effective_compute"]));
  CHECK(ours.flops_used == golden["flops_used"].get<std::int64_t>());
  CHECK(ours.wall_s == number(golden["wall_time_s"]));
  CHECK(ours.backend_s == number(golden["flopscope_backend_time_s"]));
  CHECK(ours.overhead_s == number(golden["flopscope_overhead_time_s"]));
  CHECK(ours.residual_s == number(golden["residual_wall_time_s"]));
  CHECK((ours.outcome == Outcome::budget_exhausted) == golden["budget_exhausted"].get<bool>());
  CHECK((ours.outcome == Outcome::time_exhausted) == golden["time_exhausted"].get<bool>());
  CHECK((ours.outcome == Outcome::residual_exhausted) == golden["residual_wall_time_exhausted"].get<bool>());
  CHECK((ours.outcome == Outcome::combined_exhausted) == golden["combined_budget_exhausted"].get<bool>());
  CHECK((ours.outcome_class() == runner::OutcomeClass::error) == golden.contains("error"));
  CHECK(ours.failure.has_value() == golden["has_traceback"].get<bool>());
  CHECK(!ours.breakdown.has_value() == golden["breakdown_is_null"].get<bool>());
}

contest::NetworkScore score_case(const ordered_json& golden, std::uint64_t seed_offset) {
  const contest::ScoringRules rules{.depth = 2,
                                    .width = 4,
                                    .flop_budget = golden["flop_budget"],
                                    .lambda_flops_per_second = number(golden["lambda_flops_per_second"]),
                                    .wall_time_limit_s = limit(golden["wall_time_limit_s"]),
                                    .residual_wall_time_limit_s = limit(golden["residual_wall_time_limit_s"])};
  runner::Prediction prediction = prediction_of(golden["name"], golden["answer"], uniform(seed_offset + 1, 8));
  prediction.meter = meter_of(golden["meter"]);
  return contest::score_network(rules, std::move(prediction), uniform(seed_offset + 2, 8), 0, "a-network");
}

// Files of this kind differ in where their seeds start; the first case, a clean one, says which it is.
std::uint64_t seed_offset_of(const ordered_json& scores) {
  for (const std::uint64_t offset : {0u, 500'000u}) {
    if (score_case(scores[0], offset).errors.final_layer_mse == number(scores[0]["per_mlp"]["final_layer_mse"])) {
      return offset;
    }
  }
  FAIL("the first case fits no known seeds");
  return 0;
}

void check_scores(const std::string& file) {
  const ordered_json golden = golden_json(file);
  const std::uint64_t offset = seed_offset_of(golden["scores"]);
  for (const ordered_json& one : golden["scores"]) {
    CAPTURE(one["name"].get<std::string>());
    const contest::NetworkScore score = score_case(one, offset);
    check_score(score, one["per_mlp"]);
    const contest::Aggregates suite = contest::aggregate(std::span(&score, 1), one["flop_budget"]);
    CHECK(suite.mean_score_multiplier == number(one["mean_score_multiplier"]));
    CHECK(suite.mean_compute_utilization == number(one["mean_compute_utilization"]));
    CHECK(suite.n_failed_mlps == one["n_failed_mlps"].get<std::int64_t>());
    check_failures(suite.failures, one["failure_breakdown"]);
  }
}

void check_errors(const std::string& file) {
  const ordered_json golden = golden_json(file);
  for (const ordered_json& one : golden["mse"]) {
    const std::int64_t depth = one["depth"], width = one["width"];
    CAPTURE(depth);
    CAPTURE(width);
    const auto ours = contest::layer_errors(uniform(one["predictions_seed"], depth * width),
                                            uniform(one["targets_seed"], depth * width), depth, width);
    CHECK(ours.final_layer_mse == number(one["final_layer_mse"]));
    CHECK(ours.all_layers_mse == number(one["all_layers_mse"]));
    CHECK(ours.per_layer_mse == numbers(one["per_layer_mse"]));
  }
}

std::vector<contest::NetworkScore> score_suite(const ordered_json& suite) {
  const contest::ScoringRules rules{.depth = suite["depth"],
                                    .width = suite["width"],
                                    .flop_budget = suite["flop_budget"],
                                    .lambda_flops_per_second = number(suite["lambda_flops_per_second"]),
                                    .wall_time_limit_s = std::nullopt,
                                    .residual_wall_time_limit_s = std::nullopt};
  std::vector<contest::NetworkScore> scores;
  std::uint64_t seed = suite["seed_base"];
  for (const ordered_json& network : suite["networks"]) {
    runner::Prediction prediction;
    prediction.outcome = network[0] == "error" ? Outcome::predict_error : Outcome::success;
    if (prediction.outcome == Outcome::success) prediction.values = uniform(seed, rules.depth * rules.width);
    prediction.meter.flops_used = network[1];
    prediction.meter.residual_s = number(network[2]);
    scores.push_back(contest::score_network(rules, std::move(prediction), uniform(seed + 1, rules.depth * rules.width),
                                            static_cast<std::int64_t>(scores.size()), "a-network"));
    seed += 2;
  }
  return scores;
}

void check_suites(const std::string& file) {
  const ordered_json golden = golden_json(file);
  for (const ordered_json& suite : golden["suites"]) {
    CAPTURE(suite["n_mlps"].get<int>());
    const auto scores = score_suite(suite);
    REQUIRE(scores.size() == suite["adjusted"].size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
      CHECK(scores[i].adjusted_final_layer_score == number(suite["adjusted"][i]));
    }
    const contest::Aggregates ours = contest::aggregate(scores, suite["flop_budget"]);
    const ordered_json& theirs = suite["aggregates"];
    CHECK(ours.adjusted_final_layer_score == number(theirs["adjusted_final_layer_score"]));
    CHECK(ours.final_layer_mse == number(theirs["final_layer_mse"]));
    CHECK(ours.all_layers_mse == number(theirs["all_layers_mse"]));
    CHECK(ours.best_mlp_adjusted_final_layer_score == number(theirs["best_mlp_adjusted_final_layer_score"]));
    CHECK(ours.worst_mlp_adjusted_final_layer_score == number(theirs["worst_mlp_adjusted_final_layer_score"]));
    CHECK(ours.mean_score_multiplier == number(theirs["mean_score_multiplier"]));
    CHECK(ours.mean_compute_utilization == number(theirs["mean_compute_utilization"]));
    CHECK(ours.mean_effective_compute == number(theirs["mean_effective_compute"]));
    CHECK(ours.per_layer_mse == numbers(theirs["per_layer_mse"]));
    CHECK(ours.n_failed_mlps == theirs["n_failed_mlps"].get<std::int64_t>());
    check_failures(ours.failures, theirs["failure_breakdown"]);
  }
}

}  // namespace

TEST_CASE("errors of predictions, to the bit") { check_errors("networks/scoring.json"); }
TEST_CASE("single networks, 0.10") { check_scores("networks/scoring.json"); }
TEST_CASE("single networks, 0.16") { check_scores("networks/scoring16.json"); }
TEST_CASE("suites, to the bit") { check_suites("networks/scoring.json"); }
