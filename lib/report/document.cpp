// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <whest/base/numbers.hpp>
#include <whest/report/document.hpp>
#include <whest/report/error_object.hpp>
#include <whest/report/text.hpp>

namespace whest::report {

namespace {

using base::grouped;
using base::short_count;
using contest::Breakdown;
using contest::NetworkScore;
using runner::Outcome;

std::string score_text(double value) { return fmt::format("{:.4e}", value); }
std::string seconds_text(double value) { return fmt::format("{:.6f} s", value); }
std::string percent_text(double fraction) { return fmt::format("{:.2f}%", 100.0 * fraction); }

std::string optional_count(const std::optional<std::int64_t>& value) {
  return value ? grouped(*value) : std::string("unknown");
}

Section context_section(const RunReport& report) {
  const RunConfig& config = report.config;
  Section section{.title = "Run Context", .tone = Tone::context};
  const auto add = [&](const char* label, const char* field, std::string value) {
    if (!value.empty()) section.figures.push_back({label, field, std::move(value)});
  };
  add("Estimator Class", "estimator_class", printable(config.estimator_class));
  add("Estimator Path", "estimator_path", printable(config.estimator_path));
  add("Started", "run_started_at_utc", report.meta.started_at_utc);
  add("Finished", "run_finished_at_utc", report.meta.finished_at_utc);
  add("Duration", "run_duration_s", seconds_text(report.meta.duration_s));
  add("MLPs", "n_mlps", grouped(config.n_mlps));
  add("Width", "width", grouped(config.width));
  add("Depth", "depth", grouped(config.depth));
  add("FLOP Budget", "flop_budget", short_count(static_cast<double>(config.flop_budget)));
  add("Lambda (FLOPs per residual second)", "lambda_flops_per_second", short_count(config.lambda()));
  if (!config.details) return section;
  const RunDetails& details = *config.details;
  add("Seed", "resolved_seed",
      details.resolved_seed ? fmt::format("{}{}", *details.resolved_seed, config.seed ? "" : " (drawn)") : "");
  add("Round", "round", details.round);
  add("Runner", "runner", details.runner);
  add("Cost Model", "cost_model", details.cost_model);
  add("Audit Cost Model", "audit_cost_model", details.audit_cost_model);
  add("Ground Truth", "sampler", fmt::format("{} samples, {}", grouped(details.n_samples), details.sampler));
  return section;
}

Section host_section(const RunReport& report) {
  const base::Host& host = report.meta.host;
  Section section{.title = "Hardware & Runtime", .tone = Tone::machine};
  section.figures = {{"Host", "host.hostname", printable(host.hostname)},
                     {"OS", "host.os", host.os},
                     {"Release", "host.os_release", host.os_release},
                     {"Arch", "host.machine", host.machine},
                     {"CPU", "host.cpu_brand", host.cpu_brand},
                     {"CPU Cores (logical)", "host.cpu_count_logical", grouped(host.cpu_count_logical)},
                     {"CPU Cores (physical)", "host.cpu_count_physical", optional_count(host.cpu_count_physical)},
                     {"RAM Total", "host.ram_total_bytes",
                      host.ram_total_bytes ? base::bytes_for_people(*host.ram_total_bytes) : "unknown"}};
  if (!report.is_ours) {
    section.figures.push_back({"Python", "host.python_version", report.meta.software.python_version});
    section.figures.push_back({"NumPy", "host.numpy_version", report.meta.software.numpy_version});
    return section;
  }
  section.figures.push_back({"whest", "whest_version", report.version});
  if (!report.config.details) return section;
  const RunDetails& details = *report.config.details;
  section.figures.push_back(
      {"Build", "git_version", fmt::format("{}, {}, {}", details.git_version, details.compiler, details.build_type)});
  if (!details.isa.empty()) section.figures.push_back({"Ground Truth ISA", "isa", details.isa});
  return section;
}

Table namespace_table(const Breakdown& breakdown, std::size_t n_mlps) {
  Table table{.header = {"namespace", "total flops", "% of section", "mean flops / MLP", "backend", "overhead"},
              .rows = {}};
  for (const runner::NamespaceReading& space : breakdown.by_namespace) {
    const double share = breakdown.flops_used > 0
                             ? static_cast<double>(space.flops_used) / static_cast<double>(breakdown.flops_used)
                             : 0.0;
    table.rows.push_back({printable(space.name), short_count(static_cast<double>(space.flops_used)),
                          fmt::format("{:.1f}%", 100.0 * share),
                          short_count(static_cast<double>(space.flops_used) / static_cast<double>(n_mlps)),
                          seconds_text(space.backend_s), seconds_text(space.overhead_s)});
  }
  return table;
}

// Operations of all namespaces, the most expensive first.
Table operation_table(const Breakdown& breakdown) {
  std::vector<std::pair<std::string, runner::OperationReading>> all;
  for (const runner::NamespaceReading& space : breakdown.by_namespace) {
    for (const runner::OperationReading& operation : space.operations) all.emplace_back(space.name, operation);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.second.flop_cost > b.second.flop_cost; });
  Table table{
      .header = {"operation", "namespace", "calls", "flops", "backend", "overhead"}, .rows = {}, .left_columns = 2};
  for (const auto& [space, operation] : all) {
    table.rows.push_back({printable(operation.name), printable(space), grouped(operation.calls),
                          grouped(operation.flop_cost), seconds_text(operation.backend_s),
                          seconds_text(operation.overhead_s)});
  }
  return table;
}

void add_times(Section& section, const Breakdown& breakdown) {
  section.figures.push_back({"Flopscope Backend", "flopscope_backend_time_s", seconds_text(breakdown.backend_s)});
  section.figures.push_back({"Flopscope Overhead", "flopscope_overhead_time_s", seconds_text(breakdown.overhead_s)});
  section.figures.push_back({"Residual Wall Time", "residual_wall_time_s", seconds_text(breakdown.residual_s)});
}

Section sampling_section(const RunReport& report, const DocumentOptions& options) {
  Section section{.title = "Sampling Budget Breakdown (Ground Truth)", .tone = Tone::machine};
  section.figures.push_back(
      {"Total FLOPs", "flops_used", short_count(static_cast<double>(report.sampling->flops_used))});
  add_times(section, *report.sampling);
  if (report.ground_truth) {
    section.figures.push_back({"Standard Error of the Truth", "final_layer_standard_error",
                               score_text(report.ground_truth->final_layer_standard_error)});
    section.figures.push_back(
        {"Noise Floor of the MSE", "mse_noise_floor", score_text(report.ground_truth->mse_noise_floor)});
  }
  section.tables.push_back(namespace_table(*report.sampling, std::max<std::size_t>(report.networks.size(), 1)));
  if (options.operations) section.tables.push_back(operation_table(*report.sampling));
  return section;
}

// Why a network failed, in a word, and the figure that says it.
std::pair<std::string, std::string> reason(const NetworkScore& score) {
  switch (score.outcome) {
    case Outcome::budget_exhausted:
      return {"BUDGET", fmt::format("F = {}", short_count(static_cast<double>(score.flops_used)))};
    case Outcome::time_exhausted:
      return {"TIME", fmt::format("wall = {:.3f} s", score.wall_s)};
    case Outcome::residual_exhausted:
      return {"RESIDUAL", fmt::format("R = {:.3f} s", score.priced_residual_s())};
    case Outcome::combined_exhausted:
      return {"COMBINED", fmt::format("C = {}", short_count(score.effective_compute))};
    default:
      return {"ERROR", std::string(runner::outcome_row(score.outcome).error_code)};
  }
}

Section estimator_section(const RunReport& report, const DocumentOptions& options) {
  const contest::Aggregates& a = report.aggregates;
  const auto budget = static_cast<double>(report.config.flop_budget);
  Section section{.title = "Estimator Budget Breakdown", .tone = Tone::context};
  if (report.estimator) {
    section.figures.push_back(
        {"Total FLOPs", "flops_used", short_count(static_cast<double>(report.estimator->flops_used))});
    section.figures.push_back(
        {"Mean Effective Compute", "mean_effective_compute", short_count(a.mean_effective_compute)});
    add_times(section, *report.estimator);
  }
  double largest = 0.0;
  for (const NetworkScore& score : report.networks) largest = std::max(largest, score.effective_compute / budget);
  section.gauges = {{"budget used, mean", a.mean_compute_utilization, "C / B"},
                    {"budget used, most", largest, "C / B"}};
  if (report.estimator && !report.estimator->by_namespace.empty()) {
    section.tables.push_back(namespace_table(*report.estimator, report.networks.size()));
    if (options.operations) section.tables.push_back(operation_table(*report.estimator));
  }
  Table failures{.header = {"MLP", "reason", "value", "% of B"}, .rows = {}, .left_columns = 3};
  for (const NetworkScore& score : report.networks) {
    if (!score.failed()) continue;
    const auto [word, value] = reason(score);
    failures.rows.push_back({fmt::format("{} (#{})", score.mlp_name, score.mlp_index), word, value,
                             fmt::format("{:.0f}%", 100.0 * score.effective_compute / budget)});
  }
  if (!failures.rows.empty()) {
    section.tone = Tone::warning;
    section.tables.push_back(std::move(failures));
    section.notes.push_back(fmt::format(
        "{} of {} MLPs failed ({} combined, {} FLOP, {} residual, {} time, {} error); each is scored as zeros.",
        a.n_failed_mlps, report.networks.size(), a.failures.combined_budget_exhausted, a.failures.budget_exhausted,
        a.failures.residual_wall_time_exhausted, a.failures.time_exhausted, a.failures.error));
  }
  return section;
}

// FLOPs by operation, over all namespaces.
std::map<std::string, std::int64_t> flops_by_operation(const std::vector<runner::NamespaceReading>& by_namespace) {
  std::map<std::string, std::int64_t> flops;
  for (const runner::NamespaceReading& space : by_namespace) {
    for (const runner::OperationReading& operation : space.operations) flops[operation.name] += operation.flop_cost;
  }
  return flops;
}

// The two prices of the run side by side, the most expensive of the second first.
Section audit_section(const RunReport& report, const DocumentOptions& options) {
  constexpr std::size_t k_rows = 12;
  const runner::AuditReading& audit = *report.estimator_audit;
  Section section{.title = "Estimator under " + printable(audit.cost_model), .tone = Tone::neutral};
  const std::int64_t charged = report.estimator ? report.estimator->flops_used : 0;
  section.figures = {{"Total FLOPs of the Run", "flops_used", grouped(charged)},
                     {"Total FLOPs under the Audit", "estimator_audit.flops_used", grouped(audit.flops_used)}};
  const auto run =
      flops_by_operation(report.estimator ? report.estimator->by_namespace : std::vector<runner::NamespaceReading>());
  const auto audited = flops_by_operation(audit.by_namespace);
  std::vector<std::pair<std::string, std::int64_t>> rows(audited.begin(), audited.end());
  for (const auto& [name, flops] : run) {
    if (!audited.contains(name)) rows.emplace_back(name, 0);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  Table table{.header = {"operation", "flops charged", "flops under " + printable(audit.cost_model)}, .rows = {}};
  for (const auto& [name, flops] : rows) {
    if (!options.operations && table.rows.size() == k_rows) break;
    const auto here = run.find(name);
    table.rows.push_back({printable(name), here == run.end() ? "-" : grouped(here->second),
                          audited.contains(name) ? grouped(flops) : "-"});
  }
  if (table.rows.size() < rows.size())
    section.notes.push_back(fmt::format("{} more operations: --profile", rows.size() - table.rows.size()));
  section.tables.push_back(std::move(table));
  for (const runner::OperationReading& refused : audit.refused) {
    section.notes.push_back(fmt::format("{} refuses '{}' ({} calls): not priced.", printable(audit.cost_model),
                                        printable(refused.name), grouped(refused.calls)));
  }
  return section;
}

Section errors_section(const RunReport& report, const DocumentOptions& options) {
  Section section{.title = "Estimator Errors", .tone = Tone::bad};
  Table table{.header = {"MLP", "code", "message"}, .rows = {}, .left_columns = 3};
  std::vector<std::string> hints;
  for (const NetworkScore& score : report.networks) {
    if (score.outcome_class() != runner::OutcomeClass::error) continue;
    const runner::Failure failure = score.failure.value_or(runner::Failure{});
    const std::string code =
        failure.code.empty() ? std::string(runner::outcome_row(score.outcome).error_code) : failure.code;
    const std::string message =
        failure.message.empty() ? std::string(runner::outcome_row(score.outcome).sentence) : failure.message;
    table.rows.push_back({fmt::format("{} (#{})", score.mlp_name, score.mlp_index), code, printable(message)});
    for (const std::string& hint : hints_of(failure.details_json)) {
      if (std::find(hints.begin(), hints.end(), hint) == hints.end()) hints.push_back(hint);
    }
    if (options.tracebacks && !failure.traceback.empty()) {
      section.notes.push_back(
          fmt::format("MLP {} (#{}):\n{}", score.mlp_name, score.mlp_index, printable(failure.traceback)));
    }
  }
  section.tables.push_back(std::move(table));
  for (const std::string& hint : hints) section.notes.push_back("Hint: " + printable(hint));
  if (!options.tracebacks) section.notes.push_back("Use --debug for details, --fail-fast to stop at the first error.");
  return section;
}

Section networks_section(const RunReport& report) {
  Section section{.title = "Networks", .tone = Tone::neutral};
  Table table{.header = {"MLP", "outcome", "final-layer MSE", "multiplier", "score", "flops", "C / B", "residual"},
              .rows = {},
              .left_columns = 2};
  for (const NetworkScore& score : report.networks) {
    table.rows.push_back(
        {fmt::format("{} (#{})", score.mlp_name, score.mlp_index), std::string(runner::outcome_row(score.outcome).name),
         score_text(score.errors.final_layer_mse), fmt::format("{:.4f}", score.score_multiplier),
         score_text(score.adjusted_final_layer_score), short_count(static_cast<double>(score.flops_used)),
         percent_text(score.effective_compute / static_cast<double>(report.config.flop_budget)),
         seconds_text(score.residual_s)});
  }
  section.tables.push_back(std::move(table));
  return section;
}

Section plots_section(const RunReport& report) {
  Section section{.title = "Diagnostic Plots", .tone = Tone::neutral};
  Bars layers{.title = "MSE by layer", .values = {}};
  for (std::size_t i = 0; i < report.aggregates.per_layer_mse.size(); ++i) {
    layers.values.emplace_back(fmt::format("layer {}", i), report.aggregates.per_layer_mse[i]);
  }
  Bars networks{.title = "Score by MLP", .values = {}};
  for (const NetworkScore& score : report.networks) {
    networks.values.emplace_back(fmt::format("{} (#{})", score.mlp_name, score.mlp_index),
                                 score.adjusted_final_layer_score);
  }
  section.bars = {std::move(layers), std::move(networks)};
  return section;
}

Section score_section(const RunReport& report) {
  const contest::Aggregates& a = report.aggregates;
  Section section{.title = report.complete ? "Final Score" : "Score of What Was Run (the run did not finish)",
                  .tone = Tone::good};
  section.figures = {
      {"Adjusted Final-Layer Score", "adjusted_final_layer_score", score_text(a.adjusted_final_layer_score), true},
      {"Raw Final-Layer MSE", "final_layer_mse", score_text(a.final_layer_mse)},
      {"All-Layers MSE", "all_layers_mse", score_text(a.all_layers_mse)},
      {"Best MLP", "best_mlp_adjusted_final_layer_score", score_text(a.best_mlp_adjusted_final_layer_score)},
      {"Worst MLP", "worst_mlp_adjusted_final_layer_score", score_text(a.worst_mlp_adjusted_final_layer_score)},
      {"Score from FLOPs Alone", "flops_only_score", score_text(a.flops_only_score)},
      {"Mean Score Multiplier", "mean_score_multiplier", fmt::format("{:.8f}", a.mean_score_multiplier)},
      {"Mean Compute Utilization", "mean_compute_utilization", fmt::format("{:.8f}", a.mean_compute_utilization)},
      {"Failed MLPs", "n_failed_mlps", fmt::format("{} of {}", a.n_failed_mlps, report.networks.size())}};
  if (!std::isfinite(a.flops_only_score))
    std::erase_if(section.figures, [](const Figure& f) { return f.field == "flops_only_score"; });
  section.notes.push_back("score = final-layer MSE * max(0.1, C / B), lower is better");
  return section;
}

}  // namespace

Document document_of(const RunReport& report, const DocumentOptions& options) {
  Document document{.title = "whest report", .sections = {context_section(report), host_section(report)}};
  if (report.aggregates.failures.error > 0) document.sections.push_back(errors_section(report, options));
  if (report.sampling) document.sections.push_back(sampling_section(report, options));
  document.sections.push_back(estimator_section(report, options));
  if (report.estimator_audit) document.sections.push_back(audit_section(report, options));
  if (options.every_network) document.sections.push_back(networks_section(report));
  if (options.plots) document.sections.push_back(plots_section(report));
  document.sections.push_back(score_section(report));
  return document;
}

}  // namespace whest::report
