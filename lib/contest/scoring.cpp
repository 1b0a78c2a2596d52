// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <whest/base/numbers.hpp>
#include <whest/base/pairwise.hpp>
#include <whest/contest/scoring.hpp>

namespace whest::contest {

using runner::Outcome;
using runner::OutcomeClass;

LayerErrors layer_errors(std::span<const float> predictions, std::span<const float> targets, std::int64_t depth,
                         std::int64_t width) {
  std::vector<float> squares(targets.size());
  for (std::size_t i = 0; i < squares.size(); ++i) {
    const float difference = (predictions.empty() ? 0.0f : predictions[i]) - targets[i];
    squares[i] = difference * difference;
  }
  const std::span<const float> all(squares);
  LayerErrors errors;
  for (std::int64_t layer = 0; layer < depth; ++layer) {
    const auto row = all.subspan(static_cast<std::size_t>(layer * width), static_cast<std::size_t>(width));
    errors.per_layer_mse.push_back(static_cast<double>(base::pairwise_mean(row)));
  }
  errors.final_layer_mse = errors.per_layer_mse.back();
  errors.all_layers_mse = static_cast<double>(base::pairwise_mean(all));
  return errors;
}

namespace {

// A finite prediction may still have errors that no float32 holds: one network would make the suite's mean infinite.
bool has_finite_errors(const LayerErrors& errors) {
  return std::isfinite(errors.all_layers_mse) &&
         std::ranges::all_of(errors.per_layer_mse, [](double mse) { return std::isfinite(mse); });
}

// A runner's word is not taken for the shape and the values of what it calls a success.
void distrust(const ScoringRules& rules, runner::Prediction& prediction) {
  if (prediction.outcome != Outcome::success) return;
  const auto expected = static_cast<std::size_t>(rules.depth * rules.width);
  if (prediction.values.size() != expected) {
    prediction.outcome = Outcome::protocol_error;
    prediction.failure = runner::Failure{
        .code = {},
        .message = fmt::format("The runner returned {} values, expected {}.", prediction.values.size(), expected),
        .details_json = {},
        .traceback = {}};
  } else if (!std::all_of(prediction.values.begin(), prediction.values.end(),
                          [](float v) { return std::isfinite(v); })) {
    prediction.outcome = Outcome::non_finite;
    prediction.failure = runner::Failure{
        .code = {}, .message = "Predictions must contain only finite values.", .details_json = {}, .traceback = {}};
  }
}

// The checks that follow predict, in their order.
Outcome checked_outcome(const ScoringRules& rules, Outcome outcome, const NetworkScore& score) {
  if (outcome != Outcome::success) return outcome;
  if (rules.wall_time_limit_s && score.wall_s > *rules.wall_time_limit_s) return Outcome::time_exhausted;
  if (rules.residual_wall_time_limit_s && score.priced_residual_s() > *rules.residual_wall_time_limit_s) {
    return Outcome::residual_exhausted;
  }
  if (score.effective_compute > static_cast<double>(rules.flop_budget)) return Outcome::combined_exhausted;
  return Outcome::success;
}

double multiplier(double compute, std::int64_t budget) {
  return std::max(k_multiplier_floor, compute / static_cast<double>(budget));
}

void take_meter(NetworkScore& score, const runner::MeterReading& meter) {
  score.flops_used = meter.flops_used;
  score.wall_s = meter.wall_s;
  score.backend_s = meter.backend_s;
  score.overhead_s = meter.overhead_s;
  score.residual_s = meter.residual_s;
  score.residual_cpu_s = meter.residual_cpu_s;
}

// The score that no clock can move: what predict returned, priced by its FLOPs alone. A network without predictions
// (an error, a limit met while running) or above the budget in FLOPs scores zeros.
double flops_only(const ScoringRules& rules, const runner::Prediction& prediction, double own_mse, double zeros_mse) {
  const bool has_values = prediction.outcome == Outcome::success;
  if (!has_values || prediction.meter.flops_used > rules.flop_budget) return zeros_mse;
  return own_mse * multiplier(static_cast<double>(prediction.meter.flops_used), rules.flop_budget);
}

}  // namespace

NetworkScore score_network(const ScoringRules& rules, runner::Prediction prediction, std::span<const float> targets,
                           std::int64_t mlp_index, std::string mlp_name) {
  distrust(rules, prediction);
  const LayerErrors zeros = layer_errors({}, targets, rules.depth, rules.width);
  const LayerErrors own = prediction.outcome == Outcome::success
                              ? layer_errors(prediction.values, targets, rules.depth, rules.width)
                              : zeros;
  if (!has_finite_errors(own)) {
    prediction.outcome = Outcome::non_finite;
    prediction.failure =
        runner::Failure{.code = {},
                        .message = "Predictions are so large that their squared errors are not finite in float32.",
                        .details_json = {},
                        .traceback = {}};
  }
  NetworkScore score;
  score.mlp_index = mlp_index;
  score.mlp_name = std::move(mlp_name);
  const runner::MeterReading& meter = prediction.meter;
  if (runner::outcome_row(prediction.outcome).outcome_class == OutcomeClass::scored ||
      runner::outcome_row(prediction.outcome).outcome_class == OutcomeClass::exhausted) {
    take_meter(score, meter);
    // A budget too small for the first operation: the peers report the whole budget, never 0.
    if (prediction.outcome == Outcome::budget_exhausted && score.flops_used == 0) score.flops_used = rules.flop_budget;
    score.effective_compute =
        static_cast<double>(score.flops_used) + rules.lambda_flops_per_second * score.priced_residual_s();
    score.breakdown = estimator_breakdown(meter);
  } else if (meter.flops_used > 0 || meter.wall_s > 0.0) {
    score.breakdown_at_failure = estimator_breakdown(meter);
  }
  score.audit = estimator_audit(meter);
  score.outcome = checked_outcome(rules, prediction.outcome, score);
  score.errors = score.failed() ? zeros : own;
  score.score_multiplier = score.failed() ? 1.0 : multiplier(score.effective_compute, rules.flop_budget);
  score.adjusted_final_layer_score = score.errors.final_layer_mse * score.score_multiplier;
  score.flops_only_score = flops_only(rules, prediction, own.final_layer_mse, zeros.final_layer_mse);
  score.failure = std::move(prediction.failure);
  return score;
}

std::string exhaustion_sentence(const ScoringRules& rules, const NetworkScore& score) {
  using base::grouped;
  const std::string subject = fmt::format("MLP {} (depth={}, width={})", score.mlp_index, rules.depth, rules.width);
  const char* of_cpu = score.residual_cpu_s > score.residual_s ? " of CPU time" : "";
  std::string what;
  switch (score.outcome) {
    case Outcome::budget_exhausted:
      what = fmt::format("exhausted its FLOP budget after {} FLOPs (budget {})", grouped(score.flops_used),
                         grouped(rules.flop_budget));
      break;
    case Outcome::time_exhausted:
      what = fmt::format("exceeded the wall-clock limit: {:.3f} s > {:.3f} s", score.wall_s,
                         rules.wall_time_limit_s.value_or(0.0));
      break;
    case Outcome::residual_exhausted:
      what = fmt::format("exceeded the residual wall-time limit: {:.3f} s{} > {:.3f} s", score.priced_residual_s(),
                         of_cpu, rules.residual_wall_time_limit_s.value_or(0.0));
      break;
    case Outcome::combined_exhausted:
      what = fmt::format("exceeded the combined budget: C = {} > B = {} ({} FLOPs + lambda * {:.3f} s residual{})",
                         base::grouped_whole(score.effective_compute), grouped(rules.flop_budget),
                         grouped(score.flops_used), score.priced_residual_s(), of_cpu);
      break;
    default:
      what = std::string(runner::outcome_row(score.outcome).sentence);
  }
  return fmt::format("{} {}; scored as zeros.", subject, what);
}

}  // namespace whest::contest
