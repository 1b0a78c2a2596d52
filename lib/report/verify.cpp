// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <whest/contest/data.hpp>
#include <whest/contest/round.hpp>
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
  // Not `difference > tolerance`: a NaN must fail. Above a second the tolerance grows with the sum, as rounding does.
  void near(const std::string& what, double found, double expected) {
    if (!(std::fabs(found - expected) <= k_time_tolerance_s * std::max(1.0, std::fabs(expected)))) {
      m_list.push_back(fmt::format("{} is {}, expected {} within 1e-9", what, found, expected));
    }
  }
  void within(const std::string& what, std::int64_t found, std::int64_t first, std::int64_t last) {
    if (found < first || found > last)
      m_list.push_back(fmt::format("{} is {}, expected {} to {}", what, found, first, last));
  }
  // Errors, scores, times: in JSON a null stands for what was not finite.
  void finite_from_zero(const std::string& what, double found) {
    if (!std::isfinite(found)) {
      m_list.push_back(fmt::format("{} is null or not finite, expected a number of at least 0", what));
    } else if (found < 0.0) {
      m_list.push_back(fmt::format("{} is {}, expected a number of at least 0", what, found));
    }
  }
  void fault(const std::string& what, const char* expected) {
    m_list.push_back(fmt::format("{}, expected {}", what, expected));
  }
  bool none() const { return m_list.empty(); }
  void at_most(const std::string& what, double found, double limit) {
    if (!(found <= limit + k_time_tolerance_s)) {
      m_list.push_back(fmt::format("{} is {}, expected at most {}", what, found, limit));
    }
  }
  std::vector<std::string> take() { return std::move(m_list); }

 private:
  std::vector<std::string> m_list;
};

// The position in `per_mlp`: what a reader of the file looks for.
std::string place(std::size_t position) { return fmt::format("per_mlp[{}]", position); }

// A sum that stays at the largest number instead of running over: what is read may be anything.
void add(std::int64_t& sum, std::int64_t term) {
  if (__builtin_add_overflow(sum, term, &sum)) sum = std::numeric_limits<std::int64_t>::max();
}

void check_namespace(Findings& findings, const std::string& where, const runner::NamespaceReading& space) {
  std::int64_t flops = 0, calls = 0;
  double backend_s = 0.0, overhead_s = 0.0;
  for (const runner::OperationReading& operation : space.operations) {
    add(flops, operation.flop_cost);
    add(calls, operation.calls);
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
    add(flops, space.flops_used);
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
      add(in_namespace, operation.flop_cost);
      add(calls, operation.calls);
    }
    findings.equal(where + ", " + space.name + ": flops_used", space.flops_used, in_namespace);
    findings.equal(where + ", " + space.name + ": calls", space.calls, calls);
    add(flops, space.flops_used);
  }
  findings.equal(where + ": flops_used", audit.flops_used, flops);
}

void check_audits(Findings& findings, const RunReport& report) {
  std::vector<std::optional<runner::AuditReading>> parts;
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    const NetworkScore& score = report.networks[i];
    parts.push_back(score.audit);
    if (score.audit) check_audit(findings, place(i) + ".breakdowns.estimator_audit", *score.audit);
  }
  const std::optional<runner::AuditReading> sum = contest::merge_audits(parts);
  const std::string where = "breakdowns.estimator_audit";
  findings.equal(where + ": present", report.estimator_audit.has_value(), sum.has_value());
  if (!sum || !report.estimator_audit) return;
  check_audit(findings, where, *report.estimator_audit);
  findings.equal(where + ": flops_used", report.estimator_audit->flops_used, sum->flops_used);
}

// Whether the list can be one of this run's networks: each at most once, none from outside, all where it is complete.
void check_list(Findings& findings, const RunReport& report) {
  contest::IndexRange range{0, report.config.n_mlps - 1};
  if (report.config.details && !report.config.details->range.empty()) {
    const auto part = contest::parse_range(report.config.details->range, report.config.n_mlps);
    if (part) range = *part;
    if (!part)
      findings.fault(fmt::format("run_config.range is '{}'", report.config.details->range), "A-B in the suite");
  }
  std::map<std::int64_t, std::size_t> positions;
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    const std::int64_t index = report.networks[i].mlp_index;
    findings.within(place(i) + ": mlp_index", index, range.first, range.last);
    const auto [first, is_new] = positions.try_emplace(index, i);
    if (!is_new) {
      findings.fault(fmt::format("{}: mlp_index is {}, as in {}", place(i), index, place(first->second)),
                     "every network once");
    }
  }
  if (report.complete) {
    findings.equal("number of networks", static_cast<std::int64_t>(report.networks.size()),
                   range.last - range.first + 1);
  }
}

