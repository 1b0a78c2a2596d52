// SPDX-License-Identifier: MIT
#include <algorithm>
#include <whest/contest/breakdown.hpp>

namespace whest::contest {

namespace {

// The entry of that name, made when it is not there yet.
template <class Reading>
Reading& entry(std::vector<Reading>& readings, const std::string& name) {
  const auto found = std::find_if(readings.begin(), readings.end(), [&](const Reading& r) { return r.name == name; });
  if (found != readings.end()) return *found;
  readings.emplace_back();
  readings.back().name = name;
  return readings.back();
}

void add_operations(std::vector<runner::OperationReading>& sums, const std::vector<runner::OperationReading>& parts) {
  for (const runner::OperationReading& operation : parts) {
    runner::OperationReading& total = entry(sums, operation.name);
    total.flop_cost += operation.flop_cost;
    total.calls += operation.calls;
    total.backend_s += operation.backend_s;
    total.overhead_s += operation.overhead_s;
  }
}

void add_namespace(runner::NamespaceReading& sum, const runner::NamespaceReading& part) {
  sum.flops_used += part.flops_used;
  sum.calls += part.calls;
  sum.backend_s += part.backend_s;
  sum.overhead_s += part.overhead_s;
  add_operations(sum.operations, part.operations);
}

void name_namespaces(std::vector<runner::NamespaceReading>& by_namespace, std::string_view root,
                     std::string_view unlabeled) {
  for (runner::NamespaceReading& space : by_namespace) {
    space.name = std::string(root) + "." + (space.name.empty() ? std::string(unlabeled) : space.name);
  }
}

constexpr std::string_view k_estimator = "estimator", k_unlabeled = "estimator-client";

}  // namespace

Breakdown breakdown_of(const runner::MeterReading& reading, std::string_view root, std::string_view unlabeled) {
  Breakdown breakdown{.flop_budget = reading.flop_budget,
                      .flops_used = reading.flops_used,
                      .wall_s = reading.wall_s,
                      .backend_s = reading.backend_s,
                      .overhead_s = reading.overhead_s,
                      .residual_s = reading.residual_s,
                      .by_namespace = reading.by_namespace,
                      .time_source = {}};
  name_namespaces(breakdown.by_namespace, root, unlabeled);
  return breakdown;
}

Breakdown estimator_breakdown(const runner::MeterReading& reading) {
  return breakdown_of(reading, k_estimator, k_unlabeled);
}

std::optional<runner::AuditReading> estimator_audit(const runner::MeterReading& reading) {
  std::optional<runner::AuditReading> audit = reading.audit;
  if (audit) name_namespaces(audit->by_namespace, k_estimator, k_unlabeled);
  return audit;
}

std::optional<runner::AuditReading> merge_audits(std::span<const std::optional<runner::AuditReading>> parts) {
  std::optional<runner::AuditReading> sum;
  for (const std::optional<runner::AuditReading>& part : parts) {
    if (!part) continue;
    if (!sum) sum.emplace().cost_model = part->cost_model;
    sum->flops_used += part->flops_used;
    for (const runner::NamespaceReading& space : part->by_namespace) {
      add_namespace(entry(sum->by_namespace, space.name), space);
    }
    add_operations(sum->refused, part->refused);
  }
  return sum;
}

void add_to(Breakdown& sum, const Breakdown& part) {
  sum.flop_budget += part.flop_budget;
  sum.flops_used += part.flops_used;
  sum.wall_s += part.wall_s;
  sum.backend_s += part.backend_s;
  sum.overhead_s += part.overhead_s;
  sum.residual_s += part.residual_s;
  for (const runner::NamespaceReading& space : part.by_namespace) {
    add_namespace(entry(sum.by_namespace, space.name), space);
  }
  if (sum.time_source.empty()) sum.time_source = part.time_source;
}

std::optional<Breakdown> merge(std::span<const std::optional<Breakdown>> parts) {
  std::optional<Breakdown> sum;
  for (const std::optional<Breakdown>& part : parts) {
    if (!part) continue;
    if (!sum) sum.emplace();
    add_to(*sum, *part);
  }
  return sum;
}

}  // namespace whest::contest
