// SPDX-License-Identifier: MIT
// Where FLOPs and time went, by namespace and operation: of one network, or of a whole run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <whest/runner/runner.hpp>

namespace whest::contest {

struct Breakdown {
  std::int64_t flop_budget = 0;
  std::int64_t flops_used = 0;
  double wall_s = 0.0;
  double backend_s = 0.0;
  double overhead_s = 0.0;
  double residual_s = 0.0;
  std::vector<runner::NamespaceReading> by_namespace;  // full names, in the order of their first charge
  std::string time_source;                             // "bake" where the times are not this run's; mostly empty

  std::int64_t flops_remaining() const { return flop_budget - flops_used; }
};

// A meter's reading as a breakdown; its namespaces become "<root>.<name>", the unlabeled one "<root>.<unlabeled>".
Breakdown breakdown_of(const runner::MeterReading& reading, std::string_view root, std::string_view unlabeled);

// An estimator's: "estimator.<name>" or "estimator.estimator-client".
Breakdown estimator_breakdown(const runner::MeterReading& reading);

// What a reading's audit says, its namespaces named as estimator_breakdown names them.
std::optional<runner::AuditReading> estimator_audit(const runner::MeterReading& reading);

// The sum of those that are there, in order; nothing when none is.
std::optional<runner::AuditReading> merge_audits(std::span<const std::optional<runner::AuditReading>> parts);

// Adds everything of `part` to `sum`: budgets, FLOPs, times, namespaces and operations by name.
void add_to(Breakdown& sum, const Breakdown& part);

// The sum of those that are there, in order; nothing when none is.
std::optional<Breakdown> merge(std::span<const std::optional<Breakdown>> parts);

}  // namespace whest::contest
