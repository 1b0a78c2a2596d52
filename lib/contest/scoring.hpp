// SPDX-License-Identifier: MIT
// The score of one network: errors in float32 as NumPy computes them, the checks behind predict in their order, the
// multiplier. Pure functions of plain data; no clock is read here.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <whest/contest/breakdown.hpp>
#include <whest/runner/outcome.hpp>
#include <whest/runner/runner.hpp>

namespace whest::contest {

inline constexpr double k_multiplier_floor = 0.1;

struct LayerErrors {
  double final_layer_mse = 0.0;
  double all_layers_mse = 0.0;
  std::vector<double> per_layer_mse;  // [depth]
};

// Mean squared errors of (depth, width) float32 arrays: squares and NumPy's pairwise means in float32, widened at the
// end. Empty predictions stand for zeros.
LayerErrors layer_errors(std::span<const float> predictions, std::span<const float> targets, std::int64_t depth,
                         std::int64_t width);

struct ScoringRules {
  std::int64_t depth = 0;
  std::int64_t width = 0;
  std::int64_t flop_budget = 0;
  double lambda_flops_per_second = 0.0;
  std::optional<double> wall_time_limit_s;
  std::optional<double> residual_wall_time_limit_s;
};

// The entry of a report for one network.
struct NetworkScore {
  std::int64_t mlp_index = 0;
  std::string mlp_name;
  runner::Outcome outcome = runner::Outcome::success;
  LayerErrors errors;
  double adjusted_final_layer_score = 0.0;
  double score_multiplier = 1.0;
  std::int64_t flops_used = 0;     // of a budget failure: what was used, the whole budget if that is 0; of an error: 0
  double effective_compute = 0.0;  // C = F + lambda * R; of an error: 0
  double wall_s = 0.0;
  double backend_s = 0.0;
  double overhead_s = 0.0;
  double residual_s = 0.0;
  double residual_cpu_s = 0.0;
  // What lambda prices and the residual limit stops: threads do not hide work.
  double priced_residual_s() const { return std::max(residual_s, residual_cpu_s); }
  std::optional<Breakdown> breakdown;             // none for an error
  std::optional<Breakdown> breakdown_at_failure;  // what the meter had read when an error ended predict
  std::optional<runner::AuditReading> audit;      // the second price of what the meter read, where one was asked for
  std::optional<runner::Failure> failure;         // what was raised: of errors, and of limits met while running
  double flops_only_score = 0.0;                  // the score with lambda 0 and no limit on time
  std::optional<double> mse_noise_floor;          // the error of the truth itself, as a final-layer MSE

  runner::OutcomeClass outcome_class() const { return runner::outcome_row(outcome).outcome_class; }
  bool failed() const { return outcome != runner::Outcome::success; }
};

// Scores what a runner gave for a network. The checks in their order, each only when none before it fired: FLOP budget
// and wall limit met while running (the runner's outcome), time read > wall limit, residual > its limit, C > B.
// A success with the wrong number of values, or with one that is not finite, is an error whatever the runner says.
NetworkScore score_network(const ScoringRules& rules, runner::Prediction prediction, std::span<const float> targets,
                           std::int64_t mlp_index, std::string mlp_name);

// One sentence for people about a limit that a network met: "MLP 0 (depth=8, width=256) exhausted ...".
std::string exhaustion_sentence(const ScoringRules& rules, const NetworkScore& score);

}  // namespace whest::contest
