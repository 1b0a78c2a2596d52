// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <whest/base/file.hpp>
#include <whest/base/json_object.hpp>
#include <whest/report/json_reader.hpp>

namespace whest::report {

namespace {

using base::Json;
using contest::NetworkScore;
using runner::Outcome;

// Thrown inside this file only, and turned into an Error at its edge.
struct BadField : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const Json& field(const Json& json, const char* key) {
  if (!json.is_object()) throw BadField(fmt::format("the parent of '{}' must be an object", key));
  const auto found = json.find(key);
  if (found == json.end()) throw BadField(fmt::format("there is no field '{}'", key));
  return *found;
}

std::int64_t integer(const Json& json, const char* key) {
  const Json& value = field(json, key);
  if (!value.is_number_integer()) throw BadField(fmt::format("'{}' must be an integer", key));
  constexpr auto k_most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > k_most) {
    throw BadField(fmt::format("'{}' is too large", key));
  }
  return value.get<std::int64_t>();
}

// A null number is one that was not finite when it was written.
double real(const Json& json, const char* key) {
  const Json& value = field(json, key);
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) throw BadField(fmt::format("'{}' must be a number", key));
  return value.get<double>();
}

std::string text(const Json& json, const char* key) {
  const Json& value = field(json, key);
  if (!value.is_string()) throw BadField(fmt::format("'{}' must be a string", key));
  return value.get<std::string>();
}

bool flag(const Json& json, const char* key) {
  const Json& value = field(json, key);
  if (!value.is_boolean()) throw BadField(fmt::format("'{}' must be true or false", key));
  return value.get<bool>();
}

bool present(const Json& json, const char* key) { return json.contains(key) && !json.at(key).is_null(); }

std::optional<double> optional_real(const Json& json, const char* key) {
  return present(json, key) ? std::optional(real(json, key)) : std::nullopt;
}

std::optional<std::int64_t> optional_integer(const Json& json, const char* key) {
  return present(json, key) ? std::optional(integer(json, key)) : std::nullopt;
}

std::optional<std::uint64_t> optional_seed(const Json& json, const char* key) {
  if (!present(json, key)) return std::nullopt;
  if (!json.at(key).is_number_unsigned()) throw BadField(fmt::format("'{}' must be a seed", key));
  return json.at(key).get<std::uint64_t>();
}

std::string optional_text(const Json& json, const char* key) { return present(json, key) ? text(json, key) : ""; }

std::vector<double> reals(const Json& json, const char* key) {
  const Json& list = field(json, key);
  if (!list.is_array()) throw BadField(fmt::format("'{}' must be a list", key));
  std::vector<double> values;
  for (const Json& value : list) {
    if (!value.is_number()) throw BadField(fmt::format("'{}' must be a list of numbers", key));
    values.push_back(value.get<double>());
  }
  return values;
}

RunMeta read_meta(const Json& json) {
  const Json& host = field(json, "host");
  RunMeta meta;
  meta.started_at_utc = text(json, "run_started_at_utc");
  meta.finished_at_utc = text(json, "run_finished_at_utc");
  meta.duration_s = real(json, "run_duration_s");
  meta.host = {.hostname = text(host, "hostname"),
               .os = text(host, "os"),
               .os_release = text(host, "os_release"),
               .platform = text(host, "platform"),
               .machine = text(host, "machine"),
               .cpu_brand = optional_text(host, "cpu_brand"),
               .cpu_count_logical = optional_integer(host, "cpu_count_logical").value_or(0),
               .cpu_count_physical = optional_integer(host, "cpu_count_physical"),
               .ram_total_bytes = optional_integer(host, "ram_total_bytes"),
               .ram_available_bytes = optional_integer(host, "ram_available_bytes")};
  meta.software = {.python_version = optional_text(host, "python_version"),
                   .numpy_version = optional_text(host, "numpy_version"),
                   .flopscope_version = optional_text(host, "flopscope_version")};
  return meta;
}

