// SPDX-License-Identifier: MIT
// Scores beyond the golden cases: what is not trusted, the score of FLOPs alone, breakdowns, rounds.
#include <doctest/doctest.h>

#include <cmath>
#include <whest/contest/aggregates.hpp>
#include <whest/contest/round.hpp>
#include <whest/contest/scoring.hpp>

using namespace whest;
using contest::NetworkScore;
using runner::Outcome;

namespace {

const contest::ScoringRules k_rules{.depth = 1,
                                    .width = 2,
                                    .flop_budget = 1000,
                                    .lambda_flops_per_second = 100.0,
                                    .wall_time_limit_s = 2.0,
                                    .residual_wall_time_limit_s = std::nullopt};
const std::vector<float> k_truth = {1.0f, 1.0f};  // zeros score 1

runner::Prediction clean(std::int64_t flops, double residual_s) {
  runner::Prediction prediction;
  prediction.outcome = Outcome::success;
  prediction.values = {1.0f, 2.0f};  // mse 0.5
  prediction.meter.flops_used = flops;
  prediction.meter.residual_s = residual_s;
  prediction.meter.wall_s = residual_s;
  return prediction;
}

NetworkScore score(runner::Prediction prediction) {
  return contest::score_network(k_rules, std::move(prediction), k_truth, 3, "a-network");
}

}  // namespace

TEST_CASE("a success with too few values or a NaN is an error, whatever the runner says") {
  runner::Prediction short_one = clean(10, 0.0);
  short_one.values.pop_back();
  CHECK(score(short_one).outcome == Outcome::protocol_error);
  runner::Prediction nan = clean(10, 0.0);
  nan.values[1] = std::nanf("");
  const NetworkScore scored = score(nan);
  CHECK(scored.outcome == Outcome::non_finite);
  CHECK(scored.adjusted_final_layer_score == 1.0);
  CHECK(scored.failure.has_value());
}

TEST_CASE("a finite prediction whose errors no float32 holds is an error: the suite stays finite") {
  runner::Prediction huge = clean(10, 0.0);
  huge.values[0] = 1e20F;
  const NetworkScore scored = score(huge);
  CHECK(scored.outcome == Outcome::non_finite);
  CHECK(scored.adjusted_final_layer_score == 1.0);
  CHECK(scored.flops_only_score == 1.0);
}

TEST_CASE("the score of FLOPs alone does not see the clock") {
  CHECK(score(clean(400, 0.0)).flops_only_score == 0.2);
  CHECK(score(clean(400, 1.5)).flops_only_score == 0.2);
  const NetworkScore late = score(clean(400, 5.0));
  CHECK(late.outcome == Outcome::time_exhausted);
  CHECK(late.adjusted_final_layer_score == 1.0);
  CHECK(late.flops_only_score == 0.2);
  CHECK(score(clean(1001, 0.0)).flops_only_score == 1.0);  // over the budget in FLOPs: zeros
  runner::Prediction raised = clean(400, 0.0);
  raised.outcome = Outcome::predict_error;
  CHECK(score(raised).flops_only_score == 1.0);
}

TEST_CASE("threads do not hide work: the larger of wall and CPU residual time is priced and limited") {
  runner::Prediction threaded = clean(400, 0.5);
  threaded.meter.residual_cpu_s = 3.0;
  const NetworkScore priced = score(threaded);
  CHECK(priced.effective_compute == 400 + 100.0 * 3.0);
  CHECK(priced.residual_s == 0.5);
  CHECK(priced.adjusted_final_layer_score == 0.5 * 0.7);
  contest::ScoringRules gated = k_rules;
  gated.residual_wall_time_limit_s = 2.0;
  const NetworkScore stopped = contest::score_network(gated, threaded, k_truth, 3, "a-network");
  CHECK(stopped.outcome == Outcome::residual_exhausted);
  CHECK(contest::exhaustion_sentence(gated, stopped).find("3.000 s of CPU time > 2.000 s") != std::string::npos);
  threaded.meter.residual_cpu_s = 0.25;
  CHECK(score(threaded).effective_compute == 400 + 100.0 * 0.5);
}

TEST_CASE("an error keeps what the meter had read, beside the zeros of the report") {
  runner::Prediction raised = clean(400, 0.1);
  raised.outcome = Outcome::worker_eof;
  const NetworkScore scored = score(raised);
  CHECK(scored.flops_used == 0);
  CHECK_FALSE(scored.breakdown.has_value());
  REQUIRE(scored.breakdown_at_failure.has_value());
  CHECK(scored.breakdown_at_failure->flops_used == 400);
}

