// SPDX-License-Identifier: MIT
// Summaries of what was spent: as data, and as the text that participants read.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <whest/flopscope/budget/context.hpp>

namespace flopscope {

struct OperationTotals {
  std::string name;
  std::int64_t flop_cost = 0, calls = 0;
  double backend_s = 0, overhead_s = 0;
};

struct NamespaceTotals {
  std::optional<std::string> name;  // null: outside every namespace
  std::int64_t flops_used = 0, calls = 0;
  double backend_s = 0, overhead_s = 0;
  std::vector<OperationTotals> operations;  // in order of first appearance
};

struct Summary {
  double flop_budget = 0, flops_remaining = 0;
  std::int64_t flops_used = 0;
  std::string label;                        // the current namespace, shown in the header; empty: none
  std::vector<OperationTotals> operations;  // in order of first appearance
  std::vector<NamespaceTotals> by_namespace;
  std::optional<double> wall_s, residual_s;
  double backend_s = 0, overhead_s = 0;
};

Summary summarize(const BudgetContext& context);
// Of several budgets together FLOPs may pass the counter, which then stays at its end.
inline void add_flops(std::int64_t& sum, std::int64_t more) {
  if (__builtin_add_overflow(sum, more, &sum)) sum = std::numeric_limits<std::int64_t>::max();
}
// Adds the log from a record on to the totals (operations and namespaces).
void add_records(Summary& summary, const BudgetContext& context, std::size_t first_record);

// The text of BudgetContext.summary(): totals, (by namespace), by operation, times; most expensive first.
std::string summary_text(const Summary& summary, bool by_namespace);

}  // namespace flopscope
