// SPDX-License-Identifier: MIT
// The score of a suite, from the scores of its networks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <whest/contest/scoring.hpp>

namespace whest::contest {

struct FailureCounts {
  std::int64_t budget_exhausted = 0;
  std::int64_t time_exhausted = 0;
  std::int64_t residual_wall_time_exhausted = 0;
  std::int64_t combined_budget_exhausted = 0;
  std::int64_t error = 0;

  bool operator==(const FailureCounts&) const = default;
};

struct Aggregates {
  double adjusted_final_layer_score = 0.0;  // lower is better
  double final_layer_mse = 0.0;
  double all_layers_mse = 0.0;
  std::vector<double> per_layer_mse;  // [depth]
  double best_mlp_adjusted_final_layer_score = 0.0;
  double worst_mlp_adjusted_final_layer_score = 0.0;
  double mean_score_multiplier = 0.0;
  double mean_compute_utilization = 0.0;  // C / B
  double mean_effective_compute = 0.0;
  std::int64_t n_failed_mlps = 0;
  FailureCounts failures;
  double flops_only_score = 0.0;
};

// `scores` must not be empty. Scores and errors are NumPy's pairwise means in double; multiplier, utilization and
// compute are left-to-right sums over n; the errors by layer are float32 sums, network after network (a single layer:
// pairwise).
Aggregates aggregate(std::span<const NetworkScore> scores, std::int64_t flop_budget);

// Runs with an error exit 1; limits that were met do not count.
bool any_error(std::span<const NetworkScore> scores);

}  // namespace whest::contest
