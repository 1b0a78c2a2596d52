// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <whest/report/verify.hpp>

namespace whest::report {

namespace {

using contest::Breakdown;
using contest::NetworkScore;
using runner::Outcome;
using runner::OutcomeClass;

constexpr double k_time_tolerance_s = 1e-9;

class Findings {
 public:
  template <class T>
  void equal(const std::string& what, T found, T expected) {
    if (found != expected) m_list.push_back(fmt::format("{} is {}, expected {}", what, found, expected));
  }
  // Not `difference > tolerance`: a NaN must fail.
  void near(const std::string& what, double found, double expected) {
    if (!(std::fabs(found - expected) <= k_time_tolerance_s)) {
      m_list.push_back(fmt::format("{} is {}, expected {} within 1e-9", what, found, expected));
    }
  }
  void at_most(const std::string& what, double found, double limit) {
    if (!(found <= limit + k_time_tolerance_s)) {
      m_list.push_back(fmt::format("{} is {}, expected at most {}", what, found, limit));
    }
  }
  std::vector<std::string> take() { return std::move(m_list); }

 private:
  std::vector<std::string> m_list;
};

void check_namespace(Findings& findings, const std::string& where, const runner::NamespaceReading& space) {
  std::int64_t flops = 0, calls = 0;
  double backend_s = 0.0, overhead_s = 0.0;
  for (const runner::OperationReading& operation : space.operations) {
    flops += operation.flop_cost;
    calls += operation.calls;
    backend_s += operation.backend_s;
    overhead_s += operation.overhead_s;
  }
  findings.equal(where + ": flops_used", space.flops_used, flops);
  findings.equal(where + ": calls", space.calls, calls);
  findings.near(where + ": flopscope_backend_time_s", space.backend_s, backend_s);
  findings.near(where + ": flopscope_overhead_time_s", space.overhead_s, overhead_s);
}

void check_breakdown(Findings& findings, const std::string& where, const Breakdown& breakdown) {
  findings.near(where + ": wall_time_s", breakdown.wall_s,
                breakdown.backend_s + breakdown.overhead_s + breakdown.residual_s);
  std::int64_t flops = 0;
  double backend_s = 0.0, overhead_s = 0.0;
  for (const runner::NamespaceReading& space : breakdown.by_namespace) {
    check_namespace(findings, where + ", " + space.name, space);
    flops += space.flops_used;
    backend_s += space.backend_s;
    overhead_s += space.overhead_s;
  }
  findings.equal(where + ": flops_used", breakdown.flops_used, flops);
  findings.near(where + ": flopscope_backend_time_s", breakdown.backend_s, backend_s);
  // The meter's work outside operations (entry, exit) is overhead of no namespace.
  findings.at_most(where + ": overhead of the namespaces", overhead_s, breakdown.overhead_s);
}

// The sum of the networks' breakdowns, name by name.
void check_merged(Findings& findings, const RunReport& report) {
  std::vector<std::optional<Breakdown>> parts;
  for (const NetworkScore& score : report.networks) parts.push_back(score.breakdown);
  const std::optional<Breakdown> sum = contest::merge(parts);
  findings.equal("breakdowns.estimator: present", report.estimator.has_value(), sum.has_value());
  if (!sum || !report.estimator) return;
  const std::string where = "breakdowns.estimator";
  findings.equal(where + ": flop_budget", report.estimator->flop_budget, sum->flop_budget);
  findings.equal(where + ": flops_used", report.estimator->flops_used, sum->flops_used);
  findings.near(where + ": wall_time_s", report.estimator->wall_s, sum->wall_s);
  findings.near(where + ": flopscope_backend_time_s", report.estimator->backend_s, sum->backend_s);
  findings.near(where + ": flopscope_overhead_time_s", report.estimator->overhead_s, sum->overhead_s);
  findings.near(where + ": residual_wall_time_s", report.estimator->residual_s, sum->residual_s);
  findings.equal(where + ": namespaces", report.estimator->by_namespace.size(), sum->by_namespace.size());
  for (const runner::NamespaceReading& space : sum->by_namespace) {
    std::int64_t flops = -1, calls = -1;
    for (const runner::NamespaceReading& found : report.estimator->by_namespace) {
      if (found.name != space.name) continue;
      flops = found.flops_used;
      calls = found.calls;
    }
    findings.equal(where + ", " + space.name + ": flops_used", flops, space.flops_used);
    findings.equal(where + ", " + space.name + ": calls", calls, space.calls);
  }
}

// A second price adds up: operations to namespaces to the total, networks to the run.
void check_audit(Findings& findings, const std::string& where, const runner::AuditReading& audit) {
  std::int64_t flops = 0;
  for (const runner::NamespaceReading& space : audit.by_namespace) {
    std::int64_t in_namespace = 0, calls = 0;
    for (const runner::OperationReading& operation : space.operations) {
      in_namespace += operation.flop_cost;
      calls += operation.calls;
    }
    findings.equal(where + ", " + space.name + ": flops_used", space.flops_used, in_namespace);
    findings.equal(where + ", " + space.name + ": calls", space.calls, calls);
    flops += space.flops_used;
  }
  findings.equal(where + ": flops_used", audit.flops_used, flops);
}

void check_audits(Findings& findings, const RunReport& report) {
  std::vector<std::optional<runner::AuditReading>> parts;
  for (const NetworkScore& score : report.networks) {
    parts.push_back(score.audit);
    if (score.audit)
      check_audit(findings, fmt::format("per_mlp[{}].breakdowns.estimator_audit", score.mlp_index), *score.audit);
  }
  const std::optional<runner::AuditReading> sum = contest::merge_audits(parts);
  const std::string where = "breakdowns.estimator_audit";
  findings.equal(where + ": present", report.estimator_audit.has_value(), sum.has_value());
  if (!sum || !report.estimator_audit) return;
  check_audit(findings, where, *report.estimator_audit);
  findings.equal(where + ": flops_used", report.estimator_audit->flops_used, sum->flops_used);
}

void check_network(Findings& findings, const RunReport& report, const NetworkScore& score) {
  const std::string where = fmt::format("per_mlp[{}]", score.mlp_index);
  const bool error = score.outcome_class() == OutcomeClass::error;
  findings.near(where + ": wall_time_s", score.wall_s, score.backend_s + score.overhead_s + score.residual_s);
  const double compute =
      error ? 0.0 : static_cast<double>(score.flops_used) + report.config.lambda() * score.priced_residual_s();
  findings.equal(where + ": effective_compute", score.effective_compute, compute);
  const double used = compute / static_cast<double>(report.config.flop_budget);
  const double multiplier = score.failed() ? 1.0 : std::max(contest::k_multiplier_floor, used);
  findings.equal(where + ": adjusted_final_layer_score", score.adjusted_final_layer_score,
                 score.errors.final_layer_mse * multiplier);
  findings.equal(where + ": number of layers", static_cast<std::int64_t>(score.errors.per_layer_mse.size()),
                 report.config.depth);
  if (!score.errors.per_layer_mse.empty()) {
    findings.equal(where + ": final_layer_mse", score.errors.final_layer_mse, score.errors.per_layer_mse.back());
  }
  findings.equal(where + ": has a breakdown", score.breakdown.has_value(), !error);
  if (!score.breakdown) return;
  check_breakdown(findings, where + ".breakdowns.estimator", *score.breakdown);
  findings.equal(where + ": wall_time_s of its breakdown", score.breakdown->wall_s, score.wall_s);
  findings.equal(where + ": residual_wall_time_s of its breakdown", score.breakdown->residual_s, score.residual_s);
  // Of a limit met while running, the peers report the whole budget or nothing instead of what was used; ours the
  // whole budget where nothing was used.
  const bool stopped = score.outcome == Outcome::budget_exhausted || score.outcome == Outcome::time_exhausted;
  const bool nothing_used = score.outcome == Outcome::budget_exhausted && score.breakdown->flops_used == 0;
  if (report.is_ours ? !nothing_used : !stopped) {
    findings.equal(where + ": flops_used", score.flops_used, score.breakdown->flops_used);
  }
}

void check_aggregates(Findings& findings, const RunReport& report) {
  const contest::Aggregates& found = report.aggregates;
  const contest::Aggregates expected = contest::aggregate(report.networks, report.config.flop_budget);
  findings.equal("adjusted_final_layer_score", found.adjusted_final_layer_score, expected.adjusted_final_layer_score);
  findings.equal("final_layer_mse", found.final_layer_mse, expected.final_layer_mse);
  findings.equal("all_layers_mse", found.all_layers_mse, expected.all_layers_mse);
  findings.equal("best_mlp_adjusted_final_layer_score", found.best_mlp_adjusted_final_layer_score,
                 expected.best_mlp_adjusted_final_layer_score);
  findings.equal("worst_mlp_adjusted_final_layer_score", found.worst_mlp_adjusted_final_layer_score,
                 expected.worst_mlp_adjusted_final_layer_score);
  findings.equal("mean_score_multiplier", found.mean_score_multiplier, expected.mean_score_multiplier);
  findings.equal("mean_compute_utilization", found.mean_compute_utilization, expected.mean_compute_utilization);
  findings.equal("mean_effective_compute", found.mean_effective_compute, expected.mean_effective_compute);
  findings.equal("n_failed_mlps", found.n_failed_mlps, expected.n_failed_mlps);
  findings.equal("per_layer_mse: layers", found.per_layer_mse.size(), expected.per_layer_mse.size());
  for (std::size_t i = 0; i < std::min(found.per_layer_mse.size(), expected.per_layer_mse.size()); ++i) {
    findings.equal(fmt::format("per_layer_mse[{}]", i), found.per_layer_mse[i], expected.per_layer_mse[i]);
  }
  findings.equal("failure_breakdown: budget_exhausted", found.failures.budget_exhausted,
                 expected.failures.budget_exhausted);
  findings.equal("failure_breakdown: time_exhausted", found.failures.time_exhausted, expected.failures.time_exhausted);
  findings.equal("failure_breakdown: residual_wall_time_exhausted", found.failures.residual_wall_time_exhausted,
                 expected.failures.residual_wall_time_exhausted);
  findings.equal("failure_breakdown: combined_budget_exhausted", found.failures.combined_budget_exhausted,
                 expected.failures.combined_budget_exhausted);
  findings.equal("failure_breakdown: error", found.failures.error, expected.failures.error);
  if (report.is_ours) findings.equal("flops_only_score", found.flops_only_score, expected.flops_only_score);
}

}  // namespace

std::vector<std::string> verify(const RunReport& report) {
  Findings findings;
  if (report.networks.empty()) return {"per_mlp is empty"};
  if (report.complete && (!report.config.details || report.config.details->range.empty())) {
    findings.equal("number of networks", static_cast<std::int64_t>(report.networks.size()), report.config.n_mlps);
  }
  for (const NetworkScore& score : report.networks) check_network(findings, report, score);
  check_aggregates(findings, report);
  check_merged(findings, report);
  check_audits(findings, report);
  if (report.estimator) check_breakdown(findings, "breakdowns.estimator", *report.estimator);
  if (report.sampling) check_breakdown(findings, "breakdowns.sampling", *report.sampling);
  return findings.take();
}

}  // namespace whest::report