RunDetails read_details(const Json& json) {
  RunDetails details;
  details.resolved_seed = optional_seed(json, "resolved_seed");
  details.round = optional_text(json, "round");
  details.runner = optional_text(json, "runner");
  details.cost_model = optional_text(json, "cost_model");
  details.audit_cost_model = optional_text(json, "audit_cost_model");
  details.sampler = optional_text(json, "sampler");
  details.n_samples = optional_integer(json, "n_samples").value_or(0);
  details.isa = optional_text(json, "isa");
  details.jobs = optional_integer(json, "jobs").value_or(1);
  details.range = optional_text(json, "range");
  details.estimator_sha256 = optional_text(json, "estimator_sha256");
  details.git_version = optional_text(json, "git_version");
  details.compiler = optional_text(json, "compiler");
  details.build_type = optional_text(json, "build_type");
  if (present(json, "command")) details.command = json.at("command").get<std::vector<std::string>>();
  if (present(json, "limits")) {
    for (const auto& [name, limit] : json.at("limits").items()) {
      details.limits.push_back(
          {name, optional_real(limit, "requested"), optional_real(limit, "enforced"), optional_text(limit, "note")});
    }
  }
  if (present(json, "settings")) {
    for (const auto& [name, setting] : json.at("settings").items()) {
      details.settings.push_back({name, text(setting, "value"), text(setting, "origin")});
    }
  }
  return details;
}

RunConfig read_config(const Json& json, bool is_ours) {
  RunConfig config;
  config.n_mlps = integer(json, "n_mlps");
  config.width = integer(json, "width");
  config.depth = integer(json, "depth");
  config.seed = optional_seed(json, "seed");
  config.flop_budget = integer(json, "flop_budget");
  config.setup_timeout_s = optional_real(json, "setup_timeout_s");
  config.wall_time_limit_s = optional_real(json, "wall_time_limit_s");
  config.residual_wall_time_limit_s = optional_real(json, "residual_wall_time_limit_s");
  config.lambda_flops_per_second = optional_real(json, "lambda_flops_per_second");
  config.estimator_class = optional_text(json, "estimator_class");
  config.estimator_path = optional_text(json, "estimator_path");
  if (present(json, "dataset")) {
    const Json& dataset = json.at("dataset");
    config.dataset = DatasetInfo{.path = text(dataset, "path"),
                                 .sha256 = text(dataset, "sha256"),
                                 .seed = optional_seed(dataset, "seed"),
                                 .n_mlps = integer(dataset, "n_mlps")};
  }
  if (is_ours) config.details = read_details(json);
  return config;
}

std::vector<runner::OperationReading> read_operations(const Json& json) {
  std::vector<runner::OperationReading> operations;
  for (const auto& [name, operation] : json.items()) {
    operations.push_back({.name = name,
                          .flop_cost = integer(operation, "flop_cost"),
                          .calls = integer(operation, "calls"),
                          .backend_s = real(operation, "flopscope_backend_time_s"),
                          .overhead_s = real(operation, "flopscope_overhead_time_s")});
  }
  return operations;
}

std::optional<contest::Breakdown> read_breakdown(const Json& json, const char* key) {
  if (!present(json, key)) return std::nullopt;
  const Json& from = json.at(key);
  contest::Breakdown breakdown{.flop_budget = integer(from, "flop_budget"),
                               .flops_used = integer(from, "flops_used"),
                               .wall_s = real(from, "wall_time_s"),
                               .backend_s = real(from, "flopscope_backend_time_s"),
                               .overhead_s = real(from, "flopscope_overhead_time_s"),
                               .residual_s = real(from, "residual_wall_time_s"),
                               .by_namespace = {},
                               .time_source = optional_text(from, "time_source")};
  if (breakdown.flop_budget < 0 || breakdown.flops_used < 0) {
    throw BadField("'flop_budget' and 'flops_used' must not be negative");
  }
  if (integer(from, "flops_remaining") != breakdown.flops_remaining()) {
    throw BadField("'flops_remaining' must be the budget less what was used");
  }
  for (const auto& [name, space] : field(from, "by_namespace").items()) {
    breakdown.by_namespace.push_back({.name = name,
                                      .flops_used = integer(space, "flops_used"),
                                      .calls = integer(space, "calls"),
                                      .backend_s = real(space, "flopscope_backend_time_s"),
                                      .overhead_s = real(space, "flopscope_overhead_time_s"),
                                      .operations = read_operations(field(space, "operations"))});
  }
  return breakdown;
}

