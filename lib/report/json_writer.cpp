// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>
#include <whest/base/json_object.hpp>
#include <whest/report/json_writer.hpp>

namespace whest::report {

namespace {

using base::Json;
using contest::NetworkScore;
using runner::Outcome;
using runner::OutcomeClass;

template <class T>
Json nullable(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json host_json(const RunMeta& meta) {
  const base::Host& host = meta.host;
  return Json{{"hostname", host.hostname},
              {"os", host.os},
              {"os_release", host.os_release},
              {"platform", host.platform},
              {"machine", host.machine},
              {"python_version", meta.software.python_version},
              {"cpu_brand", host.cpu_brand},
              {"cpu_count_logical", host.cpu_count_logical},
              {"cpu_count_physical", nullable(host.cpu_count_physical)},
              {"ram_total_bytes", nullable(host.ram_total_bytes)},
              {"ram_available_bytes", nullable(host.ram_available_bytes)},
              {"numpy_version", meta.software.numpy_version},
              {"flopscope_version", meta.software.flopscope_version}};
}

Json meta_json(const RunMeta& meta) {
  return Json{{"run_started_at_utc", meta.started_at_utc},
              {"run_finished_at_utc", meta.finished_at_utc},
              {"run_duration_s", meta.duration_s},
              {"host", host_json(meta)}};
}

Json limits_json(const RunDetails& details) {
  Json limits = Json::object();
  for (const Limit& limit : details.limits) {
    Json entry{{"requested", nullable(limit.requested)}, {"enforced", nullable(limit.enforced)}};
    if (!limit.note.empty()) entry["note"] = limit.note;
    limits[limit.name] = std::move(entry);
  }
  return limits;
}

void add_details(Json& config, const RunDetails& details) {
  config["resolved_seed"] = nullable(details.resolved_seed);
  config["round"] = details.round;
  config["runner"] = details.runner;
  config["cost_model"] = details.cost_model;
  if (!details.audit_cost_model.empty()) config["audit_cost_model"] = details.audit_cost_model;
  config["sampler"] = details.sampler;
  config["n_samples"] = details.n_samples;
  config["isa"] = details.isa;
  config["jobs"] = details.jobs;
  config["range"] = details.range.empty() ? Json(nullptr) : Json(details.range);
  config["estimator_sha256"] = details.estimator_sha256;
  config["git_version"] = details.git_version;
  config["compiler"] = details.compiler;
  config["build_type"] = details.build_type;
  config["command"] = details.command;
  config["limits"] = limits_json(details);
  Json settings = Json::object();
  for (const Setting& setting : details.settings) {
    settings[setting.name] = Json{{"value", setting.value}, {"origin", setting.origin}};
  }
  config["settings"] = std::move(settings);
}

Json config_json(const RunConfig& config) {
  Json json{{"n_mlps", config.n_mlps},
            {"width", config.width},
            {"depth", config.depth},
            {"seed", nullable(config.seed)},
            {"flop_budget", config.flop_budget}};
  if (config.setup_timeout_s) json["setup_timeout_s"] = *config.setup_timeout_s;
  json["wall_time_limit_s"] = nullable(config.wall_time_limit_s);
  json["residual_wall_time_limit_s"] = nullable(config.residual_wall_time_limit_s);
  if (config.lambda_flops_per_second) json["lambda_flops_per_second"] = *config.lambda_flops_per_second;
  if (config.dataset) {
    json["dataset"] = Json{{"path", config.dataset->path},
                           {"sha256", config.dataset->sha256},
                           {"seed", nullable(config.dataset->seed)},
                           {"n_mlps", config.dataset->n_mlps}};
  }
  if (!config.estimator_class.empty()) json["estimator_class"] = config.estimator_class;
  if (!config.estimator_path.empty()) json["estimator_path"] = config.estimator_path;
  if (config.details) add_details(json, *config.details);
  return json;
}

Json operations_json(const std::vector<runner::OperationReading>& operations) {
  Json json = Json::object();
  for (const runner::OperationReading& operation : operations) {
    json[operation.name] = Json{{"flop_cost", operation.flop_cost},
                                {"calls", operation.calls},
                                {"flopscope_backend_time_s", operation.backend_s},
                                {"flopscope_overhead_time_s", operation.overhead_s}};
  }
  return json;
}

Json breakdown_json(const std::optional<contest::Breakdown>& breakdown) {
  if (!breakdown) return nullptr;
  Json json{{"flop_budget", breakdown->flop_budget},
            {"flops_used", breakdown->flops_used},
            {"flops_remaining", breakdown->flops_remaining()},
            {"wall_time_s", breakdown->wall_s},
            {"flopscope_backend_time_s", breakdown->backend_s},
            {"flopscope_overhead_time_s", breakdown->overhead_s},
            {"residual_wall_time_s", breakdown->residual_s}};
  Json spaces = Json::object();
  for (const runner::NamespaceReading& space : breakdown->by_namespace) {
    spaces[space.name] = Json{{"flops_used", space.flops_used},
                              {"calls", space.calls},
                              {"flopscope_backend_time_s", space.backend_s},
                              {"flopscope_overhead_time_s", space.overhead_s},
                              {"operations", operations_json(space.operations)}};
  }
  json["by_namespace"] = std::move(spaces);
  if (!breakdown->time_source.empty()) json["time_source"] = breakdown->time_source;
  return json;
}

Json audited_json(const std::vector<runner::OperationReading>& operations) {
  Json json = Json::object();
  for (const runner::OperationReading& operation : operations) {
    json[operation.name] = Json{{"flop_cost", operation.flop_cost}, {"calls", operation.calls}};
  }
  return json;
}

Json audit_json(const runner::AuditReading& audit) {
  Json json{{"cost_model", audit.cost_model}, {"flops_used", audit.flops_used}};
  json["by_namespace"] = Json::object();
  for (const runner::NamespaceReading& space : audit.by_namespace) {
    json["by_namespace"][space.name] =
        Json{{"flops_used", space.flops_used}, {"calls", space.calls}, {"operations", audited_json(space.operations)}};
  }
  json["refused"] = Json::object();
  for (const runner::OperationReading& operation : audit.refused) json["refused"][operation.name] = operation.calls;
  return json;
}

// A failure's details, as a value; text that is no JSON stays text.
Json details_json(const std::string& text) {
  Json details = Json::parse(text, nullptr, false);
  return details.is_discarded() ? Json(text) : details;
}

Json error_json(const runner::Failure& failure) {
  if (failure.details_json.empty()) return failure.message;
  return Json{{"message", failure.message}, {"details", details_json(failure.details_json)}};
}

Json traceback_json(const NetworkScore& score) {
  if (!score.failure) return nullptr;
  return score.failure->traceback.empty() ? score.failure->message : score.failure->traceback;
}

void add_error(Json& json, const NetworkScore& score) {
  const runner::Failure failure = score.failure.value_or(runner::Failure{});
  const std::string_view code = runner::outcome_row(score.outcome).error_code;
  json["error"] = error_json(failure);
  json["error_code"] = failure.code.empty() ? std::string(code) : failure.code;
  json["traceback"] = traceback_json(score);
}

Json network_json(const NetworkScore& score, bool is_ours) {
  const bool error = score.outcome_class() == OutcomeClass::error;
  Json json{{"mlp_index", score.mlp_index}, {"mlp_name", score.mlp_name}};
  if (error) add_error(json, score);
  json["final_layer_mse"] = score.errors.final_layer_mse;
  json["all_layers_mse"] = score.errors.all_layers_mse;
  json["per_layer_mse"] = score.errors.per_layer_mse;
  json["adjusted_final_layer_score"] = score.adjusted_final_layer_score;
  json["flops_used"] = score.flops_used;
  json["effective_compute"] = score.effective_compute;
  json["budget_exhausted"] = score.outcome == Outcome::budget_exhausted;
  json["time_exhausted"] = score.outcome == Outcome::time_exhausted;
  json["residual_wall_time_exhausted"] = score.outcome == Outcome::residual_exhausted;
  json["combined_budget_exhausted"] = score.outcome == Outcome::combined_exhausted;
  json["wall_time_s"] = score.wall_s;
  json["flopscope_backend_time_s"] = score.backend_s;
  json["flopscope_overhead_time_s"] = score.overhead_s;
  json["residual_wall_time_s"] = score.residual_s;
  json["breakdowns"] = Json{{"estimator", breakdown_json(score.breakdown)}};
  if (!error) json["traceback"] = traceback_json(score);
  if (!is_ours) return json;
  json["outcome"] = runner::outcome_row(score.outcome).name;
  json["score_multiplier"] = score.score_multiplier;
  json["flops_only_score"] = score.flops_only_score;
  json["residual_cpu_time_s"] = score.residual_cpu_s;
  if (score.mse_noise_floor) json["mse_noise_floor"] = *score.mse_noise_floor;
  if (score.breakdown_at_failure)
    json["breakdowns"]["estimator_at_failure"] = breakdown_json(score.breakdown_at_failure);
  if (score.audit) json["breakdowns"]["estimator_audit"] = audit_json(*score.audit);
  return json;
}

Json ground_truth_json(const GroundTruthQuality& quality) {
  return Json{{"n_samples", quality.n_samples},
              {"final_layer_standard_error", quality.final_layer_standard_error},
              {"mse_noise_floor", quality.mse_noise_floor},
              {"wall_time_s", quality.wall_s}};
}

Json results_json(const RunReport& report) {
  const contest::Aggregates& a = report.aggregates;
  Json json{{"adjusted_final_layer_score", a.adjusted_final_layer_score},
            {"final_layer_mse", a.final_layer_mse},
            {"all_layers_mse", a.all_layers_mse},
            {"per_layer_mse", a.per_layer_mse},
            {"best_mlp_adjusted_final_layer_score", a.best_mlp_adjusted_final_layer_score},
            {"worst_mlp_adjusted_final_layer_score", a.worst_mlp_adjusted_final_layer_score},
            {"mean_score_multiplier", a.mean_score_multiplier},
            {"mean_compute_utilization", a.mean_compute_utilization},
            {"n_failed_mlps", a.n_failed_mlps},
            {"mean_effective_compute", a.mean_effective_compute}};
  json["failure_breakdown"] = Json{{"budget_exhausted", a.failures.budget_exhausted},
                                   {"time_exhausted", a.failures.time_exhausted},
                                   {"residual_wall_time_exhausted", a.failures.residual_wall_time_exhausted},
                                   {"combined_budget_exhausted", a.failures.combined_budget_exhausted},
                                   {"error", a.failures.error}};
  json["per_mlp"] = Json::array();
  for (const NetworkScore& score : report.networks) json["per_mlp"].push_back(network_json(score, report.is_ours));
  json["breakdowns"] =
      Json{{"sampling", breakdown_json(report.sampling)}, {"estimator", breakdown_json(report.estimator)}};
  if (!report.is_ours) return json;
  if (report.estimator_audit) json["breakdowns"]["estimator_audit"] = audit_json(*report.estimator_audit);
  json["flops_only_score"] = a.flops_only_score;
  json["complete"] = report.complete;
  if (report.ground_truth) json["ground_truth"] = ground_truth_json(*report.ground_truth);
  return json;
}

}  // namespace

std::string to_json(const RunReport& report) {
  Json json{{"schema_version", report.schema_version}, {"mode", report.mode}};
  json["results"] = results_json(report);
  json["run_meta"] = meta_json(report.meta);
  json["run_config"] = config_json(report.config);
  json[report.is_ours ? "whest_version" : "whestbench_version"] = report.version;
  return base::json_text(json);
}

}  // namespace whest::report
