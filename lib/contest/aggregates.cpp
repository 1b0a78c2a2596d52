// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/base/pairwise.hpp>
#include <whest/contest/aggregates.hpp>

namespace whest::contest {

namespace {

using runner::Outcome;
using runner::OutcomeClass;

// NumPy's mean of one figure over the networks.
template <class Figure>
double numpy_mean(std::span<const NetworkScore> scores, Figure figure) {
  std::vector<double> values;
  for (const NetworkScore& score : scores) values.push_back(figure(score));
  return base::pairwise_mean(std::span<const double>(values));
}

// A left-to-right sum over n.
template <class Figure>
double plain_mean(std::span<const NetworkScore> scores, Figure figure) {
  double sum = 0.0;
  for (const NetworkScore& score : scores) sum += figure(score);
  return sum / static_cast<double>(scores.size());
}

// NumPy's mean over axis 0 of a float32 (networks, depth) array: row after row, unless the axis is contiguous.
std::vector<double> mean_by_layer(std::span<const NetworkScore> scores) {
  const std::size_t depth = scores.front().errors.per_layer_mse.size();
  std::vector<double> means;
  for (std::size_t layer = 0; layer < depth; ++layer) {
    std::vector<float> column;
    for (const NetworkScore& score : scores) column.push_back(static_cast<float>(score.errors.per_layer_mse[layer]));
    float sum = 0.0f;
    if (depth == 1) {
      sum = base::pairwise_sum(std::span<const float>(column));
    } else {
      sum = column.front();
      for (std::size_t i = 1; i < column.size(); ++i) sum += column[i];
    }
    means.push_back(static_cast<double>(sum / static_cast<float>(column.size())));
  }
  return means;
}

FailureCounts count_failures(std::span<const NetworkScore> scores) {
  FailureCounts counts;
  for (const NetworkScore& score : scores) {
    counts.budget_exhausted += score.outcome == Outcome::budget_exhausted;
    counts.time_exhausted += score.outcome == Outcome::time_exhausted;
    counts.residual_wall_time_exhausted += score.outcome == Outcome::residual_exhausted;
    counts.combined_budget_exhausted += score.outcome == Outcome::combined_exhausted;
    counts.error += score.outcome_class() == OutcomeClass::error;
  }
  return counts;
}

}  // namespace

Aggregates aggregate(std::span<const NetworkScore> scores, std::int64_t flop_budget) {
  const auto adjusted = [](const NetworkScore& s) { return s.adjusted_final_layer_score; };
  const auto [best, worst] = std::minmax_element(
      scores.begin(), scores.end(), [&](const auto& a, const auto& b) { return adjusted(a) < adjusted(b); });
  Aggregates result;
  result.adjusted_final_layer_score = numpy_mean(scores, adjusted);
  result.final_layer_mse = numpy_mean(scores, [](const NetworkScore& s) { return s.errors.final_layer_mse; });
  result.all_layers_mse = numpy_mean(scores, [](const NetworkScore& s) { return s.errors.all_layers_mse; });
  result.per_layer_mse = mean_by_layer(scores);
  result.best_mlp_adjusted_final_layer_score = adjusted(*best);
  result.worst_mlp_adjusted_final_layer_score = adjusted(*worst);
  result.mean_score_multiplier = plain_mean(scores, [](const NetworkScore& s) { return s.score_multiplier; });
  result.mean_compute_utilization =
      plain_mean(scores, [&](const NetworkScore& s) { return s.effective_compute / static_cast<double>(flop_budget); });
  result.mean_effective_compute = plain_mean(scores, [](const NetworkScore& s) { return s.effective_compute; });
  result.n_failed_mlps = std::count_if(scores.begin(), scores.end(), [](const auto& s) { return s.failed(); });
  result.failures = count_failures(scores);
  result.flops_only_score = numpy_mean(scores, [](const NetworkScore& s) { return s.flops_only_score; });
  return result;
}

bool any_error(std::span<const NetworkScore> scores) {
  return std::any_of(scores.begin(), scores.end(),
                     [](const NetworkScore& s) { return s.outcome_class() == OutcomeClass::error; });
}

}  // namespace whest::contest