std::optional<runner::AuditReading> read_audit(const Json& json) {
  if (!present(json, "estimator_audit")) return std::nullopt;
  const Json& from = json.at("estimator_audit");
  runner::AuditReading audit;
  audit.cost_model = text(from, "cost_model");
  audit.flops_used = integer(from, "flops_used");
  for (const auto& [name, space] : field(from, "by_namespace").items()) {
    runner::NamespaceReading& in = audit.by_namespace.emplace_back();
    in.name = name;
    in.flops_used = integer(space, "flops_used");
    in.calls = integer(space, "calls");
    for (const auto& [operation, figures] : field(space, "operations").items()) {
      runner::OperationReading& reading = in.operations.emplace_back();
      reading.name = operation;
      reading.flop_cost = integer(figures, "flop_cost");
      reading.calls = integer(figures, "calls");
    }
  }
  for (const auto& [name, calls] : field(from, "refused").items()) {
    runner::OperationReading& refused = audit.refused.emplace_back();
    refused.name = name;
    refused.calls = integer(field(from, "refused"), name.c_str());
  }
  return audit;
}

// The peers say how a network ended by flags and codes; their codes also name Python's exceptions.
Outcome read_outcome(const Json& json) {
  if (present(json, "outcome")) {
    if (const auto named = runner::outcome_named(text(json, "outcome"))) return *named;
    throw BadField(fmt::format("'outcome' has the unknown value '{}'", text(json, "outcome")));
  }
  if (json.contains("error")) {
    for (const runner::OutcomeRow& row : runner::outcome_table()) {
      if (!row.error_code.empty() && row.error_code == optional_text(json, "error_code")) return row.outcome;
    }
    return Outcome::predict_error;
  }
  if (flag(json, "budget_exhausted")) return Outcome::budget_exhausted;
  if (flag(json, "time_exhausted")) return Outcome::time_exhausted;
  if (flag(json, "residual_wall_time_exhausted")) return Outcome::residual_exhausted;
  if (flag(json, "combined_budget_exhausted")) return Outcome::combined_exhausted;
  return Outcome::success;
}

std::optional<runner::Failure> read_failure(const Json& json) {
  const std::string traceback = optional_text(json, "traceback");
  if (!json.contains("error")) {
    if (traceback.empty()) return std::nullopt;
    return runner::Failure{.code = {}, .message = traceback, .details_json = {}, .traceback = traceback};
  }
  runner::Failure failure{.code = text(json, "error_code"), .message = {}, .details_json = {}, .traceback = traceback};
  const Json& error = json.at("error");
  if (error.is_string()) {
    failure.message = error.get<std::string>();
  } else {
    failure.message = text(error, "message");
    failure.details_json = field(error, "details").dump();
  }
  return failure;
}

NetworkScore read_network(const Json& json, std::int64_t flop_budget) {
  NetworkScore score;
  score.mlp_index = integer(json, "mlp_index");
  score.mlp_name = text(json, "mlp_name");
  score.outcome = read_outcome(json);
  score.errors = {.final_layer_mse = real(json, "final_layer_mse"),
                  .all_layers_mse = real(json, "all_layers_mse"),
                  .per_layer_mse = reals(json, "per_layer_mse")};
  score.adjusted_final_layer_score = real(json, "adjusted_final_layer_score");
  score.flops_used = integer(json, "flops_used");
  score.effective_compute = real(json, "effective_compute");
  score.wall_s = real(json, "wall_time_s");
  score.backend_s = real(json, "flopscope_backend_time_s");
  score.overhead_s = real(json, "flopscope_overhead_time_s");
  score.residual_s = real(json, "residual_wall_time_s");
  score.residual_cpu_s = optional_real(json, "residual_cpu_time_s").value_or(0.0);
  score.mse_noise_floor = optional_real(json, "mse_noise_floor");
  score.breakdown = read_breakdown(field(json, "breakdowns"), "estimator");
  score.breakdown_at_failure = read_breakdown(field(json, "breakdowns"), "estimator_at_failure");
  score.audit = read_audit(field(json, "breakdowns"));
  score.failure = read_failure(json);
  const double used = score.effective_compute / static_cast<double>(flop_budget);
  score.score_multiplier = score.failed() ? 1.0 : std::max(contest::k_multiplier_floor, used);
  score.flops_only_score = optional_real(json, "flops_only_score").value_or(std::numeric_limits<double>::quiet_NaN());
  return score;
}