// Figures that no run can have, whatever the others are. Behind this check every sum below is one of real numbers.
void check_figures(Findings& findings, const RunReport& report, const NetworkScore& score, const std::string& where) {
  findings.equal(where + ": number of layers in per_layer_mse",
                 static_cast<std::int64_t>(score.errors.per_layer_mse.size()), report.config.depth);
  findings.within(where + ": flops_used", score.flops_used, 0, contest::k_max_flop_budget);
  const std::pair<const char*, double> figures[] = {{"final_layer_mse", score.errors.final_layer_mse},
                                                    {"all_layers_mse", score.errors.all_layers_mse},
                                                    {"adjusted_final_layer_score", score.adjusted_final_layer_score},
                                                    {"effective_compute", score.effective_compute},
                                                    {"wall_time_s", score.wall_s},
                                                    {"flopscope_backend_time_s", score.backend_s},
                                                    {"flopscope_overhead_time_s", score.overhead_s},
                                                    {"residual_wall_time_s", score.residual_s},
                                                    {"residual_cpu_time_s", score.residual_cpu_s},
                                                    {"mse_noise_floor", score.mse_noise_floor.value_or(0.0)}};
  for (const auto& [name, value] : figures) findings.finite_from_zero(fmt::format("{}: {}", where, name), value);
  for (std::size_t i = 0; i < score.errors.per_layer_mse.size(); ++i) {
    findings.finite_from_zero(fmt::format("{}: per_layer_mse[{}]", where, i), score.errors.per_layer_mse[i]);
  }
  if (report.is_ours) findings.finite_from_zero(where + ": flops_only_score", score.flops_only_score);
}

void check_network(Findings& findings, const RunReport& report, const NetworkScore& score, const std::string& where) {
  const bool error = score.outcome_class() == OutcomeClass::error;
  findings.near(where + ": wall_time_s", score.wall_s, score.backend_s + score.overhead_s + score.residual_s);
  const double compute =
      error ? 0.0 : static_cast<double>(score.flops_used) + report.config.lambda() * score.priced_residual_s();
  findings.equal(where + ": effective_compute", score.effective_compute, compute);
  const double used = compute / static_cast<double>(report.config.flop_budget);
  const double multiplier = score.failed() ? 1.0 : std::max(contest::k_multiplier_floor, used);
  findings.equal(where + ": adjusted_final_layer_score", score.adjusted_final_layer_score,
                 score.errors.final_layer_mse * multiplier);
  if (!score.errors.per_layer_mse.empty()) {
    findings.equal(where + ": final_layer_mse", score.errors.final_layer_mse, score.errors.per_layer_mse.back());
  }
  if (report.is_ours && score.outcome == Outcome::success) {
    const double flops_share = static_cast<double>(score.flops_used) / static_cast<double>(report.config.flop_budget);
    findings.equal(where + ": flops_only_score", score.flops_only_score,
                   score.errors.final_layer_mse * std::max(contest::k_multiplier_floor, flops_share));
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

// The noise floor of the run is the mean of the networks'.
void check_truth(Findings& findings, const RunReport& report) {
  if (!report.ground_truth) return;
  double sum = 0.0;
  for (const NetworkScore& score : report.networks) {
    if (!score.mse_noise_floor) return;
    sum += *score.mse_noise_floor;
  }
  const double floor = sum / static_cast<double>(report.networks.size());
  findings.equal("ground_truth.mse_noise_floor", report.ground_truth->mse_noise_floor, floor);
  findings.equal("ground_truth.final_layer_standard_error", report.ground_truth->final_layer_standard_error,
                 std::sqrt(floor));
}

}  // namespace

std::vector<std::string> verify(const RunReport& report) {
  Findings findings;
  if (report.networks.empty()) return {"per_mlp is empty"};
  check_list(findings, report);
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    check_figures(findings, report, report.networks[i], place(i));
  }
  // What is computed from impossible figures would only hide them.
  if (!findings.none()) return findings.take();
  for (std::size_t i = 0; i < report.networks.size(); ++i) {
    check_network(findings, report, report.networks[i], place(i));
  }
  if (!findings.none()) return findings.take();
  check_aggregates(findings, report);
  check_merged(findings, report);
  check_audits(findings, report);
  check_truth(findings, report);
  if (report.estimator) check_breakdown(findings, "breakdowns.estimator", *report.estimator);
  if (report.sampling) check_breakdown(findings, "breakdowns.sampling", *report.sampling);
  return findings.take();
}

}  // namespace whest::report
