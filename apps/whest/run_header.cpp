// SPDX-License-Identifier: MIT
#include "run_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/base/version.hpp>

namespace whest::app {

namespace {

// Every limit as asked; what is enforced is known when a runner has started.
std::vector<report::Limit> limits_asked(const contest::Round& round) {
  const auto limit = [](const char* name, std::optional<double> value) {
    return report::Limit{name, value, value, {}};
  };
  return {
      limit("flop_budget", static_cast<double>(round.flop_budget)),
      limit("wall_time_limit_s", round.wall_time_limit_s),
      limit("setup_timeout_s", round.setup_timeout_s),
      limit("residual_wall_time_limit_s", round.residual_wall_time_limit_s),
      limit("memory_limit_bytes", static_cast<double>(round.memory_limit_bytes)),
      limit("max_threads", round.max_threads ? std::optional(static_cast<double>(*round.max_threads)) : std::nullopt)};
}

report::RunDetails details_of(const RunRequest& request, const estimator::Located& located, std::uint64_t seed,
                              const Environment& env) {
  report::RunDetails details;
  details.command = env.arguments;
  details.round = request.round.name;
  details.runner = request.round.runner;
  details.cost_model = request.round.cost_model;
  details.audit_cost_model = request.audit_cost_model;
  details.sampler = request.round.sampler;
  details.n_samples = request.round.n_samples;
  details.estimator_sha256 = located.sha256;
  details.git_version = base::git_description();
  details.compiler = base::compiler();
  details.build_type = base::build_type();
  details.resolved_seed = seed;
  details.jobs = request.round.jobs;
  details.range = request.range;
  details.limits = limits_asked(request.round);
  details.settings = request.settings;
  return details;
}

}  // namespace

contest::ScoringRules scoring_rules(const contest::Round& round) {
  return {.depth = round.depth,
          .width = round.width,
          .flop_budget = round.flop_budget,
          .lambda_flops_per_second = round.lambda_flops_per_second,
          .wall_time_limit_s = round.wall_time_limit_s,
          .residual_wall_time_limit_s = round.residual_wall_time_limit_s};
}

runner::Limits limits_of(const contest::Round& round) {
  return {.flop_budget = round.flop_budget,
          .wall_time_s = round.wall_time_limit_s,
          .setup_time_s = round.setup_timeout_s,
          .memory_bytes = round.memory_limit_bytes,
          .max_threads = static_cast<int>(round.max_threads.value_or(0))};
}

runner::Submission submission_of(const RunRequest& request, const estimator::Located& located, std::uint64_t seed) {
  return {.estimator = located,
          .class_name = request.class_name,
          .cost_model = request.round.cost_model,
          .audit_cost_model = request.audit_cost_model,
          .width = request.round.width,
          .depth = request.round.depth,
          .seed = seed};
}

report::RunReport make_header(const RunRequest& request, const estimator::Located& located, std::uint64_t seed,
                              const Environment& env) {
  const contest::Round& round = request.round;
  report::RunReport report;
  report.mode = request.format == Format::json ? "agent" : "human";
  report.version = base::version();
  report.meta.started_at_utc = base::utc_iso(env.clock.utc());
  report.meta.host = base::probe_host();
  report.meta.software.flopscope_version = fmt::format("whest {}", base::version());
  report.config = {.n_mlps = round.n_mlps,
                   .width = round.width,
                   .depth = round.depth,
                   .seed = request.seed,
                   .flop_budget = round.flop_budget,
                   .setup_timeout_s = round.setup_timeout_s,
                   .wall_time_limit_s = round.wall_time_limit_s,
                   .residual_wall_time_limit_s = round.residual_wall_time_limit_s,
                   .lambda_flops_per_second = round.lambda_flops_per_second,
                   .estimator_class = request.class_name,
                   .estimator_path = request.estimator,
                   .dataset = std::nullopt,
                   .details = details_of(request, located, seed, env)};
  return report;
}

void note_enforcement(report::RunDetails& details, const runner::Enforcement& enforcement) {
  for (report::Limit& limit : details.limits) {
    if (limit.name == "memory_limit_bytes") {
      limit.enforced.reset();
      if (enforcement.memory_limit) limit.enforced = static_cast<double>(enforcement.memory_bytes);
      limit.note = enforcement.memory_limit ? "address space beyond the worker's own, buffers of the libraries included"
                                            : "advisory: the runner shares the grader's memory";
    }
    if (limit.name == "wall_time_limit_s" && !enforcement.predict_deadline) {
      limit.note =
          "met at the next counted operation or when predict returns; code that does not return is not stopped";
    }
    if (limit.name == "setup_timeout_s" && !enforcement.setup_deadline) {
      limit.note = "checked when setup returns";
    }
  }
}

void finish_report(report::RunReport& report, const contest::ContestData& data,
                   const std::optional<report::RunReport>& earlier, double duration_s, const base::Clock& clock) {
  report.meta.finished_at_utc = base::utc_iso(clock.utc());
  report.meta.duration_s = duration_s;
  report.aggregates = contest::aggregate(report.networks, report.config.flop_budget);
  std::vector<std::optional<contest::Breakdown>> parts;
  std::vector<std::optional<runner::AuditReading>> audits;
  for (const contest::NetworkScore& score : report.networks) {
    parts.push_back(score.breakdown);
    audits.push_back(score.audit);
  }
  report.estimator = contest::merge(parts);
  report.estimator_audit = contest::merge_audits(audits);
  report.sampling = data.sampling;
  if (earlier && earlier->sampling) {
    contest::Breakdown sum = *earlier->sampling;
    contest::add_to(sum, data.sampling);
    report.sampling = sum;
  }
  report.config.details->isa = data.isa;
  double sum = 0.0;
  for (const contest::NetworkScore& score : report.networks) sum += score.mse_noise_floor.value_or(0.0);
  const double floor = sum / static_cast<double>(report.networks.size());
  const bool sampled_now = data.n_samples > 0;
  report.ground_truth = report::GroundTruthQuality{
      .n_samples = sampled_now || !earlier->ground_truth ? data.n_samples : earlier->ground_truth->n_samples,
      .final_layer_standard_error = std::sqrt(floor),
      .mse_noise_floor = floor,
      .wall_s = data.wall_s};
  if (!sampled_now) report.config.details->isa = earlier->config.details->isa;
}

report::CommandError first_failure(const report::RunReport& report, std::int64_t mlp_index, bool debug) {
  const auto found = std::find_if(report.networks.begin(), report.networks.end(),
                                  [&](const contest::NetworkScore& score) { return score.mlp_index == mlp_index; });
  const runner::OutcomeRow& row = runner::outcome_row(found->outcome);
  const runner::Failure failure = found->failure.value_or(runner::Failure{});
  std::string code = failure.code.empty() ? std::string(row.error_code) : failure.code;
  if (row.outcome_class == runner::OutcomeClass::exhausted) code = "SCORING_RUNTIME_ERROR";
  std::string message = failure.message;
  if (message.empty()) {
    const contest::ScoringRules rules{.depth = report.config.depth,
                                      .width = report.config.width,
                                      .flop_budget = report.config.flop_budget,
                                      .lambda_flops_per_second = report.config.lambda(),
                                      .wall_time_limit_s = report.config.wall_time_limit_s,
                                      .residual_wall_time_limit_s = report.config.residual_wall_time_limit_s};
    message = contest::exhaustion_sentence(rules, *found);
  }
  base::Json details = base::Json::parse(failure.details_json, nullptr, false);
  if (!details.is_object()) details = base::Json::object();
  details["mlp_index"] = found->mlp_index;
  details["mlp_name"] = found->mlp_name;
  return {.stage = "predict",
          .code = code,
          .message = message,
          .details_json = details.dump(),
          .traceback = debug ? failure.traceback : std::string(),
          .more_with_debug = !debug && !failure.traceback.empty(),
          .subject = fmt::format("network #{} ({})", found->mlp_index, found->mlp_name)};
}

}  // namespace whest::app