contest::Aggregates read_aggregates(const Json& json) {
  const Json& failures = field(json, "failure_breakdown");
  contest::Aggregates a;
  a.adjusted_final_layer_score = real(json, "adjusted_final_layer_score");
  a.final_layer_mse = real(json, "final_layer_mse");
  a.all_layers_mse = real(json, "all_layers_mse");
  a.per_layer_mse = reals(json, "per_layer_mse");
  a.best_mlp_adjusted_final_layer_score = real(json, "best_mlp_adjusted_final_layer_score");
  a.worst_mlp_adjusted_final_layer_score = real(json, "worst_mlp_adjusted_final_layer_score");
  a.mean_score_multiplier = real(json, "mean_score_multiplier");
  a.mean_compute_utilization = real(json, "mean_compute_utilization");
  a.mean_effective_compute = real(json, "mean_effective_compute");
  a.n_failed_mlps = integer(json, "n_failed_mlps");
  a.failures = {.budget_exhausted = integer(failures, "budget_exhausted"),
                .time_exhausted = integer(failures, "time_exhausted"),
                .residual_wall_time_exhausted = integer(failures, "residual_wall_time_exhausted"),
                .combined_budget_exhausted = integer(failures, "combined_budget_exhausted"),
                .error = integer(failures, "error")};
  a.flops_only_score = optional_real(json, "flops_only_score").value_or(std::numeric_limits<double>::quiet_NaN());
  return a;
}

std::optional<GroundTruthQuality> read_ground_truth(const Json& results) {
  if (!present(results, "ground_truth")) return std::nullopt;
  const Json& json = results.at("ground_truth");
  return GroundTruthQuality{.n_samples = integer(json, "n_samples"),
                            .final_layer_standard_error = real(json, "final_layer_standard_error"),
                            .mse_noise_floor = real(json, "mse_noise_floor"),
                            .wall_s = real(json, "wall_time_s")};
}

RunReport read_report(const Json& json) {
  const Json& results = field(json, "results");
  RunReport report;
  report.schema_version = text(json, "schema_version");
  if (!report.schema_version.starts_with("1."))
    throw BadField(fmt::format("'schema_version' is '{}', and only 1.x can be read", report.schema_version));
  report.mode = text(json, "mode");
  report.is_ours = json.contains("whest_version");
  report.version = text(json, report.is_ours ? "whest_version" : "whestbench_version");
  report.meta = read_meta(field(json, "run_meta"));
  report.config = read_config(field(json, "run_config"), report.is_ours);
  report.aggregates = read_aggregates(results);
  const Json& networks = field(results, "per_mlp");
  if (!networks.is_array()) throw BadField("'per_mlp' must be a list");
  for (std::size_t i = 0; i < networks.size(); ++i) {
    try {
      report.networks.push_back(read_network(networks[i], report.config.flop_budget));
    } catch (const BadField& fault) {
      throw BadField(fmt::format("in per_mlp[{}] {}", i, fault.what()));
    }
  }
  report.sampling = read_breakdown(field(results, "breakdowns"), "sampling");
  report.estimator = read_breakdown(field(results, "breakdowns"), "estimator");
  report.estimator_audit = read_audit(field(results, "breakdowns"));
  report.ground_truth = read_ground_truth(results);
  if (present(results, "complete")) report.complete = flag(results, "complete");
  return report;
}

// Python writes numbers that are not finite as bare words, which no JSON reader takes: null instead, outside strings.
std::string without_bare_words(std::string_view text) {
  std::string plain;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    if (in_string && text[i] == '\\') {
      plain += text.substr(i, 2);
      i += 2;
      continue;
    }
    if (text[i] == '"') in_string = !in_string;
    std::size_t length = 0;
    for (const std::string_view word : {"NaN", "-Infinity", "Infinity"}) {
      if (!in_string && length == 0 && text.substr(i).starts_with(word)) length = word.size();
    }
    if (length == 0) {
      plain += text[i++];
    } else {
      plain += "null";
      i += length;
    }
  }
  return plain;
}

}  // namespace

base::Expected<RunReport> from_json(std::string_view text, std::string_view where) {
  const auto json = base::parse_json(without_bare_words(text), where);
  if (!json) return std::unexpected(json.error());
  try {
    return read_report(*json);
  } catch (const BadField& fault) {
    return base::usage_error(fmt::format("{} is not a report: {}.", where, fault.what()));
  } catch (const nlohmann::json::exception& fault) {
    return base::usage_error(fmt::format("{} is not a report: a field has the wrong type.", where));
  }
}

base::Expected<RunReport> load_report(const std::string& path) {
  const auto text = base::read_file(path);
  if (!text) return std::unexpected(text.error());
  return from_json(*text, fmt::format("'{}'", path));
}

}  // namespace whest::report