TEST_CASE("errors decide the exit status, limits do not") {
  const std::vector<NetworkScore> limits = {score(clean(10, 0.0)), score(clean(1001, 0.0))};
  CHECK(contest::aggregate(limits, 1000).n_failed_mlps == 1);
  CHECK_FALSE(contest::any_error(limits));
  runner::Prediction raised = clean(0, 0.0);
  raised.outcome = Outcome::predict_error;
  CHECK(contest::any_error(std::vector<NetworkScore>{score(raised)}));
}

TEST_CASE("each limit has its sentence") {
  CHECK(contest::exhaustion_sentence(k_rules, score(clean(1001, 0.0))) ==
        "MLP 3 (depth=1, width=2) exceeded the combined budget: C = 1,001 > B = 1,000 (1,001 FLOPs + lambda * 0.000 s "
        "residual); scored as zeros.");
  contest::ScoringRules steep = k_rules;
  steep.lambda_flops_per_second = 1e22;
  const NetworkScore far = contest::score_network(steep, clean(0, 1.0), k_truth, 3, "a-network");
  CHECK(contest::exhaustion_sentence(steep, far).find("C = 10,000,000,000,000,000,000,000 > B = 1,000 ") !=
        std::string::npos);
  CHECK(contest::exhaustion_sentence(k_rules, score(clean(0, 2.5))) ==
        "MLP 3 (depth=1, width=2) exceeded the wall-clock limit: 2.500 s > 2.000 s; scored as zeros.");
}

TEST_CASE("breakdowns take the estimator's prefix and add up by name") {
  runner::MeterReading reading;
  reading.flop_budget = 100;
  reading.flops_used = 30;
  reading.by_namespace = {
      {.name = "", .flops_used = 10, .calls = 1, .operations = {{.name = "add", .flop_cost = 10, .calls = 1}}},
      {.name = "outer.inner",
       .flops_used = 20,
       .calls = 2,
       .operations = {{.name = "exp", .flop_cost = 20, .calls = 2}}}};
  const std::vector<std::optional<contest::Breakdown>> parts = {contest::estimator_breakdown(reading), std::nullopt,
                                                                contest::estimator_breakdown(reading)};
  const auto sum = contest::merge(parts);
  REQUIRE(sum.has_value());
  CHECK(sum->flop_budget == 200);
  CHECK(sum->flops_remaining() == 140);
  REQUIRE(sum->by_namespace.size() == 2);
  CHECK(sum->by_namespace[0].name == "estimator.estimator-client");
  CHECK(sum->by_namespace[1].name == "estimator.outer.inner");
  CHECK(sum->by_namespace[1].operations[0].flop_cost == 40);
  CHECK(sum->by_namespace[1].operations[0].calls == 4);
  CHECK_FALSE(contest::merge(std::vector<std::optional<contest::Breakdown>>(3)).has_value());
}

TEST_CASE("every built-in round loads, under its own name") {
  const auto names = contest::round_names();
  CHECK(names.size() == 4);
  for (const std::string& name : names) {
    CAPTURE(std::string(name));
    const auto round = contest::load_round(name);
    REQUIRE_MESSAGE(round.has_value(), (round ? "" : round.error().message));
    CHECK(round->name == name);
  }
  const auto warmup = contest::load_round(std::string(contest::k_default_round)).value();
  CHECK(warmup.width == 256);
  CHECK(warmup.depth == 8);
  CHECK(warmup.flop_budget == 68'000'000'000);
  CHECK(warmup.lambda_flops_per_second == 1e11);
  CHECK_FALSE(warmup.residual_wall_time_limit_s.has_value());
  CHECK(contest::load_round("phase2")->residual_wall_time_limit_s == 0.4);
}

TEST_CASE("rounds: unknown names, files and keys are one sentence") {
  CHECK(contest::load_round("warmpu").error().message.find("Did you mean 'warmup'?") != std::string::npos);
  CHECK(contest::load_round("./nowhere.json").error().message.find("./nowhere.json") != std::string::npos);
  CHECK(contest::parse_round("[1]", "x.json").error().message == "x.json must be a JSON object.");
  CHECK(contest::parse_round("{\"name\": 3}", "x.json").error().message == "'name' in x.json must be a string, got 3.");
}
